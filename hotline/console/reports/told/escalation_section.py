"""How soon staff take what waits for them, how far a policy has to go, and what each was asked and did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from hotline.console.language.speech import Words, gettext
from hotline.console.reports.drawing import plot_specs
from hotline.console.reports.panels import CellKind, Headline, Panel, ReportColumn, Value
from hotline.console.reports.told.section import Section, minutes
from hotline.model import Subject
from hotline.operations.reports.escalation_times import EscalationTimes
from hotline.store.reports.crew_measures import TakenTimes
from hotline.store.reports.escalation_counts import RungCount

_SUBJECTS: Final = Words(
    {
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
)


def drawn(found: EscalationTimes) -> Section:
    """By what waited; by rung; by person, if that was asked for."""
    heads = [
        Headline(
            gettext("%(what)s: half taken within", what=_SUBJECTS[subject]), *times, CellKind.TIME, better=-1
        )
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
    kinds = (gettext("half of them within"), gettext("90 % of them within"))
    for one in found.taken:
        times = one.taken
        waits = (None, None) if times is None else (times.p50, times.p90)
        name = _SUBJECTS[one.subject]
        rows.append([name, times.times if times else 0, one.over_untaken, one.waiting, one.opened, *waits])
        points += [
            {"name": name, "kind": kind, "minutes": minutes(wait)}
            for kind, wait in zip(kinds, waits, strict=True)
            if wait is not None
        ]
    names = [_SUBJECTS[one.subject] for one in found.taken if one.taken]
    yield Panel(
        key="taken",
        title=gettext("What waited for staff, and the minutes until somebody took it"),
        columns=[
            ReportColumn(gettext("What"), CellKind.NAME),
            ReportColumn(gettext("Taken")),
            ReportColumn(gettext("Over untaken")),
            ReportColumn(gettext("Still waits")),
            ReportColumn(gettext("Opened"), CellKind.TOTAL),
            ReportColumn(gettext("Half within"), CellKind.TIME),
            ReportColumn(gettext("90 % within"), CellKind.TIME),
        ],
        rows=rows,
        meant=gettext("over untaken: answered otherwise, withdrawn, or phones rang for it anew later"),
        plot=plot_specs.times_across(points, names, kinds) if points else None,
        shows=gettext("Within how many minutes half of them were taken, and nine of ten."),
    )


def _rungs(found: EscalationTimes) -> Iterator[Panel]:
    counted: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for one in found.rungs:
        both = counted[_SUBJECTS[one.subject], _rung(one)]
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
        title=gettext("How far a policy had to go"),
        columns=[
            ReportColumn(gettext("What"), CellKind.NAME),
            ReportColumn(gettext("Rung"), CellKind.NAME),
            ReportColumn(gettext("Taken")),
            ReportColumn(gettext("Not taken")),
            ReportColumn(gettext("All"), CellKind.TOTAL),
        ],
        rows=[[name, rung, *both, sum(both)] for (name, rung), both in counted.items()],
        meant=gettext(
            "the rung at which it was taken last, or at which it stands; before the first rung: opened again by "
            "whoever has it, or one person was asked before all others; again: the last rung was repeated, or phones "
            "rang anew because whoever had it had left it"
        ),
        plot=plot_specs.stacked_across(bars, names, kinds[:7], gettext("Escalations"))
        if len(kinds) <= 7
        else None,
        shows=gettext("How many were taken at the first rung, and how many needed more."),
    )


def _rung(found: RungCount) -> str:
    if found.rung == 0:
        return gettext("before the first rung")
    if found.again:
        return gettext("rung %(number)s, again", number=found.rung)
    return gettext("rung %(number)s", number=found.rung)


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
        title=gettext("What each was asked, and did"),
        columns=[
            ReportColumn(gettext("Name"), CellKind.NAME),
            ReportColumn(gettext("Rung")),
            ReportColumn(gettext("Picked up")),
            ReportColumn(gettext("Half within"), CellKind.TIME),
            ReportColumn(gettext("Texted")),
            ReportColumn(gettext("Took")),
            ReportColumn(gettext("Half taken within"), CellKind.TIME),
            ReportColumn(gettext("90 % within"), CellKind.TIME),
            ReportColumn(gettext("Outcomes")),
            ReportColumn(gettext("Texts written")),
        ],
        rows=rows,
        meant=gettext(
            "picked up: from the first ring; taken: from when it was opened, for whoever had it last. Only "
            "supervisors see this; who is on at night picks up later"
        ),
        of_persons=True,
    )
