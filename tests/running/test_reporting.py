"""`hotline report`: what it prints, to the letter."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.callbacks.ledger import Became
from hotline.commands import report
from hotline.commands.report import Figures
from hotline.commands.staff_file import CommandRefused
from hotline.model import Channel, Language, Line, Outcome, StaffId, Subject
from hotline.operations.reports.figures import judged
from hotline.store.cases.promises import LateCount, LateReason, PromiseCount, WordCount
from hotline.store.database.periods import Period
from hotline.store.reports.crew_measures import TakenTimes, Work
from hotline.store.reports.dispositions import Contacts, Disposition
from hotline.store.reports.follow_through_counts import (
    FollowUpBecame,
    FollowUpCount,
    IntakeBecame,
    IntakeCount,
)
from hotline.store.reports.measures import DropOff, Ended, Quarter
from hotline.store.reports.waits import Percentiles, Waits
from hotline.store.traffic.readings import Did, Judgement, Read
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
    dispositions=[],
    live=[],
    rung_back=[],
    called=[],
    given_up=[],
    promises=[],
    faults=[],
    by_word=[],
    taken=[],
    work=[],
    stops=(0, 0),
    read=[],
    quarters=[],
    intakes=[],
    not_admitted=[],
    follow_ups=[],
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
        DropOff("emergency_hidden", Language.HT, Line.ADMISSIONS, 1),
    ],
    dispositions=[
        Contacts(None, Channel.VOICE, Disposition.LEFT, 7),
        Contacts(None, Channel.VOICE, Disposition.OPEN, 1),
        Contacts(Line.ADMISSIONS, Channel.VOICE, Disposition.ABANDONED, 1),
        Contacts(Line.ADMISSIONS, Channel.VOICE, Disposition.LATER, 3),
        Contacts(Line.ADMISSIONS, Channel.VOICE, Disposition.LIVE, 8),
        Contacts(Line.FAMILY, Channel.TEXT, Disposition.ENDED, 2),
    ],
    live=[Waits(Line.ADMISSIONS, 8, 20 * SECOND, 61.2 * SECOND, 3600 * SECOND)],
    rung_back=[Waits(Line.ADMISSIONS, 3, 300 * SECOND, 900 * SECOND, 900 * SECOND)],
    called=[Waits(Line.EMERGENCY, 1, 95 * SECOND, 95 * SECOND, 95 * SECOND)],
    given_up=[Waits(Line.ADMISSIONS, 1, 75 * SECOND, 75 * SECOND, 75 * SECOND)],
    promises=[
        PromiseCount(Line.ADMISSIONS, Channel.VOICE, Became.KEPT, 2),
        PromiseCount(Line.ADMISSIONS, Channel.TEXT, Became.KEPT, 1),
        PromiseCount(Line.ADMISSIONS, Channel.VOICE, Became.LATE, 1),
        PromiseCount(Line.ADMISSIONS, Channel.VOICE, Became.WAITING, 2),
    ],
    faults=[LateCount(Line.ADMISSIONS, LateReason.NOBODY_RUNG, 1)],
    by_word=[WordCount(Line.ADMISSIONS, 1)],
    taken=[
        TakenTimes(Subject.CALLBACK, 4, Percentiles("callback", 3, 20 * SECOND, 60 * SECOND, 60 * SECOND)),
        TakenTimes(Subject.EMERGENCY, 1, None, waiting=1),
    ],
    work=[("Ana Lima", Work(StaffId("s1"), rung=9, texted=2, picked_up=8, took=7, outcomes=6, texts=5))],
    stops=(2, 1),
    read=[
        Read(Language.EN, Did.PAGED, None, 3),
        Read(Language.EN, Did.PAGED, Judgement.EMERGENCY, 4),
        Read(Language.EN, Did.PAGED, Judgement.NO_EMERGENCY, 1),
        Read(Language.EN, Did.ASKED, None, 9),
        Read(Language.EN, Did.ASKED, Judgement.EMERGENCY, 2),
        Read(Language.EN, Did.OPTED_OUT, None, 2),
        Read(Language.EN, Did.OTHER, Judgement.NO_EMERGENCY, 120),
        Read(Language.HT, Did.OTHER, None, 7),
    ],
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
  (`hotline prompts list` shows the words of each prompt)
  prompt                      language  line        calls  share
  menu                        en        none            7   35 %
  emergency, number withheld  ht        admissions      1    5 %

What became of everybody: each in one column
  (later: talked afterwards; open: going on, or something is owed; ended: closed without a talk; left: chose nothing)
  line        by    all  live  share  later  share  open  gave up  ended  left  blocked
  none        call    8     0    0 %      0    0 %     1        0      0     7        0
  admissions  call   12     8   67 %      3   25 %     0        1      0     0        0
  family      text    2     0    0 %      0    0 %     0        0      2     0        0

Minutes until a human, or until they gave up: half of them within, 90 % and 99 % of them within
  (a human with whom they talked: answers in writing are not timed)
  line        how            people  half   90 %   99 %
  admissions  live                8  0:20   1:02  60:00
  admissions  rung back           3  5:00  15:00  15:00
  emergency   wrote, called       1  1:35   1:35   1:35
  admissions  gave up             1  1:15   1:15   1:15

Promises to ring back, by the line that they were made for: each in one column
  (kept: their phone rang in time, they called and talked, or staff say so; replaced: by another)
  line        made  kept  late  waiting  withdrawn  replaced  emergency  kept of due
  admissions     6     3     1        2          0         0          0         75 %

Why promises were late
  line        why          promises
  admissions  nobody rung         1

Promises kept by what staff say alone: that they have talked, and no call here shows it
  line        promises
  admissions         1

What waited for staff, and the minutes until somebody took it
  (over untaken: answered otherwise, withdrawn, or phones rang for it anew later)
  what       opened  taken  over untaken  still waits  half  90 %  99 %
  callback        4      3             1            0  0:20  1:00  1:00
  emergency       1      0             0            1     -     -     -

What staff were asked, and did
  name      rung  picked up  texted  took  outcomes  texts written
  Ana Lima     9          8       2     7         6              5

Texts
  asked for      times
  no more texts      2
  texts again        1

How texts were read: each in one of paged to others; of those paged, what staff say; missed: not paged
  (paged: read as an emergency; in one that is open already, it goes to whoever has it, and rings nobody anew)
  language  read  paged  to a person  opt-outs  others  found  needless  not judged  missed
  en         141      8           11         2     120      4         1           3       2
  ht           7      0            0         0       7      0         0           0       0

Calls by the hour of the day in which they began
  hour   calls  reached  left early  not over
  00:00      1        -           -         1
  15:00     10       10           -         -
  16:00      9        2           7         -"""


