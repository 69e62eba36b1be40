"""What an outcome leaves to be done: whether they came to the intake that was booked, and who was found for somebody.

An intake is booked by key or on the board. When and where it is may be said later. On the day after it somebody says
whether they came; who didn't, or of whom nobody has said, is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from hotline.callbacks.callback import UNDONE_WITHIN, CallbackKind, OutcomeSet
from hotline.callbacks.follow_through import SOON, NotAdmittedReason, asked_until
from hotline.model import (
    AuditAction,
    AuditKind,
    CallbackId,
    ContactId,
    Line,
    Outcome,
    StaffId,
    TimelineWord,
)
from hotline.operations import flow_state
from hotline.operations.callbacks import admissions_talk, consent, following_up, ringing_back
from hotline.operations.due_work import Work, each
from hotline.operations.transaction import Transaction, new_id
from hotline.store.cases import callbacks, contacts, intakes
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.intakes import SAID, IntakeRow, IntakeState, ReferralRow
from hotline.store.overviews import due
from hotline.store.overviews.due import Due

_SENT: Final = (Outcome.NOT_ADMITTED, Outcome.REFERRED)
_TALKED: Final = frozenset(
    {Outcome.REACHED, Outcome.BOOKED_INTAKE, Outcome.DECLINED, Outcome.CALL_LATER, *_SENT}
)


@dataclass(frozen=True, slots=True)
class OutcomeDetails:
    """What is said with an outcome. `starts_at` is UTC."""

    starts_at: datetime | None = None
    """When the intake is."""
    place: str = field(default="", repr=False)
    reason: NotAdmittedReason | None = None
    to_whom: str = field(default="", repr=False)
    """Who was found for them: they were connected with them, or sent there."""
    why: str = field(default="", repr=False)
    unsaid: bool = False
    """To whom they were referred stays unsaid: nobody is asked."""


NOTHING_MORE: Final = OutcomeDetails()


@dataclass(frozen=True, slots=True)
class TalkOf:
    """Which talk an outcome is of."""

    contact: ContactId
    callback: CallbackId | None
    """None: it came about live."""
    asked_at: datetime


def said(
    transaction: Transaction, talk: TalkOf, outcome: Outcome, by: StaffId, details: OutcomeDetails
) -> None:
    """Somebody has said how a talk ended, or has corrected it: what was said of it before holds no more."""
    standing = intakes.of_talk(transaction.tx, talk.contact, talk.callback)
    intakes.take_referrals_back(transaction.tx, talk.contact, talk.callback, transaction.now)
    if outcome is not Outcome.BOOKED_INTAKE:
        _take_back(transaction, standing)
    elif standing:
        _told(transaction, standing[-1], details)
    else:
        row = IntakeRow(new_id(), talk.contact, talk.callback, talk.asked_at, transaction.now, by)
        _told(
            transaction, intakes.add(transaction.tx, replace(row, due_at=_due_at(transaction, row))), details
        )
    if outcome is Outcome.REFERRED or (outcome in _SENT and (details.to_whom or details.reason)):
        asked = outcome is Outcome.REFERRED and not (details.to_whom or details.unsaid)
        sent = ReferralRow(
            id=new_id(),
            contact_id=talk.contact,
            callback_id=talk.callback,
            outcome=outcome,
            to_whom=details.to_whom,
            said_at=transaction.now,
            said_by=by,
            reason=details.reason,
            why=details.why or None,
            asked_of=by if asked else None,
        )
        intakes.refer(transaction.tx, sent)
    if outcome in _TALKED:
        following_up.offer_after_talk(transaction, talk.contact, by)


def name(transaction: Transaction, referral_id: str, to_whom: str, by: StaffId) -> bool:
    """Say to whom somebody was referred, or that it stays unsaid (empty); whether this person was asked that still."""
    row = intakes.unnamed(transaction.tx, referral_id)
    if row is None or row.asked_of != by or not intakes.name(transaction.tx, referral_id, to_whom):
        return False
    what = TimelineWord.REFERRAL_NAMED if to_whom else TimelineWord.REFERRAL_UNNAMED
    transaction.note(what, contact=row.contact_id, callback=row.callback_id, by=by)
    said = "named" if to_whom else "left unsaid"
    transaction.audit(AuditAction.REFERRAL, AuditKind.CONTACT, row.contact_id, by=by, detail=said)
    return True


def standing(transaction: Transaction, contact: ContactId, callback: CallbackId | None) -> IntakeRow | None:
    """The intake that was booked in this talk, if that still holds and nobody has said whether they came."""
    found = intakes.of_talk(transaction.tx, contact, callback)
    return next((one for one in reversed(found) if one.state is IntakeState.BOOKED), None)


def taken_back(
    transaction: Transaction, contact: ContactId, callback: CallbackId | None, said_at: datetime | None = None
) -> None:
    """What was said of this talk was undone a moment later. `said_at` (UTC): when it was said, if what had been said
    before holds again: the intake and the referral of that, too."""
    booked, sent = (
        intakes.taken_back_at(transaction.tx, contact, callback, said_at) if said_at is not None else ([], [])
    )
    _take_back(transaction, intakes.of_talk(transaction.tx, contact, callback))
    intakes.take_referrals_back(transaction.tx, contact, callback, transaction.now)
    intakes.give_referrals_back(transaction.tx, sent)
    for one in booked:
        stands = replace(one, state=IntakeState.BOOKED, marked_at=None)
        intakes.save(transaction.tx, replace(stands, due_at=_due_at(transaction, stands)))


def _take_back(transaction: Transaction, standing: Sequence[IntakeRow]) -> None:
    for one in standing:
        if one.state is IntakeState.BOOKED:
            over = replace(one, state=IntakeState.TAKEN_BACK, due_at=None, marked_at=transaction.now)
            intakes.save(transaction.tx, over)


def _told(transaction: Transaction, row: IntakeRow, details: OutcomeDetails) -> IntakeRow:
    if row.state is not IntakeState.BOOKED or details == NOTHING_MORE:
        return row
    if details.starts_at is None:
        return intakes.save(transaction.tx, replace(row, place=details.place or row.place))
    told = replace(row, starts_at=details.starts_at, place=details.place or None)
    return intakes.save(transaction.tx, replace(told, due_at=_due_at(transaction, told)))


def _due_at(transaction: Transaction, row: IntakeRow) -> datetime:
    """Of one whose time nobody has said it is asked as if it were in two days."""
    place = ZoneInfo(transaction.settings.centre.line.timezone)
    due_at = asked_until(row.starts_at or row.booked_at + SOON, place)
    # What is written down late is asked about first: nobody is called the minute after.
    return due_at if due_at > transaction.now else asked_until(transaction.now, place)


def tell(transaction: Transaction, intake_id: str, starts_at: datetime, place: str, by: StaffId) -> bool:
    """Say when (UTC) and where an intake is, or put that right; whether it was still to come, or to be marked."""
    row = intakes.get(transaction.tx, intake_id)
    if row is None or row.state is not IntakeState.BOOKED:
        return False
    _told(transaction, row, OutcomeDetails(starts_at, place))
    transaction.note(TimelineWord.INTAKE_TOLD, contact=row.contact_id, callback=row.callback_id, by=by)
    transaction.audit(AuditAction.INTAKE, AuditKind.INTAKE, intake_id, by=by, detail="told")
    return True


def mark(transaction: Transaction, intake_id: str, by: StaffId, state: IntakeState) -> bool:
    """Say whether they came, or that they have cancelled it (one of `SAID`); who didn't come is called. Whether that
    was still to be said."""
    row = intakes.get(transaction.tx, intake_id)
    if row is None or row.state is not IntakeState.BOOKED:
        return False
    marked = replace(row, state=state, due_at=None, marked_at=transaction.now, marked_by=by)
    if state is IntakeState.MISSED:
        marked = replace(marked, again=_owed(transaction, row, by))
    intakes.save(transaction.tx, marked)
    transaction.note(_SAID_BY[state], contact=row.contact_id, callback=row.callback_id, by=by)
    transaction.audit(AuditAction.INTAKE, AuditKind.INTAKE, intake_id, by=by, detail=state)
    return True


_SAID_BY: Final = {
    IntakeState.CAME: TimelineWord.INTAKE_CAME,
    IntakeState.MISSED: TimelineWord.INTAKE_MISSED,
    IntakeState.CANCELLED: TimelineWord.INTAKE_CANCELLED,
}


def may_be_unmarked(transaction: Transaction, row: IntakeRow) -> bool:
    """Whether somebody has said a moment ago whether they came, and nobody has called them because of it."""
    said = row.state in SAID
    if not said or row.marked_at is None or transaction.now >= row.marked_at + UNDONE_WITHIN:
        return False
    return _came_of_it(transaction, row) is None or _untouched(transaction, row) is not None


def unmark(transaction: Transaction, intake_id: str, by: StaffId) -> bool:
    """Take back what was said a moment ago of whether they came: it is asked again; whether that could be done.

    A callback that came of it is closed, unless they have asked for it themselves.
    """
    row = intakes.get(transaction.tx, intake_id)
    if row is None or not may_be_unmarked(transaction, row):
        return False
    owed = _untouched(transaction, row)
    if owed is not None:
        ringing_back.change(transaction, owed, OutcomeSet(Outcome.TAKEN_BACK, None))
    asked = replace(row, state=IntakeState.BOOKED, marked_at=None, marked_by=None, again=None)
    intakes.save(transaction.tx, replace(asked, due_at=_due_at(transaction, asked)))
    transaction.note(TimelineWord.INTAKE_UNMARKED, contact=row.contact_id, callback=row.callback_id, by=by)
    transaction.audit(AuditAction.INTAKE, AuditKind.INTAKE, intake_id, by=by, detail="unmarked")
    return True


def _came_of_it(transaction: Transaction, row: IntakeRow) -> CallbackRow | None:
    """The callback that was opened because somebody said that they didn't come."""
    owed = callbacks.get(transaction.tx, row.again) if row.again else None
    if owed is None or owed.callback.kind is not CallbackKind.MISSED_INTAKE:
        return None
    return owed if owed.callback.opened_at == row.marked_at else None


