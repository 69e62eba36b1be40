"""What a line needs, and when it lacks it: nothing is told that isn't so, and nothing twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.model import Language, Line, Role, StaffId, Subject
from hotline.oncall.coverage import Hole, holes
from hotline.oncall.policy import default_policy
from hotline.oncall.rotations import Rotation
from hotline.oncall.schedule import Change, ChangeKind, Schedule, who_is_on
from hotline.oncall.staffing.needs import Need, looked_for_on, need_from_json, need_to_json, unmet
from hotline.oncall.week_hours import parse_hours
from tests.rules.test_oncall_schedules import ANA, BEN, CLEO, DAN, moments, schedules

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 6, 1, 4, tzinfo=UTC)
"""Midnight in Boston."""
SPANISH = Need(name="Spanish", line=Line.ADMISSIONS, languages=(Language.ES,))
ALL = frozenset({ANA, BEN, CLEO, DAN})


def always(*people: StaffId, name: str = "coordinators", changes: tuple[Change, ...] = ()) -> Schedule:
    return Schedule(name=name, timezone="America/New_York", always=people, changes=changes)


def off(person: StaffId, starts: datetime, lasts: timedelta) -> Change:
    return Change(kind=ChangeKind.OFF, person=person, starts=starts, ends=starts + lasts)


def test_a_need_is_a_hole_where_too_few_who_fit_are_on() -> None:
    """Ana and Ben are on; Ben alone speaks Spanish, and is away in the evening."""
    evening = MONDAY + 18 * HOUR
    rota = [always(ANA, BEN, changes=(off(BEN, evening, 2 * HOUR),))]
    found = unmet(SPANISH, rota, ALL, {BEN}, MONDAY, MONDAY + DAY)
    assert found == (Hole("coordinators", evening, evening + 2 * HOUR, "Spanish"),)
    assert unmet(SPANISH, rota, ALL, {ANA, BEN}, MONDAY, MONDAY + DAY) == ()
    assert len(unmet(SPANISH, rota, ALL, {CLEO}, MONDAY, MONDAY + DAY)) == 1


def test_people_are_looked_for_on_every_schedule_of_the_line_and_counted_once() -> None:
    two = Need(name="two", line=Line.EMERGENCY, people=2)
    rota = [always(ANA, name="clinicians"), always(ANA, BEN, name="supervisors")]
    assert unmet(two, rota, ALL, {ANA, BEN}, MONDAY, MONDAY + DAY) == ()
    assert unmet(two, rota[:1], ALL, {ANA, BEN}, MONDAY, MONDAY + DAY) == (
        Hole("clinicians", MONDAY, MONDAY + DAY, "two"),
    )


def test_a_need_holds_at_its_hours_only() -> None:
    """By the wall's clock of the first schedule: in winter an hour later by UTC."""
    by_day = Need(name="by day", line=Line.ADMISSIONS, hours=(parse_hours("Mon-Fri 08:00-18:00"),))
    found = unmet(by_day, [always(ANA)], ALL, {BEN}, MONDAY, MONDAY + 7 * DAY)
    boston = ZoneInfo("America/New_York")
    assert [(one.starts.astimezone(boston).hour, one.ends.astimezone(boston).hour) for one in found] == [
        (8, 18)
    ] * 5
    assert [one.starts.astimezone(boston).weekday() for one in found] == [0, 1, 2, 3, 4]


def test_while_nobody_at_all_is_on_the_first_schedule_that_alone_is_told() -> None:
    evening = MONDAY + 18 * HOUR
    rota = [always(ANA, changes=(off(ANA, evening, 2 * HOUR),))]
    assert unmet(SPANISH, rota, ALL, {BEN}, MONDAY, MONDAY + DAY) == (
        Hole("coordinators", MONDAY, evening, "Spanish"),
        Hole("coordinators", evening + 2 * HOUR, MONDAY + DAY, "Spanish"),
    )
    assert holes(rota[0], ALL, MONDAY, MONDAY + DAY) == (Hole("coordinators", evening, evening + 2 * HOUR),)


needs = st.builds(
    Need,
    name=st.just("need"),
    line=st.sampled_from(Line),
    people=st.integers(1, 3),
    hours=st.lists(
        st.sampled_from(["Mon-Fri 08:00-20:00", "20:00-08:00", "Fri 20:00-Mon 08:00"]).map(parse_hours),
        max_size=2,
    ).map(tuple),
)


@settings(deadline=None)
@given(
    needs,
    st.lists(schedules, min_size=1, max_size=2),
    st.frozensets(st.sampled_from(sorted(ALL))),
    moments,
    st.data(),
)
def test_at_every_moment_it_is_told_if_and_only_if_it_is_so(
    need: Need, rota: list[Schedule], fit: frozenset[StaffId], start: datetime, data: st.DataObject
) -> None:
    """Asked anew at moments drawn at random, by `who_is_on` alone."""
    end = start + 8 * DAY
    found = unmet(need, rota, ALL, fit, start, end)
    assert all(one.ends < other.starts for one, other in pairwise(found))
    place = ZoneInfo(rota[0].timezone)
    for _ in range(12):
        now = start + timedelta(minutes=data.draw(st.integers(0, 8 * 24 * 60 - 1)))
        told = any(one.starts <= now < one.ends for one in found)
        on = {person for one in rota for person in who_is_on(one, now)}
        counts = not need.hours or any(hours.hold(now, place) for hours in need.hours)
        somebody = bool(who_is_on(rota[0], now))
        assert told == (counts and somebody and len(on & fit) < need.people)


def test_the_schedules_of_a_line_are_those_that_its_policy_names() -> None:
    assert looked_for_on(default_policy(Subject.EMERGENCY)) == ("clinicians", "supervisors", "coordinators")
    assert looked_for_on(default_policy(SPANISH.subject)) == ("coordinators",)
    assert unmet(SPANISH, [], ALL, {BEN}, MONDAY, MONDAY + DAY) == ()


def test_a_need_is_read_as_it_is_written() -> None:
    whole = Need(
        name="Spanish at night",
        line=Line.EMERGENCY,
        role=Role.CLINICIAN,
        languages=(Language.ES, Language.PT),
        people=2,
        hours=(parse_hours("20:00-08:00"),),
    )
    for need in (whole, SPANISH):
        assert need_from_json(need_to_json(need)) == need


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "N" * 31},
        {"line": "kitchen"},
        {"role": "cook"},
        {"role": "trainee"},
        {"languages": ["fr"]},
        {"languages": "es"},
        {"people": "two"},
        {"people": -1},
        {"people": True},
        {"hours": ["8-20"]},
        {"nmae": "x"},
    ],
)
def test_a_need_that_cannot_be_is_refused_by_its_key(wrong: dict[str, object]) -> None:
    right: dict[str, object] = {"name": "Spanish", "line": "admissions"}
    with pytest.raises(ValueError, match=f"^{next(iter(wrong))}: "):
        need_from_json({**right, **wrong})


def test_a_rotation_counts_as_anybody_does() -> None:
    """Handed over at seven: Ben, who speaks Spanish, has every other day."""
    rotation = Rotation(turns=((ANA,), (BEN,)), every=DAY, starts=datetime(2026, 6, 1, 7))
    rota = Schedule(name="coordinators", timezone="America/New_York", rotations=(rotation,))
    seven = MONDAY + 7 * HOUR
    found = unmet(SPANISH, [rota], ALL, {BEN}, seven, seven + 4 * DAY)
    assert found == tuple(
        Hole("coordinators", seven + days * DAY, seven + (days + 1) * DAY, "Spanish") for days in (0, 2)
    )
