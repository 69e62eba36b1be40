"""How an escalation reaches a human: each rule as a small story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from hotline.model import EscalationId, StaffId, Subject
from hotline.oncall.escalation import Escalation, Status, open_escalation, step
from hotline.oncall.events import (
    Accepted,
    Ask,
    CallOff,
    Claimed,
    Closed,
    Declined,
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
    TellHandedOver,
    TellNotTaken,
    TellTaken,
    Unreached,
    Untouched,
    WaitOver,
)
from hotline.oncall.policy import How, Policy, Rung, default_policy

START = datetime(2025, 3, 4, 17, 0, tzinfo=UTC)
ANA, BEN, CLEO, DAN, SUE = map(StaffId, ("ana", "ben", "cleo", "dan", "sue"))
CALL, TEXT = (How.CALL,), (How.TEXT,)
BOTH = (How.CALL, How.TEXT)
ON: Mapping[str, tuple[StaffId, ...]] = {
    "schedule:clinicians": (CLEO, DAN),
    "schedule:supervisors": (SUE,),
    "schedule:coordinators": (ANA, BEN),
}


def a_rung(*who: str, how: tuple[How, ...] = CALL, together: bool = True, wait: int = 30) -> Rung:
    """Schedules by name; `wait` in seconds."""
    named = tuple(f"schedule:{name}" for name in who)
    return Rung(who=named, how=how, together=together, wait=timedelta(seconds=wait))


def a_policy(*rungs: Rung, pause: int = 60) -> Policy:
    """For callbacks; `pause` in seconds."""
    return Policy(subject=Subject.CALLBACK, rungs=rungs, pause=timedelta(seconds=pause))


@dataclass
class Story:
    """An escalation with a watch: seconds since it was opened."""

    escalation: Escalation
    on: Mapping[str, tuple[StaffId, ...]] = field(default_factory=lambda: ON)
    busy: frozenset[StaffId] = frozenset()
    second: int = 0

    def at(self, second: int, event: Event) -> list[Ask]:
        """Let it happen then, and see what leaves the building."""
        self.second = second
        now = START + timedelta(seconds=second)
        self.escalation, asks = step(self.escalation, event, People(self.on, self.busy), now)
        return list(asks)

    @property
    def looks_again(self) -> int:
        """The second at which the clock looks again."""
        assert self.escalation.next_at is not None
        return int((self.escalation.next_at - START).total_seconds())


def a_story(policy: Policy, on: Mapping[str, tuple[StaffId, ...]] = ON, *busy: StaffId) -> Story:
    """Not begun yet."""
    return Story(open_escalation(EscalationId("e"), policy, START), on, frozenset(busy))


def pages(*staff: StaffId, how: tuple[How, ...] = CALL) -> list[Ask]:
    """What is asked for when these are paged."""
    return [Page(person, how) for person in staff]


def test_an_emergency_nobody_answers_goes_from_clinicians_to_everybody_for_ever() -> None:
    """Thirty seconds each, everybody at once, then everybody again without a pause."""
    story = a_story(default_policy(Subject.EMERGENCY))
    everybody = pages(CLEO, DAN, SUE, ANA, BEN, how=BOTH)
    assert story.at(0, Opened()) == pages(CLEO, DAN, how=BOTH)
    for person in (CLEO, DAN):
        story.at(25, Unreached(person))
    assert story.escalation.ringing == {CLEO, DAN, SUE, ANA, BEN}
    for lap in range(1, 50):
        for person in (CLEO, DAN, SUE, ANA, BEN):
            assert story.at(25 + 30 * lap - 5, Unreached(person)) == []
        assert story.looks_again == 25 + 30 * lap
        assert story.at(25 + 30 * lap, WaitOver()) == everybody
        assert story.escalation.round == 1 + lap


def test_the_second_declines_the_third_accepts() -> None:
    """First clinician's phone is off, second says no: everybody is rung at once, and one accepts."""
    story = a_story(default_policy(Subject.EMERGENCY))
    story.at(0, Opened())
    assert story.at(1, Unreached(CLEO)) == []
    assert story.at(4, Declined(DAN)) == pages(CLEO, DAN, SUE, ANA, BEN, how=BOTH)
    assert story.at(6, Accepted(SUE)) == [
        ask for person in (ANA, BEN, CLEO, DAN) for ask in (CallOff(person), TellTaken(person, SUE))
    ]
    assert (story.escalation.status, story.escalation.accepted_by) == (Status.ACCEPTED, SUE)
    assert story.escalation.accepted_at == START + timedelta(seconds=6)


