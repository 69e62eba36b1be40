"""Somebody leaves a number on the centre's website: the same queue, the same promise, and no proof of whose it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.callbacks.callback import CallbackStatus
from hotline.model import Line, Outcome, PhoneNumber
from hotline.operations.console import coordinator
from hotline.operations.conversation import blocking
from hotline.simulator import Behaviour
from hotline.store.people import callers
from tests.stories.centre import STAFF
from tests.stories.conftest import Building
from tests.stories.records import callbacks_of, emergencies, the_callback
from tests.stories.world import ANA, CENTRE, MIA, PERSON_FIRST, World
from tests.website.visiting import Visitor

FORM = "[call_me]\nopen = true\n"
NIGHT = {
    **STAFF,
    "schedule": [one | {"always": []} if one["name"] == "coordinators" else one for one in STAFF["schedule"]],
}
"""No coordinator is on."""
STRANGER = "+16175550177"


@pytest.fixture
def world(building: Building) -> World:
    """A centre with the form; of its coordinators Ana has her phone on."""
    return small(building, CENTRE)


def small(building: Building, centre: str) -> World:
    """Mia has a telephone, and of all coordinators Ana."""
    here = building(centre=centre + FORM)
    here.phones(Behaviour.OFF, here.ben, here.sue)
    here.phones(Behaviour.RINGS, here.mia)
    return here


def asks(world: World, **form: str) -> Visitor:
    """Somebody fills in the form and sends it."""
    return Visitor(world).looks().sends(**form)


@pytest.mark.both_databases
def test_from_the_form_to_the_outcome(world: World) -> None:
    """Told by when; Ana's phone says that nobody has proven the number; Mia's rings, she presses 1, they talk."""
    visitor = asks(world, name="Mia")
    assert "We will call within 15 minutes" in visitor.reads
    (card,) = world.board().callbacks
    assert card.of_website
    world.ana.answers(within=30).hears("A call back is due").presses("1")
    world.ana.hears("Admissions call back").hears("This number was left on the website")
    world.mia.answers().hears("You asked for a call. Press 1.").presses("1").meets(world.ana)
    world.passes(30)
    world.mia.hangs_up()
    world.ana.hears("How did it end").presses("2").hears("Saved")
    world.passes(2)
    kept = the_callback(world).callback
    assert (kept.status, kept.outcome, kept.attempts) == (CallbackStatus.CLOSED, Outcome.BOOKED_INTAKE, 1)


def test_a_person_opens_and_says_hello(building: Building) -> None:
    """By default no machine speaks: the coordinator is told whom they call before it rings."""
    world = small(building, PERSON_FIRST)
    asks(world)
    world.ana.answers(within=30).presses("1")
    world.ana.hears("Ask for nobody, and say nothing of why you call").hears("You hear it ring")
    assert not world.mia.rings
    world.mia.answers(within=60).meets(world.ana)
    assert not world.mia.phone.heard


def test_who_knows_nothing_of_it_hears_nothing_that_tells(world: World) -> None:
    """A stranger typed her number. She says so, and is called no more, whoever sends whatever form."""
    asks(world)
    world.ana.answers(within=30).presses("1")
    world.mia.answers().hears("If this call is for someone else, press 3")
    said = " ".join(one.text for one in world.mia.phone.heard).lower()
    assert not [word for word in ("treatment", "help", "website", "admission") if word in said]
    world.mia.hangs_up()
    ana, owed = world.staff_id(ANA), the_callback(world).callback.id
    world.passes(5)
    world.change(lambda tx: coordinator.claim(tx, owed, ana))
    assert world.change(lambda tx: coordinator.set_outcome(tx, owed, Outcome.ASKED_TO_STOP, ana))
    placed = len(world.calls_to(MIA))
    assert asks(world).is_told
    world.passes(minutes=20)
    assert len(world.calls_to(MIA)) == placed
    assert world.look(lambda tx: callers.get(tx.tx, PhoneNumber(MIA)).no_calls_at) is not None


def test_a_double_click_is_one_call(world: World) -> None:
    world.phones(Behaviour.OFF, world.ana)
    first = asks(world)
    again = Visitor(world).looks().sends()
    assert first.reads == again.reads
    assert len(callbacks_of(world)) == 1


def test_after_hours_no_time_is_promised_and_supervisors_are_told(building: Building) -> None:
    """It is rung as soon as somebody is on."""
    world = building(centre=CENTRE + FORM, document=NIGHT)
    visitor = asks(world, line="family")
    assert "No one is here now. We will call as soon as someone is" in visitor.reads
    world.sue.reads("somebody asked for a call, and nobody is on duty")
    assert the_callback(world).callback.line is Line.FAMILY


def test_a_blocked_number_is_not_called_and_nobody_is_told_that_it_is(world: World) -> None:
    world.change(
        lambda tx: blocking.block(
            tx.tx, PhoneNumber(STRANGER), "floods us", tx.now, lasting=timedelta(days=1)
        )
    )
    blocked, free = asks(world, number=STRANGER), asks(world)
    assert blocked.reads == free.reads
    world.passes(minutes=20)
    assert world.calls_to(STRANGER) == []


def test_a_program_that_fills_in_everything_has_nobody_called(world: World) -> None:
    """It has no script, fills in what nobody sees, and never writes the digits."""
    for _ in range(5):
        visitor = Visitor(world).looks().sends(quick=True, script=False, website="https://spam.example")
        assert visitor.is_asked_again
    world.passes(minutes=20)
    assert callbacks_of(world) == []
    assert world.calls_to(MIA) == []


def test_an_emergency_on_the_form_pages_nobody_and_one_by_text_does(world: World) -> None:
    """The page says so, and how to reach somebody at once."""
    visitor = asks(world, line="emergency")
    assert "it has told no one" in visitor.reads
    assert emergencies(world) == []
    world.mia.texts("my son took pills and won't wake up")
    assert len(emergencies(world)) == 1


def test_whoever_calls_meanwhile_is_put_through_and_the_call_is_kept(world: World) -> None:
    """As with any call that is owed."""
    world.phones(Behaviour.OFF, world.ana)
    asks(world)
    world.phones(Behaviour.RINGS, world.ana)
    world.mia.calls().presses("2")
    world.ana.answers().presses("1")
    world.mia.meets(world.ana)
    world.passes(30)
    world.mia.hangs_up()
    world.passes(5)
    assert the_callback(world).callback.outcome is Outcome.REACHED
