"""Every way in which a callback moves: the table enumerated, and histories that break nothing."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.callbacks import callback
from hotline.callbacks.callback import (
    AskedAgain,
    AttemptEnded,
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
from hotline.callbacks.callback_moves import CLOSING, MOVES, POSTPONING, open_callback, step
from hotline.callbacks.promise import CallbackPlan
from hotline.model import CallbackId, Language, Line, Outcome, StaffId
from tests.playbook import Stands
from tests.scripts import At, Becomes, Promise

NOW = datetime(2025, 3, 4, 17, 0, tzinfo=UTC)
"""Noon in Boston, on an ordinary Tuesday."""
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
PLAN = CallbackPlan(
    promises={Line.PERSON: 10 * MINUTE, Line.ADMISSIONS: 15 * MINUTE, Line.FAMILY: 30 * MINUTE},
    no_answer=(15 * MINUTE, HOUR),
    busy=(5 * MINUTE, 15 * MINUTE),
    emergency=(2 * MINUTE, 5 * MINUTE, 10 * MINUTE),
    asked_later=HOUR,
    zones=(UTC,),
)
ANA, BEN = StaffId("ana"), StaffId("ben")
HELD = (
    CallbackStatus.TAKEN,
    CallbackStatus.CALLING,
    CallbackStatus.TALKING,
    CallbackStatus.ANSWERED,
    CallbackStatus.UNSAID,
    CallbackStatus.ASKED,
)
LEASED = (CallbackStatus.RINGING, *HELD)


def a_callback(
    status: CallbackStatus = CallbackStatus.WAITING, line: Line = Line.ADMISSIONS, attempts: int = 0
) -> Callback:
    """A callback as it stands in a status, opened a minute ago."""
    fresh = open_callback(CallbackId("cb"), line, Language.EN, NOW - MINUTE, PLAN, due_at=NOW - MINUTE)
    return replace(
        fresh,
        status=status,
        attempts=max(1, attempts) if status in HELD[1:] else attempts,
        due_at=fresh.due_at if status is CallbackStatus.WAITING else None,
        owner=ANA if status in (*HELD, CallbackStatus.CLOSED) else None,
        lease_until=NOW + 15 * MINUTE if status in LEASED else None,
        outcome=Outcome.REACHED if status is CallbackStatus.CLOSED else None,
    )


def every_event() -> list[Event]:
    """One of each event, and one for each thing that an event can say."""
    return [
        StaffRung(NOW + 2 * MINUTE),
        NobodyTook(NOW + MINUTE),
        Taken(BEN, NOW + 15 * MINUTE),
        Taken(ANA, NOW + 15 * MINUTE),
        CallerDialled(NOW + 15 * MINUTE),
        CallerConfirmed(NOW + 2 * MINUTE),
        TalkOver(NOW + 2 * MINUTE),
        LeaseEnded(),
        PutBack("lost"),
        ConnectedLive(),
        DetailsGiven(message_safe=True, text_safe=True),
        DialogueOver(),
        TimeChosen(None),
        TimeChosen(NOW + HOUR),
        PickedUp(NOW + 2 * MINUTE),
        MessageBegun(NOW + 2 * MINUTE),
        OutcomeAsked(NOW + 15 * MINUTE),
        Undone(BEN, NOW + 15 * MINUTE),
        AskedAgain(),
        HungUpAgain(NOW + 2 * MINUTE),
        NotRungBefore(NOW + 5 * MINUTE),
        Watched(NOW + 4 * MINUTE),
        *map(AttemptEnded, Outcome),
        *(OutcomeSet(outcome, ANA) for outcome in Outcome),
    ]


def check_what_always_holds(callback: Callback) -> None:
    """The promises of the module's header."""
    if callback.owner is None:
        dialled_emergency = callback.line is Line.EMERGENCY and callback.is_with_caller
        assert callback.status not in HELD or dialled_emergency
    else:
        assert callback.status in (*HELD, CallbackStatus.CLOSED)
    assert (callback.lease_until is not None) == (callback.status in LEASED)
    assert (callback.outcome is not None) == (callback.status is CallbackStatus.CLOSED)
    assert callback.due_at is None or callback.status is CallbackStatus.WAITING
    assert callback.outcome is None or callback.outcome in CLOSING
    assert not callback.is_forgotten


