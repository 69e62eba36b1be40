"""The reports in the console: who sees what of them, what leaves the house, and that they tell what `hotline report`
tells."""

from __future__ import annotations

import csv
import io
import os
import re
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

import pytest

from hotline.callbacks.ledger import Became
from hotline.commands.samples import sample_months
from hotline.console.reports.drawing import plot_specs
from hotline.console.reports.drawing.plotter import PLOTTER, Plotter
from hotline.console.reports.panels import (
    HIDDEN,
    CellKind,
    Headline,
    Panel,
    ReportColumn,
    change,
    for_outside,
)
from hotline.console.reports.told import sections
from hotline.console.reports.told.sections import Reader
from hotline.model import Channel, Line, StaffId
from hotline.operations.reports import busy_hours, escalation_times, figures, reaching_people, report_period
from hotline.operations.reports import what_came_of_it as came
from hotline.operations.reports.enough_people import Aim
from hotline.operations.reports.report_period import NoSuchPeriod, ReportDays
from hotline.store.reports.splits import By
from tests.console.centre import EPOCH, Centre, open_centre
from tests.console.test_search import search
from tests.observed import audit_trail

BOSTON = ZoneInfo("America/New_York")


class Drawn(Plotter):
    """Draws at once, and what it was asked for is seen."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[object] = []

    def start(self) -> None:
        """Nothing is started."""

    def draw(self, spec: object) -> str | None:
        """A drawing of nothing."""
        self.asked.append(spec)
        return '<svg viewBox="0 0 1 1" aria-label="x"><g role="img"/></svg>'


def fill(centre: Centre) -> str:
    """Put the sample months into it."""
    application = centre.application
    return sample_months.fill(application.settings, application.database, application.clock())


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A centre with the sample months behind it, for all tests of this file."""
    centre = open_centre(tmp_path_factory.mktemp("reports"))
    fill(centre)
    yield centre
    centre.application.database.dispose()


@pytest.fixture
def months(filled: Centre) -> Centre:
    """The same, at the same time, with nothing that draws."""
    filled.clock.now = EPOCH
    filled.app.extensions[PLOTTER] = Drawn()
    return filled


def asked(centre: Centre, days: int = 28, line: Line | None = None) -> ReportDays:
    """The last days."""
    return report_period.last_days(days, centre.application.clock(), BOSTON, line)


# --- one source ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", [None, Line.ADMISSIONS, Line.FAMILY])
def test_the_pages_tell_what_the_command_tells(months: Centre, line: Line | None) -> None:
    """Figure by figure, of the same days."""
    wish = asked(months, line=line)
    with months.application.database.read() as tx:
        told = figures.count_in(tx, wish.period, wish.days, BOSTON)
    look = months.application.look

    volume = look(lambda transaction: busy_hours.look(transaction, wish))
    of_line = [one for one in told.dispositions if line in (None, one.line)]
    for channel in Channel:
        assert busy_hours.came_in(volume.now, channel) == sum(
            one.contacts for one in of_line if one.channel is channel
        )
    if line is None:
        assert busy_hours.came_in(volume.now, Channel.VOICE) == told.calls
        by_hour = Counter[int]()
        for (hour, _), n in figures.hours(told).items():
            by_hour[hour] += n
        assert by_hour == Counter(
            hour for one in volume.now if one.channel is Channel.VOICE for hour in [one.hour] * one.contacts
        )

    reaching = look(lambda transaction: reaching_people.look(transaction, wish))
    live = {one.line: one for one in told.live if line in (None, one.line)}
    assert {one.by: (one.times, one.p50, one.p90, one.p99) for one in reaching.split[By.LINE].live} == {
        of: (one.people, one.p50, one.p90, one.p99) for of, one in live.items()
    }
    back = {one.line: one for one in told.rung_back if line in (None, one.line)}
    assert {one.by: (one.times, one.p50, one.p90) for one in reaching.split[By.LINE].rung_back} == {
        of: (one.people, one.p50, one.p90) for of, one in back.items()
    }
    promises = Counter[Became]()
    for one in told.promises:
        if line in (None, one.line):
            promises[one.became] += one.promises
    for by in By:
        split = reaching.whole if by is By.ALL else reaching.split[by]
        summed = Counter[Became]()
        for counted in reaching_people.became(split.promises).values():
            summed += counted
        assert summed == promises
    assert reaching.lost == [one for one in told.lost if line in (None, one.line)]

    outcome = look(lambda transaction: came.look(transaction, wish))
    assert outcome.dispositions == of_line
    assert outcome.ended == [one for one in told.ended if line in (None, one.line)]
    if line is None:
        assert outcome.not_admitted == told.not_admitted
        assert outcome.follow_ups == told.follow_ups
        assert look(lambda transaction: came.way(transaction, wish)).intakes == told.intakes
        escalated = look(lambda transaction: escalation_times.look(transaction, wish, people=True))
        assert escalated.taken == told.taken
        assert [(one.name, one.work) for one in escalated.people] == told.work
        assert sum(one.taken + one.untaken for one in escalated.rungs) == sum(
            one.opened for one in told.taken
        )


