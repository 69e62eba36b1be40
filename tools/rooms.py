"""`python -m tools.rooms`: how full the house is. Prints the worst; 1 if anything is worse than it may be."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from pathlib import Path
from typing import Final

HOUSE: Final = Path(__file__).parents[1] / "hotline"
AT_MOST: Final = 15
"""Modules of its own in one folder."""
FULL: Final = {
    "simulator": 46,
    "store": 47,
    "triage": 30,
    "console": 26,
    "telephony": 17,
    "store/migrations/versions": 99,
}
"""Folders that hold more, and how many at most: these may only become fewer. Migrations are a list."""
IMPORTS_P90: Final = 13
"""Modules of ours that nine in ten modules import at most; the aim is 8."""


def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name."""
    files = sorted(HOUSE.rglob("*.py"))
    return {".".join(file.relative_to(HOUSE.parent).with_suffix("").parts): file for file in files}


def imported(file: Path, known: set[str]) -> set[str]:
    """The modules of ours that this one names."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "hotline":
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in known else node.module)
    return found


def main() -> int:
    """Print what is fullest."""
    known = modules()
    held = Counter(
        str(file.parent.relative_to(HOUSE)) for file in known.values() if file.name != "__init__.py"
    )
    over = {room: n for room, n in held.items() if n > FULL.get(room, AT_MOST)}
    counts = sorted((len(imported(file, set(known))), name) for name, file in known.items())
    p90 = counts[len(counts) * 9 // 10][0]
    fullest = ", ".join(f"{room} {n}" for room, n in held.most_common(4))
    sys.stdout.write(
        f"fullest folders: {fullest}\n"
        f"modules of ours that one imports: p90 {p90}, most {counts[-1][0]} ({counts[-1][1]})\n"
    )
    for room, n in sorted(over.items()):
        sys.stderr.write(f"hotline/{room} holds {n} modules: make rooms of it\n")
    return 1 if over or p90 > IMPORTS_P90 else 0


if __name__ == "__main__":
    sys.exit(main())