def test_the_first_to_accept_wins() -> None:
    """A later one changes nothing and rings nobody."""
    story = a_story(default_policy(Subject.PERSON))
    story.at(0, Opened())
    story.at(5, Accepted(ANA))
    won = story.escalation
    assert story.at(5, Accepted(BEN)) == []
    assert story.escalation == won


def test_whoever_was_not_paged_may_accept_too() -> None:
    """On the console, by text, before or after their turn."""
    story = a_story(default_policy(Subject.CALLBACK))
    story.at(0, Opened())
    assert story.at(5, Accepted(SUE)) == [
        CallOff(ANA),
        TellTaken(ANA, SUE),
        CallOff(BEN),
        TellTaken(BEN, SUE),
    ]


def test_one_after_the_other_each_has_their_wait() -> None:
    """And a no passes on at once."""
    story = a_story(a_policy(a_rung("coordinators", "supervisors", together=False)))
    assert story.at(0, Opened()) == pages(ANA)
    assert story.at(29, WaitOver()) == []
    assert story.at(30, WaitOver()) == pages(BEN)
    assert story.at(35, Declined(BEN)) == []  # Ana's phone may still be ringing
    assert story.at(36, Unreached(ANA)) == pages(SUE)
    assert story.looks_again == 36 + 30 + 60


def test_someone_in_the_queue_who_got_busy_or_went_off_is_not_paged() -> None:
    """Who is on counts when their turn has come."""
    story = a_story(a_policy(a_rung("coordinators", "supervisors", together=False)))
    story.at(0, Opened())
    story.busy = frozenset({BEN})
    assert story.at(1, Declined(ANA)) == pages(SUE)
    story.on = {"schedule:coordinators": (ANA,)}
    assert story.at(2, Declined(SUE)) == []
    assert story.at(92, WaitOver()) == pages(ANA)


def test_when_the_rest_of_the_queue_has_gone_the_pause_is_still_kept() -> None:
    """The round ended earlier than was thought; the phones rest all the same."""
    story = a_story(a_policy(a_rung("coordinators", together=False)))
    story.at(0, Opened())
    story.busy = frozenset({BEN})
    assert story.at(1, Declined(ANA)) == []
    assert story.looks_again == 90
    assert story.at(90, WaitOver()) == pages(ANA)


def test_phones_that_are_all_off_cause_no_storm_of_calls() -> None:
    """Every call fails within a second; each round still takes its wait and its pause."""
    story = a_story(default_policy(Subject.CALLBACK))
    times: list[int] = []
    asks = story.at(0, Opened())
    while story.second < 3600:
        called = [ask.staff for ask in asks if isinstance(ask, Page)]
        if called:
            times.append(story.second)
        later: list[Ask] = []
        for person in called:
            later += story.at(story.second + 1, Unreached(person))
        asks = later or story.at(story.looks_again, WaitOver())
    laps = [after - before for before, after in pairwise(times[1:])]
    assert times[1] - times[0] == 2  # both phones failed: the second rung at once
    assert set(laps) == {90}


