"""Nobody is told what will happen next unless it does."""

from __future__ import annotations

from typing import Any

from hotline.simulator import Behaviour
from tests.stories.centre import STAFF
from tests.stories.conftest import Building
from tests.stories.records import emergencies
from tests.stories.world import World

NOBODY_ON: dict[str, Any] = {
    "staff": STAFF["staff"],
    "schedule": [{**schedule, "always": []} for schedule in STAFF["schedule"]],
}


def test_a_withheld_number_is_promised_no_call_back(world: World) -> None:
    """The 911 words are all there; that we call back is not said, for we can't."""
    world.mia.calls(withheld=True).presses("1").hears("They can send an ambulance")
    world.mia.hears("Narcan")
    assert not world.mia.has_heard("call you back")
    assert emergencies(world)


def test_staff_are_not_on_calls_while_their_phones_ring(world: World) -> None:
    """Somebody who holds hears that staff are being called."""
    world.phones(Behaviour.IGNORES, *world.staff)
    world.mia.calls().presses("2").hears("We are calling our staff for you", within=15)
    assert not world.mia.has_heard("on calls")


def test_staff_are_on_calls_when_they_all_are(world: World) -> None:
    """Ana and Ben talk: the next caller is told so."""
    noa, kim = world.person("+16175550143"), world.person("+16175550144")
    world.phones(Behaviour.OFF, world.sue)
    for caller, member in ((noa, world.ana), (kim, world.ben)):
        caller.calls().presses("2")
        member.answers().presses("1").meets(caller)
    world.mia.calls().presses("2").hears("All of our staff are on calls", within=20)


def test_no_minutes_are_promised_with_nobody_on_duty_and_a_supervisor_is_told(building: Building) -> None:
    """The caller is in line, and knows that nobody is there; whoever can mend that knows it, too, once."""
    world = building(document=NOBODY_ON)
    world.mia.calls().presses("2").hears("A coordinator will call you back").presses("4")
    world.mia.hears("message").presses("5").hears("text").presses("5")
    world.mia.hears("as soon as we can").presses("4").hears("No one is here now")
    assert not world.mia.has_heard("within")
    world.mia.hangs_up()
    world.sue.reads("nobody is on duty")
    world.passes(minutes=1)
    assert sum("nobody is on duty" in text for text in world.texts_to(world.sue.phone.number)) == 1


def test_the_next_person_is_called_if_there_is_one(world: World) -> None:
    """Ana can't: Ben's phone rings. He can't either, and nobody else is there."""
    world.phones(Behaviour.OFF, world.sue)
    world.mia.calls().presses("2").hears("getting a person")
    world.ana.answers().presses("2").hears("The next person is being called")
    world.ben.answers().presses("2").hears("Nobody else is rung now")
