"""Schedules: no minute uncovered or doubled against the plan, in every zone, also when clocks are set."""

from __future__ import annotations

import zoneinfo
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from hypothesis import example, given
from hypothesis import strategies as st

from hotline.model import StaffId
from hotline.oncall.coverage import holes
from hotline.oncall.rotations import Calendar, Days, Rotation
from hotline.oncall.schedule import (
    Change,
    ChangeKind,
    Schedule,
    Stretch,
    timeline,
    who_is_away,
    who_is_on,
    without,
)
from hotline.oncall.wall_clock import moment, said_span, shown
from hotline.oncall.week_hours import Hours, parse_hours
from tests.proofs import PROOFS

ANA, BEN, CLEO, DAN = map(StaffId, ("ana", "ben", "cleo", "dan"))
BOSTON = ZoneInfo("America/New_York")
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
YEARS = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
ZONES = sorted(zoneinfo.available_timezones() - {"Factory", "localtime"})
FEW = (
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "UTC",
)
"""A half hour of summer time, one that goes twice a year for a month, an odd offset, none at all."""

zones = st.sampled_from(ZONES).map(ZoneInfo)
walls = st.datetimes(datetime(2020, 1, 1), datetime(2029, 12, 31))
moments = st.datetimes(datetime(2020, 1, 2), datetime(2029, 12, 30), timezones=st.just(UTC))
minutes = st.builds(lambda at: at.replace(second=0, microsecond=0), walls)
people = st.lists(st.sampled_from([ANA, BEN, CLEO, DAN]), min_size=1, max_size=3, unique=True).map(tuple)
hours = st.one_of(
    st.builds(
        Hours,
        st.frozensets(st.integers(0, 6), min_size=1),
        st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None)),
        st.integers(1, 24 * 60).map(lambda many: many * MINUTE),
    ),
    st.builds(
        Hours,
        st.integers(0, 6).map(lambda day: frozenset({day})),
        st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None)),
        st.integers(1, 7 * 24 * 60).map(lambda many: many * MINUTE),
    ),
)
rotations = st.builds(
    Rotation,
    turns=st.lists(people, min_size=1, max_size=4).map(tuple),
    every=st.sampled_from([1, 6, 8, 12, 24, 168, 336]).map(lambda many: many * HOUR),
    starts=minutes,
    hours=st.lists(hours, max_size=2).map(tuple),
    days=st.sampled_from(Days),
    instead=st.booleans(),
)
changes = st.builds(
    lambda kind, person, other, starts, lasts: Change(
        kind=kind,
        person=person,
        starts=starts,
        ends=starts + lasts,
        instead_of=other if kind is ChangeKind.INSTEAD else None,
    ),
    st.sampled_from(ChangeKind),
    st.sampled_from([ANA, BEN, CLEO, DAN]),
    st.sampled_from([ANA, BEN, CLEO, DAN]),
    moments,
    st.integers(1, 20_000).map(lambda many: many * MINUTE),
)
schedules = st.builds(
    Schedule,
    name=st.just("clinicians"),
    timezone=st.sampled_from(ZONES),
    always=people | st.just(()),
    rotations=st.lists(rotations, max_size=3).map(tuple),
    changes=st.lists(changes, max_size=4).map(tuple),
    holidays=st.just("US-MA"),
    own_holidays=st.frozensets(st.dates(date(2020, 1, 1), date(2029, 12, 31)), max_size=3),
    day_begins=st.sampled_from([time(0), time(7)]),
)


def daily(*turns: StaffId, at: time = time(7), **more: object) -> Schedule:
    """One person a day, handed over at this time, in Boston."""
    rotation = Rotation(
        turns=tuple((person,) for person in turns),
        every=DAY,
        starts=datetime.combine(date(2026, 1, 1), at),
    )
    return Schedule(name="clinicians", timezone="America/New_York", rotations=(rotation,), **more)  # type: ignore[arg-type]


