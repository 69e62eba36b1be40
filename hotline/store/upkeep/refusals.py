"""How often requests that seem to be the carrier's own were refused, why, and when last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from hotline.model import Channel
from hotline.store.database import Tx, rows
from hotline.store.database.tables import contacts, messages, refusals
from hotline.store.traffic.messages import Direction


@dataclass(frozen=True, slots=True)
class RefusalCount:
    """So many, the last one then (UTC)."""

    cause: str
    times: int
    at: datetime


def add(tx: Tx, cause: str, count: int, now: datetime) -> None:
    """So many more."""
    if not rows.add_if_new(tx, refusals, {"cause": cause, "times": count, "at": now}):
        more = {"times": refusals.c.times + count, "at": now}
        rows.change(tx, refusals, [refusals.c.cause == cause], more)


def every(tx: Tx) -> list[RefusalCount]:
    """All that there ever were, by cause."""
    found = rows.many(tx, select(refusals).order_by(refusals.c.cause))
    return [RefusalCount(one.cause, one.times, one.at) for one in found]


def last_taken(tx: Tx) -> datetime | None:
    """When a request of the carrier's that began something was last taken (UTC): a call that came in, or a text."""
    called = select(func.max(contacts.c.opened_at)).where(
        contacts.c.channel == Channel.VOICE.value, contacts.c.outbound.is_(False)
    )
    texted = select(func.max(messages.c.at)).where(messages.c.direction == Direction.IN.value)
    found = [tx.execute(one).scalar() for one in (called, texted)]
    return max((at for at in found if at is not None), default=None)
