"""A walk through: somebody on the staff is called as a caller is whom we ring back, and hears the same words.

Nothing comes of it: no contact, no callback, no page. What a key does is said and not done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hotline import paths
from hotline.effects import Origin, OriginKind, PlaceCall, Urgency
from hotline.model import AuditAction, AuditKind, Channel, StaffId
from hotline.operations.transaction import Transaction
from hotline.settings.centre import Opening
from hotline.store.people.staff import StaffRow
from hotline.triage.call import outbound
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.menu import EMERGENCY_KEY, SOMEBODY_ELSE_KEY, YES_KEY
from hotline.triage.turn import Spoken
from hotline.worded import worded

_TRIES: Final = 3
"""As often as a caller is asked."""
_ENDS: Final = Spoken("walk_ends")


@dataclass(frozen=True, slots=True)
class WalkAnswer:
    """What they hear; the last words ask for a key, unless the call is over."""

    words: tuple[Spoken, ...]
    over: bool = False


class CannotWalk(ValueError):
    """Their phone can't be called; the message says why, for the person who asked."""


def ask(transaction: Transaction, row: StaffRow, by: StaffId | None = None) -> None:
    """Call their phone from the number from which callers are rung back. Raises CannotWalk."""
    if not row.can_be_rung:
        raise CannotWalk(
            worded(
                "%(name)s's phone can't be rung: is it verified, and are they on the staff?", name=row.name
            )
        )
    line = transaction.settings.centre.line
    seconds = int(transaction.settings.centre.waits.caller_ring.total_seconds())
    call = PlaceCall(
        row.phone, paths.walk(row.id), paths.phone_code_status(row.id), seconds, from_=line.numbers[0]
    )
    transaction.send(call, about=Origin(OriginKind.STAFF, row.id), urgency=Urgency.URGENT)
    transaction.audit(AuditAction.TESTED, AuditKind.STAFF, row.id, by=by, detail="walk through")


def begins(transaction: Transaction) -> WalkAnswer:
    """They have picked up."""
    person = transaction.settings.centre.callbacks.opening is Opening.PERSON
    first = (Spoken("walk_begins"), *((Spoken("walk_person"),) if person else ()))
    return WalkAnswer((*first, *_question(transaction)))


def pressed(transaction: Transaction, key: str | None, tries: int) -> WalkAnswer:
    """They have pressed a key, or none."""
    if key in (YES_KEY, EMERGENCY_KEY):
        return WalkAnswer((Spoken("getting_person"), Spoken("waiting_ringing"), _ENDS), over=True)
    if key == SOMEBODY_ELSE_KEY:
        return WalkAnswer((Spoken("someone_else"), _ENDS), over=True)
    return WalkAnswer(_question(transaction)) if tries + 1 < _TRIES else WalkAnswer((_ENDS,), over=True)


def _question(transaction: Transaction) -> tuple[Spoken, ...]:
    """The rule's own words."""
    line = transaction.settings.centre.line
    called = Contact(Channel.VOICE, ContactState.ASKED_FOR_CALL, outbound=True)
    return outbound.question(called, Facts(our_number=line.numbers[0], registered_name=line.business))
