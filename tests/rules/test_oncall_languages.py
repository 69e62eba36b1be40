"""Who speaks the caller's language is rung first; nobody is skipped for it, and no emergency waits for it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.model import EscalationId, How, StaffId, Subject
from hotline.oncall.escalation import (
    Declined,
    Escalation,
    Event,
    Opened,
    Page,
    PagingRequest,
    People,
    Unreached,
    WaitOver,
    open_escalation,
)
from hotline.oncall.escalation_moves import step
from hotline.oncall.policy import Policy, Rung, default_policy

START = datetime(2025, 3, 4, 17, 0, tzinfo=UTC)
ANA, BEN, CLEO, DAN = STAFF = tuple(map(StaffId, ("ana", "ben", "cleo", "dan")))
CALL, TEXT, BOTH = (How.CALL,), (How.TEXT,), (How.CALL, How.TEXT)
NAME = "schedule:all"


def subsets(staff: Sequence[StaffId]) -> list[frozenset[StaffId]]:
    """Every choice of some of them, nobody included."""
    sizes = range(len(staff) + 1)
    return [frozenset(some) for size in sizes for some in itertools.combinations(staff, size)]


def a_policy(subject: Subject, how: tuple[How, ...], *, together: bool, rungs: int = 1) -> Policy:
    """So many rungs alike, of everybody, with 30 seconds each."""
    rung = Rung(who=(NAME,), how=how, together=together, wait=timedelta(seconds=30))
    return Policy(subject=subject, rungs=(rung,) * rungs, pause=timedelta(0))


@dataclass
class Heard:
    """Who was paged, at which second after the beginning, in order."""

    escalation: Escalation
    people: People
    pages: list[tuple[int, StaffId]]

    def happens(self, second: int, event: Event) -> None:
        """Let it happen then."""
        self.escalation, asks = step(self.escalation, event, self.people, START + timedelta(seconds=second))
        self.note(second, asks)

    def note(self, second: int, asks: Sequence[PagingRequest]) -> None:
        """Whoever is paged by these."""
        self.pages += [(second, ask.staff) for ask in asks if isinstance(ask, Page)]

    @property
    def next_second(self) -> int:
        """When the clock looks again."""
        assert self.escalation.next_at is not None
        return int((self.escalation.next_at - START).total_seconds())


def begun(policy: Policy, speak: frozenset[StaffId], *busy: StaffId) -> Heard:
    """Just opened, with everybody on."""
    crew = People({NAME: STAFF}, frozenset(busy), speak)
    heard = Heard(open_escalation(EscalationId("e"), policy, START), crew, [])
    heard.happens(0, Opened())
    return heard


def ignored(policy: Policy, speak: frozenset[StaffId], *busy: StaffId) -> Heard:
    """Every phone of the first round rings out after 25 seconds; texts have no answer."""
    heard, second = begun(policy, speak, *busy), 0
    while heard.escalation.round == 1:
        second = heard.next_second
        for person in sorted(heard.escalation.ringing) if How.CALL in policy.rungs[0].how else ():
            last = max(at for at, paged in heard.pages if paged == person)
            heard.happens(min(last + 25, second), Unreached(person))
        if heard.escalation.round == 1 and heard.next_second == second:
            heard.happens(second, WaitOver())
    heard.pages = [(at, who) for at, who in heard.pages if at < second]
    return heard


LIVE = a_policy(Subject.ADMISSIONS, CALL, together=True)


@pytest.mark.parametrize("speak", subsets(STAFF), ids=lambda some: ",".join(sorted(some)))
def test_the_speakers_phones_ring_first_and_then_everybody_elses(speak: frozenset[StaffId]) -> None:
    """All who speak it at once; a wait later all who don't; with no speaker on, everybody at once."""
    others = set(STAFF) - speak
    heard = begun(LIVE, speak)
    first = speak or set(STAFF)
    assert heard.pages == [(0, person) for person in STAFF if person in first]
    if not speak or not others:
        return
    assert heard.next_second == 30
    heard.happens(30, WaitOver())
    assert heard.pages[len(first) :] == [(30, person) for person in STAFF if person in others]
    assert heard.escalation.rung == 0
    assert heard.next_second == 60


@pytest.mark.parametrize("busy", subsets(STAFF)[1:], ids=lambda some: ",".join(sorted(some)))
def test_speakers_who_are_busy_keep_nobody_waiting(busy: frozenset[StaffId]) -> None:
    """Ana and Ben speak it. If neither is free, everybody else is rung at once."""
    heard = begun(LIVE, frozenset({ANA, BEN}), *busy)
    free_speakers = {ANA, BEN} - busy
    at_once = {person for at, person in heard.pages if at == 0}
    assert at_once == (free_speakers or set(STAFF) - busy)


def test_everybody_else_is_rung_as_soon_as_the_last_speaker_has_said_no() -> None:
    """Nobody waits for phones that don't ring any more."""
    heard = begun(LIVE, frozenset({ANA, BEN}))
    heard.happens(4, Declined(ANA))
    assert len(heard.pages) == 2
    heard.happens(9, Declined(BEN))
    assert heard.pages[2:] == [(9, CLEO), (9, DAN)]