def test_the_way_to_an_intake_never_grows(months: Centre) -> None:
    """Each step is a part of the one before; the command's intakes are among the booked."""
    way = months.application.look(lambda transaction: came.way(transaction, asked(months)))
    steps = [way.now.asked, way.now.human, way.now.booked, way.now.soon, way.now.came]
    assert steps == sorted(steps, reverse=True)
    assert steps[-1] > 20


# --- who sees what ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sections.TITLES)
def test_every_page_opens_and_is_marked_as_a_sample(months: Centre, name: str) -> None:
    """For a supervisor, with the table of each plot."""
    page = months.signed_in("Eve Stone").get(f"/reports/{name}?span=28")
    assert page.status_code == 200
    assert "Sample months: invented calls" in page.text
    assert page.text.count('<svg class="plot"') <= page.text.count("<table")
    assert not re.search(r"\sstyle=|<style", page.text)


def test_coordinators_see_figures_and_no_colleague(months: Centre) -> None:
    """Neither what each of the staff did, nor the log, nor a sheet to take out."""
    ana, eve = months.signed_in("Ana Lima"), months.signed_in("Eve Stone")
    for section, words in (("escalations", "What each was asked"), ("outcomes", "The log of denials")):
        assert words in eve.get(f"/reports/{section}?span=28").text
        page = ana.get(f"/reports/{section}?span=28")
        assert page.status_code == 200
        assert words not in page.text
        assert "Ben Ortiz" not in page.text
    assert ana.get("/reports/outcomes/log.csv").status_code == 403


def test_who_looks_at_the_log_is_in_the_audit_trail(months: Centre) -> None:
    """Looking, and taking it out, each with its days."""
    eve = months.signed_in("Eve Stone")
    eve.get("/reports/outcomes?span=28")
    sheet = eve.get("/reports/outcomes/log.csv?span=28")
    assert "42 CFR part 2 prohibits unauthorized use or disclosure of these records." in sheet.text
    assert "Sample: a detox in the next town" in sheet.text
    with months.application.database.read() as tx:
        noted = [one.action for one in audit_trail(tx) if "referral log" in one.action]
    days = "2026-02-03 to 2026-03-02"
    assert noted[-2:] == [f"viewed referral log {days}", f"exported referral log, {days}"]


def test_a_page_that_stands_is_not_counted_again_each_second(months: Centre) -> None:
    """Its script hears that nothing has changed, whatever the board does; locked it shows nothing."""
    eve = months.signed_in("Eve Stone")
    page = eve.get("/reports/volume?span=28")
    address = "/reports/volume/live?span=28"
    ask = {"X-Board": "1", "If-None-Match": page.headers["ETag"]}
    months.asks_for_callback("+16175550150")
    assert eve.get(address, headers=ask).status_code == 304
    months.clock.pass_by(timedelta(minutes=16))
    covered = eve.get(address, headers=ask)
    assert covered.status_code == 200
    assert covered.headers["X-Locked"] == "1"
    assert "Calls by weekday" not in covered.text


# --- what leaves the house -------------------------------------------------------------------------------------


def test_what_is_for_outside_tells_no_small_count_and_no_person(months: Centre) -> None:
    """On the page, and in every sheet; nothing is drawn from what is hidden."""
    eve = months.signed_in("Eve Stone")
    for name in sections.TITLES:
        page = eve.get(f"/reports/{name}?span=7&for=outside")
        assert '<svg class="plot"' not in page.text
        assert "Ben Ortiz" not in page.text
        for address in re.findall(r'href="(/reports/\w+/[\w-]+\.csv\?[^"]+)"', page.text):
            assert "for=outside" in address
            sheet = eve.get(address.replace("&amp;", "&"))
            assert "for-outside" in sheet.headers["Content-Disposition"]
            rows = list(csv.reader(io.StringIO(sheet.text)))
            assert rows[1][0].startswith("For outside.")
    calls = eve.get("/reports/volume/calls.csv?span=7&for=outside").text
    cells = [cell for row in csv.reader(io.StringIO(calls)) for cell in row[1:]][24:]
    assert HIDDEN in cells
    assert not {"1", "2", "3", "4"} & set(cells[26:])


