"""What leaves the house: no count of one to four people can be read in it, or worked out from it."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.console.reports.suppression import FEWEST, hidden

Table = list[list[int]]


def with_totals(parts: Table) -> Table:
    """Each row with its sum behind it."""
    return [[*row, sum(row)] for row in parts]


def possible(table: Table, gone: frozenset[tuple[int, int]], most: int) -> dict[tuple[int, int], set[int]]:
    """Tried out: every number that each hidden cell could be, for whoever knows the sums of rows, and of columns unless
    they are small themselves."""
    cells = sorted(gone)
    width = len(table[0])
    found: dict[tuple[int, int], set[int]] = {cell: set() for cell in cells}
    parts = [cell for cell in cells if cell[1] < width - 1]
    sums = [sum(row[c] for row in table) for c in range(width)]
    for guess in product(range(most + 1), repeat=len(parts)):
        tried = [list(row) for row in table]
        for (r, c), n in zip(parts, guess, strict=True):
            tried[r][c] = n
        for r, row in enumerate(tried):
            whole = sum(row[:-1])
            if (r, width - 1) not in gone and whole != table[r][-1]:
                break
            row[-1] = whole
        else:
            known = [c for c in range(width) if len(table) > 1 and not 0 < sums[c] < FEWEST]
            if all(sum(row[c] for row in tried) == sums[c] for c in known):
                for cell in cells:
                    found[cell].add(tried[cell[0]][cell[1]])
    return found


def test_a_small_count_takes_others_with_it_so_that_no_sum_gives_it_away() -> None:
    """Of two rows: the cell, another of its row, and both of the other row."""
    table = with_totals([[3, 8, 20], [9, 12, 30]])
    gone = hidden(table, total=3)
    assert gone == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert all(len(numbers) > 1 for numbers in possible(table, gone, 12).values())


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    """No people, or five of them, are no secret."""
    assert hidden(with_totals([[0, 5], [70, 8]]), total=2) == frozenset()


def test_a_table_of_one_row_hides_its_small_counts() -> None:
    """And one beside them, for the sum of the row."""
    assert hidden([[3, 0, 17, 20]], total=3) == {(0, 0), (0, 2)}


def test_an_empty_table_hides_nothing() -> None:
    """It has nothing."""
    assert hidden([]) == frozenset()


@given(
    st.integers(1, 3).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 6), min_size=width, max_size=width), min_size=1, max_size=3
        )
    )
)
@settings(max_examples=100, deadline=None)
def test_no_hidden_count_of_one_to_four_is_certain(parts: Table) -> None:
    """Every number that fits is tried out."""
    table = with_totals(parts)
    gone = hidden(table, total=len(table[0]) - 1)
    small = {(r, c) for r, row in enumerate(table) for c, n in enumerate(row) if 0 < n < FEWEST}
    assert small <= gone
    if len([cell for cell in gone if cell[1] < len(table[0]) - 1]) <= 4:
        could_be = possible(table, gone, 8)
        assert [cell for cell in small if len(could_be[cell]) < 2] == []


@given(st.lists(st.lists(st.integers(0, 30), min_size=24, max_size=24), min_size=7, max_size=7))
@settings(max_examples=20, deadline=None)
def test_a_week_of_hours_is_done_in_no_time_and_shows_no_small_count(week: Table) -> None:
    """The largest table that there is."""
    gone = hidden(week)
    assert {(r, c) for r, row in enumerate(week) for c, n in enumerate(row) if 0 < n < FEWEST} <= gone