def test_the_table_knows_every_status_and_every_event() -> None:
    """No status is forgotten, no event is unheard everywhere, and the samples here are complete."""
    known = set(get_args(callback.Event))
    assert set(MOVES) == set(CallbackStatus)
    assert {event for row in MOVES.values() for event in row} == known
    assert {type(event) for event in every_event()} == known


@pytest.mark.parametrize(
    ("status", "event"),
    list(itertools.product(CallbackStatus, every_event())),
    ids=lambda value: str(value)[:60],
)
def test_every_status_and_event_does_what_the_table_says(status: CallbackStatus, event: Event) -> None:
    """A move leads only where the table says; a pair that the table doesn't have changes nothing at all."""
    before = a_callback(status)
    after = step(before, event, NOW, PLAN)
    allowed = MOVES[status].get(type(event))
    if allowed is None:
        assert after == before
    else:
        assert after.status in (*allowed, status)
    check_what_always_holds(after)


def test_every_move_of_the_table_can_really_be_made() -> None:
    """The table promises no move that no event makes."""
    made = {
        (status, type(event), step(a_callback(status, line), event, NOW + HOUR, PLAN).status)
        for status, event, line in itertools.product(CallbackStatus, every_event(), Line)
    }
    promised = {
        (status, event, to) for status, row in MOVES.items() for event, tos in row.items() for to in tos
    }
    assert promised <= made


def minutes(many: float) -> datetime:
    """So long after the beginning."""
    return NOW + many * MINUTE


def test_a_callback_goes_the_whole_way_to_a_talk() -> None:
    """Rung, taken, dialled, confirmed, talked: closed as reached, after one attempt, by its owner."""
    assert (
        Promise(a_callback(), PLAN)
        >> At(0, StaffRung(minutes(2)))
        << Becomes(status=CallbackStatus.RINGING, due_at=None, lease_until=minutes(2))
        >> At(20, Taken(ANA, minutes(15)))
        << Becomes(status=CallbackStatus.TAKEN, owner=ANA, lease_until=minutes(15))
        >> At(21, CallerDialled(minutes(15)))
        << Becomes(status=CallbackStatus.CALLING, attempts=1)
        >> At(40, CallerConfirmed(minutes(3)))
        << Becomes(status=CallbackStatus.TALKING, lease_until=minutes(3))
        >> At(180, Watched(minutes(6)))
        << Becomes(lease_until=minutes(6))
        >> At(300, TalkOver(minutes(7)))
        << Becomes(status=CallbackStatus.CLOSED, outcome=Outcome.REACHED, lease_until=None)
        >> At(301, TalkOver(minutes(8)))
        >> At(302, NobodyTook(minutes(8)))
    )


def test_a_callback_that_nobody_answers_is_tried_three_times_and_then_a_supervisor_decides() -> None:
    """Its promise moves with each attempt; nobody has it in between; calling again begins anew."""
    script = Promise(a_callback(CallbackStatus.TAKEN), PLAN)
    for attempt, delay in ((1, 15), (2, 60)):
        start = 3600 * 24 * attempt
        due = NOW + timedelta(seconds=start + 30) + delay * MINUTE
        script = (
            script
            >> At(start, CallerDialled(NOW + timedelta(seconds=start + 900)))
            << Becomes(
                status=CallbackStatus.CALLING,
                attempts=attempt,
                lease_until=NOW + timedelta(seconds=start + 900),
            )
            >> At(start + 30, AttemptEnded(Outcome.NO_ANSWER))
            << Becomes(
                status=CallbackStatus.WAITING,
                owner=None,
                lease_until=None,
                due_at=due,
                promised_at=due + 15 * MINUTE,
            )
            >> At(start + 5000, Taken(ANA, NOW + timedelta(seconds=start + 6000)))
            << Becomes(
                status=CallbackStatus.TAKEN,
                owner=ANA,
                due_at=None,
                lease_until=NOW + timedelta(seconds=start + 6000),
            )
        )
    last = 3600 * 24 * 3
    assert (
        script
        >> At(last, CallerDialled(NOW + timedelta(seconds=last + 900)))
        << Becomes(status=CallbackStatus.CALLING, attempts=3, lease_until=NOW + timedelta(seconds=last + 900))
        >> At(last + 30, AttemptEnded(Outcome.NO_ANSWER))
        << ...
        << Stands(
            status=CallbackStatus.WAITING, owner=None, due_at=None, lease_until=None, needs_supervisor=True
        )
    )


