"""`hotline oncall`: who is on, where nobody is, and what is otherwise for a while."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.running.conftest import Run

STAFF = """
[[staff]]
name = "Ana Lima"
phone = "+16175550101"
verified = true
roles = ["coordinator"]

[[staff]]
name = "Ben Ortiz"
phone = "+16175550102"
verified = true
roles = ["coordinator"]

[[schedule]]
name = "coordinators"
timezone = "America/New_York"
holidays = "US-MA"
own_holidays = [2040-12-24]
day_begins = "07:00"

[[schedule.rotation]]
turns = ["Ana Lima", ["Ben Ortiz", "Ana Lima"]]
every = "7d"
starts = 2025-11-03T07:00:00
hours = ["Mon-Sun 07:00-19:00", "Fri 20:00-Mon 06:00"]

[[schedule.rotation]]
turns = ["Ben Ortiz"]
every = "12h"
starts = "2025-11-03T19:00:00"
ends = "2090-01-01T00:00:00"
days = "holidays"
instead = true
"""


@pytest.fixture
def hotline(run: Run, tmp_path: Path) -> Run:
    """Run a command in a centre with this staff."""
    (tmp_path / "staff.toml").write_text(STAFF, encoding="utf-8")
    run("load", str(tmp_path / "staff.toml"))
    return run


def test_an_empty_centre_is_told_what_to_do(run: Run) -> None:
    for command in ("now", "weeks", "holes"):
        code, told = run("oncall", command)
        assert code == 0
        assert "`hotline load` takes a staff file" in told


def test_the_plan_is_dumped_as_it_was_loaded(hotline: Run, tmp_path: Path) -> None:
    """Loading what was dumped changes nothing."""
    code, dumped = hotline("dump")
    assert code == 0
    (tmp_path / "again.toml").write_text(dumped, encoding="utf-8")
    assert "Everything is so already" in hotline("load", str(tmp_path / "again.toml"))[1]
    for written in (
        '"Fri 20:00-Mon 06:00"',
        'days = "holidays"',
        '["Ben Ortiz", "Ana Lima"]',
        'every = "12h"',
    ):
        assert written in dumped


def test_who_is_on_and_who_is_not_is_shown_for_days_to_come(hotline: Run) -> None:
    code, said = hotline("oncall", "weeks", "coordinators", "--days", "21")
    assert code == 0
    assert said.startswith("coordinators (America/New_York)\n")
    assert re.search(r"07:00 +\w{3} \d+ \w{3} 19:00 +(Ana Lima|Ben Ortiz, Ana Lima)$", said, re.MULTILINE)
    assert "NOBODY" in said
    assert "NOBODY IS ON in the next 72 hours:" in hotline("oncall", "now")[1]
    assert re.search(r"^coordinators +\w{3} \d+", hotline("oncall", "holes", "--days", "30")[1], re.MULTILINE)
    assert hotline("oncall", "weeks", "clinicians")[0] == 1


def test_a_change_is_made_shown_counted_and_taken_back(hotline: Run) -> None:
    always = ("2026-01-01 00:00", "2090-01-01 00:00")
    code, done = hotline("oncall", "on", "Ben Ortiz", "coordinators", *always)
    assert code == 0
    assert done.startswith("It is so, and whoever it concerns is told.\n")  # also while nothing runs
    assert "Somebody is on every schedule at every hour of the next 14 days." in hotline("oncall", "holes")[1]
    code, shown = hotline("oncall", "changes")
    assert code == 0
    found = re.match(
        r"(\w{8})  Ben Ortiz is on  coordinators  \w{3} \d+ \w{3} \d\d:\d\d +Sun 1 Jan 00:00", shown
    )
    assert found is not None
    assert hotline("oncall", "undo", found[1])[0] == 0
    assert "NOBODY IS ON" in hotline("oncall", "holes")[1]
    assert hotline("oncall", "off", "Ana Lima", *always)[0] == 0
    assert "Ana Lima is off" in hotline("oncall", "changes")[1]
    assert (
        hotline("oncall", "instead", "Ana Lima", "Ben Ortiz", *always, "--schedule", "coordinators")[0] == 0
    )
    assert "Ana Lima is on instead of Ben Ortiz" in hotline("oncall", "changes")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("on", "Zoe", "coordinators", "2089-01-01 00:00", "2090-01-01 00:00"), "Zoe is not on the staff"),
        (("on", "Ana Lima", "nurses", "2089-01-01 00:00", "2090-01-01 00:00"), 'no schedule "nurses"'),
        (("on", "Ana Lima", "coordinators", "tomorrow", "2090-01-01"), "FROM: write a day and a time"),
        (("off", "Ana Lima", "2090-01-02", "2090-01-01"), "Until must be after From."),
        (("off", "Ana Lima", "2020-01-01", "2020-01-02"), "over already"),
        (("undo", "nothing"), "no change"),
        (("undo", ""), "no change"),
    ],
)
def test_what_cannot_be_is_refused_in_words(hotline: Run, arguments: tuple[str, ...], said: str) -> None:
    code, told = hotline("oncall", *arguments)
    assert code == 1
    assert said in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            ("[[schedule.rotation]]\nturns", "[[schedule.rotation]]\ntruns"),
            "rotation 1: truns: is not a key here",
        ),
        (('"Ana Lima", ["Ben', '"Ana Lina", ["Ben'), 'did you mean "Ana Lima"?'),
        (('every = "7d"', 'every = "90m"'), "rotation 1: every: write whole hours"),
        (("starts = 2025-11-03T07:00:00", "starts = 2025-11-03T07:00:00Z"), "starts: write the wall's clock"),
        (('"Mon-Sun 07:00-19:00"', '"Mo-Su 7-19"'), "hours: write hours such as"),
        (('holidays = "US-MA"', 'holidays = "Boston"'), "'Boston' is not known; write a country"),
        (('days = "holidays"', 'days = "hollidays"'), "days: 'hollidays' is not known"),
        (('day_begins = "07:00"', 'day_begins = "7"'), "write a time such as"),
        (("own_holidays = [2040-12-24]", 'own_holidays = ["Christmas"]'), "write days such as 2026-12-24"),
        (("instead = true", 'instead = "yes"'), "write true or false"),
    ],
)
def test_a_plan_that_is_wrong_is_refused_with_its_place(
    hotline: Run, tmp_path: Path, wrong: tuple[str, str], said: str
) -> None:
    file = tmp_path / "wrong.toml"
    written = STAFF.replace(*wrong, 1)
    assert written != STAFF
    file.write_text(written, encoding="utf-8")
    code, told = hotline("load", str(file))
    assert code == 1
    assert said in told
    assert "coordinators" in told
    assert "Traceback" not in told


ASKS = """
[[staff]]
name = "Cleo Park"
phone = "+16175550103"
verified = true
roles = ["clinician"]

