"""Staff, schedules and policies on paper: taken from a document, and written out as one.

`load` is idempotent, takes all of the document or nothing, and deletes nothing: whoever is no longer named stays as
they were (`active = false` puts somebody off the staff).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

import phonenumbers
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hotline.dialling import may_be_dialled
from hotline.model import Language, PhoneNumber, Role, StaffId, Subject
from hotline.oncall.policy import Policy, from_json, to_json
from hotline.oncall.schedule import Schedule
from hotline.operations.house import new_id
from hotline.store import audit, schedules, staff
from hotline.store.database import Tx
from hotline.store.staff import StaffRow

LONGEST_NAME = 80


class Problems(ValueError):
    """The document can't be taken; each of `problems` says where and what to do. Nothing was changed."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Summary:
    """What `load` did."""

    staff: int
    schedules: int
    policies: int
    changed: int

    def __str__(self) -> str:
        took = f"Took {self.staff} staff, {self.schedules} schedules, {self.policies} policies"
        return f"{took}; {self.changed} of them new or changed."


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _Member(_Table):
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    phone: str
    verified: bool = False
    roles: tuple[Role, ...] = Field(min_length=1)
    languages: tuple[Language, ...] = (Language.EN,)
    active: bool = True


class _Schedule(_Table):
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    timezone: str
    always: tuple[str, ...] = ()


class _Document(_Table):
    staff: tuple[_Member, ...] = ()
    schedule: tuple[_Schedule, ...] = ()
    policy: tuple[dict[str, Any], ...] = ()


def load(tx: Tx, document: Mapping[str, Any], now: datetime) -> Summary:
    """Take what the document says. Raises Problems with everything that is wrong in it."""
    given = _parsed(document)
    problems: list[str] = []
    changed = sum([_take_member(tx, member, problems) for member in given.staff])
    changed += sum([_take_schedule(tx, schedule, problems) for schedule in given.schedule])
    changed += sum([_take_policy(tx, policy, problems) for policy in given.policy])
    if problems:
        raise Problems(problems)
    if changed:
        audit.add(tx, audit.Entry(now, None, "load", "roster", "roster"))
    return Summary(len(given.staff), len(given.schedule), len(given.policy), changed)


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
            }
            for schedule in schedules.every(tx)
        ],
        "policy": [_policy_out(policy, names) for policy in schedules.every_policy(tx).values()],
    }


def _parsed(document: Mapping[str, Any]) -> _Document:
    try:
        return _Document.model_validate(dict(document))
    except ValidationError as wrong:
        raise Problems([f"{_place(error['loc'])}: {error['msg']}" for error in wrong.errors()]) from None


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in loc) or "document"


def _take_member(tx: Tx, member: _Member, problems: list[str]) -> bool:
    try:
        number = phone(member.phone)
    except ValueError as wrong:
        problems.append(f"staff {member.name}: phone: {wrong}")
        return False
    known = staff.by_name(tx, member.name)
    other = staff.by_phone(tx, number)
    if other is not None and (known is None or other.id != known.id):
        problems.append(f"staff {member.name}: phone: it is {other.name}'s already")
        return False
    row = known or StaffRow(StaffId(new_id()), member.name, number, False, frozenset(), ())
    wanted = replace(
        row,
        phone=number,
        verified=member.verified,
        roles=frozenset(member.roles),
        languages=tuple(dict.fromkeys(member.languages)),
        active=member.active,
    )
    if known is None:
        staff.add(tx, wanted)
    elif wanted != known:
        staff.save(tx, wanted)
    return wanted != known


def phone(written: str) -> PhoneNumber:
    """A phone of staff as it is written. Raises ValueError, in an operator's words."""
    try:
        parsed = phonenumbers.parse(written)
    except phonenumbers.NumberParseException:
        raise ValueError("write it with its country code, such as +16175550101") from None
    if not phonenumbers.is_possible_number(parsed):
        raise ValueError("it is not a possible number: check its digits")
    number = PhoneNumber(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    if not may_be_dialled(number):
        raise ValueError(
            "it is an emergency, premium or satellite number, or nobody's: such are never dialled"
        )
    return number


def _take_schedule(tx: Tx, given: _Schedule, problems: list[str]) -> bool:
    people = [_person(tx, name, f"schedule {given.name}: always", problems) for name in given.always]
    try:
        wanted = Schedule(
            name=given.name, timezone=given.timezone, always=tuple(person for person in people if person)
        )
    except ValueError as wrong:
        problems.append(f"schedule {given.name}: {wrong}")
        return False
    if wanted in schedules.every(tx):
        return False
    schedules.put(tx, wanted)
    return True


def _person(tx: Tx, name: str, where: str, problems: list[str]) -> StaffId | None:
    member = staff.by_name(tx, name)
    if member is None:
        problems.append(f"{where}: nobody on the staff is called {name!r}: add them under [[staff]]")
        return None
    if not member.verified:
        problems.append(f"{where}: {name}'s phone is not verified, so it can't be put on a schedule")
    return member.id


def _take_policy(tx: Tx, given: dict[str, Any], problems: list[str]) -> bool:
    subject = given.get("subject", "?")
    try:
        policy = from_json(_with_ids(tx, given, f"policy {subject}", problems))
    except ValueError as wrong:
        problems.append(f"policy {subject}: {wrong}")
        return False
    if schedules.policy(tx, policy.subject) == policy:
        return False
    schedules.put_policy(tx, policy)
    return True


def _with_ids(tx: Tx, given: dict[str, Any], where: str, problems: list[str]) -> dict[str, Any]:
    """People are named on paper, and known by their ids inside."""
    rungs = given.get("rung")
    if not isinstance(rungs, list):
        return given
    known = {schedule.name for schedule in schedules.every(tx)}

    def inside(who: object) -> object:
        kind, _, name = str(who).partition(":")
        if kind == "staff":
            return f"staff:{_person(tx, name, where, problems) or 'unknown'}"
        if kind == "schedule" and name not in known:
            problems.append(f"{where}: there is no schedule {name!r}: add it under [[schedule]]")
        return who

    def rung(one: object) -> object:
        if isinstance(one, dict) and isinstance(one.get("who"), list):
            return {**one, "who": [inside(who) for who in one["who"]]}
        return one

    return {**given, "rung": [rung(one) for one in rungs]}


def _member_out(member: StaffRow) -> dict[str, Any]:
    written: dict[str, Any] = {
        "name": member.name,
        "phone": member.phone.e164,
        "verified": member.verified,
        "roles": sorted(member.roles),
        "languages": list(member.languages),
    }
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
