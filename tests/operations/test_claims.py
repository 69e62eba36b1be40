"""Many reach for one thing: exactly one of them has it, on either database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from hotline.model import (
    CallbackId,
    EscalationId,
    Language,
    Line,
    Role,
    RoomName,
    StaffId,
    Subject,
)
from hotline.oncall.attention import Attention, StaffCall, Stage
from hotline.operations.console import coordinator
from hotline.operations.paging import reaching
from hotline.operations.paging.reaching import About
from hotline.operations.staff import responder
from hotline.operations.staff.responder import Assigned, TakenByOther
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, escalations
from tests import databases
from tests.operations.crews import employ
from tests.store.threads import in_threads
from tests.telephony.doorstep import Doorstep, build

CREW = tuple(StaffId(f"coordinator{number}") for number in range(100))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def door(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Doorstep]:
    """A centre with a hundred coordinators."""
    url = databases.postgresql() if request.param == "postgresql" else databases.sqlite(tmp_path)
    door = build(tmp_path / "home", database=url, patience=60.0)
    door.here.application.change(lambda transaction: employ(transaction, Role.COORDINATOR, len(CREW)))
    yield door
    door.here.application.database.dispose()
    if request.param == "postgresql":
        databases.drop(url)


def test_of_a_hundred_who_claim_a_callback_one_has_it(door: Doorstep) -> None:
    """The others are told who."""
    door.texts("2", sid="SM1")
    door.texts("4", sid="SM2")
    (owed,) = door.look(lambda transaction: callbacks.all_open(transaction.tx))
    told: list[object] = []

    def claim(person: StaffId) -> None:
        callback_id = CallbackId(owed.callback.id)
        told.append(door.here.application.change(partial(_claimed, callback_id=callback_id, by=person)))

    in_threads([partial(claim, person) for person in CREW])
    (after,) = door.look(lambda transaction: callbacks.all_open(transaction.tx))
    assert Counter(type(one) for one in told) == {Assigned: 1, TakenByOther: 99}
    assert after.callback.owner in CREW


def _claimed(transaction: Transaction, callback_id: CallbackId, by: StaffId) -> object:
    return coordinator.claim(transaction, callback_id, by)


def test_of_a_hundred_who_accept_an_emergency_one_has_it(door: Doorstep) -> None:
    """Whoever's change was first; nobody is told that it is theirs beside them."""
    opened: list[EscalationId] = []
    about = About(RoomName("room"), Line.EMERGENCY, Language.EN)
    door.here.application.change(
        lambda transaction: opened.append(
            reaching.open_for(transaction, Subject.EMERGENCY, about).escalation.id
        )
    )
    told: list[object] = []

    def accept(person: StaffId) -> None:
        told.append(
            door.here.application.change(
                lambda transaction: coordinator.accept(transaction, opened[-1], person)
            )
        )

    in_threads([partial(accept, person) for person in CREW])
    row = door.look(lambda transaction: escalations.get(transaction.tx, opened[-1]))
    assert row is not None
    assert row.escalation.accepted_by in CREW
    assert sum(isinstance(one, Assigned) for one in told) == 1


def test_whoever_has_pressed_1_meanwhile_keeps_what_is_taken_from_their_phone_for_more(
    door: Doorstep,
) -> None:
    """An emergency saw their phone still ringing for a caller who holds; that caller is theirs by now."""
    who, about = CREW[0], About(RoomName("room"), Line.ADMISSIONS, Language.EN)

    def opened(transaction: Transaction) -> EscalationId:
        return reaching.open_for(transaction, Subject.ADMISSIONS, about).escalation.id

    held = door.here.application.change(opened)

    def one_after_the_other(transaction: Transaction) -> None:
        rang = StaffCall(who, held, Attention.LIVE_CALLER, Stage.RINGS)
        row = escalations.get(transaction.tx, held)
        assert row is not None
        assert isinstance(responder.accept(transaction, row, who)[1], Assigned)
        reaching.take_from_less(transaction, who, [rang])

    door.here.application.change(one_after_the_other)
    after = door.look(lambda transaction: escalations.get(transaction.tx, held))
    assert after.escalation.accepted_by == who
