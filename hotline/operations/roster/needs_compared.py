"""The needs of a document beside those that are kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hotline.oncall import written_faults
from hotline.oncall.policy import Policy, default_policy
from hotline.oncall.staffing.needs import Need, looked_for_on, need_from_json
from hotline.operations.roster.roster_comparison import Comparison
from hotline.store.people import schedules


def changed_needs(beside: Comparison, policies: Iterable[Policy]) -> tuple[Need, ...]:
    """Those that are new or changed."""
    known = {*(one.name for one in schedules.every(beside.tx)), *(one.name for one in beside.given.schedule)}
    rung = {**schedules.every_policy(beside.tx), **{one.subject: one for one in policies}}
    kept = {one.name: one for one in schedules.every_need(beside.tx)}
    unread = {
        one.get("subject")
        for position, one in enumerate(beside.given.policy)
        if position in beside.refused["policy"]
    }
    read = [_need(beside, position, one) for position, one in enumerate(beside.given.need)]
    for position, one in enumerate(read):
        on = looked_for_on(rung.get(one.subject) or default_policy(one.subject)) if one else ()
        if one is not None and one.subject not in unread and known.isdisjoint(on):
            what = f"its policy names no schedule that is there: {', '.join(on) or 'none at all'}"
            beside.wrong("need", position, "line", what, one.name)
    changed = [one for one in read if one is not None and (one != kept.get(one.name))]
    changed = [one for one in changed if one.people or one.name in kept]
    for one in changed:
        what = f"{one.people} for {one.line}" if one.people else "needed no more"
        beside.told.append(f"need {one.name}: {what}")
    return tuple(changed)


def _need(beside: Comparison, position: int, given: dict[str, Any]) -> Need | None:
    try:
        return need_from_json(given)
    except ValueError as wrong:
        for each in written_faults.of_need(given, wrong):
            key, _, what = each.partition(": ")
            beside.wrong("need", position, key, what, str(given.get("name", "")))
        return None
