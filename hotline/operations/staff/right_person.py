"""Who answered a call of ours: only the human who was with them can say, by key or on the board.

Until they have, nobody was reached. `outcomes` asks for the rest.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hotline import paths
from hotline.callbacks.callback import ConnectedLive, MessageBegun
from hotline.effects import Origin, OriginKind, RedirectCall
from hotline.model import Line, Outcome, StaffId, Subject, TimelineWord
from hotline.operations import answers, flow_state
from hotline.operations.answers import Question, StaffAnswer, Then
from hotline.operations.callbacks import consent, ringing_back
from hotline.operations.staff import connect, record_outcome, responder
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageRow
from hotline.triage.contact import ContactState
from hotline.triage.turn import Spoken

RIGHT_PERSON_KEY: Final = "1"
WHO_KEYS: Final = {"2": Outcome.SOMEBODY_ELSE, "3": Outcome.MACHINE, "4": Outcome.NO_ANSWER}


def unproven_call(transaction: Transaction, row: EscalationRow) -> tuple[CallbackRow, ContactRow] | None:
    """The callback and the call of which nobody has said who answered it; None if there is none.

    An emergency is rung by the clock, too: since the call in which they were met there may have been another, which
    nobody took.
    """
    found = connect.callback_of(transaction, row)
    call = contacts.get(transaction.tx, found.call_contact_id) if found and found.call_contact_id else None
    if found is None or call is None or call.reached_at is not None:
        return None
    if found.callback.line is Line.EMERGENCY and call.joined_at is None and found.callback.attempts > 1:
        call = contacts.met_on(transaction.tx, row.room, found.callback.id)
    return (found, call) if call is not None and flow_state.read(call).unproven else None


def met_somebody(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether whoever answered our last call was put together with a human, who hasn't said yet who it was."""
    unproven = unproven_call(transaction, row)
    return unproven is not None and unproven[1].joined_at is not None


def ask(page: PageRow, tries: int) -> StaffAnswer:
    """Who was it?"""
    return StaffAnswer(page.id, (Spoken("who"),), Then.LISTEN, question=Question.WHO, tries=tries)


def was_them(transaction: Transaction, row: EscalationRow, by: StaffId) -> None:
    """It was the right person: they were reached, when they were put together."""
    unproven = unproven_call(transaction, row)
    if unproven is None:
        return
    found, call = unproven
    contacts.save(transaction.tx, replace(call, reached_at=answers.first_together(transaction, call)))
    if found.callback.line is Line.EMERGENCY:
        ringing_back.stop_calling(transaction, found)
        ringing_back.change(transaction, found, ConnectedLive())
    else:
        record_outcome.record(transaction, row, Outcome.REACHED, by)


def leave_message(transaction: Transaction, page: PageRow, row: EscalationRow) -> StaffAnswer | None:
    """*4: it is a machine, and a message is safe there: it hears the message, and this leg is let go. Else None."""
    call = _machine_with_consent(transaction, row)
    if call is None or call.provider_sid is None:
        return None
    found = connect.callback_of(transaction, row)
    if found is None:
        return None
    ringing_back.change(transaction, found, MessageBegun(transaction.now + ringing_back.LOOKED_AT))
    state = replace(flow_state.read(call), state=ContactState.ASKED_FOR_CALL, unproven=False, into_room=False)
    kept = replace(call, state=state.state, data=flow_state.written(state))
    contacts.save(transaction.tx, replace(kept, last_turn_at=transaction.now))
    told = RedirectCall(call.provider_sid, paths.voicemail(call.id))
    transaction.send(told, about=Origin(OriginKind.CONTACT, call.id))
    responder.leave(transaction, page, row)
    transaction.note(
        TimelineWord.MESSAGE_BY_HAND, contact=call.id, callback=found.callback.id, by=page.staff_id
    )
    return StaffAnswer(page.id, (Spoken("message_begun"),), Then.END)


def may_leave_message(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether *4 would do anything."""
    return _machine_with_consent(transaction, row) is not None


def _machine_with_consent(transaction: Transaction, row: EscalationRow) -> ContactRow | None:
    if row.escalation.subject is Subject.EMERGENCY:
        return None
    unproven = unproven_call(transaction, row)
    if unproven is None or not consent.allows_message(unproven[0].callback):
        return None
    found, call = unproven
    there = call.state == ContactState.IN_ROOM and call.ended_at is None and found.number == call.caller
    return call if there else None
