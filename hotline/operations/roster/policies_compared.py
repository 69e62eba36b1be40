"""The policies of a document beside those that are kept; and whether an emergency still finds somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hotline.model import WITH_POLICY, Language, StaffId, Subject
from hotline.oncall import written_faults
from hotline.oncall.policy import Policy, from_json
from hotline.oncall.schedule import Schedule
from hotline.operations.policies import gaps_ahead, policy_words
from hotline.operations.policies.gaps_ahead import Plans
from hotline.operations.roster.roster_comparison import Comparison
from hotline.operations.roster.roster_document import Problem, nearest
from hotline.store.overviews.crew import crew
from hotline.store.people import schedules
from hotline.store.people.staff import StaffRow


def changed_policies(beside: Comparison) -> tuple[Policy, ...]:
    """Those that are new or changed."""
    wanted = [_policy(beside, position, one) for position, one in enumerate(beside.given.policy)]
    kept = schedules.every_policy(beside.tx)
    changed = [one for one in wanted if one is not None and one != kept.get(one.subject)]
    beside.told += [f"policy {one.subject}: {'changed' if one.subject in kept else 'new'}" for one in changed]
    return tuple(changed)


def refuse_unreached_emergencies(
    beside: Comparison, wanted: Iterable[Schedule], policies: Iterable[Policy], now: datetime
) -> None:
    """An emergency must find somebody at every hour of the next two weeks. Refused is a policy of the document's by
    which it doesn't, and a document that takes from the kept one whomever it reached."""
    given = next((one for one in policies if one.subject is Subject.EMERGENCY), None)
    policy = given or schedules.every_policy(beside.tx).get(Subject.EMERGENCY)
    if policy is None:
        return
    anew = {one.name: one for one in wanted}
    before = crew(beside.tx).schedules
    made = {one.name: one.changes for one in before}
    after = {
        **{one.name: one for one in before},
        **{name: replace(one, changes=made.get(name, ())) for name, one in anew.items()},
    }
    place = ZoneInfo(
        beside.line.timezone if beside.line else next((one.timezone for one in after.values()), "UTC")
    )
    languages = beside.line.languages if beside.line else (Language.EN,)
    found = gaps_ahead.first_unreached(
        policy, Plans(tuple(after.values()), _able(beside.after), place, languages), now
    )
    if found is None:
        return
    was = Plans(before, _able(beside.kept), place, languages)
    if given is None and gaps_ahead.first_unreached(policy, was, now) is not None:
        return  # It is so already, and told: whatever else is mended need not wait for it.
    what = policy_words.unreached(found, place)
    if given is None:
        beside.problems.append(Problem("policy", None, None, f"that of emergencies, as it is kept: {what}"))
    else:
        tables = enumerate(beside.given.policy)
        position = next(i for i, one in tables if one.get("subject") == "emergency")
        beside.wrong("policy", position, "rung", what, "emergency")


def _policy(beside: Comparison, position: int, given: dict[str, Any]) -> Policy | None:
    subject = str(given.get("subject", "?"))
    if subject not in list(WITH_POLICY):
        beside.wrong(
            "policy",
            position,
            "subject",
            f'"{subject}" is not known{nearest(subject, WITH_POLICY)}',
            subject,
        )
        return None
    inside = _with_ids(beside, position, given, subject)
    try:
        return from_json(inside)
    except ValueError as wrong:
        for what in written_faults.of_policy(inside, wrong):
            beside.wrong("policy", position, None, what, subject)
        return None


def _with_ids(beside: Comparison, position: int, given: dict[str, Any], subject: str) -> dict[str, Any]:
    """People are named on paper, and known by their ids inside."""
    rungs = given.get("rung")
    if not isinstance(rungs, list):
        return given
    known = {*(one.name for one in schedules.every(beside.tx)), *(one.name for one in beside.given.schedule)}

    def inside(who: object) -> object:
        kind, _, name = str(who).partition(":")
        if kind == "staff":
            return f"staff:{beside.person(name, 'policy', position, 'who', subject) or 'unknown'}"
        if kind in ("schedule", "next") and name not in known:
            more = nearest(name, sorted(known), "add it under [[schedule]]")
            beside.wrong("policy", position, "who", f'there is no schedule "{name}"{more}', subject)
        return who

    def rung(one: object) -> object:
        if isinstance(one, dict) and isinstance(one.get("who"), list):
            return {**one, "who": [inside(who) for who in one["who"]]}
        return one

    return {**given, "rung": [rung(one) for one in rungs]}


def _able(members: Mapping[StaffId, StaffRow]) -> dict[StaffId, StaffRow]:
    return {person: row for person, row in members.items() if row.active and row.can_be_rung}
