"""A policy's rungs by hours and by language, and whoever is next: told with telephones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from hotline.model import Language, Subject
from hotline.operations.policies import gaps_watch, trying_out
from hotline.operations.transaction import Transaction
from hotline.simulator import Behaviour
from hotline.store.people import staff
from tests.operations.texting import writes
from tests.stories.centre import CENTRE, STAFF
from tests.stories.conftest import Building
from tests.stories.world import ANA, BEN, CLEO, DEV, EVA, SUE, World

NIGHT = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
"""Three o'clock in Boston."""
TWO_LANGUAGES = CENTRE.replace("[line]", '[line]\nlanguages = ["en", "es"]', 1)
BY_TURNS: dict[str, Any] = {
    "name": "clinicians",
    "timezone": "America/New_York",
    "rotation": [
        {"turns": ["Cleo Park", "Dev Rao"], "every": "7d", "starts": datetime(2026, 2, 23, 7)},
    ],
}
"""Dev's week began today at seven; the next one is Cleo's."""
BY_HOURS: dict[str, Any] = {
    **STAFF,
    "staff": [
        {**one, "languages": ["en", "es"]} if one["name"] == "Ben Ortiz" else one for one in STAFF["staff"]
    ],
    "schedule": [STAFF["schedule"][0], BY_TURNS, STAFF["schedule"][2]],
    "policy": [
        {
            "subject": "emergency",
            "rung": [
                {"who": ["staff:Ben Ortiz"], "how": ["call"], "wait": "30s", "languages": ["es"]},
                {
                    "who": ["schedule:coordinators"],
                    "how": ["call"],
                    "wait": "30s",
                    "hours": ["Mon-Fri 08:00-18:00"],
                },
                {
                    "who": ["schedule:clinicians", "next:clinicians"],
                    "how": ["call"],
                    "together": False,
                    "wait": "20s",
                },
                {"who": ["everyone"], "how": ["call", "text"], "wait": "30s"},
            ],
        }
    ],
}


def rung(world: World) -> set[str]:
    """Whose phones rang so far."""
    return {number for number in (ANA, BEN, CLEO, DEV, EVA, SUE) if world.calls_to(number)}


@pytest.mark.both_databases
def test_by_day_one_rung_holds_and_by_night_it_is_passed(building: Building) -> None:
    """In the afternoon the coordinators are rung first; at night it is whoever has the week, then who has the next."""
    world = building(document=BY_HOURS)
    world.mia.calls().presses("1")
    world.passes(2)
    assert rung(world) == {ANA, BEN}
    world = building(document=BY_HOURS, now=NIGHT)
    world.phones(Behaviour.OFF, world.dev)
    world.mia.calls().presses("1")
    world.passes(3)
    assert rung(world) == {DEV, CLEO}
    world.phones(Behaviour.RINGS, world.cleo)
    world.cleo.answers(within=20).presses("1").meets(world.mia)


def test_everyone_is_rung_at_last(building: Building) -> None:
    """On duty or not."""
    world = building(document=BY_HOURS, now=NIGHT)
    world.phones(Behaviour.OFF, world.dev, world.cleo)
    world.mia.calls().presses("1")
    world.until(lambda: world.eva.rings and world.sue.rings and world.ana.rings, within=60)


def test_a_rung_for_a_language_holds_for_whoever_speaks_it(building: Building) -> None:
    """By phone and by text; whoever speaks English is none of its business."""
    world = building(document=BY_HOURS, now=NIGHT, centre=TWO_LANGUAGES)
    world.mia.calls().presses("8").presses("1")
    world.passes(2)
    assert rung(world) == {BEN}
    world = building(document=BY_HOURS, now=NIGHT, centre=TWO_LANGUAGES)
    writes(world.mia, "mi hijo no respira, ayuda")
    world.passes(2)
    assert rung(world) == {BEN}
    world = building(document=BY_HOURS, now=NIGHT, centre=TWO_LANGUAGES)
    writes(world.mia, "my son is not breathing")
    world.passes(2)
    assert rung(world) == {DEV}


def test_their_own_call_rings_those_of_the_rungs_that_hold(building: Building) -> None:
    """When nobody has come after a minute: here the coordinators' rung is passed, but everybody is on the last one."""
    small = {**BY_HOURS, "policy": [{**BY_HOURS["policy"][0], "rung": BY_HOURS["policy"][0]["rung"][:3]}]}
    world = building(document=small, now=NIGHT)
    world.phones(Behaviour.IGNORES, *world.staff)
    world.mia.calls().presses("1")
    world.passes(75)
    assert rung(world) == {DEV, CLEO}


def test_what_a_dry_run_tells_is_what_happens(building: Building) -> None:
    """Whose phone rings at which second, if nobody takes theirs up: by night, with a rung that is passed."""
    world = building(document=BY_HOURS, now=NIGHT)
    told = world.look(
        lambda transaction: trying_out.rehearsed(transaction, Subject.EMERGENCY, NIGHT, Language.EN)
    )
    names = {one["phone"]: one["name"] for one in STAFF["staff"]}
    expected = [(one.after.total_seconds(), sorted(one.people)) for one in told.steps]
    assert expected[0] == (0, ["Dev Rao"])
    world.phones(Behaviour.IGNORES, *world.staff)
    world.mia.calls()
    began = world.clock.now
    world.mia.presses("1").hangs_up()
    world.passes(60)
    rings: dict[float, list[str]] = {}
    for number, name in names.items():
        for call in world.calls_to(number):
            rings.setdefault((call.created_at - began).total_seconds(), []).append(name)
    happened = sorted((at, sorted(who)) for at, who in rings.items())
    # The clock of a story looks every few seconds.
    for (at, who), (was_at, rung_then) in zip(expected[:3], happened, strict=False):
        assert who == rung_then
        assert at <= was_at <= at + 5


def test_that_an_emergency_would_ring_nobody_is_told_ahead(building: Building) -> None:
    """Every schedule has somebody, but the one whom the policy names by night has another phone now."""
    by_night = {
        **STAFF,
        "policy": [
            {
                "subject": "emergency",
                "rung": [
                    {
                        "who": ["schedule:clinicians"],
                        "how": ["call"],
                        "wait": "30s",
                        "hours": ["08:00-20:00"],
                    },
                    {"who": ["staff:Eva Stone"], "how": ["call"], "wait": "30s", "hours": ["20:00-08:00"]},
                ],
            }
        ],
    }
    world = building(document=by_night)
    watch = partial(gaps_watch.watch, world.here.application)
    assert watch() == 0

    def another_phone(transaction: Transaction) -> None:
        row = staff.get(transaction.tx, world.staff_id(EVA))
        assert row is not None
        staff.save(transaction.tx, replace(row, verified=False))

    world.change(another_phone)
    assert (watch(), watch()) == (1, 0)
    world.sue.reads("from Mon 2 Mar 20:00 on an emergency in English would ring nobody")
    world.leaps(minutes=3 * 60 + 30)
    assert (watch(), watch()) == (1, 0)
    world.leaps(minutes=2 * 60)
    assert (watch(), watch()) == (1, 0)
    world.leaps(minutes=10)
    assert watch() == 0
