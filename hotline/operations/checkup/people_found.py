"""The staff: who can be rung, who can sign in, and where nobody is on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import phonenumbers

from hotline.dialling import TERRITORIES
from hotline.model import How, Role, StaffId, Subject
from hotline.oncall.policy import default_policy
from hotline.oncall.schedule import who_is_on
from hotline.oncall.wall_clock import said_span, zone
from hotline.operations.checkup.finding import Finding, Topic, doubtful, good, wrong
from hotline.operations.shifts import holes_ahead
from hotline.settings.centre import LineTable
from hotline.store.database import Tx
from hotline.store.overviews.crew import Crew, crew
from hotline.store.people.staff import StaffRow
from hotline.worded import joined, worded, worded_many

_PEOPLE = Topic.PEOPLE


def people(tx: Tx, now: datetime, timezone: str) -> Iterator[Finding]:
    """Everybody and their duty for two weeks."""
    here = crew(tx)
    if not here.members:
        yield wrong(
            _PEOPLE,
            "people.none",
            worded("Nobody is on the staff."),
            worded("Everybody who calls is promised what nobody keeps."),
            worded("`hotline load` a staff file, or `hotline staff add`."),
        )
        return
    yield from _phones(here)
    yield from _accounts(here.members)
    if any(one.named for one in here.schedules):
        yield from _holes(tx, now, timezone)
        return
    yield wrong(
        _PEOPLE,
        "people.no_schedule",
        worded("Nobody is on any schedule."),
        worded("An emergency, a call and a callback ring nobody's phone: only the failsafe number is left."),
        worded("Put people on, under On call, or load a staff file with schedules (docs/staff-file.md)."),
    )


def _phones(here: Crew) -> Iterator[Finding]:
    scheduled = {person for one in here.schedules for person in one.named}
    unverified = [one for one in here.members if not one.verified]
    on_duty = [one.name for one in unverified if one.id in scheduled]
    if on_duty:
        yield wrong(
            _PEOPLE,
            "people.unverified_on_duty",
            worded(
                "On a schedule with a phone that nobody has verified: %(on_duty)s.",
                on_duty=", ".join(on_duty),
            ),
            worded("They are never rung: while only they are on, nobody is."),
            worded(
                "Under Readiness, or by `hotline staff verify`: a code is sent to the phone, and typed in."
            ),
        )
    others = len(unverified) - len(on_duty)
    if others:
        yield doubtful(
            _PEOPLE,
            "people.unverified",
            worded_many(
                "%(num)s of the staff, on no schedule, has a phone that nobody has verified.",
                "%(num)s of the staff, on no schedule, have phones that nobody has verified.",
                others,
            ),
            worded("None now; they can't be put on duty to any purpose."),
            worded("Under Readiness, or by `hotline staff verify`."),
        )
    if not unverified:
        yield good(
            _PEOPLE,
            "people.verified",
            worded("All %(number)s phones of the staff are verified.", number=len(here.members)),
        )


def _accounts(members: tuple[StaffRow, ...]) -> Iterator[Finding]:
    able = [one for one in members if one.password_hash is not None]
    for role, name, callers in (
        (Role.SUPERVISOR, "supervisor", worded("What is late, and what goes wrong, is told to nobody.")),
        (
            Role.ADMIN,
            "admin",
            worded("None; but nobody can let others in or look at this list on the console."),
        ),
    ):
        if not any(role in one.roles for one in members):
            found = wrong if role is Role.SUPERVISOR else doubtful
            yield found(
                _PEOPLE,
                f"people.no_{name}",
                worded("Nobody on the staff is an admin.")
                if role is Role.ADMIN
                else worded("Nobody on the staff is a supervisor."),
                callers,
                worded("`hotline staff add --role %(name)s`, or put it into the staff file.", name=name),
            )
    if not able:
        yield doubtful(
            _PEOPLE,
            "people.nobody_signs_in",
            worded("Nobody on the staff has a password."),
            worded("Callers are answered by telephone only; nobody sees the board."),
            worded("`hotline staff password NAME`, or a link from `hotline staff invite NAME`."),
        )


def _holes(tx: Tx, now: datetime, timezone: str) -> Iterator[Finding]:
    end = now + holes_ahead.AHEAD
    found = holes_ahead.ahead(tx, now, end)
    if not found:
        yield good(_PEOPLE, "people.holes", worded("For the next two weeks somebody is on everywhere."))
        return
    first, place = found[0], zone(timezone)
    when = (
        worded("from now on")
        if first.starts <= now and first.ends >= end
        else said_span(first.starts, first.ends, place)
    )
    who = (
        worded("Too few are on for %(need)s, %(when)s.", need=first.need, when=when)
        if first.need
        else worded(
            "Nobody who can be rung is on %(schedule)s, %(when)s.", schedule=first.schedule, when=when
        )
    )
    soon = first.starts - now < timedelta(days=3)
    more = (
        worded("It is the first of %(number)s such times in two weeks.", number=len(found))
        if len(found) > 1
        else ""
    )
    yield (wrong if soon else doubtful)(
        _PEOPLE,
        "people.holes",
        joined((who, more)),
        worded("Whoever calls then waits until the next rung of the policy, or for a supervisor."),
        worded("Put somebody on: under On call, or in the staff file."),
    )


def rung_at_once(tx: Tx, now: datetime) -> int:
    """How many are rung at once for an emergency that begins now."""
    here = crew(tx)
    first = (here.policies.get(Subject.EMERGENCY) or default_policy(Subject.EMERGENCY)).rungs[0]
    if not first.together or How.CALL not in first.how:
        return 1
    on = {one.name: set(who_is_on(one, now)) for one in here.schedules}
    able = {one.id for one in here.members if one.can_be_rung}
    named: set[StaffId] = set()
    for who in first.who:
        kind, _, name = who.partition(":")
        match kind:
            case "schedule":
                named |= on.get(name, set())
            case "role":
                named |= {one.id for one in here.members if name in one.roles}
            case "staff":
                named.add(StaffId(name))
            case "everyone":
                named |= able
    return len(named & able)


def countries(tx: Tx, line: LineTable) -> frozenset[str]:
    """Where the phones of staff, interpreters and the failsafe are, as two letters each."""
    others = [one for one in (line.failsafe_number, line.interpreter_number) if one is not None]
    numbers = [*others, *(one.phone for one in crew(tx).members)]
    parsed = (phonenumbers.parse(one.e164) for one in numbers)
    found = (phonenumbers.region_code_for_number(one) for one in parsed)
    return frozenset(_MEANT.get(one, one) for one in found if one and one != "ZZ")


_MEANT = {territory: country for country, several in TERRITORIES.items() for territory in several}
