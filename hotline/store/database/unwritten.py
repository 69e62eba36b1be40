"""What a transaction has decided and not yet written: each table at once, when it is asked about or at the end.

A row that is added and changed, or changed several times, is written one time; rows of one table leave together. A
transaction sees all that it has done: before a statement reads or changes a table, what waits for it is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Insert, Table, Update, bindparam, insert, update
from sqlalchemy.sql.visitors import ExternallyTraversible, iterate

from hotline.store.database.failures import SavedTwice, Stale
from hotline.store.database.tables import metadata

_TABLES, _KEY, _VERSION = "_hotline_tables", "key_", "version_before"
_ORDER = {table.name: place for place, table in enumerate(metadata.sorted_tables)}
"""Parents before their children."""
_PARENTS = {
    table.name: frozenset(key.column.table.name for key in table.foreign_keys)
    for table in metadata.tables.values()
}
Key = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Row:
    """A row with a version: new (`before` is None), or changed since it had the version `before`."""

    before: int | None
    values: dict[str, object]


@dataclass(slots=True, repr=False)
class Unwritten:
    """The writes that wait."""

    lines: dict[str, list[Mapping[str, object]]] = field(default_factory=dict)
    """New rows that nobody changes in this transaction, by table."""
    rows: dict[str, dict[Key, _Row]] = field(default_factory=dict)

    def add(self, table: Table, values: Mapping[str, object]) -> None:
        """A new row."""
        key = _own_key(table, values)
        if key is None:
            self.lines.setdefault(table.name, []).append(values)
        else:
            self.rows.setdefault(table.name, {})[key] = _Row(None, dict(values))

    def save(self, table: Table, key: Mapping[str, str], version: int, values: Mapping[str, object]) -> None:
        """The row's next version, `version + 1`. Raises SavedTwice if it has another one here."""
        which = tuple(key.items())
        waiting = self.rows.setdefault(table.name, {})
        known = waiting.get(which)
        if known is None:
            waiting[which] = _Row(version, {**values, "version": version + 1})
            return
        if known.values["version"] != version:
            raise SavedTwice(table.name)
        known.values.update(values, version=version + 1)

    def concerns(self, statement: object) -> set[str]:
        """The tables with something waiting that this statement reads or changes."""
        if not (self.lines or self.rows):
            return set()
        waiting = self.lines.keys() | self.rows.keys()
        return waiting & tables_of(statement) if isinstance(statement, ExternallyTraversible) else waiting

    def write(self, connection: Connection, tables: Iterable[str] | None = None) -> None:
        """Write what waits for these tables and for those that they refer to (None: everything).

        Raises Duplicate, or Stale if anybody else has saved one of the rows meanwhile.
        """
        waiting = self.lines.keys() | self.rows.keys()
        wanted = waiting if tables is None else waiting & _with_parents(tables)
        for name in sorted(wanted, key=_ORDER.__getitem__):
            self._write(connection, metadata.tables[name])

    def _write(self, connection: Connection, table: Table) -> None:
        lines = self.lines.pop(table.name, [])
        rows = self.rows.pop(table.name, {})
        new = [*lines, *(row.values for row in rows.values() if row.before is None)]
        for alike in _alike(new):
            connection.execute(_insert(table), alike if len(alike) > 1 else alike[0])
        changed = [(key, row) for key, row in sorted(rows.items()) if row.before is not None]
        given = [
            {**row.values, **{f"{_KEY}{name}": value for name, value in key}, f"{_KEY}{_VERSION}": row.before}
            for key, row in changed
        ]
        for alike in _alike(given):
            names = tuple(name.removeprefix(_KEY) for name in alike[0] if name.startswith(_KEY))
            statement = _checked_update(table, names[:-1])
            if connection.execute(statement, alike if len(alike) > 1 else alike[0]).rowcount != len(alike):
                raise Stale(table.name)


def tables_of(statement: Any) -> frozenset[str]:
    """Every table that a statement reads or changes."""
    known: frozenset[str] | None = getattr(statement, _TABLES, None)
    if known is None:
        parts = list(iterate(statement))
        tables = {one.name for one in parts if isinstance(one, Table)}
        tables |= {
            one.table.name for one in parts if isinstance(one, Column) and isinstance(one.table, Table)
        }
        known = frozenset(tables)
        setattr(statement, _TABLES, known)
    return known


def _own_key(table: Table, values: Mapping[str, object]) -> Key | None:
    """What a row that may be changed is found by; None for what is only ever added."""
    if "version" not in table.c:
        return None
    return tuple((column.name, str(values[column.name])) for column in table.primary_key)


def _with_parents(tables: Iterable[str]) -> set[str]:
    wanted = set(tables)
    return wanted.union(*(_PARENTS[name] for name in wanted))


def _alike(rows: Iterable[Mapping[str, object]]) -> list[list[Mapping[str, object]]]:
    """Rows with the same columns, together: each is one statement."""
    by_columns: dict[tuple[str, ...], list[Mapping[str, object]]] = defaultdict(list)
    for row in rows:
        by_columns[tuple(row)].append(row)
    return list(by_columns.values())


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@cache
def _checked_update(table: Table, key: tuple[str, ...]) -> Update:
    """Put together once: building a statement costs more than running it."""
    held = [table.c[name] == bindparam(f"{_KEY}{name}") for name in key]
    return update(table).where(table.c.version == bindparam(f"{_KEY}{_VERSION}"), *held)