def test_a_rung_on_which_nobody_is_is_passed_over_at_once() -> None:
    """No clinician at night: everybody else in the same second."""
    story = a_story(default_policy(Subject.EMERGENCY), {**ON, "schedule:clinicians": ()})
    assert story.at(0, Opened()) == pages(SUE, ANA, BEN, how=BOTH)
    assert not story.escalation.nobody


def test_a_last_rung_on_which_nobody_is_leaves_the_one_before_it_to_be_repeated() -> None:
    """After its wait and the pause."""
    story = a_story(
        a_policy(a_rung("coordinators"), a_rung("supervisors")), {"schedule:coordinators": (ANA,)}
    )
    assert story.at(0, Opened()) == pages(ANA)
    assert story.at(5, Unreached(ANA)) == []
    assert story.looks_again == 90
    assert story.at(90, WaitOver()) == pages(ANA)


def test_when_nobody_is_on_anywhere_it_says_so_and_looks_again() -> None:
    """Whoever comes on shift is paged at the next look."""
    story = a_story(default_policy(Subject.EMERGENCY), {})
    assert story.at(0, Opened()) == []
    assert (story.escalation.nobody, story.looks_again) == (True, 30)
    assert story.at(30, WaitOver()) == []
    assert (story.escalation.nobody, story.looks_again) == (True, 60)
    story.on = {"schedule:coordinators": (BEN,)}
    assert story.at(60, WaitOver()) == pages(BEN, how=BOTH)
    assert not story.escalation.nobody


def test_busy_people_are_left_alone() -> None:
    """They are on, so it isn't that nobody is; but their call goes on."""
    story = a_story(default_policy(Subject.ADMISSIONS), ON, ANA, BEN)
    assert story.at(0, Opened()) == []
    assert not story.escalation.nobody
    story.busy = frozenset({ANA})
    assert story.at(30, WaitOver()) == pages(BEN)


def test_an_emergency_rings_busy_people_too() -> None:
    """A life before a call."""
    story = a_story(default_policy(Subject.EMERGENCY), ON, CLEO, DAN)
    assert story.at(0, Opened()) == pages(CLEO, DAN, how=BOTH)


def test_a_phone_that_still_rings_is_not_called_a_second_time() -> None:
    """The next rung leaves out whoever may just be pressing 1."""
    story = a_story(default_policy(Subject.EMERGENCY))
    story.at(0, Opened())
    story.at(20, Unreached(DAN))
    assert story.at(30, WaitOver()) == pages(DAN, SUE, ANA, BEN, how=BOTH)
    assert story.escalation.passed_over == {CLEO}
    story.at(31, Unreached(CLEO))
    assert not story.escalation.passed_over


def test_a_phone_of_which_the_carrier_tells_nothing_more_is_called_again_in_the_round_after() -> None:
    """A lost status message mustn't silence anybody for ever: the old call is stopped, a new one made."""
    story = a_story(default_policy(Subject.EMERGENCY), {"schedule:clinicians": (CLEO,)})
    assert story.at(0, Opened()) == pages(CLEO, how=BOTH)
    assert story.at(30, WaitOver()) == []
    assert story.at(60, WaitOver()) == [CallOff(CLEO), *pages(CLEO, how=BOTH)]
    assert story.at(90, WaitOver()) == []


def test_somebody_on_two_schedules_of_a_rung_is_paged_once() -> None:
    """In the place where they are named first."""
    on = {"schedule:coordinators": (BEN, ANA), "schedule:supervisors": (ANA, SUE, ANA)}
    story = a_story(a_policy(a_rung("coordinators", "supervisors")), on)
    assert story.at(0, Opened()) == pages(BEN, ANA, SUE)


def test_an_unanswered_text_is_sent_again() -> None:
    """A text holds no phone: every round texts everybody."""
    rungs = (a_rung("coordinators", how=TEXT, wait=120), a_rung("supervisors", how=TEXT, wait=120))
    story = a_story(a_policy(*rungs, pause=60))
    assert story.at(0, Opened()) == pages(ANA, BEN, how=TEXT)
    assert story.at(120, WaitOver()) == pages(SUE, how=TEXT)
    assert story.at(300, WaitOver()) == [CallOff(SUE), *pages(SUE, how=TEXT)]


