"""How an escalation reaches a human: each rule as a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from hotline.model import How, StaffId, Subject
from hotline.oncall.escalation import (
    Accepted,
    CancelPage,
    Claimed,
    Closed,
    Declined,
    EscalationStatus,
    Event,
    LeftByHuman,
    Offered,
    Opened,
    Page,
    PagingRequest,
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
from hotline.oncall.policy import Policy, Rung, default_policy
from tests.playbook import Given, Stands, Unchanged
from tests.scripts import At, Paging

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


def paging(policy: Policy, on: Mapping[str, tuple[StaffId, ...]] = ON, *busy: StaffId) -> Paging:
    """Not begun yet."""
    return Paging(policy, on, *busy)


def pages(*staff: StaffId, how: tuple[How, ...] = CALL) -> list[PagingRequest]:
    """What is asked for when these are paged."""
    return [Page(person, how) for person in staff]


def test_an_emergency_nobody_answers_goes_from_clinicians_to_everybody_for_ever() -> None:
    """Thirty seconds each, everybody at once, then everybody again without a pause."""
    everybody = (CLEO, DAN, SUE, ANA, BEN)
    script = (
        paging(default_policy(Subject.EMERGENCY))
        >> At(0, Opened())
        << pages(CLEO, DAN, how=BOTH)
        >> At(25, Unreached(CLEO))
        >> At(25, Unreached(DAN))
        << pages(*everybody, how=BOTH)
        << Stands(ringing=frozenset(everybody))
    )
    for lap in range(1, 50):
        for person in everybody:
            script = script >> At(25 + 30 * lap - 5, Unreached(person))
        script = script << Stands(looks_again=25 + 30 * lap)
        script = script >> At(25 + 30 * lap, WaitOver()) << pages(*everybody, how=BOTH)
    assert script << Stands(round=50)


def test_the_second_declines_the_third_accepts() -> None:
    """First clinician's phone is off, second says no: everybody is rung at once, and one accepts."""
    assert (
        paging(default_policy(Subject.EMERGENCY))
        >> At(0, Opened())
        << ...
        >> At(1, Unreached(CLEO))
        >> At(4, Declined(DAN))
        << pages(CLEO, DAN, SUE, ANA, BEN, how=BOTH)
        >> At(6, Accepted(SUE))
        << [ask for person in (ANA, BEN, CLEO, DAN) for ask in (CancelPage(person), TellTaken(person, SUE))]
        << Stands(status=EscalationStatus.ACCEPTED, accepted_by=SUE)
        << Stands(accepted_at=START + timedelta(seconds=6))
    )


def test_the_first_to_accept_wins() -> None:
    """A later one changes nothing and rings nobody."""
    assert (
        paging(default_policy(Subject.PERSON))
        >> At(0, Opened())
        << ...
        >> At(5, Accepted(ANA))
        << ...
        >> At(5, Accepted(BEN))
        << Unchanged()
    )


def test_whoever_was_not_paged_may_accept_too() -> None:
    """On the console, by text, before or after their turn."""
    assert (
        paging(default_policy(Subject.CALLBACK))
        >> At(0, Opened())
        << ...
        >> At(5, Accepted(SUE))
        << [CancelPage(ANA), TellTaken(ANA, SUE), CancelPage(BEN), TellTaken(BEN, SUE)]
    )


def test_one_after_the_other_each_has_their_wait() -> None:
    """And a no passes on at once."""
    assert (
        paging(a_policy(a_rung("coordinators", "supervisors", together=False)))
        >> At(0, Opened())
        << pages(ANA)
        >> At(29, WaitOver())
        >> At(30, WaitOver())
        << pages(BEN)
        >> At(35, Declined(BEN))
        >> At(36, Unreached(ANA))
        << pages(SUE)
        << Stands(looks_again=36 + 30 + 60)
    )


def test_someone_in_the_queue_who_got_busy_or_went_off_is_not_paged() -> None:
    """Who is on counts when their turn has come."""
    assert (
        paging(a_policy(a_rung("coordinators", "supervisors", together=False)))
        >> At(0, Opened())
        << ...
        >> Given(busy=frozenset({BEN}))
        >> At(1, Declined(ANA))
        << pages(SUE)
        >> Given(on={"schedule:coordinators": (ANA,)})
        >> At(2, Declined(SUE))
        >> At(92, WaitOver())
        << pages(ANA)
    )


