"""What no history of an escalation can break."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.model import WITH_POLICY, EscalationId, How, StaffId, Subject
from hotline.oncall import escalation as escalation_rule
from hotline.oncall.escalation import (
    Accepted,
    Acknowledged,
    CancelPage,
    Claimed,
    Closed,
    Declined,
    Escalation,
    EscalationStatus,
    Event,
    LeftByHuman,
    Offered,
    Opened,
    Page,
    People,
    Rested,
    Ring,
    Summoned,
    TakenOver,
    Unreached,
    Untouched,
    WaitOver,
    open_escalation,
)
from hotline.oncall.escalation_moves import MOVES, asks_who_is_on, step
from hotline.oncall.policy import Policy, Rung, default_policy, late_policy

START = datetime(2025, 3, 4, 17, 0, tzinfo=UTC)
STAFF = tuple(map(StaffId, ("ana", "ben", "cleo", "dan")))
NAMES = ("schedule:one", "schedule:two", "role:supervisor")
ONE_OF_EACH: tuple[Event, ...] = (
    Opened(),
    WaitOver(),
    Accepted(STAFF[0]),
    Declined(STAFF[0]),
    Unreached(STAFF[0]),
    Summoned(STAFF[3]),
    LeftByHuman(),
    Offered(STAFF[3]),
    TakenOver(STAFF[2]),
    Claimed(STAFF[2]),
    Untouched(),
    Rested(START + timedelta(hours=8)),
    Acknowledged(STAFF[2]),
    Closed(None),
)

somebody = st.sampled_from(STAFF)
people = st.builds(
    People,
    on=st.dictionaries(st.sampled_from(NAMES), st.lists(somebody, max_size=4).map(tuple)),
    busy=st.frozensets(somebody),
    speak=st.frozensets(somebody),
    passed=st.frozensets(st.integers(0, 2)),
)
an_event: st.SearchStrategy[Event] = st.one_of(
    st.just(WaitOver()),
    st.builds(Unreached, somebody),
    st.builds(Declined, somebody),
    st.builds(Accepted, somebody),
    st.builds(Summoned, somebody),
    st.builds(Offered, somebody),
    st.builds(TakenOver, somebody),
    st.builds(Claimed, somebody),
    st.builds(Acknowledged, somebody),
    st.sampled_from([Opened(), LeftByHuman(), Untouched(), Closed(None)]),
)
a_rung = st.builds(
    Rung,
    who=st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map(tuple),
    how=st.sampled_from([(How.CALL,), (How.TEXT,), (How.CALL, How.TEXT)]),
    together=st.booleans(),
    wait=st.integers(1, 60).map(lambda seconds: timedelta(seconds=seconds)),
)
rungs = st.lists(a_rung, min_size=1, max_size=3).map(tuple)
a_policy = st.one_of(
    st.builds(
        Policy,
        subject=st.just(Subject.EMERGENCY),
        rungs=rungs,
        pause=st.just(timedelta(0)),
        acknowledge=st.sampled_from([1, 2]),
    ),
    st.builds(
        Policy,
        subject=st.just(Subject.CALLBACK),
        rungs=rungs,
        pause=st.integers(0, 60).map(lambda seconds: timedelta(seconds=seconds)),
    ),
)
a_history = st.lists(st.tuples(an_event, people, st.integers(0, 90)), max_size=40)


def check_what_always_holds(escalation: Escalation) -> None:
    """The promises of the module's header."""
    reaching = escalation.status is EscalationStatus.REACHING
    assert (escalation.next_at is not None) == reaching
    if not reaching:
        assert not escalation.ringing
        assert not escalation.queue
        assert not escalation.nobody
    if escalation.status is not EscalationStatus.CLOSED:
        accepted = escalation.status is EscalationStatus.ACCEPTED
        assert (escalation.accepted_by is not None) == accepted
        assert (escalation.accepted_at is not None) == accepted
        assert accepted or escalation.offered_to is None
    else:
        assert escalation.offered_to is None
    assert escalation.passed_over <= escalation.ringing
    assert escalation.coming <= escalation.ringing
    assert escalation.offered_to is None or escalation.offered_to != escalation.accepted_by
    assert -1 <= escalation.rung < len(escalation.policy.rungs)
    assert len(set(escalation.queue)) == len(escalation.queue)
    if escalation.policy.acknowledge == 1:
        assert not escalation.knows
    elif escalation.accepted_by is not None:
        assert escalation.accepted_by in escalation.knows


def test_the_table_knows_every_status_and_every_event() -> None:
    """And so do the samples here."""
    known = set(get_args(escalation_rule.Event))
    assert set(MOVES) == set(EscalationStatus)
    assert {event for row in MOVES.values() for event in row} == known == set(map(type, ONE_OF_EACH))