def test_a_text_without_answer_keeps_nobody_from_being_called() -> None:
    """Texted on the first rung, called on the second."""
    story = a_story(a_policy(a_rung("coordinators", how=TEXT), a_rung("coordinators")))
    story.at(0, Opened())
    assert [ask for ask in story.at(30, WaitOver()) if isinstance(ask, Page)] == pages(ANA, BEN)


def test_a_look_before_its_time_changes_nothing() -> None:
    """Two clocks may run."""
    story = a_story(default_policy(Subject.CALLBACK))
    story.at(0, Opened())
    assert story.at(30, WaitOver()) == []  # still ringing, so passed over once
    before = story.escalation
    assert story.at(30, WaitOver()) == []
    assert story.escalation == before


def test_the_clock_begins_what_was_never_begun() -> None:
    """A lost first step is made up for."""
    story = a_story(default_policy(Subject.CALLBACK))
    assert story.at(1, WaitOver()) == pages(ANA, BEN)
    assert story.at(1, Opened()) == []


def test_opening_twice_rings_once() -> None:
    """Whatever came in twice."""
    story = a_story(default_policy(Subject.CALLBACK))
    story.at(0, Opened())
    assert story.at(0, Opened()) == []


@pytest.mark.parametrize("event", [Declined(SUE), Unreached(SUE)])
def test_a_no_from_somebody_who_is_not_being_paged_changes_nothing(event: Event) -> None:
    """It came late, or twice."""
    story = a_story(default_policy(Subject.CALLBACK))
    story.at(0, Opened())
    before = story.escalation
    assert story.at(3, event) == []
    assert story.escalation == before


def test_one_who_is_summoned_is_paged_whatever_the_rung() -> None:
    """And only them; the rungs go on as if nothing were."""
    story = a_story(default_policy(Subject.CALLBACK))
    story.at(0, Opened())
    assert story.at(10, Summoned(SUE)) == pages(SUE)
    assert story.looks_again == 30
    assert story.at(11, Summoned(SUE)) == []


def test_one_who_is_summoned_first_has_the_first_wait_alone() -> None:
    """Call now: her own phone rings, and the others' only if she can't."""
    story = a_story(default_policy(Subject.CALLBACK))
    assert story.at(0, Summoned(SUE)) == pages(SUE)
    assert story.looks_again == 30
    assert story.at(7, Declined(SUE)) == pages(ANA, BEN)
    assert story.looks_again == 37


def test_a_second_summons_does_not_put_off_the_first_rung() -> None:
    """However many are summoned."""
    story = a_story(default_policy(Subject.CALLBACK))
    story.at(0, Summoned(SUE))
    assert story.at(20, Summoned(CLEO)) == pages(CLEO)
    assert story.at(30, WaitOver()) == pages(ANA, BEN)


def test_a_dropped_line_rings_the_same_human_first() -> None:
    """Then the rungs, from the first one."""
    story = a_story(default_policy(Subject.EMERGENCY))
    story.at(0, Opened())
    story.at(5, Accepted(CLEO))
    assert story.at(100, LeftByHuman()) == pages(CLEO, how=BOTH)
    assert (story.escalation.status, story.escalation.accepted_by) == (Status.REACHING, None)
    assert story.at(125, Unreached(CLEO)) == pages(CLEO, DAN, how=BOTH)
    assert story.escalation.round == 2


def test_whoever_was_cut_off_and_is_in_another_call_is_not_waited_for() -> None:
    """The line dropped and is in use again: everybody who is free, at once."""
    story = a_story(default_policy(Subject.ADMISSIONS))
    story.at(0, Opened())
    story.at(5, Accepted(ANA))
    story.busy = frozenset({ANA})
    assert story.at(100, LeftByHuman()) == pages(BEN)


