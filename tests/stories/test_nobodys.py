"""The auditor: whatever is open and has nobody is a supervisor's at once, and is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table

from hotline.model import StaffId
from hotline.operations.transaction import Transaction
from hotline.operations.watching import owners
from hotline.simulator import Behaviour
from hotline.store.database import rows
from hotline.store.database.tables import callbacks, contacts, escalations
from hotline.store.people import staff
from hotline.store.upkeep import tallies, unowned
from hotline.store.upkeep.unowned import UnownedKind
from tests.stories.records import contact_of, the_callback, the_emergency
from tests.stories.world import AFTERNOON, SUE, World


def broken(world: World, table: Table, row_id: str, values: Mapping[str, Any]) -> None:
    """An older version, or a hand in the database, has left this behind."""
    world.change(lambda transaction: rows.change(transaction.tx, table, [table.c.id == row_id], values))


def nobodys(world: World) -> list[tuple[UnownedKind, str]]:
    found = world.look(lambda transaction: unowned.look(transaction.tx, transaction.now))
    return [(one.kind, one.why) for one in found]


@pytest.mark.both_databases
def test_an_emergency_of_somebody_who_works_here_no_more_is_a_supervisors(world: World) -> None:
    """They are rung, once, and say that they look at it; Readiness shows it, and the figures count it."""
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    world.mia.hangs_up()
    world.passes(5)
    emergency = the_emergency(world).escalation
    assert owners.watch(world.here.application) == 0
    gone = emergency.accepted_by

    def leave(transaction: Transaction, active: bool) -> None:
        row = staff.get(transaction.tx, gone or StaffId(""))
        assert row is not None
        staff.save(transaction.tx, replace(row, active=active))

    world.change(lambda transaction: leave(transaction, active=False))
    assert nobodys(world) == [(UnownedKind.ESCALATION, "who has it works here no more")]
    assert [owners.watch(world.here.application) for _ in range(2)] == [1, 0]
    world.passes(1)
    world.sue.reads("something has nobody who sees to it")
    world.sue.answers().hears("has nobody who sees to it").presses("1").hears("on the page Readiness")
    counted = world.look(lambda transaction: tallies.every(transaction.tx))
    assert (counted["unowned"], counted["unowned escalation"]) == (1, 1)
    world.change(lambda transaction: leave(transaction, active=True))
    assert nobodys(world) == []


def test_what_has_nobody_is_told_again_on_the_centres_next_day(world: World) -> None:
    """Not at seven in the evening in Boston, when it is midnight in Greenwich, but when the day begins there."""
    world.mia.calls().presses("2").presses("4").hangs_up()
    world.passes(1)
    owed, here = the_callback(world).callback, world.here.application
    before = {"status": owed.status.value, "due_at": owed.due_at, "lease_until": owed.lease_until}
    broken(world, callbacks, owed.id, {"opened_at": AFTERNOON - timedelta(hours=1), "due_at": None,
                                       "lease_until": None, "attempts": 0, "status": "waiting"})  # fmt: skip
    told = []
    for hours in (0, 5, 9):
        world.clock.now = AFTERNOON + timedelta(hours=hours, minutes=1)
        owners.watch(here)
        told.append(world.look(lambda transaction: tallies.every(transaction.tx))["unowned callback"])
    assert told == [1, 1, 2]
    world.clock.now = AFTERNOON + timedelta(minutes=1)
    broken(world, callbacks, owed.id, before)


def test_however_much_has_nobody_a_supervisor_is_asked_once(world: World) -> None:
    """Each is counted and shown; whoever presses 1 is asked no more."""
    world.phones(Behaviour.OFF, world.ana, world.ben)
    for number in range(4):
        world.person(f"+1781555{number:04}").calls().presses("2").presses("4").hangs_up()
    world.passes(minutes=4)
    kept = world.look(lambda transaction: rows.many(transaction.tx, contacts.select()))
    for one in kept:
        broken(world, contacts, one.id, {"callback_id": "gone"})
    assert [owners.watch(world.here.application) for _ in range(2)] == [4, 0]
    world.sue.answers(within=20).hears("has nobody who sees to it").presses("1").hears(
        "on the page Readiness"
    )
    world.passes(minutes=3)
    assert (len(world.calls_to(SUE)), len(world.texts_to(SUE))) == (1, 1)
    counted = world.look(lambda transaction: tallies.every(transaction.tx))
    assert counted["unowned contact"] == 4
    for one in kept:
        broken(world, contacts, one.id, {"callback_id": one.callback_id})


def test_a_callback_that_nobody_looks_at_is_found(world: World) -> None:
    """The clock mends it in a second; where it can't, it is told after three minutes."""
    world.mia.calls().presses("2").presses("4").hangs_up()
    world.passes(1)
    owed = the_callback(world).callback
    long_ago = world.clock.now - timedelta(minutes=5)
    before = {"status": owed.status.value, "due_at": owed.due_at, "lease_until": owed.lease_until}
    broken(world, callbacks, owed.id, {"opened_at": long_ago, "due_at": None, "lease_until": None, "attempts": 0,
                                       "status": "waiting"})  # fmt: skip
    assert nobodys(world) == [(UnownedKind.CALLBACK, "nobody looks at it")]
    broken(world, callbacks, owed.id, {"status": "talking", "lease_until": long_ago})
    assert nobodys(world) == [(UnownedKind.CALLBACK, "nobody has looked at it")]
    broken(world, callbacks, owed.id, {"status": "taken", "lease_until": world.clock.now, "owner": "nobody"})
    assert nobodys(world) == [(UnownedKind.CALLBACK, "who has it works here no more")]
    broken(world, callbacks, owed.id, {**before, "owner": None})
    assert nobodys(world) == []


def test_a_contact_whose_promise_is_not_there_is_found(world: World) -> None:
    world.mia.calls().presses("2").presses("4").hangs_up()
    world.passes(minutes=4)
    row = contact_of(world)
    assert nobodys(world) == []
    broken(world, contacts, row.id, {"callback_id": "gone"})
    assert nobodys(world) == [(UnownedKind.CONTACT, "no callback was kept for it")]
    broken(world, contacts, row.id, {"outcome": "emergency"})
    assert nobodys(world) == [(UnownedKind.CONTACT, "no emergency was kept for it")]
    broken(world, contacts, row.id, {"outcome": "callback", "callback_id": row.callback_id})


def test_a_thread_that_nobody_is_asked_about_is_found(world: World) -> None:
    world.mia.texts("my cousin said to write here")
    world.passes(minutes=4)
    opened: Any = world.look(
        lambda transaction: rows.many(
            transaction.tx, escalations.select().where(escalations.c.status != "closed")
        )
    )
    (thread,) = opened
    assert nobodys(world) == []
    broken(world, escalations, thread.id, {"status": "closed"})
    assert nobodys(world) == [(UnownedKind.THREAD, "it waits for a person, and nobody is asked")]
    broken(world, escalations, thread.id, {"status": "reaching", "next_at": None})
    assert nobodys(world) == [(UnownedKind.ESCALATION, "nobody looks at it")]
    broken(world, escalations, thread.id, {"next_at": world.clock.now})
