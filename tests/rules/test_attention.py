"""One order for everybody's attention, proven for every pair of things that want a human."""

from __future__ import annotations

import itertools

import pytest

from hotline.model import EscalationId, StaffId, Subject
from hotline.oncall.attention import (
    Attention,
    StaffCall,
    Stage,
    Waiting,
    called_off,
    kept,
    occupied,
    wanted,
)

ANA, BEN = StaffId("ana"), StaffId("ben")
MINE, OTHER = EscalationId("mine"), EscalationId("other")


def call(wants: Attention, stage: Stage, person: StaffId = ANA) -> StaffCall:
    """A call about something else than mine."""
    return StaffCall(person, OTHER, wants, stage)


def test_the_order() -> None:
    """Emergency, live caller, overdue callback, due callback, text; whichever line a caller holds for."""
    places = [
        wanted(Subject.THREAD),
        wanted(Subject.CALLBACK),
        wanted(Subject.CALLBACK, late=True),
        wanted(Subject.ADMISSIONS),
        wanted(Subject.EMERGENCY),
    ]
    assert places == sorted(set(places))
    live = (Subject.ADMISSIONS, Subject.FAMILY, Subject.PERSON, Subject.CLINICIAN)
    assert {wanted(subject) for subject in live} == {Attention.LIVE_CALLER}
    assert wanted(Subject.CALLBACK, own=True, late=True) is Attention.LIVE_CALLER
    assert wanted(Subject.EMERGENCY, gone=True) is Attention.LIVE_CALLER


@pytest.mark.parametrize(("wants", "has"), list(itertools.product(Attention, Attention)))
def test_a_ringing_phone_is_had_for_more_and_only_for_more(wants: Attention, has: Attention) -> None:
    """Every pair: it rings for less, and is called off; or for as much or more, and is left to ring."""
    ringing = call(has, Stage.RINGS)
    more = wants > has
    assert called_off([ringing], ANA, wants, MINE) == ((ringing,) if more else ())
    assert occupied([ringing], wants) == (frozenset() if more else {ANA})


@pytest.mark.parametrize(("wants", "has"), list(itertools.product(Attention, Attention)))
def test_who_has_picked_up_is_left_alone_but_in_an_emergency(wants: Attention, has: Attention) -> None:
    """They decide within seconds. An emergency doesn't wait for that."""
    heard = call(has, Stage.PICKED_UP)
    gives_way = wants is Attention.EMERGENCY and has is not Attention.EMERGENCY
    assert bool(called_off([heard], ANA, wants, MINE)) == gives_way
    assert (ANA in occupied([heard], wants)) == (not gives_way)


@pytest.mark.parametrize(("wants", "has"), list(itertools.product(Attention, Attention)))
def test_nobody_is_called_off_a_talk(wants: Attention, has: Attention) -> None:
    """Whatever waits: somebody is listening to them."""
    assert called_off([call(has, Stage.TALKS)], ANA, wants, MINE) == ()
    assert occupied([call(has, Stage.TALKS)], wants) == {ANA}


def test_what_rings_for_the_same_thing_is_not_called_off_and_keeps_nobody() -> None:
    """The rungs see to that themselves."""
    mine = StaffCall(ANA, MINE, Attention.TEXT, Stage.RINGS)
    assert called_off([mine], ANA, Attention.EMERGENCY, MINE) == ()
    assert occupied([mine], Attention.TEXT, besides=MINE) == frozenset()


def test_only_their_own_phone_is_called_off() -> None:
    """Ben's rings on for the callback."""
    calls = [call(Attention.DUE_CALLBACK, Stage.RINGS), call(Attention.DUE_CALLBACK, Stage.RINGS, BEN)]
    assert [one.person for one in called_off(calls, ANA, Attention.LIVE_CALLER, MINE)] == [ANA]


@pytest.mark.parametrize(("wants", "waits"), list(itertools.product(Attention, Attention)))
def test_phones_are_kept_from_callbacks_and_texts_for_whoever_waits_on_the_line(
    wants: Attention, waits: Attention
) -> None:
    """And from nobody else: an emergency needs no keeping, it takes the phones that it wants."""
    waiting = [Waiting(waits, frozenset({ANA}))]
    keeps = waits in (Attention.LIVE_CALLER, Attention.EMERGENCY) and wants < Attention.LIVE_CALLER
    assert kept(waiting, wants) == ({ANA} if keeps else frozenset())