@pytest.mark.parametrize("status", HELD)
def test_what_somebody_has_is_not_taken_from_them(status: CallbackStatus) -> None:
    """The second coordinator to press 1 changes nothing."""
    mine = a_callback(status)
    assert step(mine, Taken(BEN, NOW + HOUR), NOW, PLAN) == mine


def test_a_time_of_the_caller_s_own_is_kept_and_now_is_by_night_too() -> None:
    """The promise moves with the time; nothing that comes after rings them before it."""
    waiting = a_callback()
    later = step(waiting, TimeChosen(NOW + 3 * HOUR), NOW, PLAN)
    assert (later.due_at, later.promised_at) == (NOW + 3 * HOUR, NOW + 3 * HOUR + 15 * MINUTE)
    assert step(later, DialogueOver(), NOW, PLAN) == later
    assert step(waiting, TimeChosen(NOW - MINUTE), NOW, PLAN) == waiting
    now = step(waiting, TimeChosen(None), NOW, PLAN)
    assert now == replace(waiting, wanted_now=True)


def test_when_nobody_took_it_staff_are_rung_again_and_the_promise_stands() -> None:
    """That we were too few is no excuse: the promise doesn't move."""
    ringing = a_callback(CallbackStatus.RINGING)
    waiting = step(ringing, NobodyTook(NOW + MINUTE), NOW, PLAN)
    assert (waiting.status, waiting.due_at) == (CallbackStatus.WAITING, NOW + MINUTE)
    assert waiting.promised_at == ringing.promised_at


def test_a_dropped_emergency_is_dialled_with_nobody_owning_the_callback() -> None:
    """Its clinician has the escalation; a late dial on any other line that nobody has changes nothing."""
    emergency = a_callback(line=Line.EMERGENCY)
    calling = step(emergency, CallerDialled(NOW + HOUR), NOW, PLAN)
    assert (calling.status, calling.owner, calling.due_at) == (CallbackStatus.CALLING, None, None)
    for line in set(Line) - {Line.EMERGENCY}:
        nobodys = a_callback(line=line)
        assert step(nobodys, CallerDialled(NOW + HOUR), NOW, PLAN) == nobodys


@pytest.mark.parametrize("status", [CallbackStatus.TAKEN, CallbackStatus.CALLING])
def test_a_lease_that_is_over_gives_the_callback_to_the_next(status: CallbackStatus) -> None:
    """Taken and then silent: due at once, nobody's, promise unmoved."""
    held = a_callback(status)
    assert step(held, LeaseEnded(), NOW, PLAN) == held
    assert held.lease_until is not None
    back = step(held, LeaseEnded(), held.lease_until, PLAN)
    assert (back.status, back.owner, back.due_at) == (CallbackStatus.WAITING, None, held.lease_until)
    assert back.promised_at == held.promised_at


@pytest.mark.parametrize(
    ("outcome", "attempts", "delay"),
    [
        (Outcome.NO_ANSWER, 1, 15 * MINUTE),
        (Outcome.NO_ANSWER, 2, HOUR),
        (Outcome.NO_ANSWER, 3, None),
        (Outcome.LEFT_MESSAGE, 1, 15 * MINUTE),
        (Outcome.BUSY, 1, 5 * MINUTE),
        (Outcome.BUSY, 2, 15 * MINUTE),
        (Outcome.BUSY, 3, None),
        (Outcome.NOT_IN_SERVICE, 1, None),
        (Outcome.WRONG_NUMBER, 1, None),
    ],
)
def test_an_attempt_in_vain_waits_its_own_time_and_then_needs_a_supervisor(
    outcome: Outcome, attempts: int, delay: timedelta | None
) -> None:
    """It never expires: without a time of its own it is before a supervisor."""
    back = step(a_callback(CallbackStatus.CALLING, attempts=attempts), AttemptEnded(outcome), NOW, PLAN)
    assert (back.status, back.owner) == (CallbackStatus.WAITING, None)
    assert back.due_at == (None if delay is None else NOW + delay)
    assert back.needs_supervisor == (delay is None)
    assert back.promised_at == NOW + (delay or timedelta(0)) + 15 * MINUTE


