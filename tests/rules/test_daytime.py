"""The caller's own day: nobody is rung at night by a clock that hangs on another coast's wall."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.callbacks.daytime import (
    DAY_ENDS,
    DAY_STARTS,
    Zones,
    in_daytime,
    offered_times,
    start_of,
    zones_of,
)
from hotline.model import PhoneNumber, When

BOSTON = ZoneInfo("America/New_York")
IDAHO = (ZoneInfo("America/Boise"), ZoneInfo("America/Los_Angeles"))
"""Area code 208 lies in both."""
ZONES = st.sampled_from(
    [
        (BOSTON,),
        IDAHO,
        (ZoneInfo("America/Adak"), ZoneInfo("America/Anchorage")),
        (ZoneInfo("Pacific/Honolulu"),),
        (ZoneInfo("America/Sao_Paulo"),),
        (ZoneInfo("Asia/Kathmandu"),),
        (ZoneInfo("America/Denver"), ZoneInfo("America/Phoenix")),
        (ZoneInfo("Australia/Lord_Howe"),),
        (ZoneInfo("Africa/Casablanca"),),
    ]
)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31)).map(
    lambda naive: naive.replace(tzinfo=UTC)
)
ENDS = {When.AFTERNOON: time(17), When.EVENING: DAY_ENDS, When.MORNING: time(12)}
BEGINS = {When.AFTERNOON: time(12), When.EVENING: time(17), When.MORNING: DAY_STARTS}


def at(zone: ZoneInfo, *written: int) -> datetime:
    year, month, day, hour, minute = written
    return datetime(year, month, day, hour, minute, tzinfo=zone).astimezone(UTC)


def is_day(moment: datetime, zones: Zones) -> bool:
    return all(DAY_STARTS <= moment.astimezone(zone).time() < DAY_ENDS for zone in zones)


@pytest.mark.parametrize(
    ("number", "names"),
    [
        ("+16175550101", ["America/New_York"]),
        ("+12135550101", ["America/Los_Angeles"]),
        ("+18085550101", ["Pacific/Honolulu"]),
        ("+12085550101", ["America/Boise", "America/Los_Angeles"]),
        ("+50934101234", ["America/Port-au-Prince"]),
        ("+5511987654321", ["America/Sao_Paulo"]),
    ],
)
def test_an_area_code_tells_every_zone_that_it_lies_in(number: str, names: list[str]) -> None:
    """One for most; both where it lies in two."""
    assert zones_of(PhoneNumber(number), ZoneInfo("UTC")) == tuple(map(ZoneInfo, names))


@pytest.mark.parametrize(
    "number", ["+18005550101", "+18885550101", "+8816123456", "+447700900123", "+911", "+999", "+19995550101"]
)
def test_a_number_that_belongs_to_no_place_is_taken_to_live_where_the_centre_is(number: str) -> None:
    """Toll-free, satellite, unknown."""
    assert zones_of(PhoneNumber(number), BOSTON) == (BOSTON,)


@given(MOMENTS, ZONES)
def test_what_is_moved_into_daytime_is_the_first_moment_that_is_day_in_every_zone(
    now: datetime, zones: Zones
) -> None:
    """Never earlier than asked, never by more than a night, and never later than it need be."""
    moved = in_daytime(now, zones)
    assert is_day(moved, zones)
    assert now <= moved <= now + timedelta(hours=16)
    assert in_daytime(moved, zones) == moved
    minutes = range(1, int((moved - now) / timedelta(minutes=1)) + 1, 7)
    assert not any(is_day(moved - timedelta(minutes=back), zones) for back in minutes)


@given(MOMENTS, ZONES)
def test_whatever_is_offered_is_ahead_in_daytime_and_on_the_right_day(now: datetime, zones: Zones) -> None:
    """This afternoon and evening are today's; the morning is the one after the night, and always to be had."""
    offered = offered_times(now, zones)
    assert When.MORNING in offered
    assert When.NOW not in offered
    for when in offered:
        start = start_of(when, now, zones)
        assert start is not None
        assert start >= now
        assert is_day(start, zones)
        for zone in zones:
            local = start.astimezone(zone)
            assert BEGINS[when] <= local.time() < ENDS[when]
        awake = now - timedelta(hours=4) if when is When.MORNING else now
        days = {awake.astimezone(zone).date() + timedelta(days=when is When.MORNING) for zone in zones}
        assert {start.astimezone(zone).date() for zone in zones} <= days


