"""Who was on is noted as it was, whatever the plan says later; pages and minutes awake stand beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hotline.oncall.staffing.fairness import QuarterYear
from hotline.operations import roster
from hotline.operations.shifts import fair_shares
from hotline.operations.shifts.fair_shares import FairShare
from hotline.store.database.periods import Period
from hotline.store.duty import duty_ledger
from tests.stories.test_swaps import TURNS
from tests.stories.world import AFTERNOON, STAFF, World


def shares(world: World, quarter: QuarterYear | None = None) -> dict[str, FairShare]:
    """By name."""
    found = world.here.application.look(lambda transaction: fair_shares.look(transaction, quarter))
    return {one.name: one for one in found.shares}


def noted(world: World) -> int:
    """How many stretches of duty are noted."""
    whole = Period(AFTERNOON - timedelta(days=9), AFTERNOON + timedelta(days=99))
    found = world.here.application.look(lambda transaction: duty_ledger.stretches(transaction.tx, whole))
    return len(found)


def test_who_was_on_stays_true_when_the_plan_is_changed(world: World) -> None:
    """Noted every quarter of an hour, once, by however many clocks; what goes on is one stretch."""

    def load(document: dict[str, Any]) -> None:
        world.change(lambda transaction: roster.load(transaction.tx, document, transaction.now))

    load(TURNS)
    here = world.here.application
    assert fair_shares.keep(here) == 3
    assert fair_shares.keep(here) == 0
    for _ in range(8):
        world.leaps(minutes=15)
        fair_shares.keep(here)
        fair_shares.keep(here)
    after = shares(world)
    assert after["Dev Rao"].carried.hours >= timedelta(hours=2)
    assert after["Cleo Park"].carried.hours == timedelta(0)
    assert noted(world) == 4  # Dev; Ana, Ben and Sue, who are always on
    load({"schedule": [{"name": "clinicians", "timezone": "UTC", "always": ["Eva Stone"]}]})
    assert shares(world)["Dev Rao"].carried == after["Dev Rao"].carried
    assert shares(world)["Eva Stone"].planned.nights > 25
    assert shares(world, QuarterYear(2020, 1))["Dev Rao"].carried.hours == timedelta(0)


def test_pages_and_minutes_awake_are_whose_phone_rang(world: World) -> None:
    """At three in the afternoon nobody is woken; at eleven at night somebody is."""
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    world.passes(minutes=3)
    world.mia.hangs_up()
    world.cleo.hears("Is this emergency closed").presses("1")
    world.leaps(minutes=8 * 60)
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    world.passes(minutes=10)
    world.mia.hangs_up()
    world.cleo.hears("Is this emergency closed").presses("1")
    world.passes(30)
    cleo, ana = shares(world)["Cleo Park"], shares(world)["Ana Lima"]
    assert (cleo.paged, cleo.paged_at_night) == (2, 1)
    assert timedelta(minutes=10) <= cleo.awake <= timedelta(minutes=13)
    assert (ana.paged, ana.awake) == (0, timedelta(0))
    assert len(STAFF["staff"]) == len(shares(world))
