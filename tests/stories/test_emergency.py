"""Story 4: somebody presses 1. The 911 words at once, the page in the same second, a clinician as soon as one can."""

from datetime import timedelta
from itertools import pairwise

import pytest

from hotline.model import Outcome
from hotline.operations.console import coordinator
from hotline.operations.staff.responder import Assigned
from hotline.simulator import Behaviour
from tests.operations.texting import code_of, writes
from tests.stories.centre import ONE_BY_ONE
from tests.stories.conftest import Building
from tests.stories.people import Person
from tests.stories.records import emergencies, last_outcome, the_emergency
from tests.stories.world import ANA, CLEO, DEV, EVA, SUE, World


def mia_presses_1(world: World) -> None:
    """The 911 words come at once."""
    world.mia.calls().hears("9-1-1").presses("1").hears("Please hang up now and dial 9-1-1", within=1)


def test_the_page_leaves_on_the_key_press(world: World) -> None:
    """Text and call to every clinician on call, in the very second in which the key was pressed."""
    world.mia.calls()
    pressed_at = world.clock.now
    world.mia.presses("1")
    for number in (CLEO, DEV, EVA):
        assert [call.created_at for call in world.calls_to(number)] == [pressed_at]
        assert [text.created_at for text in world.sim.messages if text.to == number] == [pressed_at]


def test_guidance_alternates_until_somebody_comes(world: World) -> None:
    """What to do is the hold music: both halves, again and again, and no other words."""
    mia_presses_1(world)
    world.mia.hears("Put the phone on speaker", within=15).hears("one breath every 5 seconds", within=15)
    world.mia.hears("Put the phone on speaker", within=15).hears("one breath every 5 seconds", within=15)


@pytest.mark.both_databases
def test_the_third_clinician_is_with_the_caller(world: World) -> None:
    """The first one's phone is off, the second declines with 2, the third presses 1."""
    world.phones(Behaviour.OFF, world.cleo)
    mia_presses_1(world)
    world.dev.answers().hears("English. Press 1 to connect, 2 if you can't").presses("2")
    world.dev.hears("The next person is being called")
    world.eva.answers().presses("1").hears("Emergency. Waiting").meets(world.mia)
    world.eva.reads("emergency waiting")
    assert not world.mia.has_heard("treatment, press 4")


def test_one_after_the_other_if_the_policy_says_so(building: Building) -> None:
    """The same with a policy that asks one clinician at a time: off passes on at once, so does 2."""
    world = building(document=ONE_BY_ONE)
    world.phones(Behaviour.OFF, world.cleo)
    mia_presses_1(world)
    assert not world.eva.rings
    world.dev.answers(within=5).presses("2")
    world.eva.answers(within=5).presses("1").meets(world.mia)


def test_a_silent_phone_passes_on_after_its_wait(building: Building) -> None:
    """Nobody picks up: the next one is asked when the rung's wait is over."""
    world = building(document=ONE_BY_ONE)
    world.phones(Behaviour.IGNORES, world.cleo)
    mia_presses_1(world)
    world.dev.answers(within=25).presses("1").meets(world.mia)


def test_the_others_stop_ringing_and_are_told(world: World) -> None:
    """First accept wins; whoever has the text on their screen reads who has it."""
    mia_presses_1(world)
    world.cleo.answers().presses("1").meets(world.mia)
    world.until(lambda: not world.dev.rings and not world.eva.rings, within=12)
    world.dev.reads("was taken by Cleo", within=20)
    world.eva.reads("was taken by Cleo", within=20)
    assert not world.cleo.has_read("was taken by")


@pytest.mark.parametrize("by_reference", [False, True])
def test_accepted_by_text(world: World, by_reference: bool) -> None:
    """1, or the code alone, is a claim: their phone rings, the others' ring on, and 1 on the telephone accepts."""
    mia_presses_1(world)
    code = code_of(world.dev)
    world.dev.texts(code if by_reference else "1").reads(f"{code}: your phone rings now. Press 1 on it")
    assert world.dev.rings
    assert world.eva.rings
    assert the_emergency(world).escalation.accepted_by is None
    assert world.board().emergencies[0].coming == ("Dev Rao",)
    world.dev.answers(within=30).presses("1").meets(world.mia)
    world.until(lambda: not world.eva.rings, within=12)


