"""Shifts begin and end by the wall's clock, also in the middle of an escalation; people change them for a while."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from hotline.model import StaffId
from hotline.oncall.schedule import Change, ChangeKind
from hotline.operations import roster
from hotline.operations.people import members
from hotline.operations.shifts import changing_shifts
from hotline.operations.shifts.changing_shifts import CannotChange
from hotline.operations.watching import holes_watch
from hotline.simulator import Behaviour
from hotline.store.people import staff
from tests.stories.world import AFTERNOON, STAFF, World

TURNS: dict[str, Any] = {
    **STAFF,
    "schedule": [
        *(one for one in STAFF["schedule"] if one["name"] != "clinicians"),
        {
            "name": "clinicians",
            "timezone": "America/New_York",
            "rotation": [
                {"turns": ["Cleo Park", "Dev Rao"], "every": "1d", "starts": datetime(2026, 3, 1, 15, 2)}
            ],
        },
    ],
}
"""Cleo's turn ends two minutes after the stories begin, and Dev's begins."""
HOUR = timedelta(hours=1)


@pytest.fixture
def by_turns(world: World) -> World:
    """Clinicians take turns: Cleo's is nearly over."""
    world.here.application.change(lambda transaction: roster.load(transaction.tx, TURNS, transaction.now))
    return world


def named(world: World, name: str) -> StaffId:
    """Whoever is called so."""
    row = world.here.application.look(lambda transaction: staff.by_name(transaction.tx, name))
    assert row is not None
    return row.id


def test_a_shift_that_begins_in_the_middle_of_an_escalation_is_rung(by_turns: World) -> None:
    """Nobody who has gone home is rung for it any more once somebody else is on."""
    world = by_turns
    world.phones(Behaviour.IGNORES, *world.staff)
    world.mia.calls().presses("1")
    world.until(lambda: world.cleo.rings, within=12)
    assert not world.dev.rings
    world.until(lambda: world.dev.rings, within=150)
    world.phones(Behaviour.RINGS, world.dev)
    world.until(lambda: not world.dev.rings, within=60)
    world.dev.answers(within=60).hears("Emergency waiting").presses("1").meets(world.mia)


def change(world: World, kind: ChangeKind, name: str, instead_of: str | None = None) -> str:
    """Of the clinicians, from now on, for an hour."""

    def work(transaction: Any) -> str:
        made = Change(
            kind=kind,
            person=named(world, name),
            starts=transaction.now,
            ends=transaction.now + HOUR,
            instead_of=named(world, instead_of) if instead_of else None,
        )
        return changing_shifts.make(transaction, made, "clinicians").id

    return world.here.application.change(work)


def test_who_is_on_instead_is_rung_and_both_are_told(by_turns: World) -> None:
    """From that moment on; and not any more when it is taken back."""
    world = by_turns
    made = change(world, ChangeKind.INSTEAD, "Eva Stone", "Cleo Park")
    for person in (world.eva, world.cleo):
        person.reads(
            "Eva Stone is on instead of Cleo Park: clinicians, Mon 2 Mar 15:00 until Mon 2 Mar 16:00"
        )
    world.mia.calls().presses("1")
    world.until(lambda: world.eva.rings, within=12)
    assert not world.cleo.rings
    world.eva.answers().presses("1").meets(world.mia)
    world.mia.hangs_up()
    world.eva.hears("Is this emergency closed").presses("1")
    world.passes(10)
    world.here.application.change(lambda transaction: changing_shifts.undo(transaction, made))
    world.cleo.reads("taken back")
    world.mia.calls().presses("1")
    world.until(lambda: world.cleo.rings, within=12)
    assert not world.eva.rings


@pytest.mark.parametrize("gone", ["put off", "removed"])
def test_a_shift_that_a_leaver_had_taken_over_is_again_whose_it_was(by_turns: World, gone: str) -> None:
    """Who gave it away is told, and rung: nobody believes that a hole is filled."""
    world = by_turns
    change(world, ChangeKind.INSTEAD, "Eva Stone", "Cleo Park")
    change(world, ChangeKind.OFF, "Eva Stone")
    leave(world, "Eva Stone", gone)
    world.passes(2)
    world.cleo.reads("taken back: Eva Stone is on instead of Cleo Park")
    world.mia.calls().presses("1")
    world.until(lambda: world.cleo.rings, within=12)


