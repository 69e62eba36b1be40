"""Staff, schedules, needs and policies on paper: compared with what is kept as a whole, taken in one transaction, and
written out.

`load` is idempotent, takes all of the document or nothing, and deletes nothing: whoever is no longer named stays as
they were (`active = false` puts somebody off the staff). Because all of it is one change, two people may swap their
phones, and a leaver's phone may be a newcomer's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final
from zoneinfo import ZoneInfo

from hotline.dialling import Flaw, Refusal, full_number, refusal
from hotline.lettering import folded_name, tidy
from hotline.model import WITH_POLICY, AuditAction, AuditKind, Language, PhoneNumber, StaffId, Subject
from hotline.oncall import written_schedule
from hotline.oncall.policy import Policy, default_policy, from_json, to_json
from hotline.oncall.rotations import Days
from hotline.oncall.schedule import Schedule
from hotline.oncall.staffing.needs import Need, looked_for_on, need_from_json, need_to_json
from hotline.operations.people import roster_document
from hotline.operations.people.roster_document import Document, Member, OnPaper, Problem, Problems, nearest
from hotline.operations.policies import gaps_ahead, policy_words
from hotline.operations.policies.gaps_ahead import Plans
from hotline.operations.transaction import new_id
from hotline.settings.centre import LineTable, zone
from hotline.store.database import Tx
from hotline.store.overviews.crew import crew
from hotline.store.people import audit, schedules, staff
from hotline.store.people.staff import StaffRow

LONGEST_NAME: Final = roster_document.LONGEST_NAME
__all__ = ["FLAWS", "LONGEST_NAME", "Problems", "RosterPlan", "Summary", "dump", "load", "phone", "plan"]

USUAL: Final = ("coordinators", "clinicians", "supervisors")
"""The schedules that policies look for unless the centre has given its own."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What `load` did."""

    staff: int
    schedules: int
    policies: int
    changed: int
    told: tuple[str, ...] = ()
    """Each change, in a few words."""
    off: tuple[StaffRow, ...] = ()
    """Who was put off the staff: what they have open must go to others."""
    needs: int = 0

    def __str__(self) -> str:
        needs = f", {self.needs} needs" if self.needs else ""
        took = f"Took {self.staff} staff, {self.schedules} schedules{needs}, {self.policies} policies"
        return f"{took}; {self.changed} of them new or changed."


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """What taking a document would do. Nothing is done yet."""

    given: Document
    members: tuple[tuple[StaffRow | None, StaffRow], ...]
    """Who is changed, as they are (None: a newcomer) and as they will be."""
    schedules: tuple[Schedule, ...]
    policies: tuple[Policy, ...]
    told: tuple[str, ...]
    needs: tuple[Need, ...] = ()

    @property
    def changes_something(self) -> bool:
        """Whether anything is otherwise than it is kept."""
        return bool(self.members or self.schedules or self.policies or self.needs)

    @property
    def off(self) -> tuple[StaffRow, ...]:
        """Who is put off the staff."""
        return tuple(after for before, after in self.members if before and before.active and not after.active)


def load(tx: Tx, document: Mapping[str, Any], now: datetime, line: LineTable | None = None) -> Summary:
    """Take what the document says. Raises Problems with everything that is wrong in it."""
    wanted = plan(tx, document, now, line)
    _apply(tx, wanted)
    changed = len([one for one in wanted.members if one[0] != one[1]]) + len(wanted.schedules)
    changed += len(wanted.policies) + len(wanted.needs)
    if changed:
        audit.add(tx, now, None, AuditAction.LOAD, AuditKind.ROSTER, "roster")
    given = wanted.given
    taken = len(given.staff), len(given.schedule), len(given.policy), changed
    return Summary(*taken, wanted.told, wanted.off, len(given.need))


def plan(tx: Tx, document: Mapping[str, Any], now: datetime, line: LineTable | None = None) -> RosterPlan:
    """Compare the document with what is kept, at `now` (aware). Raises Problems.

    `line`: whose own numbers, and countries, staff's phones are held against.
    """
    given, problems = roster_document.read(document)
    comparison = _Comparison(tx, given, line, problems)
    members = comparison.members()
    wanted = comparison.schedules()
    policies = comparison.policies()
    needs = comparison.needs(policies)
    if problems:
        raise Problems(problems)
    comparison.emergencies(wanted, policies, now)
    if problems:
        raise Problems(problems)
    return RosterPlan(given, members, wanted, policies, tuple(comparison.told), needs)


