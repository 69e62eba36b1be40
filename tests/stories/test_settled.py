"""What staff say about a talk's end counts, however short the talk was, and whoever hangs up first."""

from datetime import datetime

import pytest

from hotline.model import Outcome
from hotline.simulator import Behaviour
from tests.operations.texting import writes
from tests.stories.records import callbacks_of, last_outcome, the_callback
from tests.stories.world import BEN, World


def test_reached_by_key_before_the_caller_hangs_up_is_reached(world: World) -> None:
    """Ben leaves with a star after a few words and presses 1; the caller hangs up; no phone rings again."""
    world.mia.calls().presses("2")
    world.until(lambda: world.ben.rings, within=12)
    world.ben.answers().presses("1").meets(world.mia)
    world.passes(4)
    world.ben.presses("*").presses("9").hears("How did it end").presses("1").hears("Saved")
    world.mia.hears("The other person has left the call").hangs_up()
    world.passes(30)
    assert callbacks_of(world) == []
    assert last_outcome(world) is Outcome.REACHED
    assert not world.ana.rings
    assert not world.ben.rings


def test_who_has_talked_has_talked_though_they_hold_once_more(world: World) -> None:
    """With their number withheld nobody can ring them back: what Ben has said of the talk is how the call ended, on the
    board and in every count."""
    world.mia.calls(withheld=True).presses("2")
    world.until(lambda: world.ben.rings, within=12)
    world.ben.answers().presses("1").meets(world.mia)
    world.passes(4)
    world.ben.presses("*").presses("9").hears("How did it end").presses("1").hears("Saved")
    world.mia.hears("The other person has left the call")
    world.until(lambda: world.ana.rings or world.ben.rings, within=30)
    world.mia.hangs_up()
    world.passes(minutes=3)
    assert last_outcome(world) is Outcome.REACHED
    (talk,) = world.board(BEN).talks
    assert (talk.owner, talk.mine, talk.outcome) == ("Ben Ortiz", True, Outcome.REACHED)
    assert not [one for one in world.texts_to(BEN) if "How did it end" in one]


def talks_before_a_call_tomorrow(world: World, says: str) -> datetime | None:
    """Mia has a call tomorrow at ten, and calls today; Ana says by key how it ended. When it was due."""
    world.phones(Behaviour.OFF, *world.staff)
    writes(world.mia, "2", "4", "tomorrow 10 am")
    agreed = the_callback(world).callback.due_at
    world.phones(Behaviour.RINGS, *world.staff)
    world.mia.calls().presses("2")
    world.until(lambda: world.ana.rings, within=40)
    world.ana.answers().presses("1").meets(world.mia, within=30)
    world.passes(minutes=3)
    world.mia.hangs_up()
    world.ana.hears("How did it end").presses(says).leaves()
    world.passes(minutes=5)
    return agreed


@pytest.mark.both_databases
def test_a_call_that_was_agreed_for_a_later_time_is_made_though_they_call_before(world: World) -> None:
    """They were told so; "reached" is said of the talk."""
    talks_before_a_call_tomorrow(world, says="1")
    assert the_callback(world).callback.is_open
    world.phones(Behaviour.OFF, world.ben, world.sue)
    world.leaps(minutes=18 * 60)
    world.until(lambda: world.ana.rings, within=2 * 3600)
    world.ana.answers().presses("1")
    world.mia.answers(within=20)


def test_nobody_there_leaves_a_call_at_the_time_that_was_agreed(world: World) -> None:
    """Whoever Ana was with was somebody else, and she says so."""
    agreed = talks_before_a_call_tomorrow(world, says="7")
    assert the_callback(world).callback.due_at == agreed


def test_an_emergency_that_is_closed_is_not_rung_back(world: World) -> None:
    """Cleo closes the emergency while the caller is still on the line; hanging up then owes nothing."""
    world.mia.calls().presses("1")
    world.until(lambda: world.cleo.rings, within=12)
    world.cleo.answers().presses("1").meets(world.mia)
    world.passes(4)
    world.cleo.presses("*").presses("9").hears("Is this emergency closed").presses("1").hears("Saved")
    world.mia.hangs_up()
    world.passes(minutes=3)
    assert world.calls_to(world.mia.phone.number) == []
    assert world.board().emergencies == ()
