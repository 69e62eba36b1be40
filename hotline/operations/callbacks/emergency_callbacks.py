"""Emergencies whose caller is gone from the line: they are rung back until a human says that it is over.

The callback of an emergency is its own. What the same number had asked for before keeps its line, its time and its
promise, and waits until the emergency's has been answered or has no more times.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from hotline.callbacks.callback import (
    AttemptEnded,
    CallbackStatus,
    ConnectedLive,
    HungUpAgain,
    NotRungBefore,
    OutcomeSet,
    PutBack,
    TalkOver,
)
from hotline.model import Channel, EscalationId, Line, Outcome, PhoneNumber, StaffId, Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.operations import flow_state
from hotline.operations.callbacks import ringing_back
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, escalations
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.overviews import conference
from hotline.triage.turn import PromiseCallback

WRITING: Final = timedelta(minutes=5)
"""After the last text of either side, the clock rings them again at the earliest: who writes may be unable to talk."""


ASKED: Final = timedelta(minutes=1)
"""How long it takes to ask whoever had them on the line once how it ended, and to hear the key."""


def ring_back(
    transaction: Transaction, contact: ContactRow, number: PhoneNumber, *, at_once: bool
) -> CallbackRow:
    """Dial them again, at once or when 911 has had its time; into the room where clinicians wait for this contact."""
    _let_go_of_the_other(transaction, contact)
    row = _theirs(transaction, contact)
    if row is None:
        row = ringing_back.opened(transaction, contact, PromiseCallback(Line.EMERGENCY, number, ready=True))
    if row.callback.is_with_caller:
        ended = row.call_contact_id == contact.id
        # Another call of ours to them that is under way goes on, and has an end of its own.
        return ringing_back.change(transaction, row, AttemptEnded(Outcome.NO_ANSWER)) if ended else row
    row = ringing_back.change(
        transaction,
        row,
        HungUpAgain(transaction.now if at_once else transaction.now + transaction.plan.emergency[0]),
    )
    escalation = _emergency(transaction, contact)
    owned = replace(row, room=contact.room, our_number=contact.our_number, escalation_id=escalation)
    return callbacks.save(transaction.tx, owned)


def owed_anew(transaction: Transaction, row: EscalationRow) -> CallbackRow | None:
    """It came by text, or they have talked and are gone: nobody rings them by the clock, so the key press does.

    None: there is no number that may be rung.
    """
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    number = flow_state.reachable_at(origin) if origin is not None else None
    if origin is None or number is None or not transaction.settings.centre.line.reaches(number):
        return None
    promised = ring_back(transaction, origin, number, at_once=True)
    contacts.save(transaction.tx, replace(origin, callback_id=promised.callback.id))
    return promised


def has_number(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether whoever this emergency is about has shown a number, or typed one."""
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    return origin is not None and flow_state.reachable_at(origin) is not None


def of_number(transaction: Transaction, number: PhoneNumber | None) -> CallbackRow | None:
    """The callback of this number's emergency that is open, or None."""
    found = callbacks.open_for(transaction.tx, number) if number is not None else []
    return next((row for row in found if row.callback.line is Line.EMERGENCY), None)


def _theirs(transaction: Transaction, contact: ContactRow) -> CallbackRow | None:
    """Their own, or else the one of their number; not of one that may be a stranger's."""
    own = callbacks.get(transaction.tx, contact.callback_id) if contact.callback_id else None
    if own is not None and own.callback.is_open and own.callback.line is Line.EMERGENCY:
        return own
    return of_number(transaction, flow_state.known_at(contact))


def _let_go_of_the_other(transaction: Transaction, contact: ContactRow) -> None:
    """This call was a call back for something else, which has become an emergency: that is still owed."""
    own = callbacks.get(transaction.tx, contact.callback_id) if contact.callback_id else None
    if own is None or own.callback.line is Line.EMERGENCY or own.call_contact_id != contact.id:
        return
    if own.callback.is_with_caller:
        ringing_back.settle_escalation(transaction, own, by=None)
        ringing_back.change(transaction, own, PutBack("emergency"))


def _emergency(transaction: Transaction, contact: ContactRow) -> EscalationId | None:
    row = conference.open_escalation(transaction.tx, contact.room, Subject.EMERGENCY)
    return row.escalation.id if row else contact.escalation_id


def still_open(transaction: Transaction, number: PhoneNumber) -> tuple[CallbackRow, EscalationRow] | None:
    """The emergency of which whoever has this number was lost a while ago: somebody may wait in its room for them."""
    found = of_number(transaction, number)
    if found is None or found.escalation_id is None:
        return None
    running = escalations.get(transaction.tx, found.escalation_id)
    if running is None or running.closed_at is not None or running.room != found.room:
        return None
    return found, running


def talked(transaction: Transaction, contact: ContactRow) -> None:
    """They have talked with a human, who has the emergency now: nobody rings them back by the clock any more."""
    _let_go_of_the_other(transaction, contact)
    found = _theirs(transaction, contact)
    if found is None:
        return
    if contact.outbound and found.call_contact_id == contact.id:
        ringing_back.change(transaction, found, TalkOver(transaction.now + ringing_back.ASKED_AFTER))
    elif contact.joined_at is not None:
        ringing_back.change(transaction, found, ConnectedLive())


def is_on_the_line(transaction: Transaction, row: CallbackRow) -> bool:
    """Whether the caller has come back by themselves, and is in the room or on the way to it."""
    ongoing = contacts.ongoing_in(transaction.tx, row.room)
    return any(one.channel is Channel.VOICE and not one.outbound for one in ongoing)


def holds_up(transaction: Transaction, row: CallbackRow, ongoing: Iterable[ContactRow]) -> bool:
    """Whether what this number has asked for otherwise waits: an emergency of its is being rung back, or is open in
    what goes on with it at this moment (`ongoing`)."""
    found = of_number(transaction, row.number)
    if found is not None and not found.callback.needs_supervisor:
        return True
    return any(conference.open_escalation(transaction.tx, one.room, Subject.EMERGENCY) for one in ongoing)


def they_write(transaction: Transaction, number: PhoneNumber) -> None:
    """Somebody in an emergency has written, or was written to: if somebody has it, and doesn't wait in its room for
    them to be rung, the clock leaves their phone alone for a while. Whoever has it can ring them at any time."""
    found = of_number(transaction, number)
    running = escalations.get(transaction.tx, found.escalation_id) if found and found.escalation_id else None
    if found is None or running is None or running.escalation.status is not EscalationStatus.ACCEPTED:
        return
    if not conference.staff_in(transaction.tx, running.room):
        ringing_back.change(transaction, found, NotRungBefore(transaction.now + WRITING))


def being_asked(transaction: Transaction, found: CallbackRow | None) -> None:
    """Whoever had them on the line is asked at this moment whether it was them and whether it is over: until they have
    said so, or let the question pass, nobody is rung by the clock who has just talked."""
    if found is not None:
        ringing_back.change(transaction, found, NotRungBefore(transaction.now + ASKED))


def write_instead(transaction: Transaction, found: CallbackRow, by: StaffId) -> bool:
    """Whoever has the emergency writes to them: the clock rings them no more, unless they call and hang up again.
    Whether there was a call to be left out."""
    if found.callback.line is not Line.EMERGENCY or found.callback.status is not CallbackStatus.WAITING:
        return False
    ringing_back.change(transaction, found, OutcomeSet(Outcome.SETTLED, by))
    return True
