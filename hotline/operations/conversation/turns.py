"""One turn of the flow: what happened, what the rules make of it, what is asked of the application, and what is
answered."""

from __future__ import annotations

from dataclasses import replace

from hotline.model import Subject
from hotline.operations import answers, flow_state, staff_member
from hotline.operations.answers import ANSWERS, Answer, Dialled, Then, as_answered
from hotline.operations.callbacks import consent_questions, promise_ledger
from hotline.operations.conversation import call_facts, requested, text_readings
from hotline.operations.paging import duty
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts
from hotline.store.cases.contacts import ContactRow
from hotline.store.overviews.letters import Letters
from hotline.store.traffic.messages import MessageRow
from hotline.triage import flow
from hotline.triage.caller_events import DialOver, Event, Pressed, Texted
from hotline.triage.contact import Contact, ContactState
from hotline.triage.turn import Dial, EndCall, JoinRoom, Listen, Rest, Turn, Whom


def recorded(transaction: Transaction, row: ContactRow, key: str) -> Answer | None:
    """What was answered under this key already; None if nothing was."""
    found = contacts.answered(transaction.tx, row.id, key)
    return as_answered(found) if found else None


def told_last(transaction: Transaction, row: ContactRow) -> Answer | None:
    """What a call hears at its present turn, to be said again; None if it listens to nothing of ours."""
    listens = (Then.LISTEN, Then.LISTEN_NUMBER)
    told = [answer for _, answer in answers.history(transaction, row) if answer.next_turn == row.turn]
    return told[-1] if told and told[-1].then in listens else None


def advance(
    transaction: Transaction,
    row: ContactRow,
    event: Event,
    *,
    key: str | None = None,
    message: MessageRow | None = None,
    letters: Letters | None = None,
) -> Answer:
    """Let the flow take one turn, carry out what it asks, and record the answer.

    `message`: that the event is, and `letters` what went to and fro before it.
    """
    kept = flow_state.read(row)
    before = flow_state.for_a_turn(kept)
    known = call_facts.look_up(transaction, row, before, event, letters)
    turn = flow.step(before, event, known)
    if message is not None and isinstance(event, Texted):
        text_readings.keep(transaction, message, event, before, known, turn)
    if turn.contact.state is not before.state:
        # What they did stands before what follows from it.
        pressed = event.keys if isinstance(event, Pressed) and len(event.keys) == 1 else None
        transaction.note(turn.contact.state, contact=row.id, escalation=row.escalation_id, detail=pressed)
    keyed = isinstance(event, Pressed) and event.keys != ""
    after = flow_state.after_a_turn(kept, turn.contact)
    after = flow_state.counted(row, before, after, transaction.now, keyed=keyed)
    row = requested.carry_out(transaction, replace(row, line=after.line, language=after.language), turn)
    numbered = key is None
    answered = _answer(transaction, row, turn, next_turn=row.turn + (1 if numbered else 0))
    if known.our_number is not None:
        answered = replace(answered, ours=known.our_number.e164)
    answered = consent_questions.kept(transaction, row, answered, turn.contact.state)
    contacts.record_answer(
        transaction.tx, row.id, key or str(row.turn), ANSWERS.dump_json(answered).decode(), transaction.now
    )
    measured = _measured(transaction, row, before, event, turn)
    if row.reached_at is None and measured.reached_at is not None:
        promise_ledger.they_talk(transaction, measured)
    contacts.save(
        transaction.tx,
        replace(
            answers.marked(measured, answered, transaction.now),
            state=turn.contact.state,
            turn=answered.next_turn,
            data=flow_state.written(after),
            last_turn_at=transaction.now,
        ),
        seen=turn.contact.state is not before.state or bool(turn.requests),
    )
    return answered


def _measured(
    transaction: Transaction, row: ContactRow, before: Contact, event: Event, turn: Turn
) -> ContactRow:
    """What is counted of it afterwards: the last words, where it ended, and when a human was first there."""
    told = turn.say[-1].prompt if turn.say else row.last_prompt
    ended_in, reached_at = row.ended_in, row.reached_at
    if turn.contact.state is ContactState.ENDED:
        ended_in = turn.contact.ended_from or (
            ended_in if before.state is ContactState.ENDED else before.state
        )
    if reached_at is None and isinstance(turn.then, JoinRoom) and not turn.contact.unproven:
        reached_at = transaction.now
    if reached_at is None and isinstance(event, DialOver) and event.connected and not before.unproven:
        # Of the failsafe number we learn only that the talk is over: it was dialled with the last answer.
        reached_at = row.last_turn_at
    return replace(row, last_prompt=told, ended_in=ended_in, reached_at=reached_at)


def _answer(transaction: Transaction, row: ContactRow, turn: Turn, next_turn: int) -> Answer:
    base = Answer(row.id, next_turn, turn.contact.language, turn.say, Then.REST)
    match turn.then:
        case Listen(wait, number):
            return replace(base, then=Then.LISTEN_NUMBER if number else Then.LISTEN, wait=wait)
        case JoinRoom():
            return replace(base, then=Then.JOIN, room=row.room)
        case Dial(whom):
            dialled = _whom(transaction, row, whom)
            return replace(base, then=Then.DIAL, dial=dialled) if dialled else replace(base, then=Then.LISTEN)
        case EndCall():
            return replace(base, then=Then.END)
        case Rest():
            return base


def _whom(transaction: Transaction, row: ContactRow, whom: Whom) -> tuple[Dialled, ...]:
    """The phones that the caller's own leg dials: at most ten ring together at Twilio."""
    failsafe = Dialled(None, transaction.settings.centre.line.failsafe_number)
    if whom is Whom.FAILSAFE:
        return (failsafe,)
    policy = duty.policy_for(transaction, Subject.EMERGENCY)
    but = duty.of_number(transaction, row.caller)
    on = duty.people(transaction, policy, language=row.language, but=but).on
    crew = dict.fromkeys(person for who in policy.named for person in on.get(who, ()))
    phones = tuple(Dialled(person, staff_member.known(transaction, person).phone) for person in crew)
    return phones[:10] or (failsafe,)