[[staff]]
name = "Dev Rao"
phone = "+16175550104"
verified = true
roles = ["clinician"]

[[schedule]]
name = "clinicians"
timezone = "America/New_York"
always = ["Cleo Park"]
"""


def test_shifts_are_asked_for_offered_taken_back_and_taken_over(hotline: Run, tmp_path: Path) -> None:
    file = tmp_path / "asks.toml"
    file.write_text(ASKS, encoding="utf-8")
    assert hotline("load", str(file))[0] == 0
    some_day, other = ("2089-12-03 07:00", "2089-12-03 19:00"), ("2089-12-05 07:00", "2089-12-05 19:00")
    assert hotline("oncall", "asks")[1] == "Nothing is asked.\n"
    code, told = hotline("oncall", "cover", "Cleo Park", "clinicians", *some_day)
    assert code == 0
    assert told.endswith("Asked by text: Dev Rao.\n")
    swap = ("swap", "Cleo Park", "Dev Rao", "clinicians", *other)
    assert hotline("oncall", *swap)[0] == 0
    assert "not on clinicians for all" in hotline("oncall", *swap, "--for", *some_day)[1]
    assert hotline("oncall", "offer", "clinicians", "2089-12-07 07:00", "2089-12-07 19:00")[0] == 0
    shown = hotline("oncall", "asks")[1].splitlines()
    assert [line.split()[1] for line in shown] == ["cover", "swap", "hole"]
    assert re.search(r"Cleo Park +clinicians, Sat 3 Dec 07:00-19:00 +open$", shown[0])
    assert hotline("oncall", "withdraw", shown[0].split()[0])[0] == 0
    assert len(hotline("oncall", "asks")[1].splitlines()) == 2
    assert hotline("oncall", "withdraw", "x")[0] == 1
    code, told = hotline("oncall", "takeover", "Dev Rao", "Cleo Park", "clinicians")
    assert code == 0
    assert re.search(r"It is so until \w{3} \d+ \w{3} \d\d:\d\d, and both are told.\n$", told)
    assert "Dev Rao is on instead of Cleo Park" in hotline("oncall", "changes")[1]
    code, told = hotline("oncall", "takeover", "Ana Lima", "Dev Rao", "clinicians")
    assert code == 1
    assert told.startswith("Ana Lima has not the role of those who are on clinicians. Choose somebody else")
    night = ("2089-12-03 19:00", "2089-12-04 07:00")
    assert hotline("oncall", "on", "Dev Rao", "clinicians", *some_day)[0] == 0
    code, told = hotline("oncall", "on", "Dev Rao", "clinicians", "2089-12-03 19:00", "2089-12-04 19:00")
    assert code == 1
    assert "Dev Rao would be on for 36 h at once" in told
    assert hotline("oncall", "on", "Dev Rao", "clinicians", *night, "--overrule", "Cleo is ill")[0] == 0


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:elsewhere
BEGIN:VEVENT
UID:1
SUMMARY:On call: {who}
DTSTART;TZID=America/New_York:20251201T070000
DTEND;TZID=America/New_York:20251201T190000
RRULE:FREQ=DAILY
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Team lunch
DTSTART:20251201T160000
DTEND:20251201T170000
RRULE:FREQ=DAILY;UNTIL=20991201T000000
END:VEVENT
END:VCALENDAR
"""