def test_the_report_is_told_in_aligned_tables() -> None:
    """Hours are those of the centre, on either side of a change of the clocks."""
    assert report.told(A_WEEK) == TOLD


def test_what_is_explained_above_a_table_is_a_column_of_it() -> None:
    """Of a word that stands nowhere nobody knows what it is about."""
    with_all = replace(
        A_WEEK,
        intakes=[IntakeCount(soon=True, became=IntakeBecame.UNSAID, intakes=2)],
        follow_ups=[FollowUpCount(FollowUpBecame.DECLINED, 1)],
    )
    for table in report.told(with_all).split("\n\n"):
        _, meant, heads, *_ = (*table.splitlines(), "", "")
        explained = [part.partition(": ") for part in meant.strip(" ()").split("; ")]
        words = {word for word, colon, _ in explained if colon and len(word.split()) <= 2}
        assert words <= set(re.split("  +", heads.strip())), table


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
    assert report.told(replace(NOTHING, days=days)) == words


def test_what_is_empty_is_left_out() -> None:
    """A promise made to somebody who texted is told even if nobody called."""
    told = report.told(replace(NOTHING, promises=A_WEEK.promises))
    assert told.startswith("No calls in these seven days (2026")
    assert "Promises to ring back" in told
    assert "outcome" not in told


def test_one_call_is_one_call() -> None:
    only = replace(NOTHING, days=1, ended=A_WEEK.ended[:1])
    assert report.told(only).startswith("1 call in this day (")


