"""Which numbers of ours people used, and how many of them came to a human. UTC."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from hotline.store.database import Tx, rows
from hotline.store.database.periods import Period
from hotline.store.database.tables import contacts
from hotline.store.reports.dispositions import Disposition, disposition_by
from hotline.store.reports.measures import NOT_STAFF, began_in


@dataclass(frozen=True, slots=True)
class NumberUsed:
    """What came in at one number of ours."""

    number: str
    """E.164; whatever service it came by."""
    human: int
    """Contacts that had come to a human by the end of the period: then, or since."""
    none: int
    """The others."""


def numbers_used(tx: Tx, period: Period) -> list[NumberUsed]:
    """Each number at which somebody called or wrote in the period."""
    found = (
        select(contacts.c.our_number, disposition_by(period.until).label("disposition"))
        .where(*began_in(period), contacts.c.outbound.is_(False), NOT_STAFF)
        .subquery()
    )
    human = found.c.disposition.in_([Disposition.LIVE.value, Disposition.LATER.value])
    query = select(
        found.c.our_number, func.count().label("every"), func.count().filter(human).label("human")
    ).group_by(found.c.our_number)
    every: Counter[str] = Counter()
    reached: Counter[str] = Counter()
    for one in rows.many(tx, query):
        number = one.our_number.rpartition(":")[2]
        every[number] += one.every
        reached[number] += one.human
    return [NumberUsed(one, reached[one], every[one] - reached[one]) for one in sorted(every)]