@pytest.mark.parametrize(
    ("subject", "status", "event"),
    list(itertools.product(WITH_POLICY, EscalationStatus, ONE_OF_EACH)),
    ids=str,
)
def test_every_status_and_event_does_what_the_table_says(
    subject: Subject, status: EscalationStatus, event: Event
) -> None:
    """A move leads only where the table says; anything else changes nothing and rings nobody."""
    crew = People(dict.fromkeys(default_policy(subject).named, STAFF), frozenset())
    fresh = open_escalation(EscalationId("e"), default_policy(subject), START)
    begun, _ = step(fresh, Opened(), crew, START)
    accepted, _ = step(begun, Accepted(STAFF[1]), crew, START)
    closed, _ = step(begun, Closed(None), crew, START)
    before = {
        EscalationStatus.REACHING: begun,
        EscalationStatus.ACCEPTED: accepted,
        EscalationStatus.CLOSED: closed,
    }[status]
    after, asks = step(before, event, crew, START + timedelta(minutes=5))
    check_what_always_holds(after)
    allowed = MOVES[status].get(type(event))
    if allowed is None:
        assert (after, asks) == (before, ())
    else:
        assert after.status in (allowed, status)


@given(a_policy, a_history)
def test_no_history_breaks_what_always_holds(
    policy: Policy, history: list[tuple[Event, People, int]]
) -> None:
    """Always a next look while reaching; one human at most; only `Accepted` accepts; closed is final."""
    escalation, now = open_escalation(EscalationId("e"), policy, START), START
    for event, crew, seconds in history:
        now += timedelta(seconds=seconds)
        before = escalation
        escalation, asks = step(escalation, event, crew, now)
        check_what_always_holds(escalation)
        assert escalation.round >= before.round
        if before.status is EscalationStatus.CLOSED:
            assert (escalation, asks) == (before, ())
        if escalation.status is EscalationStatus.ACCEPTED != before.status:
            assert event == Accepted(escalation.accepted_by or StaffId(""))
        if before.status is escalation.status is EscalationStatus.ACCEPTED and escalation != before:
            assert_only_handing_over_changed(before, event, escalation)


def assert_only_handing_over_changed(before: Escalation, event: Event, after: Escalation) -> None:
    """It is offered, refused, or taken over by whoever it was offered to, or at once by a supervisor; nobody else."""
    kept = replace(before, offered_to=after.offered_to, accepted_at=after.accepted_at, knows=after.knows)
    if after.accepted_by != before.accepted_by:
        taker = after.accepted_by or StaffId("")
        assert event == TakenOver(taker) or (event == Accepted(taker) and taker == before.offered_to)
        kept = replace(kept, accepted_by=after.accepted_by)
    assert after == kept


@given(a_policy, a_history, people, somebody)
def test_a_text_changes_nothing_for_anybody_else(
    policy: Policy, history: list[tuple[Event, People, int]], crew: People, by: StaffId
) -> None:
    """Whoever claims it by text is rung; everybody else is paged at the same times and in the same way."""
    escalation, now = open_escalation(EscalationId("e"), policy, START), START
    for event, there, seconds in history:
        now += timedelta(seconds=seconds)
        escalation, _ = step(escalation, event, there, now)
    claimed, asks = step(escalation, Claimed(by), crew, now)
    assert asks in ((), (Ring(by),))
    assert claimed.status is escalation.status
    assert claimed.accepted_by == escalation.accepted_by
    assert (claimed.next_at, claimed.rung, claimed.round) == (
        escalation.next_at,
        escalation.rung,
        escalation.round,
    )
    assert claimed.ringing - {by} == escalation.ringing - {by}
    assert [one for one in claimed.queue if one != by] == [one for one in escalation.queue if one != by]


@given(a_policy, a_history)
def test_nobody_has_two_calls_for_one_escalation(
    policy: Policy, history: list[tuple[Event, People, int]]
) -> None:
    """A new page to somebody whose phone may ring is only sent after the old one was called off."""
    escalation, now = open_escalation(EscalationId("e"), policy, START), START
    open_pages: set[StaffId] = set()
    for event, crew, seconds in history:
        now += timedelta(seconds=seconds)
        if isinstance(event, Declined | Unreached):
            open_pages.discard(event.by)
        if isinstance(event, Accepted) and escalation.status is EscalationStatus.REACHING:
            open_pages.discard(event.by)  # they are with the caller now, not being paged
        escalation, asks = step(escalation, event, crew, now)
        if isinstance(event, Accepted | TakenOver) and escalation.accepted_by == event.by:
            open_pages.discard(event.by)
        for ask in asks:
            if isinstance(ask, CancelPage):
                open_pages.discard(ask.staff)
            elif isinstance(ask, Page):
                assert ask.staff not in open_pages
                open_pages.add(ask.staff)
            elif isinstance(ask, Ring):
                open_pages.add(ask.staff)
        asked = {escalation.offered_to} if escalation.offered_to else set()
        assert open_pages == escalation.ringing | asked


