"""A trainee looks on: on the schedule, before the board, rung for nothing."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from hotline.model import Role
from hotline.oncall.schedule import Change, ChangeKind
from hotline.operations import roster
from hotline.operations.paging import duty
from hotline.operations.shifts import changing_shifts
from hotline.operations.shifts.changing_shifts import CannotChange
from hotline.operations.watching import holes_watch
from hotline.simulator import Behaviour
from hotline.store.people import staff
from tests.stories.test_shifts import HOUR, named
from tests.stories.world import AFTERNOON, STAFF, World

ZOE = "+16175550107"
WITH_ZOE: dict[str, Any] = {
    "staff": [*STAFF["staff"], {"name": "Zoe Quinn", "phone": ZOE, "roles": ["trainee"]}],
    "schedule": [
        {**one, "always": ["Zoe Quinn", *one["always"]]} if one["name"] == "clinicians" else one
        for one in STAFF["schedule"]
    ],
    "policy": [
        {
            "subject": "emergency",
            "rung": [
                {"who": ["schedule:clinicians", "staff:Zoe Quinn"], "how": ["call", "text"], "wait": "20s"}
            ],
        }
    ],
}


@pytest.fixture
def with_zoe(world: World) -> World:
    """Zoe is on with the clinicians, before anybody else, and a policy names her."""
    world.here.application.change(lambda transaction: roster.load(transaction.tx, WITH_ZOE, transaction.now))
    return world


def test_a_trainee_is_rung_and_told_nothing_and_stands_beside_the_others(with_zoe: World) -> None:
    """Whoever is on with her has the emergency; on the board she is shown as who she is."""
    world = with_zoe
    zoe = world.person(ZOE)
    world.phones(Behaviour.IGNORES, world.dev, world.eva)
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    assert not zoe.rings
    assert zoe.phone.inbox == []

    def shown(transaction: Any) -> tuple[str, ...]:
        return duty.on_shift(transaction)["clinicians"]

    assert world.here.application.look(shown)[0] == "Zoe Quinn (trainee)"


def test_a_trainee_alone_is_nobody_and_stands_in_for_nobody(with_zoe: World) -> None:
    """A schedule on which only she is on is a hole; she may be put on as well."""
    world = with_zoe
    zoe, cleo = named(world, "Zoe Quinn"), named(world, "Cleo Park")
    instead = Change(
        kind=ChangeKind.INSTEAD, person=zoe, starts=AFTERNOON, ends=AFTERNOON + HOUR, instead_of=cleo
    )
    with pytest.raises(CannotChange, match="a trainee, who looks on"):
        world.change(lambda transaction: changing_shifts.make(transaction, instead, "clinicians"))
    for name in ("Cleo Park", "Dev Rao", "Eva Stone"):
        away = Change(kind=ChangeKind.OFF, person=named(world, name), starts=AFTERNOON, ends=AFTERNOON + HOUR)
        world.change(partial(changing_shifts.make, change=away, schedule="clinicians"))
    assert holes_watch.watch(world.here.application) == 1
    well = Change(kind=ChangeKind.ON, person=zoe, starts=AFTERNOON, ends=AFTERNOON + HOUR)
    world.change(lambda transaction: changing_shifts.make(transaction, well, "coordinators"))
    world.mia.calls().presses("1")
    world.passes(30)
    assert not world.person(ZOE).rings


def test_a_trainee_is_nothing_else(world: World) -> None:
    """Whoever becomes one, or is one no more, is signed in anew."""
    both = {**WITH_ZOE["staff"][-1], "roles": ["trainee", "clinician"]}
    with pytest.raises(roster.Problems, match="a trainee only looks on"):
        world.change(lambda transaction: roster.load(transaction.tx, {"staff": [both]}, transaction.now))
    world.change(lambda transaction: roster.load(transaction.tx, WITH_ZOE, transaction.now))
    row = world.look(lambda transaction: staff.by_name(transaction.tx, "Zoe Quinn"))
    assert row.roles == {Role.TRAINEE}
    assert not row.can_be_rung