def test_the_sheet_has_one_figure_a_row() -> None:
    """Every number of the tables, with what it is about in columns of its own."""
    rows = list(csv.DictReader(io.StringIO(report.sheet(A_WEEK))))
    found = {
        (
            row["measure"],
            row["line"],
            row["language"],
            row["prompt"],
            row["outcome"],
            row["hour"],
            row["channel"] + row["subject"] + row["person"],
            row["figure"],
        ): (row["value"], row["unit"])
        for row in rows
    }
    assert len(rows) == 4 + 2 + 6 + 4 * 4 + 4 + 1 + 1 + 2 * 4 + 3 + 6 + 2 + 2 * 8 + 4
    assert len(found) == len(rows)
    assert found["kept_by_word", "admissions", "", "", "", "", "", "promises"] == ("1", "count")
    assert found["ended", "family", "ht", "", "reached", "", "", "calls"] == ("4", "count")
    assert found["lost", "", "en", "menu", "", "", "", "calls"] == ("7", "count")
    assert found["became", "admissions", "", "", "", "", "voice", "abandoned"] == ("1", "count")
    assert found["time_live", "admissions", "", "", "", "", "", "p90"] == ("61.200", "seconds")
    assert found["time_rung_back", "admissions", "", "", "", "", "", "people"] == ("3", "count")
    assert found["time_called", "emergency", "", "", "", "", "", "p50"] == ("95.000", "seconds")
    assert found["promises", "admissions", "", "", "", "", "voice", "late"] == ("1", "count")
    assert found["by_hour", "", "", "", "reached", "16", "", "calls"] == ("2", "count")
    assert found["taken", "", "", "", "", "", "callback", "p50"] == ("20.000", "seconds")
    assert found["work", "", "", "", "", "", "Ana Lima", "took"] == ("7", "count")
    assert found["read", "", "en", "", "", "", "", "asked"] == ("11", "count")
    assert found["judged", "", "en", "", "", "", "", "needless"] == ("1", "count")
    assert found["texts", "", "", "", "", "", "", "no_more_texts"] == ("2", "count")


_READ = st.builds(
    Read,
    st.sampled_from(Language),
    st.sampled_from(Did),
    st.sampled_from([None, *Judgement]),
    st.integers(1, 50),
)


@given(read=st.lists(_READ, max_size=20, unique_by=lambda one: (one.language, one.did, one.judged)))
def test_what_is_told_of_texts_adds_up(read: list[Read]) -> None:
    """Every text stands in one column of its language's row, and every judgement in at most one."""
    rows = judged(replace(NOTHING, read=read))
    assert sum(one.did.total() for one in rows) == sum(one.messages for one in read)
    assert all(one.found + one.needless + one.unjudged == one.did[Did.PAGED] for one in rows)
    assert all(one.unjudged >= 0 for one in rows)
    assert all(0 <= one.missed <= one.did.total() - one.did[Did.PAGED] for one in rows)
    disputed = sum(
        one.messages
        for one in read
        if (one.did is Did.PAGED) is (one.judged is Judgement.NO_EMERGENCY) and one.judged is not None
    )
    assert sum(one.needless + one.missed for one in rows) == disputed


@pytest.mark.parametrize("wrong", ["0", "-1", "3661", "seven", "1.5", "", "²"])
def test_days_are_a_whole_number(wrong: str) -> None:
    """From one to ten years."""
    with pytest.raises(ValueError, match="from 1 to 3660"):
        report.days(wrong)
    assert report.days("30") == 30


def test_a_report_may_end_with_a_day_that_is_over(tmp_path: Path) -> None:
    """At midnight in the centre's time zone; days that have not begun can't be told of."""
    environ = good_environment(tmp_path, DATABASE_URL=databases.sqlite(tmp_path))
    assert report.report(environ, 7, before=date(2026, 3, 9)) == "No calls in these seven days."
    with pytest.raises(CommandRefused, match="2999-01-01 has not begun yet"):
        report.report(environ, 7, before=date(2999, 1, 1))
    with pytest.raises(ValueError, match="such as 2026-03-09"):
        report.day("March")
    assert report.day("2026-03-09") == date(2026, 3, 9)


def test_the_command_reads_the_database_of_its_settings(tmp_path: Path) -> None:
    """An empty one: a sentence for people, the heads of the columns for a sheet."""
    environ = good_environment(tmp_path, DATABASE_URL=databases.sqlite(tmp_path))
    assert report.report(environ, 7) == "No calls in these seven days."
    assert report.report(environ, 7, as_csv=True).splitlines() == [
        "measure,line,channel,language,prompt,outcome,subject,person,hour,figure,value,unit"
    ]
