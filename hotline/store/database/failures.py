"""What may go wrong with the database, in four words, none of which says whom it was about.

A driver's own text may quote the row that failed; ours quote the statement's code and its skeleton only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import exc


class StoreError(Exception):
    """The root of what this floor raises on purpose."""


class Unavailable(StoreError):
    """The database can't take or give anything now: locked, unreachable, full or not migrated.

    When it comes from the commit, nobody knows whether the change was kept: promise nothing, and ask again.
    """


class Moved(Unavailable):
    """The server that we were connected to takes nothing any more: it is stopped, or another one writes now.

    Nothing was kept, for it happened before the commit. On a new connection it may do.
    """


class Contended(Unavailable):
    """Others were in the way, or seemed to be, until the time was over. The database itself answers.

    Nothing was kept. If nobody else was there, the change itself saves a row twice: a fault of ours.
    """


class Newer(StoreError):
    """A later version of Hotline has changed the database: this one can't know what it holds."""


class Stale(StoreError):
    """Somebody else changed what was read, or is about to. Start again from the beginning."""


class OutOfTurn(Stale):
    """Others hold what is wanted beside what is held already; waiting for it could be waiting for each other.

    Started again, `Database.transact` holds all of it from the beginning, in the one order.
    """

    def __init__(self, wanted: frozenset[str]) -> None:
        super().__init__("others hold what is wanted beside what is held")
        self.wanted = wanted


class SavedTwice(Stale):
    """This very transaction has saved the row already since it was read: a fault of ours, which running it again
    hardly ever cures."""


class Duplicate(StoreError):
    """Something that may be there only once is there already. Look it up, or start again."""


class Refused(StoreError):
    """The database refused a statement for its form or content: a fault of ours, not of the moment."""


_UNIQUE = {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
_CONFLICT = {"40001", "40P01", "55P03"}
"""Serialization failure, deadlock, a row that others hold: all is undone, and may simply be tried again."""
ELSEWHERE = frozenset({"25006", "0A000", "57P01", "57P02", "57P03"})
"""Read only, no serializable transactions here (as a standby says), and three ways to be shut down: said to whoever
writes, it is the connection that is of no use any more."""
_NOT_MIGRATED = {"42P01", "42703"}


@dataclass(slots=True)
class CommitProgress:
    """How far a transaction has come: before its commit was asked for, nothing of it was kept."""

    committing: bool = False


@contextmanager
def translated(progress: CommitProgress | None = None) -> Iterator[None]:
    """Turns the database's failures inside the block into ours, and drops the driver's words."""
    try:
        yield
    except exc.DBAPIError as error:
        raise _ours(error, certain=progress is not None and not progress.committing) from None
    except exc.TimeoutError:
        raise Unavailable("no database connection became free in time") from None


def _ours(error: exc.DBAPIError, *, certain: bool) -> StoreError:
    """`certain`: nothing was kept."""
    code = _code(error)
    if certain and (code in ELSEWHERE or error.connection_invalidated):
        return Moved(code)
    if code in _UNIQUE:
        return Duplicate(code)
    if code in _CONFLICT:
        return Stale(code)
    refused = (exc.IntegrityError, exc.DataError, exc.ProgrammingError, exc.NotSupportedError)
    if isinstance(error, refused) and code not in _NOT_MIGRATED:
        return Refused(f"{code}: {error.statement}")
    return Unavailable(code)


def _code(error: exc.DBAPIError) -> str:
    """SQLSTATE or SQLite's own name for what happened; else the name of the driver's class."""
    for attribute in ("sqlstate", "sqlite_errorname"):
        if found := getattr(error.orig, attribute, None):
            return str(found)
    return type(error.orig).__name__
