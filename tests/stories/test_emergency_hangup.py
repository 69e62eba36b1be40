"""Story 4, when the caller hangs up: they may be dialling 911, or they may be dying."""

from datetime import timedelta

import pytest

from hotline.callbacks.callback import CallbackStatus
from hotline.model import PhoneNumber
from hotline.operations.console import coordinator
from hotline.simulator import Behaviour
from hotline.store.cases import callbacks
from tests.stories.records import emergencies, the_callback, the_emergency
from tests.stories.world import CLEO, DEV, MIA, World

NEUTRAL = "We are calling you back. Press 1."
STAY = "I am getting a person for you. Please stay on the line."
TOLD_TO_HANG_UP = "hang up now"


def said_on_our_call(world: World) -> str:
    """All that Mia has heard since our question."""
    return " ".join(one.text for one in world.mia.phone.heard).rpartition(NEUTRAL)[2]


def hangs_up_before_the_sentence_is_over(world: World) -> None:
    """A second into the 911 sentence."""
    world.mia.calls().presses("1")
    world.mia.hangs_up()


def hangs_up_after_it(world: World) -> None:
    """The 911 sentence was heard to its end."""
    world.mia.calls().presses("1").hears("Put the phone on speaker", within=20)
    world.mia.hangs_up()


def rung_after(world: World) -> list[timedelta]:
    """How long after the caller hung up each call to them was placed."""
    (ended,) = (call.ended_at for call in world.sim.calls if call.direction == "inbound")
    assert ended is not None
    return [call.created_at - ended for call in world.calls_to(MIA)]


@pytest.mark.both_databases
def test_before_the_911_sentence_is_over_they_are_rung_back_at_once(world: World) -> None:
    """They can't know yet what to do."""
    world.phones(Behaviour.OFF, *world.staff)
    hangs_up_before_the_sentence_is_over(world)
    world.mia.answers(within=5).hears(NEUTRAL).presses("1").hears("Please hang up now and dial 9-1-1")


def test_after_it_they_are_left_their_line_for_two_minutes(world: World) -> None:
    """An instant ring could break into their call to 911. Then at 2, 5 and 10 minutes, as long as nobody answers."""
    world.phones(Behaviour.OFF, *world.staff)
    world.phones(Behaviour.IGNORES, world.mia)
    hangs_up_after_it(world)
    world.passes(minutes=12)
    planned = [timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=10)]
    late = [made - wanted for made, wanted in zip(rung_after(world), planned, strict=True)]
    assert all(timedelta(0) <= one <= timedelta(seconds=20) for one in late)
    owed = the_callback(world).callback
    assert (owed.status, owed.needs_supervisor) == (CallbackStatus.WAITING, True)
    assert emergencies(world) != []


def test_the_page_goes_on(world: World) -> None:
    """A hang-up is no all-clear: clinicians are still rung."""
    world.phones(Behaviour.IGNORES, world.cleo, world.dev)
    hangs_up_after_it(world)
    world.eva.answers(within=60).presses("1").hears("They hung up, and may be calling 9-1-1").hears(
        "2 minutes"
    )


def test_who_accepts_meanwhile_waits_for_the_call(world: World) -> None:
    """They hear when it will be made, wait in the room, and are with the caller as soon as 1 is pressed there."""
    hangs_up_after_it(world)
    world.cleo.answers().presses("1").hears("They hung up, and may be calling 9-1-1")
    world.cleo.hears("They are not on the line yet")
    assert not world.mia.rings
    world.mia.answers(within=130).hears(NEUTRAL).presses("1").meets(world.cleo)


def test_who_waits_is_let_go_when_somebody_else_closes_it(world: World) -> None:
    """Nobody is rung any more: whoever waits in the room hears so, and their phone is free for the next one."""
    hangs_up_after_it(world)
    world.cleo.answers().presses("1").hears("They hung up, and may be calling 9-1-1")
    emergency, dev = world.board().emergencies[0], world.staff_id(DEV)
    assert world.change(lambda transaction: coordinator.close(transaction, emergency.escalation, dev))
    world.cleo.hears("It is not waiting any more", within=6)
    world.until(lambda: not world.cleo.in_call, within=10)
    world.passes(minutes=3)
    assert world.calls_to(MIA) == []
    assert not any(one.rings for one in world.staff)


def test_the_call_back_of_an_emergency_is_no_broken_promise_while_it_is_being_made(world: World) -> None:
    """It is promised for the second in which it is made: nobody is told of that as if it were too late."""
    world.phones(Behaviour.IGNORES, world.mia)
    hangs_up_after_it(world)
    world.cleo.answers().presses("1").hears("They hung up")
    world.passes(minutes=9)
    assert len(world.calls_to(MIA)) == 2
    assert [body for body in world.texts_to(world.sue.phone.number) if "call" in body] == []