def test_a_clinician_who_was_cut_off_is_rung_into_whatever_they_do() -> None:
    """An emergency interrupts everything, here too."""
    story = a_story(default_policy(Subject.EMERGENCY))
    story.at(0, Opened())
    story.at(5, Accepted(CLEO))
    story.busy = frozenset({CLEO})
    assert story.at(100, LeftByHuman()) == pages(CLEO, how=BOTH)


def test_somebody_who_comes_on_where_nobody_was_can_be_summoned() -> None:
    """And it isn't said any more that nobody is on."""
    story = a_story(default_policy(Subject.ADMISSIONS), {})
    story.at(0, Opened())
    assert story.escalation.nobody
    assert story.at(3, Summoned(ANA)) == pages(ANA)
    assert not story.escalation.nobody


def test_an_emergency_on_which_nobody_works_is_paged_again_from_the_first_rung() -> None:
    """At once, the one who had it included."""
    story = a_story(default_policy(Subject.EMERGENCY))
    story.at(0, Opened())
    story.at(5, Accepted(CLEO))
    assert story.at(905, Untouched()) == pages(CLEO, DAN, how=BOTH)
    assert story.escalation.accepted_by is None


def test_what_everybody_was_told_of_rests_and_is_looked_at_again() -> None:
    """Their phones fall silent, and it is open as it was: whoever takes it then has it."""
    story = a_story(default_policy(Subject.EMERGENCY))
    story.at(0, Opened())
    assert story.at(95, Rested(START + timedelta(hours=8))) != []
    assert story.escalation.status is Status.REACHING
    assert story.escalation.ringing == frozenset()
    assert story.at(600, WaitOver()) == []
    story.at(700, Accepted(CLEO))
    assert story.escalation.accepted_by == CLEO


def test_a_text_that_nobody_answers_is_put_before_everybody_again() -> None:
    """Whoever had claimed it may have gone home."""
    story = a_story(default_policy(Subject.THREAD))
    story.at(0, Opened())
    story.at(5, Accepted(ANA))
    assert story.at(905, Untouched()) == pages(ANA, BEN, how=(How.TEXT,))


def test_what_is_handed_over_is_the_giver_s_until_the_other_takes_it() -> None:
    """Only what somebody has can be handed over, and only whoever it is offered to takes it."""
    story = a_story(default_policy(Subject.THREAD))
    story.at(0, Opened())
    assert story.at(1, Offered(BEN)) == []
    assert story.escalation.status is Status.REACHING
    story.at(5, Accepted(ANA))
    assert story.at(9, Offered(BEN)) == [Page(BEN, (How.TEXT,))]
    assert story.escalation.accepted_by == ANA
    assert story.at(10, Accepted(CLEO)) == []
    assert story.escalation.accepted_by == ANA
    assert story.at(11, Accepted(BEN)) == [TellHandedOver(ANA, BEN)]
    assert story.escalation.accepted_by == BEN


def test_a_supervisor_takes_at_once_what_somebody_has_and_only_that() -> None:
    """Whoever had it is told and rung no more; so is whoever was asked to take it over. Twice changes nothing."""
    story = a_story(default_policy(Subject.EMERGENCY))
    story.at(0, Opened())
    assert story.at(1, TakenOver(DAN)) == []
    assert story.escalation.status is Status.REACHING
    story.at(5, Accepted(CLEO))
    story.at(6, Offered(ANA))
    assert story.at(9, TakenOver(DAN)) == [CallOff(ANA), CallOff(CLEO), TellHandedOver(CLEO, DAN)]
    assert (story.escalation.accepted_by, story.escalation.offered_to) == (DAN, None)
    assert story.at(10, TakenOver(DAN)) == []
    assert story.at(11, Offered(CLEO)) == [Page(CLEO, (How.CALL, How.TEXT))]
    assert story.at(12, TakenOver(CLEO)) == [CallOff(DAN), TellHandedOver(DAN, CLEO)]