def test_a_calendar_kept_elsewhere_stands_for_the_plan(hotline: Run, tmp_path: Path) -> None:
    """The same again changes nothing, and another one replaces it; what wasn't understood is told."""
    file = tmp_path / "rota.ics"
    file.write_text(CALENDAR.format(who="Ben Ortiz"), encoding="utf-8")
    code, told = hotline("oncall", "import", str(file), "coordinators", "--dry-run")
    assert code == 0
    assert '  - "Team lunch"' in told
    assert told.endswith("Nothing was changed.\n")
    assert "everybody is on as it was planned" in hotline("oncall", "changes")[1]
    code, told = hotline("oncall", "import", str(file), "coordinators")
    assert code == 0
    assert re.search(r"^18[0-9] shifts in the next six months.$", told, re.MULTILINE)
    weeks = hotline("oncall", "weeks", "coordinators", "--days", "30")[1]
    # The first is cut off by now and the last by the end; a holiday may join two days to one stretch.
    by_day = [line for line in weeks.splitlines() if re.match(r"\w{3} +\d+ \w{3} 07:00 ", line)]
    assert len(by_day) >= 25
    assert all("Ben Ortiz" in line for line in by_day)
    assert "Everything is so already." in hotline("oncall", "import", str(file), "coordinators")[1]
    file.write_text(CALENDAR.format(who="Ana Lima"), encoding="utf-8")
    assert re.search(r"taken back: [1-9]", hotline("oncall", "import", str(file), "coordinators")[1])
    weeks = hotline("oncall", "weeks", "coordinators", "--days", "30")[1]
    assert sum("Ana Lima" in line for line in weeks.splitlines()) >= 25
    file.write_text("hello", encoding="utf-8")
    code, told = hotline("oncall", "import", str(file), "coordinators")
    assert code == 1
    assert "it is no calendar" in told
    assert "no schedule" in hotline("oncall", "import", str(file), "nurses")[1]


