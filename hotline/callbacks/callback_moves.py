"""A callback, and every way in which it can move.

Theory of operation
-------------------
A callback is a promise to ring somebody back. It is in exactly one status:

    waiting   nobody has it. `due_at` says when staff are to be rung; None says that a supervisor must decide.
    ringing   staff phones are ringing for it (an escalation does that), looked at again at `lease_until`.
    taken     one member of staff, `owner`, has it and will call, until `lease_until`.
    calling   the caller's phone is ringing on the owner's behalf, until `lease_until`. A dropped emergency is
              dialled straight from waiting, with no owner: its clinician has the escalation instead.
    talking   the called person pressed 1: owner and caller talk; whether they still do is looked at again at
              `lease_until`.
    answered  somebody or something has picked up, and is with the owner: who it is, only the owner can say; looked at
              again at `lease_until`.
    unsaid    that call is over, and its owner has not said who it was; asked for at `lease_until`.
    asked     the owner was asked by text; without a word by `lease_until` it was an attempt that failed.
    closed    done, with an `outcome`. Only a person may still change that: correct it, or say that the caller
              is to be tried again after all. One that is merged with another (`merging`) is given back, or stays so;
              one whose reason was taken back stays so.

The ways on are in `MOVES`: a status and an event that are not there together mean that the event came late
or twice, and it changes nothing. Where `MOVES` names two statuses, the outcome decides. What holds always:

    due_at       only while waiting             owner        from taken* on; kept when closed
    lease_until  in every other open status     outcome      only when closed
    * but for a dropped emergency

So no open callback is without a time at which somebody looks at it, but for one that is before a supervisor, who
has been told; `is_forgotten` says of a row whether that is broken.

`promised_at` is the time by which the *next* attempt was promised: when an attempt fails, or the caller asks
for later, it moves on to the retry's time plus the line's promise. It doesn't move for anything that is our
fault (nobody took it, a lease ended, it was put back), so it says, too, for when that attempt was planned: whoever
claims a callback before its time and puts it back leaves it with that time. Nothing here expires: every open callback
is due, or is with somebody, or is before a supervisor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from hotline.callbacks.callback import (
    AskedAgain,
    AttemptEnded,
    ByCaller,
    ByCarrier,
    ByStaff,
    Callback,
    CallbackStatus,
    CallerConfirmed,
    CallerDialled,
    ConnectedLive,
    DetailsGiven,
    DialogueOver,
    Event,
    HungUpAgain,
    LeaseEnded,
    MessageBegun,
    NobodyTook,
    NotRungBefore,
    OutcomeAsked,
    OutcomeSet,
    PickedUp,
    PutBack,
    StaffRung,
    Taken,
    TalkOver,
    TimeChosen,
    Undone,
    Watched,
)
from hotline.callbacks.promise import CallbackPlan, owed_within, planned_for, promised_at, retry_at
from hotline.model import CallbackId, Language, Line, Outcome, StaffId


def open_callback(
    callback_id: CallbackId,
    line: Line,
    language: Language,
    opened_at: datetime,
    plan: CallbackPlan,
    *,
    due_at: datetime,
) -> Callback:
    """A new callback with the most discreet settings: no message, no text, daytime retries."""
    return Callback(
        id=callback_id,
        line=line,
        language=language,
        status=CallbackStatus.WAITING,
        opened_at=opened_at,
        due_at=due_at,
        promised_at=promised_at(line, opened_at, plan),
        attempts=0,
        owner=None,
        lease_until=None,
        outcome=None,
        repeats=0,
        message_safe=False,
        text_safe=False,
        wanted_now=False,
        asked_later=False,
    )


_W, _R, _T, _C, _K, _A, _U, _Q, _X = CallbackStatus
MOVES: Mapping[CallbackStatus, Mapping[type[Event], tuple[CallbackStatus, ...]]] = {
    _W: {
        StaffRung: (_R,), Taken: (_T,), CallerDialled: (_C,), OutcomeSet: (_X, _W), AskedAgain: (_W,),
        ConnectedLive: (_X,), DetailsGiven: (_W,), TimeChosen: (_W,), DialogueOver: (_W,), PutBack: (_W,),
        HungUpAgain: (_W,), NotRungBefore: (_W,),
    },
    _R: {
        NobodyTook: (_W,), Taken: (_T,), OutcomeSet: (_X, _W), PutBack: (_W,), AskedAgain: (_R,),
        ConnectedLive: (_X,), DetailsGiven: (_R,), Watched: (_R,), LeaseEnded: (_W,), HungUpAgain: (_W,),
    },
    _T: {
        CallerDialled: (_C,), OutcomeSet: (_X, _W), LeaseEnded: (_W,), PutBack: (_W,), AskedAgain: (_T,),
        ConnectedLive: (_X,), DetailsGiven: (_T,), HungUpAgain: (_W,),
    },
    _C: {
        CallerConfirmed: (_K,), AttemptEnded: (_W,), OutcomeSet: (_X, _W), LeaseEnded: (_W,), PutBack: (_W,),
        AskedAgain: (_C,), ConnectedLive: (_X,), DetailsGiven: (_C,), PickedUp: (_A,),
    },
    _K: {
        TalkOver: (_X,), OutcomeSet: (_X, _W), PutBack: (_W,), AskedAgain: (_K,), AttemptEnded: (_W,),
        ConnectedLive: (_X,), DetailsGiven: (_K,), Watched: (_K,), LeaseEnded: (_W,),
    },
    _A: {
        CallerConfirmed: (_K,), MessageBegun: (_C,), TalkOver: (_U, _W), AttemptEnded: (_W,), OutcomeSet: (_X, _W),
        PutBack: (_W,), AskedAgain: (_A,), ConnectedLive: (_X,), DetailsGiven: (_A,), Watched: (_A,), LeaseEnded: (_W,),
    },
    _U: {
        OutcomeAsked: (_Q,), OutcomeSet: (_X, _W), Taken: (_T,), AskedAgain: (_W,), ConnectedLive: (_X,),
        DetailsGiven: (_U,), PutBack: (_W,), LeaseEnded: (_W,),
    },
    _Q: {
        OutcomeSet: (_X, _W), Taken: (_T,), AskedAgain: (_W,), ConnectedLive: (_X,), DetailsGiven: (_Q,),
        PutBack: (_W,), LeaseEnded: (_W,),
    },
    _X: {OutcomeSet: (_X, _W), Undone: (_T,)},
}  # fmt: skip

CLOSING = frozenset(
    {
        Outcome.REACHED,
        Outcome.WRONG_NUMBER,
        Outcome.NOT_IN_SERVICE,
        Outcome.DECLINED,
        Outcome.BOOKED_INTAKE,
        Outcome.NOT_ADMITTED,
        Outcome.REFERRED,
        Outcome.SETTLED,
        Outcome.NOT_REACHED,
        Outcome.ASKED_TO_STOP,
        Outcome.BLOCKED,
        Outcome.TAKEN_BACK,
    }
)
"""With one of these, set by a person, nothing more is owed."""

NOT_THEM = frozenset({Outcome.SOMEBODY_ELSE, Outcome.MACHINE})
"""Somebody or something was there, and it was not the right person."""

POSTPONING = NOT_THEM | {Outcome.NO_ANSWER, Outcome.BUSY, Outcome.LEFT_MESSAGE, Outcome.CALL_LATER}
"""With one of these the caller is tried again."""

_IN_A_TALK = (CallbackStatus.TALKING, CallbackStatus.ANSWERED)
_ATTEMPTS_END_IN = POSTPONING - NOT_THEM | {Outcome.WRONG_NUMBER, Outcome.NOT_IN_SERVICE}


def step(callback: Callback, event: Event, now: datetime, plan: CallbackPlan) -> Callback:
    """The callback after `event`, which happened at `now`. Total: what came late or twice changes nothing."""
    if type(event) not in MOVES.get(callback.status, {}) or callback.is_closed_by_itself:
        return callback
    match event:
        case (
            StaffRung()
            | NobodyTook()
            | Taken()
            | LeaseEnded()
            | PutBack()
            | Watched()
            | OutcomeAsked()
            | Undone()
        ):
            return _by_staff(callback, event, now, plan)
        case CallerDialled() | PickedUp() | MessageBegun() | CallerConfirmed() | AttemptEnded() | TalkOver():
            return _by_carrier(callback, event, now, plan)
        case (
            AskedAgain()
            | HungUpAgain()
            | NotRungBefore()
            | ConnectedLive()
            | DetailsGiven()
            | TimeChosen()
            | DialogueOver()
        ):
            return _by_caller(callback, event, now, plan)
        case OutcomeSet(outcome, by):
            return _set_outcome(callback, outcome, by, now, plan)
        case _:
            assert_never(event)


def _by_staff(callback: Callback, event: ByStaff, now: datetime, plan: CallbackPlan) -> Callback:
    match event:
        case StaffRung(look_at):
            return replace(callback, status=CallbackStatus.RINGING, due_at=None, lease_until=look_at)
        case Watched(look_at):
            return replace(callback, lease_until=look_at)
        case NobodyTook(again_at):
            return _wait(callback, again_at)
        case OutcomeAsked(until):
            return replace(callback, status=CallbackStatus.ASKED, lease_until=until)
        case Taken(by, lease_until):
            # While its owner has yet to say who it was, nobody else can.
            theirs = callback.is_unsaid and by != callback.owner
            taken = replace(
                callback, status=CallbackStatus.TAKEN, owner=by, lease_until=lease_until, due_at=None
            )
            return callback if theirs else taken
        case Undone(by, lease_until):
            # Its time stays promised as it was.
            return replace(
                callback,
                status=CallbackStatus.TAKEN,
                owner=by,
                lease_until=lease_until,
                due_at=None,
                outcome=None,
            )
        case LeaseEnded():
            return _lease_ended(callback, now, plan)
        case PutBack():
            # What waits already keeps its time, but for one that nobody would ever look at.
            waits = callback.status is CallbackStatus.WAITING and not callback.is_forgotten
            return callback if waits else _back_in_line(callback, now, plan)
        case _:
            assert_never(event)


def _lease_ended(callback: Callback, now: datetime, plan: CallbackPlan) -> Callback:
    if callback.lease_until is not None and now < callback.lease_until:
        return callback
    failed = callback.is_unsaid or callback.status is CallbackStatus.ANSWERED
    return (
        _try_again(callback, Outcome.NO_ANSWER, now, plan) if failed else _back_in_line(callback, now, plan)
    )


def _by_carrier(callback: Callback, event: ByCarrier, now: datetime, plan: CallbackPlan) -> Callback:
    match event:
        case CallerDialled(lease_until):
            if callback.owner is None and callback.line is not Line.EMERGENCY:
                return callback  # Its owner has lost it meanwhile: who would talk to the caller?
            made = callback.attempts + 1
            return replace(
                callback, status=CallbackStatus.CALLING, attempts=made, lease_until=lease_until, due_at=None
            )
        case PickedUp(look_at):
            return replace(callback, status=CallbackStatus.ANSWERED, lease_until=look_at)
        case MessageBegun(lease_until):
            return replace(callback, status=CallbackStatus.CALLING, lease_until=lease_until)
        case CallerConfirmed(look_at):
            return replace(callback, status=CallbackStatus.TALKING, lease_until=look_at)
        case AttemptEnded(Outcome.CALLED_OFF):
            return _called_off(callback, now, plan)
        case AttemptEnded(outcome):
            return _try_again(callback, outcome, now, plan) if outcome in _ATTEMPTS_END_IN else callback
        case TalkOver(ask_at):
            return _talk_over(callback, ask_at, now, plan)
        case _:
            assert_never(event)


def _called_off(callback: Callback, now: datetime, plan: CallbackPlan) -> Callback:
    """Nobody of ours was there to talk any more: that was no attempt, and the next one is to be found at once."""
    if callback.status is not CallbackStatus.CALLING:
        return callback
    if callback.line is Line.EMERGENCY:
        # Not by us: these go on ringing. They are rung at their times, so that nothing goes round in circles.
        return _try_again(callback, Outcome.NO_ANSWER, now, plan)
    return _back_in_line(replace(callback, attempts=callback.attempts - 1), now, plan)


def _talk_over(callback: Callback, ask_at: datetime, now: datetime, plan: CallbackPlan) -> Callback:
    if callback.status is not CallbackStatus.ANSWERED:
        return _close(callback, Outcome.REACHED)
    if callback.line is Line.EMERGENCY:
        # Whoever it was: until a human says that it was them, they are rung at their times.
        return _try_again(callback, Outcome.NO_ANSWER, now, plan)
    return replace(callback, status=CallbackStatus.UNSAID, lease_until=ask_at)


def _by_caller(callback: Callback, event: ByCaller, now: datetime, plan: CallbackPlan) -> Callback:
    match event:
        case AskedAgain():
            return _ask_again(callback, now, plan)
        case HungUpAgain(due_at):
            return _hung_up_again(callback, due_at, now)
        case NotRungBefore(until):
            return _not_before(callback, until, plan)
        case ConnectedLive():
            return _close(callback, Outcome.REACHED)
        case DetailsGiven(message_safe, text_safe):
            return replace(callback, message_safe=message_safe, text_safe=text_safe)
        case TimeChosen(at):
            return _at_their_time(callback, at, now, plan)
        case DialogueOver():
            return _ring_now_if_untried(callback, now)
        case _:
            assert_never(event)


def _wait(callback: Callback, due_at: datetime | None) -> Callback:
    return replace(callback, status=CallbackStatus.WAITING, due_at=due_at, owner=None, lease_until=None)


def _back_in_line(callback: Callback, now: datetime, plan: CallbackPlan) -> Callback:
    """Nobody has it any more. Who asked for a time, or is to be tried again at one, keeps it if it is yet to come."""
    return _wait(callback, max(now, planned_for(callback, plan)))


def _close(callback: Callback, outcome: Outcome) -> Callback:
    return replace(callback, status=CallbackStatus.CLOSED, due_at=None, lease_until=None, outcome=outcome)


def _try_again(callback: Callback, outcome: Outcome, now: datetime, plan: CallbackPlan) -> Callback:
    due_at = retry_at(callback, outcome, now, plan)
    if due_at is not None and callback.line is Line.EMERGENCY and callback.status in _IN_A_TALK:
        # Whoever has just talked has their line for as long as whoever has hung up, whenever this call began.
        due_at = max(due_at, now + plan.emergency[0])
    next_promise = (due_at or now) + owed_within(callback, plan)
    return replace(_wait(callback, due_at), promised_at=next_promise)


def _set_outcome(
    callback: Callback, outcome: Outcome, by: StaffId | None, now: datetime, plan: CallbackPlan
) -> Callback:
    if outcome in CLOSING:
        closed = _close(callback, outcome)
        # Nobody had it, and somebody has said how it ended: they talked with them. A block says that of nobody.
        talked = by if outcome is not Outcome.BLOCKED else None
        return replace(closed, owner=callback.owner or talked)
    if outcome not in POSTPONING or (by is None and not callback.is_open):
        return callback
    callback = replace(callback, outcome=None)
    if outcome is Outcome.CALL_LATER:
        later = replace(callback, asked_later=True, wanted_now=False)
        return _try_again(later, outcome, now, plan)
    if callback.is_taken:
        # The owner tried from a phone of their own: we didn't dial, but an attempt it was.
        callback = replace(callback, attempts=callback.attempts + 1)
    return _try_again(callback, outcome, now, plan)


def _ask_again(callback: Callback, now: datetime, plan: CallbackPlan) -> Callback:
    asked = replace(
        callback,
        repeats=callback.repeats + 1,
        promised_at=min(callback.promised_at, now + owed_within(callback, plan)),
        asked_later=False,
    )
    if callback.is_with_caller:
        return asked
    if callback.is_unsaid:
        return replace(_wait(asked, now), attempts=0)
    # Whoever asks again gets every attempt again; a supervisor's decision is no longer needed.
    due_at = min(callback.due_at or now, now) if callback.status is CallbackStatus.WAITING else None
    return replace(asked, attempts=0, due_at=due_at)


def _hung_up_again(callback: Callback, due_at: datetime, now: datetime) -> Callback:
    """Their times are counted from the last time that they hung up."""
    if callback.line is not Line.EMERGENCY:
        return callback
    return replace(_wait(callback, due_at), opened_at=now)


def _not_before(callback: Callback, until: datetime, plan: CallbackPlan) -> Callback:
    """The times after it stay as they are; what is before a supervisor stays there."""
    if callback.line is not Line.EMERGENCY or callback.due_at is None or callback.due_at >= until:
        return callback
    promised = max(callback.promised_at, until + owed_within(callback, plan))
    return replace(callback, due_at=until, promised_at=promised)


def _at_their_time(callback: Callback, at: datetime | None, now: datetime, plan: CallbackPlan) -> Callback:
    if at is None:
        return replace(callback, wanted_now=True)
    if at <= now:
        return callback
    promised = at + owed_within(callback, plan)
    return replace(callback, due_at=at, promised_at=promised, asked_later=True, wanted_now=False)


def _ring_now_if_untried(callback: Callback, now: datetime) -> Callback:
    # A late repeat must not break into the retries, nor into a time that the caller chose.
    if callback.attempts or callback.asked_later or callback.due_at is None:
        return callback
    return replace(callback, due_at=min(callback.due_at, now))
