"""The Procfile: which processes a running Hotline is made of."""

import re
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
ROOT = _PACKAGE.parent
"""Where `hotline` and `workers` are imported from: the checkout, or the folder into which they were installed."""
PROCFILE = next(
    (file for file in (_PACKAGE / "Procfile", ROOT / "Procfile") if file.is_file()), ROOT / "Procfile"
)
"""An installed package carries its own; a checkout has it at the top."""

_ENTRY = re.compile(r"(?P<name>[A-Za-z0-9_-]+):\s*(?P<command>\S.*)")


def read_procfile(path: Path = PROCFILE) -> dict[str, str]:
    """Shell commands by process name, in the file's order; lines that are no entries are passed over."""
    entries = map(_ENTRY.fullmatch, path.read_text(encoding="utf-8").splitlines())
    return {entry["name"]: entry["command"].strip() for entry in entries if entry}
