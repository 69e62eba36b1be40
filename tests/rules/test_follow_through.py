"""What comes after a talk: when it is asked whether they came, and when somebody may be called after an emergency."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.callbacks.callback import CallbackKind, OutcomeSet, PutBack, Taken
from hotline.callbacks.callback_moves import step
from hotline.callbacks.follow_through import (
    FollowUpFlaw,
    asked_from,
    asked_until,
    follow_up_flaw,
    is_soon,
    proposed_time,
)
from hotline.callbacks.ledger import follow
from hotline.callbacks.promise import FOLLOW_UP_PROMISE, is_late, planned_for
from hotline.model import Line, Outcome, StaffId
from tests.rules.test_callback_promise import NOON, PLAN, a_callback

BOSTON = ZoneInfo("America/New_York")
ZONES = (BOSTON,)
HOUR = timedelta(hours=1)
CLOSED = datetime(2026, 3, 2, 19, 30, tzinfo=UTC)
"""14:30 in Boston."""


def test_an_intake_is_soon_within_48_hours_of_when_they_asked() -> None:
    """To the minute; one that was before they asked isn't."""
    assert is_soon(NOON, NOON + 48 * HOUR)
    assert is_soon(NOON, NOON)
    assert not is_soon(NOON, NOON - timedelta(minutes=1))
    assert not is_soon(NOON, NOON + 48 * HOUR + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("starts", "since", "until"),
    [
        ((2026, 3, 4, 10, 0), (2026, 3, 5, 8, 0), (2026, 3, 5, 14, 0)),
        ((2026, 3, 4, 23, 30), (2026, 3, 5, 8, 0), (2026, 3, 5, 14, 0)),
        ((2026, 3, 7, 10, 0), (2026, 3, 8, 8, 0), (2026, 3, 8, 14, 0)),  # the clocks go forward
    ],
)
def test_whether_they_came_is_asked_on_the_next_day_of_the_centre(
    starts: tuple[int, ...], since: tuple[int, ...], until: tuple[int, ...]
) -> None:
    """From eight to two on the wall."""

    def wall(written: tuple[int, ...]) -> datetime:
        year, month, day, hour, minute = written
        return datetime(year, month, day, hour, minute, tzinfo=BOSTON).astimezone(UTC)

    assert asked_from(wall(starts), BOSTON) == wall(since)
    assert asked_until(wall(starts), BOSTON) == wall(until)


@pytest.mark.parametrize(
    ("hours", "flaw"),
    [
        (23.9, FollowUpFlaw.TOO_SOON),
        (24, None),
        (30.4, None),
        (31, FollowUpFlaw.AT_NIGHT),
        (66, None),
        (72, None),
        (72.1, FollowUpFlaw.TOO_LATE),
    ],
)
def test_a_follow_up_is_24_to_72_hours_later_by_day(hours: float, flaw: FollowUpFlaw | None) -> None:
    """Where they live."""
    at = CLOSED + timedelta(hours=hours)
    assert follow_up_flaw(at, CLOSED, CLOSED, ZONES) is flaw


def test_who_agrees_late_is_called_within_a_day() -> None:
    """The offer stood for four days before anybody asked them."""
    now = CLOSED + 96 * HOUR
    assert follow_up_flaw(now + HOUR, CLOSED, now, ZONES) is None
    assert follow_up_flaw(now - HOUR, CLOSED, now, ZONES) is FollowUpFlaw.TOO_SOON
    assert follow_up_flaw(now + 25 * HOUR, CLOSED, now, ZONES) is FollowUpFlaw.TOO_LATE


@given(st.integers(0, 60 * 24 * 14), st.integers(0, 60 * 24 * 6))
def test_the_time_that_is_proposed_fits(closed: int, since: int) -> None:
    """Whenever it was closed, and whenever somebody looks."""
    closed_at = CLOSED + timedelta(minutes=closed)
    now = closed_at + timedelta(minutes=since)
    assert follow_up_flaw(proposed_time(closed_at, now, ZONES), closed_at, now, ZONES) is None


def test_a_follow_up_has_a_promise_of_its_own() -> None:
    """Two hours from its time, on whatever line; put back, it keeps it."""
    at = NOON + 24 * HOUR
    owed = replace(
        a_callback(Line.PERSON, NOON),
        kind=CallbackKind.FOLLOW_UP,
        due_at=at,
        promised_at=at + FOLLOW_UP_PROMISE,
    )
    assert planned_for(owed, PLAN) == at
    assert not is_late(owed, at + FOLLOW_UP_PROMISE)
    assert is_late(owed, at + FOLLOW_UP_PROMISE + timedelta(seconds=1))
    taken = step(owed, Taken(StaffId("ana"), NOON + HOUR), NOON, PLAN)
    assert step(taken, PutBack("released"), NOON + HOUR, PLAN).due_at == at
    later = step(taken, OutcomeSet(Outcome.NO_ANSWER, StaffId("ana")), at, PLAN)
    assert later.due_at is not None
    assert later.promised_at == later.due_at + FOLLOW_UP_PROMISE


def test_who_was_not_admitted_has_talked_with_us() -> None:
    """Their own call kept the promise."""
    owed = a_callback()
    (made,) = follow(None, None, owed, NOON)
    closed = step(owed, OutcomeSet(Outcome.NOT_ADMITTED, StaffId("ana")), NOON, PLAN)
    assert not closed.is_open
    (kept,) = follow(made, owed, closed, NOON)
    assert kept.tried_at == NOON