@pytest.mark.parametrize(
    "outcome",
    sorted(set(Outcome) - POSTPONING - {Outcome.WRONG_NUMBER, Outcome.NOT_IN_SERVICE, Outcome.CALLED_OFF}),
)
def test_no_machine_says_that_somebody_was_reached(outcome: Outcome) -> None:
    """An attempt can't end in what only a person can know."""
    calling = a_callback(CallbackStatus.CALLING, attempts=1)
    assert step(calling, AttemptEnded(outcome), NOW, PLAN) == calling


@pytest.mark.parametrize(
    ("status", "outcome"),
    list(itertools.product(sorted(set(CallbackStatus) - {CallbackStatus.CLOSED}), sorted(CLOSING))),
)
def test_a_closing_outcome_closes_whatever_it_was_doing(status: CallbackStatus, outcome: Outcome) -> None:
    """A person's word ends it."""
    closed = step(a_callback(status), OutcomeSet(outcome, ANA), NOW, PLAN)
    assert (closed.status, closed.outcome) == (CallbackStatus.CLOSED, outcome)


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - CLOSING - POSTPONING))
def test_outcomes_that_only_contacts_have_change_no_callback(outcome: Outcome) -> None:
    """A callback can't end as a callback, nor as anything else that isn't its own."""
    waiting = a_callback()
    assert step(waiting, OutcomeSet(outcome, None), NOW, PLAN) == waiting


def test_the_outcome_of_a_closed_callback_may_be_corrected() -> None:
    """It stays closed."""
    closed = a_callback(CallbackStatus.CLOSED)
    booked = step(closed, OutcomeSet(Outcome.BOOKED_INTAKE, ANA), NOW, PLAN)
    assert booked == replace(closed, outcome=Outcome.BOOKED_INTAKE)


@pytest.mark.parametrize("outcome", sorted(POSTPONING))
def test_only_staff_open_a_closed_callback_again(outcome: Outcome) -> None:
    """The talk is over and closed before the key comes that says that the caller wants to be called later."""
    closed = a_callback(CallbackStatus.CLOSED, attempts=1)
    again = step(closed, OutcomeSet(outcome, ANA), NOW, PLAN)
    assert (again.status, again.outcome, again.owner) == (CallbackStatus.WAITING, None, None)
    assert again.due_at is not None
    assert again.due_at > NOW
    assert step(closed, OutcomeSet(outcome, None), NOW, PLAN) == closed


@pytest.mark.parametrize("status", sorted(set(CallbackStatus) - {CallbackStatus.CLOSED}))
def test_call_later_puts_it_back_for_later(status: CallbackStatus) -> None:
    """The caller's wish moves the promise, and outlives no earlier wish for now."""
    impatient = replace(a_callback(status), wanted_now=True)
    later = step(impatient, OutcomeSet(Outcome.CALL_LATER, None), NOW, PLAN)
    assert (later.status, later.due_at, later.owner) == (CallbackStatus.WAITING, NOW + HOUR, None)
    assert (later.asked_later, later.wanted_now) == (True, False)
    assert later.promised_at == NOW + HOUR + 15 * MINUTE


def test_an_attempt_from_the_owners_own_phone_counts() -> None:
    """Nobody is tried for ever because the coordinator dials by hand."""
    tried = step(a_callback(CallbackStatus.TAKEN, attempts=2), OutcomeSet(Outcome.NO_ANSWER, ANA), NOW, PLAN)
    assert (tried.attempts, tried.needs_supervisor) == (3, True)


def test_asking_again_takes_back_asking_for_later() -> None:
    """The dialogue that follows may make it due at once."""
    later = step(a_callback(), OutcomeSet(Outcome.CALL_LATER, None), NOW, PLAN)
    assert not step(later, AskedAgain(), NOW, PLAN).asked_later


