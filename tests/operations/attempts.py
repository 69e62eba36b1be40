"""A call back to Mia and whatever becomes of it, each in a transaction that is undone afterwards."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

from hotline.callbacks.callback import DetailsGiven, OutcomeSet
from hotline.callbacks.callback_moves import open_callback
from hotline.effects import Origin, OriginKind, PlaceCall, RedirectCall
from hotline.model import CallbackId, ContactId, Language, Line, Outcome, PhoneNumber, RoomName, StaffId
from hotline.operations.callbacks import ringing_back
from hotline.operations.conversation import caller
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.people import staff
from hotline.store.traffic import outbox
from hotline.store.traffic.outbox import OutboxRow
from hotline.triage.caller_events import Began
from tests.stories.centre import ANA, LINE, MIA
from tests.telephony.doorstep import Doorstep

T = TypeVar("T")
NUMBER, OTHER = PhoneNumber(MIA), PhoneNumber("+16175550143")
EITHER = (False, True)


@dataclass
class Attempt:
    """A callback of Mia's, and the call to her that Ana waits for."""

    transaction: Transaction
    row: CallbackRow
    call: ContactRow

    def now(self) -> Attempt:
        """As both stand by now."""
        row = callbacks.get(self.transaction.tx, self.row.callback.id)
        call = contacts.get(self.transaction.tx, self.call.id)
        assert row is not None
        assert call is not None
        return Attempt(self.transaction, row, call)

    def about_call(self) -> list[OutboxRow]:
        return outbox.about(self.transaction.tx, Origin(OriginKind.CONTACT, self.call.id))

    def placed(self) -> PlaceCall:
        (effect,) = [one.effect for one in self.about_call() if isinstance(one.effect, PlaceCall)]
        return effect

    def redirects(self) -> list[OutboxRow]:
        return [one for one in self.about_call() if isinstance(one.effect, RedirectCall)]

    def texts(self) -> list[OutboxRow]:
        return outbox.about(
            self.transaction.tx, Origin(OriginKind.MESSAGE, f"discreet-{self.row.callback.id}")
        )

    def change(self, event: DetailsGiven | OutcomeSet) -> None:
        ringing_back.change(self.transaction, self.now().row, event)

    def fails(self, outcome: Outcome = Outcome.NO_ANSWER, *, somebody_else: bool = False) -> Attempt:
        ringing_back.attempt_failed(self.transaction, self.call, outcome, somebody_else=somebody_else)
        return self.now()


def undone(door: Doorstep, work: Callable[[Transaction], T]) -> T:
    """What a transaction comes to, if it didn't end at all."""
    results: list[T] = []

    def run(transaction: Transaction) -> None:
        results.append(work(transaction))
        raise InterruptedError

    with suppress(InterruptedError):
        door.here.application.change(run)
    return results[0]


def ana(transaction: Transaction) -> StaffId:
    return next(one.id for one in staff.everyone(transaction.tx) if one.phone.e164 == ANA)


def dialled(transaction: Transaction, line: Line, *, message: bool = False, text: bool = False) -> Attempt:
    """Mia's telephone rings."""
    rule = open_callback(
        CallbackId("cb1"), line, Language.EN, transaction.now, transaction.plan, due_at=transaction.now
    )
    safe = replace(rule, message_safe=message, text_safe=text)
    row = callbacks.add(transaction.tx, CallbackRow(safe, ContactId("c1"), RoomName("c1"), NUMBER, LINE))
    return again(transaction, row)


def again(transaction: Transaction, row: CallbackRow) -> Attempt:
    taken = (
        row if row.callback.line is Line.EMERGENCY else ringing_back.take(transaction, row, ana(transaction))
    )
    ringing = ringing_back.dial_caller(transaction, taken)
    assert ringing.call_contact_id is not None
    call = contacts.get(transaction.tx, ringing.call_contact_id)
    assert call is not None
    return Attempt(transaction, ringing, call)


def picked_up(transaction: Transaction, line: Line, *, message: bool = False, text: bool = False) -> Attempt:
    """Somebody or something has picked up, and hears the question."""
    attempt = dialled(transaction, line, message=message, text=text)
    caller.hear(transaction, attempt.call.id, 0, Began(), "CA1")
    return attempt.now()


def closed(attempt: Attempt) -> None:
    """Somebody on the staff says that the caller wants no call any more."""
    attempt.change(OutcomeSet(Outcome.DECLINED, ana(attempt.transaction)))


def becomes_emergency(attempt: Attempt) -> None:
    """The caller contacts us again, in an emergency."""
    row = attempt.now().row
    callbacks.save(attempt.transaction.tx, replace(row, callback=replace(row.callback, line=Line.EMERGENCY)))
