"""What the provider reported of each call, whatever the order in which the reports came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import case, select

from hotline.carrier_words import CallEnd
from hotline.model import ContactId, PageId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import calls_seen


@dataclass(frozen=True, slots=True)
class CallSeen:
    """One call. `at` (UTC) is when it was last heard of."""

    call_sid: str
    contact_id: ContactId | None
    page_id: PageId | None
    last_sequence: int
    """The highest sequence number reported; -1 before the first report."""
    final_status: CallEnd | None
    """How it ended, as soon as any report said so; never replaced."""
    at: datetime
    asked_at: datetime | None = None
    """When the carrier was last asked how it stands (UTC)."""


def get(tx: Tx, call_sid: str) -> CallSeen | None:
    """What is known of this call, or None."""
    found = rows.one(tx, select(calls_seen).where(calls_seen.c.call_sid == call_sid))
    if found is None:
        return None
    end = CallEnd(found.final_status) if found.final_status else None
    return CallSeen(**{**found._mapping, "final_status": end})


def report(tx: Tx, call_sid: str, sequence: int, final_status: CallEnd | None, now: datetime) -> bool:
    """Note a report; whether it is news: it is newer than all others, or the first to say how it ended.

    `final_status` is None unless the reported status ends a call. After an end nothing is news.
    """
    _known(tx, call_sid, now)
    last = calls_seen.c.last_sequence
    news = [calls_seen.c.call_sid == call_sid, calls_seen.c.final_status.is_(None)]
    if final_status is None:
        news.append(last < sequence)
    highest = case((last < sequence, sequence), else_=last)
    values = {"last_sequence": highest, "final_status": final_status, "at": now}
    return rows.change(tx, calls_seen, news, values) == 1


def asked(tx: Tx, call_sid: str, last_sign: datetime, now: datetime) -> None:
    """Note that the carrier is asked how this call stands, of which nothing was heard since `last_sign`."""
    values = {"call_sid": call_sid, "last_sequence": -1, "at": last_sign, "asked_at": now}
    if not rows.add_if_new(tx, calls_seen, values):
        rows.change(tx, calls_seen, [calls_seen.c.call_sid == call_sid], {"asked_at": now})


DOUBTED: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Instead of the time of a question: one is to be asked now."""


def doubt(tx: Tx, call_sid: str) -> None:
    """This call may be over, though nobody has said so: the carrier is to be asked at once."""
    values = {"call_sid": call_sid, "last_sequence": -1, "at": DOUBTED, "asked_at": DOUBTED}
    if not rows.add_if_new(tx, calls_seen, values):
        rows.change(tx, calls_seen, [calls_seen.c.call_sid == call_sid], {"asked_at": DOUBTED})


def heard(tx: Tx, call_sid: str, now: datetime) -> None:
    """Note that this call runs, as the carrier says."""
    rows.change(tx, calls_seen, [calls_seen.c.call_sid == call_sid], {"at": now})


def over(tx: Tx, call_sid: str, now: datetime) -> None:
    """Note that this call is over, as the carrier says; no later report of it is news."""
    report(tx, call_sid, -1, CallEnd.COMPLETED, now)


def _known(tx: Tx, call_sid: str, now: datetime) -> CallSeen:
    rows.add_if_new(tx, calls_seen, {"call_sid": call_sid, "last_sequence": -1, "at": now})
    return get(tx, call_sid) or CallSeen(call_sid, None, None, -1, None, now)
