"""Intakes that were booked in a talk, and whether people came; and who was sent elsewhere, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import select

from hotline.callbacks.follow_through import NotAdmittedReason
from hotline.model import CallbackId, ContactId, KeptWord, Outcome, StaffId, as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.tables import intakes, referrals

_PLACE: Final = "intakes.place"
_TO_WHOM: Final = "referrals.to_whom"
_WHY: Final = "referrals.why"


class IntakeState(KeptWord):
    """What became of an intake."""

    BOOKED = "booked"
    CAME = "came"
    MISSED = "missed"
    CANCELLED = "cancelled"
    """They have said that they won't come, or another way was found: nobody calls them."""
    UNSAID = "unsaid"
    """Nobody has said by the day after, and it became a callback."""
    TAKEN_BACK = "taken_back"
    """The outcome was corrected, or taken back."""


SAID: Final = (IntakeState.CAME, IntakeState.MISSED, IntakeState.CANCELLED)
"""What somebody has said of it, and may take back a moment later."""


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """One intake. Times are UTC."""

    id: str
    contact_id: ContactId
    callback_id: CallbackId | None
    asked_at: datetime
    """When they had asked for help."""
    booked_at: datetime
    booked_by: StaffId
    starts_at: datetime | None = None
    """None: nobody has said when it is."""
    place: str | None = field(default=None, repr=False)
    state: IntakeState = IntakeState.BOOKED
    due_at: datetime | None = None
    """When it becomes a callback, if nobody has said that they came; while it is booked."""
    marked_at: datetime | None = None
    marked_by: StaffId | None = None
    again: CallbackId | None = None
    """The callback that came of it."""
    version: int = 0


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """Who was found for somebody else's care, and why they weren't admitted. Times are UTC."""

    id: str
    contact_id: ContactId
    callback_id: CallbackId | None
    outcome: Outcome
    to_whom: str = field(repr=False)
    """Empty: nobody has said."""
    said_at: datetime
    said_by: StaffId
    reason: NotAdmittedReason | None = None
    why: str | None = field(default=None, repr=False)
    taken_back_at: datetime | None = None
    asked_of: StaffId | None = None
    """Who is to say to whom; while nobody has."""


def add(tx: Tx, row: IntakeRow) -> IntakeRow:
    """Keep a new one."""
    rows.add(tx, intakes, {"id": row.id, "version": 1, **_values(tx, row)})
    tx.board_changed = True
    return replace(row, version=1)


def save(tx: Tx, row: IntakeRow) -> IntakeRow:
    """Keep a change. Raises Stale."""
    version = rows.save(tx, intakes, {"id": row.id}, row.version, _values(tx, row))
    tx.board_changed = True
    return replace(row, version=version)


def get(tx: Tx, intake_id: str) -> IntakeRow | None:
    """The intake, or None."""
    found = rows.by_id(tx, intakes, intake_id)
    return of_row(tx, found) if found is not None else None


def of_talk(tx: Tx, contact_id: ContactId, callback_id: CallbackId | None) -> list[IntakeRow]:
    """The intakes that were booked in this talk and still stand."""
    query = select(intakes).where(
        intakes.c.contact_id == contact_id,
        intakes.c.callback_id.is_not_distinct_from(callback_id),
        intakes.c.state != IntakeState.TAKEN_BACK.value,
    )
    return [of_row(tx, found) for found in rows.many(tx, query.order_by(intakes.c.booked_at, intakes.c.id))]


def taken_back_at(
    tx: Tx, contact_id: ContactId, callback_id: CallbackId | None, at: datetime
) -> tuple[list[IntakeRow], list[str]]:
    """The intakes of this talk, and the referrals by their ids, that were taken back at that moment (UTC)."""
    booked = select(intakes).where(
        intakes.c.contact_id == contact_id,
        intakes.c.callback_id.is_not_distinct_from(callback_id),
        intakes.c.state == IntakeState.TAKEN_BACK.value,
        intakes.c.marked_at == at,
    )
    sent = select(referrals.c.id).where(
        referrals.c.contact_id == contact_id,
        referrals.c.callback_id.is_not_distinct_from(callback_id),
        referrals.c.taken_back_at == at,
    )
    found = rows.many(tx, booked.order_by(intakes.c.booked_at, intakes.c.id))
    return [of_row(tx, one) for one in found], [one.id for one in rows.many(tx, sent)]


def of_case(tx: Tx, contact_id: ContactId) -> tuple[list[IntakeRow], list[ReferralRow]]:
    """What still stands of what was booked and found in the talks that began with this contact."""
    theirs = select(intakes).where(
        intakes.c.contact_id == contact_id, intakes.c.state != IntakeState.TAKEN_BACK.value
    )
    found = [of_row(tx, one) for one in rows.many(tx, theirs.order_by(intakes.c.booked_at, intakes.c.id))]
    others = select(referrals).where(
        referrals.c.contact_id == contact_id, referrals.c.taken_back_at.is_(None)
    )
    return found, [
        referral_of_row(tx, one)
        for one in rows.many(tx, others.order_by(referrals.c.said_at, referrals.c.id))
    ]


