"""Story 2, first half: nobody answers, and the caller leaves with a promise."""

from datetime import timedelta

import pytest

from hotline.model import Line, Outcome, PhoneNumber
from hotline.simulator import Behaviour
from tests.stories.conftest import Building
from tests.stories.records import callbacks_of, last_outcome, the_callback
from tests.stories.world import CENTRE, FAILSAFE, LINE, MIA, World

NOBODY = (Behaviour.VOICEMAIL, Behaviour.BUSY, Behaviour.OFF, Behaviour.IGNORES)
ANOTHER = "6175550177"


def nobody_comes(world: World, behaviour: Behaviour = Behaviour.OFF) -> None:
    """No coordinator can be reached, and the supervisor neither."""
    world.phones(behaviour, world.ana, world.ben, world.sue, after=2)


@pytest.fixture
def quick(building: Building) -> World:
    """A centre that never lets anybody hold: `live_answer = "0s"` goes straight to the dialogue."""
    return building(centre=CENTRE + '[waits]\nlive_answer = "0s"\n')


def in_the_dialogue(world: World) -> None:
    """Mia is asked for her number."""
    nobody_comes(world)
    world.mia.calls().presses("2").hears("A coordinator will call you back", within=90)


@pytest.mark.parametrize("behaviour", NOBODY)
def test_whatever_the_phones_do_the_caller_gets_a_promise(world: World, behaviour: Behaviour) -> None:
    """Voicemail boxes, busy lines, dead phones, phones that ring in vain: about a minute, then the dialogue."""
    nobody_comes(world, behaviour)
    world.mia.calls().presses("2").hears("getting a person")
    began = world.clock.now
    world.mia.hears("We are calling our staff for you")
    world.mia.hears("A coordinator will call you back", within=90)
    assert timedelta(seconds=55) < world.clock.now - began < timedelta(seconds=85)
    world.mia.presses("4").hears("safe to leave a message")
    world.mia.presses("4").hears("safe to text")
    world.mia.presses("5").hears("as soon as we can").presses("4")
    world.mia.hears("within 15 minutes").hears("6 1 7, 5 5 5, 0 1 0 0").hears("Call us any time")
    world.until(lambda: not world.mia.in_call, within=30)
    world.passes(2)
    assert last_outcome(world) is Outcome.CALLBACK
    owed = the_callback(world)
    assert (owed.number, owed.callback.line) == (PhoneNumber(MIA), Line.ADMISSIONS)
    assert (owed.callback.message_safe, owed.callback.text_safe) == (True, False)


def test_the_promise_stands_before_it_is_spoken(quick: World) -> None:
    """When the words begin, the callback is in the database."""
    in_the_dialogue(quick)
    quick.mia.presses("4").hears("message").presses("5").hears("text")
    assert len(callbacks_of(quick)) == 1
    quick.mia.presses("5").hears("as soon as we can").presses("4").hears("You are in line")
    assert len(callbacks_of(quick)) == 1


def test_nobody_is_rung_for_a_callback_while_its_caller_still_talks_to_us(quick: World) -> None:
    """The caller's own phone would be busy."""
    in_the_dialogue(quick)
    quick.phones(Behaviour.RINGS, quick.ana, quick.ben)
    quick.mia.presses("4").hears("message")
    quick.passes(3)
    assert not quick.ana.rings
    quick.mia.presses("5").hears("text").presses("5")
    quick.mia.hears("as soon as we can").presses("4").hears("You are in line").hangs_up()
    quick.until(lambda: quick.ana.rings, within=10)


def test_another_number_is_read_back_and_rung(quick: World) -> None:
    """5, the digits, the pound key; read back one by one; 4 confirms."""
    in_the_dialogue(quick)
    quick.mia.presses("5").hears("Type the number").presses(f"{ANOTHER}#")
    quick.mia.hears("6 1 7, 5 5 5, 0 1 7 7").presses("4").hears("safe to leave a message")
    quick.mia.presses("5").hears("text").presses("5")
    quick.mia.hears("as soon as we can").presses("4").hears("You are in line").hangs_up()
    assert the_callback(quick).number == PhoneNumber(f"+1{ANOTHER}")


