"""Shifts begin and end: whoever begins is tested and told what is open; who can't be reached is told of in time.

Looked at once a minute. Who is always on has no beginning, and is tested when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from hotline.model import StaffId
from hotline.oncall.at_work.shifts import SEEN, Spell, shifts
from hotline.oncall.schedule import Change, ChangeKind, Schedule, timeline, who_is_away, who_is_on
from hotline.oncall.wall_clock import said, zone
from hotline.operations import staff_member
from hotline.operations.at_work import shift_digest
from hotline.operations.due_work import Work, each
from hotline.operations.paging import duty, trial_pages
from hotline.operations.shifts import changing_shifts
from hotline.operations.shifts.changing_shifts import CannotChange
from hotline.operations.transaction import Application, Transaction
from hotline.store.overviews.crew import Crew, crew
from hotline.store.people import phone_tests
from hotline.store.people.phone_tests import PhoneTest, Result, TrialKind

LATE: Final = timedelta(hours=1)
"""Nobody is tested, or told, because of a shift that began, or ended, longer ago: no clock ran then."""
_KNOWN: Final = timedelta(hours=36)
"""How far it is looked for a shift's end; nobody stands in longer for somebody who can't be reached."""
_LONG: Final = (timedelta(days=14), SEEN)
"""How far for the end of one that goes on longer, such as a week's."""
_AHEAD: Final = timedelta(days=14)
_MINUTE: Final = timedelta(minutes=1)
_NO_MORE: Final = "not planned yet"
_WHY: Final = {
    Result.UNANSWERED: "did not answer",
    Result.CANNOT: "can't work",
    Result.UNVERIFIED: "has no verified phone",
}


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be done."""

    begun: tuple[Spell, ...]
    unready: tuple[str, ...]
    over: tuple[str, ...]
    """Ids of tests."""


def watch(application: Application) -> int:
    """See to every shift that has begun or ended, and to every test that went unanswered; how many there were.

    To be called every minute or so. Raises StoreError.
    """
    found = application.look(_find)
    work: list[Work] = [*each(_begin, found.begun), *each(_stand_in, found.unready), *each(_end, found.over)]
    for one in work:
        application.change(one)
    return len(work)


def _find(transaction: Transaction) -> Found:
    here, now = crew(transaction.tx), transaction.now
    watched = phone_tests.watched(transaction.tx)
    on_now = _on_now(here, now)
    known = {one.id for one in watched}
    fresh = (one for one in on_now if one.starts > now - LATE and _id(one) not in known)
    working = {one.person for one in on_now}
    return Found(
        begun=tuple(fresh),
        unready=tuple(one.id for one in watched if _is_unready(one) and one.staff_id in working),
        over=tuple(one.id for one in watched if one.staff_id not in working),
    )


def _on_now(here: Crew, now: datetime) -> list[Spell]:
    """The shifts of this moment. One whose beginning is not seen began too long ago to matter."""
    members = {one.id for one in here.members if not one.is_trainee}
    found = shifts(here.schedules, now - LATE - _MINUTE, now + _KNOWN)
    return [one for one in found if one.person in members and one.starts <= now < one.ends]


def _id(shift: Spell) -> str:
    return f"{shift.person} {shift.starts.isoformat()}"


def _is_unready(one: PhoneTest) -> bool:
    return one.result in _WHY and one.dealt_at is None


# --- a shift begins --------------------------------------------------------------------------------------------


def _whole(here: Crew, shift: Spell, now: datetime) -> Spell:
    """With its own end, if it is known within two months."""
    for ahead in _LONG:
        if shift.ends < now + _KNOWN:
            break
        found = shifts(here.schedules, shift.starts, now + ahead)
        shift = next((one for one in found if one.person == shift.person), shift)
        if shift.ends < now + ahead:
            break
    return shift


def _begin(transaction: Transaction, shift: Spell) -> None:
    shift = _whole(crew(transaction.tx), shift, transaction.now)
    readiness = transaction.settings.centre.readiness
    member = staff_member.known(transaction, shift.person)
    at_once = Result.UNVERIFIED if not member.verified else Result.NOT_ASKED
    asked = member.verified and readiness.test_at_shift_start
    one = PhoneTest(
        id=_id(shift),
        staff_id=shift.person,
        kind=TrialKind.SHIFT,
        escalation_id=None,
        begun_at=transaction.now,
        ended_at=None if asked else transaction.now,
        result=None if asked else at_once,
        shift_starts=shift.starts,
        shift_ends=shift.ends,
        watched=True,
    )
    if not phone_tests.add_if_new(transaction.tx, one):
        return
    if asked:
        trial_pages.begin_shift(transaction, one)
    if readiness.digest and member.verified:
        shift_digest.begins(transaction, shift)


def _named(schedules: Iterable[str]) -> str:
    return " and ".join(schedules)


# --- somebody can't be reached ---------------------------------------------------------------------------------


def _stand_in(transaction: Transaction, test_id: str) -> None:
    """Whoever is next on their schedules is put on as well, or instead if they can't work; supervisors are told."""
    here, now = crew(transaction.tx), transaction.now
    one = next(
        (one for one in phone_tests.watched(transaction.tx) if one.id == test_id and _is_unready(one)), None
    )
    shift = next((s for s in _on_now(here, now) if one is not None and s.person == one.staff_id), None)
    if one is None or one.result is None or shift is None:
        return
    phone_tests.save(transaction.tx, replace(one, dealt_at=now))
    theirs = [s for s in here.schedules if one.staff_id in who_is_on(s, now)]
    backups = [_backup(transaction, schedule, one, shift) for schedule in theirs]
    put_on = list(dict.fromkeys(staff_member.known(transaction, b).name for b in backups if b is not None))
    place = zone(transaction.settings.centre.line.timezone)
    words = transaction.text(
        "supervisor_unready" if put_on else "supervisor_unready_alone",
        WHO=staff_member.known(transaction, one.staff_id).name,
        WHAT=_WHY[one.result],
        SCHEDULE=_named(s.name for s in theirs),
        BACKUP=_named(put_on),
        UNTIL=said(shift.ends, place),
    )
    for person in duty.supervisors(transaction):
        if person != one.staff_id:
            staff_member.text(transaction, person, words)


