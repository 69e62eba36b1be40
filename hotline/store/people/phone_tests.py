"""Test pages: whether a member of staff could be reached, when somebody asked for it and when a shift began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hotline.model import EscalationId, KeptWord, StaffId, as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.tables import phone_tests


class TrialKind(KeptWord):
    """What a test is for."""

    ASKED = "asked"
    SHIFT = "shift"
    """At the beginning of a shift."""


class Result(KeptWord):
    """What came of it."""

    KEY = "key"
    """A human pressed 1 on a call to their phone."""
    CODE = "code"
    """Its code came back by text: their texts arrive. Whether a call would reach them is not known."""
    AT_WORK = "at work"
    """They took a call of ours meanwhile."""
    CANNOT = "cannot"
    """They say that they can't work."""
    UNANSWERED = "unanswered"
    UNVERIFIED = "unverified"
    """Nothing was sent: nobody knows whose phone that is."""
    NOT_ASKED = "not asked"
    """The centre tests nobody when shifts begin."""


REACHED = frozenset({Result.KEY, Result.CODE, Result.AT_WORK})


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneTest:
    """A test page. All times are UTC."""

    id: str
    staff_id: StaffId
    kind: TrialKind
    escalation_id: EscalationId | None
    begun_at: datetime
    ended_at: datetime | None = None
    result: Result | None = None
    shift_starts: datetime | None = None
    shift_ends: datetime | None = None
    """As it was planned when it began."""
    watched: bool = False
    """Something may follow from it still: at once, or when the shift ends."""
    dealt_at: datetime | None = None
    """When whoever must know was told that they could not be reached."""


def add_if_new(tx: Tx, one: PhoneTest) -> bool:
    """Write it down; False if there is one with this id."""
    tx.board_changed = True
    return rows.add_if_new(tx, phone_tests, {"id": one.id, **_values(one)})


def save(tx: Tx, one: PhoneTest) -> None:
    """Keep what became of it."""
    rows.change(tx, phone_tests, [phone_tests.c.id == one.id], _values(one))
    tx.board_changed = True


def of_escalation(tx: Tx, escalation_id: EscalationId) -> PhoneTest | None:
    """The one for which these pages are, or None."""
    return _one(tx, phone_tests.c.escalation_id == escalation_id)


def running(tx: Tx, person: StaffId) -> PhoneTest | None:
    """The one that isn't over, or None."""
    return _one(tx, phone_tests.c.staff_id == person, phone_tests.c.ended_at.is_(None))


def watched(tx: Tx) -> list[PhoneTest]:
    """Those from which something may follow still, the oldest first."""
    query = select(phone_tests).where(phone_tests.c.watched.is_(True)).order_by(phone_tests.c.begun_at)
    return [_of_row(found) for found in rows.many(tx, query)]


def since(tx: Tx, at: datetime) -> list[PhoneTest]:
    """All that began since then, the oldest first."""
    query = select(phone_tests).where(phone_tests.c.begun_at >= at).order_by(phone_tests.c.begun_at)
    return [_of_row(found) for found in rows.many(tx, query)]


def _one(tx: Tx, *where: rows.Condition) -> PhoneTest | None:
    query = select(phone_tests).where(*where).order_by(phone_tests.c.begun_at.desc()).limit(1)
    found = rows.one(tx, query)
    return None if found is None else _of_row(found)


def _values(one: PhoneTest) -> dict[str, object]:
    return {
        "staff_id": one.staff_id,
        "kind": one.kind.value,
        "escalation_id": one.escalation_id,
        "begun_at": one.begun_at,
        "ended_at": one.ended_at,
        "result": one.result.value if one.result is not None else None,
        "shift_starts_at": one.shift_starts,
        "shift_ends_at": one.shift_ends,
        "watched": one.watched,
        "dealt_at": one.dealt_at,
    }


def _of_row(found: rows.Found) -> PhoneTest:
    return PhoneTest(
        id=found.id,
        staff_id=StaffId(found.staff_id),
        kind=as_kept(TrialKind, found.kind),
        escalation_id=EscalationId(found.escalation_id) if found.escalation_id else None,
        begun_at=found.begun_at,
        ended_at=found.ended_at,
        result=as_kept(Result, found.result) if found.result is not None else None,
        shift_starts=found.shift_starts_at,
        shift_ends=found.shift_ends_at,
        watched=found.watched,
        dealt_at=found.dealt_at,
    )
