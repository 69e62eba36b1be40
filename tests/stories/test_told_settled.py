"""Whoever has our text about something on their screen is told when it is somebody's, or waits no more."""

from __future__ import annotations

from hotline.console.thread import timeline_words
from hotline.operations.console import coordinator
from hotline.operations.texts import threads
from hotline.simulator import Behaviour
from tests.operations.texting import code_of, thread_of, writes
from tests.stories.records import the_emergency
from tests.stories.world import CLEO, DEV, World


def test_whose_phone_rang_in_vain_is_told_who_has_it(world: World) -> None:
    """Nobody waits for them any more, but their screen still asks: by the code that stands on it."""
    world.phones(Behaviour.IGNORES, *world.staff)
    writes(world.mia, "he is not breathing")
    world.until(lambda: "emergency" in " ".join(world.texts_to(DEV)))
    world.until(lambda: world.staff_id(DEV) not in the_emergency(world).escalation.ringing, within=60)
    code = code_of(world.dev)
    taken = the_emergency(world).escalation.id
    world.change(lambda transaction: coordinator.accept(transaction, taken, world.staff_id(CLEO)))
    world.dev.reads(f"{code} was taken by Cleo")
    assert len([one for one in world.texts_to(DEV) if "was taken" in one]) == 1


def test_what_waits_no_more_is_told_to_whoever_was_texted(world: World) -> None:
    """A clinician closes it untaken; who was told stands in what happened, on one line."""
    world.phones(Behaviour.IGNORES, *world.staff)
    writes(world.mia, "he is not breathing")
    world.until(lambda: "emergency" in " ".join(world.texts_to(DEV)))
    code, contact = code_of(world.dev), thread_of(world).id
    over = the_emergency(world).escalation.id
    world.change(lambda transaction: coordinator.close(transaction, over, world.staff_id(CLEO)))
    world.dev.reads(f"{code} is not waiting any more")
    world.passes(10)
    assert not any("not waiting any more" in one for one in world.texts_to(CLEO))
    page = world.look(lambda transaction: threads.look(transaction, contact, world.staff_id(CLEO)))
    told = [
        one
        for one in timeline_words.lines(page.happened)
        if one.words == "Told by text that it waits no more"
    ]
    assert len(told) == 1
    assert "Dev" in told[0].who
