"""Talks that came about live, on the board: how they ended is said there, corrected, and taken back a moment later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from hotline.callbacks.callback import UNDONE_WITHIN, OutcomeSet, TimeChosen
from hotline.model import (
    AuditAction,
    AuditKind,
    CallbackId,
    ContactId,
    Language,
    Line,
    Outcome,
    PhoneNumber,
    StaffId,
    TimelineWord,
)
from hotline.operations import flow_state
from hotline.operations.callbacks import booking, ringing_back, told_number
from hotline.operations.callbacks.booking import NOTHING_MORE, OutcomeDetails
from hotline.operations.conversation import live_talk
from hotline.operations.conversation.live_talk import SaidOutcome
from hotline.operations.staff import record_outcome
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts, escalations
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow


@dataclass(frozen=True, slots=True)
class Talk:
    """A caller was put through, and hung up being owed nothing. Times are UTC.

    Who is to be called again, as somebody of the staff has said, stands among the callbacks; and here, too, as long as
    that can be taken back.
    """

    talk: ContactId
    line: Line
    language: Language
    closed_at: datetime
    owner: str | None
    """Who talked with them."""
    mine: bool
    number: PhoneNumber | None
    """Where they can be called; None if they have withheld their number, and given none."""
    outcome: Outcome | None
    """How it ended; None if nobody has said."""
    may_be_undone: bool = False
    """It was said so lately that it can be taken back."""
    readable: bool = True
    """The viewer may open its page."""
    withheld: bool = False
    """They have withheld their number."""
    goes_on_in: CallbackId | None = None
    """By this callback they are called again."""

    @property
    def unsaid(self) -> bool:
        """It was the viewer's, and it is for them to say how it ended."""
        return self.mine and self.outcome is None and self.goes_on_in is None


def lately(
    transaction: Transaction, over: Iterable[EscalationRow], viewer: StaffId, names: dict[StaffId, str]
) -> tuple[Talk, ...]:
    """Those among what was closed lately for callers who held, in its order."""
    rows = [contacts.get(transaction.tx, one.contact_id) for one in over if one.contact_id is not None]
    found = {row.id: row for row in rows if row is not None}
    again = {row.id: live_talk.goes_on(transaction, row) for row in found.values() if row.callback_id}
    talks = [row for row in found.values() if live_talk.is_one(row) or again.get(row.id)]
    said = live_talk.said(transaction, talks)
    return tuple(_talk(transaction, row, viewer, names, said.get(row.id), again.get(row.id)) for row in talks)


def _talk(
    transaction: Transaction,
    row: ContactRow,
    viewer: StaffId,
    names: dict[StaffId, str],
    said: SaidOutcome | None,
    again: CallbackRow | None,
) -> Talk:
    # Who held once more after their talk was with nobody since: it is of whoever said how it ended.
    owner = live_talk.who_had_it(transaction, row) or (said.by if said else None)
    return Talk(
        talk=row.id,
        line=row.line or Line.PERSON,
        language=row.language,
        closed_at=row.ended_at or row.last_turn_at,
        owner=names.get(owner) if owner else None,
        mine=owner == viewer,
        number=flow_state.reachable_at(row),
        withheld=told_number.may_be_told(row),
        outcome=said.outcome if said else None,
        may_be_undone=_may_be_undone(transaction, said, again),
        goes_on_in=again.callback.id if again is not None else None,
    )


def _may_be_undone(transaction: Transaction, said: SaidOutcome | None, again: CallbackRow | None) -> bool:
    if said is None or said.outcome is Outcome.ASKED_TO_STOP:
        return False
    return transaction.now < said.at + UNDONE_WITHIN and (again is None or again.callback.is_untouched)


def outcome_of(transaction: Transaction, contact_id: ContactId) -> tuple[ContactRow, Outcome | None] | None:
    """The talk, and how it ended, as far as anybody has said; None if there is no such talk."""
    row = contacts.get(transaction.tx, contact_id)
    if row is None or not live_talk.is_one(row):
        return None
    said = live_talk.said(transaction, [row]).get(row.id)
    return row, said.outcome if said else None


def set_outcome(
    transaction: Transaction,
    contact_id: ContactId,
    outcome: Outcome,
    by: StaffId,
    *,
    later: datetime | None = None,
    details: OutcomeDetails = NOTHING_MORE,
) -> bool:
    """Say how it ended, or correct it; whether there was such a talk. `later`: when they asked to be called (UTC);
    `details`: what was said with it."""
    found = outcome_of(transaction, contact_id)
    about = (
        escalations.get(transaction.tx, found[0].escalation_id) if found and found[0].escalation_id else None
    )
    if about is None:
        return False
    owed = record_outcome.record(transaction, about, outcome, by, details)
    if owed is not None and outcome is Outcome.CALL_LATER and later is not None:
        ringing_back.change(transaction, owed, TimeChosen(later))
    transaction.audit(AuditAction.OUTCOME, AuditKind.CONTACT, contact_id, by=by, detail=outcome)
    return True


def undo(transaction: Transaction, contact_id: ContactId, by: StaffId) -> bool:
    """Take back what was said a moment ago: what was said before that holds again; whether that could be done.

    If they were to be called again by it, they aren't.
    """
    row = contacts.get(transaction.tx, contact_id)
    again = live_talk.goes_on(transaction, row) if row else None
    if row is None or not (live_talk.is_one(row) or again):
        return False
    said = live_talk.said(transaction, [row]).get(contact_id)
    if said is None or not _may_be_undone(transaction, said, again):
        return False
    if again is not None:
        ringing_back.change(transaction, again, OutcomeSet(Outcome.DECLINED, by))
        contacts.save(transaction.tx, replace(row, callback_id=None))
    before = live_talk.said_before(transaction, row)
    if before is None or {said.outcome, before.outcome} != {Outcome.BOOKED_INTAKE}:
        booking.taken_back(transaction, contact_id, None, said.at if before else None)
    contacts.say_outcome(transaction.tx, contact_id, before.outcome if before else None)
    transaction.note(TimelineWord.OUTCOME_UNDONE, contact=contact_id, by=by)
    transaction.audit(AuditAction.UNDO_OUTCOME, AuditKind.CONTACT, contact_id, by=by)
    return True
