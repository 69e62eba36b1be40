"""`python -m tools.rooms`: how full and tangled the house is. Prints the worst; 1 if anything is worse than it may be.

Counted are the modules of a folder, without those of the folders in it; what a module imports of ours, for types only
too, without the marks of texts; and circles of modules that import one another, of which there may be none.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

HOUSE: Final = Path(__file__).parents[1] / "hotline"
AT_MOST: Final = 15
"""Modules of its own in one folder."""
A_LIST: Final = {"store/migrations/versions"}
"""Exempt: each migration is there once for all, in the order of their numbers, and nobody looks for a place in it."""
IMPORTS_P90: Final = 12
"""Modules of ours that nine in ten modules import at most (docs/adr/0088)."""
MARKS: Final = {"hotline.worded", "hotline.console.language.speech"}
"""Not counted: they mark a text that has a translation, and stand wherever there are texts, as quotation marks do."""


def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name."""
    files = sorted(HOUSE.rglob("*.py"))
    return {".".join(_parts(file)): file for file in files}


def _parts(file: Path) -> tuple[str, ...]:
    parts = file.relative_to(HOUSE.parent).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def imported(name: str, file: Path, known: Mapping[str, Path]) -> set[str]:
    """The modules of ours that this one imports."""
    return {found for found in _named(name, file, known) if found != name}


def _named(name: str, file: Path, known: Mapping[str, Path]) -> Iterator[str]:
    package = name.split(".") if file.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name in known)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else []
            base = ".".join([*above, *(node.module or "").split(".")]).strip(".")
            for one in node.names:
                whole = f"{base}.{one.name}"
                if whole in known:
                    yield whole
                elif base in known:
                    yield base


def circle(imports: Mapping[str, set[str]]) -> list[str]:
    """Modules of which each imports the next, and the last the first; empty if there are none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as found:
        return list(reversed(found.args[1]))
    return []


def overfull(files: Iterable[Path]) -> dict[str, int]:
    """Folders, within the house, that hold more modules than one may, and how many."""
    return {room: n for room, n in _held(files).items() if n > AT_MOST}


def _held(files: Iterable[Path]) -> Counter[str]:
    rooms = (str(file.parent.relative_to(HOUSE)) for file in files if file.name != "__init__.py")
    return Counter(room for room in rooms if room not in A_LIST)


def main() -> int:
    """Print what is worst."""
    known = modules()
    over = overfull(known.values())
    imports = {name: imported(name, file, known) for name, file in known.items()}
    counts = sorted((len(found - MARKS), name) for name, found in imports.items())
    p90 = counts[len(counts) * 9 // 10][0]
    fullest = ", ".join(f"{room} {n}" for room, n in _held(known.values()).most_common(4))
    sys.stdout.write(
        f"fullest folders: {fullest}\n"
        f"modules of ours that one imports: p90 {p90}, most {counts[-1][0]} ({counts[-1][1]})\n"
    )
    for room, n in sorted(over.items()):
        sys.stderr.write(f"hotline/{room} holds {n} modules: make rooms of it\n")
    tangled = circle(imports)
    if tangled:
        sys.stderr.write(f"a circle of imports: {' -> '.join(tangled)}\n")
    return 1 if over or tangled or p90 > IMPORTS_P90 else 0


if __name__ == "__main__":
    sys.exit(main())
