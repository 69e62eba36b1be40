"""Rest and hours: what a change would break, and what was so before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.model import Role
from hotline.oncall.rotations import Rotation
from hotline.oncall.schedule import Change, ChangeKind, Schedule, who_is_on
from hotline.oncall.staffing.shift_ask import AskKind, Shift, ShiftAsk
from hotline.oncall.staffing.whose_schedule import is_for
from hotline.oncall.staffing.work_limits import (
    Broken,
    DutySpan,
    Limit,
    Limits,
    around,
    broken,
    merged,
    of_exchange,
    on_duty,
    within,
)
from hotline.oncall.week_hours import parse_hours
from tests.rules.test_oncall_schedules import ANA, BEN, CLEO, DAN, moments, schedules

HOUR, DAY, NONE = timedelta(hours=1), timedelta(days=1), timedelta(0)
MONDAY = datetime(2026, 6, 1, tzinfo=UTC)


def at(hours: int) -> datetime:
    return MONDAY + hours * HOUR


def by_day(hours: str = "08:00-20:00") -> Schedule:
    """Ana and Ben, day by day; Ana on Monday."""
    rotation = Rotation(
        turns=((ANA,), (BEN,)), every=DAY, starts=datetime(2026, 6, 1), hours=(parse_hours(hours),)
    )
    return Schedule(name="coordinators", timezone="UTC", rotations=(rotation,))


def limit(before: Schedule, starts: int, ends: int, **limits: timedelta) -> Broken | None:
    """What is broken for Ana, who is put on from one hour to another."""
    change = Change(kind=ChangeKind.ON, person=ANA, starts=at(starts), ends=at(ends))
    after = replace(before, changes=(*before.changes, change))
    kept = Limits(**{"rest": NONE, "at_once": NONE, "in_week": NONE, **limits})
    return broken([before], [after], ANA, DutySpan(at(starts), at(ends)), kept)


def test_too_little_rest_before_or_after_is_told_with_when_it_begins() -> None:
    """On Monday she is on from 8 to 20, and on Wednesday again."""
    plan = by_day()
    assert limit(plan, 24, 32, rest=8 * HOUR) == Broken(Limit.REST, 4 * HOUR, at(20))
    assert limit(plan, 40, 52, rest=8 * HOUR) == Broken(Limit.REST, 4 * HOUR, at(52))
    assert limit(plan, 28, 48, rest=8 * HOUR) is None
    assert limit(plan, 24, 32) is None


def test_what_is_added_without_a_pause_counts_to_one_time_of_duty() -> None:
    """Twelve hours of her own and fourteen more; a turn of a week alone is never too long."""
    plan = by_day()
    assert limit(plan, 20, 34, at_once=DAY) == Broken(Limit.AT_ONCE, 26 * HOUR, at(8))
    assert limit(plan, 20, 32, at_once=DAY) is None
    nobody = Schedule(name="coordinators", timezone="UTC")
    assert limit(nobody, 0, 168, at_once=DAY) is None


def test_no_more_than_so_many_hours_in_any_seven_days() -> None:
    plan = by_day()
    found = limit(plan, 24 + 8, 24 + 20, in_week=48 * HOUR)
    assert found is not None
    assert (found.limit, found.found) == (Limit.IN_WEEK, 60 * HOUR)
    assert limit(plan, 24 + 8, 24 + 20, in_week=60 * HOUR) is None


def test_what_is_so_by_the_plan_is_nobodys_fault() -> None:
    """She is on at every hour: no turn of hers is near, and what is added is one."""
    always = Schedule(name="coordinators", timezone="UTC", always=(ANA,))
    assert limit(always, 0, 12, rest=8 * HOUR, at_once=HOUR, in_week=DAY) is None


def by_week() -> Schedule:
    """Ana, Ben and Cleo, week by week; Ana from Monday on."""
    rotation = Rotation(turns=((ANA,), (BEN,), (CLEO,)), every=7 * DAY, starts=datetime(2026, 6, 1))
    return Schedule(name="coordinators", timezone="UTC", rotations=(rotation,))


def exchanged(gives: tuple[int, int], takes: tuple[int, int], **limits: timedelta) -> Broken | None:
    """What is broken for Ana, who gives these days of hers for those of others."""
    before = by_week()
    (given,) = [DutySpan(at(24 * gives[0]), at(24 * gives[1]))]
    (taken,) = [DutySpan(at(24 * takes[0]), at(24 * takes[1]))]
    off = Change(kind=ChangeKind.OFF, person=ANA, starts=given.starts, ends=given.ends)
    on = Change(kind=ChangeKind.ON, person=ANA, starts=taken.starts, ends=taken.ends)
    after = replace(before, changes=(off, on))
    kept = Limits(**{"rest": NONE, "at_once": NONE, "in_week": NONE, **limits})
    was = on_duty([before], ANA, *around([given]))
    kept = of_exchange(was, [given], [taken], kept)
    found = (broken([before], [after], ANA, one, kept) for one in (given, taken))
    return next((one for one in found if one is not None), None)


def test_what_is_left_of_a_turn_of_a_week_is_not_longer_than_the_turn() -> None:
    """She gives the Friday of her week for a day of another: of 168 hours at once 96 and 48 stay."""
    assert exchanged((4, 5), (9, 10), at_once=DAY) is None


@pytest.mark.parametrize("limits", [{"at_once": DAY}, {"in_week": 60 * HOUR}, {"rest": 8 * HOUR}])
def test_like_is_exchanged_for_like_though_the_plan_itself_is_beyond_a_limit(
    limits: dict[str, timedelta],
) -> None:
    """Her week for another's, and a day for a day; 168 hours in seven days are hers by the plan."""
    assert exchanged((21, 28), (28, 35), **limits) is None
    assert exchanged((4, 5), (9, 10), **limits) is None


