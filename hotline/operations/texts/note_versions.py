"""Notes of colleagues, and how their writers put them right: what stood there before stays readable.

A note is a line of the timeline, and no line is ever changed: a new version is a line of its own, which names the note.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from hotline.model import AuditAction, AuditKind, ContactId, StaffId, TimelineWord
from hotline.operations.texts.threads import LONGEST_NOTE, Held
from hotline.operations.transaction import Transaction
from hotline.store.cases import timeline
from hotline.store.cases.timeline import TimelineRow

_BREAK: Final = "\n"


@dataclass(frozen=True, slots=True)
class NoteVersion:
    """One version of a note. `at` is UTC."""

    at: datetime
    words: str = field(repr=False)


def versions(happened: Iterable[TimelineRow]) -> dict[int, tuple[NoteVersion, ...]]:
    """Of each note all its versions, the oldest first."""
    found: dict[int, tuple[NoteVersion, ...]] = {}
    for one in happened:
        if one.what == TimelineWord.NOTE and one.id is not None:
            found[one.id] = (NoteVersion(one.at, one.detail or ""),)
        if one.what == TimelineWord.NOTE_CHANGED:
            of, _, words = (one.detail or "").partition(_BREAK)
            if of.isdecimal() and int(of) in found:
                found[int(of)] = (*found[int(of)], NoteVersion(one.at, words))
    return found


def change(
    transaction: Transaction, contact_id: ContactId, note: int, was: str, words: str, by: StaffId
) -> Held | None:
    """Put a note of one's own right; None if it stands so now. `was`: what stood there when they began."""
    words = words.strip()
    if not words or len(words) > LONGEST_NOTE:
        return Held.TOO_LONG if words else Held.EMPTY
    told = timeline.of(transaction.tx, contact_id=contact_id)
    theirs = next((one for one in told if one.id == note and one.what == TimelineWord.NOTE), None)
    if theirs is None:
        return Held.OVER
    if theirs.by_staff != by:
        return Held.NOT_YOURS
    stands = versions(told)[note][-1].words
    if words == stands:
        return None
    if _plain(was) != _plain(stands):
        return Held.CHANGED
    transaction.note(TimelineWord.NOTE_CHANGED, contact=contact_id, detail=f"{note}{_BREAK}{words}", by=by)
    transaction.audit(AuditAction.NOTE, AuditKind.CONTACT, contact_id, by=by, detail="changed")
    return None


def _plain(words: str) -> str:
    """As forms send line breaks, and as we keep them."""
    return words.replace("\r\n", "\n").strip()
