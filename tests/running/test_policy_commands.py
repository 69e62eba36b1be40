"""Policies from the command line: loaded, refused, dumped as they were loaded, and tried out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.running.conftest import Run

Load = Callable[[str], tuple[int, str]]
STAFF = """
[[staff]]
name = "Ana Lima"
phone = "+16175550101"
verified = true
roles = ["coordinator"]
languages = ["en", "es"]

[[staff]]
name = "Cleo Park"
phone = "+16175550103"
verified = true
roles = ["clinician"]

[[staff]]
name = "Dee Cole"
phone = "+16175550105"
verified = true
roles = ["clinician"]

[[schedule]]
name = "clinicians"
timezone = "America/New_York"

[[schedule.rotation]]
turns = ["Cleo Park", "Dee Cole"]
every = "7d"
starts = 2026-01-05T07:00:00

[[schedule]]
name = "coordinators"
timezone = "America/New_York"
always = ["Ana Lima"]
"""
BY_DAY = """
[[policy]]
subject = "emergency"
acknowledge = 2

[[policy.rung]]
who = ["schedule:clinicians"]
how = ["call", "text"]
wait = "30s"
hours = ["Mon-Fri 08:00-18:00"]

[[policy.rung]]
who = ["staff:Ana Lima"]
how = ["call"]
wait = "40s"
languages = ["es"]

[[policy.rung]]
who = ["schedule:clinicians", "next:clinicians"]
how = ["call"]
together = false
wait = "20s"

[[policy.rung]]
who = ["everyone"]
how = ["call", "text"]
wait = "1m"
"""


@pytest.fixture
def load(run: Run, tmp_path: Path) -> Load:
    """Load what is written, without being asked."""

    def load(written: str) -> tuple[int, str]:
        file = tmp_path / "given.toml"
        file.write_text(written, encoding="utf-8")
        return run("load", str(file), "--yes")

    assert load(STAFF)[0] == 0
    return load


def test_a_policy_with_every_key_is_dumped_as_it_was_loaded(run: Run, load: Load) -> None:
    """What is as usual isn't written; loading what was dumped changes nothing."""
    assert load(BY_DAY)[0] == 0
    dumped = run("dump")[1]
    (policy,) = tomllib.loads(dumped)["policy"]
    assert policy["acknowledge"] == 2
    first, spanish, third, last = policy["rung"]
    assert first["hours"] == ["Mon-Fri 08:00-18:00"]
    assert (spanish["who"], spanish["languages"]) == (["staff:Ana Lima"], ["es"])
    assert (third["who"], third["together"]) == (["schedule:clinicians", "next:clinicians"], False)
    assert last["who"] == ["everyone"]
    assert "hours" not in last
    assert "Everything is so already" in load(dumped)[1]


ONE_RUNG = """
[[policy]]
subject = "emergency"
[[policy.rung]]
who = [{who}]
how = [{how}]
wait = "30s"
{more}
"""


@pytest.mark.parametrize(
    ("who", "how", "more", "said"),
    [
        ('"schedule:nights"', '"call"', "", 'who: there is no schedule "nights"'),
        (
            '"next:clinician"',
            '"call"',
            "",
            'who: there is no schedule "clinician"; did you mean "clinicians"?',
        ),
        (
            '"role:supervisor"',
            '"call"',
            "",
            r"it reaches nobody from \w+ \d{4}-\d\d-\d\d \d\d:\d\d on: name a schedule",
        ),
        (
            '"everyone"',
            '"call"',
            'hours = ["Mon-Fri 08:00-18:00"]',
            r"it reaches nobody from \w+ \d{4}-\d\d-\d\d \d\d:\d\d on: no rung holds then",
        ),
        ('"everyone"', '"call"', 'languages = ["es"]', "it reaches nobody from .* on: no rung holds then"),
        ('"everyone"', '"text"', "", r"it rings nobody's phone from \w+ .* on: a text alone wakes nobody"),
        ('"everyone"', '"call"', 'hours = ["at night"]', "hours: write hours such as"),
        (
            '"everyone"',
            '"call"',
            'language = ["es"]',
            "language: is not a key here; use who, how, together, wait, hours",
        ),
    ],
)
def test_an_emergency_policy_that_could_reach_nobody_is_refused_with_the_hour_and_what_to_do(
    load: Load, who: str, how: str, more: str, said: str
) -> None:
    """Nothing is changed by it."""
    code, told = load(ONE_RUNG.format(who=who, how=how, more=more))
    assert code == 1
    assert re.search(said, told), told
    assert "Nothing was changed." in told


def test_a_file_that_takes_from_the_kept_policy_whomever_it_reached_is_refused_too(load: Load) -> None:
    """The policy stands in another file; one that mends something else is taken although it is so already."""
    assert load(ONE_RUNG.format(who='"schedule:coordinators"', how='"call"', more=""))[0] == 0
    empty = '[[schedule]]\nname = "coordinators"\ntimezone = "America/New_York"\nalways = []\n'
    code, told = load(empty)
    assert code == 1
    assert re.search(r"\[\[policy\]\]: that of emergencies, as it is kept: it reaches nobody from", told)
    assert load(empty.replace("coordinators", "supervisors"))[0] == 0


