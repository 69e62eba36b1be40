"""Whose turn it is: emergencies before everything else, and nothing behind a call that must wait for the account."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.effects import Effect, HangUp, Origin, OriginKind, PlaceCall, SendText, Urgency
from hotline.model import OutboxId, PhoneNumber
from hotline.operations.outbox import delivery, lanes
from hotline.operations.outbox.lanes import LaneWork, Paced
from hotline.operations.transaction import Transaction
from hotline.store.database.tables import outbox as table
from hotline.store.traffic import outbox, pace
from hotline.store.traffic.outbox import EffectStatus
from tests.stories.centre import ANA, CENTRE, MIA
from tests.telephony.doorstep import Doorstep, build

CALL = PlaceCall(PhoneNumber(ANA), "/twilio/voice/page/p", "/twilio/voice/status/page/p", 20)
TEXT = SendText(PhoneNumber(ANA), "An emergency waits.", "/twilio/sms/status")
ONE_A_SECOND = f"{CENTRE}\n[carrier]\ncalls_per_second = 1\n"


@pytest.fixture
def door(tmp_path: Path) -> Doorstep:
    """An account that may start one call in a second."""
    return build(tmp_path, centre=ONE_A_SECOND)


def promised(door: Doorstep, effect: Effect, lane: Urgency) -> OutboxId:
    kept: OutboxId = door.here.application.change(
        lambda transaction: transaction.send(effect, about=Origin(OriginKind.STAFF, "ana"), urgency=lane)
    )
    door.clock.now += timedelta(milliseconds=1)
    return kept


def waiting(door: Doorstep, lane: Urgency, at_most: int = 8) -> LaneWork:
    found: LaneWork = door.look(lambda transaction: lanes.waiting(transaction, lane, at_most))
    return found


def claimed(door: Doorstep, outbox_id: OutboxId) -> bool:
    """Whether a sender gets it now."""
    try:
        return (
            door.here.application.change(lambda transaction: delivery.claim(transaction, outbox_id))
            is not None
        )
    except Paced:
        return False


def test_a_call_that_must_wait_is_as_if_nobody_had_touched_it(door: Doorstep) -> None:
    """Neither claimed nor counted; a second later it is the next sender's."""
    first, second = (promised(door, CALL, Urgency.URGENT) for _ in range(2))
    assert claimed(door, first)
    assert not claimed(door, second)
    row = door.look(lambda transaction: outbox.get(transaction.tx, second))
    assert (row.status, row.claims) == (EffectStatus.WAITING, 0)
    door.clock.now += timedelta(seconds=1)
    assert claimed(door, second)


def test_calls_of_emergencies_are_the_account_s_next_ones(door: Doorstep) -> None:
    """However long others have waited, and whichever process asks."""
    earlier = [promised(door, CALL, Urgency.URGENT) for _ in range(3)]
    emergency = promised(door, CALL, Urgency.EMERGENCY)
    assert not any(claimed(door, one) for one in earlier)
    assert waiting(door, Urgency.URGENT).ids == ()
    assert waiting(door, Urgency.EMERGENCY).ids == (emergency,)
    assert claimed(door, emergency)
    door.clock.now += timedelta(seconds=1)
    assert waiting(door, Urgency.URGENT).ids == (earlier[0],)
    assert claimed(door, earlier[0])


def test_nothing_else_waits_behind_calls_that_must(door: Doorstep) -> None:
    """Texts, redirects and hang-ups leave at once, past any number of calls."""
    calls = [promised(door, CALL, Urgency.URGENT) for _ in range(30)]
    others = [promised(door, one, Urgency.URGENT) for one in (TEXT, HangUp("CA1"))]
    found = waiting(door, Urgency.URGENT)
    assert found.ids == (calls[0], *others)
    assert claimed(door, calls[0])
    found = waiting(door, Urgency.URGENT)
    assert found.ids == tuple(others)
    assert found.again_at is not None
    assert timedelta(0) < found.again_at - door.clock.now <= timedelta(seconds=1)


def test_a_lane_sees_its_own_only_and_opens_nothing(door: Doorstep) -> None:
    """The longest waiting first, as many as there are hands."""
    urgent = [promised(door, TEXT, Urgency.URGENT) for _ in range(3)]
    ordinary = promised(door, TEXT, Urgency.ORDINARY)
    assert waiting(door, Urgency.URGENT, 2) == LaneWork(tuple(urgent[:2]), None)
    assert waiting(door, Urgency.ORDINARY) == LaneWork((ordinary,), None)
    assert waiting(door, Urgency.EMERGENCY) == LaneWork((), None)


def test_what_is_not_wanted_takes_no_call_of_the_account(door: Doorstep) -> None:
    """A page that was called off, or a row that another has claimed, leaves the second to others."""
    unwanted = door.here.application.change(
        lambda transaction: transaction.send(CALL, about=Origin(OriginKind.PAGE, "gone"))
    )
    assert not claimed(door, unwanted)
    left: tuple[int, object] = door.look(lambda transaction: pace.left(transaction.tx, transaction.now, 1))
    assert left[0] == 1


def lanes_of(door: Doorstep) -> dict[str, set[str]]:
    """By lane: what is in it."""

    def read(transaction: Transaction) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for row in transaction.tx.execute(select(table.c.urgency, table.c.kind, table.c.subject_kind)):
            found.setdefault(row.urgency, set()).add(f"{row.kind} {row.subject_kind}")
        return found

    return door.look(read)  # type: ignore[no-any-return]


def test_pages_of_an_emergency_have_the_lane_of_their_own_and_other_pages_don_t(door: Doorstep) -> None:
    """Key 1: calls and texts to clinicians. Key 2: a coordinator's phone, in the urgent lane."""
    door.calls("CA1")
    contact = door.look(lambda transaction: transaction.tx.execute(select(table.c.id)).first())
    assert contact is None
    _press(door, "CA1", "1")
    assert set(lanes_of(door)) == {"emergency"}
    assert {"PlaceCall page"} <= lanes_of(door)["emergency"] <= {"PlaceCall page", "SendText page"}
    door.calls("CA2", caller="+16175550143")
    _press(door, "CA2", "2", "+16175550143")
    assert "PlaceCall page" in lanes_of(door)["urgent"]


def _press(door: Doorstep, sid: str, key: str, caller: str = MIA) -> None:
    from hotline.store.cases import contacts

    contact = door.look(lambda transaction: contacts.by_call(transaction.tx, sid))
    form = {"CallSid": sid, "From": caller, "Digits": key}
    door.post(f"/twilio/voice/turn/{contact.id}/{contact.turn}", form)