@pytest.mark.parametrize("after", [0.0, 0.5, 1.0, 2.0])
def test_a_withheld_caller_who_goes_as_they_are_put_through_leaves_nobody_waiting(
    world: World, after: float
) -> None:
    """Whoever has pressed 1 is told, and asked; their phone is free for the next one."""
    world.mia.calls(withheld=True).hears("9-1-1").presses("1")
    world.until(lambda: world.cleo.rings, within=5)
    world.cleo.answers()
    world.cleo.phone.presses("1")
    world.passes(after)
    world.mia.phone.hangs_up()
    world.cleo.hears("Is this emergency closed", within=12).presses("1")
    world.until(lambda: not world.cleo.in_call, within=10)
    assert emergencies(world) == []


@pytest.mark.parametrize("after", [0.0, 0.5, 1.0])
def test_who_goes_as_they_are_put_through_is_rung_back_and_the_clinician_knows(
    world: World, after: float
) -> None:
    """Not "they are not on the line yet" for two minutes, as if they were about to come."""
    mia_presses_1(world)
    world.passes(20)
    world.cleo.answers()
    world.cleo.phone.presses("1")
    world.passes(after)
    world.mia.phone.hangs_up()
    world.cleo.hears("They hung up, and may be calling 9-1-1. We call them in 2 minutes", within=12)
    world.mia.answers(within=200).hears("We are calling you back").presses("1").meets(world.cleo)


def test_accepted_by_text_with_the_phone_off_goes_on_to_others(world: World) -> None:
    """A text is proof of nobody: while it is only that, the next ones are paged at the same second as without it."""
    world.phones(Behaviour.OFF, *world.clinicians)
    mia_presses_1(world)
    world.dev.reads("Code").texts("1").reads("your phone rings now")
    world.until(lambda: world.sue.rings and world.ana.rings, within=35)
    world.phones(Behaviour.RINGS, world.eva)
    world.until(lambda: world.eva.rings, within=100)
    world.eva.answers().presses("1").meets(world.mia)


def test_accepted_on_the_board(world: World) -> None:
    """The console accepts as the key does: one's own phone rings (or rings already), and 1 connects."""
    mia_presses_1(world)
    emergency = world.board().emergencies[0]
    ana = world.staff_id(ANA)
    world.change(lambda transaction: coordinator.accept(transaction, emergency.escalation, ana))
    world.ana.answers().presses("1").meets(world.mia)
    world.until(lambda: not world.cleo.rings, within=12)


def test_a_supervisor_takes_it_over_from_somebody_who_is_with_the_caller(world: World) -> None:
    """Nobody's talk is cut, and no phone rings: Cleo is told, and from now on it is Sue's to close."""
    mia_presses_1(world)
    world.cleo.answers().presses("1").meets(world.mia)
    code, calls = code_of(world.cleo), len(world.sim.calls)
    (seen,) = world.board(CLEO).emergencies
    assert (seen.with_whom, seen.with_me, seen.gone) == (("Cleo Park",), True, False)
    emergency, sue = the_emergency(world).escalation, world.staff_id(SUE)
    taken = world.change(lambda transaction: coordinator.take_over(transaction, emergency.id, sue))
    assert taken == Assigned()
    world.cleo.reads(f"{code}: Sue has taken it over", within=20)
    world.passes(40)
    assert world.cleo.phone.talking_with == {world.mia.phone.number}
    assert len(world.sim.calls) == calls
    assert the_emergency(world).escalation.accepted_by == sue
    world.cleo.hangs_up()
    world.passes(30)
    assert not world.cleo.rings