@given(MOMENTS, ZONES)
def test_times_are_offered_in_the_order_of_the_day(now: datetime, zones: Zones) -> None:
    """The first that is named is the soonest."""
    starts = [start_of(when, now, zones) for when in offered_times(now, zones)]
    assert all(one is not None and other is not None and one <= other for one, other in pairwise(starts))


def test_now_is_now_even_at_night() -> None:
    """Whoever asks for it is rung at three in the morning."""
    night = at(BOSTON, 2026, 3, 3, 3, 0)
    assert start_of(When.NOW, night, (BOSTON,)) == night


def test_a_time_that_has_begun_begins_now_and_one_that_is_nearly_over_is_not_offered() -> None:
    """At half past two the afternoon is now; at a quarter past four it is no longer offered."""
    assert start_of(When.AFTERNOON, at(BOSTON, 2026, 3, 2, 14, 30), (BOSTON,)) == at(
        BOSTON, 2026, 3, 2, 14, 30
    )
    assert offered_times(at(BOSTON, 2026, 3, 2, 16, 15), (BOSTON,)) == (When.EVENING, When.MORNING)
    assert offered_times(at(BOSTON, 2026, 3, 2, 20, 30), (BOSTON,)) == (When.MORNING,)


def test_a_whole_day_is_offered_in_the_morning() -> None:
    """Afternoon, evening and tomorrow."""
    assert set(offered_times(at(BOSTON, 2026, 3, 2, 9, 0), (BOSTON,))) == {
        When.AFTERNOON,
        When.EVENING,
        When.MORNING,
    }


def test_at_one_in_the_night_tomorrow_is_after_the_night() -> None:
    """Somebody who can't sleep doesn't mean the day after."""
    assert start_of(When.MORNING, at(BOSTON, 2026, 3, 3, 1, 0), (BOSTON,)) == at(BOSTON, 2026, 3, 3, 8, 0)
    assert start_of(When.MORNING, at(BOSTON, 2026, 3, 3, 4, 0), (BOSTON,)) == at(BOSTON, 2026, 3, 4, 8, 0)


def test_the_morning_after_the_clocks_change_is_at_eight_by_the_new_time() -> None:
    """Eight o'clock on the wall, an hour nearer in spring and an hour further in autumn."""
    assert start_of(When.MORNING, at(BOSTON, 2026, 3, 7, 20, 0), (BOSTON,)) == at(BOSTON, 2026, 3, 8, 8, 0)
    assert at(BOSTON, 2026, 3, 8, 8, 0) - at(BOSTON, 2026, 3, 7, 20, 0) == timedelta(hours=11)
    assert start_of(When.MORNING, at(BOSTON, 2026, 10, 31, 20, 0), (BOSTON,)) == at(BOSTON, 2026, 11, 1, 8, 0)
    assert at(BOSTON, 2026, 11, 1, 8, 0) - at(BOSTON, 2026, 10, 31, 20, 0) == timedelta(hours=13)


def test_between_two_midnights_tomorrow_is_the_coming_morning() -> None:
    """It is past midnight in one half of the area code only: the morning that both are waiting for."""
    late = at(ZoneInfo("America/Los_Angeles"), 2026, 3, 2, 23, 30)
    assert offered_times(late, IDAHO) == (When.MORNING,)
    assert start_of(When.MORNING, late, IDAHO) == at(ZoneInfo("America/Los_Angeles"), 2026, 3, 3, 8, 0)
