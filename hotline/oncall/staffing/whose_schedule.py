"""Whom a schedule is for: who may be asked to be on, or take over there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hotline.model import Role, StaffId
from hotline.oncall.schedule import Schedule

_ROLES: Final = {
    "coordinators": Role.COORDINATOR,
    "clinicians": Role.CLINICIAN,
    "supervisors": Role.SUPERVISOR,
}
"""Whose the usual schedules are."""


def is_for(schedule: Schedule, roles: Mapping[StaffId, frozenset[Role]], person: StaffId) -> bool:
    """Whether this schedule is for people like them: the usual ones by their role, others by a role that everybody on
    them has. `roles`: of everybody on the staff."""
    theirs, role = roles.get(person, frozenset()), _ROLES.get(schedule.name)
    if role is not None:
        return role in theirs
    planned = [roles[one] for one in schedule.named if one in roles]
    return not planned or bool(frozenset.intersection(*planned) & theirs)
