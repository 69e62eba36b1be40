"""SQLite's file on another machine's disk is refused: its locks don't reach that far."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.settings.elsewhere.network_folders import kind_of_network

_MOUNTS = """\
21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
40 21 0:40 / /srv/shared rw - nfs4 files:/hotline rw,vers=4.2
41 40 8:2 / /srv/shared/mine rw - xfs /dev/sdb1 rw
42 21 0:42 / /srv/with\\040space rw - cifs //files/hotline rw
43 21 0:43 / /home/me/far rw shared:5 - fuse.sshfs me@files:/ rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/hotline/hotline.db", None),
        ("/srv/shared/hotline.db", "nfs4"),
        ("/srv/shared/deep/down/hotline.db", "nfs4"),
        ("/srv/sharedness/hotline.db", None),
        ("/srv/shared/mine/hotline.db", None),
        ("/srv/with space/hotline.db", "cifs"),
        ("/home/me/far/hotline.db", "sshfs"),
    ],
)
def test_the_nearest_mount_tells(tmp_path: Path, path: str, kind: str | None) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(_MOUNTS)
    assert kind_of_network(Path(path), mounts) == kind


def test_where_it_can_t_be_known_nothing_is_refused(tmp_path: Path) -> None:
    assert kind_of_network(Path("/srv/shared/hotline.db"), tmp_path / "none") is None
