"""Who told a system that was here before that they want no more calls or texts: what, when, and how they said it.

What follows from it is kept with what is remembered of the number (`callers`); this is the record of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select

from hotline.model import KeptWord, PhoneNumber, as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.tables import PHONE, brought_wishes

_NUMBER, _HOW = "brought_wishes.number", "brought_wishes.how"


class NoMore(KeptWord):
    """What somebody wants no more of."""

    TEXTS = "texts"
    CALLS = "calls"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class BroughtWish:
    """One time that somebody said so. Times are UTC."""

    id: str
    number: PhoneNumber = field(repr=False)
    what: NoMore
    said_at: datetime
    how: str = field(repr=False)
    """In the words of whoever kept the list: sealed."""
    brought_at: datetime


def add(tx: Tx, several: Iterable[BroughtWish]) -> None:
    """Keep these."""
    values = [
        {
            "id": one.id,
            "number": tx.keys.seal(one.number.e164, _NUMBER, one.id),
            "number_lookup": rows.lookup(tx, one.number),
            "what": one.what.value,
            "said_at": one.said_at,
            "how": tx.keys.seal(one.how, _HOW, one.id),
            "brought_at": one.brought_at,
        }
        for one in several
    ]
    if values:
        tx.execute(insert(brought_wishes), values)


def of_numbers(tx: Tx, numbers: Collection[PhoneNumber]) -> list[BroughtWish]:
    """Everything that whoever has one of these has said, the oldest first."""
    lookups = [lookup for number in numbers for lookup in tx.keys.lookups(number.e164, PHONE)]
    theirs = brought_wishes.c.number_lookup.in_(lookups)
    query = select(brought_wishes).where(theirs).order_by(brought_wishes.c.said_at, brought_wishes.c.id)
    return [_row(tx, found) for found in rows.many(tx, query)] if lookups else []


def _row(tx: Tx, found: rows.Found) -> BroughtWish:
    return BroughtWish(
        id=found.id,
        number=PhoneNumber(tx.keys.open(found.number, _NUMBER, found.id)),
        what=as_kept(NoMore, found.what),
        said_at=found.said_at,
        how=tx.keys.open(found.how, _HOW, found.id),
        brought_at=found.brought_at,
    )