FLAWS: Final = {
    Flaw.NOT_FULL: "write it with its country code, such as +16175550101",
    Flaw.EXTENSION: "an extension can't be dialled: give them a number of their own, without it",
    Flaw.NOT_POSSIBLE: "it is not a possible number: check its digits",
    Flaw.EMERGENCY: (
        "it is an emergency number: a call of ours to it reaches the dispatch centre of our number's registered "
        "address. Give them a phone of their own, such as +16175550101"
    ),
    Flaw.NEVER_DIALLED: "it is an emergency, premium or satellite number, or nobody's: such are never dialled",
}


def phone(written: str, line: LineTable | None = None) -> PhoneNumber:
    """A phone of staff as it is written. Raises ValueError, in an operator's words."""
    number = full_number(written)
    if isinstance(number, Flaw):
        raise ValueError(FLAWS[number])
    match refusal(number, line.countries, line.ours) if line is not None else None:
        case Refusal.OURS if line is not None and number == line.failsafe_number:
            raise ValueError(
                "it is the failsafe number: that rings when nobody on the staff can be rung; give them another phone"
            )
        case Refusal.OURS:
            raise ValueError("it is the line's own number: the call would come back to it")
        case Refusal.COUNTRY:
            raise ValueError(
                "it is outside of countries in hotline.toml: add its country there, if it is right"
            )
        case _:
            return number


# --- comparing -------------------------------------------------------------------------------------------------


