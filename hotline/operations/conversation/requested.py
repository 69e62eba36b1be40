"""What a turn of the flow asks of the rest of the application, carried out in the same transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from hotline.callbacks.callback import CallerConfirmed, ConnectedLive, PickedUp, TalkOver
from hotline.model import (
    Channel,
    ContactId,
    How,
    Language,
    Line,
    Outcome,
    PhoneNumber,
    StaffId,
    Subject,
    TimelineWord,
)
from hotline.oncall import escalation as reach
from hotline.oncall.escalation import Escalation, EscalationStatus
from hotline.operations import flow_state, staff_member
from hotline.operations.callbacks import emergency_callbacks, promise_ledger, ringing_back, stopping
from hotline.operations.conversation import handing_off, interpreter, live_talk, own_callback
from hotline.operations.paging import duty, reaching
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, escalations, pages, timeline
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageRow, PageState
from hotline.store.overviews import conference
from hotline.store.people import callers
from hotline.triage.turn import (
    Answered,
    AnsweredOver,
    CallLater,
    CallNow,
    CancelCall,
    Close,
    Confirmed,
    FetchBack,
    FetchInterpreter,
    NotConfirmed,
    OptIn,
    OptOut,
    PromiseCallback,
    Reach,
    RememberLanguage,
    Request,
    RingBackEmergency,
    StopReaching,
    Turn,
)

_WRITES: Final = timedelta(minutes=5)
"""How long somebody who has an emergency is taken to be at work on it since they last wrote, or looked at it."""
_COMING: Final = timedelta(seconds=60)
"""How long somebody who accepted by text or on the board may take to be in the room."""
_IS_TOLD: Final = timedelta(seconds=30)
"""No longer is anybody told what waits, once they have pressed 1."""


def carry_out(transaction: Transaction, row: ContactRow, turn: Turn) -> ContactRow:
    """Do what the turn asks; the contact's row with what it now hangs together with (not yet saved)."""
    for request in turn.requests:
        row = _one(transaction, row, request)
    lost = any(isinstance(request, RingBackEmergency | AnsweredOver) for request in turn.requests)
    if Close(Outcome.EMERGENCY) in turn.requests and not lost:
        emergency_callbacks.talked(transaction, row)
    return row


def _one(transaction: Transaction, row: ContactRow, request: Request) -> ContactRow:
    match request:
        case Reach():
            return _reach(transaction, row, request)
        case StopReaching():
            stop_reaching(transaction, row)
        case PromiseCallback():
            return _promise(transaction, row, request)
        case RingBackEmergency(at_once):
            return _ring_back(transaction, row, at_once=at_once)
        case Confirmed() | Answered() | AnsweredOver():
            _somebody_there(transaction, row, request)
        case NotConfirmed(outcome, somebody_else):
            ringing_back.attempt_failed(transaction, row, outcome, somebody_else=somebody_else)
        case OptOut() | OptIn():
            _opt(transaction, row, request)
        case RememberLanguage(language):
            _remember(transaction, row, language)
        case FetchInterpreter() | FetchBack():
            _fetch(transaction, row, request)
        case CallNow() | CallLater() | CancelCall():
            own_callback.carry_out(transaction, row, request)
        case Close(outcome):
            return _close(transaction, row, outcome)
        case _:
            assert_never(request)
    return row


def _fetch(transaction: Transaction, row: ContactRow, request: FetchInterpreter | FetchBack) -> None:
    match request:
        case FetchInterpreter():
            interpreter.fetch(transaction, row)
        case FetchBack():
            handing_off.wanted_back(transaction, row)


# --- reaching a human ------------------------------------------------------------------------------------------


def _reach(transaction: Transaction, row: ContactRow, request: Reach) -> ContactRow:
    """One escalation per room and subject; an emergency takes the place of whatever rang before."""
    running = conference.open_escalation(transaction.tx, row.room, request.subject)
    if running is None and request.subject is Subject.EMERGENCY:
        row, running = _same_emergency(transaction, row)
    if running is None and request.subject is Subject.THREAD:
        # Whoever has the emergency reads it: nobody else is rung for what is written in it.
        running = conference.open_escalation(transaction.tx, row.room, Subject.EMERGENCY)
    if running is not None:
        running = _spoken_in(transaction, row, running)
        _reach_again(transaction, row, running)
        return replace(row, escalation_id=running.escalation.id)
    if request.subject is Subject.EMERGENCY:
        stop_reaching(transaction, row)
    about = reaching.About(row.room, _line(row, request), row.language, row.id, row.callback_id)
    opened = reaching.open_for(transaction, request.subject, about)
    if request.suicide:
        transaction.note(TimelineWord.SUICIDE_WORDS, contact=row.id, escalation=opened.escalation.id)
    return replace(row, escalation_id=opened.escalation.id)


