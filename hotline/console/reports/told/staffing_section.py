"""How many people each hour of the week needs, beside how many are on by the plan."""

from __future__ import annotations

from hotline.console import page_words
from hotline.console.reports.drawing import plot_specs
from hotline.console.reports.panels import CellKind, Headline, Panel, ReportColumn, said
from hotline.console.reports.told.section import DAYS, Section
from hotline.operations.reports.enough_people import EnoughPeople, HourNeeded, people_hours


def drawn(found: EnoughPeople) -> Section:
    """The week as a plot, and each hour of it in a table."""
    needs, has = people_hours(found.hours)
    lacking = [one for one in found.hours if one.lacking]
    heads = [
        Headline("Hours of people's time needed in a week", needs, None),
        Headline("On by the plan", has, None),
        Headline("Hours of the week with too few", len(lacking), None),
    ]
    return Section(heads, [_week(found, lacking)], _note(found))


def _week(found: EnoughPeople, lacking: list[HourNeeded]) -> Panel:
    steps = [
        {"at": one.weekday * 24 + one.hour, "planned": one.planned, "needed": one.needed}
        for one in found.hours
    ]
    worst = max(lacking, key=lambda one: (one.lacking, one.calls), default=None)
    shows = (
        "At no hour are there too few."
        if worst is None
        else (
            f"There are too few in {len(lacking)} hours of the week; most are lacking on {DAYS[worst.weekday]} at "
            f"{worst.hour:02}:00: {worst.needed} are needed, and {worst.planned} are on."
        )
    )
    return Panel(
        key="week",
        title="People needed, and on by the plan, by hour of the week",
        columns=[
            ReportColumn("Day", CellKind.NAME),
            ReportColumn("Hour", CellKind.NAME),
            ReportColumn("Calls an hour", CellKind.RATE),
            ReportColumn("Needed", CellKind.RATE),
            ReportColumn("Needed if nobody gave up", CellKind.RATE),
            ReportColumn("On by the plan", CellKind.RATE),
            ReportColumn("Lacking", CellKind.RATE),
            ReportColumn("With a human in time", CellKind.SHARE),
        ],
        rows=[
            [
                DAYS[one.weekday],
                f"{one.hour:02}:00",
                one.calls,
                one.needed,
                one.needed_patient,
                one.planned,
                one.lacking,
                one.kept,
            ]
            for one in found.hours
        ],
        meant="in time: which share of the hour's callers those who are on will have with a human within the wait",
        plot=plot_specs.week([*steps, {**steps[-1], "at": 168}], DAYS) if steps else None,
        shows=shows,
    )


def _note(found: EnoughPeople) -> str:
    lines = ", ".join(page_words.LINES[one].lower() for one in found.lines)
    talk = said(found.talk, CellKind.TIME)
    measured = (
        f"a talk lasts {talk} minutes"
        if found.is_talk_measured
        else (f"too few talks to say how long they last: {talk} minutes are taken")
    )
    patience = (
        f"callers wait {said(found.patience, CellKind.TIME)} minutes before they give up, on average (Erlang A)"
        if found.patience is not None
        else "too few gave up to say how patient callers are, so nobody is taken to (Erlang C)"
    )
    return f"Of callers for {lines}: {measured}; {patience}. Calls of ours to them come on top."