def test_a_supervisor_takes_it_over_from_somebody_whose_phone_only_rings(world: World) -> None:
    """Who accepted it on the board and doesn't pick up: their phone stops, and Sue is connected when she asks."""
    mia_presses_1(world)
    emergency = the_emergency(world).escalation.id
    world.change(lambda transaction: coordinator.accept(transaction, emergency, world.staff_id(CLEO)))
    world.until(lambda: world.cleo.rings, within=5)
    world.change(lambda transaction: coordinator.take_over(transaction, emergency, world.staff_id(SUE)))
    world.until(lambda: not world.cleo.rings, within=12)
    world.change(lambda transaction: coordinator.accept(transaction, emergency, world.staff_id(SUE)))
    world.sue.answers(within=20).presses("1").meets(world.mia)
    world.passes(30)
    assert not world.cleo.rings


def test_a_voicemail_box_never_accepts_an_emergency(world: World) -> None:
    """Boxes answer every phone at once: nobody is connected with one, and the emergency stays open."""
    world.phones(Behaviour.VOICEMAIL, *world.staff, world.failsafe, after=1)
    mia_presses_1(world)
    world.passes(150)
    assert world.mia.phone.talking_with == set()
    assert the_emergency(world).escalation.accepted_by is None


def test_nobody_accepts_and_the_rungs_repeat_without_storms(world: World) -> None:
    """Dead phones: the second rung at once, and from then on everyone again and again, twice a minute."""
    world.phones(Behaviour.OFF, *world.staff, world.failsafe)
    mia_presses_1(world)
    world.passes(180)
    placed = [call for call in world.calls_to(CLEO) if call.direction == "outbound-api"]
    assert 4 <= len(placed) <= 10
    assert [call for call in world.calls_to(ANA) if call.direction == "outbound-api"] != []
    gaps = [later.created_at - one.created_at for one, later in pairwise(placed[1:])]
    assert min(gaps) >= timedelta(seconds=25)


def test_after_a_minute_the_callers_own_leg_dials_everyone_and_then_the_failsafe(world: World) -> None:
    """No worker is needed: whoever presses 1 on that call is with the caller; so at last is the failsafe person."""
    world.phones(Behaviour.IGNORES, *world.staff)
    mia_presses_1(world)
    began = world.clock.now
    world.until(lambda: dialled(world, world.sue) != [], within=90)
    assert timedelta(seconds=55) < world.clock.now - began < timedelta(seconds=80)
    world.until(lambda: world.failsafe.rings, within=40)
    world.failsafe.answers().hears(
        "Emergency, on the line now. Waiting: 1 minute. Nobody has taken it. Press 1"
    ).presses("1").meets(world.mia)


def dialled(world: World, person: Person) -> list[object]:
    """The calls that the caller's own leg made to them."""
    return [call for call in world.calls_to(person.phone.number) if call.direction == "outbound-dial"]


def test_a_clinician_answers_the_callers_own_leg(world: World) -> None:
    """They hear the same question, press 1, and the case is theirs; they read so."""
    world.phones(Behaviour.IGNORES, *world.staff)
    mia_presses_1(world)
    world.until(lambda: dialled(world, world.dev) != [] or not world.mia.in_call, within=90)
    world.passes(30)
    world.phones(Behaviour.RINGS, world.dev)
    world.until(lambda: world.dev.rings and world.dev.phone.call is not None, within=150)
    world.dev.answers().hears("Emergency waiting").presses("1").meets(world.mia)


def test_a_box_at_the_failsafe_number_never_gets_the_caller(world: World) -> None:
    """It presses nothing; guidance goes on, and so do the pages."""
    world.phones(Behaviour.IGNORES, *world.staff)
    world.phones(Behaviour.VOICEMAIL, world.failsafe, after=1)
    mia_presses_1(world)
    world.until(lambda: world.failsafe.in_call, within=120)
    world.passes(10)
    assert world.mia.phone.talking_with == set()
    world.until(lambda: not world.failsafe.in_call, within=60)
    world.mia.hears("breath", within=30)