def _spoken_in(transaction: Transaction, row: ContactRow, running: EscalationRow) -> EscalationRow:
    """An emergency is announced in the language in which its caller is spoken to now, on whichever call."""
    heard = row.channel is Channel.VOICE and running.escalation.subject is Subject.EMERGENCY
    if not heard or running.language is row.language:
        return running
    return escalations.save(transaction.tx, replace(running, language=row.language))


def _same_emergency(transaction: Transaction, row: ContactRow) -> tuple[ContactRow, EscalationRow | None]:
    """Somebody calls again whose emergency no human has closed: into its room, to the clinician who has it."""
    number = flow_state.known_at(row)
    if row.channel is not Channel.VOICE or number is None:
        return row, None
    lost = emergency_callbacks.still_open(transaction, number)
    running = lost[1] if lost else conference.open_emergency_of(transaction.tx, number)
    if running is None:
        return row, None
    stop_reaching(transaction, row)
    callback = lost[0].callback.id if lost else None
    transaction.note(
        TimelineWord.CALLED_AGAIN, contact=row.id, callback=callback, escalation=running.escalation.id
    )
    moved = contacts.move(transaction.tx, row, running.room)
    return replace(moved, callback_id=callback), running


def _line(row: ContactRow, request: Reach) -> Line | None:
    return Line.EMERGENCY if request.subject is Subject.EMERGENCY else row.line


def _reach_again(transaction: Transaction, row: ContactRow, running: EscalationRow) -> None:
    """Somebody had it, and has left the room while the caller hasn't: they are fetched back, or somebody else is."""
    rule = running.escalation
    if rule.status is not EscalationStatus.ACCEPTED or conference.staff_in(transaction.tx, row.room):
        return
    if rule.subject is Subject.THREAD or (row.channel is Channel.TEXT and _at_work(transaction, running)):
        return
    coming = rule.accepted_at is not None and transaction.now < rule.accepted_at + _COMING
    if not coming or _has_been(transaction, row, rule):
        reaching.tell(transaction, running, reach.LeftByHuman())


def _at_work(transaction: Transaction, running: EscalationRow) -> bool:
    """Who writes to somebody isn't in a room with them, and is told of what they write all the same."""
    last = running.touched_at or running.escalation.accepted_at
    return last is not None and transaction.now < last + _WRITES


def _has_been(transaction: Transaction, row: ContactRow, rule: Escalation) -> bool:
    """Whether whoever accepted was on the line already, and has left it."""
    began = row.joined_at
    if began is not None and rule.accepted_at is not None and began >= rule.accepted_at:
        return True
    return any(
        page.staff_id == rule.accepted_by and page.state is PageState.ACCEPTED and page.how is How.CALL
        for page in pages.of_escalation(transaction.tx, rule.id)
    )


def stop_reaching(transaction: Transaction, row: ContactRow, by: StaffId | None = None) -> None:
    """Live ringing for this room is over; an emergency, a callback and a text thread are not touched."""
    for running in conference.open_escalations(transaction.tx, row.room):
        if running.escalation.is_live:
            reaching.tell(transaction, running, reach.Closed(by))


_NOBODY_ON: Final = TimelineWord.NOBODY_ON_DUTY


def _promise(transaction: Transaction, row: ContactRow, request: PromiseCallback) -> ContactRow:
    promised = ringing_back.promise(transaction, row, request)
    _wants_calls(transaction, request.number)
    if request.ready and not duty.anybody_on(transaction, Subject.CALLBACK, language=row.language):
        nobody_on(transaction, row, promised)
    return replace(row, callback_id=promised.callback.id)


def _wants_calls(transaction: Transaction, number: PhoneNumber) -> None:
    """Whoever asks for a call themselves wants calls again; texts are another matter."""
    known = callers.get(transaction.tx, number)
    if known.no_calls_at is not None:
        callers.save(transaction.tx, replace(known, no_calls_at=None))


def nobody_on(transaction: Transaction, row: ContactRow, promised: CallbackRow) -> None:
    """They were told no time, for nobody is there to keep it: supervisors are told, once for each callback."""
    told = timeline.of(transaction.tx, callback_id=promised.callback.id)
    if any(one.what == _NOBODY_ON for one in told):
        return
    transaction.note(_NOBODY_ON, contact=row.id, callback=promised.callback.id)
    words = transaction.text("supervisor_nobody_on", REF=promised.callback.id[:4].upper())
    for person in duty.supervisors(transaction):
        staff_member.text(transaction, person, words)


# --- callbacks -------------------------------------------------------------------------------------------------


def _ring_back(transaction: Transaction, row: ContactRow, *, at_once: bool) -> ContactRow:
    number = flow_state.reachable_at(row)
    if number is None:
        return row
    promised = emergency_callbacks.ring_back(transaction, row, number, at_once=at_once)
    return replace(row, callback_id=promised.callback.id)


