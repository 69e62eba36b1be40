"""The pages of the reports: their names, and what each of them counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from hotline.console.language.speech import Words
from hotline.console.reports.told import (
    escalation_section,
    log_section,
    outcome_section,
    overview_section,
    reaching_section,
    staffing_section,
    volume_section,
)
from hotline.console.reports.told.section import Section
from hotline.model import StaffId
from hotline.operations.reports import (
    busy_hours,
    enough_people,
    escalation_times,
    reaching_people,
    what_came_of_it,
)
from hotline.operations.reports.enough_people import Aim
from hotline.operations.reports.report_period import ReportDays
from hotline.operations.transaction import Application, Transaction
from hotline.store.reports import samples


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads it, and what for."""

    staff: StaffId
    aim: Aim
    reviews: bool
    """They may see rows about persons."""
    taken_out: bool = False
    """As a sheet."""


Tell = Callable[[Transaction, ReportDays, Reader], Section]


def _overview(transaction: Transaction, asked: ReportDays, _: Reader) -> Section:
    return overview_section.drawn(
        busy_hours.look(transaction, asked),
        reaching_people.whole(transaction, asked),
        what_came_of_it.way(transaction, asked),
        what_came_of_it.look(transaction, asked),
    )


def _volume(transaction: Transaction, asked: ReportDays, _: Reader) -> Section:
    return volume_section.drawn(busy_hours.look(transaction, asked))


def _reaching(transaction: Transaction, asked: ReportDays, _: Reader) -> Section:
    return reaching_section.drawn(reaching_people.look(transaction, asked))


def _way(transaction: Transaction, asked: ReportDays, _: Reader) -> Section:
    return outcome_section.way(what_came_of_it.way(transaction, asked))


def _outcomes(transaction: Transaction, asked: ReportDays, _: Reader) -> Section:
    return outcome_section.what_came(what_came_of_it.look(transaction, asked))


def _escalations(transaction: Transaction, asked: ReportDays, reader: Reader) -> Section:
    return escalation_section.drawn(escalation_times.look(transaction, asked, people=reader.reviews))


def _staffing(transaction: Transaction, asked: ReportDays, reader: Reader) -> Section:
    return staffing_section.drawn(enough_people.look(transaction, asked, reader.aim))


STAFFING, OUTCOMES = "staffing", "outcomes"
TITLES: Final[Mapping[str, str]] = Words(
    {
        "overview": "At a glance",
        "volume": "When they call",
        "reaching": "To a human",
        "admission": "To an intake",
        OUTCOMES: "What came of it",
        "escalations": "Who took it",
        STAFFING: "Enough people",
    }
)
_TELL: Final[Mapping[str, Tell]] = {
    "overview": _overview,
    "volume": _volume,
    "reaching": _reaching,
    "admission": _way,
    OUTCOMES: _outcomes,
    "escalations": _escalations,
    STAFFING: _staffing,
}


def tell(application: Application, name: str, asked: ReportDays, reader: Reader) -> Section:
    """What this page tells; with the log of referrals, which is noted in the audit trail, for whoever may see it.

    Raises StoreError.
    """
    found = application.look(lambda transaction: _TELL[name](transaction, asked, reader))
    if name != OUTCOMES or not reader.reviews:
        return found
    log = application.change(
        lambda transaction: what_came_of_it.log(transaction, asked, reader.staff, taken_out=reader.taken_out)
    )
    return replace(found, panels=[*found.panels, log_section.panel(log, asked.zone)])


def usual_aim(application: Application) -> timedelta:
    """For how long staff are rung while a caller holds, as the centre has set it."""
    return application.settings.centre.waits.live_answer


def is_sample(application: Application, asked: ReportDays) -> bool:
    """Whether something of what is told is of the demo's sample months."""
    return application.look(lambda transaction: samples.any_in(transaction.tx, asked.period))
