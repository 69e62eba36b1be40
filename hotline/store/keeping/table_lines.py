"""All tables at one moment, as lines of JSON, and back: the same from SQLite and PostgreSQL, and into either.

    {"hotline": 1, "revision": "0045", ...}        the beginning
    {"table": "contacts", "columns": ["id", ...]}  a table; then its rows, a list each
    {"file": "journal/1"}                          a file; then its parts in base64, a list of one each
    {"parts": 12}                                  the end of a table or of a file: how many lines it has
    {"end": 48}                                    the end of all: how many tables and files there are

What is sealed stays sealed: whoever reads this needs HOTLINE_DATA_KEY, too. Nothing is ever held but some lines.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, Final

from sqlalchemy import BigInteger, Connection, Table, column, make_url, select, text, type_coerce
from sqlalchemy import table as any_table

from hotline.store.database import UtcMicros, engines
from hotline.store.database.failures import translated
from hotline.store.database.tables import canary, metadata
from hotline.store.keeping.sealed_file import DamagedFile

FORM: Final = 1
_LONGEST: Final = 600.0
"""Seconds that one statement may take."""
_ROWS: Final = 500
_PART: Final = 48 * 1024
_LONGEST_LINE: Final = 64 * 1024 * 1024
_COUNTED: Final = {
    column.table.name: column.name
    for table in metadata.tables.values()
    for column in table.columns
    if column.autoincrement is True
}
"""Columns that the database counts up by itself, by their table."""
_FROM_HERE: Final = frozenset(
    {"beats", "pace", "sessions", "spent_challenges", "phone_codes", "sign_in_tries"}
)
"""What says something of one machine or of a sign-in that goes on: it would be wrong wherever it is put back."""


@dataclass(frozen=True, slots=True)
class BackupBeginning:
    """What a copy says of itself."""

    revision: str
    at: datetime
    """From then on nothing is in it (UTC)."""
    database: str
    """The kind that it was made of."""
    canary: str | None = field(repr=False)
    """A sealed text, by which the right HOTLINE_DATA_KEY is known."""


# --- out of a database -------------------------------------------------------------------------------------------


@contextmanager
def at_one_moment(url: str) -> Iterator[Connection]:
    """A transaction that sees the database as it is now, however long it takes, and holds up nobody.

    Raises Unavailable.
    """
    reading, _ = engines.create(make_url(url), _LONGEST)
    try:
        with translated(), reading.connect() as connection:
            engines.prepare(connection, _LONGEST)
            with connection.begin():
                yield connection
    finally:
        reading.dispose()


def lines(
    connection: Connection, revision: str, at: datetime, files: Iterable[tuple[str, BinaryIO]]
) -> Iterator[bytes]:
    """Everything: these files, each under its name, and all tables at `at` (UTC).

    Files whose content goes into the database were opened before the transaction began: then it is in the one or in
    the other.
    """
    token = connection.execute(select(canary.c.words)).scalar()
    begins = {
        "hotline": FORM,
        "revision": revision,
        "at": at.isoformat(),
        "database": connection.dialect.name,
        "canary": token,
    }
    yield _line(begins)
    number = 0
    for name, file in files:
        yield from _counted({"file": name}, _parts(file))
        number += 1
    tables = [one for one in metadata.sorted_tables if one.name not in _FROM_HERE]
    for table in tables:
        named = {"table": table.name, "columns": [one.name for one in table.columns]}
        yield from _counted(named, _rows(connection, table))
    yield _line({"end": number + len(tables)})


def _counted(named: dict[str, Any], parts: Iterable[list[Any]]) -> Iterator[bytes]:
    yield _line(named)
    number = 0
    for one in parts:
        yield _line(one)
        number += 1
    yield _line({"parts": number})


def _rows(connection: Connection, table: Table) -> Iterator[list[Any]]:
    columns = [
        type_coerce(one, BigInteger) if isinstance(one.type, UtcMicros) else one for one in table.columns
    ]
    streamed = connection.execution_options(stream_results=True, yield_per=_ROWS)
    for row in streamed.execute(select(*columns)):
        yield list(row)


def _parts(file: BinaryIO) -> Iterator[list[str]]:
    while part := file.read(_PART):
        yield [base64.b64encode(part).decode()]


def _line(what: object) -> bytes:
    return json.dumps(what, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def packed(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Smaller (gzip)."""
    packing = zlib.compressobj(6, wbits=31)
    for line in lines:
        if part := packing.compress(line):
            yield part
    yield packing.flush()


