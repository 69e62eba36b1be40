"""What is remembered of a number across contacts: opt-out, language, how often we replied.

The number itself is kept sealed, only so that it can be found again when the keys are changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select

from hotline.model import Language, PhoneNumber
from hotline.store import rows
from hotline.store.database import Tx
from hotline.store.tables import PHONE, callers

_NUMBER = "callers.number"


@dataclass(frozen=True, slots=True)
class Caller:
    """A number that has called or texted. All times are UTC."""

    lookup: str
    number: PhoneNumber = field(repr=False)
    opted_out_at: datetime | None = None
    language: Language | None = None
    replies: int = 0
    """Non-emergency text replies since `replies_since`."""
    replies_since: datetime | None = None
    version: int = 0
    """0: nothing is kept yet."""


def get(tx: Tx, number: PhoneNumber) -> Caller:
    """What is known of this number; an empty one if nothing is."""
    rows.hold_number(tx, number)
    query = (
        select(callers)
        .where(rows.has_number(tx, callers.c.number_lookup, number))
        .order_by(callers.c.version.desc())
        .limit(1)
    )
    found = rows.one(tx, query)
    if found is None:
        return Caller(tx.keys.lookup(number.e164, PHONE), number)
    return Caller(
        lookup=found.number_lookup,
        number=number,
        opted_out_at=found.opted_out_at,
        language=Language(found.language) if found.language else None,
        replies=found.replies,
        replies_since=found.replies_since,
        version=found.version,
    )


def save(tx: Tx, caller: Caller) -> Caller:
    """Keep what is known. Raises Stale, or Taken if somebody else kept it first: start again."""
    values = {
        "number": rows.sealed_number(tx, caller.number, _NUMBER, caller.lookup),
        "opted_out_at": caller.opted_out_at,
        "language": caller.language.value if caller.language else None,
        "replies": caller.replies,
        "replies_since": caller.replies_since,
    }
    if caller.version == 0:
        rows.add(tx, callers, {"number_lookup": caller.lookup, "version": 1, **values})
        return replace(caller, version=1)
    version = rows.save(tx, callers, {"number_lookup": caller.lookup}, caller.version, values)
    return replace(caller, version=version)
