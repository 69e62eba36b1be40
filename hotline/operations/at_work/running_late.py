"""Somebody runs late, and says so by a key on the staff line."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hotline.model import AuditAction, AuditKind, StaffId
from hotline.oncall.at_work.shifts import shifts
from hotline.oncall.schedule import who_is_on
from hotline.operations import staff_member
from hotline.operations.at_work.duty_by_phone import said_time
from hotline.operations.paging import duty
from hotline.operations.transaction import Transaction
from hotline.store.overviews.crew import crew
from hotline.store.upkeep import warned
from hotline.triage.turn import Spoken

_SOON: Final = timedelta(hours=12)
"""How near a shift is for which somebody may be late."""


def told(transaction: Transaction, person: StaffId) -> Spoken:
    """Whoever waits to be relieved is told, and supervisors are; pressed again within the hour, it is told already."""
    here, now = crew(transaction.tx), transaction.now
    found = [one for one in shifts(here.schedules, now, now + _SOON) if one.person == person]
    if not found:
        return Spoken("desk_not_late")
    if not warned.add_if_new(transaction.tx, f"late {person} {now:%Y-%m-%d %H}", now):
        return Spoken("desk_late")
    shift = found[0]
    on = {
        one
        for schedule in here.schedules
        if schedule.name in shift.schedules
        for one in who_is_on(schedule, now)
    }
    known = {one.id for one in here.members if one.verified}
    told = [one for one in dict.fromkeys((*sorted(on), *duty.supervisors(transaction))) if one != person]
    words = transaction.text(
        "running_late",
        WHO=staff_member.known(transaction, person).name,
        SCHEDULE=" and ".join(shift.schedules),
        TIME=said_time(transaction, max(shift.starts, now)),
    )
    for one in told:
        if one in known:
            staff_member.text(transaction, one, words)
    transaction.audit(AuditAction.RUNS_LATE, AuditKind.STAFF, person, by=person)
    return Spoken("desk_late")
