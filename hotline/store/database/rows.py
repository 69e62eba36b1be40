"""What every noun does with its rows: add, load, save if nobody else did, seal and open. Reading locks nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import (
    ColumnElement,
    Insert,
    Row,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    null,
    select,
    update,
)
from sqlalchemy import cast as as_type
from sqlalchemy.dialects import postgresql, sqlite

from hotline.model import PhoneNumber, leniently
from hotline.store.database.failures import OutOfTurn
from hotline.store.database.holds import in_order
from hotline.store.database.tables import PHONE
from hotline.store.database.transactions import Tx

T = TypeVar("T")
Found = Row[Any]
Condition = ColumnElement[bool]
Query = Select[Any]


def add(tx: Tx, table: Table, values: Mapping[str, object]) -> None:
    """Insert, with the transaction's other rows of this table. Raises Duplicate (at the latest when the transaction
    ends) for what may be there only once."""
    forget(tx, table)
    tx.unwritten.add(table, values)
    _at_once_if_reading(tx)
    _keep(tx, table, values)


def add_all(tx: Tx, table: Table, values: Sequence[Mapping[str, object]]) -> None:
    """`add` for many rows."""
    for one in values:
        add(tx, table, one)


def _at_once_if_reading(tx: Tx) -> None:
    """Whoever only reads is told at once that nothing can be changed."""
    if not tx.writing:
        tx.unwritten.write(tx.connection)


def add_if_new(tx: Tx, table: Table, values: Mapping[str, object]) -> bool:
    """Insert unless something unique in it is there already; whether it was inserted."""
    forget(tx, table)
    return tx.execute(_add_if_new(table, tx.connection.dialect.name), values).rowcount == 1


def save(tx: Tx, table: Table, key: Mapping[str, str], version: int, values: Mapping[str, object]) -> int:
    """Update the row that still has `version`, once for all that this transaction changes of it; the new version.

    Raises Stale (at the latest when the transaction ends) if it has another one.
    """
    forget(tx, table)
    tx.unwritten.save(table, key, version, values)
    _at_once_if_reading(tx)
    now = version + 1
    if tuple(key) == ("id",):
        before = tx.found.get((table.name, key["id"]))
        _keep(tx, table, {**(vars(before) if before else {}), **key, **values, "version": now})
    return now


def save_all(
    tx: Tx, table: Table, each: Sequence[tuple[Mapping[str, str], int, Mapping[str, object]]]
) -> None:
    """`save` for many rows: of each its key, version and values."""
    for key, version, values in each:
        save(tx, table, key, version, values)


def _keep(tx: Tx, table: Table, values: Mapping[str, object]) -> None:
    """What was written is what would be read, if all of it is known."""
    if "id" in values:
        which = table.name, str(values["id"])
        tx.found.pop(which, None)
        if values.keys() >= set(table.c.keys()):
            tx.found[which] = SimpleNamespace(**values)


def by_id(tx: Tx, table: Table, row_id: str) -> Found | None:
    """The row with this id, or None; read once, and not again after it was written here."""
    known = tx.found.get((table.name, row_id))
    if known is None:
        row = tx.execute(_by_id(table), {"id": row_id}).first()
        if row is None:
            return None
        known = tx.found[table.name, row_id] = SimpleNamespace(**row._mapping)
    return cast("Found", known)


def keep(tx: Tx, table: Table, found: Found) -> None:
    """A whole row that was found otherwise than by its id need not be asked for by that."""
    if (table.name, found.id) not in tx.found:
        values = {column.name: getattr(found, column.name) for column in table.c}
        tx.found[table.name, found.id] = SimpleNamespace(**values)


def prefixed(table: Table, prefix: str) -> list[ColumnElement[Any]]:
    """Its columns, with this before their names: for a statement that finds rows of several tables."""
    return [column.label(f"{prefix}{column.name}") for column in table.c]


def nothing(table: Table, prefix: str) -> list[ColumnElement[Any]]:
    """The same columns, empty: for the parts of such a statement in which there is no row of this table."""
    return [as_type(null(), column.type).label(f"{prefix}{column.name}") for column in table.c]


def part(found: Found, table: Table, prefix: str) -> Found | None:
    """The row of this table in what such a statement has found; None if there is none."""
    values = {column.name: getattr(found, f"{prefix}{column.name}") for column in table.c}
    return cast("Found", SimpleNamespace(**values)) if values["id"] is not None else None


def parts(found: Sequence[Found], table: Table, prefix: str) -> list[Found]:
    """Each of them once: joined with several of another table it is found several times."""
    each = [one for one in (part(line, table, prefix) for line in found) if one is not None]
    return list({one.id: one for one in each}.values())


def once(tx: Tx, tables: Sequence[Table], what: object, read: Callable[[], T]) -> T:
    """What `read` finds in these tables and no others; not asked again until this transaction changes one of them."""
    known = tx.known.get(tuple(table.name for table in tables), {})
    if what in known:
        found: T = known[what]
        return found
    found = read()
    # Put down afterwards: reading may have waited for a lock, and then what was known before it is forgotten.
    remember(tx, tables, what, found)
    return found


def known(tx: Tx, tables: Sequence[Table], what: object) -> Any:
    """What `remember` was told, if this transaction has changed none of these tables since; or None."""
    return tx.known.get(tuple(table.name for table in tables), {}).get(what)


def remember(tx: Tx, tables: Sequence[Table], what: object, found: object) -> None:
    """Keep what was read from these tables and no others, until this transaction changes one of them."""
    tx.known.setdefault(tuple(table.name for table in tables), {})[what] = found


def forget(tx: Tx, table: Table) -> None:
    """What was read from this table may not be so any more."""
    for tables in [one for one in tx.known if table.name in one]:
        del tx.known[tables]


def change(tx: Tx, table: Table, where: Sequence[ColumnElement[bool]], values: Mapping[str, object]) -> int:
    """Update whatever matches `where`; how many rows did."""
    return change_by(tx, table, update(table).where(*where).values(**values))


def change_by(tx: Tx, table: Table, statement: Update, given: Mapping[str, object] | None = None) -> int:
    """`change` by a statement that was put together once, with what it is given now; how many rows it changed."""
    forget(tx, table)
    for one in [one for one in tx.found if one[0] == table.name]:
        del tx.found[one]
    return tx.execute(statement, given).rowcount


def drop(tx: Tx, table: Table, *where: ColumnElement[bool]) -> int:
    """Delete whatever matches `where`; how many rows did."""
    forget(tx, table)
    for one in [one for one in tx.found if one[0] == table.name]:
        del tx.found[one]
    return tx.execute(delete(table).where(*where)).rowcount


def one(tx: Tx, query: Select[Any], given: Mapping[str, object] | None = None) -> Found | None:
    """The first row, or None; `given` as for `many`."""
    return tx.execute(query, given).first()


def many(tx: Tx, query: Select[Any], given: Mapping[str, object] | None = None) -> Sequence[Found]:
    """All rows; `given`: what is asked for now, by a query that was put together once."""
    return tx.execute(query, given).all()


def hold(tx: Tx, what: str) -> bool:
    """Let nobody else change what belongs to this room, or to this number, until the end; whether it is new to us.

    Everything that is decided about a caller is decided from several rows of one room: who is in it, what rings for it,
    what was promised. Each row's version tells of changes to that row alone, and what isn't there yet has no version:
    without this, two who leave a room could each see the other still in it, and two webhooks of one caller could each
    find no open callback. What was read before is forgotten, for it may have changed while we waited; but not what
    nobody holds, and is a moment old whenever it is read: the crew, and counts. SQLite has only one writer anyway.

    Whatever is held first, and in whatever order more is asked for, nobody ever waits for somebody who waits for them;
    see `holds`. Raises OutOfTurn.
    """
    if not holds(tx) or what in tx.held:
        return False
    tx.held.add(tx.connection, what)
    for tables in [one for one in tx.known if not _UNHELD.issuperset(one)]:
        del tx.known[tables]
    tx.found.clear()
    return True


def hold_all(tx: Tx, several: Collection[str]) -> None:
    """Hold all of these; see `hold`. Raises OutOfTurn, with all of them."""
    try:
        for what in in_order(several):
            hold(tx, what)
    except OutOfTurn as refused:
        raise OutOfTurn(refused.wanted.union(several)) from None


_UNHELD = frozenset({"staff", "schedules", "shift_changes", "policies"})


def holds(tx: Tx) -> bool:
    """Whether anything can be held: not where there is one writer at a time, nor by whoever only reads."""
    return tx.writing and tx.connection.dialect.name == "postgresql"


def settled(tx: Tx, read: Callable[[], Found | None]) -> Found | None:
    """What `read` finds, with its room held if we are writing; None if it finds nothing."""
    found = read()
    while found is not None and hold(tx, found.room):
        found = read()
    return found


def hold_number(tx: Tx, number: PhoneNumber) -> None:
    """Let nobody else look up this number in order to change things until the end."""
    hold(tx, tx.keys.lookup(number.e164, PHONE))


# --- statements that are put together once: building one costs more than running it -------------------------------


@cache
def _by_id(table: Table) -> Select[Any]:
    return select(table).where(table.c.id == bindparam("id"))


@cache
def _add_if_new(table: Table, database: str) -> Insert:
    dialect = postgresql if database == "postgresql" else sqlite
    # Without the option, SQLAlchemy lets go of an insert's cursor before its count was asked for.
    statement: Insert = dialect.insert(table).on_conflict_do_nothing()
    return statement.execution_options(preserve_rowcount=True)


# --- sealed columns -----------------------------------------------------------------------------------


def sealed(tx: Tx, value: str | None, where: str, row: str) -> str | None:
    """For a sealed column that may be empty, in the row with this key."""
    return None if value is None else tx.keys.seal(value, where, row)


def opened(tx: Tx, token: str | None, where: str, row: str) -> str | None:
    """The other way. Raises Unsealable."""
    return None if token is None else tx.keys.open(token, where, row)


def stamp(at: datetime) -> str:
    """A moment as part of a row's key: the same whatever its time zone was."""
    return at.astimezone(UTC).isoformat()


