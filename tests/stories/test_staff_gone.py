"""Whoever was to talk is gone before the caller's telephone was answered: nobody picks up for a machine, or nobody."""

from __future__ import annotations

import pytest

from hotline.callbacks.callback import CallbackStatus
from hotline.console.page_words import try_ended
from hotline.model import Outcome
from hotline.operations.console import coordinator
from hotline.simulator import Behaviour
from tests.stories.conftest import Building
from tests.stories.records import the_callback
from tests.stories.test_person_first import NO_HOLD, ana_takes_it, owe, spoken_to_mia
from tests.stories.world import ANA, MIA, PERSON_FIRST, World

QUESTION = "You asked for a call"


@pytest.fixture
def owing(building: Building) -> World:
    """Mia is owed a call by a person, and Ana's phone rings for it."""
    world = building(centre=NO_HOLD)
    owe(world)
    return world


def tries(world: World) -> list[str]:
    """What the board says of each try."""
    (waiting,) = world.board().callbacks
    return [try_ended(one.outcome) for one in waiting.tries]


def test_a_ringing_call_is_called_off_when_whoever_was_to_talk_hangs_up(owing: World) -> None:
    """Mia hears nothing but rings; it was no try of hers; the next one is rung for it at once, and they talk."""
    ana_takes_it(owing)
    owing.until(lambda: owing.mia.rings)
    promised = the_callback(owing).callback.promised_at
    owing.ana.hangs_up()
    owing.until(lambda: not owing.mia.rings, within=3)
    owing.until(lambda: owing.ana.rings, within=5)
    again = the_callback(owing).callback
    assert (again.status, again.attempts, again.promised_at) == (CallbackStatus.RINGING, 0, promised)
    assert spoken_to_mia(owing) == set()
    assert tries(owing) == ["called off: whoever was to talk had hung up"]
    assert not owing.mia.has_read("Hello")
    owing.ana.answers().hears("Attempt 1").presses("1")
    owing.mia.answers(within=30).meets(owing.ana)


def test_a_call_that_has_not_left_yet_never_does(owing: World) -> None:
    """Ana hangs up while she is told what to say: Mia's telephone never rings for nobody."""
    owing.ana.answers().presses("1").hears("Admissions call back").hangs_up()
    owing.until(lambda: owing.ana.rings, within=20)
    assert owing.calls_to(MIA) == []
    assert the_callback(owing).callback.attempts == 0


@pytest.mark.parametrize("opening", ["person", "key"])
def test_who_answers_in_the_same_moment_is_not_hung_up_on(building: Building, opening: str) -> None:
    """It was answered before the carrier heard that it was called off: they hold, and staff are rung for them."""
    world = building(
        centre=f'[callbacks]\nopening = "{opening}"\n{PERSON_FIRST}[waits]\nlive_answer = "40s"\n'
    )
    owe(world)
    world.ana.answers().presses("1").hears("Admissions call back")
    world.until(lambda: world.mia.rings, within=30)
    world.ana.phone.hangs_up()
    world.mia.phone.answer()
    world.until(lambda: world.mia.has_heard("Hello, this is Care Line, 6 1 7, 5 5 5, 0 1 0 0."), within=30)
    world.until(lambda: world.mia.has_heard(QUESTION), within=10)
    world.mia.presses("1")
    world.until(lambda: world.mia.has_heard("getting a person"), within=40)
    world.ana.answers(within=30).presses("1")
    world.mia.meets(world.ana, within=30)
    world.passes(25)
    world.mia.hangs_up()
    world.passes(5)
    assert the_callback(world).callback.status is not CallbackStatus.WAITING


def test_the_boards_call_button_is_no_exception(owing: World) -> None:
    """Ana has claimed it, rings herself by the button, presses 1 and hangs up: Mia's telephone stops ringing."""
    owing.ana.declines()
    callback_id, ana = the_callback(owing).callback.id, owing.staff_id(ANA)
    owing.change(lambda transaction: coordinator.call_now(transaction, callback_id, ana))
    ana_takes_it(owing)
    owing.until(lambda: owing.mia.rings)
    owing.ana.hangs_up()
    owing.until(lambda: not owing.mia.rings, within=3)
    assert the_callback(owing).callback.attempts == 0
    assert spoken_to_mia(owing) == set()


def test_a_lost_end_of_the_cancelled_call_leaves_nobody_behind(owing: World) -> None:
    """News that the call was called off never comes: it is asked after, and Mia's callback is offered again."""
    ana_takes_it(owing)
    owing.until(lambda: owing.mia.rings)
    owing.sim.faults.lose(kind="status")
    owing.ana.hangs_up()
    owing.until(lambda: owing.ana.rings, within=180)
    assert the_callback(owing).callback.attempts == 0


def test_busy_is_said_of_a_try_that_was_busy(owing: World) -> None:
    """Not "no answer": somebody was on the telephone, and is tried again sooner."""
    owing.phones(Behaviour.BUSY, owing.mia)
    owing.ana.answers().presses("1").hears("Admissions call back")
    owing.until(lambda: tries(owing) == ["busy"], within=40)


def test_an_emergency_goes_on_ringing(world: World) -> None:
    """Somebody in danger who answers is held and a clinician is rung, whoever it was that hung up meanwhile."""
    world.phones(Behaviour.OFF, world.dev, world.eva)
    world.mia.calls().presses("1").hears("Put the phone on speaker", within=20).hangs_up()
    world.cleo.answers().presses("1").hears("They hung up")
    world.until(lambda: world.mia.rings, within=200)
    world.cleo.hangs_up()
    world.passes(5)
    assert world.mia.rings
    world.mia.answers().hears("We are calling you back").presses("1")
    world.cleo.answers(within=60).presses("1").meets(world.mia)
    assert the_callback(world).callback.outcome is not Outcome.SETTLED
