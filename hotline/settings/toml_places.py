"""Where in a TOML file something is written, for whoever must mend it; the parser keeps no lines."""

from __future__ import annotations

import re
from typing import Final

_HEADER: Final = re.compile(r"^\s*\[\[\s*([A-Za-z0-9_-]+)\s*\]\]")
_PLAIN_HEADER: Final = re.compile(r"^\s*\[\s*([A-Za-z0-9_-]+)\s*\]")
_ANY_HEADER: Final = re.compile(r"^\s*\[")


def line_in_table(text: str, table: str, key: str) -> int | None:
    """The line (from 1) of this key in the table of this name; None if it doesn't stand there as such."""
    written = re.compile(rf'^\s*"?{re.escape(key)}"?\s*=')
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        if _ANY_HEADER.match(line):
            found = _PLAIN_HEADER.match(line)
            inside = found is not None and found[1] == table
        elif inside and written.match(line):
            return number
    return None


def line_of(text: str, table: str, position: int | None, key: str | None) -> int | None:
    """The line (from 1) of this key in the table of this name and place (from 0), else of the table's header.

    None if neither stands there as such: inline, say, or in quotes.
    """
    written = re.compile(rf'^\s*"?{re.escape(key)}"?\s*=') if key else None
    header: int | None = None
    count = -1
    for number, line in enumerate(text.splitlines(), start=1):
        found = _HEADER.match(line)
        if found is not None:
            count += found[1] == table
            inside = found[1] == table and count == (position or 0)
            if header is not None and not inside and not found[1].startswith(f"{table}."):
                return header
            header = number if inside else header
        elif header is not None and _ANY_HEADER.match(line) and written is None:
            return header
        elif header is not None and written is not None and written.match(line):
            return number
    return header
