"""Which counts are hidden in what leaves the house: small ones, and others, so that none can be worked out. Pure.

Theory of operation
-------------------
A count from 1 to 4 may point at a person, and is hidden. Whoever knows the sum of its row, or of its column, could
subtract the others and have it; so others are hidden with it, under the same mark, until no hidden count is certain.
We take it that all sums of columns are known, though none is printed: other tables of the same calls tell them (by
hour, by language), unless the sum itself is small, for then each part of it is hidden everywhere; in a table of one
row the sums are the counts themselves. The sum of a row is known if the row has a cell for it.

Whether a hidden count is certain: the hidden counts could be other numbers, with the same sums, if somewhere in the
table as much can be added as is taken away. That is a circle through rows and columns which goes up in one hidden cell
and down in the next (down only where something is there to take). A cell that is on no such circle is certain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

FEWEST: Final = 5
"""Smaller counts, but for 0, are hidden. The customary floor for health figures: the Centers for Medicare and Medicaid
Services hide 1 to 10, most state health departments, Massachusetts' among them, 1 to 4."""
_OUTSIDE: Final = ("outside", 0)
Cell = tuple[int, int]
_Node = tuple[str, int]


def hidden(counts: Sequence[Sequence[int]], total: int | None = None) -> frozenset[Cell]:
    """The cells (row, column) to hide in this table of counts. `total`: the column that holds the sum of its row."""
    whole = {(r, c): n for r, row in enumerate(counts) for c, n in enumerate(row)}
    gone = {cell for cell, n in whole.items() if 0 < n < FEWEST}
    while True:
        certain = [cell for cell in sorted(gone) if not _could_differ(cell, gone, whole, total)]
        more = _beside(certain, gone, whole)
        if more is None:
            return frozenset(gone)
        gone.add(more)


def _beside(certain: Sequence[Cell], gone: set[Cell], whole: dict[Cell, int]) -> Cell | None:
    """What to hide beside cells that are certain: the smallest count of a row or a column that hides no other one; if
    there is none, of the table, and a 0 last."""
    shown = [one for one in whole if one not in gone and whole[one]]

    def smallest(some: Iterable[Cell]) -> Cell | None:
        return min(some, key=lambda one: (whole[one], one), default=None)

    for cell in certain:
        for side in (0, 1):
            alone = sum(one[side] == cell[side] for one in gone) < 2
            found = smallest(one for one in shown if one[side] == cell[side]) if alone else None
            if found is not None:
                return found
    if not certain:
        return None
    return smallest(shown) or smallest(one for one in whole if one not in gone)


def _could_differ(cell: Cell, gone: set[Cell], whole: dict[Cell, int], total: int | None) -> bool:
    row, column = ("row", cell[0]), ("column", cell[1])
    ways = _ways(gone, whole, total, but=cell)
    # The cell alone could go up, if from its column there is a way back to its row; or down, the other way round.
    up = _leads(ways, column, row) if cell[1] != total else _leads(ways, row, column)
    down = _leads(ways, row, column) if cell[1] != total else _leads(ways, column, row)
    return up or (down and whole[cell] > 0)


def _ways(gone: set[Cell], whole: dict[Cell, int], total: int | None, but: Cell) -> dict[_Node, set[_Node]]:
    """From a row to a column: where that cell can go up, and the next in the column must go down; and back."""
    ways: defaultdict[_Node, set[_Node]] = defaultdict(set)
    sums: defaultdict[int, int] = defaultdict(int)
    for (_, c), n in whole.items():
        sums[c] += n
    for cell in gone - {but}:
        row, column = ("row", cell[0]), ("column", cell[1])
        up, down = (row, column), (column, row)
        if cell[1] == total:  # the sum of a row goes the other way than its parts
            up, down = down, up
        ways[up[0]].add(up[1])
        if whole[cell] > 0:
            ways[down[0]].add(down[1])
    for node in _unknown_sums(whole, sums, total):
        ways[node].add(_OUTSIDE)
        ways[_OUTSIDE].add(node)
    return ways


def _unknown_sums(whole: dict[Cell, int], sums: dict[int, int], total: int | None) -> Iterator[_Node]:
    if total is None:
        yield from {("row", r) for r, _ in whole}
    alone = len({r for r, _ in whole}) == 1
    yield from (("column", c) for c, n in sums.items() if alone or 0 < n < FEWEST)


def _leads(ways: dict[_Node, set[_Node]], start: _Node, end: _Node) -> bool:
    seen, ahead = {start}, [start]
    while ahead:
        for one in ways.get(ahead.pop(), set()) - seen:
            if one == end:
                return True
            seen.add(one)
            ahead.append(one)
    return False