def _backup(transaction: Transaction, schedule: Schedule, one: PhoneTest, shift: Spell) -> StaffId | None:
    """Who is put on; None if nobody may be."""
    instead = one.result is Result.CANNOT
    for person in _next_ones(transaction, schedule):
        change = Change(
            kind=ChangeKind.INSTEAD if instead else ChangeKind.ON,
            person=person,
            starts=transaction.now,
            ends=shift.ends,
            instead_of=one.staff_id if instead else None,
        )
        try:
            changing_shifts.make(transaction, change, schedule.name)
        except CannotChange:
            continue
        return person
    return None


def _next_ones(transaction: Transaction, schedule: Schedule) -> Iterator[StaffId]:
    """Whoever comes next by this schedule, is not on by it now, and could be reached as far as is known."""
    now = transaction.now
    unready = {one.staff_id for one in phone_tests.watched(transaction.tx) if one.result in _WHY}
    able = {one.id for one in crew(transaction.tx).members if one.can_be_rung} - unready
    on = {*who_is_on(schedule, now), *who_is_away(schedule, now)}
    coming = (person for stretch in timeline(schedule, now, now + _AHEAD) for person in stretch.people)
    yield from dict.fromkeys(person for person in coming if person in able and person not in on)


# --- a shift ends ----------------------------------------------------------------------------------------------


def _end(transaction: Transaction, test_id: str) -> None:
    one = next((one for one in phone_tests.watched(transaction.tx) if one.id == test_id), None)
    if one is None:
        return
    if one.result is None and one.escalation_id is not None:
        # The shift was over, or somebody else's, before anybody had answered.
        trial_pages.let_be(transaction, one.escalation_id)
        one = replace(one, ended_at=transaction.now, result=Result.NOT_ASKED)
    phone_tests.save(transaction.tx, replace(one, watched=False))
    member = staff_member.known(transaction, one.staff_id)
    long_ago = one.shift_ends is not None and transaction.now - one.shift_ends > LATE
    if (
        not transaction.settings.centre.readiness.digest
        or not (member.verified and member.active)
        or long_ago
    ):
        return
    shift_digest.ends(transaction, one.staff_id)
