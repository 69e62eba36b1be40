"""Who opens a case that isn't theirs says why. That keeps nobody from an emergency: there it is asked afterwards."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

from hotline.model import AuditAction, AuditKind, ContactId, Line, StaffId, Subject, TimelineWord
from hotline.operations.paging import duty
from hotline.operations.texts import case_story
from hotline.operations.texts.threads import Thread
from hotline.operations.transaction import Transaction, new_id
from hotline.store.looking_back import look_reasons
from hotline.store.looking_back.look_reasons import GivenReason, LookReason

HOLDS: Final = timedelta(hours=12)
"""A reason that was given for a case holds for a shift."""
LONGEST: Final = 300
_STILL_ON: Final = timedelta(hours=24)
"""So long after the last thing that happened about it, a case is still the duty's."""
_WORK: Final = frozenset(
    {
        case_story.RANG,
        case_story.TEXTED,
        TimelineWord.CLAIMED,
        TimelineWord.RELEASED,
        TimelineWord.OWN_PHONE,
        TimelineWord.ACCEPTED,
        TimelineWord.DECLINED,
        TimelineWord.CLAIMED_BY_TEXT,
        TimelineWord.SECOND_ASKED,
        TimelineWord.SECOND_KNOWS,
        TimelineWord.OFFERED,
        TimelineWord.OFFER_REFUSED,
        TimelineWord.HANDED_OVER,
        TimelineWord.TAKEN_OVER,
        TimelineWord.EMERGENCY_CLOSED,
        TimelineWord.EMERGENCY_RAISED,
        TimelineWord.THREAD_CLOSED,
        TimelineWord.EMERGENCY_REOPENED,
        TimelineWord.THREAD_REOPENED,
        TimelineWord.HELP_ASKED,
        TimelineWord.HELP_COMES,
        TimelineWord.TEXT_WRITTEN,
        TimelineWord.TEXT_RELAYED,
        TimelineWord.LISTENER_JOINED,
    }
)
"""What makes a case somebody's own: they had it, were asked to take it, or were on the line. A note, a judgement, a
file that was downloaded, a record that was filled in, an outcome that was put right or a case that was merged with it
are no such thing: whoever may look once could make any case their own by them."""
_ADMISSIONS: Final = (Subject.CALLBACK, Subject.THREAD)
_CLINICAL: Final = (Subject.EMERGENCY, Subject.CLINICIAN)
_OF_LINE: Final = {
    Line.ADMISSIONS: Subject.ADMISSIONS,
    Line.FAMILY: Subject.FAMILY,
    Line.PERSON: Subject.PERSON,
}


class WhenAsked(StrEnum):
    """Whether a reason is asked, and when."""

    NOT = "not"
    FIRST = "first"
    AFTER = "after"
    """An emergency is open: whoever looks looks."""


def when(transaction: Transaction, thread: Thread, viewer: StaffId) -> WhenAsked:
    """Whether this person is asked why they look at this case now."""
    if _is_own(thread, viewer) or _is_the_dutys(transaction, thread, viewer):
        return WhenAsked.NOT
    said = look_reasons.last_at(transaction.tx, thread.contact, viewer)
    if said is not None and transaction.now - said < HOLDS:
        return WhenAsked.NOT
    return WhenAsked.AFTER if _is_emergency(thread) else WhenAsked.FIRST


def give(transaction: Transaction, contact: ContactId, by: StaffId, reason: LookReason, words: str) -> bool:
    """Keep why they look; False if it takes words and there are none, or too many."""
    words = words.strip()
    if len(words) > LONGEST or (reason is LookReason.OTHER and not words):
        return False
    one = GivenReason(new_id(), contact, by, transaction.now, reason, words or None)
    look_reasons.add(transaction.tx, one)
    transaction.audit(AuditAction.REASON_GIVEN, AuditKind.CONTACT, contact, by=by, detail=reason.value)
    return True


def _is_own(thread: Thread, viewer: StaffId) -> bool:
    """They have it, had it, help with it, are asked to take it, were rung for it, or have worked on it."""
    if thread.theirs or thread.writes is not None or any(one.offered for one in thread.open):
        return True
    if thread.closed is not None and thread.closed.mine:
        return True
    wrote = any(message.by_staff == viewer for message, _ in thread.said)
    return wrote or any(line.by_staff == viewer and line.what in _WORK for line, _ in thread.happened)


def _is_the_dutys(transaction: Transaction, thread: Thread, viewer: StaffId) -> bool:
    """Something about it goes on, or did a day ago, and they are on for such things now."""
    happened = (line for line, _ in thread.happened if line.by_staff is None or line.what in _WORK)
    last = max((line.at for line in happened), default=None)
    goes_on = bool(thread.open) or thread.owed is not None or thread.live is not None
    if not goes_on and (last is None or transaction.now - last > _STILL_ON):
        return False
    subjects = _CLINICAL if _is_emergency(thread) or thread.line is Line.EMERGENCY else _ADMISSIONS
    of_line = (_OF_LINE[thread.line],) if thread.line in _OF_LINE else ()
    policies = (duty.policy_for(transaction, subject) for subject in (*of_line, *subjects))
    return any(viewer in duty.whom(transaction, policy) for policy in policies)


def _is_emergency(thread: Thread) -> bool:
    return any(one.subject is Subject.EMERGENCY for one in thread.open)
