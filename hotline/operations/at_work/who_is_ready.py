"""Who could be reached if something happened now, since when somebody can't be, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hotline.model import StaffId
from hotline.oncall.at_work.readiness import LastTimes, Readiness, State, judge
from hotline.oncall.schedule import who_is_on
from hotline.operations.keeping import backup_age
from hotline.operations.paging import night_guard
from hotline.operations.policies import met_first
from hotline.operations.policies.met_first import RungNow
from hotline.operations.transaction import Transaction
from hotline.store.overviews.crew import crew
from hotline.store.people import phone_codes, phone_tests, stray_codes
from hotline.store.people.phone_tests import PhoneTest, Result
from hotline.store.people.staff import StaffRow
from hotline.store.people.stray_codes import StrayCode
from hotline.store.reports import failed_texts, night_pages, reached
from hotline.store.reports.failed_texts import FailedTexts
from hotline.store.reports.reached import Reached
from hotline.store.upkeep import unowned
from hotline.store.upkeep.unowned import Unowned
from hotline.worded import worded

LOOKED_AT: Final = timedelta(days=14)
"""How long ago the last call may have been that says anything."""
MEND: Final[Mapping[State, str]] = {
    State.UNVERIFIED: worded("Send a code to the phone, and type it in."),
    State.UNREACHED: worded(
        "Ask them another way whether they were only away from it: else their phone must let our number "
        "through Do Not Disturb. Then send a test page; any key settles it."
    ),
    State.CANNOT: worded("Put somebody else on. When they can work again, send a test page."),
    State.UNTRIED: worded("Send a test page."),
    State.READY: "",
}


@dataclass(frozen=True, slots=True)
class OfSomebody:
    """How one member of staff stands."""

    member: StaffRow
    readiness: Readiness
    on_now: bool
    scheduled: bool
    """They are on a schedule at any time."""
    testing: bool
    """A test page is on its way."""
    rung_last_night: int
    """How many pages they have answered."""
    code_until: datetime | None
    """A code for their phone counts until then."""
    texts_fail: FailedTexts | None = None
    """The last texts to them did not arrive."""


@dataclass(frozen=True, slots=True)
class ReadinessFound:
    """Everybody, the worst first, and of those alike whoever is on now."""

    now: datetime
    people: tuple[OfSomebody, ...]
    unowned: tuple[Unowned, ...]
    """What is open and has nobody: there should be nothing."""
    strays: tuple[StrayCode, ...] = ()
    """Codes that came from the wrong phone, and nobody has seen to."""
    backups: tuple[str, ...] = ()
    """What is wrong about backups, in words for whoever runs the server."""
    meets: tuple[RungNow, ...] = ()
    """Whom an emergency would meet that begins now."""


def look(transaction: Transaction) -> ReadinessFound:
    """As far as it is known at this moment. A few statements, however many there are."""
    here, now = crew(transaction.tx), transaction.now
    on_now = {person for one in here.schedules for person in who_is_on(one, now)}
    scheduled = {person for one in here.schedules for person in one.named}
    calls = reached.since(transaction.tx, now - LOOKED_AT)
    rung = night_pages.between(transaction.tx, *night_guard.last(transaction))
    failing = failed_texts.since(transaction.tx, now - LOOKED_AT)
    tests: dict[StaffId, list[PhoneTest]] = {}
    for one in phone_tests.since(transaction.tx, now - LOOKED_AT):
        tests.setdefault(one.staff_id, []).append(one)
    found = [
        OfSomebody(
            member=member,
            readiness=judge(
                member.id, _last(member, calls.get(member.id, Reached()), tests.get(member.id, []))
            ),
            on_now=member.id in on_now,
            scheduled=member.id in scheduled,
            testing=any(one.ended_at is None for one in tests.get(member.id, [])),
            rung_last_night=rung.get(member.id, 0),
            code_until=_code(transaction, member),
            texts_fail=failing.get(member.id),
        )
        for member in here.members
        if not member.is_trainee
    ]
    worst_first = list(State)
    found.sort(key=lambda one: (worst_first.index(one.readiness.state), not one.on_now, not one.scheduled))
    return ReadinessFound(
        now,
        tuple(found),
        tuple(unowned.look(transaction.tx, now)),
        tuple(stray_codes.unseen(transaction.tx)),
        tuple(one.words for one in backup_age.look(transaction).problems),
        met_first.look(transaction),
    )


def _last(member: StaffRow, calls: Reached, tests: list[PhoneTest]) -> LastTimes:
    by_code = [one.ended_at for one in tests if one.result is Result.CODE]
    last = next((one for one in reversed(tests) if one.result is not None), None)
    return LastTimes(
        verified=member.verified,
        answered_at=calls.answered_at,
        text_answered_at=by_code[-1] if by_code else None,
        missed=calls.missed,
        missed_since=calls.missed_since,
        rung_at=calls.rung_at,
        test_unanswered_at=last.ended_at if last is not None and last.result is Result.UNANSWERED else None,
        cannot_since=last.ended_at if last is not None and last.result is Result.CANNOT else None,
    )


def _code(transaction: Transaction, member: StaffRow) -> datetime | None:
    if member.verified:
        return None
    one = phone_codes.get(transaction.tx, member.id)
    counts = one is not None and one.phone == member.phone and one.until > transaction.now
    return one.until if one is not None and counts else None