def at(day: date, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    """A time on Boston's wall."""
    return datetime.combine(day, time(hour, minute, fold=fold), tzinfo=BOSTON)


# --- the wall's clock --------------------------------------------------------------------------------------------


@given(walls, zones)
def test_a_moment_is_the_first_at_which_the_wall_shows_so_much(shows: datetime, place: ZoneInfo) -> None:
    found = moment(shows, place)
    assert shown(found, place) >= shows
    for before in (timedelta(microseconds=1), timedelta(seconds=1), MINUTE, HOUR):
        assert shown(found - before, place) < shows


@given(walls, walls, zones)
def test_a_later_time_on_the_wall_is_never_an_earlier_moment(
    one: datetime, other: datetime, place: ZoneInfo
) -> None:
    early, late = sorted((one, other))
    assert moment(early, place) <= moment(late, place)


def test_a_time_that_never_comes_is_the_moment_of_the_leap() -> None:
    assert moment(datetime(2026, 3, 8, 2, 30), BOSTON) == datetime(2026, 3, 8, 7, tzinfo=UTC)
    assert moment(datetime(2026, 3, 8, 3), BOSTON) == datetime(2026, 3, 8, 7, tzinfo=UTC)


def test_a_time_that_comes_twice_is_the_first() -> None:
    assert moment(datetime(2026, 11, 1, 1, 30), BOSTON) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (at(SPRING - DAY, 19), "Sat 7 Mar 07:00-19:00"),
        (at(SPRING, 6), "Sat 7 Mar 07:00-Sun 8 Mar 06:00"),
        (at(SPRING, 7), "Sat 7 Mar 07:00-Sun 8 Mar 07:00"),
        (at(SPRING + DAY, 6), "Sat 7 Mar 07:00-Mon 9 Mar 06:00"),
    ],
)
def test_a_span_is_said_with_the_day_of_its_end_if_that_is_another(ends: datetime, said: str) -> None:
    assert said_span(at(SPRING - DAY, 7), ends, BOSTON) == said


def test_a_moment_needs_a_zone_and_a_wall_has_none() -> None:
    naive = datetime(2026, 1, 1)
    for wrong in (
        lambda: shown(naive, BOSTON),
        lambda: moment(naive.replace(tzinfo=UTC), BOSTON),
        lambda: who_is_on(daily(ANA), naive),
        lambda: Change(kind=ChangeKind.ON, person=ANA, starts=naive, ends=naive + DAY),
    ):
        with pytest.raises(ValueError, match="zone"):
            wrong()


# --- turns -------------------------------------------------------------------------------------------------------


def _zones() -> list[str]:
    return ZONES if PROOFS else [*FEW, *ZONES[::40]]


@pytest.mark.parametrize("zone", _zones())
@pytest.mark.parametrize("every", [12, 24, 168])
def test_ten_years_of_hand_offs_as_another_calendar_counts_them(zone: str, every: int) -> None:
    place, starts = ZoneInfo(zone), datetime(2020, 1, 1, 2, 30)
    schedule = Schedule(
        name="clinicians",
        timezone=zone,
        rotations=(Rotation(turns=((ANA,), (BEN,), (CLEO,)), every=every * HOUR, starts=starts),),
    )
    found = timeline(schedule, moment(starts, place), YEARS[1])
    written = rrule.rrule(rrule.HOURLY, interval=every, dtstart=starts, until=datetime(2030, 1, 2))
    handed_over = sorted({moment(each, place) for each in written} & {one.starts for one in found})
    assert [one.starts for one in found] == handed_over
    assert all(one.ends == other.starts for one, other in pairwise(found))
    assert all(len(one.people) == 1 for one in found)
    at_the_time = [one for one in found if shown(one.starts, place).time() in (time(2, 30), time(14, 30))]
    assert len(at_the_time) >= len(found) - 40  # leaps: two a year at most, and what Casablanca adds
    assert found[-1].ends == YEARS[1]


@given(schedules, st.data())
def test_one_look_tells_a_whole_stretch(schedule: Schedule, data: st.DataObject) -> None:
    start = data.draw(moments)
    end = start + data.draw(st.integers(1, 40)) * DAY
    found = timeline(schedule, start, end)
    assert found[0].starts == start
    assert found[-1].ends == end
    assert all(one.ends == other.starts for one, other in pairwise(found))
    assert all(one.people != other.people for one, other in pairwise(found))
    for _ in range(10):
        now = data.draw(
            st.datetimes(start.replace(tzinfo=None), end.replace(tzinfo=None)), label="now"
        ).replace(tzinfo=UTC)
        if now < end:
            (stretch,) = (one for one in found if one.starts <= now < one.ends)
            assert who_is_on(schedule, now) == stretch.people
            assert len(set(stretch.people)) == len(stretch.people)


@pytest.mark.parametrize(
    ("day", "lasts"), [(SPRING - DAY, 23), (AUTUMN - DAY, 25), (date(2026, 6, 1), 24)], ids=str
)
def test_a_turn_begins_at_the_same_hour_all_year(day: date, lasts: int) -> None:
    turns = timeline(daily(ANA, BEN), at(day, 7), at(day + 2 * DAY, 7))
    assert [one.starts for one in turns] == [at(day, 7), at(day + DAY, 7)]
    assert turns[0].ends - turns[0].starts == lasts * HOUR


