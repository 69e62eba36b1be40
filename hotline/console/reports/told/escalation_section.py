"""How soon staff take what waits for them, how far a policy has to go, and what each was asked and did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from hotline.console.reports.drawing import plot_specs
from hotline.console.reports.panels import CellKind, Headline, Panel, ReportColumn, Value
from hotline.console.reports.told.section import Section, minutes
from hotline.model import Subject
from hotline.operations.reports.escalation_times import EscalationTimes
from hotline.store.reports.crew_measures import TakenTimes

_SUBJECTS: Final = {
    Subject.EMERGENCY: "Emergency",
    Subject.ADMISSIONS: "Caller for admissions",
    Subject.FAMILY: "Caller for family support",
    Subject.PERSON: "Caller for a person",
    Subject.CALLBACK: "Callback",
    Subject.THREAD: "Text",
    Subject.CLINICIAN: "Clinician asked into a talk",
    Subject.HELP: "Help in an emergency",
    Subject.SUPERVISOR: "Supervisor",
    Subject.SECOND: "Second person to know",
    Subject.TEST: "Test",
}
_KINDS: Final = ("half of them within", "90 % of them within")


def drawn(found: EscalationTimes) -> Section:
    """By what waited; by rung; by person, if that was asked for."""
    heads = [
        Headline(f"{_SUBJECTS[subject]}: half taken within", *times, CellKind.TIME, better=-1)
        for subject in (Subject.EMERGENCY, Subject.ADMISSIONS, Subject.CALLBACK)
        if any(times := (_median(found.taken, subject), _median(found.before, subject)))
    ]
    return Section(heads, [*_taken(found), *_rungs(found), *_people(found)])


def _median(found: list[TakenTimes], subject: Subject) -> Value:
    return next((one.taken.p50 for one in found if one.subject is subject and one.taken), None)


def _taken(found: EscalationTimes) -> Iterator[Panel]:
    if not found.taken:
        return
    rows: list[list[Value]] = []
    points = []
    for one in found.taken:
        times = one.taken
        waits = (None, None) if times is None else (times.p50, times.p90)
        name = _SUBJECTS[one.subject]
        rows.append([name, times.times if times else 0, one.over_untaken, one.waiting, one.opened, *waits])
        points += [
            {"name": name, "kind": kind, "minutes": minutes(wait)}
            for kind, wait in zip(_KINDS, waits, strict=True)
            if wait is not None
        ]
    names = [_SUBJECTS[one.subject] for one in found.taken if one.taken]
    yield Panel(
        key="taken",
        title="What waited for staff, and the minutes until somebody took it",
        columns=[
            ReportColumn("What", CellKind.NAME),
            ReportColumn("Taken"),
            ReportColumn("Over untaken"),
            ReportColumn("Still waits"),
            ReportColumn("Opened", CellKind.TOTAL),
            ReportColumn("Half within", CellKind.TIME),
            ReportColumn("90 % within", CellKind.TIME),
        ],
        rows=rows,
        meant="over untaken: answered otherwise, withdrawn, or phones rang for it anew later",
        plot=plot_specs.times_across(points, names, _KINDS) if points else None,
        shows="Within how many minutes half of them were taken, and nine of ten.",
    )


def _rungs(found: EscalationTimes) -> Iterator[Panel]:
    counted: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for one in found.rungs:
        rung = f"rung {one.rung}" + (", again" if one.again else "")
        both = counted[_SUBJECTS[one.subject], rung]
        both[0] += one.taken
        both[1] += one.untaken
    if not counted:
        return
    kinds = sorted({rung for _, rung in counted})
    names = list(dict.fromkeys(name for name, _ in counted))
    bars = plot_specs.ordered(
        ({"name": name, "kind": rung, "n": sum(both)} for (name, rung), both in counted.items()), kinds
    )
    yield Panel(
        key="rungs",
        title="How far a policy had to go",
        columns=[
            ReportColumn("What", CellKind.NAME),
            ReportColumn("Rung", CellKind.NAME),
            ReportColumn("Taken"),
            ReportColumn("Not taken"),
            ReportColumn("All", CellKind.TOTAL),
        ],
        rows=[[name, rung, *both, sum(both)] for (name, rung), both in counted.items()],
        meant="the rung at which it was taken, or at which it stands; again: the last rung was repeated",
        plot=plot_specs.stacked_across(bars, names, kinds[:7], "Escalations") if len(kinds) <= 7 else None,
        shows="How many were taken at the first rung, and how many needed more.",
    )


def _people(found: EscalationTimes) -> Iterator[Panel]:
    if not found.people:
        return
    rows: list[list[Value]] = []
    for one in found.people:
        work, picked, accepted = one.work, one.picked_up, one.accepted
        rows.append(
            [
                one.name,
                work.rung,
                work.picked_up,
                picked.p50 if picked else None,
                work.texted,
                work.took,
                accepted.p50 if accepted else None,
                accepted.p90 if accepted else None,
                work.outcomes,
                work.texts,
            ]
        )
    yield Panel(
        key="people",
        title="What each was asked, and did",
        columns=[
            ReportColumn("Name", CellKind.NAME),
            ReportColumn("Rung"),
            ReportColumn("Picked up"),
            ReportColumn("Half within", CellKind.TIME),
            ReportColumn("Texted"),
            ReportColumn("Took"),
            ReportColumn("Half taken within", CellKind.TIME),
            ReportColumn("90 % within", CellKind.TIME),
            ReportColumn("Outcomes"),
            ReportColumn("Texts written"),
        ],
        rows=rows,
        meant="picked up: from the first ring; taken: from when it was opened, for whoever had it last. Only "
        "supervisors see this; who is on at night picks up later",
        of_persons=True,
    )
