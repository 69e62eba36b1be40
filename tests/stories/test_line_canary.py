"""The canary: the line calls and texts itself through the carrier, and nobody notices until it fails."""

from __future__ import annotations

from typing import Any

import pytest

from hotline.operations.checkup import found_at_once
from hotline.operations.watching import line_canary
from hotline.store.cases import contacts
from hotline.store.upkeep import tallies
from tests.stories.conftest import Building
from tests.stories.test_taken_up import look
from tests.stories.world import CENTRE, LINE, World
from workers.canary_flights import CanaryFlights

CANARY = "+16175550177"
WITH_CANARY = CENTRE + f'[canary]\nnumber = "{CANARY}"\n'


@pytest.fixture
def world(building: Building) -> World:
    """A line with a second number that nobody knows."""
    world = building(centre=WITH_CANARY)
    world.sim.number(CANARY)
    return world


def flies(world: World, *, seconds: float = 190, lost: Any = None) -> None:
    """One flies, and so many seconds later it is known how that went. `lost`: which of its webhooks never come."""
    if lost is not None:
        world.sim.faults.lose(kind=lost, times=1000)
    assert CanaryFlights(world.here).look()
    world.clock.let_pass(world.sim, seconds)
    if lost is not None:
        world.sim.faults.clear()
    line_canary.judge(world.here.application)
    world.passes(5)


def state(world: World) -> line_canary.CanaryState:
    """How it stands."""
    found: line_canary.CanaryState = world.look(line_canary.state)
    return found


@pytest.mark.both_databases
def test_a_line_that_is_well_answers_its_own_call_and_text_and_nobody_hears_of_it(building: Building) -> None:
    """No contact, no page, no text to anybody: only that it went well, and when."""
    world = building(centre=WITH_CANARY)
    world.sim.number(CANARY)
    flies(world, seconds=40)
    found = state(world)
    assert (found.is_on, found.amiss) == (True, None)
    assert found.last is not None
    assert None not in (found.last.call_at, found.last.text_at)
    assert world.look(lambda transaction: contacts.many(transaction.tx)) == []
    assert world.sue.phone.inbox == []
    assert world.texts_to(CANARY) == []
    board = world.board()
    assert not board.callbacks
    assert not board.threads
    world.sim.calls.clear()
    world.sim.messages.clear()


def test_it_flies_once_an_hour_however_many_clocks_there_are(world: World) -> None:
    """The second clock finds that the first has let it go."""
    assert CanaryFlights(world.here).look()
    assert not CanaryFlights(world.here).look()
    world.leaps(minutes=61)
    assert CanaryFlights(world.here).look()
    world.passes(30)
    world.sim.calls.clear()
    world.sim.messages.clear()


@pytest.mark.parametrize(
    ("lost", "said"), [("voice", "its call never reached us"), ("sms", "its text never reached us")]
)
def test_what_never_came_is_told_once_for_an_outage(world: World, lost: str, said: str) -> None:
    """A supervisor reads what failed, and their phone rings; an hour later nothing more is said."""
    world.sim.kernel.numbers[LINE].voice_fallback_url = ""
    world.sim.kernel.numbers[LINE].status_callback = ""
    flies(world, lost=lost)
    assert state(world).amiss == said
    world.sue.reads(said).answers(within=60).hears("nobody who sees to it").presses("1")
    told = len(world.sue.phone.inbox)
    world.leaps(minutes=60)
    flies(world, lost=lost)
    assert len(world.sue.phone.inbox) == told
    assert world.look(lambda transaction: tallies.every(transaction.tx))["canary failed"] == 2
    assert world.look(lambda transaction: contacts.many(transaction.tx)) == []
    world.leaps(minutes=60)
    flies(world)
    assert state(world).amiss is None
    world.sim.calls.clear()
    world.sim.messages.clear()


def test_a_carrier_that_takes_neither_is_named(world: World) -> None:
    """With its own code."""
    world.sim.faults.error(400, times=2)
    flies(world)
    assert "the carrier did not take its call" in (state(world).amiss or "")


def test_a_slip_in_its_number_rings_nobody(building: Building) -> None:
    """It is said at once what is meant, and that callers meet nothing of it: a text, and no phone in the night."""
    world = building(centre=WITH_CANARY)
    flies(world, seconds=5)
    assert "is no number of this account" in (state(world).amiss or "")
    world.sue.reads("is no number of this account")
    assert world.sim.calls == []
    (found,) = world.look(lambda transaction: list(found_at_once.canary(transaction)))
    assert found.key == "canary.failed"
    assert found.callers.startswith("None by itself")
    assert "Correct [canary] number" in found.mend


def test_one_that_is_late_is_told(world: World) -> None:
    """How many seconds it took."""
    world.sim.faults.slow(45, kind="sms")
    flies(world)
    assert "its text took 4" in (state(world).amiss or "")
    world.sim.calls.clear()
    world.sim.messages.clear()


def test_a_clock_that_lets_none_go_is_seen(world: World) -> None:
    """After two periods without one, it says so by itself."""
    flies(world, seconds=40)
    world.leaps(minutes=130)
    assert "none has left" in (state(world).amiss or "")
    world.sim.calls.clear()
    world.sim.messages.clear()


def test_it_is_not_taken_up_from_the_carriers_lists(world: World) -> None:
    """What was lost of it is its own matter, and no caller's."""
    look(world)
    world.sim.faults.lose(times=1000)
    assert CanaryFlights(world.here).look()
    world.clock.let_pass(world.sim, 60)
    found = look(world)
    assert (found.calls, found.texts) == (0, 0)
    world.sim.calls.clear()
    world.sim.messages.clear()


def test_without_a_number_nothing_flies(building: Building) -> None:
    """As it is shipped."""
    plain = building()
    assert not CanaryFlights(plain.here).look()
    assert state(plain) == line_canary.CanaryState(is_on=False)