def test_who_has_accepted_may_ring_them_at_once(world: World) -> None:
    """A clinician who knows better doesn't have to wait two minutes."""
    hangs_up_after_it(world)
    world.cleo.answers().presses("1").hears("They hung up")
    emergency, cleo = world.board().emergencies[0], world.staff_id(CLEO)
    assert world.change(
        lambda transaction: coordinator.ring_emergency_back(transaction, emergency.escalation, cleo)
    )
    world.mia.answers(within=5).presses("1").meets(world.cleo)


def test_the_clinician_gave_up_waiting_and_the_caller_answers(world: World) -> None:
    """Nobody is in the room any more: the caller is in the guidance loop again, and clinicians are rung."""
    hangs_up_after_it(world)
    world.cleo.answers().presses("1").hears("They hung up")
    world.cleo.hangs_up()
    world.mia.answers(within=130).presses("1").hears("hang up and dial 9-1-1").hears(STAY)
    assert TOLD_TO_HANG_UP not in said_on_our_call(world)
    world.until(lambda: any(one.rings for one in world.clinicians), within=15)


@pytest.mark.parametrize(
    ("wrote", "hears", "then"),
    [
        ("she took pills and won't wake up", STAY, "Put the phone on speaker"),
        ("I want to die", "Stay on the line for a person now", STAY),
    ],
)
def test_who_wrote_and_is_rung_is_never_sent_off_that_call(
    world: World, wrote: str, hears: str, then: str
) -> None:
    """911 stood in the text. This is the call that was promised: what comes next fits what they wrote."""
    world.mia.texts(wrote).reads("911")
    world.cleo.answers(within=30).presses("1")
    world.until(lambda: world.mia.rings, within=60)
    world.cleo.hangs_up()
    world.phones(Behaviour.OFF, *world.staff)
    world.mia.answers().hears(NEUTRAL).presses("1").hears("dial 9-1-1").hears(hears).hears(then, within=90)
    world.passes(60)
    assert TOLD_TO_HANG_UP not in said_on_our_call(world)
    assert ("Put the phone on speaker" in said_on_our_call(world)) is (then != STAY)


def test_who_wrote_of_dying_and_calls_is_kept_company(world: World) -> None:
    """The emergency that is open began with a wish to die: 988 and a person, not what to do about an overdose."""
    world.phones(Behaviour.OFF, *world.staff)
    world.mia.texts("I want to die").reads("988")
    world.mia.calls().hears("call or text 9-8-8", within=2).hears("Stay on the line for a person now")
    world.mia.hears(STAY, within=20)
    world.passes(60)
    assert "Put the phone on speaker" not in said_on_our_call(world)


def test_the_line_drops_in_the_middle_of_the_talk(world: World) -> None:
    """Cut off after a few seconds with the clinician: rung back as after any hang-up, and the case stays hers."""
    world.mia.calls().presses("1").hears("Put the phone on speaker", within=20)
    world.cleo.answers().presses("1").meets(world.mia)
    world.mia.hangs_up()
    world.cleo.hears("Is this emergency closed")
    world.cleo.leaves()
    world.until(lambda: world.mia.rings, within=130)
    assert the_emergency(world).escalation.accepted_by == world.staff_id(CLEO)
    world.mia.answers().presses("1").hears(STAY)
    assert TOLD_TO_HANG_UP not in said_on_our_call(world)
    world.cleo.answers(within=20).presses("1").meets(world.mia)


@pytest.mark.parametrize("heard", [False, True])
def test_a_withheld_number_cannot_be_rung_and_the_page_goes_on(world: World, heard: bool) -> None:
    """Whoever accepts is told so; nobody is led to believe that somebody will be called."""
    world.mia.calls(withheld=True).presses("1")
    if heard:
        world.mia.hears("Put the phone on speaker", within=20)
    world.mia.hangs_up()
    world.cleo.answers(within=30).presses("1").hears("withheld the number. Nobody can be called")
    world.cleo.hears("Is this emergency closed").hangs_up()
    assert world.calls_to(MIA) == []
    assert the_emergency(world).escalation.accepted_by is not None


def types_a_number(world: World, *keys: str) -> None:
    """Her number is withheld and nobody can be reached: she types another one, and then it is an emergency."""
    world.phones(Behaviour.OFF, *world.staff)
    world.mia.calls(withheld=True).presses("2").hears("Your number is hidden", within=90)
    world.mia.presses("6175550142#").hears("0 1 4 2")
    for key in keys:
        world.mia.presses(key).hears("safe to leave a message")
    world.mia.presses("1").hears("We will call you back at this number").hears(
        "Put the phone on speaker", within=20
    )
    world.mia.hangs_up()


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_number_that_was_not_confirmed_is_nobodys_open_emergency(world: World, confirmed: bool) -> None:
    """Somebody has an open emergency at the number that she types. Confirmed, hers is the same one. If she presses 1
    instead, hers is one of its own, the board says so, and the other one keeps its call back."""
    world.phones(Behaviour.OFF, *world.staff)
    other = world.person("+16175550161", Behaviour.IGNORES)
    other.calls().presses("1").hears("Put the phone on speaker", within=20).hangs_up()
    owed = the_callback(world)
    world.mia.calls(withheld=True).presses("2").hears("Your number is hidden", within=90)
    world.mia.presses("6175550161#").hears("0 1 6 1")
    if confirmed:
        world.mia.presses("4").hears("safe to leave a message")
    world.mia.presses("1").hears("dial 9-1-1", within=30)
    world.passes(3)
    assert len(world.board().emergencies) == (1 if confirmed else 2)
    world.mia.hangs_up()
    kept = world.look(lambda transaction: callbacks.get(transaction.tx, owed.callback.id))
    assert kept is not None
    assert (kept.room, kept.escalation_id) == (owed.room, owed.escalation_id)
    hers = {one.unconfirmed for one in world.board().emergencies}
    assert hers == ({False} if confirmed else {False, True})