def test_when_the_rest_of_the_queue_has_gone_the_pause_is_still_kept() -> None:
    """The round ended earlier than was thought; the phones rest all the same."""
    assert (
        paging(a_policy(a_rung("coordinators", together=False)))
        >> At(0, Opened())
        << ...
        >> Given(busy=frozenset({BEN}))
        >> At(1, Declined(ANA))
        << Stands(looks_again=90)
        >> At(90, WaitOver())
        << pages(ANA)
    )


def test_phones_that_are_all_off_cause_no_storm_of_calls() -> None:
    """Every call fails within a second; each round still takes its wait and its pause."""
    story = paging(default_policy(Subject.CALLBACK))
    assert story
    times: list[int] = []
    second, asks = 0, story.happens(At(0, Opened()))
    while second < 3600:
        called = [ask.staff for ask in asks if isinstance(ask, Page)]
        if called:
            times.append(second)
        later: list[PagingRequest] = []
        for person in called:
            second += 1
            later += story.happens(At(second, Unreached(person)))
        second = second if later else story.field("looks_again")
        asks = later or story.happens(At(second, WaitOver()))
    laps = [after - before for before, after in pairwise(times[1:])]
    assert times[1] - times[0] == 2  # both phones failed: the second rung at once
    assert set(laps) == {90}


def test_a_rung_on_which_nobody_is_is_passed_over_at_once() -> None:
    """No clinician at night: everybody else in the same second."""
    assert (
        paging(default_policy(Subject.EMERGENCY), {**ON, "schedule:clinicians": ()})
        >> At(0, Opened())
        << pages(SUE, ANA, BEN, how=BOTH)
        << Stands(nobody=False)
    )


def test_a_last_rung_on_which_nobody_is_leaves_the_one_before_it_to_be_repeated() -> None:
    """After its wait and the pause."""
    assert (
        paging(a_policy(a_rung("coordinators"), a_rung("supervisors")), {"schedule:coordinators": (ANA,)})
        >> At(0, Opened())
        << pages(ANA)
        >> At(5, Unreached(ANA))
        << Stands(looks_again=90)
        >> At(90, WaitOver())
        << pages(ANA)
    )


def test_when_nobody_is_on_anywhere_it_says_so_and_looks_again() -> None:
    """Whoever comes on shift is paged at the next look."""
    assert (
        paging(default_policy(Subject.EMERGENCY), {})
        >> At(0, Opened())
        << Stands(nobody=True, looks_again=30)
        >> At(30, WaitOver())
        << Stands(nobody=True, looks_again=60)
        >> Given(on={"schedule:coordinators": (BEN,)})
        >> At(60, WaitOver())
        << pages(BEN, how=BOTH)
        << Stands(nobody=False)
    )


def test_busy_people_are_left_alone() -> None:
    """They are on, so it isn't that nobody is; but their call goes on."""
    assert (
        paging(default_policy(Subject.ADMISSIONS), ON, ANA, BEN)
        >> At(0, Opened())
        << Stands(nobody=False)
        >> Given(busy=frozenset({ANA}))
        >> At(30, WaitOver())
        << pages(BEN)
    )


def test_an_emergency_rings_busy_people_too() -> None:
    """A life before a call."""
    assert (
        paging(default_policy(Subject.EMERGENCY), ON, CLEO, DAN)
        >> At(0, Opened())
        << pages(CLEO, DAN, how=BOTH)
    )


def test_a_phone_that_still_rings_is_not_called_a_second_time() -> None:
    """The next rung leaves out whoever may just be pressing 1."""
    assert (
        paging(default_policy(Subject.EMERGENCY))
        >> At(0, Opened())
        << ...
        >> At(20, Unreached(DAN))
        << ...
        >> At(30, WaitOver())
        << pages(DAN, SUE, ANA, BEN, how=BOTH)
        << Stands(passed_over={CLEO})
        >> At(31, Unreached(CLEO))
        << ...
        << Stands(passed_over=frozenset())
    )


def test_a_phone_of_which_the_carrier_tells_nothing_more_is_called_again_in_the_round_after() -> None:
    """A lost status message mustn't silence anybody for ever: the old call is stopped, a new one made."""
    assert (
        paging(default_policy(Subject.EMERGENCY), {"schedule:clinicians": (CLEO,)})
        >> At(0, Opened())
        << pages(CLEO, how=BOTH)
        >> At(30, WaitOver())
        >> At(60, WaitOver())
        << [CancelPage(CLEO), *pages(CLEO, how=BOTH)]
        >> At(90, WaitOver())
    )