class _Comparison:
    """The document beside what is kept."""

    def __init__(self, tx: Tx, given: Document, line: LineTable | None, problems: list[Problem]) -> None:
        self.tx, self.given, self.line, self.problems = tx, given, line, problems
        self._read = tuple(problems)
        self.told: list[str] = []
        self.kept = {row.id: row for row in staff.everyone(tx)}
        self.by_name = {folded_name(row.name): row.id for row in self.kept.values()}
        self.after = dict(self.kept)
        """Everybody, as they will be."""
        self.refused = {
            table: {one.position for one in problems if one.table == table and one.position is not None}
            for table in roster_document.TABLES
        }
        """Which tables can't be taken as they are written: what would only follow from that is not told beside it."""

    def _wrong(self, table: str, position: int, key: str | None, what: str, whose: str) -> None:
        if not self._told(table, position, key):
            self.problems.append(Problem(table, position, key, what, whose))
        self.refused[table].add(position)

    def _told(self, table: str, position: int, key: str | None) -> bool:
        """Whether something was wrong there already when the document was read by itself."""
        return any((one.table, one.position, one.key) == (table, position, key) for one in self._read)

    # Staff

    def members(self) -> tuple[tuple[StaffRow | None, StaffRow], ...]:
        """Everybody who is new or changed."""
        named = [self._take(position, member) for position, member in enumerate(self.given.staff)]
        for position, person in enumerate(named):
            if person is not None:
                self._apart(position, person, [one for one in named if one is not None])
        self.by_name = {folded_name(row.name): row.id for row in self.after.values()}
        changed = [row for row in self.after.values() if row != self.kept.get(row.id)]
        for row in changed:
            self.told.append(_change(self.kept.get(row.id), row))
        return tuple((self.kept.get(row.id), row) for row in changed)

    def _take(self, position: int, member: Member) -> StaffId | None:
        """Who that is, with what is written of them; None if it can't be taken."""
        if self._told("staff", position, "name"):
            return None
        try:
            number = phone(member.phone, self.line) if member.phone else None
        except ValueError as wrong:
            self._wrong("staff", position, "phone", str(wrong), member.name)
            return None
        known = self._known(member)
        before = self.kept.get(known) if known else None
        if before is None and number is None:
            self._wrong("staff", position, "phone", "is missing: add it", member.name)
            return None
        own = StaffId(new_id()) if before is None else before.id
        row = before or StaffRow(own, member.name, number or staff.no_phone(own), False, frozenset(), ())
        verified = bool(member.verified)
        if before is not None:
            # What the file says may be so of another phone: of somebody who is known, only a code shows whose it is.
            same = number in (None, before.phone)
            verified = before.verified and same and member.verified is not False
        self.after[row.id] = replace(
            row,
            name=member.name,
            phone=number or row.phone,
            verified=verified,
            roles=frozenset(member.roles),
            languages=member.languages,
            active=member.active,
            every_page=row.every_page if member.every_page is None else member.every_page,
        )
        return row.id

    def _known(self, member: Member) -> StaffId | None:
        was = self.by_name.get(folded_name(member.was)) if member.was else None
        return was or self.by_name.get(folded_name(member.name))

    def _apart(self, position: int, person: StaffId, named: list[StaffId]) -> None:
        """Nobody else may have their name, or their phone; who is off the staff gives theirs up."""
        row = self.after[person]
        for other in [one for one in self.after.values() if one.id != person]:
            if folded_name(other.name) == folded_name(row.name):
                self._wrong("staff", position, "name", f'"{row.name}" is somebody else already', row.name)
            if other.phone != row.phone:
                continue
            if not other.active:
                self.after[other.id] = replace(other, phone=staff.no_phone(other.id), verified=False)
            elif not row.active:
                self.after[row.id] = row = replace(row, phone=staff.no_phone(row.id), verified=False)
            elif other.id in named:
                # Told once, at the later of the two.
                if named.index(other.id) < position:
                    self._wrong("staff", position, "phone", _shared(other), row.name)
            else:
                self._wrong("staff", position, "phone", _somebodys(other), row.name)

    # Schedules

    def schedules(self) -> tuple[Schedule, ...]:
        """Those that are new or changed."""
        kept = {one.name: one for one in schedules.every(self.tx)}
        wanted = [self._schedule(position, one) for position, one in enumerate(self.given.schedule)]
        changed = [one for one in wanted if one is not None and one != kept.get(one.name)]
        for one in changed:
            self.told.append(f"schedule {one.name}: {self._who(one)}")
        return tuple(changed)

    def _who(self, schedule: Schedule) -> str:
        """Who is on by it, in a few words."""
        names = {person: row.name for person, row in self.after.items()}
        said = [", ".join(names[person] for person in schedule.always)] if schedule.always else []
        for rotation in schedule.rotations:
            turns = (" and ".join(names.get(one, "?") for one in turn) or "nobody" for turn in rotation.turns)
            when = {Days.ALL: "", Days.HOLIDAYS: " on holidays", Days.OTHERS: " on other days"}[rotation.days]
            hours = f" at {', '.join(map(str, rotation.hours))}" if rotation.hours else ""
            said.append(f"{'instead' if rotation.instead else 'in turn'}{when}{hours}: {', '.join(turns)}")
        return "; ".join(said) or "nobody"

    def _schedule(self, position: int, given: OnPaper) -> Schedule | None:
        try:
            zone(given.timezone)
        except ValueError as wrong:
            self._wrong("schedule", position, "timezone", f'"{given.timezone}" {wrong}', given.name)
            return None
        rung = {*USUAL, *self._named_schedules()}
        near = get_close_matches(given.name, USUAL, n=1, cutoff=0.8) if given.name not in rung else []
        if near:
            what = f'nothing rings "{given.name}": policies look for "{near[0]}"; write that'
            self._wrong("schedule", position, "name", what, given.name)
        elif given.name not in rung:
            self.told.append(f"schedule {given.name}: no policy rings it yet")
        people = [self._person(name, "schedule", position, "always", given.name) for name in given.always]
        plan = self._plan_with_ids(position, given)
        try:
            return written_schedule.from_json(
                given.name, given.timezone, [person for person in people if person], plan
            )
        except ValueError as wrong:
            key, _, what = str(wrong).partition(": ")
            self._wrong("schedule", position, key, what, given.name)
            return None

    def _plan_with_ids(self, position: int, given: OnPaper) -> dict[str, Any]:
        """The plan, with whoever takes turns by id; what isn't in the right form is left for the reader to refuse."""
        rotations = given.plan.get("rotation")

        def inside(name: object) -> object:
            if not isinstance(name, str):
                return name
            return self._person(tidy(name), "schedule", position, "turns", given.name) or StaffId("unknown")

        def turn(names: object) -> object:
            return [inside(name) for name in names] if isinstance(names, list) else inside(names)

        def rotation(one: object) -> object:
            if isinstance(one, Mapping) and isinstance(one.get("turns"), list):
                return {**one, "turns": [turn(names) for names in one["turns"]]}
            return one

        if not isinstance(rotations, list):
            return dict(given.plan)
        return {**given.plan, "rotation": [rotation(one) for one in rotations]}

    def _named_schedules(self) -> set[str]:
        kept = [named for one in schedules.every_policy(self.tx).values() for named in one.named]
        rungs = [
            rung for one in self.given.policy for rung in _listed(one, "rung") if isinstance(rung, Mapping)
        ]
        given = [str(who) for rung in rungs for who in _listed(rung, "who")]
        return {who.partition(":")[2] for who in (*kept, *given) if who.startswith(("schedule:", "next:"))}

    def _person(self, name: str, table: str, position: int, key: str, whose: str) -> StaffId | None:
        person = self.by_name.get(folded_name(name))
        if folded_name(name) in self._refused_names():
            return person
        if person is None:
            here = [row.name for row in self.after.values() if row.active]
            known = nearest(name, here, "add them under [[staff]]")
            self._wrong(table, position, key, f'nobody on the staff is called "{name}"{known}', whose)
            return None
        row = self.after[person]
        if row.active and not row.verified and not row.is_trainee and not self._keeps(person, table, whose):
            what = (
                f'the phone of "{name}" is not verified: `hotline staff verify "{row.name}"` sends a code to it; or, '
                "for a newcomer, ring it once, and write verified = true there"
            )
            self._wrong(table, position, key, what, whose)
        return person

    def _refused_names(self) -> set[str]:
        """Who is named under [[staff]], and can't be taken as they are written."""
        return {folded_name(self.given.staff[position].name) for position in self.refused["staff"]}

    def _keeps(self, person: StaffId, table: str, whose: str) -> bool:
        """Whether they only stay where they are: on a schedule, with another phone now. Until that is verified they
        are nobody there, and the hole is told."""
        if table != "schedule":
            return False
        return any(one.name == whose and person in one.named for one in schedules.every(self.tx))

    # Needs

    def needs(self, policies: Iterable[Policy]) -> tuple[Need, ...]:
        """Those that are new or changed."""
        known = {*(one.name for one in schedules.every(self.tx)), *(one.name for one in self.given.schedule)}
        rung = {**schedules.every_policy(self.tx), **{one.subject: one for one in policies}}
        kept = {one.name: one for one in schedules.every_need(self.tx)}
        unread = {
            one.get("subject")
            for position, one in enumerate(self.given.policy)
            if position in self.refused["policy"]
        }
        read = [self._need(position, one) for position, one in enumerate(self.given.need)]
        for position, one in enumerate(read):
            on = looked_for_on(rung.get(one.subject) or default_policy(one.subject)) if one else ()
            if one is not None and one.subject not in unread and known.isdisjoint(on):
                what = f"its policy names no schedule that is there: {', '.join(on) or 'none at all'}"
                self._wrong("need", position, "line", what, one.name)
        changed = [one for one in read if one is not None and (one != kept.get(one.name))]
        changed = [one for one in changed if one.people or one.name in kept]
        for one in changed:
            what = f"{one.people} for {one.line}" if one.people else "needed no more"
            self.told.append(f"need {one.name}: {what}")
        return tuple(changed)

    def _need(self, position: int, given: dict[str, Any]) -> Need | None:
        try:
            return need_from_json(given)
        except ValueError as wrong:
            key, _, what = str(wrong).partition(": ")
            self._wrong("need", position, key, what, str(given.get("name", "")))
            return None

    # Policies

    def policies(self) -> tuple[Policy, ...]:
        """Those that are new or changed."""
        wanted = [self._policy(position, one) for position, one in enumerate(self.given.policy)]
        kept = schedules.every_policy(self.tx)
        changed = [one for one in wanted if one is not None and one != kept.get(one.subject)]
        self.told += [
            f"policy {one.subject}: {'changed' if one.subject in kept else 'new'}" for one in changed
        ]
        return tuple(changed)

    def emergencies(self, wanted: Iterable[Schedule], policies: Iterable[Policy], now: datetime) -> None:
        """An emergency must find somebody at every hour of the next two weeks. Refused is a policy of the document's by
        which it doesn't, and a document that takes from the kept one whomever it reached."""
        given = next((one for one in policies if one.subject is Subject.EMERGENCY), None)
        policy = given or schedules.every_policy(self.tx).get(Subject.EMERGENCY)
        if policy is None:
            return
        anew = {one.name: one for one in wanted}
        before = crew(self.tx).schedules
        made = {one.name: one.changes for one in before}
        after = {
            **{one.name: one for one in before},
            **{name: replace(one, changes=made.get(name, ())) for name, one in anew.items()},
        }
        place = ZoneInfo(
            self.line.timezone if self.line else next((one.timezone for one in after.values()), "UTC")
        )
        languages = self.line.languages if self.line else (Language.EN,)
        found = gaps_ahead.first_unreached(
            policy, Plans(tuple(after.values()), _able(self.after), place, languages), now
        )
        if found is None:
            return
        was = Plans(before, _able(self.kept), place, languages)
        if given is None and gaps_ahead.first_unreached(policy, was, now) is not None:
            return  # It is so already, and told: whatever else is mended need not wait for it.
        what = policy_words.unreached(found, place)
        if given is None:
            self.problems.append(Problem("policy", None, None, f"that of emergencies, as it is kept: {what}"))
        else:
            tables = enumerate(self.given.policy)
            position = next(i for i, one in tables if one.get("subject") == "emergency")
            self._wrong("policy", position, "rung", what, "emergency")

    def _policy(self, position: int, given: dict[str, Any]) -> Policy | None:
        subject = str(given.get("subject", "?"))
        if subject not in list(WITH_POLICY):
            self._wrong(
                "policy",
                position,
                "subject",
                f'"{subject}" is not known{nearest(subject, WITH_POLICY)}',
                subject,
            )
            return None
        try:
            return from_json(self._with_ids(position, given, subject))
        except ValueError as wrong:
            self._wrong("policy", position, None, str(wrong), subject)
            return None

    def _with_ids(self, position: int, given: dict[str, Any], subject: str) -> dict[str, Any]:
        """People are named on paper, and known by their ids inside."""
        rungs = given.get("rung")
        if not isinstance(rungs, list):
            return given
        known = {*(one.name for one in schedules.every(self.tx)), *(one.name for one in self.given.schedule)}

        def inside(who: object) -> object:
            kind, _, name = str(who).partition(":")
            if kind == "staff":
                return f"staff:{self._person(name, 'policy', position, 'who', subject) or 'unknown'}"
            if kind in ("schedule", "next") and name not in known:
                more = nearest(name, sorted(known), "add it under [[schedule]]")
                self._wrong("policy", position, "who", f'there is no schedule "{name}"{more}', subject)
            return who

        def rung(one: object) -> object:
            if isinstance(one, dict) and isinstance(one.get("who"), list):
                return {**one, "who": [inside(who) for who in one["who"]]}
            return one

        return {**given, "rung": [rung(one) for one in rungs]}


