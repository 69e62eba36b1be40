"""The report for spreadsheets: one figure a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Final

from hotline.operations.reports.figures import Figures, hours, judged
from hotline.store.reports.waits import Percentiles, Waits
from hotline.store.traffic.readings import Did

_SHEET: Final = (
    "measure", "line", "channel", "language", "prompt", "outcome", "subject", "person", "hour",
    "figure", "value", "unit",
)  # fmt: skip


Row = Mapping[str, object]


def sheet(figures: Figures) -> str:
    """The same figures as CSV, one a row; columns that don't apply are empty."""
    page = io.StringIO()
    rows = csv.DictWriter(page, _SHEET, restval="")
    rows.writeheader()
    rows.writerows(_figures(figures))
    return page.getvalue()


def _figures(figures: Figures) -> Iterator[Row]:
    yield from _of_calls(figures)
    yield from _of_waits(figures)
    yield from _of_promises(figures)
    yield from _of_what_follows(figures)
    yield from _of_staff(figures)
    yield from _of_texts(figures)
    for (hour, outcome), n in sorted(hours(figures).items(), key=lambda item: (item[0][0], item[0][1] or "")):
        yield {"measure": "by_hour", "outcome": outcome, "hour": hour, **_calls("calls", n)}


def _of_calls(figures: Figures) -> Iterator[Row]:
    for one in figures.ended:
        row = {"measure": "ended", "line": one.line, "language": one.language, "outcome": one.outcome}
        yield {**row, **_calls("calls", one.calls)}
    for lost in figures.lost:
        row = {"measure": "lost", "line": lost.line, "language": lost.language, "prompt": lost.prompt}
        yield {**row, **_calls("calls", lost.calls)}
    for disposition in figures.dispositions:
        row = {"measure": "became", "line": disposition.line, "channel": disposition.channel}
        yield {**row, **_calls(disposition.disposition, disposition.contacts)}


def _of_waits(figures: Figures) -> Iterator[Row]:
    for how, found in (
        ("time_live", figures.live),
        ("time_rung_back", figures.rung_back),
        ("time_called", figures.called),
        ("time_given_up", figures.given_up),
    ):
        for one in found:
            row = {"measure": how, "line": one.line}
            yield {**row, **_calls("people", one.people)}
            yield from _times(row, one)


def _of_promises(figures: Figures) -> Iterator[Row]:
    for owed in figures.promises:
        row = {"measure": "promises", "line": owed.line, "channel": owed.channel}
        yield {**row, **_calls(owed.became, owed.promises)}
    for late in figures.faults:
        yield {"measure": "late", "line": late.line, **_calls(late.fault, late.promises)}
    for said in figures.by_word:
        yield {"measure": "kept_by_word", "line": said.line, **_calls("promises", said.promises)}


def _of_what_follows(figures: Figures) -> Iterator[Row]:
    within = {True: "within_48_hours", False: "later", None: "time_not_said"}
    for intake in figures.intakes:
        row = {"measure": "intakes", "subject": within[intake.soon]}
        yield {**row, **_calls(intake.became, intake.intakes)}
    for refused in figures.not_admitted:
        yield {"measure": "not_admitted", "subject": refused.reason, **_calls("people", refused.people)}
    for after in figures.follow_ups:
        yield {"measure": "follow_ups", **_calls(after.became, after.people)}


def _of_staff(figures: Figures) -> Iterator[Row]:
    for waited in figures.taken:
        row = {"measure": "taken", "subject": waited.subject}
        yield {**row, **_calls("opened", waited.opened)}
        yield {**row, **_calls("taken", waited.taken.times if waited.taken else 0)}
        yield {**row, **_calls("over_untaken", waited.over_untaken)}
        yield {**row, **_calls("waiting", waited.waiting)}
        yield from _times(row, waited.taken) if waited.taken else ()
    for name, work in figures.work:
        for figure in ("rung", "picked_up", "texted", "took", "outcomes", "texts"):
            yield {"measure": "work", "person": name, **_calls(figure, getattr(work, figure))}
    if any(figures.stops):
        for name, n in zip(("no_more_texts", "texts_again"), figures.stops, strict=True):
            yield {"measure": "texts", **_calls(name, n)}


def _of_texts(figures: Figures) -> Iterator[Row]:
    for one in judged(figures):
        row = {"measure": "read", "language": one.language}
        for did in Did:
            yield {**row, **_calls(did, one.did[did])}
        for name in ("found", "needless", "unjudged", "missed"):
            yield {**row, "measure": "judged", **_calls(name, getattr(one, name))}


def _times(row: Row, one: Waits | Percentiles) -> Iterator[Row]:
    for name, wait in (("p50", one.p50), ("p90", one.p90), ("p99", one.p99)):
        yield {**row, "figure": name, "value": f"{wait.total_seconds():.3f}", "unit": "seconds"}


def _calls(name: str, n: int) -> Row:
    return {"figure": name, "value": n, "unit": "count"}
