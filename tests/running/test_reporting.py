"""`hotline report`: what it prints, to the letter."""

from __future__ import annotations

import argparse
import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hotline import reporting
from hotline.model import Language, Line, Outcome
from hotline.reporting import Figures
from hotline.store.measures import DropOff, Ended, Period, Promises, Quarter, Reached
from hotline.store.waits import Waits
from tests import databases
from tests.settings.examples import good_environment

UNTIL = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NOTHING = Figures(
    days=7,
    period=Period(UNTIL - timedelta(days=7), UNTIL),
    zone=ZoneInfo("America/New_York"),
    ended=[],
    lost=[],
    reached=[],
    live=[],
    rung_back=[],
    promises=[],
    quarters=[],
)
A_WEEK = replace(
    NOTHING,
    ended=[
        Ended(None, Language.EN, None, 1),
        Ended(Outcome.REACHED, Language.EN, Line.ADMISSIONS, 8),
        Ended(Outcome.REACHED, Language.HT, Line.FAMILY, 4),
        Ended(Outcome.LEFT_EARLY, Language.EN, None, 7),
    ],
    lost=[
        DropOff("menu", Language.EN, None, 7),
        DropOff("getting_person", Language.HT, Line.ADMISSIONS, 1),
    ],
    reached=[Reached(None, 8, 0, 0, 0), Reached(Line.ADMISSIONS, 12, 8, 3, 1)],
    live=[Waits(Line.ADMISSIONS, 8, 20 * SECOND, 61.2 * SECOND, 3600 * SECOND)],
    rung_back=[Waits(Line.ADMISSIONS, 3, 300 * SECOND, 900 * SECOND, 900 * SECOND)],
    promises=[Promises(Line.ADMISSIONS, kept=3, late=1, waiting=2)],
    # The clocks in Boston went forward on 8 March: 20:00 in UTC was three o'clock, and is four.
    quarters=[
        Quarter(datetime(2026, 3, 7, 20, 45, tzinfo=UTC), Outcome.REACHED, 10),
        Quarter(datetime(2026, 3, 8, 20, 0, tzinfo=UTC), Outcome.REACHED, 2),
        Quarter(datetime(2026, 3, 8, 20, 15, tzinfo=UTC), Outcome.LEFT_EARLY, 7),
        Quarter(datetime(2026, 3, 9, 4, 0, tzinfo=UTC), None, 1),
    ],
)
TOLD = """\
20 calls in these seven days (2026-03-02 07:00 to 2026-03-09 08:00, America/New_York).

How calls ended
  outcome     calls  share
  reached        12   60 %
  left early      7   35 %
  not over        1    5 %

Where callers were lost: the last words they heard before a human or a promise
  prompt          language  line        calls  share
  menu            en        none            7   35 %
  getting_person  ht        admissions      1    5 %

Who came to a human: on the call, or later when rung back
  line        calls  live  share  later  share  abandoned  share
  none            8     0    0 %      0    0 %          0    0 %
  admissions     12     8   67 %      3   25 %          1    8 %

Time to a human, in minutes: half of them within, 90 % and 99 % of them within
  line        how        people  half   90 %   99 %
  admissions  live            8  0:20   1:02  60:00
  admissions  rung back       3  5:00  15:00  15:00

Promises to ring back
  line        kept  late  waiting  kept of due
  admissions     3     1        2         75 %

Calls by the hour of the day in which they began
  hour   calls  reached  left early  not over
  00:00      1        -           -         1
  15:00     10       10           -         -
  16:00      9        2           7         -"""


def test_the_report_is_told_in_aligned_tables() -> None:
    """Hours are those of the centre, on either side of a change of the clocks."""
    assert reporting.told(A_WEEK) == TOLD


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "No calls in this day."),
        (7, "No calls in these seven days."),
        (30, "No calls in these 30 days."),
    ],
)
def test_without_calls_it_says_so(days: int, words: str) -> None:
    """In a sentence, without empty tables."""
    assert reporting.told(replace(NOTHING, days=days)) == words


def test_what_is_empty_is_left_out() -> None:
    """A promise made to somebody who texted is told even if nobody called."""
    told = reporting.told(replace(NOTHING, promises=A_WEEK.promises))
    assert told.startswith("No calls in these seven days (2026")
    assert "Promises to ring back" in told
    assert "outcome" not in told


def test_one_call_is_one_call() -> None:
    only = replace(NOTHING, days=1, ended=A_WEEK.ended[:1])
    assert reporting.told(only).startswith("1 call in this day (")


def test_the_sheet_has_one_figure_a_row() -> None:
    """Every number of the tables, with what it is about in columns of its own."""
    rows = list(csv.DictReader(io.StringIO(reporting.sheet(A_WEEK))))
    found = {
        (
            row["measure"],
            row["line"],
            row["language"],
            row["prompt"],
            row["outcome"],
            row["hour"],
            row["figure"],
        ): (row["value"], row["unit"])
        for row in rows
    }
    assert len(found) == len(rows) == 4 + 2 + 2 * 3 + 2 * 4 + 3 + 4
    assert found["ended", "family", "ht", "", "reached", "", "calls"] == ("4", "count")
    assert found["lost", "", "en", "menu", "", "", "calls"] == ("7", "count")
    assert found["reached", "admissions", "", "", "", "", "abandoned"] == ("1", "count")
    assert found["time_live", "admissions", "", "", "", "", "p90"] == ("61.200", "seconds")
    assert found["time_rung_back", "admissions", "", "", "", "", "people"] == ("3", "count")
    assert found["promises", "admissions", "", "", "", "", "late"] == ("1", "count")
    assert found["by_hour", "", "", "", "reached", "16", "calls"] == ("2", "count")


@pytest.mark.parametrize("wrong", ["0", "-1", "3661", "seven", "1.5", "", "²"])
def test_days_are_a_whole_number(wrong: str) -> None:
    """From one to ten years."""
    with pytest.raises(argparse.ArgumentTypeError, match="from 1 to 3660"):
        reporting.days(wrong)
    assert reporting.days("30") == 30


def test_the_command_reads_the_database_of_its_settings(tmp_path: Path) -> None:
    """An empty one: a sentence for people, the heads of the columns for a sheet."""
    environ = good_environment(tmp_path, DATABASE_URL=databases.sqlite(tmp_path))
    assert reporting.report(environ, 7) == "No calls in these seven days."
    assert reporting.report(environ, 7, as_csv=True).splitlines() == [
        "measure,line,language,prompt,outcome,hour,figure,value,unit"
    ]