def test_in_the_hour_that_comes_twice_nobody_gets_the_phone_back() -> None:
    schedule = daily(ANA, BEN, at=time(1, 30))
    before = who_is_on(schedule, at(AUTUMN, 1, 29))
    after = who_is_on(schedule, at(AUTUMN, 1, 30))
    assert before != after
    assert [who_is_on(schedule, at(AUTUMN, 1, minute, fold=1)) for minute in (0, 29, 30, 59)] == [after] * 4


def test_a_hand_off_in_the_hour_that_never_comes_is_at_the_leap() -> None:
    schedule = daily(ANA, BEN, at=time(2, 30))
    assert who_is_on(schedule, at(SPRING, 1, 59)) != who_is_on(schedule, at(SPRING, 3))


def test_nobody_is_on_before_the_first_turn_and_after_the_end() -> None:
    rotation = Rotation(
        turns=((ANA, BEN),), every=DAY, starts=datetime(2026, 5, 1, 7), ends=datetime(2026, 5, 3, 7)
    )
    schedule = Schedule(name="clinicians", timezone="America/New_York", rotations=(rotation,))
    assert timeline(schedule, at(date(2026, 4, 30), 7), at(date(2026, 5, 4), 7)) == (
        Stretch(at(date(2026, 4, 30), 7), at(date(2026, 5, 1), 7), ()),
        Stretch(at(date(2026, 5, 1), 7), at(date(2026, 5, 3), 7), (ANA, BEN)),
        Stretch(at(date(2026, 5, 3), 7), at(date(2026, 5, 4), 7), ()),
    )


def test_nobodys_turn_moves_when_somebody_leaves() -> None:
    plan = daily(ANA, BEN, CLEO)
    before = timeline(plan, at(date(2026, 6, 1), 7), at(date(2026, 7, 1), 7))
    left = without(plan, BEN)
    assert left.named == {ANA, CLEO}
    for one in before:
        assert who_is_on(left, one.starts) == (() if one.people == (BEN,) else one.people)
    assert without(daily(ANA), ANA).rotations == ()


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("turns", {"turns": ()}),
        ("turns", {"turns": ((), ())}),
        ("every", {"every": timedelta(0)}),
        ("every", {"every": 90 * MINUTE}),
        ("starts", {"starts": YEARS[0]}),
        ("ends", {"ends": datetime(2019, 1, 1)}),
    ],
)
def test_a_rotation_that_cannot_turn_is_refused(key: str, wrong: dict[str, object]) -> None:
    right: dict[str, object] = {"turns": ((ANA,),), "every": DAY, "starts": datetime(2020, 1, 1)}
    with pytest.raises(ValueError, match=key):
        Rotation(**{**right, **wrong})  # type: ignore[arg-type]


# --- hours, holidays ---------------------------------------------------------------------------------------------


@given(hours)
@example(Hours(frozenset({4}), time(20), 60 * HOUR))
def test_hours_are_read_as_they_are_written(given_hours: Hours) -> None:
    assert parse_hours(str(given_hours)) == given_hours


@pytest.mark.parametrize(
    ("written", "days", "begins", "lasts"),
    [
        ("Mon-Fri 08:00-20:00", {0, 1, 2, 3, 4}, time(8), 12),
        ("sat,sun 20:00-08:00", {5, 6}, time(20), 12),
        ("Sat-Mon 9:00-17:00", {5, 6, 0}, time(9), 8),
        ("20:00-08:00", set(range(7)), time(20), 12),
        ("00:00-24:00", set(range(7)), time(0), 24),
        ("08:00-08:00", set(range(7)), time(8), 24),
        ("Fri 20:00-Mon 08:00", {4}, time(20), 60),
        ("Mon 08:00-Mon 08:00", {0}, time(8), 168),
    ],
)
def test_hours_as_people_write_them(written: str, days: set[int], begins: time, lasts: int) -> None:
    assert parse_hours(written) == Hours(frozenset(days), begins, lasts * HOUR)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Mon",
        "8-20",
        "Mon-Fri",
        "Xyz 08:00-20:00",
        "25:00-26:00",
        "08:00-20:60",
        "24:00-08:00",
        "Mon-Fri-Sat 08:00-09:00",
    ],
)
def test_other_hours_are_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match=r"such as|use Mon"):
        parse_hours(written)


