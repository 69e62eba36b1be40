"""Whether the centre's people, as they are planned, are reached by a policy at every hour of the next two weeks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from hotline.model import Language, StaffId, Subject
from hotline.oncall.beforehand import reach_ahead
from hotline.oncall.beforehand.reach_ahead import ReachGap
from hotline.oncall.escalation import People
from hotline.oncall.policy import Policy
from hotline.oncall.schedule import Schedule
from hotline.operations.paging import duty
from hotline.operations.shifts.holes_ahead import AHEAD
from hotline.operations.transaction import Transaction
from hotline.store.overviews.crew import crew
from hotline.store.people.staff import StaffRow


@dataclass(frozen=True, slots=True)
class Plans:
    """Who works here, and when."""

    schedules: Sequence[Schedule]
    able: Mapping[StaffId, StaffRow]
    """Whoever can be rung."""
    place: ZoneInfo
    """By whose clock the hours of rungs are meant."""
    languages: Iterable[Language]
    """What callers may speak."""


def plans(transaction: Transaction, subject: Subject) -> Plans:
    """Of the centre, as they are now, with what people have changed for a while."""
    return Plans(
        crew(transaction.tx).schedules,
        duty.able(transaction, subject),
        duty.clock_of(transaction),
        transaction.settings.centre.line.languages,
    )


def first_unreached(policy: Policy, planned: Plans, now: datetime) -> ReachGap | None:
    """The first moment of the next two weeks from `now` (aware) at which this policy reaches nobody; None: there is
    none."""

    def people(at: datetime) -> People:
        return duty.people_at(policy, planned.schedules, planned.able, at, planned.place, None)

    moments = reach_ahead.edges(policy, planned.schedules, planned.place, now, now + AHEAD)
    return reach_ahead.first_unreached(policy, people, planned.place, moments, planned.languages)
