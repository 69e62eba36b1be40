"""Nights by the clock on the wall, and who is let sleep in them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.model import StaffId
from hotline.oncall.at_work.nights import Night, spared

BOSTON = ZoneInfo("America/New_York")
SEVEN = time(7)
NIGHT = Night(time(22), SEVEN, BOSTON)
HOUR = timedelta(hours=1)
ANA, BEN, CLEO = (StaffId(one) for one in ("ana", "ben", "cleo"))


@pytest.mark.parametrize(
    ("here", "begins"),
    [
        (datetime(2026, 3, 3, 3), datetime(2026, 3, 2, 22)),
        (datetime(2026, 3, 2, 22), datetime(2026, 3, 2, 22)),
        (datetime(2026, 3, 2, 21, 59), datetime(2026, 3, 1, 22)),
        (datetime(2026, 3, 2, 12), datetime(2026, 3, 1, 22)),
    ],
)
def test_the_night_that_it_is_or_the_last_one(here: datetime, begins: datetime) -> None:
    starts, ends = NIGHT.last(here.replace(tzinfo=BOSTON))
    assert starts == begins.replace(tzinfo=BOSTON)
    assert ends.astimezone(BOSTON).time() == SEVEN
    assert starts.tzinfo is UTC


def test_a_night_in_which_clocks_are_set_is_an_hour_shorter_or_longer() -> None:
    for day, hours in (
        (datetime(2026, 3, 8, 4), 8),
        (datetime(2026, 11, 1, 4), 10),
        (datetime(2026, 3, 3, 4), 9),
    ):
        starts, ends = NIGHT.last(day.replace(tzinfo=BOSTON))
        assert ends - starts == hours * HOUR


def test_a_night_may_begin_after_midnight() -> None:
    starts, ends = Night(time(1), SEVEN, BOSTON).last(datetime(2026, 3, 3, 3, tzinfo=BOSTON))
    assert ends - starts == 6 * HOUR


def test_whoever_was_rung_often_is_let_sleep_where_somebody_else_is() -> None:
    on = {"schedule:clinicians": (ANA, BEN), "schedule:supervisors": (CLEO,)}
    assert spared(on, {ANA, CLEO}) == {"schedule:clinicians": (BEN,), "schedule:supervisors": (CLEO,)}
    assert spared(on, {ANA, BEN}) == on
    assert spared(on, ()) == on
