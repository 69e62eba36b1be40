"""How many people each hour of the week needs, beside how many are on by the plan."""

from __future__ import annotations

from hotline.console import page_words
from hotline.console.language.speech import gettext
from hotline.console.reports.drawing import plot_specs
from hotline.console.reports.panels import CellKind, Headline, Panel, ReportColumn, said
from hotline.console.reports.told.section import Section, days
from hotline.operations.reports.enough_people import EnoughPeople, HourNeeded, people_hours


def drawn(found: EnoughPeople) -> Section:
    """The week as a plot, and each hour of it in a table."""
    needs, has = people_hours(found.hours)
    lacking = [one for one in found.hours if one.lacking]
    heads = [
        Headline(gettext("Hours of people's time needed in a week"), needs, None),
        Headline(gettext("On by the plan"), has, None),
        Headline(gettext("Hours of the week with too few"), len(lacking), None),
    ]
    return Section(heads, [_week(found, lacking)], _note(found))


def _week(found: EnoughPeople, lacking: list[HourNeeded]) -> Panel:
    week = days()
    steps = [
        {"at": one.weekday * 24 + one.hour, "planned": one.planned, "needed": one.needed}
        for one in found.hours
    ]
    worst = max(lacking, key=lambda one: (one.lacking, one.calls), default=None)
    shows = (
        gettext("At no hour are there too few.")
        if worst is None
        else gettext(
            "There are too few in %(number)s hours of the week; most are lacking on %(day)s at "
            "%(hour)s: %(needed)s are "
            "needed, and %(planned)s are on.",
            number=len(lacking),
            day=week[worst.weekday],
            hour=f"{worst.hour:02}:00",
            needed=worst.needed,
            planned=worst.planned,
        )
    )
    return Panel(
        key="week",
        title=gettext("People needed, and on by the plan, by hour of the week"),
        columns=[
            ReportColumn(gettext("Day"), CellKind.NAME),
            ReportColumn(gettext("Hour"), CellKind.NAME),
            ReportColumn(gettext("Calls an hour"), CellKind.RATE),
            ReportColumn(gettext("Needed"), CellKind.RATE),
            ReportColumn(gettext("Needed if nobody gave up"), CellKind.RATE),
            ReportColumn(gettext("On by the plan"), CellKind.RATE),
            ReportColumn(gettext("Lacking"), CellKind.RATE),
            ReportColumn(gettext("With a human in time"), CellKind.SHARE),
        ],
        rows=[
            [
                week[one.weekday],
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
        meant=gettext(
            "in time: which share of the hour's callers those who are on will have with a human within the wait"
        ),
        plot=plot_specs.week([*steps, {**steps[-1], "at": 168}], week) if steps else None,
        shows=shows,
    )


def _note(found: EnoughPeople) -> str:
    lines = ", ".join(page_words.LINES[one].lower() for one in found.lines)
    talk = said(found.talk, CellKind.TIME)
    measured = (
        gettext("a talk lasts %(talk)s minutes", talk=talk)
        if found.is_talk_measured
        else gettext("too few talks to say how long they last: %(talk)s minutes are taken", talk=talk)
    )
    patience = (
        gettext(
            "callers wait %(wait)s minutes before they give up, on average (Erlang A)",
            wait=said(found.patience, CellKind.TIME),
        )
        if found.patience is not None
        else gettext("too few gave up to say how patient callers are, so nobody is taken to (Erlang C)")
    )
    return gettext(
        "Of callers for %(lines)s: %(measured)s; %(patience)s. Calls of ours to them come on top.",
        lines=lines,
        measured=measured,
        patience=patience,
    )