def test_nights_and_days_by_two_rotations_leave_no_minute() -> None:
    schedule = Schedule(
        name="coordinators",
        timezone="America/New_York",
        rotations=(
            Rotation(
                turns=((ANA,), (BEN,)),
                every=7 * DAY,
                starts=datetime(2026, 1, 5, 7),
                hours=(parse_hours("07:00-19:00"),),
            ),
            Rotation(
                turns=((CLEO,), (DAN,)),
                every=7 * DAY,
                starts=datetime(2026, 1, 5, 7),
                hours=(parse_hours("19:00-07:00"),),
            ),
        ),
    )
    year = timeline(schedule, at(date(2026, 1, 5), 7), at(date(2027, 1, 4), 7))
    assert all(len(one.people) == 1 for one in year)
    assert len(year) == 2 * 364


def test_a_holiday_has_a_rotation_of_its_own() -> None:
    plan = daily(ANA, BEN)
    holidays = Rotation(
        turns=((CLEO,),), every=DAY, starts=datetime(2026, 1, 1, 7), days=Days.HOLIDAYS, instead=True
    )
    schedule = Schedule(
        name="clinicians",
        timezone="America/New_York",
        rotations=(*plan.rotations, holidays),
        holidays="US-MA",
        own_holidays=frozenset({date(2026, 12, 24)}),
        day_begins=time(7),
    )
    thanksgiving, patriots, eve = date(2026, 11, 26), date(2026, 4, 20), date(2026, 12, 24)
    for day in (thanksgiving, patriots, eve):
        assert who_is_on(schedule, at(day, 6, 59)) != (CLEO,)
        assert who_is_on(schedule, at(day, 7)) == (CLEO,)
        assert who_is_on(schedule, at(day + DAY, 6, 59)) == (CLEO,)
    assert who_is_on(schedule, at(thanksgiving + DAY, 7)) != (CLEO,)


@pytest.mark.parametrize("place", ["Boston", "US-XX", "us-ma", ""])
def test_holidays_that_nobody_knows_are_refused(place: str) -> None:
    with pytest.raises(ValueError, match="holidays"):
        daily(ANA, holidays=place)


def test_holidays_without_a_place_are_refused() -> None:
    rotation = Rotation(turns=((ANA,),), every=DAY, starts=datetime(2026, 1, 1), days=Days.OTHERS)
    with pytest.raises(ValueError, match="holidays"):
        Schedule(name="x", timezone="UTC", rotations=(rotation,))


@given(moments, zones, st.sampled_from([time(0), time(7), time(12)]))
def test_days_of_a_calendar_change_only_at_its_edges(now: datetime, place: ZoneInfo, begins: time) -> None:
    calendar = Calendar(place=place, holidays="US-MA", day_begins=begins)
    edges = set(calendar.edges(now, now + 30 * DAY))
    step = now
    while step < now + 30 * DAY:
        if calendar.is_holiday(step) != calendar.is_holiday(step + HOUR):
            assert any(step < edge <= step + HOUR for edge in edges)
        step += HOUR


# --- changes -----------------------------------------------------------------------------------------------------


def changed(*made: Change) -> Schedule:
    """Ana and Ben in turn, Ana on 1 June, and what was changed."""
    return daily(ANA, BEN, changes=made)


JUNE = at(date(2026, 6, 2), 7)
"""A turn of Ana's begins."""


def _whose() -> tuple[StaffId, StaffId]:
    (one,) = who_is_on(changed(), JUNE)
    return one, BEN if one == ANA else ANA


def test_somebody_is_on_as_well_off_or_instead_for_a_while_and_then_not() -> None:
    one, other = _whose()
    until = JUNE + 2 * HOUR
    as_well = changed(Change(kind=ChangeKind.ON, person=CLEO, starts=JUNE, ends=until))
    off = changed(Change(kind=ChangeKind.OFF, person=one, starts=JUNE, ends=until))
    instead = changed(Change(kind=ChangeKind.INSTEAD, person=DAN, instead_of=one, starts=JUNE, ends=until))
    for schedule, people in ((as_well, (one, CLEO)), (off, ()), (instead, (DAN,))):
        assert who_is_on(schedule, JUNE - MINUTE) == (other,)
        assert who_is_on(schedule, JUNE) == people
        assert who_is_on(schedule, until - MINUTE) == people
        assert who_is_on(schedule, until) == (one,)


