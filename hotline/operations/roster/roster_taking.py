"""Taking a document: all that it changes, in the order in which names and phones are free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hotline.model import AuditAction, AuditKind
from hotline.operations.roster.roster_plan import RosterPlan, plan
from hotline.settings.centre import LineTable
from hotline.store.database import Tx
from hotline.store.people import audit, schedules, staff
from hotline.store.people.staff import StaffRow


@dataclass(frozen=True, slots=True)
class Summary:
    """What `load` did."""

    staff: int
    schedules: int
    policies: int
    changed: int
    told: tuple[str, ...] = ()
    """Each change, in a few words."""
    off: tuple[StaffRow, ...] = ()
    """Who was put off the staff: what they have open must go to others."""
    needs: int = 0

    def __str__(self) -> str:
        needs = f", {_counted(self.needs, 'need', 'needs')}" if self.needs else ""
        schedules = _counted(self.schedules, "schedule", "schedules")
        took = f"Took {self.staff} staff, {schedules}{needs}, {_counted(self.policies, 'policy', 'policies')}"
        return f"{took}; {self.changed} of them new or changed."


def _counted(many: int, one: str, more: str) -> str:
    return f"{many} {one if many == 1 else more}"


def load(tx: Tx, document: Mapping[str, Any], now: datetime, line: LineTable | None = None) -> Summary:
    """Take what the document says. Raises Problems with everything that is wrong in it."""
    wanted = plan(tx, document, now, line)
    _apply(tx, wanted)
    changed = len([one for one in wanted.members if one[0] != one[1]]) + len(wanted.schedules)
    changed += len(wanted.policies) + len(wanted.needs)
    if changed:
        audit.add(tx, now, None, AuditAction.LOAD, AuditKind.ROSTER, "roster")
    given = wanted.given
    taken = len(given.staff), len(given.schedule), len(given.policy), changed
    return Summary(*taken, wanted.told, wanted.off, len(given.need))


def _apply(tx: Tx, wanted: RosterPlan) -> None:
    moved = [(before, after) for before, after in wanted.members if before is not None]
    # Names and phones are somebody's one at a time: first all that are given up, then all that are taken.
    aside = {
        after.id: staff.save(tx, replace(before, name=f"~{before.id}", phone=staff.no_phone(before.id)))
        for before, after in moved
        if (before.name, before.phone) != (after.name, after.phone)
    }
    for one, after in moved:
        staff.save(tx, replace(after, version=aside.get(after.id, one).version))
    for newcomer in [after for before, after in wanted.members if before is None]:
        staff.add(tx, newcomer)
    for schedule in wanted.schedules:
        schedules.put(tx, schedule)
    for policy in wanted.policies:
        schedules.put_policy(tx, policy)
    for need in wanted.needs:
        schedules.put_need(tx, need)