def test_an_address_for_a_calendar_is_printed_once_and_revoked(hotline: Run) -> None:
    code, told = hotline("oncall", "calendar", "Ana Lima")
    assert code == 0
    assert re.fullmatch(r"https://\S+/calendar/[\w-]{43}\.ics\n", told)
    assert hotline("oncall", "calendar", "Ana Lima", "--revoke") == (0, "It opens no more.\n")
    assert hotline("oncall", "calendar", "Ana Lima", "--revoke") == (0, "They have none.\n")
    assert hotline("oncall", "calendar", "Ana Lima", "--schedule", "nurses")[0] == 1


def test_who_carries_what_is_a_table_by_person_and_quarter(hotline: Run) -> None:
    code, told = hotline("oncall", "fairness", "--quarter", "2089-Q4")
    assert code == 0
    assert told.startswith("2089-Q4\n")
    assert re.search(
        r"nights +weekends +holidays +paged +at night +min awake +nights to come$", told, re.MULTILINE
    )
    assert re.search(r"^Ana Lima +0 +0 .* [1-9]\d+$", told, re.MULTILINE)
    assert "A night is 22:00 to 07:00." in told
    assert hotline("oncall", "fairness", "--quarter", "soon")[0] == 2


SHEET = """Name;Phone;Roles;Languages;Verified
Cleo Park;(617) 555-0103;clinician, supervisor;en/es;yes

"Dev ""D"" Rao";617.555.0104;Clinician;;x
Eva Stone;+1 617 555 0105;clinician;en;no
"""


def test_staff_are_loaded_from_a_sheet_with_numbers_as_people_write_them(
    hotline: Run, tmp_path: Path
) -> None:
    file = tmp_path / "staff.csv"
    file.write_text("\ufeff" + SHEET, encoding="utf-8")
    code, told = hotline("load", str(file))
    assert code == 0
    assert "Took 3 staff" in told
    dumped = hotline("dump")[1]
    for written in ("+16175550103", "+16175550104", "+16175550105", 'Dev \\"D\\" Rao', '["en", "es"]'):
        assert written in dumped
    assert "Everything is so already" in hotline("load", str(file))[1]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            ("617.555.0104", "617.555.0104 x2"),
            'line 4: [[staff]] Dev "D" Rao: phone: an extension can\'t be dialled',
        ),
        (("617.555.0104", "555.0104"), "phone: it is an emergency, premium or satellite number, or nobody's"),
        (("617.555.0104", "call me"), "phone: it is no telephone number"),
        (("(617) 555-0103", "911"), "line 2: "),
        (("clinician, supervisor", "nurse"), '"nurse" is not known here'),
        ((";Verified", ";Verifed"), 'did you mean "verified"?'),
        ((";x", ";perhaps"), 'verified: write "yes" or "no"'),
        (("Name;", "Who;"), "name: there is no such column"),
        ((SHEET, ""), "it is empty"),
    ],
)
def test_a_sheet_that_is_wrong_is_refused_with_its_line(
    hotline: Run, tmp_path: Path, wrong: tuple[str, str], said: str
) -> None:
    file = tmp_path / "staff.csv"
    written = SHEET.replace(*wrong, 1)
    assert written != SHEET
    file.write_text(written, encoding="utf-8")
    code, told = hotline("load", str(file))
    assert code == 1
    assert said in told
    assert "Traceback" not in told


