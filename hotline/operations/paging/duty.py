"""Who is on duty now, for which policy, and whose phone is in use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hotline.model import EscalationId, Language, PhoneNumber, Role, StaffId, Subject
from hotline.oncall import attention
from hotline.oncall import policy as policies
from hotline.oncall.attention import Attention, StaffCall, Stage
from hotline.oncall.escalation import People
from hotline.oncall.policy import EVERYONE, Policy
from hotline.oncall.schedule import Schedule, who_is_next, who_is_on
from hotline.oncall.wall_clock import zone
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageState
from hotline.store.overviews import crew, staff_calls
from hotline.store.overviews.telephones import PhoneInUse
from hotline.store.people.staff import StaffRow

HOLDS_FOR: Final = timedelta(seconds=150)
"""How long the last sign of a call keeps its telephone busy. The carrier is asked for another one long before."""


def themselves(transaction: Transaction, row: EscalationRow) -> StaffId | None:
    """Who of the staff is the caller of this, if anybody: nobody is rung for themselves."""
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    return of_number(transaction, origin.caller if origin is not None else None)


def of_number(transaction: Transaction, number: PhoneNumber | None) -> StaffId | None:
    """Whose telephone this is, if it is anybody's on the staff."""
    member = crew.crew(transaction.tx).by_phone(number) if number is not None else None
    return member.id if member is not None else None


def policy_for(transaction: Transaction, subject: Subject) -> Policy:
    """The centre's own policy, or the default."""
    own = crew.crew(transaction.tx).policies.get(subject)
    if own is None and subject is Subject.CLINICIAN:
        emergency = policy_for(transaction, Subject.EMERGENCY)
        passed = emergency.passed(transaction.now, clock_of(transaction), None)
        return policies.clinician_policy(emergency, passed)
    centre = transaction.settings.centre
    return own or policies.default_policy(
        subject, pause=centre.retries.staff_round_pause, read_within=centre.promises.thread
    )


def clock_of(transaction: Transaction) -> ZoneInfo:
    """The centre's zone: by its clock the hours of rungs are meant."""
    return zone(transaction.settings.centre.line.timezone)


def people(
    transaction: Transaction,
    policy: Policy,
    *,
    besides: EscalationId | None = None,
    language: Language | None = None,
    wants: Attention | None = None,
    but: StaffId | None = None,
) -> People:
    """Who is on now for every rung that holds, whose phone can't be had for something that `wants` so much (as the
    policy's subject does, if not said), beside the escalation `besides`, and who speaks `language`. `but`: who is not
    meant, for they are the caller."""
    found = _now(transaction, policy, but, language)
    busy = attention.occupied(calls(transaction), wants or attention.wanted(policy.subject), besides)
    return replace(found, busy=busy)


def _now(transaction: Transaction, policy: Policy, but: StaffId | None, language: Language | None) -> People:
    members, plans = able(transaction, policy.subject, but), crew.crew(transaction.tx).schedules
    return people_at(policy, plans, members, transaction.now, clock_of(transaction), language)


def able(transaction: Transaction, subject: Subject, but: StaffId | None = None) -> dict[StaffId, StaffRow]:
    """Whoever may be rung for such a thing at all."""
    members = {
        member.id: member
        for member in crew.crew(transaction.tx).members
        if member.can_be_rung and member.id != but
    }
    if subject is Subject.CLINICIAN:
        members = {person: member for person, member in members.items() if Role.CLINICIAN in member.roles}
    return members


def people_at(
    policy: Policy,
    schedules: Iterable[Schedule],
    members: Mapping[StaffId, StaffRow],
    at: datetime,
    place: ZoneInfo,
    language: Language | None,
) -> People:
    """Who of `members` is on at a moment (aware) for every rung that holds then by the clock of `place`, and who speaks
    the caller's language (None: it is not known, and no rung is passed for it). Nobody is busy."""
    plans = {schedule.name: schedule for schedule in schedules}
    passed = policy.passed(at, place, language)
    on = {
        who: tuple(person for person in _named(who, plans, members, at) if person in members)
        for who in policy.named_but(passed)
    }
    speak = frozenset(member.id for member in members.values() if language in member.languages)
    return People(on=on, busy=frozenset(), speak=speak, passed=passed)