@pytest.mark.parametrize("at", ["Sat 03:00", "2040-12-01 03:00"])
def test_a_dry_run_tells_who_is_rung_when_and_where_it_goes_if_nobody_answers(
    run: Run, load: Load, at: str
) -> None:
    """A Saturday night in Spanish; nobody is rung for it."""
    load(BY_DAY)
    code, told = run("page", "--dry-run", "emergency", "--at", at, "--language", "es")
    assert code == 0
    assert re.match(
        r"emergency, Sat \d+ \w{3} 03:00, a caller who speaks Spanish, if everybody is free", told
    )
    assert re.search(r"after 0:00 +Ana Lima +call\n", told)
    assert re.search(r"after 0:25 +(Cleo Park|Dee Cole) +call\n", told)
    assert "Rung 1 is passed: it holds only Mon-Fri 08:00-18:00." in told
    assert "Whoever is paged 3 times in that night is let sleep at first, if others are there." in told
    assert "The last rung on which anybody is repeats, until somebody accepts." in told
    assert "and then the failsafe number" in told
    assert "Two must know of it" in told


def test_by_day_and_in_english_other_rungs_are_gone_through(run: Run, load: Load) -> None:
    load(BY_DAY)
    told = run("page", "--dry-run", "emergency", "--at", "Wed 12:00")[1]
    assert re.search(r"after 0:00 +(Cleo Park|Dee Cole) +call and text\n", told)
    assert "Rung 2 is passed: it holds only for callers who speak Spanish." in told
    assert "let sleep" not in told


def test_nothing_is_said_to_ring_where_nobody_is_on(run: Run, load: Load) -> None:
    """With where to look; a time that is none is refused with how to write one."""
    assert "NOBODY WOULD BE RUNG" in run("page", "--dry-run", "supervisor")[1]
    assert run("page", "emergency") == (
        1,
        "Write --dry-run. To call and text somebody as a test: `hotline oncall test NAME`.\n",
    )
    code, told = run("page", "--dry-run", "emergency", "--at", "Sun 25:00")
    assert code == 1
    assert '--at: write a time, as in "Sat 03:00"' in told


def test_policies_survive_as_a_sheet(run: Run, load: Load, tmp_path: Path) -> None:
    """A rung a line; loading what was printed changes nothing, and so does the staff's sheet."""
    load(BY_DAY)
    code, sheet = run("dump", "--sheet", "policies")
    assert code == 0
    lines = sheet.splitlines()
    assert lines[0] == "subject,pause,acknowledge,who,how,together,wait,hours,languages"
    assert lines[1] == "emergency,,2,schedule:clinicians,call; text,yes,30s,Mon-Fri 08:00-18:00,"
    assert lines[3] == "emergency,,,schedule:clinicians; next:clinicians,call,no,20s,,"
    for name, written in (("policies", sheet), ("staff", run("dump", "--sheet", "staff")[1])):
        file = tmp_path / f"{name}.csv"
        file.write_text(written, encoding="utf-8")
        assert "Everything is so already" in run("load", str(file), "--yes")[1]


SHEET = """subject;who;how;wait;together;pause
thread;schedule:coordinators;text;2m;;90s
;everyone;call and text;1m;no;
"""


def test_a_sheet_may_be_written_as_people_write_one(run: Run, load: Load, tmp_path: Path) -> None:
    """With semicolons, without what is as usual, and without repeating the subject."""
    assert load("")[0] == 0
    file = tmp_path / "policies.csv"
    file.write_text(SHEET, encoding="utf-8")
    assert "policy thread: new" in run("load", str(file), "--yes")[1]
    (policy,) = tomllib.loads(run("dump")[1])["policy"]
    assert policy["pause"] == "90s"
    assert [rung["how"] for rung in policy["rung"]] == [["text"], ["call", "text"]]
    assert [rung["together"] for rung in policy["rung"]] == [True, False]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("2m", "soon"), "line 2: [[policy]] thread: rung 1: wait: must be a number and a unit"),
        ((";no;", ";maybe;"), 'line 2: [[policy]] thread: together: write "yes" or "no"'),
        ((";no;\n", ";no;2m\n"), "line 2: [[policy]] thread: pause: is written twice for this subject"),
        (("together", "combined"), "[[policy]]: combined: is not a column here"),
        (("wait", "weight"), "[[policy]]: wait: there is no such column: add it"),
        (
            ("schedule:coordinators", "schedule:nights"),
            'line 2: [[policy]] thread: who: there is no schedule "nights"',
        ),
        (("thread", "weather"), 'line 2: [[policy]] weather: subject: "weather" is not known'),
    ],
)
def test_what_is_wrong_in_a_sheet_is_told_with_its_line(
    run: Run, load: Load, tmp_path: Path, wrong: tuple[str, str], said: str
) -> None:
    assert load("")[0] == 0
    file = tmp_path / "policies.csv"
    file.write_text(SHEET.replace(*wrong), encoding="utf-8")
    code, told = run("load", str(file), "--yes")
    assert code == 1
    assert said in told, told
