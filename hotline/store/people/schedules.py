"""The centre's schedules, what its lines need, and the escalation policies that it has set itself."""

from __future__ import annotations

import json

from sqlalchemy import delete, select

from hotline.model import Subject, as_kept
from hotline.oncall import policy as policy_form
from hotline.oncall.policy import Policy
from hotline.oncall.schedule import Schedule
from hotline.oncall.staffing.needs import Need, need_as_kept, need_to_json
from hotline.oncall.written_schedule import as_kept as as_planned
from hotline.oncall.written_schedule import to_json
from hotline.store.database import Tx, rows
from hotline.store.database.tables import needs, policies, schedules


def put(tx: Tx, schedule: Schedule) -> None:
    """Add this schedule's plan, or replace that of the one of its name."""
    values = {
        "timezone": schedule.timezone,
        "always": json.dumps(list(schedule.always)),
        "plan": json.dumps(to_json(schedule)),
    }
    if not rows.add_if_new(tx, schedules, {"name": schedule.name, **values}):
        rows.change(tx, schedules, [schedules.c.name == schedule.name], values)
    tx.board_changed = True


def every(tx: Tx) -> list[Schedule]:
    """Every schedule as it is planned, without what people have changed for a while, by name."""
    found = rows.once(
        tx, (schedules,), "every", lambda: rows.many(tx, select(schedules).order_by(schedules.c.name))
    )
    return [as_planned(one.name, one.timezone, json.loads(one.always), json.loads(one.plan)) for one in found]


def put_need(tx: Tx, need: Need) -> None:
    """Set this need, or replace the one of its name; one of nobody is kept no more."""
    written = json.dumps(need_to_json(need))
    if not need.people:
        rows.forget(tx, needs)
        tx.execute(delete(needs).where(needs.c.name == need.name))
    elif not rows.add_if_new(tx, needs, {"name": need.name, "need": written}):
        rows.change(tx, needs, [needs.c.name == need.name], {"need": written})
    tx.board_changed = True


def every_need(tx: Tx) -> list[Need]:
    """What the lines need, by name; without what only a later version understands."""
    found = rows.once(tx, (needs,), "every", lambda: rows.many(tx, select(needs).order_by(needs.c.name)))
    every = (need_as_kept(json.loads(one.need)) for one in found)
    return [one for one in every if one.is_understood]


def put_policy(tx: Tx, policy: Policy) -> None:
    """Set the policy for its subject."""
    written = json.dumps(policy_form.to_json(policy))
    if not rows.add_if_new(tx, policies, {"subject": policy.subject.value, "policy": written}):
        rows.change(tx, policies, [policies.c.subject == policy.subject.value], {"policy": written})
    tx.board_changed = True


def policy(tx: Tx, subject: Subject) -> Policy | None:
    """The policy that was set for this subject; None if the default holds."""
    query = select(policies.c.policy).where(policies.c.subject == subject.value)
    read = tx.execute
    found = rows.once(tx, (policies,), subject, lambda: read(query).scalar_one_or_none())
    return None if found is None else policy_form.as_kept(json.loads(found))


def every_policy(tx: Tx) -> dict[Subject, Policy]:
    """Every policy that was set, by subject."""
    found = rows.many(tx, select(policies))
    return {as_kept(Subject, one.subject): policy_form.as_kept(json.loads(one.policy)) for one in found}
