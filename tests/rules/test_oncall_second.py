"""Two people must know: one has it, a second says that they know it, and nothing is taken from anybody by that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from hotline.model import EscalationId, How, StaffId, Subject
from hotline.oncall.attention import Attention, wanted
from hotline.oncall.escalation import (
    Accepted,
    Acknowledged,
    AskSecond,
    CancelPage,
    Closed,
    Escalation,
    EscalationStatus,
    Event,
    LeftByHuman,
    Offered,
    Opened,
    Page,
    People,
    SecondOver,
    TakenOver,
    TellHandedOver,
    TellTaken,
    Unreached,
    Untouched,
    open_escalation,
)
from hotline.oncall.escalation_moves import asks_who_is_on, step
from hotline.oncall.policy import ROUND_PAUSE, Policy, default_policy, from_json, second_policy, to_json
from tests.playbook import Stands
from tests.rules.test_oncall_escalation_proofs import START, a_history, a_policy
from tests.scripts import At, Paging

ANA, BEN, CLEO = map(StaffId, ("ana", "ben", "cleo"))
BOTH = (How.CALL, How.TEXT)
TWO = replace(default_policy(Subject.EMERGENCY), acknowledge=2)
ON = {"schedule:clinicians": (ANA, BEN), "schedule:coordinators": (CLEO,)}


def taken() -> Paging:
    """Ana has it, and a second is asked for."""
    return (
        Paging(TWO, ON)
        >> At(0, Opened())
        << [Page(ANA, BOTH), Page(BEN, BOTH)]
        >> At(5, Accepted(ANA))
        << [CancelPage(BEN), TellTaken(BEN, ANA), AskSecond()]
        << Stands(status=EscalationStatus.ACCEPTED, accepted_by=ANA, knows={ANA})
    )


def test_a_second_is_asked_for_until_one_knows_and_it_stays_whose_it_is() -> None:
    assert (
        taken()
        >> At(20, Acknowledged(BEN))
        << [SecondOver()]
        << Stands(accepted_by=ANA, knows={ANA, BEN}, status=EscalationStatus.ACCEPTED)
        >> At(21, Acknowledged(CLEO))
        << []
        << Stands(accepted_by=ANA)
    )


def test_whoever_has_it_is_not_the_second() -> None:
    """However often they say that they know."""
    assert taken() >> At(9, Acknowledged(ANA)) << [] << Stands(knows={ANA})


def test_nobody_is_asked_any_more_when_it_is_closed() -> None:
    assert taken() >> At(60, Closed(ANA)) << [SecondOver()] << Stands(status=EscalationStatus.CLOSED)


def test_handing_it_over_makes_two_who_know() -> None:
    """The giver and the taker; so does a supervisor who takes it."""
    assert (
        taken()
        >> At(30, Offered(BEN))
        << [Page(BEN, BOTH)]
        >> At(40, Accepted(BEN))
        << [TellHandedOver(ANA, BEN), SecondOver()]
        << Stands(accepted_by=BEN, knows={ANA, BEN})
    )
    assert (
        taken()
        >> At(30, TakenOver(CLEO))
        << [CancelPage(ANA), TellHandedOver(ANA, CLEO), SecondOver()]
        << Stands(accepted_by=CLEO)
    )


@pytest.mark.parametrize("event", [LeftByHuman(), Untouched(), Unreached(ANA)], ids=str)
def test_when_somebody_is_looked_for_anew_everybody_is_paged_and_nobody_is_asked_to_know(
    event: Event,
) -> None:
    """Whoever takes it then is the second, if it is somebody else; if it is the same one, a second is asked for."""
    people = People(ON, frozenset())
    begun, _ = step(open_escalation(EscalationId("e"), TWO, START), Opened(), people, START)
    accepted, _ = step(begun, Accepted(ANA), people, START)
    anew, requests = step(accepted, event, people, START + timedelta(minutes=20))
    assert SecondOver() in requests
    assert anew.status is EscalationStatus.REACHING
    for by, asked in ((BEN, False), (ANA, True)):
        again, requests = step(anew, Accepted(by), people, START + timedelta(minutes=21))
        assert (AskSecond() in requests) is asked is again.lacks_second


def test_where_one_is_enough_nobody_is_asked() -> None:
    """As before: also if somebody says that they know."""
    one = (
        Paging(default_policy(Subject.EMERGENCY), ON) >> At(0, Opened()) << [Page(ANA, BOTH), Page(BEN, BOTH)]
    )
    assert one >> At(5, Accepted(ANA)) << [CancelPage(BEN), TellTaken(BEN, ANA)] << Stands(knows=set())


@given(a_policy, a_history)
def test_a_second_is_asked_for_exactly_while_one_is_lacking(
    policy: Policy, history: list[tuple[Event, People, int]]
) -> None:
    """Asked once, ended once, whatever happens; `Acknowledged` changes nothing but who knows."""
    escalation, now, asked = open_escalation(EscalationId("e"), policy, START), START, False
    for event, crew, seconds in history:
        now += timedelta(seconds=seconds)
        before = escalation
        escalation, requests = step(escalation, event, crew, now)
        seconds_of = [one for one in requests if isinstance(one, AskSecond | SecondOver)]
        assert len(seconds_of) <= 1
        for one in seconds_of:
            assert asked is isinstance(one, SecondOver)
            asked = not asked
        assert asked is escalation.lacks_second is lacking(escalation)
        if isinstance(event, Acknowledged):
            assert escalation == replace(before, knows=escalation.knows)
            assert not asks_who_is_on(before, event)
        assert before.knows <= escalation.knows


def lacking(escalation: Escalation) -> bool:
    """Somebody has it, and nobody else knows."""
    others = escalation.knows - {escalation.accepted_by}
    return (
        escalation.policy.acknowledge == 2 and escalation.status is EscalationStatus.ACCEPTED and not others
    )


@pytest.mark.parametrize("subject", [Subject.EMERGENCY, Subject.THREAD])
def test_the_second_is_asked_by_the_same_rungs_and_in_silence_between_two_rounds(subject: Subject) -> None:
    """It is an escalation of its own, which needs no second; less pressing than any caller on the line."""
    of = replace(default_policy(subject), acknowledge=2)
    asks = second_policy(of)
    assert (asks.rungs, asks.pause, asks.acknowledge) == (of.rungs, ROUND_PAUSE, 1)
    assert from_json(to_json(asks)) == asks
    assert wanted(Subject.SECOND) < Attention.LIVE_CALLER
    with pytest.raises(ValueError, match="asked by the rungs"):
        default_policy(Subject.SECOND)
