"""Calendars: what is written is read back, and what others write is understood or told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.model import StaffId
from hotline.oncall.staffing.calendar_file import CalendarEntry, ReadShift, read, written
from tests.rules.test_oncall_schedules import moments

ANA, BEN = StaffId("ana"), StaffId("ben")
PEOPLE = {"Ana Lima": ANA, "Ben Ortiz": BEN, "Ana": StaffId("other")}
BOSTON = ZoneInfo("America/New_York")
START, END = datetime(2026, 6, 1, 4, tzinfo=UTC), datetime(2026, 9, 1, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


def calendar(*events: str, more: str = "") -> str:
    """As another program writes it."""
    named = [event if event.startswith("UID:") else f"UID:{n}\n{event}" for n, event in enumerate(events)]
    each = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in named)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{more}{each}END:VCALENDAR\n"


def shifts(*events: str) -> list[tuple[StaffId, str, str]]:
    """Who has what, by Boston's clock; all of it is understood."""
    found = read(calendar(*events), PEOPLE, BOSTON, START, END)
    assert found.not_understood == ()
    return [
        (one.person, f"{one.starts.astimezone(BOSTON):%d %H:%M}", f"{one.ends.astimezone(BOSTON):%d %H:%M}")
        for one in found.shifts
    ]


@given(st.lists(st.tuples(moments, st.integers(1, 5000)), max_size=5))
def test_what_is_written_is_read_back(spans: list[tuple[datetime, int]]) -> None:
    """To the second; the same entries are the same bytes."""
    entries = [
        CalendarEntry(
            f"k{n}", at.replace(microsecond=0), at.replace(microsecond=0) + lasts * HOUR / 60, "x: Ana Lima"
        )
        for n, (at, lasts) in enumerate(spans)
    ]
    found = written("on call", entries, START)
    assert found == written("on call", entries, START)
    again = read(
        found.decode(), PEOPLE, BOSTON, datetime(2019, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
    )
    assert set(again.shifts) == {ReadShift(ANA, one.starts, one.ends) for one in entries}


@pytest.mark.parametrize(
    "times",
    [
        "DTSTART:20260605T110000Z\nDTEND:20260605T230000Z",
        "DTSTART;TZID=America/New_York:20260605T070000\nDTEND;TZID=America/New_York:20260605T190000",
        "DTSTART:20260605T070000\nDTEND:20260605T190000",
        "DTSTART:20260605T070000\nDURATION:PT12H",
        "DTSTART;TZID=Europe/Lisbon:20260605T120000\nDTEND;TZID=Europe/Lisbon:20260606T000000",
    ],
)
def test_times_are_understood_as_calendars_write_them(times: str) -> None:
    """By UTC, by a zone, by the schedule's own clock, and by how long it lasts."""
    assert shifts(f"SUMMARY:Ana Lima\n{times}") == [(ANA, "05 07:00", "05 19:00")]


def test_whole_days_are_days_of_the_schedules_clock() -> None:
    """With an end, the day before which it ends; without one, a day."""
    assert shifts(
        "SUMMARY:Ana Lima\nDTSTART;VALUE=DATE:20260605\nDTEND;VALUE=DATE:20260607",
        "SUMMARY:Ben Ortiz\nDTSTART;VALUE=DATE:20260608",
    ) == [(ANA, "05 00:00", "07 00:00"), (BEN, "08 00:00", "09 00:00")]


def test_repeats_are_written_out_with_their_exceptions() -> None:
    """Every Monday, but not on the 15th, and on the 22nd an hour later."""
    zone = "TZID=America/New_York"
    assert shifts(
        f"SUMMARY:Ana Lima\nDTSTART;{zone}:20260601T070000\nDTEND;{zone}:20260601T190000\n"
        f"RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;{zone}:20260615T070000",
        f"UID:0\nSUMMARY:Ana Lima\nRECURRENCE-ID;{zone}:20260622T070000\n"
        f"DTSTART;{zone}:20260622T080000\nDTEND;{zone}:20260622T200000",
    ) == [(ANA, "01 07:00", "01 19:00"), (ANA, "08 07:00", "08 19:00"), (ANA, "22 08:00", "22 20:00")]


def test_somebody_is_named_in_the_title_or_invited() -> None:
    """Several in one title share it; the longer name is meant, and capitals are nothing."""
    at = "DTSTART:20260605T110000Z\nDTEND:20260605T230000Z"
    assert {one[0] for one in shifts(f"SUMMARY:On call: ana lima & Ben Ortiz (day)\n{at}")} == {ANA, BEN}
    invited = f"SUMMARY:Shift\nATTENDEE;CN=Ben Ortiz:mailto:ben@example.com\n{at}"
    assert [one[0] for one in shifts(invited)] == [BEN]


def test_what_is_not_understood_is_told_and_the_rest_is_taken() -> None:
    at = "DTSTART:20260605T110000Z\nDTEND:20260605T230000Z"
    text = calendar(
        f"SUMMARY:Team lunch\n{at}",
        f"SUMMARY:Ana Lima\nSTATUS:CANCELLED\n{at}",
        "SUMMARY:Ana Lima\nDTSTART:20260605T110000Z",
        f"SUMMARY:Ben Ortiz\n{at}",
        more="BEGIN:VTODO\nUID:t\nSUMMARY:call Ana Lima\nEND:VTODO\n",
    )
    found = read(text, PEOPLE, BOSTON, START, END)
    assert [one.person for one in found.shifts] == [BEN]
    assert set(found.not_understood) == {
        "1 VTODO: only events (VEVENT) are shifts",
        '"Team lunch", Fri 5 Jun 07:00: it names nobody on the staff',
        '"Ana Lima", Fri 5 Jun 07:00: it is cancelled',
        '"Ana Lima", Fri 5 Jun 07:00: it has no beginning, or no end after it',
    }


def test_what_is_over_or_far_ahead_is_left_alone() -> None:
    assert (
        shifts(
            "SUMMARY:Ana Lima\nDTSTART:20260505T110000Z\nDTEND:20260505T230000Z",
            "SUMMARY:Ana Lima\nDTSTART:20270505T110000Z\nDTEND:20270505T230000Z",
        )
        == []
    )


@pytest.mark.parametrize("text", ["", "hello", "BEGIN:VEVENT\nEND:VEVENT\n"])
def test_what_is_no_calendar_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no calendar"):
        read(text, PEOPLE, BOSTON, START, END)


def test_a_series_without_end_is_no_schedule_of_people() -> None:
    """One every minute; one that repeats by no rule is left out, and told."""
    at = "DTSTART:20260605T110000Z\nDTEND:20260605T110100Z"
    with pytest.raises(ValueError, match="more than 2000 events"):
        read(calendar(f"SUMMARY:Ana Lima\n{at}\nRRULE:FREQ=MINUTELY"), PEOPLE, BOSTON, START, END)
    found = read(calendar(f"SUMMARY:Ana Lima\n{at}\nRRULE:FREQ=NEVER"), PEOPLE, BOSTON, START, END)
    assert found.not_understood
    with pytest.raises(ValueError, match="can't be read"):
        read(calendar(f"UID:1\nUID:2\nSUMMARY:Ana Lima\n{at}"), PEOPLE, BOSTON, START, END)
