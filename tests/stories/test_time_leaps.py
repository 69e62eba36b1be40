"""Time leaps: Hotline is down for a day, and clocks are set in the middle of an escalation. Nothing is lost, and nobody
is rung more often than once for all that waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hotline.operations.at_work import shift_watch
from hotline.operations.people import members
from hotline.operations.transaction import Transaction
from hotline.simulator import Behaviour
from hotline.store.people import staff
from tests.stories.centre import STAFF
from tests.stories.conftest import Building
from tests.stories.records import emergencies
from tests.stories.world import CLEO, DEV, SUE, World


def by_turns(starts: datetime, every: str = "1d") -> dict[str, Any]:
    """Clinicians hand over by the clock on Boston's wall."""
    rotation = {"turns": ["Cleo Park", "Dev Rao"], "every": every, "starts": starts}
    clinicians = {"name": "clinicians", "timezone": "America/New_York", "rotation": [rotation]}
    return {**STAFF, "schedule": [STAFF["schedule"][0], clinicians, STAFF["schedule"][2]]}


def test_after_a_day_down_what_waits_for_one_person_is_one_call_and_one_text(world: World) -> None:
    """Six emergencies are late by a day: each is paged, and a phone rings once for all of them."""
    world.phones(Behaviour.IGNORES, *world.staff)
    texters = [f"+1781555{number:04}" for number in range(6)]
    for number in texters:
        world.person(number).texts("my son is not breathing")
    assert len(emergencies(world)) == len(texters)
    world.passes(90)
    world.phones(Behaviour.RINGS, *world.staff)
    calls, texts = len(world.calls_to(CLEO)), len(world.texts_to(CLEO))
    world.leaps(minutes=24 * 60)
    world.until(lambda: world.cleo.rings, within=90)
    world.passes(10)
    assert len(world.calls_to(CLEO)) - calls == 1
    assert len(world.texts_to(CLEO)) - texts <= 2
    world.cleo.answers().hears("6 emergencies waiting")
    assert len(emergencies(world)) == len(texters)


def test_a_shift_that_began_while_nothing_ran_wakes_nobody_for_a_test(building: Building) -> None:
    """Who began an hour ago and longer is on, and is rung for what is real."""
    world = building(document=by_turns(datetime(2026, 3, 2, 15, 1), "12h"))
    shift_watch.watch(world.here.application)
    world.leaps(minutes=12 * 60 + 90)
    assert shift_watch.watch(world.here.application) == 0
    world.passes(5)
    assert (world.texts_to(CLEO), world.texts_to(DEV)) == ([], [])
    world.mia.calls().presses("1")
    world.dev.answers().presses("1").meets(world.mia)


@pytest.mark.parametrize(
    ("now", "hand_off"),
    [
        # Clocks are set forward at 2:00, which is 3:00 then; Dev's turn begins at 2:30, which never comes.
        (datetime(2026, 3, 8, 6, 59, tzinfo=UTC), datetime(2026, 3, 7, 2, 30)),
        # Clocks are set back at 2:00, which is 1:00 again; Dev's turn begins at 1:30, the first of two.
        (datetime(2026, 11, 1, 5, 29, tzinfo=UTC), datetime(2026, 10, 31, 1, 30)),
    ],
    ids=["forward", "back"],
)
def test_a_hand_off_in_the_hour_in_which_clocks_are_set_is_in_the_middle_of_an_escalation(
    building: Building, now: datetime, hand_off: datetime
) -> None:
    """Whoever is on by then is rung; nobody is lost in the hour that is missing or comes twice."""
    world = building(document=by_turns(hand_off), now=now)
    world.phones(Behaviour.IGNORES, *world.staff)
    world.mia.calls().presses("1")
    assert len(world.calls_to(CLEO)) == 1
    assert world.calls_to(DEV) == []
    world.phones(Behaviour.RINGS, world.dev)
    world.until(lambda: world.dev.rings, within=150)
    assert world.clock.now >= now + timedelta(minutes=1)
    world.dev.answers().presses("1").meets(world.mia)


def test_a_supervisor_whom_nobody_reaches_holds_up_nothing(world: World) -> None:
    """An emergency goes on through the rungs, and comes to whoever answers in the end."""
    world.phones(Behaviour.OFF, *world.clinicians, world.sue)
    world.mia.calls().presses("1")
    world.until(lambda: world.ben.rings, within=60)
    world.ben.answers().presses("1").meets(world.mia)
    assert len(world.calls_to(SUE)) >= 1


def test_a_stolen_phone_is_off_at_once(world: World) -> None:
    """Whose number was taken off them is not rung again, and what the thief texts is a stranger's."""
    world.mia.calls().presses("1")
    world.until(lambda: world.cleo.rings, within=12)
    who = world.staff_id(CLEO)

    def off(transaction: Transaction) -> None:
        row = staff.get(transaction.tx, who)
        assert row is not None
        members.deactivate(transaction, row)

    world.change(off)
    before = len(world.calls_to(CLEO))
    world.passes(minutes=3)
    assert len(world.calls_to(CLEO)) == before
    world.dev.answers(within=60).presses("1").meets(world.mia)