def test_somebody_on_two_schedules_of_a_rung_is_paged_once() -> None:
    """In the place where they are named first."""
    on = {"schedule:coordinators": (BEN, ANA), "schedule:supervisors": (ANA, SUE, ANA)}
    assert (
        paging(a_policy(a_rung("coordinators", "supervisors")), on) >> At(0, Opened()) << pages(BEN, ANA, SUE)
    )


def test_an_unanswered_text_is_sent_again() -> None:
    """A text holds no phone: every round texts everybody."""
    rungs = (a_rung("coordinators", how=TEXT, wait=120), a_rung("supervisors", how=TEXT, wait=120))
    assert (
        paging(a_policy(*rungs, pause=60))
        >> At(0, Opened())
        << pages(ANA, BEN, how=TEXT)
        >> At(120, WaitOver())
        << pages(SUE, how=TEXT)
        >> At(300, WaitOver())
        << [CancelPage(SUE), *pages(SUE, how=TEXT)]
    )


def test_a_text_without_answer_keeps_nobody_from_being_called() -> None:
    """Texted on the first rung, called on the second."""
    assert (
        paging(a_policy(a_rung("coordinators", how=TEXT), a_rung("coordinators")))
        >> At(0, Opened())
        << pages(ANA, BEN, how=TEXT)
        >> At(30, WaitOver())
        << [CancelPage(ANA), *pages(ANA), CancelPage(BEN), *pages(BEN)]
    )


def test_a_look_before_its_time_changes_nothing() -> None:
    """Two clocks may run."""
    assert (
        paging(default_policy(Subject.CALLBACK))
        >> At(0, Opened())
        << ...
        >> At(30, WaitOver())
        >> At(30, WaitOver())
        << Unchanged()
    )


def test_the_clock_begins_what_was_never_begun() -> None:
    """A lost first step is made up for."""
    assert paging(default_policy(Subject.CALLBACK)) >> At(1, WaitOver()) << pages(ANA, BEN) >> At(1, Opened())


def test_opening_twice_rings_once() -> None:
    """Whatever came in twice."""
    assert paging(default_policy(Subject.CALLBACK)) >> At(0, Opened()) << ... >> At(0, Opened())


@pytest.mark.parametrize("event", [Declined(SUE), Unreached(SUE)])
def test_a_no_from_somebody_who_is_not_being_paged_changes_nothing(event: Event) -> None:
    """It came late, or twice."""
    assert paging(default_policy(Subject.CALLBACK)) >> At(0, Opened()) << ... >> At(3, event) << Unchanged()


def test_one_who_is_summoned_is_paged_whatever_the_rung() -> None:
    """And only them; the rungs go on as if nothing were."""
    assert (
        paging(default_policy(Subject.CALLBACK))
        >> At(0, Opened())
        << ...
        >> At(10, Summoned(SUE))
        << pages(SUE)
        << Stands(looks_again=30)
        >> At(11, Summoned(SUE))
    )


def test_one_who_is_summoned_first_has_the_first_wait_alone() -> None:
    """Call now: her own phone rings, and the others' only if she can't."""
    assert (
        paging(default_policy(Subject.CALLBACK))
        >> At(0, Summoned(SUE))
        << pages(SUE)
        << Stands(looks_again=30)
        >> At(7, Declined(SUE))
        << pages(ANA, BEN)
        << Stands(looks_again=37)
    )


def test_a_second_summons_does_not_put_off_the_first_rung() -> None:
    """However many are summoned."""
    assert (
        paging(default_policy(Subject.CALLBACK))
        >> At(0, Summoned(SUE))
        << ...
        >> At(20, Summoned(CLEO))
        << pages(CLEO)
        >> At(30, WaitOver())
        << pages(ANA, BEN)
    )


def test_a_dropped_line_rings_the_same_human_first() -> None:
    """Then the rungs, from the first one."""
    assert (
        paging(default_policy(Subject.EMERGENCY))
        >> At(0, Opened())
        << ...
        >> At(5, Accepted(CLEO))
        << ...
        >> At(100, LeftByHuman())
        << pages(CLEO, how=BOTH)
        << Stands(status=EscalationStatus.REACHING, accepted_by=None)
        >> At(125, Unreached(CLEO))
        << pages(CLEO, DAN, how=BOTH)
        << Stands(round=2)
    )


