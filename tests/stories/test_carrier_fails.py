"""Story 9: answers of Twilio's are lost, late or errors; workers die at work. Nobody is lost, no caller rung twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hotline.effects import PlaceCall
from hotline.model import OutboxId
from hotline.operations.outbox import delivery
from hotline.operations.outbox.delivery import Job
from hotline.runtime.wiring import Wiring
from hotline.simulator import Behaviour, Faults
from hotline.telephony.rest import dispatch
from tests.stories.conftest import Building
from tests.stories.test_called_back import ana_takes_it, owe
from tests.stories.world import CENTRE, CLEO, MIA, World

Fault = Callable[[Faults], None]
BEFORE: dict[str, Fault] = {
    "connection broken before": lambda faults: faults.drop_before("calls"),
    "429": lambda faults: faults.error(429, "calls"),
    "429 three times": lambda faults: faults.error(429, "calls", times=3),
    "500": lambda faults: faults.error(500, "calls"),
    "503": lambda faults: faults.error(503, "calls"),
}
"""Nothing was created."""
AFTER: dict[str, Fault] = {
    "connection broken after": lambda faults: faults.drop_after("calls"),
    "no answer in time": lambda faults: faults.time_out_after("calls"),
    "500 all the same": lambda faults: faults.error(500, "calls", created=True),
    "answer after twenty seconds": lambda faults: faults.delay(20, "calls"),
}
"""It was created, and we don't know."""
FAULTS = {**BEFORE, **AFTER}


@pytest.fixture
def owing(building: Building) -> World:
    """Mia has asked for a call; Ana's phone rings for it."""
    world = building(centre=CENTRE + '[waits]\nlive_answer = "0s"\n')
    owe(world)
    return world


@pytest.mark.parametrize("fault", FAULTS)
def test_the_callers_phone_rings_exactly_once(owing: World, fault: str) -> None:
    """One call to Mia, whatever became of the request for it; she presses 1, and talks with Ana."""
    owing.ana.answers()
    FAULTS[fault](owing.sim.faults)
    owing.ana.presses("1")
    owing.mia.answers(within=40).hears("You asked for a call").presses("1").meets(owing.ana)
    owing.passes(60)
    assert len(owing.calls_to(MIA)) == 1


def test_nothing_is_known_for_a_minute(owing: World) -> None:
    """Every request fails in a way that tells nothing: still one call, and it is made as soon as one comes through."""
    owing.ana.answers()
    owing.sim.faults.drop_before("calls", times=4)
    owing.ana.presses("1")
    owing.mia.answers(within=90).presses("1").meets(owing.ana)
    assert len(owing.calls_to(MIA)) == 1


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if not fault.startswith("50")])
def test_an_emergency_page_goes_out_whatever_happens(world: World, fault: str) -> None:
    """The only clinician who can come is called, and is with the caller: rung twice, if need be, but rung."""
    world.phones(Behaviour.OFF, world.dev, world.eva)
    world.mia.calls()
    pressed_at = world.clock.now
    FAULTS[fault](world.sim.faults)
    world.mia.presses("1")
    world.until(lambda: world.cleo.rings, within=15)
    assert world.calls_to(CLEO)[0].created_at - pressed_at <= timedelta(seconds=10)
    world.cleo.answers().presses("1").meets(world.mia)


@pytest.mark.parametrize("action", ["drop_before", "drop_after", "time_out_after"])
def test_a_page_by_text_goes_out_whatever_happens(world: World, action: str) -> None:
    """A clinician whose phone is on silent reads it."""
    world.mia.calls()
    getattr(world.sim.faults, action)("messages", 3)
    world.mia.presses("1")
    world.cleo.reads("emergency waiting", within=20)


def test_the_caller_is_fetched_although_the_redirect_is_refused(world: World) -> None:
    """REST says no for a while: the caller's own next loop turn finds Ben in the room."""
    world.mia.calls().presses("2")
    world.ben.answers()
    world.worker = lambda here, outbox_id: None
    world.ben.presses("1").meets(world.mia, within=20)


# --- workers that die with an effect in their hands ------------------------------------------------------------


def dying(world: World, at: str, *, to_caller: bool) -> None:
    """The next worker that claims a call (to a caller, or to staff) dies `before` or `after` it is placed."""

    def worker(here: Wiring, outbox_id: OutboxId) -> None:
        job = here.application.change(lambda transaction: delivery.claim(transaction, outbox_id))
        if job is None:
            return
        if isinstance(job.row.effect, PlaceCall) and job.row.to_caller is to_caller:
            world.worker = lambda here, outbox_id: dispatch.deliver(here.application, here.carrier, outbox_id)
            if at == "after":
                here.carrier.perform(job.row.effect)
            return
        _finish(here, job)

    world.worker = worker


def _finish(here: Wiring, job: Job) -> None:
    result = here.carrier.perform(job.row.effect)
    here.application.change(lambda transaction: delivery.settle(transaction, job, result))


@pytest.mark.parametrize("at", ["before", "after"])
def test_a_worker_dies_with_the_call_to_the_caller(owing: World, at: str) -> None:
    """Its lease ends, the clock finds it, the call is looked up at Twilio, and then made if it wasn't: once."""
    dying(owing, at, to_caller=True)
    ana_takes_it(owing)
    owing.mia.answers(within=60).presses("1").meets(owing.ana)
    owing.passes(60)
    assert len(owing.calls_to(MIA)) == 1


@pytest.mark.parametrize("at", ["before", "after"])
def test_a_worker_dies_with_the_page(world: World, at: str) -> None:
    """The page leaves within ten seconds all the same."""
    world.phones(Behaviour.OFF, world.dev, world.eva)
    world.beat = timedelta(seconds=1)
    dying(world, at, to_caller=False)
    world.mia.calls()
    pressed_at = world.clock.now
    world.mia.presses("1")
    world.until(lambda: world.calls_to(CLEO) != [], within=15)
    assert world.calls_to(CLEO)[0].created_at - pressed_at <= timedelta(seconds=10)
    world.cleo.answers().presses("1").meets(world.mia)