def whom(
    transaction: Transaction,
    policy: Policy,
    *,
    but: StaffId | None = None,
    language: Language | None = None,
) -> frozenset[StaffId]:
    """Whoever this policy would reach now for a caller of this language, on any rung, busy or not; `but` the caller
    themselves."""
    return everybody(_now(transaction, policy, but, language))


def everybody(people: People) -> frozenset[StaffId]:
    """Whoever is on for any rung."""
    return frozenset(person for several in people.on.values() for person in several)


_STAGE: Final = {PageState.ANSWERED: Stage.PICKED_UP, PageState.ACCEPTED: Stage.TALKS}


def calls(transaction: Transaction) -> list[StaffCall]:
    """Whose phone rings or is in use now, and for what. That somebody is busy is a claim, and expires."""
    return [
        StaffCall(
            call.page.staff_id,
            call.page.escalation_id,
            _wants(transaction, call),
            _STAGE.get(call.page.state, Stage.RINGS),
        )
        for call in staff_calls.all_open(transaction.tx)
        if call.last_sign + HOLDS_FOR > transaction.now
    ]


def _wants(transaction: Transaction, call: PhoneInUse) -> Attention:
    late = call.promised_at is not None and call.promised_at < transaction.now
    return attention.wanted(call.subject, late=late, own=call.owner == call.page.staff_id)


def _named(
    who: str, plans: Mapping[str, Schedule], members: Mapping[StaffId, StaffRow], at: datetime
) -> tuple[StaffId, ...]:
    kind, _, name = who.partition(":")
    match kind:
        case "schedule":
            return who_is_on(plans[name], at) if name in plans else ()
        case "next":
            return who_is_next(plans[name], members, at) if name in plans else ()
        case _ if kind == EVERYONE:
            return tuple(members)
        case "role":
            return tuple(member.id for member in members.values() if Role(name) in member.roles)
        case _:
            return (StaffId(name),)


def language_of(transaction: Transaction, row: EscalationRow) -> Language:
    """What the caller speaks, as far as they have said by now."""
    return languages_of(transaction, row)[0]


def languages_of(transaction: Transaction, row: EscalationRow) -> tuple[Language, ...]:
    """What the caller speaks, as far as they have said by now; in an emergency of calls, on the last of them. Who wrote
    for help in another language than English speaks that one, whatever they have written since: that comes second."""
    now = contacts.language(transaction.tx, row.contact_id) if row.contact_id else None
    if row.contact_id is None or now is None:
        return (row.language,)
    if not contacts.is_text(transaction.tx, row.contact_id):
        return (row.language if row.escalation.subject is Subject.EMERGENCY else now,)
    return (now,) if row.language is Language.EN else tuple(dict.fromkeys((row.language, now)))


def supervisors(transaction: Transaction) -> tuple[StaffId, ...]:
    """Whom to tell that something can't be kept: supervisors on duty; if none are, all there are, or the admins."""
    on = people(transaction, policies.late_policy()).on.get("schedule:supervisors", ())
    if on:
        return on
    members = [member for member in crew.crew(transaction.tx).members if member.can_be_rung]
    for role in (Role.SUPERVISOR, Role.ADMIN):
        theirs = tuple(member.id for member in members if role in member.roles)
        if theirs:
            return theirs
    return ()


def anybody_on(
    transaction: Transaction,
    subject: Subject,
    *,
    but: StaffId | None = None,
    language: Language | None = None,
) -> bool:
    """Whether the policy for this subject would reach anybody at all now for a caller of this language, `but` the
    caller themselves."""
    return bool(whom(transaction, policy_for(transaction, subject), but=but, language=language))


def without(people: People, known: Collection[StaffId]) -> People:
    """The same, but these people are not on for anything."""
    on = {who: tuple(one for one in several if one not in known) for who, several in people.on.items()}
    return replace(people, on=on)


def on_shift(transaction: Transaction) -> dict[str, tuple[str, ...]]:
    """The names of who is on now, by schedule; whoever looks on stands beside them."""
    here = crew.crew(transaction.tx)
    return {
        schedule.name: tuple(
            f"{one.name} (trainee)" if one.is_trainee else one.name
            for one in here.on(schedule, transaction.now)
        )
        for schedule in here.schedules
    }