def _listed(table: Mapping[str, Any], key: str) -> list[Any]:
    """What is written there, if it is a list; anything else is refused by whoever reads the table."""
    found = table.get(key)
    return found if isinstance(found, list) else []


def _able(members: Mapping[StaffId, StaffRow]) -> dict[StaffId, StaffRow]:
    return {person: row for person, row in members.items() if row.active and row.can_be_rung}


def _shared(other: StaffRow) -> str:
    return (
        f"it is also {other.name}'s: a phone is one member of staff's. If two share a duty phone, make it a member of "
        'its own, such as "Duty phone", and put that on the schedule'
    )


def _somebodys(other: StaffRow) -> str:
    return (
        f'it is {other.name}\'s. If they are the same person, write was = "{other.name}" here; if {other.name} has '
        "left, list them, too, with active = false"
    )


def _change(before: StaffRow | None, after: StaffRow) -> str:
    """What becomes of somebody, in a few words; no number is shown."""
    if before is None:
        return f"{after.name}: new, {', '.join(sorted(after.roles))}"
    said = []
    if before.name != after.name:
        said.append(f"was {before.name}")
    if before.phone != after.phone:
        said.append("gives up the phone" if after.phone.is_nobodys else "another phone")
    if before.active != after.active:
        said.append("on the staff again" if after.active else "off the staff")
    if before.roles != after.roles:
        said.append(f"is now {', '.join(sorted(after.roles))}")
    if before.languages != after.languages:
        said.append(f"speaks {', '.join(after.languages)}")
    moved = before.phone != after.phone and not after.phone.is_nobodys
    if before.verified != after.verified or (moved and not after.verified):
        mend = f'phone not verified: `hotline staff verify "{after.name}"` sends a code to it'
        said.append("phone verified" if after.verified else mend)
    if before.every_page != after.every_page:
        said.append("rung at night however often" if after.every_page else "let sleep if others are there")
    return f"{after.name}: {'; '.join(said)}"


# --- taking ----------------------------------------------------------------------------------------------------


def _apply(tx: Tx, wanted: RosterPlan) -> None:
    moved = [(before, after) for before, after in wanted.members if before is not None]
    # Names and phones are somebody's one at a time: first all that are given up, then all that are taken.
    aside = {
        after.id: staff.save(tx, replace(before, name=f"~{before.id}", phone=staff.no_phone(before.id)))
        for before, after in moved
        if (before.name, before.phone) != (after.name, after.phone)
    }
    for one, after in moved:
        staff.save(tx, replace(after, version=aside.get(after.id, one).version))
    for newcomer in [after for before, after in wanted.members if before is None]:
        staff.add(tx, newcomer)
    for schedule in wanted.schedules:
        schedules.put(tx, schedule)
    for policy in wanted.policies:
        schedules.put_policy(tx, policy)
    for need in wanted.needs:
        schedules.put_need(tx, need)


# --- writing out -----------------------------------------------------------------------------------------------


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
