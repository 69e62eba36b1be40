"""The schedules of a document beside those that are kept."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from hotline.lettering import tidy
from hotline.model import StaffId
from hotline.oncall import written_faults, written_schedule
from hotline.oncall.rotations import Days
from hotline.oncall.schedule import Schedule
from hotline.operations.roster.roster_comparison import USUAL, Comparison
from hotline.operations.roster.roster_document import OnPaper
from hotline.settings.centre import zone
from hotline.store.people import schedules


def changed_schedules(beside: Comparison) -> tuple[Schedule, ...]:
    """Those that are new or changed."""
    kept = {one.name: one for one in schedules.every(beside.tx)}
    wanted = [_schedule(beside, position, one) for position, one in enumerate(beside.given.schedule)]
    changed = [one for one in wanted if one is not None and one != kept.get(one.name)]
    for one in changed:
        beside.told.append(f"schedule {one.name}: {_who(beside, one)}")
    return tuple(changed)


def _who(beside: Comparison, schedule: Schedule) -> str:
    """Who is on by it, in a few words."""
    names = {person: row.name for person, row in beside.after.items()}
    said = [", ".join(names[person] for person in schedule.always)] if schedule.always else []
    for rotation in schedule.rotations:
        turns = (" and ".join(names.get(one, "?") for one in turn) or "nobody" for turn in rotation.turns)
        when = {Days.ALL: "", Days.HOLIDAYS: " on holidays", Days.OTHERS: " on other days"}[rotation.days]
        hours = f" at {', '.join(map(str, rotation.hours))}" if rotation.hours else ""
        said.append(f"{'instead' if rotation.instead else 'in turn'}{when}{hours}: {', '.join(turns)}")
    return "; ".join(said) or "nobody"


def _schedule(beside: Comparison, position: int, given: OnPaper) -> Schedule | None:
    try:
        zone(given.timezone)
    except ValueError as wrong:
        beside.wrong("schedule", position, "timezone", f'"{given.timezone}" {wrong}', given.name)
        known = False
    else:
        known = True
    rung = {*USUAL, *_named_schedules(beside)}
    near = get_close_matches(given.name, USUAL, n=1, cutoff=0.8) if given.name not in rung else []
    if near:
        what = f'nothing rings "{given.name}": policies look for "{near[0]}"; write that'
        beside.wrong("schedule", position, "name", what, given.name)
    elif given.name not in rung:
        beside.told.append(f"schedule {given.name}: no policy rings it yet")
    people = [beside.person(name, "schedule", position, "always", given.name) for name in given.always]
    plan = _plan_with_ids(beside, position, given)
    timezone = given.timezone if known else "UTC"
    try:
        read = written_schedule.from_json(given.name, timezone, [person for person in people if person], plan)
    except ValueError as wrong:
        for each in written_faults.of_plan(plan, wrong):
            key, _, what = each.partition(": ")
            beside.wrong("schedule", position, key, what, given.name)
        return None
    return read if known else None


def _plan_with_ids(beside: Comparison, position: int, given: OnPaper) -> dict[str, Any]:
    """The plan, with whoever takes turns by id; what isn't in the right form is left for the reader to refuse."""
    rotations = given.plan.get("rotation")

    def inside(name: object) -> object:
        if not isinstance(name, str):
            return name
        return beside.person(tidy(name), "schedule", position, "turns", given.name) or StaffId("unknown")

    def turn(names: object) -> object:
        return [inside(name) for name in names] if isinstance(names, list) else inside(names)

    def rotation(one: object) -> object:
        if isinstance(one, Mapping) and isinstance(one.get("turns"), list):
            return {**one, "turns": [turn(names) for names in one["turns"]]}
        return one

    if not isinstance(rotations, list):
        return dict(given.plan)
    return {**given.plan, "rotation": [rotation(one) for one in rotations]}


def _named_schedules(beside: Comparison) -> set[str]:
    kept = [named for one in schedules.every_policy(beside.tx).values() for named in one.named]
    rungs = [
        rung for one in beside.given.policy for rung in _listed(one, "rung") if isinstance(rung, Mapping)
    ]
    given = [str(who) for rung in rungs for who in _listed(rung, "who")]
    return {who.partition(":")[2] for who in (*kept, *given) if who.startswith(("schedule:", "next:"))}


def _listed(table: Mapping[str, Any], key: str) -> list[Any]:
    """What is written there, if it is a list; anything else is refused by whoever reads the table."""
    found = table.get(key)
    return found if isinstance(found, list) else []