def test_asking_again_makes_it_due_and_more_pressing() -> None:
    """Due now, the earlier promise, every attempt again; even from a supervisor's desk. The line is the same."""
    given_up = replace(a_callback(line=Line.FAMILY, attempts=3), due_at=None, promised_at=NOW + 9 * HOUR)
    again = step(given_up, AskedAgain(), NOW, PLAN)
    assert (again.line, again.repeats, again.attempts) == (Line.FAMILY, 1, 0)
    assert (again.due_at, again.promised_at) == (NOW, NOW + 30 * MINUTE)


@pytest.mark.parametrize("status", [CallbackStatus.CALLING, CallbackStatus.TALKING, CallbackStatus.ANSWERED])
def test_asking_again_while_we_call_interrupts_nothing(status: CallbackStatus) -> None:
    """Owner, lease and attempt stay."""
    before = a_callback(status, attempts=2)
    after = step(before, AskedAgain(), NOW, PLAN)
    assert after == replace(before, repeats=1, promised_at=after.promised_at)


def test_what_is_safe_is_remembered() -> None:
    """Said during the dialogue, kept for every attempt."""
    after = step(a_callback(), DetailsGiven(message_safe=True, text_safe=False), NOW, PLAN)
    assert (after.message_safe, after.text_safe) == (True, False)


def test_a_new_callback_is_as_discreet_as_can_be() -> None:
    """Nothing is safe until the caller has said so."""
    fresh = a_callback()
    assert (fresh.message_safe, fresh.text_safe, fresh.wanted_now) == (False, False, False)


def test_the_end_of_the_dialogue_makes_it_due_at_once() -> None:
    """A guard time set while they talk to the menu is cut short."""
    guarded = replace(a_callback(), due_at=NOW + 2 * MINUTE)
    assert step(guarded, DialogueOver(), NOW, PLAN).due_at == NOW


@pytest.mark.parametrize(
    "settled",
    [
        replace(a_callback(attempts=1), due_at=NOW + HOUR),
        replace(a_callback(), due_at=NOW + HOUR, asked_later=True),
        replace(a_callback(), due_at=None),
    ],
)
def test_a_late_end_of_the_dialogue_breaks_into_no_retry(settled: Callback) -> None:
    """Neither a retry's delay, nor a time that the caller chose, nor a supervisor's decision."""
    assert step(settled, DialogueOver(), NOW, PLAN) == settled


@pytest.mark.parametrize("status", [CallbackStatus.WAITING, CallbackStatus.TAKEN, CallbackStatus.UNSAID])
def test_what_is_undone_stands_as_if_nothing_had_been_said(status: CallbackStatus) -> None:
    """The time promised and the tries made are what they were; whoever undoes it has it."""
    before = a_callback(status)
    closed = step(before, OutcomeSet(Outcome.DECLINED, ANA), NOW + MINUTE, PLAN)
    again = step(closed, Undone(BEN, NOW + HOUR), NOW + 2 * MINUTE, PLAN)
    taken = replace(before, status=CallbackStatus.TAKEN, owner=BEN, lease_until=NOW + HOUR, due_at=None)
    assert again == taken
    assert step(before, Undone(BEN, NOW + HOUR), NOW, PLAN) == before


A_TIME = st.integers(0, 100_000).map(lambda seconds: NOW + timedelta(seconds=seconds))
AN_EVENT: st.SearchStrategy[Event] = st.one_of(
    st.builds(StaffRung, A_TIME),
    st.builds(NobodyTook, A_TIME),
    st.builds(Taken, st.sampled_from([ANA, BEN]), A_TIME),
    st.builds(CallerDialled, A_TIME),
    st.builds(CallerConfirmed, A_TIME),
    st.builds(AttemptEnded, st.sampled_from(Outcome)),
    st.builds(TalkOver, A_TIME),
    st.builds(OutcomeSet, st.sampled_from(Outcome), st.sampled_from([ANA, BEN, None])),
    st.builds(LeaseEnded),
    st.builds(PutBack, st.just("lost")),
    st.builds(AskedAgain),
    st.builds(ConnectedLive),
    st.builds(DetailsGiven, st.booleans(), st.booleans()),
    st.builds(DialogueOver),
    st.builds(HungUpAgain, A_TIME),
    st.builds(NotRungBefore, A_TIME),
    st.builds(Watched, A_TIME),
    st.builds(PickedUp, A_TIME),
    st.builds(MessageBegun, A_TIME),
    st.builds(OutcomeAsked, A_TIME),
    st.builds(Undone, st.sampled_from([ANA, BEN]), A_TIME),
)