@pytest.mark.parametrize("no", [Declined(DAN), Unreached(DAN)])
def test_an_emergency_that_is_not_taken_over_stays_where_it_is(no: Event) -> None:
    """They are rung for it; if they can't, or don't pick up, the giver is told that it is still theirs."""
    story = a_story(default_policy(Subject.EMERGENCY))
    story.at(0, Opened())
    story.at(5, Accepted(CLEO))
    assert story.at(9, Offered(DAN)) == [Page(DAN, (How.CALL, How.TEXT))]
    assert story.at(40, no) == [CallOff(DAN), TellNotTaken(CLEO, DAN)]
    assert story.escalation.accepted_by == CLEO
    assert story.escalation.offered_to is None


def test_whoever_is_asked_to_take_it_over_is_asked_no_more_when_it_is_over() -> None:
    """And when it is offered to somebody else, or reached for anew."""
    for event in (Closed(CLEO), Untouched(), LeftByHuman()):
        story = a_story(default_policy(Subject.EMERGENCY))
        story.at(0, Opened())
        story.at(5, Accepted(CLEO))
        story.at(6, Offered(DAN))
        assert story.at(7, event)[0] == CallOff(DAN)
        assert story.escalation.offered_to is None


def test_whoever_claims_an_emergency_by_text_is_rung_and_the_others_are_paged_on() -> None:
    """A text is proof of nobody. The key on the call that rings then is."""
    story = a_story(default_policy(Subject.EMERGENCY))
    story.at(0, Opened())
    story.at(3, Unreached(CLEO))
    assert story.at(5, Claimed(CLEO)) == [Ring(CLEO)]
    assert story.at(6, Claimed(CLEO)) == []
    assert story.escalation.status is Status.REACHING
    asks = story.at(30, WaitOver())
    assert asks
    assert not any(getattr(ask, "staff", None) == CLEO for ask in asks)
    taken = story.at(40, Accepted(CLEO))
    assert CallOff(DAN) in taken
    assert story.escalation.accepted_by == CLEO


def test_whoever_claims_it_by_text_and_does_not_pick_up_is_as_if_they_had_said_nothing() -> None:
    """A stranger wrote with their number, or their battery is empty."""
    story = a_story(default_policy(Subject.EMERGENCY))
    story.at(0, Opened())
    story.at(5, Claimed(CLEO))
    story.at(20, Unreached(CLEO))
    assert story.escalation.coming == frozenset()
    assert story.escalation.next_at == START + timedelta(seconds=30)


def test_whoever_accepted_and_can_t_be_connected_is_waited_for_by_nobody() -> None:
    """On the board they proved who they are; that their phone is off is learnt by ringing it."""
    story = a_story(default_policy(Subject.EMERGENCY))
    story.at(0, Opened())
    story.at(5, Accepted(CLEO))
    assert story.at(20, Unreached(DAN)) == []
    assert story.at(36, Unreached(CLEO)) == pages(CLEO, DAN, how=BOTH)
    assert story.escalation.accepted_by is None


def test_only_emergencies_and_texts_are_paged_again_when_untouched() -> None:
    """A callback has its lease instead."""
    story = a_story(default_policy(Subject.CALLBACK))
    story.at(0, Opened())
    story.at(5, Accepted(ANA))
    before = story.escalation
    assert story.at(905, Untouched()) == []
    assert story.escalation == before


def test_closing_stops_every_phone() -> None:
    """The caller has hung up, or it is settled."""
    story = a_story(default_policy(Subject.CALLBACK))
    story.at(0, Opened())
    assert story.at(5, Closed(None)) == [CallOff(ANA), CallOff(BEN)]
    assert story.escalation.status is Status.CLOSED
    assert story.at(6, Accepted(ANA)) == []