def test_whoever_was_cut_off_and_is_in_another_call_is_not_waited_for() -> None:
    """The line dropped and is in use again: everybody who is free, at once."""
    assert (
        paging(default_policy(Subject.ADMISSIONS))
        >> At(0, Opened())
        << ...
        >> At(5, Accepted(ANA))
        << ...
        >> Given(busy=frozenset({ANA}))
        >> At(100, LeftByHuman())
        << pages(BEN)
    )


def test_a_clinician_who_was_cut_off_is_rung_into_whatever_they_do() -> None:
    """An emergency interrupts everything, here too."""
    assert (
        paging(default_policy(Subject.EMERGENCY))
        >> At(0, Opened())
        << ...
        >> At(5, Accepted(CLEO))
        << ...
        >> Given(busy=frozenset({CLEO}))
        >> At(100, LeftByHuman())
        << pages(CLEO, how=BOTH)
    )


def test_somebody_who_comes_on_where_nobody_was_can_be_summoned() -> None:
    """And it isn't said any more that nobody is on."""
    assert (
        paging(default_policy(Subject.ADMISSIONS), {})
        >> At(0, Opened())
        << ...
        << Stands(nobody=True)
        >> At(3, Summoned(ANA))
        << pages(ANA)
        << Stands(nobody=False)
    )


def test_an_emergency_on_which_nobody_works_is_paged_again_from_the_first_rung() -> None:
    """At once, the one who had it included."""
    assert (
        paging(default_policy(Subject.EMERGENCY))
        >> At(0, Opened())
        << ...
        >> At(5, Accepted(CLEO))
        << ...
        >> At(905, Untouched())
        << pages(CLEO, DAN, how=BOTH)
        << Stands(accepted_by=None)
    )


def test_what_everybody_was_told_of_rests_and_is_looked_at_again() -> None:
    """Their phones fall silent, and it is open as it was: whoever takes it then has it."""
    assert (
        paging(default_policy(Subject.EMERGENCY))
        >> At(0, Opened())
        << pages(CLEO, DAN, how=BOTH)
        >> At(95, Rested(START + timedelta(hours=8)))
        << [CancelPage(CLEO), CancelPage(DAN)]
        << Stands(status=EscalationStatus.REACHING, ringing=frozenset(), looks_again=8 * 3600)
        >> At(600, WaitOver())
        << Unchanged()
        >> At(700, Accepted(CLEO))
        << ...
        << Stands(accepted_by=CLEO)
    )


def test_a_text_that_nobody_answers_is_put_before_everybody_again() -> None:
    """Whoever had claimed it may have gone home."""
    assert (
        paging(default_policy(Subject.THREAD))
        >> At(0, Opened())
        << ...
        >> At(5, Accepted(ANA))
        << ...
        >> At(905, Untouched())
        << pages(ANA, BEN, how=(How.TEXT,))
    )


def test_what_is_handed_over_is_the_giver_s_until_the_other_takes_it() -> None:
    """Only what somebody has can be handed over, and only whoever it is offered to takes it."""
    assert (
        paging(default_policy(Subject.THREAD))
        >> At(0, Opened())
        << ...
        >> At(1, Offered(BEN))
        << Stands(status=EscalationStatus.REACHING)
        >> At(5, Accepted(ANA))
        << ...
        >> At(9, Offered(BEN))
        << [Page(BEN, (How.TEXT,))]
        << Stands(accepted_by=ANA)
        >> At(10, Accepted(CLEO))
        << Stands(accepted_by=ANA)
        >> At(11, Accepted(BEN))
        << [TellHandedOver(ANA, BEN)]
        << Stands(accepted_by=BEN)
    )


def test_a_supervisor_takes_at_once_what_somebody_has_and_only_that() -> None:
    """Whoever had it is told and rung no more; so is whoever was asked to take it over. Twice changes nothing."""
    assert (
        paging(default_policy(Subject.EMERGENCY))
        >> At(0, Opened())
        << ...
        >> At(1, TakenOver(DAN))
        << Stands(status=EscalationStatus.REACHING)
        >> At(5, Accepted(CLEO))
        << ...
        >> At(6, Offered(ANA))
        << ...
        >> At(9, TakenOver(DAN))
        << [CancelPage(ANA), CancelPage(CLEO), TellHandedOver(CLEO, DAN)]
        << Stands(accepted_by=DAN, offered_to=None)
        >> At(10, TakenOver(DAN))
        >> At(11, Offered(CLEO))
        << [Page(CLEO, (How.CALL, How.TEXT))]
        >> At(12, TakenOver(CLEO))
        << [CancelPage(DAN), TellHandedOver(DAN, CLEO)]
    )