def sealed_number(tx: Tx, number: PhoneNumber | None, where: str, row: str) -> str | None:
    """A telephone number for a sealed column."""
    return sealed(tx, number.e164 if number else None, where, row)


def opened_number(tx: Tx, token: str | None, where: str, row: str) -> PhoneNumber | None:
    """The other way. Raises Unsealable."""
    return None if token is None else PhoneNumber(tx.keys.open(token, where, row))


def row_key(*parts: object) -> str:
    """What a sealed text in a row with this primary key is bound to."""
    return "\0".join("" if part is None else str(part) for part in parts)


def lookup(tx: Tx, number: PhoneNumber | None) -> str | None:
    """What a telephone number is found by, as it is stored from now on."""
    return None if number is None else tx.keys.lookup(number.e164, PHONE)


def has_number(tx: Tx, column: ColumnElement[Any], number: PhoneNumber) -> ColumnElement[bool]:
    """Whether `column` holds the look-up of `number` under any key on the ring."""
    return column.in_(tx.keys.lookups(number.e164, PHONE))


# --- values of our own in JSON ------------------------------------------------------------------------


def written(kind: TypeAdapter[T], value: T) -> str:
    """A value of ours as JSON."""
    return kind.dump_json(value).decode()


def read_as(kind: TypeAdapter[T], text: str) -> T:
    """The other way, for what is kept: words in it may be newer than this version. Raises pydantic's ValidationError
    for what is no JSON of this shape."""
    try:
        return kind.validate_json(text)
    except ValidationError:
        return leniently(lambda: kind.validate_json(text))
