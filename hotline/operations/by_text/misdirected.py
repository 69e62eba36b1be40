"""A code that came from another phone than it was given to, or that nobody was given: nothing is done by it.

A code is for one person's phone. From another one it says that somebody reads what isn't theirs, or that a phone is in
other hands: supervisors are told, once an hour for as long as it goes on, and it stands on their board until one of
them has seen to it. A code that nobody was given is a slip, and counted; several of them are tries, and told too.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from hotline.model import AuditAction, AuditKind, StaffId
from hotline.operations import staff_member
from hotline.operations.paging import duty
from hotline.operations.transaction import Transaction, new_id
from hotline.store.cases import pages
from hotline.store.duty import shift_asks
from hotline.store.people import phone_codes, stray_codes
from hotline.store.people.stray_codes import GUESSES, StrayCode
from hotline.store.upkeep import tallies
from hotline.triage.texts.staff_replies import understood

GIVEN_WITHIN: Final = timedelta(hours=24)
"""How long a page's code is taken for the one that was given: there are not so many that none comes by chance."""
TOLD_AGAIN: Final = timedelta(hours=1)
_OUTSIDE: Final = "a phone that nobody here has"


def from_staff(transaction: Transaction, person: StaffId, code: str) -> str | None:
    """What somebody on the staff is answered whose code this is not; None if it is theirs all the same, or may be
    written by somebody for whom nothing waits."""
    others = [one for one in _given(transaction, code) if one != person]
    if others:
        _count(transaction, others[0], person)
        return transaction.text("code_not_yours")
    if _is_theirs(transaction, person, code):
        return None
    _count(transaction, None, person)
    waits = pages.of_staff_since(transaction.tx, person, transaction.now - GIVEN_WITHIN)
    return transaction.text("page_unknown") if waits else None


def from_outside(transaction: Transaction, words: str) -> None:
    """Somebody who isn't on the staff has written this: if it is a code of the staff's, it is told. They are a caller
    all the same."""
    said = understood(words)
    given = _given(transaction, said.code) if said is not None and said.code is not None else []
    if given:
        _count(transaction, given[0], None)


def _given(transaction: Transaction, code: str) -> list[StaffId]:
    return pages.given(transaction.tx, code, transaction.now - GIVEN_WITHIN) or shift_asks.given(
        transaction.tx, code
    )


def _is_theirs(transaction: Transaction, person: StaffId, code: str) -> bool:
    """A code for something else, or of long ago."""
    verifying = phone_codes.get(transaction.tx, person)
    return (
        (verifying is not None and verifying.code == code)
        or shift_asks.by_code(transaction.tx, person, code) is not None
        or pages.by_reference(transaction.tx, person, code) is not None
    )


def _count(transaction: Transaction, given_to: StaffId | None, sent_by: StaffId | None) -> None:
    action = AuditAction.CODE_UNKNOWN if given_to is None else AuditAction.CODE_MISDIRECTED
    tallies.count(transaction.tx, action)
    about = given_to or sent_by
    if about is not None:
        transaction.audit(action, AuditKind.STAFF, about, by=sent_by)
    one = stray_codes.counted(transaction.tx, given_to, sent_by, new_id(), transaction.now)
    told_lately = one.told_at is not None and one.told_at > transaction.now - TOLD_AGAIN
    if told_lately or (given_to is None and one.times < GUESSES):
        return
    stray_codes.save(transaction.tx, replace(one, told_at=transaction.now))
    words = _words(transaction, one)
    for supervisor in duty.supervisors(transaction):
        staff_member.text(transaction, supervisor, words)


def _words(transaction: Transaction, one: StrayCode) -> str:
    source = _first(transaction, one.sent_by) if one.sent_by is not None else None
    if one.given_to is None:
        return transaction.text("supervisor_codes", COUNT=str(one.times), FROM=source or _OUTSIDE)
    phone = f"the phone of {source}" if source is not None else _OUTSIDE
    return transaction.text("supervisor_code", WHO=_first(transaction, one.given_to), FROM=phone)


def _first(transaction: Transaction, person: StaffId) -> str:
    return staff_member.first_name(transaction, person)


def seen_to(transaction: Transaction, stray_id: str, by: StaffId) -> bool:
    """A supervisor has seen to it; whether there was anything. What comes after this is told anew."""
    one = stray_codes.get(transaction.tx, stray_id)
    if one is None or one.seen_at is not None:
        return False
    stray_codes.save(transaction.tx, replace(one, seen_at=transaction.now, seen_by=by))
    about = one.given_to or one.sent_by
    if about is not None:
        transaction.audit(AuditAction.CODE_SEEN_TO, AuditKind.STAFF, about, by=by)
    return True
