"""Several emergencies that nobody takes: what each of those who are paged for them gets within ten minutes."""

from __future__ import annotations

import pytest

from hotline.simulator import Behaviour
from tests.stories.people import Person
from tests.stories.records import emergencies
from tests.stories.world import ANA, CLEO, SUE, World


def somebody_texts(world: World, number: int) -> Person:
    """Another emergency by text."""
    person = world.person(f"+1617555{2000 + number}", label=f"caller {number}")
    person.phone.texts("+16175550100", "he is not breathing")
    return person


def pages_by_text(world: World, number: str) -> list[str]:
    """The texts by which somebody was paged."""
    return [text for text in world.texts_to(number) if "Code" in text or "code" in text]


@pytest.mark.parametrize("many", [1, 2, 3, 5])
def test_ten_minutes_of_emergencies_that_nobody_takes(world: World, many: int) -> None:
    """A minute apart: phones ring as often as the policy says of the oldest, twice a minute, and once more for each new
    one; texts are a few, one for each that is new and one each ninety seconds for what is open still.

    When each page told of its emergency alone, one was 20 calls and 20 texts to each, and three 20 calls and 27 texts.
    """
    world.phones(Behaviour.IGNORES, *world.staff)
    for number in range(many):
        somebody_texts(world, number)
        world.passes(60)
    world.passes(600 - 60 * many)
    assert all(row.escalation.ringing for row in emergencies(world))
    for paged in (CLEO, ANA, SUE):
        assert 19 <= len(world.calls_to(paged)) <= 21 + many
        assert 6 <= len(pages_by_text(world, paged)) <= 8 + many


def test_a_text_says_what_is_new_how_many_wait_and_since_when(world: World) -> None:
    """The first is told as it is; the second as new, beside it; and what is open still, as nothing new."""
    world.phones(Behaviour.IGNORES, *world.staff)
    somebody_texts(world, 1)
    world.cleo.reads("Hotline: emergency waiting. Code")
    world.passes(60)
    assert len(pages_by_text(world, CLEO)) == 1
    somebody_texts(world, 2)
    world.cleo.reads("Hotline: NEW emergency, code")
    assert "2 wait in all, the first for 1 minute." in world.cleo.last_text
    world.cleo.reads("still 2 emergencies waiting, none is new. The first waits for ", within=120)


def test_the_code_of_a_new_one_takes_that_one(world: World) -> None:
    """Not the one that has waited longest."""
    world.phones(Behaviour.IGNORES, *world.staff)
    somebody_texts(world, 1)
    world.passes(60)
    somebody_texts(world, 2)
    world.cleo.reads("Hotline: NEW emergency, code")
    world.cleo.texts(world.cleo.last_text.split("code ")[1][:6])
    world.cleo.reads("your phone")
    first, second = sorted((row.escalation for row in emergencies(world)), key=lambda one: one.opened_at)
    assert (sorted(first.coming), sorted(second.coming)) == ([], [world.staff_id(CLEO)])


def test_one_that_nobody_has_any_more_is_told_at_once(world: World) -> None:
    """Whoever had it has left: that others were told of it a moment ago says nothing of that."""
    world.phones(Behaviour.IGNORES, world.dev, world.eva)
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    told = len(pages_by_text(world, ANA))
    world.cleo.hangs_up()
    world.phones(Behaviour.IGNORES, world.cleo, *world.staff)
    world.until(lambda: len(pages_by_text(world, ANA)) > told, within=90)