def test_slips_of_every_kind_in_a_sheet_are_told_at_once(hotline: Run, tmp_path: Path) -> None:
    """In how it is written, and in what is written; each once."""
    file = tmp_path / "staff.csv"
    written = SHEET.replace(";x", ";perhaps", 1).replace("clinician, supervisor", "nurse", 1)
    file.write_text(written, encoding="utf-8")
    code, told = hotline("load", str(file))
    assert code == 1
    assert told.count('verified: write "yes" or "no"') == 1
    assert "verified: write true or false" not in told
    assert told.count('"nurse" is not known here') == 1


NEEDS = """
[[need]]
name = "Two at night"
line = "admissions"
people = 2
hours = ["20:00-06:00"]

[[need]]
name = "A clinician"
line = "emergency"
role = "clinician"
languages = ["en", "es"]
"""


def test_what_a_line_needs_is_taken_shown_dumped_and_given_up(hotline: Run, tmp_path: Path) -> None:
    """A need is known by its name; with nobody it is needed no more."""
    file = tmp_path / "needs.toml"
    file.write_text(NEEDS, encoding="utf-8")
    code, told = hotline("load", str(file))
    assert code == 0
    assert "need Two at night: 2 for admissions" in told
    assert "2 needs" in told
    assert "Everything is so already" in hotline("load", str(file))[1]
    holes = hotline("oncall", "holes")[1]
    assert "TOO FEW ARE ON in the next 14 days:" in holes
    assert re.search(
        r"^coordinators .*for Two at night$|^coordinators .*for A clinician$", holes, re.MULTILINE
    )
    dumped = hotline("dump")[1]
    assert 'name = "Two at night"' in dumped
    assert 'languages = ["en", "es"]' in dumped
    again = tmp_path / "again.toml"
    again.write_text(dumped, encoding="utf-8")
    assert "Everything is so already" in hotline("load", str(again))[1]
    file.write_text(NEEDS.replace("people = 2", "people = 0"), encoding="utf-8")
    assert "need Two at night: needed no more" in hotline("load", str(file))[1]
    assert "Two at night" not in hotline("dump")[1]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (('line = "admissions"', 'line = "kitchen"'), "Two at night: line: use one of"),
        (('role = "clinician"', 'role = "cook"'), "A clinician: role: use one of"),
        (("people = 2", 'people = "2"'), "people: write a number"),
        (('"A clinician"', '"Two at night"'), "is there twice"),
        (('["20:00-06:00"]', '["8-6"]'), "hours: write hours such as"),
    ],
)
def test_a_need_that_cannot_be_is_refused_with_its_place(
    hotline: Run, tmp_path: Path, wrong: tuple[str, str], said: str
) -> None:
    file = tmp_path / "needs.toml"
    written = NEEDS.replace(*wrong, 1)
    assert written != NEEDS
    file.write_text(written, encoding="utf-8")
    code, told = hotline("load", str(file))
    assert code == 1
    assert said in told
    assert "[[need]]" in told
    assert ", line " in told


def test_somebody_is_called_as_a_caller_would_be(hotline: Run, tmp_path: Path) -> None:
    """From the number that callers know; whoever can't be rung is not, and that is said."""
    code, told = hotline("oncall", "walk-through", "Ana Lima")
    assert (code, told) == (0, "Ana Lima's phone rings in a moment. Nothing comes of the call.\n")
    with closing(sqlite3.connect(os.environ["DATABASE_URL"].removeprefix("sqlite:///"))) as kept:
        ((kind, origin),) = kept.execute("SELECT kind, subject_kind FROM outbox").fetchall()
    assert (kind, origin) == ("PlaceCall", "staff")
    (tmp_path / "staff.toml").write_text(
        STAFF.replace("verified = true", "verified = false"), encoding="utf-8"
    )
    hotline("load", str(tmp_path / "staff.toml"))
    code, told = hotline("oncall", "walk-through", "Ben Ortiz")
    assert code == 1
    assert "Ben Ortiz's phone can't be rung: is it verified" in told
