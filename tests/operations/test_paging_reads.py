"""What paging costs: as many questions to the database for a hundred emergencies as for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from hotline.model import EscalationId, How, Language, Line, PageId, Role, RoomName, StaffId, Subject
from hotline.oncall import escalation as reach
from hotline.oncall.policy import Policy, Rung
from hotline.oncall.schedule import Schedule
from hotline.operations.paging import pager, reaching
from hotline.operations.paging.reaching import About
from hotline.operations.staff import confirming
from hotline.operations.transaction import Transaction
from hotline.store.cases import escalations, pages
from hotline.store.overviews import telephones
from hotline.store.people import schedules
from tests.observed import lines_in_use
from tests.operations.crews import employ
from tests.store.examples import due_by
from tests.stories.centre import CENTRE
from tests.telephony.doorstep import Doorstep, build

CREW = tuple(StaffId(f"clinician{number}") for number in range(12))


@pytest.fixture
def door(tmp_path: Path) -> Doorstep:
    """A centre with twelve clinicians on call."""
    door = build(tmp_path, centre=CENTRE)
    door.here.application.change(_employ)
    return door


def _employ(transaction: Transaction) -> None:
    crew = employ(transaction, Role.CLINICIAN, len(CREW))
    schedules.put(transaction.tx, Schedule(name="clinicians", timezone="America/New_York", always=crew))


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    ran: list[str] = []

    def count(*args: object) -> None:
        ran.append(str(args[2]))

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield ran
    finally:
        event.remove(Engine, "before_cursor_execute", count)


def cost(door: Doorstep, work: Callable[[Transaction], object]) -> int:
    """How many statements one transaction runs."""
    with counted() as ran:
        door.here.application.change(work)
    return len(ran)


def emergency(door: Doorstep, number: int) -> tuple[EscalationId, int]:
    """One more emergency, and the statements that opening it and paging everybody took."""
    about = About(RoomName(f"room{number}"), Line.EMERGENCY, Language.EN)
    opened: list[EscalationId] = []
    took = cost(
        door,
        lambda transaction: opened.append(
            reaching.open_for(transaction, Subject.EMERGENCY, about).escalation.id
        ),
    )
    door.clock.now += timedelta(milliseconds=100)
    return opened[-1], took


def _wait_over(transaction: Transaction, escalation_id: EscalationId) -> None:
    row = escalations.get(transaction.tx, escalation_id)
    assert row is not None
    reaching.tell(transaction, row, reach.WaitOver())


def test_paging_everybody_asks_once_however_many_emergencies_wait(door: Doorstep) -> None:
    """Opening one beside others, and its next rung."""
    waiting = [emergency(door, number)[0] for number in range(3)]
    _, beside_few = emergency(door, 3)
    waiting += [emergency(door, number)[0] for number in range(4, 60)]
    _, beside_many = emergency(door, 60)
    assert beside_many <= beside_few <= 20
    door.clock.now += timedelta(seconds=60)
    rung = [cost(door, lambda transaction, one=one: _wait_over(transaction, one)) for one in waiting[1:5]]  # type: ignore[misc]
    assert max(rung) <= 25


def test_what_waits_for_a_phone_is_not_written_again_at_each_rung(door: Doorstep) -> None:
    """It keeps its place, and its code."""
    emergency(door, 0)
    second, _ = emergency(door, 1)
    before = door.look(lambda transaction: pages.of_escalation(transaction.tx, second))
    assert {one.state for one in before} == {pages.PageState.COVERED}
    door.clock.now += timedelta(seconds=60)
    door.here.application.change(lambda transaction: _wait_over(transaction, second))
    after = door.look(lambda transaction: pages.of_escalation(transaction.tx, second))
    assert [one for one in after if one.id in {page.id for page in before}] == before


def _whose_turn(transaction: Transaction) -> Sequence[object]:
    return pager.found(transaction, due_by(transaction.tx, transaction.now).untold)


def test_a_phone_that_is_in_use_is_nobody_s_work(door: Doorstep) -> None:
    """The clock looks after a person when their phone is free, and not before."""
    for number in range(3):
        emergency(door, number)
    assert not door.look(_whose_turn)
    door.clock.now += timedelta(seconds=60)
    assert len(door.look(_whose_turn)) == len(CREW)  # their next text may leave


def test_a_phone_that_rings_out_is_as_little_work_for_many_as_for_one(door: Doorstep) -> None:
    """It stood for all that wait; others are rung for each of them."""
    for number in range(3):
        emergency(door, number)
    few = cost(door, lambda transaction: confirming.leg_over(transaction, ringing(transaction, CREW[0])))
    for number in range(3, 40):
        emergency(door, number)
    many = cost(door, lambda transaction: confirming.leg_over(transaction, ringing(transaction, CREW[1])))
    assert many <= few + 2
    rows = door.look(lambda transaction: escalations.all_open(transaction.tx))
    assert all(CREW[1] not in row.escalation.ringing for row in rows)
    assert all(CREW[2] in row.escalation.ringing for row in rows)


def test_whoever_is_rung_for_more_is_not_rung_for_less_meanwhile(door: Doorstep) -> None:
    """A phone that is called off passes what it rang for on; not to somebody whose phone is just about to ring."""
    one_by_one = Policy(
        subject=Subject.FAMILY,
        rungs=(_rung("staff:clinician1"), _rung("staff:clinician0")),
        pause=timedelta(0),
    )
    both = Policy(
        subject=Subject.EMERGENCY,
        rungs=(_rung("staff:clinician0", "staff:clinician1"),),
        pause=timedelta(0),
    )

    def at_once(transaction: Transaction) -> None:
        holds = About(RoomName("holds"), Line.FAMILY, Language.EN)
        reaching.open_for(transaction, Subject.FAMILY, holds, one_by_one)
        about = About(RoomName("emergency"), Line.EMERGENCY, Language.EN)
        reaching.open_for(transaction, Subject.EMERGENCY, about, both)

    door.here.application.change(at_once)
    rung = door.look(lambda transaction: [one.page for one in telephones.look(transaction.tx).running()])
    assert sorted(one.staff_id for one in rung) == ["clinician0", "clinician1"]


def _rung(*who: str) -> Rung:
    return Rung(who=who, how=(How.CALL,), together=True, wait=timedelta(seconds=30))


def ringing(transaction: Transaction, person: StaffId) -> PageId:
    """The call that rings their phone."""
    (found,) = lines_in_use(transaction.tx, person)
    return found.id
