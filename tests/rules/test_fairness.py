"""Who carries what, by the clock on the wall."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from hypothesis import given
from hypothesis import strategies as st

from hotline.oncall.at_work.nights import Night
from hotline.oncall.staffing.fairness import (
    Carried,
    QuarterYear,
    awake,
    carried,
    parse_quarter,
    quarter_of,
)
from hotline.oncall.staffing.work_limits import DutySpan
from tests.rules.test_oncall_schedules import moments

BOSTON = ZoneInfo("America/New_York")
NIGHT = Night(time(22), time(6), BOSTON)
HOUR, NOTHING = timedelta(hours=1), timedelta(0)


def at(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    """On Boston's wall, in 2026; 1 June is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=BOSTON).astimezone(UTC)


def test_nights_weekends_and_holidays_count_once_from_an_hour_on() -> None:
    """Friday evening until Sunday morning, on two schedules at once; half an hour of another night is none."""
    spans = [
        DutySpan(at(5, 20), at(7, 7)),
        DutySpan(at(6, 0), at(6, 12)),
        DutySpan(at(8, 22), at(8, 22, 30)),
    ]
    found = carried(spans, NIGHT, {date(2026, 6, 6), date(2026, 6, 30)})
    assert found == Carried(hours=35 * HOUR + HOUR / 2, nights=2, weekends=1, holidays=1)
    assert carried([], NIGHT, ()) == Carried(NOTHING, 0, 0, 0)


def test_a_morning_before_its_end_is_of_the_night_before() -> None:
    """Which is the centre's to say: until seven, and six is night."""
    assert carried([DutySpan(at(2, 4), at(2, 9))], NIGHT, ()).nights == 1
    assert carried([DutySpan(at(2, 6), at(2, 22))], NIGHT, ()).nights == 0
    until_seven = Night(time(22), time(7), BOSTON)
    assert carried([DutySpan(at(2, 6), at(2, 22))], until_seven, ()).nights == 1
    assert (NIGHT.holds(at(2, 6, 30)), until_seven.holds(at(2, 6, 30))) == (False, True)


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 7, 7), (10, 31, 9), (6, 1, 8)])
def test_a_night_in_which_clocks_are_set_is_a_night(month: int, day: int, hours: int) -> None:
    night = DutySpan(*NIGHT.of(date(2026, month, day)))
    assert night.lasts == hours * HOUR
    assert carried([night], NIGHT, ()) == Carried(hours * HOUR, 1, 1 if month != 6 else 0, 0)


@given(moments)
def test_a_moment_is_in_a_night_if_and_only_if_one_of_the_nights_has_it(now: datetime) -> None:
    today = now.astimezone(BOSTON).date()
    nights = [DutySpan(*NIGHT.of(today - days * timedelta(days=1))) for days in (0, 1)]
    assert NIGHT.holds(now) == any(one.starts <= now < one.ends for one in nights)


def test_a_year_of_weekly_turns_as_another_calendar_counts_them() -> None:
    """Every second week from Monday, seven in the morning: as many nights and weekends as the calendar has."""
    weeks = rrule.rrule(
        rrule.WEEKLY, interval=2, dtstart=datetime(2026, 1, 5, 7), until=datetime(2026, 12, 20)
    )
    spans = [
        DutySpan(
            each.replace(tzinfo=BOSTON).astimezone(UTC),
            (each + timedelta(days=7)).replace(tzinfo=BOSTON).astimezone(UTC),
        )
        for each in weeks
    ]
    found = carried(spans, NIGHT, ())
    assert (found.nights, found.weekends) == (7 * len(spans), len(spans))


def test_awake_is_from_the_ring_until_it_is_over_and_two_at_once_count_once() -> None:
    """By day nobody is woken; what is not over lasts until now, and never longer than four hours."""
    calls = [
        (at(2, 23), at(2, 23, 20)),
        (at(2, 23, 10), at(2, 23, 40)),
        (at(2, 12), at(2, 13)),
        (at(3, 5, 50), None),
        (at(4, 1), None),
    ]
    assert awake(calls, at(3, 6, 20), NIGHT) == timedelta(minutes=70)
    assert awake(calls[4:], at(20, 1), NIGHT) == 4 * HOUR


@given(st.integers(2000, 2090), st.integers(1, 4))
def test_a_quarter_is_three_months_and_read_as_it_is_written(year: int, number: int) -> None:
    quarter = QuarterYear(year, number)
    span = quarter.span(BOSTON)
    assert parse_quarter(str(quarter)) == quarter
    assert quarter_of(span.starts, BOSTON) == quarter
    assert quarter_of(span.ends, BOSTON) != quarter
    assert quarter_of(span.ends - timedelta(seconds=1), BOSTON) == quarter
    assert parse_quarter(f"{year}q{number}") == quarter


@pytest.mark.parametrize("written", ["", "2026", "2026-Q5", "Q4", "last"])
def test_other_quarters_are_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match="2026-Q4"):
        parse_quarter(written)
