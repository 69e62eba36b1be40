"""Calls of which only the end reached us: the carrier went on without our words."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.model import Line, Outcome
from hotline.store.cases import callbacks, contacts
from tests.stories.centre import ANA, LINE, MIA
from tests.telephony.doorstep import Doorstep, build


@pytest.fixture
def door(tmp_path: Path) -> Doorstep:
    """The application, which hears of no call until it is over."""
    return build(tmp_path)


def over(door: Doorstep, caller: str = MIA, seconds: int = 40) -> None:
    """The carrier reports the end of a call."""
    told = {"CallSid": "CA1", "From": caller, "To": LINE, "CallStatus": "completed", "Direction": "inbound"}
    door.post("/twilio/voice/status", {**told, "CallDuration": str(seconds), "SequenceNumber": "0"})


def ended_as(door: Doorstep) -> Outcome | None:
    row = door.look(lambda transaction: contacts.by_call(transaction.tx, "CA1"))
    assert row is not None
    assert row.ended_at is not None
    outcome: Outcome | None = row.outcome
    return outcome


def owed(door: Doorstep) -> list[Line]:
    found: list[Line] = door.look(
        lambda transaction: [one.callback.line for one in callbacks.all_open(transaction.tx)]
    )
    return found


def test_whoever_stayed_on_the_line_is_owed_a_call(door: Doorstep) -> None:
    """Once, however often the end is reported."""
    over(door)
    over(door)
    assert ended_as(door) is Outcome.CALLBACK
    assert owed(door) == [Line.PERSON]


def test_whoever_hung_up_at_once_is_on_record(door: Doorstep) -> None:
    """And not called: a pocket dials, too."""
    over(door, seconds=2)
    assert ended_as(door) is Outcome.LEFT_EARLY
    assert owed(door) == []


@pytest.mark.parametrize(
    ("caller", "outcome"),
    [("", Outcome.UNREACHABLE), ("anonymous", Outcome.UNREACHABLE), (ANA, Outcome.LEFT_EARLY)],
)
def test_nobody_can_be_owed_a_call_who_shows_no_number_or_is_on_the_staff(
    door: Doorstep, caller: str, outcome: Outcome
) -> None:
    """They are on record."""
    over(door, caller=caller)
    assert ended_as(door) is outcome
    assert owed(door) == []


def test_a_key_that_is_read_back_afterwards_still_counts(door: Doorstep) -> None:
    """The first webhook was kept in the journal, and its key comes after the end."""
    over(door, seconds=2)
    row = door.look(lambda transaction: contacts.by_call(transaction.tx, "CA1"))
    assert row is not None
    door.post(f"/twilio/voice/turn/{row.id}/1", {"CallSid": "CA1", "From": MIA, "To": LINE, "Digits": "1"})
    assert owed(door) == [Line.EMERGENCY]