def _somebody_there(
    transaction: Transaction, row: ContactRow, request: Confirmed | Answered | AnsweredOver
) -> None:
    found = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    if found is None:
        return
    match request:
        case Confirmed():
            ringing_back.change(transaction, found, CallerConfirmed(transaction.now + ringing_back.LOOKED_AT))
            transaction.note(TimelineWord.CALLER_CONFIRMED, contact=row.id, callback=found.callback.id)
        case Answered():
            ringing_back.change(transaction, found, PickedUp(transaction.now + ringing_back.LOOKED_AT))
            transaction.note(TimelineWord.ANSWERED, contact=row.id, callback=found.callback.id)
        case AnsweredOver():
            ringing_back.change(transaction, found, TalkOver(transaction.now + ringing_back.ASKED_AFTER))


# --- the end ---------------------------------------------------------------------------------------------------


def _close(transaction: Transaction, row: ContactRow, outcome: Outcome) -> ContactRow:
    transaction.note(TimelineWord.ENDED, contact=row.id, detail=outcome)
    if outcome is Outcome.REACHED:
        _talked(transaction, row)
        if not row.outbound:
            live_talk.ask(transaction, row)
    if outcome is Outcome.CALLBACK:
        _hand_to_whoever_waits(transaction, row)
    if outcome is not Outcome.EMERGENCY:
        stop_reaching(transaction, row)
    ended = replace(row, ended_at=transaction.now, outcome=outcome)
    return ringing_back.as_said(transaction, ended) if row.outbound else ended


def _talked(transaction: Transaction, row: ContactRow) -> None:
    """They talked: the callback that this call was, or that the caller had open, is kept."""
    if row.outbound and row.callback_id is not None:
        own = callbacks.get(transaction.tx, row.callback_id)
        if own is not None:
            ringing_back.change(transaction, own, TalkOver(transaction.now + ringing_back.ASKED_AFTER))
        return
    began = row.joined_at
    own = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    if (
        own is not None
        and own.callback.line is not Line.EMERGENCY
        and began
        and own.callback.opened_at <= began
    ):
        # Perhaps to another number than theirs: they asked for it on this very call, and were with somebody then.
        ringing_back.change(transaction, own, ConnectedLive())
    ringing_back.kept_live(transaction, row, asked_by=began)


def never_began(transaction: Transaction, contact_id: ContactId | None) -> None:
    """The caller hung up while whoever pressed 1 was still told what waits: nobody has reached them, and who can be
    called is owed a call, if it had been taken for a talk."""
    row = contacts.get(transaction.tx, contact_id) if contact_id else None
    if row is None or row.outbound or row.reached_at is None or row.ended_at is None:
        return
    if row.ended_at - row.reached_at > _IS_TOLD:
        return
    promise_ledger.they_never_talked(transaction, row)
    never = replace(row, reached_at=None)
    if row.outcome is Outcome.REACHED and row.caller is not None:
        wanted = PromiseCallback(row.line or Line.PERSON, row.caller, ready=True)
        promised = ringing_back.promise(transaction, row, wanted)
        never = replace(never, outcome=Outcome.CALLBACK, callback_id=promised.callback.id)
    elif row.outcome is Outcome.REACHED:
        never = replace(never, outcome=Outcome.UNREACHABLE)
    contacts.save(transaction.tx, never)


def _hand_to_whoever_waits(transaction: Transaction, row: ContactRow) -> None:
    """The caller hung up a moment before somebody joined: that somebody waits in the room, and rings back at once."""
    began = row.joined_at
    # With whoever was there already they were together: those are asked how it ended, and say so.
    waiting = [
        page
        for page in conference.staff_in(transaction.tx, row.room)
        if began is None or _came_after(page, began)
    ]
    found = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    if not waiting or found is None or found.callback.line is Line.EMERGENCY or found.callback.is_unsaid:
        return
    ringing_back.dial_caller(
        transaction, ringing_back.take(transaction, found, waiting[0].staff_id), ended=row.id
    )


def _came_after(page: PageRow, moment: datetime) -> bool:
    return page.answered_at is not None and page.answered_at > moment


def _remember(transaction: Transaction, row: ContactRow, language: Language) -> None:
    """For this caller's next contact; whoever is fetched for them now is chosen by what the contact itself says."""
    if row.caller is not None:
        known = callers.get(transaction.tx, row.caller)
        callers.save(transaction.tx, replace(known, language=language))
    transaction.note(TimelineWord.LANGUAGE, contact=row.id, detail=language)


def _opt(transaction: Transaction, row: ContactRow, request: OptOut | OptIn) -> None:
    if row.caller is None:
        return
    if isinstance(request, OptOut):
        if request.calls_too:
            stopping.stop(transaction, row.caller, row.id, by=None)
        else:
            stopping.stop_texts(transaction, row.caller, row.id)
        return
    known = callers.get(transaction.tx, row.caller)
    callers.save(transaction.tx, known.opted_in(transaction.our_number(row.our_number).e164))
    transaction.note(TimelineWord.OPTED_IN, contact=row.id)
