"""A warm hand-off as a conversation with its rule: who is fetched, who holds, and that nobody is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.model import Language, Line, Subject
from hotline.referral.hand_off import RUNNING, HandOffEvent, HandOffRequest, HandOffStatus, HandOffStep, step
from hotline.triage.caller_events import LeftAlone, Pressed, PutOnHold, Said, Silent
from hotline.triage.contact import ContactState
from hotline.triage.turn import FetchBack, JoinRoom, Listen, Reach, RememberLanguage, Wait
from tests.playbook import Given, Playbook, Stands
from tests.scripts import Call

RINGING, ANSWERED, ASIDE, JOINED = RUNNING
UNREACHED, LEFT, CALLED_OFF, OVER = (
    HandOffStatus.UNREACHED,
    HandOffStatus.LEFT,
    HandOffStatus.CALLED_OFF,
    HandOffStatus.OVER,
)
FETCH_ASIDE, HOLD_CALLER, BRING_CALLER, BRING_THEM, LET_THEM_GO, TELL, CALLER_ALONE = HandOffRequest


class HandingOver(Playbook):
    """A hand-off, from where it stands."""

    def __init__(self, status: HandOffStatus = RINGING) -> None:
        super().__init__()
        self._first = status
        self.begin()

    def begin(self) -> None:
        """As it was."""
        self._now = HandOffStep(self._first)

    def given(self, facts: dict[str, Any]) -> None:
        """The rule asks for no facts."""
        raise AssertionError(facts)

    def happens(self, event: Any) -> Sequence[Any]:
        """One step."""
        self._now = step(self._now.status, event)
        return self._now.requests

    @property
    def subject(self) -> HandOffStep:
        """Where it stands."""
        return self._now


def test_it_goes_as_it_should() -> None:
    """Each is fetched when the one before is there; the caller holds only while the two speak."""
    assert (
        HandingOver()
        >> HandOffEvent.ANSWERED
        << [FETCH_ASIDE]
        >> HandOffEvent.CAME_ASIDE
        << [HOLD_CALLER]
        >> HandOffEvent.TOGETHER
        << [BRING_CALLER, BRING_THEM]
        << Stands(status=JOINED)
        >> HandOffEvent.HANDER_LEFT
        << []
        >> HandOffEvent.THEIR_LEG_OVER
        << [CALLER_ALONE]
        << Stands(status=OVER)
    )


@pytest.mark.parametrize(
    ("status", "event", "after", "requests"),
    [
        (RINGING, HandOffEvent.THEIR_LEG_OVER, UNREACHED, [TELL]),
        (RINGING, HandOffEvent.HANDER_LEFT, CALLED_OFF, [LET_THEM_GO]),
        (RINGING, HandOffEvent.CALLER_LEFT, CALLED_OFF, [LET_THEM_GO]),
        (RINGING, HandOffEvent.CALLED_OFF, CALLED_OFF, [LET_THEM_GO]),
        (ANSWERED, HandOffEvent.THEIR_LEG_OVER, LEFT, [TELL]),
        (ANSWERED, HandOffEvent.CALLED_OFF, CALLED_OFF, [LET_THEM_GO]),
        (ASIDE, HandOffEvent.THEIR_LEG_OVER, LEFT, [TELL, BRING_CALLER]),
        (ASIDE, HandOffEvent.CALLED_OFF, CALLED_OFF, [LET_THEM_GO, BRING_CALLER]),
        (ASIDE, HandOffEvent.WANTED_BACK, CALLED_OFF, [LET_THEM_GO, TELL]),
        (ASIDE, HandOffEvent.CALLER_LEFT, CALLED_OFF, [LET_THEM_GO, TELL]),
        (ASIDE, HandOffEvent.HANDER_LEFT, CALLED_OFF, [LET_THEM_GO, CALLER_ALONE]),
        (JOINED, HandOffEvent.CALLER_LEFT, OVER, []),
    ],
)
def test_whatever_goes_wrong_somebody_is_told_and_nobody_left(
    status: HandOffStatus, event: HandOffEvent, after: HandOffStatus, requests: list[HandOffRequest]
) -> None:
    assert step(status, event) == HandOffStep(after, tuple(requests))


@pytest.mark.parametrize("status", [UNREACHED, LEFT, CALLED_OFF, OVER])
@pytest.mark.parametrize("event", HandOffEvent)
def test_what_is_over_is_over(status: HandOffStatus, event: HandOffEvent) -> None:
    """News that come late or twice ask for nothing."""
    assert step(status, event) == HandOffStep(status)


@given(st.lists(st.sampled_from(HandOffEvent), max_size=12))
def test_whoever_was_made_to_hold_is_fetched(events: list[HandOffEvent]) -> None:
    """Or has hung up, or has asked for it themselves; and what has begun once never begins again."""
    status, holds, times = RINGING, False, 0
    for event in events:
        done = step(status, event)
        times += FETCH_ASIDE in done.requests
        if HOLD_CALLER in done.requests:
            holds = True
        fetched = {BRING_CALLER, CALLER_ALONE} & set(done.requests)
        if fetched or event in (HandOffEvent.CALLER_LEFT, HandOffEvent.WANTED_BACK):
            holds = False
        status = done.status
        assert holds == (status is ASIDE)
        assert status not in (UNREACHED, LEFT, CALLED_OFF) or status not in RUNNING
    assert times <= 1


# --- the caller's side ---------------------------------------------------------------------------------------------


def test_the_caller_holds_hears_why_and_is_fetched() -> None:
    """The words come again as long as it lasts; once somebody is in the room, so are they."""
    assert (
        Call(ContactState.IN_ROOM, line=Line.ADMISSIONS)
        >> Given(told_aside=True)
        >> PutOnHold()
        << ["on_hold", Listen(Wait.BRIEF)]
        << Stands(state=ContactState.ON_HOLD)
        >> Silent()
        << [Listen(Wait.HOLD)]
        >> Silent()
        << ["on_hold", Listen(Wait.BRIEF)]
        >> Given(told_aside=False, human_ready=True)
        >> Silent()
        << [JoinRoom()]
        << Stands(state=ContactState.IN_ROOM)
    )


@pytest.mark.parametrize("event", [Pressed("0"), Said("a person please")])
def test_who_holds_has_the_person_back(event: object) -> None:
    """By key or by word."""
    assert (
        Call(ContactState.ON_HOLD, line=Line.ADMISSIONS)
        >> Given(told_aside=True)
        >> event
        << ["one_moment", FetchBack(), Listen(Wait.BRIEF)]
        << Stands(state=ContactState.ON_HOLD)
    )


def test_1_is_the_emergency_and_has_the_person_back_too() -> None:
    call = Call(ContactState.ON_HOLD, line=Line.ADMISSIONS) >> Given(told_aside=True) >> Pressed("1")
    assert call << ["emergency", Reach(Subject.EMERGENCY), FetchBack(), Listen(Wait.BRIEF)]


def test_another_language_is_another_language() -> None:
    assert (
        Call(ContactState.ON_HOLD, line=Line.ADMISSIONS)
        >> Given(told_aside=True)
        >> Pressed("8")
        << ["on_hold", RememberLanguage(Language.ES), Listen(Wait.BRIEF)]
        << Stands(state=ContactState.ON_HOLD, language=Language.ES)
    )


@pytest.mark.parametrize("event", [Silent(), LeftAlone()])
def test_when_everybody_is_gone_they_are_told(event: object) -> None:
    """Whoever was to come back has hung up."""
    assert (
        Call(ContactState.ON_HOLD, line=Line.ADMISSIONS)
        >> event
        << ["left_alone", Listen(Wait.BRIEF)]
        << Stands(state=ContactState.AFTER_TALK)
    )


def test_who_was_not_known_before_is_not_known_afterwards() -> None:
    """Somebody whom we rang, and of whom only the coordinator knows who it is."""
    assert (
        Call(ContactState.ON_HOLD, line=Line.ADMISSIONS, outbound=True, unproven=True)
        >> Given(human_ready=True)
        >> Silent()
        << [JoinRoom()]
        << Stands(state=ContactState.IN_ROOM, unproven=True)
    )
