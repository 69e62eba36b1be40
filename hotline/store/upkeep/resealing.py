"""Sealing everything anew under the newest key, bound to its row, while the system runs.

Each batch is one short transaction. A row is changed only if its sealed texts are still the ones that were opened, so
that nobody's change is lost; whatever was changed meanwhile was sealed with the newest key by whoever changed it. What
is done is seen from the rows themselves: being killed and starting again costs nothing but a look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Select, Table, and_, delete, func, or_, select, tuple_

from hotline.lettering import folded_name
from hotline.store.cases.timeline import key_of_line
from hotline.store.database import Tx, Unsealable, rows
from hotline.store.database.sealed import key_of
from hotline.store.database.tables import LOOKUP, NAME, PHONE, SEALED, callers, canary, metadata, timeline

_NAMED: Final = 11
"""Letters at a text's beginning that hold its key's name, in either form."""
BATCH: Final = 200
"""Rows in one transaction: some 20 ms, so that no caller waits for it."""
Key = tuple[Any, ...]
Found = rows.Found


@dataclass(frozen=True, slots=True)
class Resealed:
    """What one batch did, and where the next one begins; `last` is None at the end of the table."""

    resealed: int
    last: Key | None
    unreadable: int = 0
    """Rows that no key on the ring opens: they stay as they are."""


def tables() -> list[Table]:
    """Those that hold anything sealed; callers first, while their numbers are still found elsewhere by the old hash."""
    found = [table for table in metadata.sorted_tables if _sealed(table) and table is not canary]
    return sorted(found, key=lambda table: table is not callers)


def waiting(tx: Tx) -> int:
    """How many rows are still to be sealed anew."""
    counts = [select(func.count()).select_from(table).where(_stale(tx, table)) for table in tables()]
    return sum(tx.execute(count).scalar_one() for count in counts)


def by_key(tx: Tx) -> dict[str, int]:
    """How many sealed texts there are under each key, by its public name."""
    found: Counter[str] = Counter()
    for table in metadata.sorted_tables:
        for column in _sealed(table):
            begins = func.substr(column, 1, _NAMED)
            counts = select(begins.label("begins"), func.count().label("texts")).where(column.is_not(None))
            for one in rows.many(tx, counts.group_by(begins)):
                found[key_of(one.begins)] += one.texts
    return dict(found)


def batch(tx: Tx, after: Key | None, table: Table) -> Resealed:
    """Seal the next rows of a table anew."""
    key = list(table.primary_key.columns)
    query: Select[Any] = select(table).where(_stale(tx, table)).order_by(*key).limit(BATCH)
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*after))
    found = rows.many(tx, query)
    outcomes = [_reseal(tx, table, row) for row in found]
    last = tuple(getattr(found[-1], column.name) for column in key) if len(found) == BATCH else None
    return Resealed(outcomes.count(True), last, outcomes.count(None))


def _stale(tx: Tx, table: Table) -> rows.Condition:
    mark = tx.keys.mark
    sealed = [and_(column.is_not(None), ~column.startswith(mark)) for column in _sealed(table)]
    if table is callers:
        sealed.append(callers.c.number.is_(None))
    return or_(*sealed)


def _reseal(tx: Tx, table: Table, row: Found) -> bool | None:
    """Whether it was sealed anew: False if somebody was quicker, None if it can't be opened."""
    try:
        if table is callers:
            return _reseal_caller(tx, row)
        values = dict(_anew(tx, table, row))
    except Unsealable:
        return None
    return rows.change(tx, table, unchanged(table, row), values) == 1


def _anew(tx: Tx, table: Table, row: Found) -> Iterator[tuple[str, str]]:
    opened: dict[str, str] = {}
    bound = row_key_of(table, row)
    for column in _sealed(table):
        token = getattr(row, column.name)
        if token is not None:
            where = f"{table.name}.{column.name}"
            opened[column.name] = tx.keys.open(token, where, bound)
            yield column.name, tx.keys.seal(opened[column.name], where, bound)
    for column in table.columns:
        of, space = column.info.get(LOOKUP, (None, None))
        if of in opened:
            yield column.name, tx.keys.lookup(_looked_up(opened[of], space), space)


def _looked_up(value: str, space: str) -> str:
    return folded_name(value) if space == NAME else value


def _reseal_caller(tx: Tx, row: Found) -> bool | None:
    """What is remembered of a number moves under its new look-up, which is its key."""
    number = _number_of(tx, row)
    if number is None:
        return None
    lookup = tx.keys.lookup(number, PHONE)
    values = {
        **row._mapping,
        "number_lookup": lookup,
        "number": tx.keys.seal(number, "callers.number", lookup),
    }
    if lookup != row.number_lookup and _is_there(tx, lookup):
        # Both were kept for a moment, under two keys: who opted out under either has opted out.
        wishes = {"opted_out_at": row.opted_out_at, "no_calls_at": row.no_calls_at}
        opted = {wish: at for wish, at in wishes.items() if at}
        if opted:
            rows.change(tx, callers, [callers.c.number_lookup == lookup], opted)
        return tx.execute(delete(callers).where(*unchanged(callers, row))).rowcount == 1
    return rows.change(tx, callers, unchanged(callers, row), values) == 1


def _number_of(tx: Tx, row: Found) -> str | None:
    """The number of a caller: sealed beside it, or else found where it was looked up by the same hash."""
    if row.number is not None:
        return tx.keys.open(row.number, "callers.number", row.number_lookup)
    for table in metadata.sorted_tables:
        for lookup in table.columns:
            of, space = lookup.info.get(LOOKUP, (None, None))
            if space != PHONE or table is callers:
                continue
            query = select(table).where(lookup == row.number_lookup).limit(1)
            found = tx.execute(query).first()
            if found is not None:
                token = getattr(found, of)
                return tx.keys.open(token, f"{table.name}.{of}", row_key_of(table, found))
    return None


def _is_there(tx: Tx, lookup: str) -> bool:
    query = select(callers.c.version).where(callers.c.number_lookup == lookup)
    return tx.execute(query).first() is not None


def _sealed(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column.info.get(SEALED)]


def row_key_of(table: Table, row: Found) -> str:
    """What the sealed texts of a row are bound to: its key, as whoever sealed them has said it."""
    if table is timeline:
        return key_of_line(row)
    return rows.row_key(*(getattr(row, column.name) for column in table.primary_key.columns))


def unchanged(table: Table, row: Found) -> list[rows.Condition]:
    columns = [*table.primary_key.columns, *_sealed(table)]
    return [column.is_not_distinct_from(getattr(row, column.name)) for column in columns]