@given(a_policy, a_history)
def test_the_clock_always_moves_it_on(policy: Policy, history: list[tuple[Event, People, int]]) -> None:
    """A look in time leaves the next one in the future, and if anybody can be rung, somebody soon is."""
    escalation, now = open_escalation(EscalationId("e"), policy, START), START
    for event, crew, seconds in history:
        now += timedelta(seconds=seconds)
        escalation, _ = step(escalation, event, crew, now)
    if escalation.status is not EscalationStatus.REACHING:
        return
    everybody = People(dict.fromkeys(NAMES, STAFF), frozenset())
    paged: set[StaffId] = set()
    for _ in range(40):
        assert escalation.next_at is not None
        now = max(now, escalation.next_at)
        escalation, asks = step(escalation, WaitOver(), everybody, now)
        assert escalation.next_at is not None
        assert escalation.next_at > now
        paged |= {ask.staff for ask in asks if isinstance(ask, Page)}
    assert paged == set(STAFF)


@given(a_policy, st.lists(st.booleans(), min_size=60, max_size=60), people)
def test_the_last_rung_is_never_repeated_too_soon(policy: Policy, answers: list[bool], crew: People) -> None:
    """However fast everybody says no, the wait and the pause lie between two rounds."""
    escalation, now = open_escalation(EscalationId("e"), policy, START), START
    escalation, asks = step(escalation, Opened(), crew, now)
    began, rounds, wait = now, escalation.round, policy.rungs[escalation.rung].wait
    for no_at_once in answers:
        assert escalation.next_at is not None
        nos: list[Event] = [Unreached(staff) for staff in sorted(escalation.ringing) if no_at_once]
        now = now if nos else max(now, escalation.next_at)
        for event in nos or [WaitOver()]:
            escalation, asks = step(escalation, event, crew, now)
            if asks and escalation.round > rounds:
                assert now - began >= wait + policy.pause
            if asks:
                began, rounds, wait = now, escalation.round, policy.rungs[escalation.rung].wait


@given(a_policy, a_history, people, somebody)
def test_the_same_event_twice_is_the_same_as_once(
    policy: Policy, history: list[tuple[Event, People, int]], crew: People, by: StaffId
) -> None:
    """Webhooks come twice: no second page leaves."""
    escalation, now = open_escalation(EscalationId("e"), policy, START), START
    for event, there, seconds in history:
        now += timedelta(seconds=seconds)
        escalation, _ = step(escalation, event, there, now)
    for twice in (Opened(), WaitOver(), Accepted(by), LeftByHuman(), Offered(by), Untouched(), Closed(by)):
        once, _ = step(escalation, twice, crew, now)
        assert step(once, twice, crew, now) == (once, ())


@given(a_policy, a_history, people, an_event)
def test_who_is_on_changes_nothing_where_nobody_asks(
    policy: Policy, history: list[tuple[Event, People, int]], crew: People, event: Event
) -> None:
    """So it need not be looked up for a key that accepts, or for a phone that rings out beside others."""
    escalation, now = open_escalation(EscalationId("e"), policy, START), START
    for happened, there, seconds in history:
        now += timedelta(seconds=seconds)
        escalation, _ = step(escalation, happened, there, now)
    if not asks_who_is_on(escalation, event):
        assert step(escalation, event, crew, now) == step(escalation, event, escalation_rule.NOBODY, now)


@given(a_policy, people)
def test_whoever_is_paged_is_on_and_is_not_busy(policy: Policy, crew: People) -> None:
    """Busy people are rung for emergencies only, and texted for all; nobody is said to be on when nobody is."""
    fresh = open_escalation(EscalationId("e"), policy, START)
    begun, asks = step(fresh, Opened(), crew, START)
    on = {staff for name in policy.named_but(crew.passed) for staff in crew.on.get(name, ())}
    texted = {
        one
        for index, rung in enumerate(policy.rungs)
        if How.CALL not in rung.how and index not in crew.passed
        for name in rung.who
        for one in crew.on.get(name, ())
    }
    allowed = on if policy.subject is Subject.EMERGENCY else (on - crew.busy) | texted
    pages = [ask for ask in asks if isinstance(ask, Page)]
    paged = [ask.staff for ask in pages]
    assert set(paged) <= allowed
    assert len(set(paged)) == len(paged)
    assert bool(paged) == bool(allowed)
    if policy.subject is not Subject.EMERGENCY:
        assert crew.busy.isdisjoint(ask.staff for ask in pages if How.CALL in ask.how)
    assert begun.nobody == (not on)


def test_the_samples_include_every_default() -> None:
    """Every policy that we ship begins and repeats with everybody on."""
    for policy in (*map(default_policy, WITH_POLICY), late_policy()):
        crew = People(dict.fromkeys(policy.named, STAFF), frozenset())
        escalation, asks = step(open_escalation(EscalationId("e"), policy, START), Opened(), crew, START)
        assert asks
        assert escalation == replace(escalation, status=EscalationStatus.REACHING, round=1)
