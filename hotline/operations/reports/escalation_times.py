"""How soon staff take what waits for them, how far a policy had to go, and what each of them was asked and did."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.model import StaffId
from hotline.operations.reports.report_period import ReportDays
from hotline.operations.transaction import Transaction
from hotline.store.overviews import crew
from hotline.store.reports import crew_measures, escalation_counts
from hotline.store.reports.crew_measures import TakenTimes, Work
from hotline.store.reports.escalation_counts import RungCount
from hotline.store.reports.waits import Percentiles


@dataclass(frozen=True, slots=True)
class PersonsWork:
    """What one of the staff was asked, did, and how soon."""

    name: str
    work: Work
    picked_up: Percentiles | None
    """From the first ring on; None: they picked up no call."""
    accepted: Percentiles | None
    """From when something was opened until it was theirs."""


@dataclass(frozen=True, slots=True)
class EscalationTimes:
    """What is told of escalations."""

    taken: list[TakenTimes]
    before: list[TakenTimes]
    rungs: list[RungCount]
    people: list[PersonsWork]
    """By name; nobody, if it wasn't asked for."""


def look(transaction: Transaction, asked: ReportDays, *, people: bool) -> EscalationTimes:
    """Of the period; of each person only for whoever may see that."""
    tx = transaction.tx
    return EscalationTimes(
        crew_measures.taken(tx, asked.period, asked.line),
        crew_measures.taken(tx, asked.before, asked.line),
        escalation_counts.rungs(tx, asked.period, asked.line),
        _people(transaction, asked) if people else [],
    )


def _people(transaction: Transaction, asked: ReportDays) -> list[PersonsWork]:
    tx, names = transaction.tx, crew.names(transaction.tx)
    picked = {one.by: one for one in escalation_counts.picked_up(tx, asked.period)}
    accepted = {one.by: one for one in escalation_counts.accepted(tx, asked.period)}
    work = {one.staff: one for one in crew_measures.by_person(tx, asked.period)}
    everybody = {*work, *(StaffId(one) for one in (*picked, *accepted) if one)}
    found = [
        PersonsWork(
            names.get(person, "?"),
            work.get(person, Work(person, 0, 0, 0, 0, 0, 0)),
            picked.get(person),
            accepted.get(person),
        )
        for person in everybody
    ]
    return sorted(found, key=lambda one: (one.name, one.work.staff))
