"""Shifts, and whether somebody could be reached: what is known from the last times, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hotline.model import StaffId
from hotline.oncall.at_work.readiness import LastTimes, State, judge
from hotline.oncall.at_work.shifts import Spell, next_of, shifts
from hotline.oncall.rotations import Rotation
from hotline.oncall.schedule import Change, ChangeKind, Schedule

ANA, BEN = StaffId("ana"), StaffId("ben")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def by_turns(name: str = "nights", *turns: tuple[StaffId, ...]) -> Schedule:
    rotation = Rotation(turns=turns or ((ANA,), (BEN,)), every=12 * HOUR, starts=datetime(2026, 3, 2))
    return Schedule(name=name, timezone="UTC", rotations=(rotation,))


def test_turns_are_shifts_and_what_touches_is_one() -> None:
    """Whoever hands over to themselves on another schedule goes on working."""
    other = by_turns("days", (BEN,), (ANA,))
    found = shifts([by_turns()], NOON - 6 * HOUR, NOON + 13 * HOUR)
    assert [(one.person, one.starts, one.ends) for one in found] == [
        (ANA, NOON - 6 * HOUR, NOON),
        (BEN, NOON, NOON + 12 * HOUR),
        (ANA, NOON + 12 * HOUR, NOON + 13 * HOUR),
    ]
    both = shifts([by_turns(), other], NOON - 6 * HOUR, NOON + 6 * HOUR)
    assert [(one.person, one.schedules) for one in both] == [
        (ANA, ("nights", "days")),
        (BEN, ("days", "nights")),
    ]
    assert {(one.starts, one.ends) for one in both} == {(NOON - 6 * HOUR, NOON + 6 * HOUR)}


def test_who_is_put_on_begins_then() -> None:
    change = Change(kind=ChangeKind.ON, person=BEN, starts=NOON - 2 * HOUR, ends=NOON)
    found = shifts([replace(by_turns(), changes=(change,))], NOON - 6 * HOUR, NOON + 6 * HOUR)
    assert Spell(BEN, NOON - 2 * HOUR, NOON + 6 * HOUR, ("nights",)) in found


def test_the_next_shift_is_one_that_has_not_begun() -> None:
    found = shifts([by_turns()], NOON, NOON + 48 * HOUR)
    coming = next_of(found, BEN, NOON)
    assert coming is not None
    assert coming.starts == NOON + 24 * HOUR
    assert next_of(found, StaffId("nobody"), NOON) is None


GOOD = LastTimes(verified=True, answered_at=NOON)


@pytest.mark.parametrize(
    ("last", "state", "since"),
    [
        (LastTimes(verified=False, answered_at=NOON), State.UNVERIFIED, None),
        (LastTimes(verified=True), State.UNTRIED, None),
        (GOOD, State.READY, NOON),
        (replace(GOOD, missed=1, missed_since=NOON + HOUR), State.READY, NOON),
        (replace(GOOD, missed=2, missed_since=NOON + HOUR), State.UNREACHED, NOON + HOUR),
        (replace(GOOD, test_unanswered_at=NOON + HOUR), State.UNREACHED, NOON + HOUR),
        (replace(GOOD, test_unanswered_at=NOON - HOUR), State.READY, NOON),
        (replace(GOOD, cannot_since=NOON), State.CANNOT, NOON),
        (replace(GOOD, cannot_since=NOON, text_answered_at=NOON + HOUR), State.READY, NOON),
        (
            LastTimes(verified=True, test_unanswered_at=NOON, text_answered_at=NOON + HOUR),
            State.UNTRIED,
            None,
        ),
    ],
)
def test_how_somebody_stands(last: LastTimes, state: State, since: datetime | None) -> None:
    """One missed call is none; a test without an answer is; an answer after it settles it."""
    found = judge(ANA, last)
    assert (found.state, found.since) == (state, since)
