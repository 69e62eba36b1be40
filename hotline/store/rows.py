"""What every noun does with its rows: add, load (and hold), save if nobody else did, seal and open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Insert,
    Row,
    Select,
    Table,
    Update,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from hotline.model import PhoneNumber
from hotline.store.database import Tx
from hotline.store.failures import Stale
from hotline.store.tables import PHONE

T = TypeVar("T")
Found = Row[Any]
Condition = ColumnElement[bool]
Query = Select[Any]


def add(tx: Tx, table: Table, values: Mapping[str, object]) -> None:
    """Insert. Raises Taken (at the latest when the transaction ends) for what may be there only once."""
    tx.connection.execute(_insert(table), values)


def add_if_new(tx: Tx, table: Table, values: Mapping[str, object]) -> bool:
    """Insert unless something unique in it is there already; whether it was inserted."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing()
    # Without the option, SQLAlchemy lets go of an insert's cursor before its count was asked for.
    counted = statement.execution_options(preserve_rowcount=True)
    return tx.connection.execute(counted).rowcount == 1


def save(tx: Tx, table: Table, key: Mapping[str, str], version: int, values: Mapping[str, object]) -> int:
    """Update the row that still has `version`; the new version. Raises Stale if it hasn't."""
    now = version + 1
    given = {**values, "version": now}
    statement = _checked_update(table, tuple(key))
    which = {f"{_KEY}{name}": value for name, value in key.items()}
    if tx.connection.execute(statement, {**given, **which, _VERSION: version}).rowcount != 1:
        raise Stale(table.name)
    return now


def by_id(tx: Tx, table: Table, row_id: str) -> Found | None:
    """The row with this id, or None. In a writing transaction it stays ours to change until the end."""
    return tx.connection.execute(_by_id(table, tx.writing), {"id": row_id}).first()


def change(tx: Tx, table: Table, where: Sequence[ColumnElement[bool]], values: Mapping[str, object]) -> int:
    """Update whatever matches `where`; how many rows did."""
    return tx.connection.execute(update(table).where(*where).values(**values)).rowcount


def one(tx: Tx, query: Select[Any]) -> Found | None:
    """The first row, or None. In a writing transaction it stays ours to change until the end."""
    if tx.writing:
        query = query.with_for_update(key_share=True)
    return tx.connection.execute(query).first()


def many(tx: Tx, query: Select[Any]) -> Sequence[Found]:
    """All rows, as they are now; none of them is held."""
    return tx.connection.execute(query).all()


def hold_number(tx: Tx, number: PhoneNumber) -> None:
    """Let nobody else look up this number in order to change things until the end.

    What isn't there yet can't be held as a row: without this, two webhooks of one caller could each find no
    open callback, and each open one. SQLite has only one writer anyway.
    """
    if tx.writing and tx.connection.dialect.name == "postgresql":
        key = int(tx.keys.lookup(number.e164, PHONE)[:15], 16)
        tx.connection.execute(select(func.pg_advisory_xact_lock(key)))


# --- statements that are put together once: building one costs more than running it -------------------------------

_KEY, _VERSION = "key_", "key_version_before"


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@cache
def _checked_update(table: Table, key: tuple[str, ...]) -> Update:
    held = [table.c[name] == bindparam(f"{_KEY}{name}") for name in key]
    return update(table).where(table.c.version == bindparam(_VERSION), *held)


@cache
def _by_id(table: Table, writing: bool) -> Select[Any]:
    query = select(table).where(table.c.id == bindparam("id"))
    return query.with_for_update(key_share=True) if writing else query


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
