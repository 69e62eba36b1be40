"""Who may be on duty, by what schedules, and how they are reached: read with one statement, and once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Column, literal, null, select, union_all

from hotline.model import PhoneNumber, StaffId, Subject
from hotline.oncall.policy import Policy, from_json
from hotline.oncall.schedule import Schedule
from hotline.store.database import Tx, rows
from hotline.store.database.tables import policies, schedules, staff
from hotline.store.people import staff as staff_rows
from hotline.store.people.staff import StaffRow

_STAFF, _SCHEDULE, _POLICY = "staff", "schedule", "policy"


@dataclass(frozen=True, slots=True)
class Crew:
    """Everybody who is on the staff now, by name, and what was set about their duty."""

    members: tuple[StaffRow, ...]
    schedules: tuple[Schedule, ...]
    """By name."""
    policies: Mapping[Subject, Policy]
    """Those that were set; the default holds for the others."""

    def by_phone(self, number: PhoneNumber) -> StaffRow | None:
        """Whose phone this is, or None."""
        return next((one for one in self.members if one.phone == number), None)


def _padded(*columns: Column[Any]) -> list[Any]:
    return [*columns, *(null() for _ in range(len(staff.c) - len(columns)))]


_CREW = union_all(
    select(literal(_STAFF).label("kind"), *staff.c).where(staff.c.active.is_(True)),
    select(literal(_SCHEDULE), *_padded(schedules.c.name, schedules.c.timezone, schedules.c.always)),
    select(literal(_POLICY), *_padded(policies.c.subject, policies.c.policy)),
)


def crew(tx: Tx) -> Crew:
    """The crew, as this transaction sees it."""
    return rows.once(tx, (staff, schedules, policies), "crew", lambda: _read(tx))


def member(tx: Tx, staff_id: StaffId) -> StaffRow | None:
    """Who has this id and is on the staff, or left it; None for nobody."""
    return next((one for one in crew(tx).members if one.id == staff_id), None) or staff_rows.get(tx, staff_id)


def _read(tx: Tx) -> Crew:
    members: list[StaffRow] = []
    found_schedules: list[Schedule] = []
    found_policies: dict[Subject, Policy] = {}
    for kind, *values in map(tuple, tx.execute(_CREW)):
        match kind:
            case "staff":
                found = SimpleNamespace(**dict(zip(staff.c.keys(), values, strict=True)))
                members.append(staff_rows.of_row(tx, cast("rows.Found", found)))
            case "schedule":
                found_schedules.append(_schedule(*values[:3]))
            case _:
                found_policies[Subject(values[0])] = _policy(values[1])
    return Crew(
        tuple(staff_rows.by_their_names(members)),
        tuple(sorted(found_schedules, key=lambda one: one.name)),
        found_policies,
    )


@lru_cache(maxsize=64)
def _schedule(name: str, timezone: str, always: str) -> Schedule:
    return Schedule(name=name, timezone=timezone, always=tuple(json.loads(always)))


@lru_cache(maxsize=64)
def _policy(written: str) -> Policy:
    return from_json(json.loads(written))
