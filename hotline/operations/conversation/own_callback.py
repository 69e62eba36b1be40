"""What callers wish for the callback that they are owed, carried out in the transaction that confirms it to them."""

from __future__ import annotations

from typing import assert_never

from hotline.callbacks.callback import (
    AskedAgain,
    CallbackKind,
    CallbackStatus,
    DialogueOver,
    OutcomeSet,
    TimeChosen,
)
from hotline.model import CallbackId, Line, Outcome, PhoneNumber, TimelineWord
from hotline.operations.callbacks import ringing_back
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.triage.turn import CallLater, CallNow, CancelCall

_NOTED = {
    CallNow: TimelineWord.WANTS_CALL_NOW,
    CallLater: TimelineWord.WANTS_CALL_LATER,
    CancelCall: TimelineWord.WANTS_NO_CALL,
}


def of_caller(
    transaction: Transaction, number: PhoneNumber | None, own: CallbackId | None = None
) -> CallbackRow | None:
    """The open callback to this number that its caller may decide about: their own, or else the oldest.

    An emergency's is for humans only, and so is the call after one, to which they agreed with a human.
    """
    open_ones = callbacks.open_for(transaction.tx, number) if number is not None else []
    ours = (Line.EMERGENCY, CallbackKind.FOLLOW_UP)
    theirs = [row for row in open_ones if row.callback.line not in ours and row.callback.kind not in ours]
    return min(theirs, key=lambda row: row.callback.id != own, default=None)


def carry_out(
    transaction: Transaction, contact: ContactRow, request: CallNow | CallLater | CancelCall
) -> None:
    """Do it, if there still is a callback that it can be done to."""
    found = of_caller(transaction, contact.caller, contact.callback_id)
    if found is None:
        return
    match request:
        case CallNow():
            _now(transaction, found)
        case CallLater():
            _later(transaction, found, request)
        case CancelCall():
            ringing_back.change(transaction, found, OutcomeSet(Outcome.DECLINED, by=None))
        case _:
            assert_never(request)
    transaction.note(_NOTED[type(request)], contact=contact.id, callback=found.callback.id)


def _now(transaction: Transaction, row: CallbackRow) -> None:
    row = ringing_back.change(transaction, row, AskedAgain())
    row = ringing_back.change(transaction, row, TimeChosen(None))
    ringing_back.change(transaction, row, DialogueOver())


def _later(transaction: Transaction, row: CallbackRow, request: CallLater) -> None:
    """Staff phones stop ringing for it. Until the caller names a time, it comes back by itself after a while."""
    rule = row.callback
    waits_already = rule.status is CallbackStatus.WAITING and rule.asked_later
    if rule.is_with_caller or (request.at is None and waits_already):
        return
    ringing_back.settle_escalation(transaction, row, by=None)
    row = ringing_back.change(transaction, row, OutcomeSet(Outcome.CALL_LATER, by=None))
    if request.at is not None:
        ringing_back.change(transaction, row, TimeChosen(request.at))