def test_an_exchange_for_more_than_is_given_or_for_two_turns_on_end_is_none_of_like_for_like() -> None:
    """A day for a week is more than sixty hours; a week beside her own makes 336 hours at once."""
    more = exchanged((21, 22), (7, 14), in_week=60 * HOUR)
    assert more is not None
    assert more.limit is Limit.IN_WEEK
    assert exchanged((21, 28), (7, 14), at_once=DAY) == Broken(Limit.AT_ONCE, 336 * HOUR, at(0))


@given(schedules, st.sampled_from([ANA, BEN, CLEO, DAN]), moments)
def test_duty_is_when_they_are_on_and_no_other_time(schedule: Schedule, person: str, start: datetime) -> None:
    found = on_duty([schedule, schedule], person, start, start + 5 * DAY)  # type: ignore[arg-type]
    assert all(one.ends < other.starts for one, other in pairwise(found))
    for hours in range(0, 120, 7):
        now = start + hours * HOUR
        assert any(one.starts <= now < one.ends for one in found) == (person in who_is_on(schedule, now))


def test_time_is_counted_once() -> None:
    spans = merged(
        [DutySpan(at(0), at(4)), DutySpan(at(2), at(6)), DutySpan(at(6), at(8)), DutySpan(at(10), at(12))]
    )
    assert spans == (DutySpan(at(0), at(8)), DutySpan(at(10), at(12)))
    assert within(spans, DutySpan(at(7), at(11))) == 2 * HOUR


def test_a_swap_changes_both_schedules_and_what_has_begun_from_now_on() -> None:
    mine, theirs = Shift("clinicians", at(0), at(12)), Shift("supervisors", at(24), at(36))
    ask = ShiftAsk(
        id="a", kind=AskKind.SWAP, shift=mine, asked_at=MONDAY, person=ANA, colleague=BEN, back=theirs
    )
    assert ask.changes(BEN, at(3)) == (
        (
            "clinicians",
            Change(kind=ChangeKind.INSTEAD, person=BEN, instead_of=ANA, starts=at(3), ends=at(12)),
        ),
        (
            "supervisors",
            Change(kind=ChangeKind.INSTEAD, person=ANA, instead_of=BEN, starts=at(24), ends=at(36)),
        ),
    )
    hole = ShiftAsk(id="h", kind=AskKind.HOLE, shift=mine, asked_at=MONDAY)
    assert hole.changes(CLEO, MONDAY) == (
        ("clinicians", Change(kind=ChangeKind.ON, person=CLEO, starts=at(0), ends=at(12))),
    )


@pytest.mark.parametrize(
    ("name", "person", "so"),
    [
        ("clinicians", CLEO, True),
        ("clinicians", ANA, False),
        ("coordinators", ANA, True),
        ("night watch", DAN, True),
        ("night watch", CLEO, False),
        ("nobody's yet", CLEO, True),
    ],
)
def test_a_schedule_is_for_people_like_those_who_are_on_it(name: str, person: str, so: bool) -> None:
    """The usual ones by their role."""
    roles = {
        ANA: frozenset({Role.COORDINATOR}),
        BEN: frozenset({Role.COORDINATOR, Role.SUPERVISOR}),
        CLEO: frozenset({Role.CLINICIAN}),
        DAN: frozenset({Role.SUPERVISOR, Role.COORDINATOR}),
    }
    on = (ANA, BEN) if name == "night watch" else ()
    assert is_for(Schedule(name=name, timezone="UTC", always=on), roles, person) is so  # type: ignore[arg-type]