# --- back --------------------------------------------------------------------------------------------------------


def unpacked(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The lines again. Raises DamagedFile."""
    unpacking, held = zlib.decompressobj(wbits=31), bytearray()
    for part in parts:
        waiting = part
        while waiting:
            try:
                held += unpacking.decompress(waiting, _PART)
            except zlib.error:
                raise DamagedFile("what is in it was not written by us") from None
            waiting = unpacking.unconsumed_tail
            *whole, rest = held.split(b"\n")
            yield from map(bytes, whole)
            held = rest
            if len(held) > _LONGEST_LINE:
                raise DamagedFile("what is in it was not written by us")
    if held or not unpacking.eof:
        raise DamagedFile("its end is missing")


class BackupReading:
    """Goes through a copy, from its beginning to its end."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        """Raises DamagedFile if it doesn't begin as one of ours."""
        self._lines = map(_value, lines)
        self.beginning = _begun(next(self._lines, None))
        self.rows: dict[str, int] = {}
        """How many of each table were read."""

    def each(self) -> Iterator[tuple[dict[str, Any], Iterator[list[Any]]]]:
        """Every table and file by its first line, each with its rows or parts: to be read before the next one.

        Raises DamagedFile for whatever isn't complete.
        """
        for number, named in enumerate(self._lines):
            if named == {"end": number}:
                if next(self._lines, None) is not None:
                    raise DamagedFile("something follows its end")
                return
            if not isinstance(named, dict) or not named.keys() & {"table", "file"}:
                break
            yield named, self._its(named)
        raise DamagedFile("its end is missing")

    def _its(self, named: dict[str, Any]) -> Iterator[list[Any]]:
        number = 0
        for one in self._lines:
            if isinstance(one, list):
                number += 1
                yield one
            elif one == {"parts": number}:
                if "table" in named:
                    self.rows[str(named["table"])] = number
                return
            else:
                break
        raise DamagedFile("a part of it is missing")


def looked_through(lines: Iterable[bytes]) -> BackupReading:
    """All of it read, and found complete. Raises DamagedFile."""
    reading = BackupReading(lines)
    for _, parts in reading.each():
        for _ in parts:
            pass
    return reading


def put_back(connection: Connection, named: dict[str, Any], rows: Iterator[list[Any]]) -> None:
    """The rows of a table into the one that is there, which holds nothing then but these."""
    name, columns = str(named["table"]), list(map(str, named["columns"]))
    there = any_table(name, *map(column, columns))
    connection.execute(there.delete())
    while batch := [dict(zip(columns, row, strict=True)) for row in islice(rows, _ROWS)]:
        connection.execute(there.insert(), batch)
    if connection.dialect.name == "postgresql" and name in _COUNTED:
        connection.execute(_count_on(name, _COUNTED[name]))


def file_part(part: list[Any]) -> bytes:
    """A part of a file. Raises DamagedFile."""
    try:
        return base64.b64decode(str(part[0]), validate=True)
    except (binascii.Error, IndexError):
        raise DamagedFile("a file in it was not written by us") from None


def _count_on(name: str, counted: str) -> Any:
    """What the database counts up by itself goes on behind the highest number."""
    sequence = f"pg_get_serial_sequence('{name}', '{counted}')"
    highest = f"(SELECT max({counted}) FROM {name})"  # noqa: S608 - a table's name of ours
    return text(
        f"SELECT setval({sequence}, {highest}) WHERE {sequence} IS NOT NULL AND {highest} IS NOT NULL"
    )


def _value(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        raise DamagedFile("what is in it was not written by us") from None


def _begun(line: Any) -> BackupBeginning:
    match line:
        case {"hotline": 1, "revision": str(revision), "at": str(at), "database": str(kind), "canary": token}:
            return BackupBeginning(revision, datetime.fromisoformat(at), kind, token)
        case {"hotline": int()}:
            raise DamagedFile("a later version of Hotline has made it: install that version")
        case _:
            raise DamagedFile("what is in it was not written by us")