def _untouched(transaction: Transaction, row: IntakeRow) -> CallbackRow | None:
    """The same, if nothing has come of it yet."""
    owed = _came_of_it(transaction, row)
    return owed if owed is not None and owed.callback.is_untouched else None


def is_called(transaction: Transaction, intake_id: str) -> bool:
    """Whether a callback came of it."""
    row = intakes.get(transaction.tx, intake_id)
    return row is not None and row.again is not None


def found(what: Due) -> Sequence[Work]:
    """Intakes of which nobody has said by the day after whether they came."""
    return each(_unsaid, what.ids(due.INTAKES))


def _unsaid(transaction: Transaction, intake_id: str) -> None:
    row = intakes.get(transaction.tx, intake_id)
    if row is None or row.due_at is None or row.due_at > transaction.now:
        return
    again = _owed(transaction, row, None)
    over = replace(row, state=IntakeState.UNSAID, due_at=None, marked_at=transaction.now, again=again)
    intakes.save(transaction.tx, over)
    transaction.note(TimelineWord.INTAKE_UNSAID, contact=row.contact_id, callback=row.callback_id)


def _owed(transaction: Transaction, row: IntakeRow, by: StaffId | None) -> CallbackId | None:
    """The callback by which they are asked: one that they have asked for themselves meanwhile, or a new one; None if
    there is no number, or they have asked for no calls."""
    contact = contacts.get(transaction.tx, row.contact_id)
    former = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    said = flow_state.reachable_at(contact) if contact is not None else None
    number = former.number if former is not None else said
    if contact is None or number is None or not transaction.settings.centre.line.reaches(number):
        return None
    if consent.no_calls_since(transaction, number) is not None:
        return None
    line = former.callback.line if former is not None else contact.line or Line.ADMISSIONS
    running = ringing_back.same_wish(transaction, number, line, None)
    if running is not None:
        return running.callback.id
    owed = ringing_back.owe(transaction, contact, number, line, CallbackKind.MISSED_INTAKE, transaction.now)
    owed = _as_safe_as(transaction, owed, former)
    admissions_talk.raise_owed(transaction, contact, by)
    return owed.callback.id


def _as_safe_as(transaction: Transaction, owed: CallbackRow, former: CallbackRow | None) -> CallbackRow:
    """What was said of the telephone when they were called holds still."""
    if former is None:
        return owed
    rule = replace(
        owed.callback, message_safe=former.callback.message_safe, text_safe=former.callback.text_safe
    )
    return callbacks.save(transaction.tx, replace(owed, callback=rule))
