"""A caller who stops answering: since when, and the ten digits of the dispatch centre where they are.

People dial those from their own phone. A call of ours would show a number whose registered address is the centre's, and
is never placed. Where somebody is stands in their record, as they said it or as it was noted; an area code is only a
hint, for people keep their numbers when they move.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from hotline.callbacks.admissions import RecordField
from hotline.lettering import folded
from hotline.model import AuditAction, AuditKind, ContactId, PhoneNumber, StaffId, TimelineWord
from hotline.operations.callbacks import admissions_talk
from hotline.operations.transaction import Transaction
from hotline.referral.directory_entry import DirectoryEntry, ReferralKind
from hotline.store.cases import contacts, timeline
from hotline.store.overviews import crew
from hotline.store.people import directory

DISPATCH_AFTER: Final = timedelta(minutes=1)
"""No answer for so long, and the local emergency number is called (SafeSpot's rule for a silent line)."""
_SILENCE: Final = (
    TimelineWord.STOPPED_ANSWERING,
    TimelineWord.ANSWERS_AGAIN,
    TimelineWord.DISPATCH_CALLED,
)
_AREA: Final = 5
"""Of a North American number: the plus sign, the 1 and the area code."""


@dataclass(frozen=True, slots=True)
class LocalDispatch:
    """What is known of where they are, and whom to dial. Times are UTC."""

    where: str = field(repr=False)
    """As it is written in their record; empty: nobody has asked yet."""
    theirs: tuple[DirectoryEntry, ...]
    """The dispatch centres of the towns that are named there."""
    hints: tuple[DirectoryEntry, ...]
    """Those whose numbers have the area code of the caller's; only where the town isn't known."""
    known: int
    """How many dispatch centres are in the directory at all."""
    silent_since: datetime | None
    called_at: datetime | None = None
    """When the dispatch centre was called since then, as somebody has said; of one who answers again, when it was
    called last: help may be on its way to them."""
    called_by: str | None = None
    answers_since: datetime | None = None
    """When they answered again, if they had stopped."""

    @property
    def due_at(self) -> datetime | None:
        """When the dispatch centre is to be called, if they stay silent; None if it has been."""
        if self.silent_since is None or self.called_at is not None:
            return None
        return self.silent_since + DISPATCH_AFTER


def look(transaction: Transaction, contact_id: ContactId) -> LocalDispatch | None:
    """For the page of this contact; None if there is none."""
    row = contacts.get(transaction.tx, contact_id)
    if row is None:
        return None
    where = admissions_talk.look(transaction, row).answers.get(RecordField.WHERE, "")
    every = [one for one in directory.every(transaction.tx) if _is_dispatch(one)]
    theirs = tuple(one for one in every if _named(one, where))
    hints = () if theirs else tuple(_near(every, row.caller))
    told = [one for one in timeline.of(transaction.tx, contact_id=contact_id) if one.what in _SILENCE]
    last = told[-1] if told else None
    found = LocalDispatch(where, theirs, hints, len(every), None)
    if last is None:
        return found
    called = next((one for one in reversed(told) if one.what == TimelineWord.DISPATCH_CALLED), None)
    if last.what == TimelineWord.ANSWERS_AGAIN:
        found = replace(found, answers_since=last.at)
    else:
        silent = next(one.at for one in reversed(told) if one.what == TimelineWord.STOPPED_ANSWERING)
        found = replace(found, silent_since=silent)
        called = called if last.what == TimelineWord.DISPATCH_CALLED else None
    if called is None:
        return found
    return replace(found, called_at=called.at, called_by=_name(transaction, called.by_staff))


def _name(transaction: Transaction, person: StaffId | None) -> str | None:
    return crew.names(transaction.tx).get(person) if person is not None else None


def _is_dispatch(entry: DirectoryEntry) -> bool:
    return entry.active and ReferralKind.DISPATCH in entry.kinds


def _named(entry: DirectoryEntry, where: str) -> bool:
    """Whether one of its towns is named there, as whole words."""
    words = f" {' '.join(_letters(where).split())} "
    return any(f" {' '.join(_letters(town).split())} " in words for town in entry.towns)


def _letters(text: str) -> str:
    return "".join(sign if sign.isalnum() else " " for sign in folded(text))


def _near(every: Iterable[DirectoryEntry], caller: PhoneNumber | None) -> Iterable[DirectoryEntry]:
    area = caller.e164[:_AREA] if caller is not None and caller.e164.startswith("+1") else None
    return [one for one in every if area and any(number.startswith(area) for number in one.numbers)]


def say(transaction: Transaction, contact_id: ContactId, by: StaffId, what: TimelineWord) -> bool:
    """Somebody says that they have stopped answering, that their dispatch centre was called, or that they answer again
    (`what`); whether that is new."""
    row = contacts.get(transaction.tx, contact_id)
    found = look(transaction, contact_id)
    if row is None or found is None:
        return False
    begins, again = what is TimelineWord.STOPPED_ANSWERING, what is TimelineWord.DISPATCH_CALLED
    if (found.silent_since is None) is not begins or (again and found.due_at is None):
        return False
    transaction.note(what, contact=contact_id, escalation=row.escalation_id, by=by)
    transaction.audit(AuditAction.SILENT_CALLER, AuditKind.CONTACT, contact_id, by=by, detail=what)
    return True
