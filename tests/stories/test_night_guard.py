"""Night work has an end: it is counted, shown, and goes to whoever has slept, as long as there is anybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hotline.model import Language, Subject
from hotline.operations.at_work import long_calls, who_is_ready
from hotline.operations.people import members
from hotline.operations.policies import trying_out
from hotline.operations.transaction import Transaction
from hotline.simulator import Behaviour
from hotline.store.people import staff
from tests.stories.centre import STAFF
from tests.stories.conftest import Building
from tests.stories.world import CLEO, DEV, World

NIGHT = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)
"""One o'clock in Boston."""
TWO: dict[str, Any] = {
    **STAFF,
    "schedule": [
        STAFF["schedule"][0],
        {**STAFF["schedule"][1], "always": ["Cleo Park", "Dev Rao"]},
        STAFF["schedule"][2],
    ],
}


@pytest.fixture
def night(building: Building) -> World:
    """Cleo and Dev are on. Dev's phone is off for now, so that Cleo is woken three times."""
    world = building(document=TWO, now=NIGHT)
    world.phones(Behaviour.OFF, world.dev)
    for _ in range(3):
        emergency(world)
        world.cleo.answers().presses("1").meets(world.mia)
        over(world)
    world.phones(Behaviour.RINGS, world.dev)
    return world


def emergency(world: World) -> None:
    world.mia.calls().presses("1")


def over(world: World) -> None:
    """They hang up, and it is closed by key."""
    world.mia.hangs_up()
    world.cleo.hears("Is this emergency closed").presses("1").leaves()
    world.passes(15)


def rung_last_night(world: World) -> dict[str, int]:
    found = world.look(who_is_ready.look)
    return {one.member.phone.e164: one.rung_last_night for one in found.people}


@pytest.mark.both_databases
def test_after_three_pages_in_a_night_somebody_else_is_rung_first(night: World) -> None:
    """It is counted and shown; who has not answered by the next rung is nobody, and then everybody is rung."""
    world = night
    assert rung_last_night(world)[CLEO] == 3
    before = len(world.calls_to(CLEO))
    world.phones(Behaviour.IGNORES, world.dev)
    emergency(world)
    world.until(lambda: len(world.calls_to(DEV)) > 3, within=12)
    world.passes(10)
    assert len(world.calls_to(CLEO)) == before
    world.until(lambda: world.cleo.rings, within=60)
    world.cleo.answers().presses("1").meets(world.mia)


def test_a_dry_run_lets_sleep_whom_the_night_lets_sleep(night: World) -> None:
    """Tonight by name; of a night to come it is said how many pages it takes, and by day nothing."""
    world = night

    def tried(at: datetime) -> trying_out.DryRun:
        found: trying_out.DryRun = world.look(
            lambda transaction: trying_out.rehearsed(transaction, Subject.EMERGENCY, at, Language.EN)
        )
        return found

    now = world.clock.now
    tonight = tried(now)
    assert (tonight.steps[0].people, tonight.spared) == (("Dev Rao",), ("Cleo Park",))
    tomorrow = tried(now + timedelta(days=1))
    assert (tomorrow.steps[0].people, tomorrow.may_spare) == (("Cleo Park", "Dev Rao"), 3)
    assert tried(now + timedelta(hours=12)).may_spare is None
    assert tried(now + timedelta(hours=12)).spared == ()


def test_who_wants_every_page_gets_it(night: World) -> None:
    world = night
    who = world.staff_id(CLEO)

    def every(transaction: Transaction) -> None:
        row = staff.get(transaction.tx, who)
        assert row is not None
        members.choose_guard(transaction, row, every_page=True)

    world.change(every)
    emergency(world)
    world.until(lambda: world.cleo.rings and world.dev.rings, within=12)


def test_who_is_alone_is_rung_however_often(night: World) -> None:
    world = night
    who = world.staff_id(DEV)

    def away(transaction: Transaction) -> None:
        row = staff.get(transaction.tx, who)
        assert row is not None
        members.deactivate(transaction, row)

    world.change(away)
    emergency(world)
    world.until(lambda: world.cleo.rings, within=12)


@pytest.mark.proof
def test_by_day_nobody_is_spared(night: World) -> None:
    """The next night begins at nothing."""
    world = night
    world.leaps(minutes=10 * 60)
    emergency(world)
    world.until(lambda: world.cleo.rings and world.dev.rings, within=12)
    world.leaps(minutes=14 * 60)
    assert rung_last_night(world)[CLEO] <= 1


def test_a_long_call_is_offered_somebody_beside_them_once(world: World) -> None:
    """By name; what to press, and where to hand it over."""
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    assert long_calls.watch(world.here.application) == 0
    world.passes(minutes=31)
    assert [long_calls.watch(world.here.application) for _ in range(2)] == [1, 0]
    world.passes(2)
    world.cleo.reads("30 minutes in this emergency. For somebody beside you press * and 1")
    world.cleo.reads("On now: ")
    assert world.cleo.has_read("Dev")
    world.cleo.leaves()
    world.mia.leaves()


def test_who_talks_with_somebody_else_is_nobody_to_let_others_sleep_for(night: World) -> None:
    """Dev has slept, and has an emergency in hand: the next one rings Cleo at once."""
    world = night
    world.phones(Behaviour.OFF, world.cleo)
    emergency(world)
    world.dev.answers().presses("1").meets(world.mia)
    world.phones(Behaviour.RINGS, world.cleo)
    world.passes(15)
    world.person("+16175550143").calls().presses("1")
    world.until(lambda: world.cleo.rings, within=5)
