"""Before they are connected, staff hear who waits, in which language and since when, and decide by key."""

from hotline.simulator import Behaviour
from tests.stories.world import World


def mia_holds(world: World) -> None:
    """Mia asks for treatment; the coordinators' phones ring."""
    world.mia.calls().presses("2")
    world.until(lambda: world.ana.rings and world.ben.rings, within=12)


def times_heard(world: World) -> int:
    """How often Ben was told what waits."""
    return sum("A caller is waiting" in one.text for one in world.ben.phone.heard)


def test_line_language_and_wait_are_said_and_no_name_or_number(world: World) -> None:
    """Enough to decide by; whoever else has picked up that telephone learns nothing of who called."""
    mia_holds(world)
    world.passes(10)
    world.ben.answers()
    world.ben.hears("A caller is waiting: less than a minute. Admissions. English. Press 1 to connect")
    heard = " ".join(one.text for one in world.ben.phone.heard)
    assert "Mia" not in heard
    assert "0142" not in heard


def test_9_says_it_again_as_often_as_one_likes_and_1_connects(world: World) -> None:
    """Five times, and still the call is there to be taken: whoever presses a key is a human."""
    world.phones(Behaviour.OFF, world.ana)
    mia_holds_for_ben(world)
    world.ben.answers().hears("A caller is waiting")
    for repeated in range(2, 7):
        world.ben.presses("9")
        assert times_heard(world) == repeated
    world.ben.presses("1").hears("Admissions. Waiting").meets(world.mia)


def mia_holds_for_ben(world: World) -> None:
    """Ana's telephone is off."""
    world.mia.calls().presses("2")
    world.until(lambda: world.ben.rings, within=12)


def test_9_and_then_silence_is_no_human_any_more(world: World) -> None:
    """After the last repetition it is asked three times, as at first; then the phone is let go."""
    mia_holds_for_ben(world)
    world.ben.answers().hears("A caller is waiting").presses("9")
    world.until(lambda: not world.ben.in_call, within=60)
    assert times_heard(world) == 4
    assert not world.ben.has_heard("Admissions. Waiting")


def test_9_comes_twice_and_1_is_still_heard(world: World) -> None:
    """9 and 1 in one breath: each key has an answer of its own."""
    mia_holds_for_ben(world)
    world.ben.answers().presses("9").presses("9").presses("1").meets(world.mia)


def test_9_after_a_colleague_took_it_says_who(world: World) -> None:
    """Whoever asks to hear it again hears how things stand now."""
    mia_holds(world)
    world.ana.answers()
    world.ben.answers()
    world.ana.phone.presses("1")
    world.ben.phone.presses("9")
    world.ben.hears("Ana has taken it", within=15)
    world.ana.meets(world.mia)


def test_an_emergency_is_said_first(world: World) -> None:
    """The two words that matter come before everything else, and 1 may be pressed over the rest."""
    world.mia.calls().presses("1")
    world.cleo.answers().hears("Hotline. Emergency waiting:").presses("1").hears("Emergency. Waiting")
    world.cleo.meets(world.mia)