def test_a_row_with_a_hidden_count_hides_what_is_worked_out_of_it() -> None:
    """Shares and times would tell it again."""
    panel = Panel(
        "x",
        "X",
        [
            ReportColumn("Line", CellKind.NAME),
            ReportColumn("Kept"),
            ReportColumn("Late"),
            ReportColumn("Made", CellKind.TOTAL),
            ReportColumn("Share", CellKind.SHARE),
        ],
        [["A", 17, 3, 20, 0.85], ["B", 40, 10, 50, 0.8], ["C", 100, 50, 150, 0.67]],
        plot={"x": 1},
    )
    outside = for_outside(panel)
    assert outside.plot is None
    assert outside.rows[0] == ["A", HIDDEN, HIDDEN, 20, HIDDEN]
    assert outside.rows[1] == ["B", HIDDEN, HIDDEN, 50, HIDDEN]
    assert outside.rows[2] == ["C", 100, 50, 150, 0.67]


# --- which days ------------------------------------------------------------------------------------------------


def test_days_are_whole_by_the_centre_s_clock_over_a_change_of_clocks() -> None:
    """In the week in which clocks go forward, and beside the week before it to the same hour."""
    now = datetime(2026, 3, 9, 18, 0, tzinfo=ZoneInfo("UTC"))
    week = report_period.last_days(7, now, BOSTON)
    assert (week.first, week.last, week.days) == (date(2026, 3, 3), date(2026, 3, 9), 7)
    assert week.period.since.isoformat() == "2026-03-03T05:00:00+00:00"
    assert week.period.until == now
    assert week.before.since.isoformat() == "2026-02-24T05:00:00+00:00"
    assert week.before.until.isoformat() == "2026-03-02T19:00:00+00:00"  # two o'clock there, too


def test_a_month_is_beside_the_whole_month_before_it() -> None:
    """And as far as it has come, beside as much of the last one."""
    now = datetime(2026, 3, 9, 18, 0, tzinfo=ZoneInfo("UTC"))
    february = report_period.month(2026, 2, now, BOSTON)
    assert february.before.since.isoformat() == "2026-01-01T05:00:00+00:00"
    assert february.before.until == february.period.since
    march = report_period.month(2026, 3, now, BOSTON)
    assert march.last == date(2026, 3, 9)
    assert march.before.until.isoformat() == "2026-02-09T19:00:00+00:00"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 3, 5), date(2026, 3, 4), "other way round"),
        (date(2026, 4, 1), date(2026, 4, 2), "not begun"),
        (date(2025, 3, 1), date(2026, 3, 1), "more than 92 days"),
    ],
)
def test_what_can_t_be_told_says_what_to_do(first: date, last: date, words: str) -> None:
    """In words."""
    with pytest.raises(NoSuchPeriod, match=words):
        report_period.from_to(first, last, EPOCH, BOSTON)


@pytest.mark.parametrize(
    "query", ["span=days&first=x&last=y", "span=month&month=2026-13", "span=99", "line=moon"]
)
def test_a_mistyped_address_shows_the_last_week(months: Centre, query: str) -> None:
    """And says what was wrong with it."""
    page = months.signed_in("Eve Stone").get(f"/reports?{query}")
    assert page.status_code == 200
    assert ("That is no day or month" in page.text) == (query != "line=moon")


def test_an_unknown_page_or_table_is_not_found(months: Centre) -> None:
    """Not an error of ours."""
    eve = months.signed_in("Eve Stone")
    for address in ("/reports/nothing", "/reports/nothing/live", "/reports/volume/nothing.csv"):
        assert eve.get(address).status_code == 404


def test_a_centre_without_calls_says_so(centre: Centre) -> None:
    """Instead of empty plots."""
    page = centre.signed_in("Eve Stone").get("/reports/volume")
    assert "Nothing was counted in these days" in page.text
    assert "Sample months" not in page.text


# --- the sample months -----------------------------------------------------------------------------------------


def test_sample_months_are_put_in_once_and_leave_nothing_to_do(centre: Centre) -> None:
    """The board is as empty as before, and nothing is open, due or to be sent."""
    assert "invented contacts" in fill(centre)
    assert "nothing was changed" in fill(centre)
    assert "Sample" not in centre.signed_in("Eve Stone").get("/board").text
    with closing(sqlite3.connect(centre.database_file)) as connection:
        left = {
            table: connection.execute(f"SELECT count(*) FROM {table} WHERE {open_}").fetchone()[0]
            for table, open_ in OPEN
        }
    assert left == dict.fromkeys(left, 0)


def test_sample_cases_have_references_as_others_have(months: Centre) -> None:
    """They can be told apart by them, and are found by what stands on them."""
    with closing(sqlite3.connect(months.database_file)) as connection:
        every = [one for (one,) in connection.execute("SELECT id FROM contacts")]
    ids = [one for one in every if re.fullmatch("[0-9a-f]{20}-sample", one)]
    assert len(ids) > 100
    assert len({one[:4] for one in ids}) > len(ids) * 0.8
    eve = months.signed_in("Eve Stone")
    for one in (ids[0], ids[-1]):
        assert f'href="/threads/{one}"' in search(eve, reference=one[:4].upper()).text