def ids_of(tx: Tx, contacts: Collection[ContactId]) -> list[str]:
    """The ids of all intakes of these, those that were taken back among them."""
    query = select(intakes.c.id).where(intakes.c.contact_id.in_(sorted(contacts)))
    return [one.id for one in rows.many(tx, query.order_by(intakes.c.id))] if contacts else []


def refer(tx: Tx, row: ReferralRow) -> None:
    """Keep to whom somebody was sent."""
    values = {
        "id": row.id,
        "contact_id": row.contact_id,
        "callback_id": row.callback_id,
        "outcome": row.outcome.value,
        "reason": row.reason.value if row.reason else None,
        "to_whom": tx.keys.seal(row.to_whom, _TO_WHOM, row.id),
        "why": rows.sealed(tx, row.why, _WHY, row.id),
        "said_at": row.said_at,
        "said_by": row.said_by,
        "taken_back_at": row.taken_back_at,
        "asked_of": row.asked_of,
    }
    rows.add(tx, referrals, values)
    tx.board_changed = True


def unnamed(tx: Tx, referral_id: str) -> ReferralRow | None:
    """This referral, if somebody is asked still to whom it was; or None."""
    found = rows.by_id(tx, referrals, referral_id)
    return referral_of_row(tx, found) if found is not None and found.asked_of is not None else None


def name(tx: Tx, referral_id: str, to_whom: str) -> bool:
    """Keep to whom it was, or that it stays unsaid (empty); whether somebody was asked that still."""
    which = [referrals.c.id == referral_id, referrals.c.asked_of.is_not(None)]
    values = {"to_whom": tx.keys.seal(to_whom, _TO_WHOM, referral_id), "asked_of": None}
    tx.board_changed = True
    return rows.change(tx, referrals, which, values) == 1


def take_referrals_back(tx: Tx, contact_id: ContactId, callback_id: CallbackId | None, at: datetime) -> None:
    """What was said of this talk is corrected, or taken back."""
    theirs = [
        referrals.c.contact_id == contact_id,
        referrals.c.callback_id.is_not_distinct_from(callback_id),
        referrals.c.taken_back_at.is_(None),
    ]
    if rows.change(tx, referrals, theirs, {"taken_back_at": at, "asked_of": None}):
        tx.board_changed = True


def give_referrals_back(tx: Tx, some: Sequence[str]) -> None:
    """What was taken back of these holds again. Nobody is asked any more to whom it was."""
    if some and rows.change(tx, referrals, [referrals.c.id.in_(some)], {"taken_back_at": None}):
        tx.board_changed = True


def _values(tx: Tx, row: IntakeRow) -> Mapping[str, object]:
    return {
        "contact_id": row.contact_id,
        "callback_id": row.callback_id,
        "asked_at": row.asked_at,
        "booked_at": row.booked_at,
        "booked_by": row.booked_by,
        "starts_at": row.starts_at,
        "place": rows.sealed(tx, row.place, _PLACE, row.id),
        "state": row.state.value,
        "due_at": row.due_at,
        "marked_at": row.marked_at,
        "marked_by": row.marked_by,
        "again": row.again,
    }


def of_row(tx: Tx, found: rows.Found) -> IntakeRow:
    """An intake as it was found: for the other modules of this floor."""
    return IntakeRow(
        id=found.id,
        contact_id=found.contact_id,
        callback_id=found.callback_id,
        asked_at=found.asked_at,
        booked_at=found.booked_at,
        booked_by=found.booked_by,
        starts_at=found.starts_at,
        place=rows.opened(tx, found.place, _PLACE, found.id),
        state=as_kept(IntakeState, found.state),
        due_at=found.due_at,
        marked_at=found.marked_at,
        marked_by=found.marked_by,
        again=found.again,
        version=found.version,
    )


def referral_of_row(tx: Tx, found: rows.Found) -> ReferralRow:
    """A referral as it was found: for the other modules of this floor."""
    return ReferralRow(
        id=found.id,
        contact_id=found.contact_id,
        callback_id=found.callback_id,
        outcome=as_kept(Outcome, found.outcome),
        to_whom=tx.keys.open(found.to_whom, _TO_WHOM, found.id),
        said_at=found.said_at,
        said_by=found.said_by,
        reason=as_kept(NotAdmittedReason, found.reason) if found.reason else None,
        why=rows.opened(tx, found.why, _WHY, found.id),
        taken_back_at=found.taken_back_at,
        asked_of=found.asked_of,
    )