@given(
    st.sampled_from(Line),
    st.lists(st.tuples(AN_EVENT, st.integers(0, 3600)), max_size=40),
)
def test_no_history_breaks_what_always_holds(line: Line, history: list[tuple[Event, int]]) -> None:
    """One owner exactly while held, who is never replaced without letting go; closed until a person says otherwise."""
    callback, now = a_callback(line=line), NOW
    for event, seconds in history:
        now += timedelta(seconds=seconds)
        before, callback = callback, step(callback, event, now, PLAN)
        check_what_always_holds(callback)
        assert callback.repeats >= before.repeats
        assert callback.opened_at == before.opened_at or isinstance(event, HungUpAgain)
        said = isinstance(event, OutcomeSet) and event.by is not None and event.outcome in POSTPONING
        if before.status is CallbackStatus.CLOSED and not said and not isinstance(event, Undone):
            # Whoever says how one ended that was nobody's is named with it.
            assert before.owner in (None, callback.owner)
            assert replace(callback, outcome=before.outcome, owner=before.owner) == before
        if before.owner is not None and callback.owner is not None and before.is_open:
            assert callback.owner == before.owner


@given(
    st.lists(st.tuples(AN_EVENT, st.integers(0, 3600)), max_size=20),
    st.sampled_from(
        [StaffRung, Taken, CallerDialled, CallerConfirmed, TalkOver, ConnectedLive, LeaseEnded, DialogueOver]
    ),
)
def test_the_same_event_twice_is_the_same_as_once(
    history: list[tuple[Event, int]], kind: type[Event]
) -> None:
    """Webhooks come twice."""
    callback, now = a_callback(), NOW
    for event, seconds in history:
        now += timedelta(seconds=seconds)
        callback = step(callback, event, now, PLAN)
    twice = next(event for event in every_event() if type(event) is kind)
    once = step(callback, twice, now, PLAN)
    assert step(once, twice, now, PLAN) == once


@given(st.lists(st.tuples(AN_EVENT, st.integers(0, 3600)), max_size=30))
def test_from_everywhere_the_way_to_a_talk_is_open(history: list[tuple[Event, int]]) -> None:
    """No dead end: whatever happened, an open callback can be let go, taken, called and kept."""
    callback, now = a_callback(), NOW
    for event, seconds in history:
        now += timedelta(seconds=seconds)
        callback = step(callback, event, now, PLAN)
    if callback.status is CallbackStatus.CLOSED:
        return
    until = now + 15 * MINUTE
    for event in (
        PutBack("lost"),
        Taken(BEN, until),
        CallerDialled(until),
        CallerConfirmed(NOW + 2 * MINUTE),
        TalkOver(NOW + 2 * MINUTE),
    ):
        callback = step(callback, event, now, PLAN)
    assert (callback.status, callback.outcome, callback.owner) == (
        CallbackStatus.CLOSED,
        Outcome.REACHED,
        BEN,
    )


# --- whoever answered, only the owner knows --------------------------------------------------------------------


def test_an_end_without_a_word_stays_with_its_owner_is_asked_for_and_was_an_attempt_that_failed() -> None:
    """Answered, over, asked, and never "reached"."""
    answered = step(a_callback(CallbackStatus.CALLING), PickedUp(NOW + 2 * MINUTE), NOW, PLAN)
    over = step(answered, TalkOver(NOW + 2 * MINUTE), NOW, PLAN)
    assert (over.status, over.owner, over.lease_until) == (CallbackStatus.UNSAID, ANA, NOW + 2 * MINUTE)
    asked = step(over, OutcomeAsked(NOW + 17 * MINUTE), NOW + 2 * MINUTE, PLAN)
    assert (asked.status, asked.owner) == (CallbackStatus.ASKED, ANA)
    failed = step(asked, LeaseEnded(), NOW + 17 * MINUTE, PLAN)
    assert (failed.status, failed.owner, failed.due_at) == (CallbackStatus.WAITING, None, NOW + 32 * MINUTE)


