"""The reports in the console: a page for each section, its tables as sheets, and what of it may leave the house."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast
from zoneinfo import ZoneInfo

from flask import abort, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from hotline.console import page_words
from hotline.console.frame import polling, signed_in
from hotline.console.frame.asking import current_application, sign_in_first
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right, may
from hotline.console.frame.signed_in import Person
from hotline.console.language import speech
from hotline.console.language.speech import gettext
from hotline.console.reports import panels, report_asked
from hotline.console.reports.drawing import plot_figure
from hotline.console.reports.drawing.plotter import PLOTTER, Plotter
from hotline.console.reports.panel_sheet import sheet
from hotline.console.reports.panels import Panel
from hotline.console.reports.report_asked import ReportWish
from hotline.console.reports.told import sections
from hotline.console.reports.told.section import Section
from hotline.console.reports.told.sections import Reader
from hotline.model import Line

_OVERVIEW: Final = "overview"


@only(Right.SEE_REPORTS)
def show_reports(person: Person) -> ResponseReturnValue:
    """The figures by which the line is judged."""
    return _page(person, _OVERVIEW, "reports/report.html")


@only(Right.SEE_REPORTS)
def show_section(person: Person, name: str) -> ResponseReturnValue:
    """One page of the reports."""
    return _page(person, name, "reports/report.html")


@only(Right.SEE_REPORTS)
def live_report(person: Person, name: str) -> ResponseReturnValue:
    """Its living part: a report stays as it was counted until it is asked for again, but it is locked like every page;
    401 when the session is over."""
    return polling.unchanged(polling.standing) or _page(person, name, "reports/report_live.html")


@only(Right.REVIEW_WORK)
def show_sheet(person: Person, name: str, panel: str) -> ResponseReturnValue:
    """One table as a sheet (CSV)."""
    wish, reader = _wish(), _reader(person, taken_out=True)
    with speech.in_english():
        section = _told(name, wish, reader)
        found = next((one for one in _tables(section, name) if one.key == panel), None)
        if found is None:
            abort(404)
        response = make_response(sheet(found, about(wish), outside=wish.outside))
    marked = "-for-outside" if wish.outside else ""
    days = f"{wish.asked.first}-{wish.asked.last}"
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = (
        f'attachment; filename="hotline-{name}-{panel}-{days}{marked}.csv"'
    )
    return response


def about(wish: ReportWish) -> str:
    """Which days, and which line, in words."""
    asked = wish.asked
    days = (
        f"{asked.first}"
        if asked.first == asked.last
        else gettext("%(first)s to %(last)s", first=asked.first, last=asked.last)
    )
    line = page_words.LINES[asked.line].lower() if asked.line else gettext("all lines")
    return f"{days}, {asked.zone.key}; {line}"


def _page(person: Person, name: str, template: str) -> ResponseReturnValue:
    held = signed_in.ticket()
    if held is None:
        return sign_in_first()
    wish, reader = _wish(), _reader(person)
    plotter = cast(Plotter, current_app.extensions[PLOTTER])
    if name not in sections.TITLES:
        abort(404)
    if name != _OVERVIEW and not wish.outside:
        plotter.start()
    section = _told(name, wish, reader)
    tables = _tables(section, name)
    application, tag = current_application(), polling.standing(held)
    drawn = render_template(
        template,
        person=person,
        now=application.clock(),
        etag=tag,
        extras=_extras(),
        name=name,
        title=sections.TITLES[name],
        titles=sections.TITLES,
        wish=wish,
        about=about(wish),
        spans=report_asked.SPANS,
        lines=list(Line),
        section=section,
        figures=[(one, plot_figure.figure(one, plotter)) for one in tables],
        said=panels.said,
        change=panels.change,
        mood=panels.mood,
        kinds=panels.CellKind,
        aim=reader.aim if name == sections.STAFFING else None,
        sample=sections.is_sample(application, wish.asked),
    )
    return polling.answer(drawn, tag)


def _extras() -> dict[str, str]:
    """What else was chosen, for the same page again."""
    return {
        name: request.args[name] for name in ("for", "share", "within", "writing") if name in request.args
    }


def _wish() -> ReportWish:
    application = current_application()
    zone = ZoneInfo(application.settings.centre.line.timezone)
    return report_asked.read(request.args, application.clock(), zone)


def _reader(person: Person, *, taken_out: bool = False) -> Reader:
    aim = report_asked.aim(request.args, sections.usual_aim(current_application()))
    return Reader(person.id, aim, may(person.roles, Right.REVIEW_WORK), taken_out)


def _told(name: str, wish: ReportWish, reader: Reader) -> Section:
    """What the page tells; for outside, without rows about persons and without what points at a few. 404 for another
    name."""
    if name not in sections.TITLES:
        abort(404)
    if not wish.outside:
        return sections.tell(current_application(), name, wish.asked, reader)
    found = sections.tell(current_application(), name, wish.asked, replace(reader, reviews=False))
    return Section(
        [panels.headline_outside(one) for one in found.headlines],
        [panels.for_outside(one) for one in found.panels if not one.of_persons],
        found.note,
    )


def _tables(section: Section, name: str) -> Sequence[Panel]:
    return [panels.as_table(section.headlines)] if name == _OVERVIEW else section.panels