def test_a_later_change_changes_what_the_earlier_ones_left() -> None:
    one, _ = _whose()
    span = {"starts": JUNE, "ends": JUNE + HOUR}
    to_dan = Change(kind=ChangeKind.INSTEAD, person=DAN, instead_of=one, **span)
    to_cleo = Change(kind=ChangeKind.INSTEAD, person=CLEO, instead_of=DAN, **span)
    assert who_is_on(changed(to_dan, to_cleo), JUNE) == (CLEO,)
    assert who_is_on(changed(to_cleo, to_dan), JUNE) == (DAN,)


def test_whoever_is_away_can_still_be_covered_and_whoever_covers_can_fall_ill() -> None:
    one, _ = _whose()

    def of(kind: ChangeKind, person: StaffId, instead_of: StaffId | None = None) -> Change:
        return Change(kind=kind, person=person, instead_of=instead_of, starts=JUNE, ends=JUNE + HOUR)

    away, back = of(ChangeKind.OFF, one), of(ChangeKind.ON, one)
    covered, ill = of(ChangeKind.INSTEAD, DAN, one), of(ChangeKind.OFF, DAN)
    assert who_is_on(changed(away, covered), JUNE) == (DAN,)
    assert who_is_on(changed(covered, away), JUNE) == (DAN,)
    assert who_is_on(changed(away, covered, ill), JUNE) == ()
    assert who_is_on(changed(away, back), JUNE) == (one,)
    assert who_is_away(changed(away), JUNE) == {one}
    assert who_is_away(changed(covered, ill), JUNE) == {one, DAN}
    assert who_is_away(changed(covered, away), JUNE + HOUR) == frozenset()
    assert who_is_away(changed(back), JUNE) == frozenset()


def test_who_covers_their_own_colleague_is_on_once() -> None:
    one, other = _whose()
    both = changed(
        Change(kind=ChangeKind.ON, person=other, starts=JUNE, ends=JUNE + DAY),
        Change(kind=ChangeKind.INSTEAD, person=other, instead_of=one, starts=JUNE, ends=JUNE + DAY),
    )
    assert who_is_on(both, JUNE) == (other,)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": ChangeKind.INSTEAD},
        {"kind": ChangeKind.ON, "instead_of": BEN},
        {"kind": ChangeKind.OFF, "ends": JUNE},
    ],
)
def test_a_change_that_says_nothing_is_refused(wrong: dict[str, object]) -> None:
    right: dict[str, object] = {"person": ANA, "starts": JUNE, "ends": JUNE + DAY}
    with pytest.raises(ValueError, match=r"instead of whom|Until"):
        Change(**{**right, **wrong})  # type: ignore[arg-type]


# --- holes -------------------------------------------------------------------------------------------------------


@given(schedules, st.frozensets(st.sampled_from([ANA, BEN, CLEO, DAN])), moments)
def test_a_hole_is_where_nobody_who_can_be_rung_is_on(
    schedule: Schedule, able: frozenset[StaffId], start: datetime
) -> None:
    """And nothing else; two that touch are one."""
    end = start + 10 * DAY
    found = holes(schedule, able, start, end)
    for one in timeline(schedule, start, end):
        inside = [hole for hole in found if hole.starts <= one.starts and one.ends <= hole.ends]
        assert len(inside) == (0 if able.intersection(one.people) else 1)
    assert all(one.ends < other.starts for one, other in pairwise(found))


@pytest.mark.timed
def test_a_year_of_fifty_people_is_laid_out_in_a_moment() -> None:
    """Days and nights by hours, holidays, a change every week: under 50 ms of one core, the best of five times."""
    people = tuple((StaffId(f"p{number}"),) for number in range(50))
    start = YEARS[0]
    by_day, by_night = (
        Rotation(turns=turns, every=DAY, starts=datetime(2019, 1, 1, 7), hours=(parse_hours(hours),))
        for turns, hours in ((people, "07:00-19:00"), (people[::-1], "19:00-07:00"))
    )
    holidays = replace(by_day, hours=(), days=Days.HOLIDAYS, instead=True)
    schedule = Schedule(
        name="clinicians",
        timezone="America/New_York",
        rotations=(by_day, by_night, holidays),
        changes=tuple(
            Change(
                kind=ChangeKind.ON,
                person=people[week % 50][0],
                starts=start + week * 7 * DAY,
                ends=start + (week * 7 + 1) * DAY,
            )
            for week in range(52)
        ),
        holidays="US-MA",
    )
    took = []
    for _ in range(5):
        before = process_time()
        assert len(timeline(schedule, start, start + 365 * DAY)) > 700
        took.append(process_time() - before)
    assert min(took) < 0.05
