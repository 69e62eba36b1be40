"""What one transaction holds on PostgreSQL so that nobody else decides about it meanwhile: rooms, numbers, codes.

Whoever holds one room and waits for another could wait for somebody who waits for them. So there is one order: a
transaction waits only for what comes after everything that it holds, and only while it has written nothing, for rows
that are written are held, too. What it wants out of turn it has at once or not at all: then it is undone, and run again
with all that it wanted held from the beginning, in the order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

from sqlalchemy import BigInteger, Connection, bindparam, func, select

from hotline.store.database.failures import OutOfTurn

_WAIT = select(func.pg_advisory_xact_lock(bindparam("key", type_=BigInteger)))
_TRY = select(func.pg_try_advisory_xact_lock(bindparam("key", type_=BigInteger)))


@dataclass(slots=True)
class RoomsHeld:
    """The rooms, numbers and people's codes that are held."""

    each: dict[str, int] = field(default_factory=dict)
    """What is held, with its place in the order."""
    rows: bool = False
    """Whether rows may be held, too: since something was written."""

    def __contains__(self, what: str) -> bool:
        return what in self.each

    def all_of(self, connection: Connection, several: Iterable[str]) -> None:
        """Hold all of these, in the order; for a transaction that holds nothing yet."""
        for what in in_order(several):
            self.add(connection, what)

    def add(self, connection: Connection, what: str) -> None:
        """Hold this, too. Raises OutOfTurn if others hold it, and waiting for them is not allowed."""
        place = _place(what)
        waits = not self.rows and all(place > held for held in self.each.values())
        if not connection.execute(_WAIT if waits else _TRY, {"key": place}).scalar() and not waits:
            raise OutOfTurn(frozenset({*self.each, what}))
        self.each[what] = place


def in_order(several: Iterable[str]) -> list[str]:
    """What is to be held together, in the one order."""
    return sorted(set(several), key=_place)


def _place(what: str) -> int:
    """Where it stands in the order, and the number that PostgreSQL holds it by."""
    return int.from_bytes(blake2b(what.encode(), digest_size=8).digest(), signed=True)