def test_a_mistyped_number_can_be_changed(quick: World) -> None:
    """5 after the reading back asks for it again."""
    in_the_dialogue(quick)
    quick.mia.presses("5").hears("Type the number").presses("6175550178#").hears("0 1 7 8").presses("5")
    quick.mia.hears("Type the number").presses(f"{ANOTHER}#").hears("0 1 7 7").presses("4")
    quick.mia.hears("safe to leave a message").hangs_up()
    assert the_callback(quick).number == PhoneNumber(f"+1{ANOTHER}")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("9005550123", "can't call that kind of number"),
        ("011442079460123", "can't call that country"),
        ("4165550123", "can't call that country"),
        ("555", "not a full number"),
        (LINE[2:], "our own number"),
        (FAILSAFE[2:], "our own number"),
    ],
)
def test_a_number_that_we_cannot_call_is_refused_kindly(quick: World, typed: str, reason: str) -> None:
    """The reason in a few words, and the question again; then a plain number does."""
    in_the_dialogue(quick)
    quick.mia.presses("5").hears("Type the number").presses(f"{typed}#").hears(reason).hears(
        "Type the number"
    )
    quick.mia.presses(f"{ANOTHER}#").hears("0 1 7 7")


def test_numbers_refused_three_times_leave_the_calling_number(quick: World) -> None:
    """The promise is made for the number that they call from."""
    in_the_dialogue(quick)
    quick.mia.presses("5")
    for _ in range(3):
        quick.mia.hears("Type the number").presses("555#")
    quick.mia.hears("You are in line")
    assert the_callback(quick).number == PhoneNumber(MIA)


def test_silence_in_the_dialogue_takes_the_most_discreet_answers(quick: World) -> None:
    """Whoever can't speak or press is rung back at the calling number; no message, no text."""
    in_the_dialogue(quick)
    quick.mia.hears("Are you there", within=20).hears("You are in line", within=75)
    owed = the_callback(quick)
    assert (owed.number, owed.callback.message_safe, owed.callback.text_safe) == (
        PhoneNumber(MIA),
        False,
        False,
    )


def test_no_coordinator_is_waited_for_when_live_answer_is_off(quick: World) -> None:
    """The dialogue follows the key at once."""
    quick.mia.calls().presses("2").hears("A coordinator will call you back", within=2)
    assert not quick.ana.rings


def test_a_withheld_number_is_asked_for(quick: World) -> None:
    """There is nothing to ring back to until the caller types it."""
    nobody_comes(quick)
    quick.mia.calls(withheld=True).presses("2").hears("Your number is hidden", within=90)
    quick.mia.presses(f"{ANOTHER}#").hears("0 1 7 7").presses("4").hears("message").presses("5")
    quick.mia.hears("text").presses("5").hears("as soon as we can").presses("4").hears(
        "You are in line"
    ).hangs_up()
    quick.passes(2)
    assert last_outcome(quick) is Outcome.CALLBACK
    assert the_callback(quick).number == PhoneNumber(f"+1{ANOTHER}")


def test_a_withheld_and_silent_caller_reaches_the_failsafe_number(world: World) -> None:
    """Only a human on this very call can help: the caller's own leg dials, and whoever presses 1 is connected."""
    nobody_comes(world)
    world.mia.calls(withheld=True).presses("2").hears("Your number is hidden", within=90)
    world.until(lambda: world.failsafe.rings, within=200)
    world.failsafe.answers().hears("A caller is waiting. Press 1").presses("1").meets(world.mia)
    world.passes(45)
    world.mia.hangs_up()
    world.passes(2)
    assert last_outcome(world) is Outcome.REACHED


def test_a_withheld_caller_who_hangs_up_is_nobodys_fault(world: World) -> None:
    """There is nobody whom we could ring back, and that is written down."""
    nobody_comes(world)
    world.mia.calls(withheld=True).presses("2").hears("getting a person").hangs_up()
    world.passes(2)
    assert last_outcome(world) is Outcome.UNREACHABLE


def test_calling_again_raises_the_same_callback_and_tries_live_first(world: World) -> None:
    """One callback, counted once more; answered live the second time, it is kept."""
    in_the_dialogue(world)
    world.mia.hangs_up()
    world.passes(40)
    assert the_callback(world).callback.is_open
    world.phones(Behaviour.RINGS, world.ana)
    world.mia.calls().presses("2").hears("getting a person")
    world.ana.answers(within=40).presses("1").meets(world.mia)
    world.passes(30)
    world.mia.hangs_up()
    world.passes(5)
    owed = the_callback(world)
    assert owed.callback.outcome is Outcome.REACHED


def test_a_long_talk_with_the_failsafe_person_is_not_taken_for_a_lost_call(world: World) -> None:
    """Nothing comes round to us while they talk; they are let talk, and the caller isn't dropped at the end."""
    nobody_comes(world)
    world.mia.calls(withheld=True).presses("2").hears("Your number is hidden", within=90)
    world.failsafe.answers(within=200).presses("1").meets(world.mia)
    world.passes(minutes=6)
    world.failsafe.meets(world.mia).hangs_up()
    world.mia.hears("The other person has left the call").hangs_up()
    world.passes(3)
    assert last_outcome(world) is Outcome.REACHED
