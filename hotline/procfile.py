"""The Procfile: which processes a running Hotline is made of."""

import re
from pathlib import Path

PROCFILE = Path(__file__).resolve().parent.parent / "Procfile"

_ENTRY = re.compile(r"(?P<name>[A-Za-z0-9_-]+):\s*(?P<command>\S.*)")


def read_procfile(path: Path = PROCFILE) -> dict[str, str]:
    """Shell commands by process name, in the file's order; lines that are no entries are passed over."""
    entries = map(_ENTRY.fullmatch, path.read_text(encoding="utf-8").splitlines())
    return {entry["name"]: entry["command"].strip() for entry in entries if entry}
