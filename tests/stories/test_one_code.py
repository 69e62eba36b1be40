"""One code for each thing that waits and each phone, however often it is paged for it; called off once."""

from __future__ import annotations

import re

from hotline.operations.console import coordinator
from hotline.simulator import Behaviour
from tests.operations.texting import UNCLEAR, thread_of, writes
from tests.stories.records import emergencies, the_emergency
from tests.stories.world import ANA, CLEO, DEV, World


def codes(world: World, number: str) -> list[str]:
    """Of every text to this phone that asks for somebody, the code."""
    return [
        code
        for text in world.texts_to(number)
        for code in re.findall(r"[Cc]ode(?: of the first of them:)? (\d{6})", text)
    ]


def gone(world: World, number: str) -> list[str]:
    """What this phone was told of what somebody else has taken."""
    return [text for text in world.texts_to(number) if "was taken by" in text]


def test_an_emergency_has_one_code_on_a_phone_however_many_rounds_it_takes(world: World) -> None:
    """It still takes it after three rounds; the others are told once, by the code that they know."""
    world.phones(Behaviour.IGNORES, *world.staff)
    writes(world.mia, "he is not breathing")
    world.until(lambda: len(codes(world, DEV)) >= 3, within=300)
    (first,) = set(codes(world, DEV))
    (theirs,) = set(codes(world, CLEO))
    assert first != theirs
    taken = the_emergency(world).escalation.id
    by = world.staff_id(CLEO)
    world.change(lambda transaction: coordinator.accept(transaction, taken, by))
    world.passes(10)
    assert gone(world, DEV) == [f"Hotline: {first} was taken by Cleo. Thank you."]
    assert gone(world, CLEO) == []
    assert writes(world.dev, first) == f"Hotline: {first} was taken by Cleo. Thank you."


def test_a_text_that_waits_for_a_person_has_one_code_on_a_phone(world: World) -> None:
    """Two that wait have two."""
    world.phones(Behaviour.IGNORES, *world.staff)
    writes(world.mia, UNCLEAR)
    world.until(lambda: len(codes(world, ANA)) >= 3, within=3600)
    (first,) = set(codes(world, ANA))
    assert thread_of(world) is not None
    writes(world.person("+16175550177"), UNCLEAR)
    world.until(lambda: len(set(codes(world, ANA))) > 1, within=600)
    assert len(set(codes(world, ANA))) == 2
    assert first in codes(world, ANA)


def test_two_emergencies_at_once_have_a_code_each(world: World) -> None:
    """And each code takes its own."""
    world.phones(Behaviour.IGNORES, *world.staff)
    writes(world.mia, "he is not breathing")
    world.passes(25)
    writes(world.person("+16175550177"), "he is not breathing")
    world.until(lambda: len(set(codes(world, DEV))) == 2, within=120)
    world.until(lambda: len(codes(world, DEV)) > 3, within=300)
    assert len(set(codes(world, DEV))) == 2
    for code in dict.fromkeys(codes(world, DEV)):
        writes(world.dev, code)
    dev = world.staff_id(DEV)
    assert [dev in row.escalation.coming for row in emergencies(world)] == [True, True]