@pytest.mark.parametrize("no", [Declined(DAN), Unreached(DAN)])
def test_an_emergency_that_is_not_taken_over_stays_where_it_is(no: Event) -> None:
    """They are rung for it; if they can't, or don't pick up, the giver is told that it is still theirs."""
    assert (
        paging(default_policy(Subject.EMERGENCY))
        >> At(0, Opened())
        << ...
        >> At(5, Accepted(CLEO))
        << ...
        >> At(9, Offered(DAN))
        << [Page(DAN, (How.CALL, How.TEXT))]
        >> At(40, no)
        << [CancelPage(DAN), TellNotTaken(CLEO, DAN)]
        << Stands(accepted_by=CLEO)
        << Stands(offered_to=None)
    )


def test_whoever_is_asked_to_take_it_over_is_asked_no_more_when_it_is_over() -> None:
    """And when it is offered to somebody else, or reached for anew."""
    for event in (Closed(CLEO), Untouched(), LeftByHuman()):
        assert (
            paging(default_policy(Subject.EMERGENCY))
            >> At(0, Opened())
            << ...
            >> At(5, Accepted(CLEO))
            << ...
            >> At(6, Offered(DAN))
            << ...
            >> At(7, event)
            << CancelPage(DAN)
            << ...
            << Stands(offered_to=None)
        )


def test_whoever_claims_an_emergency_by_text_is_rung_and_the_others_are_paged_on() -> None:
    """A text is proof of nobody. The key on the call that rings then is."""
    assert (
        paging(default_policy(Subject.EMERGENCY))
        >> At(0, Opened())
        << pages(CLEO, DAN, how=BOTH)
        >> At(3, Unreached(CLEO))
        >> At(5, Claimed(CLEO))
        << Ring(CLEO)
        >> At(6, Claimed(CLEO))
        << Stands(status=EscalationStatus.REACHING)
        >> At(30, WaitOver())
        << pages(SUE, ANA, BEN, how=BOTH)
        >> At(40, Accepted(CLEO))
        << [ask for one in (ANA, BEN, DAN, SUE) for ask in (CancelPage(one), TellTaken(one, CLEO))]
        << Stands(accepted_by=CLEO)
    )


def test_whoever_claims_it_by_text_and_does_not_pick_up_is_as_if_they_had_said_nothing() -> None:
    """A stranger wrote with their number, or their battery is empty."""
    assert (
        paging(default_policy(Subject.EMERGENCY))
        >> At(0, Opened())
        << ...
        >> At(5, Claimed(CLEO))
        << ...
        >> At(20, Unreached(CLEO))
        << ...
        << Stands(coming=frozenset())
        << Stands(next_at=START + timedelta(seconds=30))
    )


def test_whoever_accepted_and_can_t_be_connected_is_waited_for_by_nobody() -> None:
    """On the board they proved who they are; that their phone is off is learnt by ringing it."""
    assert (
        paging(default_policy(Subject.EMERGENCY))
        >> At(0, Opened())
        << ...
        >> At(5, Accepted(CLEO))
        << ...
        >> At(20, Unreached(DAN))
        >> At(36, Unreached(CLEO))
        << pages(CLEO, DAN, how=BOTH)
        << Stands(accepted_by=None)
    )


def test_only_emergencies_and_texts_are_paged_again_when_untouched() -> None:
    """A callback has its lease instead."""
    assert (
        paging(default_policy(Subject.CALLBACK))
        >> At(0, Opened())
        << ...
        >> At(5, Accepted(ANA))
        << ...
        >> At(905, Untouched())
        << Unchanged()
    )


def test_closing_stops_every_phone() -> None:
    """The caller has hung up, or it is settled."""
    assert (
        paging(default_policy(Subject.CALLBACK))
        >> At(0, Opened())
        << ...
        >> At(5, Closed(None))
        << [CancelPage(ANA), CancelPage(BEN)]
        << Stands(status=EscalationStatus.CLOSED)
        >> At(6, Accepted(ANA))
    )
