"""Two people must know of an emergency: one has it, a second says that they know, and nothing else is asked of them."""

from __future__ import annotations

from typing import Any

import pytest

from hotline.operations.console import coordinator
from hotline.simulator import Behaviour
from hotline.store.cases import escalations
from tests.operations.texting import writes
from tests.stories.centre import STAFF
from tests.stories.conftest import Building
from tests.stories.records import the_emergency
from tests.stories.test_staff_star import all_talk
from tests.stories.world import ANA, CLEO, DEV, EVA, SUE, World

RUNGS = [
    {"who": ["schedule:clinicians"], "how": ["call", "text"], "wait": "30s"},
    {"who": ["schedule:supervisors"], "how": ["call"], "wait": "30s"},
]
TWO: dict[str, Any] = {**STAFF, "policy": [{"subject": "emergency", "acknowledge": 2, "rung": RUNGS}]}


@pytest.fixture
def two(building: Building) -> World:
    """Two must know of each emergency; in this one the clinicians' phones ring."""
    world = building(document=TWO)
    world.mia.calls().presses("1")
    return world


def known(world: World) -> frozenset[str]:
    """Whose phones those are who know of the emergency."""
    row = world.look(lambda transaction: the_emergency(world))
    return frozenset(
        number for number in (ANA, CLEO, DEV, EVA, SUE) if world.staff_id(number) in row.escalation.knows
    )


@pytest.mark.both_databases
def test_once_somebody_has_it_the_others_are_asked_to_know_and_the_first_who_presses_1_does(
    two: World,
) -> None:
    """The one who has it goes on talking; who knows is told whose it is, and is connected with nobody."""
    world = two
    world.cleo.answers().presses("1").meets(world.mia)
    world.until(lambda: not world.dev.rings and not world.eva.rings, within=12)
    world.dev.answers(within=20).hears("Cleo has an emergency. This is only for you to know")
    world.dev.hears("Press 1 to say that you know it").presses("1").hears("You know it. Cleo has it.")
    world.until(lambda: not world.dev.in_call and not world.eva.rings, within=15)
    assert world.cleo.talks_with(world.mia)
    assert known(world) == {CLEO, DEV}
    assert the_emergency(world).escalation.accepted_by == world.staff_id(CLEO)
    rung = len(world.calls_to(SUE)), len(world.calls_to(EVA)), len(world.calls_to(DEV))
    world.passes(minutes=5)
    assert rung == (len(world.calls_to(SUE)), len(world.calls_to(EVA)), len(world.calls_to(DEV)))


def test_until_a_second_knows_it_goes_on_by_its_rungs_with_a_pause_between_two_rounds(two: World) -> None:
    """Nobody of the clinicians takes up the phone, so the supervisor is asked; then there is silence for a minute."""
    world = two
    world.cleo.answers().presses("1").meets(world.mia)
    world.phones(Behaviour.IGNORES, world.dev, world.eva, world.sue)
    world.until(lambda: world.sue.rings, within=60)
    assert not world.ana.rings
    assert not world.cleo.has_read("Only for you to know")
    before = len(world.calls_to(SUE))
    world.passes(60)
    assert len(world.calls_to(SUE)) == before
    world.phones(Behaviour.RINGS, world.sue)
    world.sue.answers(within=60).hears("only for you to know").presses("1").hears("Cleo has it")
    assert known(world) == {CLEO, SUE}


def test_whoever_presses_1_a_moment_too_late_is_the_second(two: World) -> None:
    """Their key comes before they can be told who was quicker."""
    world = two
    world.dev.answers().hears("Emergency waiting")
    world.change(
        lambda transaction: coordinator.accept(
            transaction, the_emergency(world).escalation.id, world.staff_id(CLEO)
        )
    )
    world.dev.presses("1").hears("You know it. Cleo has it.")
    assert known(world) == {CLEO, DEV}


def test_whoever_has_picked_up_is_asked_to_know_on_the_same_call(two: World) -> None:
    """They need not be rung again for it; who can't is told who has it."""
    world = two
    world.dev.answers().hears("Emergency waiting")
    world.eva.answers().hears("Emergency waiting")
    world.cleo.answers().presses("1").meets(world.mia)
    world.eva.hears("Cleo has an emergency. This is only for you to know").presses("2").hears(
        "Cleo has taken it"
    )
    world.dev.hears("Cleo has an emergency. This is only for you to know").presses("9")
    world.dev.hears("Press 1 to say that you know it").presses("1").hears("You know it. Cleo has it.")
    assert known(world) == {CLEO, DEV}
    rung = len(world.calls_to(DEV)), len(world.calls_to(EVA))
    world.passes(60)
    assert rung == (len(world.calls_to(DEV)), len(world.calls_to(EVA)))


