"""Who may be on duty, by what schedules, and how they are reached: read with one statement, and once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import ColumnElement, CompoundSelect, Text, literal, null, select, union_all
from sqlalchemy import cast as cast_to

from hotline.model import PhoneNumber, StaffId, Subject, as_kept
from hotline.oncall import written_schedule
from hotline.oncall.policy import Policy
from hotline.oncall.policy import as_kept as policy_as_kept
from hotline.oncall.schedule import Change, ChangeKind, Schedule, who_is_on
from hotline.store.database import Tx, rows
from hotline.store.database.tables import policies, schedules, shift_changes, staff
from hotline.store.database.utc_micros import at_microsecond
from hotline.store.people import staff as staff_rows
from hotline.store.people.staff import StaffRow

_STAFF, _SCHEDULE, _POLICY, _CHANGE = "staff", "schedule", "policy", "change"


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

    def on(self, schedule: Schedule, at: datetime) -> tuple[StaffRow, ...]:
        """Who is on by this schedule at `at` (aware): whoever is rung, and trainees, who look on. The plan may go on
        naming somebody who was put off the staff, or whose phone isn't verified: they are not on."""
        able = {one.id: one for one in self.members if one.can_be_rung or one.is_trainee}
        return tuple(able[person] for person in who_is_on(schedule, at) if person in able)


def _padded(*columns: ColumnElement[Any]) -> list[Any]:
    return [*columns, *(null() for _ in range(len(staff.c) - len(columns)))]


def _changed() -> list[Any]:
    """Times as texts, and none where staff have a flag: all parts of a union have columns of the same types."""
    made = shift_changes.c
    times = (cast_to(at, Text) for at in (made.starts_at, made.ends_at, made.made_at))
    return _padded(made.id, made.schedule, made.kind, made.person, made.instead_of, null(), *times)


_EVERYBODY = select(literal(_STAFF).label("kind"), *staff.c)
_DUTY = (
    select(
        literal(_SCHEDULE),
        *_padded(schedules.c.name, schedules.c.timezone, schedules.c.always, schedules.c.plan),
    ),
    select(literal(_POLICY), *_padded(policies.c.subject, policies.c.policy)),
    select(literal(_CHANGE), *_changed()).where(shift_changes.c.counts.is_(True)),
)
_CREW = union_all(_EVERYBODY.where(staff.c.active.is_(True)), *_DUTY)
_WITH_FORMER = union_all(_EVERYBODY, *_DUTY)
_TABLES = (staff, schedules, policies, shift_changes)


def crew(tx: Tx) -> Crew:
    """The crew, as this transaction sees it."""
    return rows.once(tx, _TABLES, "crew", lambda: _read(tx, _CREW))


def names(tx: Tx) -> dict[StaffId, str]:
    """What everybody who ever was on the staff is called. The crew need not be asked for after that."""

    def read() -> dict[StaffId, str]:
        found = _read(tx, _WITH_FORMER)
        on_it = tuple(one for one in found.members if one.active)
        rows.remember(tx, _TABLES, "crew", replace(found, members=on_it))
        return {one.id: one.name for one in found.members}

    return rows.once(tx, _TABLES, "names", read)


def member(tx: Tx, staff_id: StaffId) -> StaffRow | None:
    """Who has this id and is on the staff, or left it; None for nobody."""
    return next((one for one in crew(tx).members if one.id == staff_id), None) or staff_rows.get(tx, staff_id)


def _read(tx: Tx, everything: CompoundSelect[Any]) -> Crew:
    members: list[StaffRow] = []
    found_schedules: list[Schedule] = []
    found_changes: list[tuple[str, ...]] = []
    found_policies: dict[Subject, Policy] = {}
    for kind, *values in map(tuple, tx.execute(everything)):
        match kind:
            case "staff":
                found = SimpleNamespace(**dict(zip(staff.c.keys(), values, strict=True)))
                members.append(staff_rows.of_row(tx, cast("rows.Found", found)))
            case "schedule":
                found_schedules.append(_schedule(*values[:4]))
            case "policy":
                found_policies[as_kept(Subject, values[0])] = _policy(values[1])
            case _:
                found_changes.append((values[8], values[0], *values[1:5], *values[6:8]))
    found_changes.sort(key=lambda one: (int(one[0]), one[1]))
    return Crew(
        tuple(staff_rows.by_their_names(members)),
        tuple(_with_changes(one, found_changes) for one in sorted(found_schedules, key=lambda one: one.name)),
        found_policies,
    )


@lru_cache(maxsize=64)
def _schedule(name: str, timezone: str, always: str, plan: str) -> Schedule:
    return written_schedule.as_kept(name, timezone, json.loads(always), json.loads(plan))


def _with_changes(schedule: Schedule, made: list[tuple[str, ...]]) -> Schedule:
    """The schedule with what people have changed about it, or about all of them."""
    theirs = tuple(_change(*one[3:]) for one in made if one[2] in (None, schedule.name))
    return replace(schedule, changes=theirs) if theirs else schedule


@lru_cache(maxsize=1024)
def _change(kind: str, person: str, instead_of: str | None, starts: str, ends: str) -> Change:
    return Change(
        kind=as_kept(ChangeKind, kind),
        person=StaffId(person),
        starts=at_microsecond(int(starts)),
        ends=at_microsecond(int(ends)),
        instead_of=StaffId(instead_of) if instead_of is not None else None,
    )


@lru_cache(maxsize=64)
def _policy(written: str) -> Policy:
    return policy_as_kept(json.loads(written))