def test_the_clinician_drops_and_is_rung_again(world: World) -> None:
    """A line that breaks in an emergency: the caller hears guidance, the same clinician's phone rings at once."""
    mia_presses_1(world)
    world.cleo.answers().presses("1").meets(world.mia)
    world.passes(30)
    world.cleo.hangs_up()
    world.mia.hears("The other person has left")
    world.cleo.answers(within=25).presses("1").meets(world.mia)


def with_cleo(world: World) -> None:
    """Cleo talks with Mia for half a minute."""
    mia_presses_1(world)
    world.cleo.answers().presses("1").meets(world.mia)
    world.passes(30)


def test_closed_by_key(world: World) -> None:
    """The clinician says by key that it is over."""
    with_cleo(world)
    world.mia.hangs_up()
    world.cleo.hears("Is this emergency closed").presses("1").hears("Saved")
    world.passes(2)
    assert emergencies(world) == []
    assert last_outcome(world) is Outcome.EMERGENCY


def test_kept_by_key_and_closed_by_text(world: World) -> None:
    """2 keeps it theirs; DONE closes it as soon as they press 1 on the call that asks whether it was them."""
    with_cleo(world)
    world.mia.hangs_up()
    world.cleo.hears("Is this emergency closed").presses("2").hears("Saved")
    world.passes(2)
    assert the_emergency(world).escalation.accepted_by is not None
    world.cleo.leaves()
    assert "Press 1 on it to close" in (writes(world.cleo, "DONE") or "")
    assert len(emergencies(world)) == 1
    world.cleo.answers().hears("A text from this phone says that it is over").presses("1").hears(
        "It is closed"
    )
    assert emergencies(world) == []


def test_closed_on_the_board(world: World) -> None:
    """Any member of staff who knows how it went may close it."""
    with_cleo(world)
    world.cleo.hangs_up()
    world.mia.hangs_up()
    emergency = world.board().emergencies[0]
    ana = world.staff_id(ANA)
    assert world.change(lambda transaction: coordinator.close(transaction, emergency.escalation, ana))
    world.passes(5)
    assert emergencies(world) == []


def test_it_never_closes_by_itself_and_is_paged_again(world: World) -> None:
    """Fifteen minutes without a word from whoever has it: the clinicians are paged anew."""
    with_cleo(world)
    world.mia.hangs_up()
    world.cleo.leaves()
    world.passes(minutes=13)
    assert not world.dev.rings
    assert the_emergency(world).escalation.accepted_by == world.staff_id(CLEO)
    world.until(lambda: world.dev.rings, within=180)


def test_a_long_talk_is_not_paged_again(world: World) -> None:
    """Whoever talks with the caller is doing something about it."""
    with_cleo(world)
    world.passes(minutes=20)
    assert len(world.calls_to(DEV)) == 1
    assert world.cleo.talks_with(world.mia)


def test_whoever_takes_it_when_it_is_paged_again_is_with_the_caller(world: World) -> None:
    """The first clinician is never heard of again: the second one's key press rings the caller."""
    with_cleo(world)
    world.mia.hangs_up()
    world.cleo.leaves()
    world.passes(minutes=14)
    world.phones(Behaviour.OFF, world.cleo)
    world.dev.answers(within=120).presses("1").hears("We are calling them now")
    world.mia.answers().hears("We are calling you back").presses("1").meets(world.dev)


def test_who_takes_it_on_the_board_while_their_phone_has_nearly_rung_out_is_rung_anew(world: World) -> None:
    """And nobody else is paged for it because of the ring that ended."""
    world.phones(Behaviour.RINGS, world.cleo, world.dev)
    world.mia.calls().presses("1").hears("hang up now")
    world.until(lambda: world.cleo.rings, within=5)
    world.passes(20)
    emergency, cleo = the_emergency(world).escalation.id, world.staff_id(CLEO)
    world.change(lambda transaction: coordinator.accept(transaction, emergency, cleo))
    world.passes(8)
    assert world.cleo.rings
    assert not world.dev.rings
    assert the_emergency(world).escalation.accepted_by == cleo
    world.cleo.answers().presses("1").meets(world.mia)