def test_by_text_too_it_takes_a_key_to_be_the_second(two: World) -> None:
    """A text proves nobody: their phone rings, and says whose it is."""
    world = two
    world.cleo.answers().presses("1").meets(world.mia)
    world.phones(Behaviour.IGNORES, world.dev, world.eva)
    world.dev.reads("Cleo has an emergency. Only for you to know", within=20)
    world.passes(26)
    world.phones(Behaviour.RINGS, world.dev)
    world.dev.texts("1").reads("Press 1 on it to say that you know it. It stays whose it is.")
    assert known(world) == {CLEO}
    world.dev.answers(within=20).presses("1").hears("You know it. Cleo has it.")
    assert known(world) == {CLEO, DEV}


def test_when_it_is_closed_nobody_is_asked_to_know_of_it(two: World) -> None:
    world = two
    world.cleo.answers().presses("1").meets(world.mia)
    world.until(lambda: not world.dev.rings, within=12)
    world.until(lambda: world.dev.rings and world.eva.rings, within=20)
    world.mia.hangs_up()
    world.cleo.hears("Is this emergency closed").presses("1").leaves()
    world.until(lambda: not world.dev.rings and not world.eva.rings, within=12)
    world.passes(minutes=3)
    assert not world.look(lambda transaction: escalations.all_open(transaction.tx))


def test_when_it_is_dropped_everybody_is_paged_for_it_anew(two: World) -> None:
    """Whoever takes it then is the second: two know, and nobody else is asked."""
    world = two
    world.cleo.answers().presses("1").meets(world.mia)
    world.phones(Behaviour.IGNORES, world.dev, world.eva, world.sue)
    world.until(lambda: world.dev.rings, within=20)
    world.phones(Behaviour.OFF, world.cleo)
    world.cleo.leaves()
    world.until(lambda: not world.dev.rings, within=30)
    world.phones(Behaviour.RINGS, world.dev)
    world.until(lambda: world.dev.rings, within=60)
    world.dev.answers().hears("Emergency waiting").presses("1").meets(world.mia)
    world.passes(30)
    assert known(world) == {CLEO, DEV}
    assert not world.eva.rings


def test_whoever_comes_to_help_knows_of_it_by_that(two: World) -> None:
    """What is asked of Dev takes his phone from what he was only to know."""
    world = two
    world.cleo.answers().presses("1").meets(world.mia)
    world.phones(Behaviour.IGNORES, world.eva)
    world.until(lambda: not world.dev.rings, within=12)
    world.until(lambda: world.dev.rings, within=20)
    writes(world.cleo, "I need help")
    world.passes(3)
    world.dev.answers(within=20).hears("asks for somebody beside them").presses("1")
    world.until(lambda: all_talk(world.mia, world.cleo, world.dev), within=15)
    assert known(world) == {CLEO, DEV}
    world.passes(minutes=2)
    assert not world.eva.rings
    assert not world.sue.rings


def test_a_caller_on_the_line_comes_before_a_second_who_is_to_know(two: World) -> None:
    """The same phones: only what nobody has takes them."""
    world = two
    world.cleo.answers().presses("1").meets(world.mia)
    world.until(lambda: not world.dev.rings, within=12)
    world.until(lambda: world.dev.rings and world.eva.rings, within=20)
    world.person("+16175550143").calls().presses("1")
    world.dev.answers(within=10).hears("Emergency waiting").presses("1")


def test_where_nobody_else_is_on_it_goes_on_to_be_looked_for(building: Building) -> None:
    """It is said on the board, and who comes on duty is asked."""
    alone = {
        **TWO,
        "schedule": [
            STAFF["schedule"][0],
            {**STAFF["schedule"][1], "always": ["Cleo Park"]},
            {**STAFF["schedule"][2], "always": []},
        ],
    }
    world = building(document=alone)
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    world.passes(minutes=3)
    (asks,) = [row for row in world.look(lambda t: escalations.all_open(t.tx)) if row.second_of is not None]
    assert asks.escalation.nobody
    assert not world.cleo.rings


def test_a_text_that_somebody_has_may_have_a_second_too(building: Building) -> None:
    """They hear what it is, and nothing of what was written."""
    rungs = [{"who": ["schedule:coordinators"], "how": ["call"], "wait": "30s"}]
    world = building(document={**STAFF, "policy": [{"subject": "thread", "acknowledge": 2, "rung": rungs}]})
    writes(world.mia, "can a person read this")
    world.ana.answers(within=20).hears("A text needs a person").presses("1").hears("The text is yours")
    world.until(lambda: not world.ben.rings, within=15)
    world.ben.answers(within=30).hears("Ana has a text that needs a person. This is only for you to know")
    world.ben.presses("1").hears("You know it. Ana has it.")
    world.passes(minutes=3)
    assert not world.ben.rings