@pytest.mark.parametrize("gone", ["put off", "removed"])
def test_who_stands_in_for_a_leaver_stays_on(by_turns: World, gone: str) -> None:
    """Their turn goes with them, and with it would go whoever had taken it."""
    world = by_turns
    change(world, ChangeKind.INSTEAD, "Eva Stone", "Cleo Park")
    leave(world, "Cleo Park", gone)
    world.passes(2)
    assert not world.eva.has_read("taken back")
    world.mia.calls().presses("1")
    world.until(lambda: world.eva.rings, within=12)


def leave(world: World, name: str, gone: str) -> None:
    """A supervisor puts them off the staff for now, or for good."""

    def work(transaction: Any) -> None:
        row = staff.by_name(transaction.tx, name)
        assert row is not None
        (members.remove if gone == "removed" else members.deactivate)(transaction, row)

    world.here.application.change(work)


def test_who_is_away_is_not_rung(by_turns: World) -> None:
    """The next rung is: with nobody else on, everybody the policy names."""
    world = by_turns
    change(world, ChangeKind.OFF, "Cleo Park")
    world.mia.calls().presses("1")
    world.until(lambda: world.sue.rings, within=12)
    assert not world.cleo.rings


def test_what_cannot_be_is_refused_in_words(by_turns: World) -> None:
    """Over already; nobody's schedule; taken back twice."""
    world = by_turns
    ana = named(world, "Ana Lima")
    past = Change(kind=ChangeKind.ON, person=ana, starts=AFTERNOON - 2 * HOUR, ends=AFTERNOON - HOUR)
    later = Change(kind=ChangeKind.ON, person=ana, starts=AFTERNOON, ends=AFTERNOON + HOUR)
    for one, schedule, said in (
        (past, "clinicians", "over already"),
        (later, "clinician", "no schedule"),
        (later, None, "on which schedule"),
    ):
        with pytest.raises(CannotChange, match=said):
            world.here.application.change(partial(changing_shifts.make, change=one, schedule=schedule))
    nobody = replace(later, kind=ChangeKind.INSTEAD, instead_of=named(world, "Ben Ortiz"))
    with pytest.raises(CannotChange, match="change nothing"):
        world.here.application.change(partial(changing_shifts.make, change=nobody, schedule="clinicians"))
    made = change(world, ChangeKind.ON, "Eva Stone")
    world.here.application.change(lambda transaction: changing_shifts.undo(transaction, made))
    with pytest.raises(CannotChange, match="already"):
        world.here.application.change(lambda transaction: changing_shifts.undo(transaction, made))


def test_a_hole_is_told_to_supervisors_once_a_day_and_two_hours_before(by_turns: World) -> None:
    """Whoever must fill it has time to; nobody is told twice of the same."""
    world = by_turns
    watch = partial(holes_watch.watch, world.here.application)
    assert watch() == 0
    starts = AFTERNOON + timedelta(days=3)
    for name in ("Cleo Park", "Dev Rao"):
        away = Change(kind=ChangeKind.OFF, person=named(world, name), starts=starts, ends=starts + 2 * HOUR)
        world.here.application.change(partial(changing_shifts.make, change=away, schedule=None))
    assert watch() == 1
    world.sue.reads("nobody is on clinicians, Thu 5 Mar 15:00 until Thu 5 Mar 17:00.")
    assert watch() == 0
    world.leaps(minutes=2 * 24 * 60 + 1)
    assert (watch(), watch()) == (1, 0)
    world.leaps(minutes=22 * 60)
    assert (watch(), watch()) == (1, 0)
    world.leaps(minutes=3 * 60)
    assert watch() == 0


def test_many_holes_are_one_text(by_turns: World) -> None:
    """With the nearest in full; a shift of the very moment counts, too."""
    world = by_turns
    for days in (0, 1, 2):
        starts = AFTERNOON + timedelta(days=days)
        for name in ("Ana Lima", "Ben Ortiz"):
            away = Change(kind=ChangeKind.OFF, person=named(world, name), starts=starts, ends=starts + HOUR)
            world.here.application.change(partial(changing_shifts.make, change=away, schedule=None))
    assert holes_watch.watch(world.here.application) == 3
    world.sue.reads("nobody is on coordinators, Mon 2 Mar 15:00 until Mon 2 Mar 16:00, nor at 2 more times")