@pytest.mark.parametrize("keys", [(), ("4",)], ids=["read back", "confirmed"])
def test_who_withheld_their_number_and_typed_one_is_rung_back_on_it(
    world: World, keys: tuple[str, ...]
) -> None:
    """Also if 1 came before the 4 that says that it is right: nobody is told that nobody can be called."""
    types_a_number(world, *keys)
    world.phones(Behaviour.RINGS, world.cleo)
    world.cleo.answers(within=60).hears("Emergency waiting").presses("1").hears(
        "They hung up, and may be calling 9-1-1"
    )
    (shown,) = world.board().emergencies
    assert (shown.caller, shown.typed, shown.gone) == (PhoneNumber(MIA), True, False)
    world.mia.answers(within=130).hears(NEUTRAL).presses("1").meets(world.cleo)
    assert not any("nobody can be called" in one for one in world.texts_to(CLEO))


def test_whoever_calls_again_from_the_number_that_they_typed_goes_on_with_the_same_emergency(
    world: World,
) -> None:
    """Straight to the clinician who has it; nobody is rung for it twice over."""
    types_a_number(world)
    world.passes(30)
    world.mia.calls().hears("hang up and dial 9-1-1", within=2).hears("I am getting a person")
    world.phones(Behaviour.RINGS, world.cleo)
    world.cleo.answers(within=60).presses("1").meets(world.mia)
    the_emergency(world)


def test_they_call_again_themselves(world: World) -> None:
    """The second call is an emergency from its first words, and the same one: nobody is rung for it twice over."""
    world.phones(Behaviour.OFF, *world.staff)
    hangs_up_after_it(world)
    world.passes(30)
    world.mia.calls().hears("hang up and dial 9-1-1", within=2).hears("I am getting a person")
    world.phones(Behaviour.RINGS, world.cleo)
    world.cleo.answers(within=60).presses("1").meets(world.mia)
    the_emergency(world)


def test_they_call_again_while_the_clinician_waits_for_them(world: World) -> None:
    """She is in the room already: they are together as soon as the 911 sentence is over."""
    hangs_up_after_it(world)
    world.cleo.answers().presses("1").hears("They hung up")
    world.mia.calls().hears("hang up and dial 9-1-1", within=2)
    world.mia.meets(world.cleo, within=20)
    world.passes(150)
    assert world.calls_to(MIA) == []
    assert world.cleo.talks_with(world.mia)
    world.mia.hangs_up()
    world.cleo.hears("Is this emergency closed").presses("2")
    world.passes(minutes=11)
    assert world.calls_to(MIA) == []


def test_closing_it_calls_off_the_calls_back(world: World) -> None:
    """A human who closes the emergency knows how it ended: the caller isn't rung any more."""
    hangs_up_after_it(world)
    (emergency,) = world.board().emergencies
    by = world.staff_id(CLEO)
    world.change(lambda transaction: coordinator.close(transaction, emergency.escalation, by))
    world.passes(minutes=12)
    assert world.calls_to(MIA) == []
    assert emergencies(world) == []


def test_nobody_rings_back_what_a_colleague_has(world: World) -> None:
    """Two are never on the way to one caller: only whoever has it, or helps, has them called before their time."""
    hangs_up_after_it(world)
    world.cleo.answers().presses("1").hears("They hung up")
    emergency, dev = world.board().emergencies[0], world.staff_id(DEV)
    assert not world.change(
        lambda transaction: coordinator.ring_emergency_back(transaction, emergency.escalation, dev)
    )
    assert world.calls_to(MIA) == []


def test_whoever_is_only_rung_by_us_is_never_told_of_as_being_on_the_line(world: World) -> None:
    """While their phone rings and nobody answers it, staff who are paged again would hurry to an empty line."""
    world.phones(Behaviour.IGNORES, *world.staff, world.mia)
    hangs_up_before_the_sentence_is_over(world)
    rung_while = 0
    for _ in range(40):
        told = sum(len(one.phone.inbox) for one in world.clinicians)
        rings = world.mia.rings
        world.passes(20)
        rung_while += rings and sum(len(one.phone.inbox) for one in world.clinicians) > told
    assert rung_while, "nobody was texted while her phone rang"
    assert not any(one.has_read("on the line now") for one in world.staff)
