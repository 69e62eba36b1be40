"""A day of calls and texts to callers is capped: nobody is forgotten or told what is not so, emergencies go on."""

from __future__ import annotations

from hotline.operations.console import coordinator
from hotline.simulator import Behaviour
from tests.operations.texting import writes
from tests.stories.conftest import Building
from tests.stories.records import the_callback
from tests.stories.world import ANA, CENTRE, MIA, World

ZED = "+16175550177"


def owing(building: Building, **caps: int) -> World:
    """A line with these caps, whose callers are offered a call at once."""
    written = "".join(f"{name} = {most}\n" for name, most in caps.items())
    world = building(centre=CENTRE + f'[waits]\nlive_answer = "0s"\n[spending]\n{written}')
    world.phones(Behaviour.OFF, world.ben)
    return world


def asks(world: World, promised: str) -> None:
    """Mia asks for a call, and hears this promise."""
    world.mia.calls().presses("2").hears("A coordinator will call you back", within=90).presses("4")
    world.mia.hears("message").presses("5").hears("text").presses("5").hears("as soon as we can").presses("4")
    world.mia.hears(promised).hangs_up()


def test_at_the_cap_callbacks_wait_for_a_person_and_the_supervisor_is_told_once(building: Building) -> None:
    """The first call is the last of the day: the next asker hears no minutes, and is rung when somebody says so."""
    world = owing(building, calls_per_day=1)
    asks(world, "within 15 minutes")
    world.ana.answers(within=30).presses("1")
    world.until(lambda: world.mia.rings, within=20)
    world.sue.reads("calls to callers are used up")
    world.mia.declines()
    world.until(lambda: not world.ana.in_call, within=60)
    asks(world, "A person will call you as soon as one can")
    world.passes(minutes=30)
    assert not world.ana.rings
    assert len(world.calls_to(MIA)) == 1
    owed = the_callback(world).callback
    assert owed.is_open
    ana = world.staff_id(ANA)
    world.change(lambda transaction: coordinator.call_now(transaction, owed.id, ana))
    world.ana.answers().presses("1")
    world.until(lambda: world.mia.rings, within=20)
    told = [words for words in world.texts_to(world.sue.phone.number) if "used up" in words]
    assert len(told) == 1


def test_emergencies_are_rung_and_answered_above_any_cap(building: Building) -> None:
    """The caps are for what can wait."""
    world = owing(building, calls_per_day=1, texts_per_day=1)
    writes(world.mia, "hi")
    world.sue.reads("texts to callers are used up")
    assert writes(world.mia, "hi") is None
    assert "911" in (writes(world.mia, "he is not breathing please help") or "")
    world.cleo.answers().presses("1")
    world.until(lambda: world.mia.rings, within=20)


def test_a_question_above_the_cap_is_a_person_s(building: Building) -> None:
    """It is not asked by text, and not forgotten."""
    world = owing(building, texts_per_day=1)
    writes(world.mia, "hi")
    world.person(ZED).texts("2")
    world.ana.reads("A text needs a person", within=5)