OPEN = (
    ("contacts", "ended_at IS NULL"),
    ("callbacks", "status <> 'closed'"),
    ("escalations", "status <> 'closed'"),
    ("pages", "ended_at IS NULL"),
    ("intakes", "state = 'booked'"),
    ("follow_ups", "state = 'offered'"),
    ("outbox", "1"),
)


# --- what draws ------------------------------------------------------------------------------------------------


def test_a_plot_is_drawn_in_the_house_s_colours_and_with_nothing_foreign() -> None:
    """By the process that draws; what it drew once is not drawn again."""
    plotter = Plotter(longest=120)
    days = ["Mon"]
    spec = plot_specs.heat([{"day": "Mon", "hour": "00", "n": 7}], days)
    try:
        drawn = plotter.draw(spec)
        assert drawn is not None
        assert "var(--heat-6)" in drawn
        assert ">7</text>" in drawn
        assert "http" not in drawn.replace("http://www.w3.org/", "")
        plotter.stop()
        assert plotter.draw(spec) is drawn
    finally:
        plotter.stop()


@pytest.mark.parametrize(
    "program",
    [
        "import time; time.sleep(60)",
        "raise SystemExit",
        "input(); print('nonsense')",
        'input(); print(\'{"wrong": "no such mark"}\')',
        'input(); print(\'{"svg": "<svg><script>1</script></svg>"}\')',
    ],
    ids=["late", "gone", "nonsense", "refused", "foreign"],
)
def test_a_plot_that_can_t_be_drawn_is_none(program: str) -> None:
    """Nobody waits long for it, and nothing of it comes into the page."""
    plotter = Plotter((sys.executable, "-c", program), longest=0.5 if "sleep" in program else 30)
    try:
        assert plotter.draw({"mark": "bar"}) is None
    finally:
        plotter.stop()


def test_what_drew_and_has_ended_by_itself_leaves_nothing_behind(tmp_path: Path) -> None:
    """Also if no plot is asked for any more: the system keeps no trace of its process."""
    told = tmp_path / "pid"
    os.mkfifo(told)
    plotter = Plotter((sys.executable, "-c", f"import os; print(os.getpid(), file=open({str(told)!r}, 'w'))"))
    plotter.start()
    pid, until = int(told.read_text()), monotonic() + 30
    while _is_a_child(pid) and monotonic() < until:
        pass
    assert not _is_a_child(pid)
    plotter.stop()


def _is_a_child(pid: int) -> bool:
    """Of this process, running or dead and waited for by nobody."""
    try:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)
    except ChildProcessError:
        return False
    return True


def test_the_tiles_at_a_glance_have_names_of_their_own(months: Centre) -> None:
    """Whoever reads two of one name takes one figure for the other."""
    reader = Reader(StaffId("x"), Aim(0.95, timedelta(seconds=10), timedelta(minutes=5)), reviews=False)
    told = sections.tell(months.application, "overview", asked(months), reader)
    names = [one.words for one in told.headlines]
    assert len(names) == len(set(names)), names


def test_a_page_without_its_plots_has_its_tables(months: Centre) -> None:
    """Open, and it says why."""
    months.app.extensions[PLOTTER] = Plotter((sys.executable, "-c", ""), longest=30)
    page = months.signed_in("Eve Stone").get("/reports/admission?span=28")
    assert "can&#39;t be drawn now" in page.text or "can't be drawn now" in page.text
    assert page.text.count("<details open>") >= 2


# --- enough people ---------------------------------------------------------------------------------------------


def test_staffing_says_who_is_lacking_against_the_plan(months: Centre) -> None:
    """Two are on all week by the plan of this centre; on busy mornings that is too few to keep a hard promise."""
    reader = Reader(StaffId("x"), Aim(0.95, timedelta(seconds=10), timedelta(minutes=5)), reviews=False)
    told = sections.tell(months.application, "staffing", asked(months), reader)
    (week,) = told.panels
    planned = [row[5] for row in week.rows]
    assert set(planned) == {2}
    assert any(row[6] for row in week.rows)
    assert "Erlang A" in told.note


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (220, 200, "+10 %"),
        (150, 200, "-25 %"),
        (218, 219, "nearly the same"),
        (219, 219, "the same"),
        (3, 0, ""),
    ],
)
def test_a_figure_stands_beside_that_of_the_days_before(now: int, before: int, said: str) -> None:
    """In whole hundredths, and never as "-0 %"."""
    assert change(Headline("Calls", now, before)) == said
