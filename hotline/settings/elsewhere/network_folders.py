"""Folders that lie on another machine: several could write there at once, and SQLite's locks don't reach that far."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = frozenset(
    {
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "gfs2",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "smb3",
        "smbfs",
    }
)
_OCTAL = re.compile(r"\\(\d{3})")


def kind_of_network(path: Path, mounts: Path = _MOUNTS) -> str | None:
    """Of which kind the network folder is in which `path` is or would be; None for one on this machine, and where it
    can't be known. `mounts`: what is mounted, as Linux lists it."""
    listed = ""
    with suppress(OSError):
        listed = mounts.read_text(encoding="utf-8", errors="replace")
    where, kind = Path("/"), ""
    for line in listed.splitlines():
        before, separator, after = line.partition(" - ")
        if not separator or len(before.split()) < 5:
            continue
        point = Path(_OCTAL.sub(lambda found: chr(int(found[1], 8)), before.split()[4]))
        # What is mounted later over the same place hides what was there.
        if path.is_relative_to(point) and point.is_relative_to(where):
            where, kind = point, after.split()[0].removeprefix("fuse.")
    return kind if kind in _NETWORK or kind == "sshfs" else None
