"""Whatever is blocked, undone, closed and asked for again: each contact is in one row, and so is each promise."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from hotline.callbacks.ledger import Became
from hotline.commands import report
from hotline.commands.report import Figures
from hotline.model import Channel, Line, Outcome, PhoneNumber
from hotline.operations.console import coordinator
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.database import rows
from hotline.store.database.tables import contacts
from hotline.store.reports.dispositions import Contacts, Disposition, disposition_by
from tests.operations.texting import writes
from tests.stories.records import callbacks_of, emergencies
from tests.stories.world import ANA, CLEO, MIA, World

LASTING = timedelta(days=1)


def figures(world: World) -> Figures:
    """The report's, of the last day."""
    world.passes(1)
    found: Figures = world.look(
        lambda transaction: report.count(transaction.tx, transaction.now, 1, ZoneInfo("America/New_York"))
    )
    return found


def became(world: World) -> dict[Became, int]:
    """How many promises became what."""
    found: Counter[Became] = Counter()
    for one in figures(world).promises:
        found[one.became] += one.promises
    return dict(found)


def block(world: World) -> None:
    """Ana blocks Mia's number."""
    by = world.staff_id(ANA)
    world.change(lambda tx: coordinator.block(tx, PhoneNumber(MIA), "threats", LASTING, by))


def undo(world: World) -> None:
    """Ana undoes what was closed last, if it can be."""
    by = world.staff_id(ANA)
    for row in world.look(lambda tx: callbacks.closed_lately(tx.tx, 1)):
        world.change(partial(coordinator.undo, callback_id=row.callback.id, by=by))


def say(world: World, outcome: Outcome) -> None:
    """Ana says of each callback that is hers, or nobody's, how it ended."""
    by = world.staff_id(ANA)
    for row in _owed(world):
        world.change(partial(coordinator.set_outcome, callback_id=row.callback.id, outcome=outcome, by=by))


def close_emergencies(world: World) -> None:
    """Cleo closes what is open."""
    by = world.staff_id(CLEO)
    for row in emergencies(world):
        world.change(partial(coordinator.close, escalation_id=row.escalation.id, by=by))


def _owed(world: World) -> list[CallbackRow]:
    return [
        row for row in callbacks_of(world) if row.callback.is_open and row.callback.line is not Line.EMERGENCY
    ]


def test_a_block_that_is_undone_has_ended_nothing_and_withdrawn_nothing(world: World) -> None:
    """By a text; an emergency came in the same thread meanwhile, with a callback of its own."""
    writes(world.mia, "2", "4")
    writes(world.mia, "i took 40 pills and want to die")
    close_emergencies(world)
    before = figures(world).dispositions
    block(world)
    assert became(world) == {Became.WITHDRAWN: 1}
    undo(world)
    assert became(world) == {Became.WAITING: 1}
    say(world, Outcome.LEFT_MESSAGE)
    assert became(world) == {Became.KEPT: 1}
    (now,) = figures(world).dispositions
    assert (now.channel, now.disposition) == (Channel.TEXT, Disposition.OPEN)
    assert [one.disposition for one in before] == [Disposition.OPEN]


def test_a_thread_that_begins_anew_while_its_number_is_blocked_is_still_owed_its_call(world: World) -> None:
    """What they asked for in it is open again, and it is counted so, under its line."""
    writes(world.mia, "2", "4")
    block(world)
    writes(world.mia, "hello")
    undo(world)
    world.passes(minutes=2)
    assert figures(world).dispositions == [Contacts(Line.ADMISSIONS, Channel.TEXT, Disposition.OPEN, 1)]


@pytest.mark.parametrize("called", [False, True])
def test_a_thread_that_was_an_emergency_is_counted_as_one_whatever_came_after(
    world: World, *, called: bool
) -> None:
    """A person was asked for in it before; the emergency is closed, also if a call of theirs had opened it, and they
    write on."""
    writes(world.mia, "can a person read this")
    if called:
        world.mia.calls().presses("1").hears("Put the phone on speaker", within=20).hangs_up()
    writes(world.mia, "i want to die")
    close_emergencies(world)
    for words in ("thank you", "2", "4"):
        writes(world.mia, words)
        assert _threads(world) == {Line.EMERGENCY: 1}, words


def _threads(world: World) -> Counter[Line | None]:
    found: Counter[Line | None] = Counter()
    for one in figures(world).dispositions:
        if one.channel is Channel.TEXT:
            found[one.line] += one.contacts
    return found


def _texts(*words: str) -> Callable[[World], None]:
    def does(world: World) -> None:
        writes(world.mia, *words)

    return does


def _calls(*keys: str) -> Callable[[World], None]:
    def does(world: World) -> None:
        if not (world.mia.in_call or world.mia.rings):
            world.mia.calls()
            for key in keys:
                world.mia.presses(key)
            world.passes(3)
            world.mia.hangs_up()

    return does


def _time_goes_by(world: World) -> None:
    world.leaps(minutes=20)


DOINGS: tuple[Callable[[World], None], ...] = (
    block,
    undo,
    undo,
    close_emergencies,
    _texts("2", "4"),
    _texts("3", "4"),
    _texts("hello"),
    _texts("i want to die"),
    _calls("2"),
    _calls("3"),
    _calls(),
    lambda world: say(world, Outcome.LEFT_MESSAGE),
    lambda world: say(world, Outcome.REACHED),
    lambda world: say(world, Outcome.DECLINED),
    _time_goes_by,
)


@pytest.mark.parametrize("seed", range(4))
def test_rows_add_up_whatever_happened(world: World, seed: int) -> None:
    """Each contact in exactly one row; what is owed is open, and what is open was withdrawn by nobody."""
    chance = random.Random(seed)
    for _ in range(10):
        chance.choice(DOINGS)(world)
        world.passes(1)
        _check(world)


def _check(world: World) -> None:
    counted = figures(world)

    def read(transaction: Transaction) -> dict[str, str]:
        at = transaction.now
        came = select(contacts.c.id, disposition_by(at).label("became")).where(contacts.c.outbound.is_(False))
        found = rows.many(transaction.tx, came.where(contacts.c.opened_at < at))
        return {one.id: one.became for one in found}

    of = world.look(read)
    assert sum(one.contacts for one in counted.dispositions) == len(of)
    for row in _owed(world):
        assert of[row.contact_id] in (Disposition.LIVE, Disposition.LATER, Disposition.OPEN)
    withdrawn = sum(one.promises for one in counted.promises if one.became is Became.WITHDRAWN)
    assert withdrawn <= sum(not row.callback.is_open for row in callbacks_of(world))