@pytest.mark.parametrize("status", [CallbackStatus.ANSWERED, CallbackStatus.UNSAID, CallbackStatus.ASKED])
@pytest.mark.parametrize("event", every_event(), ids=lambda value: str(value)[:60])
def test_nothing_but_a_word_makes_it_reached(status: CallbackStatus, event: Event) -> None:
    """Of whoever answered; a talk that was proven by a key, or the caller's own call, is another matter."""
    after = step(a_callback(status), event, NOW + HOUR, PLAN)
    if after.outcome is Outcome.REACHED:
        assert isinstance(event, ConnectedLive) or event == OutcomeSet(Outcome.REACHED, ANA)


def test_somebody_in_danger_is_rung_again_whoever_answered() -> None:
    """Until a human says that it was them."""
    emergency = replace(a_callback(CallbackStatus.ANSWERED, Line.EMERGENCY), owner=None)
    again = step(emergency, TalkOver(NOW + 2 * MINUTE), NOW, PLAN)
    assert (again.status, again.due_at) == (CallbackStatus.WAITING, NOW + 2 * MINUTE)
    assert step(again, ConnectedLive(), NOW, PLAN).outcome is Outcome.REACHED


@pytest.mark.parametrize("ended", [TalkOver(NOW + 2 * MINUTE), AttemptEnded(Outcome.NO_ANSWER), LeaseEnded()])
@pytest.mark.parametrize("minutes", [0.5, 1.9, 4.9, 9.9], ids=str)
def test_whoever_has_just_talked_has_their_line_for_as_long_as_whoever_hung_up(
    ended: Event, minutes: float
) -> None:
    """Counted from the end of the talk, however long ago the call was begun."""
    opened, over = NOW - HOUR, NOW - HOUR + minutes * MINUTE
    talk = replace(a_callback(CallbackStatus.ANSWERED, Line.EMERGENCY, attempts=1), owner=None)
    talk = replace(talk, opened_at=opened, lease_until=over)
    after = step(talk, ended, over, PLAN)
    assert after.due_at is not None
    assert after.due_at >= over + 2 * MINUTE
    assert after.promised_at >= after.due_at


@pytest.mark.parametrize("status", [CallbackStatus.UNSAID, CallbackStatus.ASKED])
def test_only_its_owner_may_call_again_while_it_is_unsaid(status: CallbackStatus) -> None:
    """Nobody else knows who answered."""
    unsaid = a_callback(status)
    assert step(unsaid, Taken(BEN, NOW + HOUR), NOW, PLAN) == unsaid
    assert step(unsaid, Taken(ANA, NOW + HOUR), NOW, PLAN).status is CallbackStatus.TAKEN


def test_a_call_that_we_called_off_is_no_attempt() -> None:
    """Whoever was to talk had gone: it is to be made at once, by anybody, and its promise is as it was."""
    calling = a_callback(CallbackStatus.CALLING, attempts=2)
    after = step(calling, AttemptEnded(Outcome.CALLED_OFF), NOW, PLAN)
    assert (after.status, after.due_at, after.owner) == (CallbackStatus.WAITING, NOW, None)
    assert (after.attempts, after.promised_at) == (1, calling.promised_at)


def test_an_emergency_whose_call_ended_so_keeps_to_its_times() -> None:
    """Nobody of ours calls it off: it is rung again at its next time, and not over and over."""
    after = step(
        a_callback(CallbackStatus.CALLING, Line.EMERGENCY, attempts=1),
        AttemptEnded(Outcome.CALLED_OFF),
        NOW,
        PLAN,
    )
    assert after.attempts == 1
    assert after.due_at is not None
    assert after.due_at > NOW


@pytest.mark.parametrize("let_go", [PutBack("released"), LeaseEnded()])
def test_a_time_that_is_yet_to_come_outlives_whoever_took_it_before(let_go: Event) -> None:
    """Asked for, or of the next try; when it has gone by, it is due at once."""
    later = step(a_callback(), TimeChosen(NOW + 2 * HOUR), NOW, PLAN)
    asked = step(later, Taken(ANA, NOW + 5 * MINUTE), NOW, PLAN)
    assert asked.due_at is None
    assert step(asked, let_go, NOW + 6 * MINUTE, PLAN).due_at == NOW + 2 * HOUR
    assert step(asked, let_go, NOW + 3 * HOUR, PLAN).due_at == NOW + 3 * HOUR
