"""What the provider reported of each call, whatever the order in which the reports came."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import bindparam, case, update

from hotline.carrier_words import CallEnd
from hotline.store.database import Tx, rows
from hotline.store.database.tables import calls_seen

_LAST: Final = calls_seen.c.last_sequence
_SEQUENCE: Final = bindparam("sequence", type_=_LAST.type)
_ENDS: Final = (
    update(calls_seen)
    .where(calls_seen.c.call_sid == bindparam("sid"), calls_seen.c.final_status.is_(None))
    .values(
        last_sequence=case((_LAST < _SEQUENCE, _SEQUENCE), else_=_LAST),
        final_status=bindparam("ended"),
        at=bindparam("now"),
    )
)
_GOES_ON: Final = _ENDS.where(_LAST < _SEQUENCE)


def report(tx: Tx, call_sid: str, sequence: int, final_status: CallEnd | None, now: datetime) -> bool:
    """Note a report; whether it is news: it is newer than all others, or the first to say how it ended.

    `final_status` is None unless the reported status ends a call. After an end nothing is news.
    """
    rows.add_if_new(tx, calls_seen, {"call_sid": call_sid, "last_sequence": -1, "at": now})
    statement = _GOES_ON if final_status is None else _ENDS
    given = {"sid": call_sid, "sequence": sequence, "ended": final_status, "now": now}
    return rows.change_by(tx, calls_seen, statement, given) == 1


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
