"""Stop: whoever tells us so, to anybody and in whatever way, gets no more calls and no more texts, for any purpose.

What was promised to their number is over at once, and so is what was promised to any other number that staff have said
is theirs. It says nothing of their own next contact, which is answered like
any other's, nor of an emergency, which only a human closes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from hotline.callbacks.callback import OutcomeSet
from hotline.model import ContactId, Line, Outcome, PhoneNumber, StaffId, TimelineWord
from hotline.operations.callbacks import one_person, ringing_back
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.people import callers

CALLS_TOO: Final = "calls too"
"""Beside the line of the timeline, if it wasn't texts alone that they ended."""


def stop(
    transaction: Transaction, number: PhoneNumber, contact: ContactId | None, by: StaffId | None
) -> None:
    """End everything that would call or text this number. `by`: to whom it was said; None if it was texted."""
    others = one_person.other_numbers(transaction, number, contact)
    transaction.note(TimelineWord.OPTED_OUT, contact=contact, detail=CALLS_TOO, by=by)
    for one in (number, *others):
        _stop(transaction, one, by)


def _stop(transaction: Transaction, number: PhoneNumber, by: StaffId | None) -> None:
    callers.save(transaction.tx, callers.get(transaction.tx, number).called_no_more(transaction.now))
    end_promises(transaction, number, transaction.now, by)


def ends(row: CallbackRow, said_at: datetime) -> bool:
    """Whether who said then (UTC) that they want no more calls isn't owed this callback any more."""
    rule = row.callback
    return rule.is_open and rule.line is not Line.EMERGENCY and rule.opened_at <= said_at


def end_promises(
    transaction: Transaction, number: PhoneNumber, said_at: datetime, by: StaffId | None
) -> None:
    """Nobody rings this number any more for what it was promised until then (UTC)."""
    for row in callbacks.open_for(transaction.tx, number):
        if ends(row, said_at):
            ringing_back.settle_escalation(transaction, row, by)
            ringing_back.stop_calling(transaction, row)
            ringing_back.change(transaction, row, OutcomeSet(Outcome.ASKED_TO_STOP, by))


def stop_texts(
    transaction: Transaction, number: PhoneNumber, contact: ContactId | None, by: StaffId | None = None
) -> None:
    """No more texts to this number, nor to another of theirs; a call that they asked for comes all the same."""
    for one in (number, *one_person.other_numbers(transaction, number, contact)):
        callers.save(transaction.tx, callers.get(transaction.tx, one).opted_out(transaction.now))
    transaction.note(TimelineWord.OPTED_OUT, contact=contact, by=by)