def test_a_busy_listener_of_the_second_part_is_passed_by_and_the_rungs_go_on() -> None:
    """Everybody of the second part has taken another call meanwhile: the next rung, not silence."""
    heard = begun(a_policy(Subject.ADMISSIONS, CALL, together=True, rungs=2), frozenset({ANA}))
    heard.people = replace(heard.people, busy=frozenset({BEN, CLEO, DAN}))
    heard.happens(25, Unreached(ANA))
    assert heard.escalation.rung == 1
    assert heard.pages == [(0, ANA), (25, ANA)]


def test_one_after_the_other_the_speakers_come_first() -> None:
    """Nobody's turn is longer for it."""
    heard = ignored(a_policy(Subject.CALLBACK, CALL, together=False), frozenset({BEN, DAN}))
    assert [person for _, person in heard.pages] == [BEN, DAN, ANA, CLEO]


@pytest.mark.parametrize(
    ("subject", "how"), [(Subject.THREAD, TEXT), (Subject.THREAD, BOTH), (Subject.CALLBACK, TEXT)]
)
def test_a_text_to_be_read_and_texts_to_staff_go_to_everybody_at_once(
    subject: Subject, how: tuple[How, ...]
) -> None:
    """Whoever reads it first may see what it is about; the promise is two minutes. The speakers come first in order."""
    heard = begun(a_policy(subject, how, together=True), frozenset({DAN}))
    assert heard.pages == [(0, DAN), (0, ANA), (0, BEN), (0, CLEO)]


@pytest.mark.parametrize("speak", subsets(STAFF), ids=lambda some: ",".join(sorted(some)))
def test_an_emergency_rings_everybody_at_once_the_speakers_first_in_order(speak: frozenset[StaffId]) -> None:
    """The very same second, whoever speaks what."""
    heard = begun(a_policy(Subject.EMERGENCY, BOTH, together=True), speak)
    assert {at for at, _ in heard.pages} == {0}
    order = [person for _, person in heard.pages]
    assert order == [*(one for one in STAFF if one in speak), *(one for one in STAFF if one not in speak)]


@pytest.mark.parametrize("subject", [Subject.EMERGENCY, Subject.ADMISSIONS, Subject.CALLBACK, Subject.THREAD])
@pytest.mark.parametrize("how", [CALL, TEXT, BOTH], ids="+".join)
def test_nobody_of_a_rung_is_ever_skipped(subject: Subject, how: tuple[How, ...]) -> None:
    """Whoever can be reached is paged once on every rung, whoever speaks what and whoever is busy.

    In an emergency, and by text, that is everybody.
    """
    ways = itertools.product((True, False), (1, 2), subsets(STAFF[:3]), (frozenset[StaffId](), {BEN}))
    for together, rungs, speak, busy in ways:
        heard = ignored(a_policy(subject, how, together=together, rungs=rungs), speak, *busy)
        interrupted = subject is Subject.EMERGENCY or how == TEXT
        expected = set(STAFF) if interrupted else set(STAFF) - busy
        times = {person: sum(paged == person for _, paged in heard.pages) for person in STAFF}
        assert times == {person: rungs if person in expected else 0 for person in STAFF}


somebody = st.sampled_from(STAFF)
names = ("schedule:one", "schedule:two")
rung = st.builds(
    Rung,
    who=st.lists(st.sampled_from(names), min_size=1, max_size=2).map(tuple),
    how=st.sampled_from([CALL, TEXT, BOTH]),
    together=st.booleans(),
    wait=st.integers(1, 60).map(lambda seconds: timedelta(seconds=seconds)),
)
emergency = st.builds(
    Policy,
    subject=st.just(Subject.EMERGENCY),
    rungs=st.lists(rung, min_size=1, max_size=3).map(tuple),
    pause=st.just(timedelta(0)),
)
crews = st.builds(
    People,
    on=st.fixed_dictionaries({name: st.lists(somebody, max_size=4).map(tuple) for name in names}),
    busy=st.frozensets(somebody),
    speak=st.frozensets(somebody),
)


@given(emergency, crews, st.integers(1, 30))
def test_no_emergency_waits_longer_because_of_a_language(policy: Policy, crew: People, looks: int) -> None:
    """The times at which phones ring are the same, whoever speaks what; only whose may differ."""

    def rings(people: People) -> list[datetime]:
        escalation, asks = step(open_escalation(EscalationId("e"), policy, START), Opened(), people, START)
        now, at = START, [START for ask in asks if isinstance(ask, Page)]
        for _ in range(looks):
            assert escalation.next_at is not None
            now = escalation.next_at
            for person in sorted(escalation.ringing):
                escalation, more = step(escalation, Unreached(person), people, now)
                at += [now for ask in more if isinstance(ask, Page)]
            if escalation.next_at == now:
                escalation, more = step(escalation, WaitOver(), people, now)
                at += [now for ask in more if isinstance(ask, Page)]
        return at

    assert rings(crew) == rings(replace(crew, speak=frozenset()))


def test_a_live_caller_hears_every_phone_ring_within_the_hold() -> None:
    """With the usual policy both parts have rung when the sixty seconds of a hold are over."""
    named = default_policy(Subject.ADMISSIONS).named
    crew = People(dict.fromkeys(named, STAFF), frozenset(), frozenset({ANA}))
    heard = Heard(open_escalation(EscalationId("e"), default_policy(Subject.ADMISSIONS), START), crew, [])
    heard.happens(0, Opened())
    heard.happens(25, Unreached(ANA))
    assert {person for at, person in heard.pages if at < 60} == set(STAFF)
