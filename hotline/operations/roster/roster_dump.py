"""What is kept, written out as the document that would make it so again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hotline.model import StaffId, Subject
from hotline.oncall import written_schedule
from hotline.oncall.policy import Policy, to_json
from hotline.oncall.schedule import Schedule
from hotline.oncall.staffing.needs import need_to_json
from hotline.store.database import Tx
from hotline.store.people import schedules, staff
from hotline.store.people.staff import StaffRow


def dump(tx: Tx) -> dict[str, Any]:
    """What `load` would take to make it so again."""
    members = staff.everyone(tx)
    names = {member.id: member.name for member in members}
    return {
        "staff": [_member_out(member) for member in members if not member.has_left],
        "schedule": [
            {
                "name": schedule.name,
                "timezone": schedule.timezone,
                "always": [names[person] for person in schedule.always if person in names],
                **_plan_out(schedule, names),
            }
            for schedule in schedules.every(tx)
        ],
        "need": [need_to_json(need) for need in schedules.every_need(tx)],
        "policy": [_policy_out(policy, names) for policy in schedules.every_policy(tx).values()],
    }


def _plan_out(schedule: Schedule, names: Mapping[StaffId, str]) -> dict[str, Any]:
    plan = written_schedule.to_json(schedule)
    for rotation in plan.get("rotation", []):
        rotation["turns"] = [
            names.get(StaffId(turn), "?") if isinstance(turn, str) else [names.get(one, "?") for one in turn]
            for turn in rotation["turns"]
        ]
    return plan


def _member_out(member: StaffRow) -> dict[str, Any]:
    written: dict[str, Any] = {
        "name": member.name,
        "phone": member.phone.e164,
        "verified": member.verified,
        "roles": sorted(member.roles),
        "languages": list(member.languages),
    }
    if member.every_page:
        written["every_page"] = True
    if member.listens and member.is_trainee:
        written["listens"] = True
    return written if member.active else {**written, "active": False}


def _policy_out(policy: Policy, names: Mapping[StaffId, str]) -> dict[str, Any]:
    written: dict[str, Any] = to_json(policy)
    for rung in written["rung"]:
        rung["who"] = [
            f"staff:{names.get(StaffId(who.partition(':')[2]), '?')}" if who.startswith("staff:") else who
            for who in rung["who"]
        ]
    if policy.subject is Subject.EMERGENCY:
        written.pop("pause")
    return written
