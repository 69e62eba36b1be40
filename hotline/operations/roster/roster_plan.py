"""What taking a document would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.oncall.policy import Policy
from hotline.oncall.schedule import Schedule
from hotline.oncall.staffing.needs import Need
from hotline.operations.roster import (
    needs_compared,
    policies_compared,
    roster_document,
    schedules_compared,
    staff_compared,
)
from hotline.operations.roster.roster_comparison import Comparison
from hotline.operations.roster.roster_document import Document, Problems
from hotline.settings.centre import LineTable
from hotline.store.database import Tx
from hotline.store.people.staff import StaffRow


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """What taking a document would do. Nothing is done yet."""

    given: Document
    members: tuple[tuple[StaffRow | None, StaffRow], ...]
    """Who is changed, as they are (None: a newcomer) and as they will be."""
    schedules: tuple[Schedule, ...]
    policies: tuple[Policy, ...]
    told: tuple[str, ...]
    needs: tuple[Need, ...] = ()

    @property
    def changes_something(self) -> bool:
        """Whether anything is otherwise than it is kept."""
        return bool(self.members or self.schedules or self.policies or self.needs)

    @property
    def off(self) -> tuple[StaffRow, ...]:
        """Who is put off the staff."""
        return tuple(after for before, after in self.members if before and before.active and not after.active)


def plan(tx: Tx, document: Mapping[str, Any], now: datetime, line: LineTable | None = None) -> RosterPlan:
    """Compare the document with what is kept, at `now` (aware). Raises Problems.

    `line`: whose own numbers, and countries, staff's phones are held against.
    """
    given, problems = roster_document.read(document)
    comparison = Comparison(tx, given, line, problems)
    members = staff_compared.changed_members(comparison)
    wanted = schedules_compared.changed_schedules(comparison)
    policies = policies_compared.changed_policies(comparison)
    needs = needs_compared.changed_needs(comparison, policies)
    if problems:
        raise Problems(problems)
    policies_compared.refuse_unreached_emergencies(comparison, wanted, policies, now)
    if problems:
        raise Problems(problems)
    return RosterPlan(given, members, wanted, policies, tuple(comparison.told), needs)
