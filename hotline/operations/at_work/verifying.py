"""Whose phone that is: a code goes to it, and comes back from whoever holds it."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from hotline import paths
from hotline.effects import Origin, OriginKind, PlaceCall, SendText, Urgency
from hotline.model import AuditAction, AuditKind, How, PhoneNumber, StaffId
from hotline.operations.transaction import Transaction
from hotline.store.people import phone_codes, staff
from hotline.store.people.phone_codes import PhoneCode
from hotline.store.people.staff import StaffRow
from hotline.worded import worded

_SIGNS: Final = 6
TRIES: Final = 5
"""Wrong codes after which none counts any more."""
AN_HOUR: Final = timedelta(hours=1)
IN_AN_HOUR: Final = 5
"""Codes to one person: a stranger's phone is not to be rung all night because of a slip of the pen."""


class CannotVerify(ValueError):
    """No code is sent; the message, for the person who asked, says why and what to do."""


class CodeCheck(StrEnum):
    """What a code has shown."""

    RIGHT = "right"
    WRONG = "wrong"
    NONE = "none"
    """There is none that counts: it is too old, another number's, or was guessed at too often."""


def send(transaction: Transaction, row: StaffRow, how: How, by: StaffId | None = None) -> None:
    """Send a new code to their phone: as a text, or by a call on which a key has it read out. Raises CannotVerify."""
    if not row.active or row.phone.is_nobodys:
        raise CannotVerify(worded("%(name)s is off the staff.", name=row.name))
    if row.verified:
        raise CannotVerify(worded("%(name)s's phone is verified already.", name=row.name))
    before = phone_codes.get(transaction.tx, row.id)
    lately = before is not None and transaction.now - before.sent_since < AN_HOUR
    sent = before.sent + 1 if before is not None and lately else 1
    if sent > IN_AN_HOUR:
        raise CannotVerify(
            worded(
                "%(in_an_hour)s codes went to %(name)s within an hour: is that their number? Wait, or give "
                "them another.",
                in_an_hour=IN_AN_HOUR,
                name=row.name,
            )
        )
    lasts = transaction.settings.centre.readiness.code_lasts
    one = PhoneCode(
        staff_id=row.id,
        phone=row.phone,
        code="".join(secrets.choice("0123456789") for _ in range(_SIGNS)),
        sent_at=transaction.now,
        until=transaction.now + lasts,
        sent=sent,
        sent_since=before.sent_since if before is not None and lately else transaction.now,
    )
    phone_codes.put(transaction.tx, one)
    transaction.audit(AuditAction.PHONE_CODE_SENT, AuditKind.STAFF, row.id, by=by, detail=how)
    about = Origin(OriginKind.STAFF, row.id)
    if how is How.TEXT:
        minutes = str(max(1, int(lasts.total_seconds() // 60)))
        words = transaction.text("phone_code", REF=one.code, MIN=minutes)
        transaction.send(SendText(row.phone, words, paths.SMS_STATUS), about=about, urgency=Urgency.URGENT)
        return
    rings = int(transaction.settings.centre.waits.staff_ring.total_seconds())
    path, status = paths.phone_code(row.id), paths.phone_code_status(row.id)
    transaction.send(PlaceCall(row.phone, path, status, rings), about=about, urgency=Urgency.URGENT)


def check(transaction: Transaction, row: StaffRow, given: str, by: StaffId | None = None) -> CodeCheck:
    """Whether this is the code that went to their phone, which is then verified, and may be rung."""
    phone_codes.hold(transaction.tx, row.id)
    one = _counts(transaction, row)
    if one is None:
        return CodeCheck.NONE
    if not hmac.compare_digest(one.code.encode(), "".join(given.split()).encode()):
        phone_codes.put(transaction.tx, replace(one, tries=one.tries + 1))
        transaction.audit(AuditAction.PHONE_CODE_WRONG, AuditKind.STAFF, row.id, by=by)
        return CodeCheck.WRONG
    phone_codes.forget(transaction.tx, row.id)
    staff.save(transaction.tx, replace(row, verified=True))
    transaction.audit(AuditAction.PHONE_VERIFIED, AuditKind.STAFF, row.id, by=by)
    return CodeCheck.RIGHT


def spoken(transaction: Transaction, person: StaffId, called: PhoneNumber | None) -> str | None:
    """The code as it is read out to whoever has pressed a key on our call to the phone `called`; None if none that
    counts went there: a call may go on to a phone that is theirs no more."""
    row = staff.get(transaction.tx, person)
    one = _counts(transaction, row) if row is not None else None
    return ", ".join(one.code) if one is not None and one.phone == called else None


def _counts(transaction: Transaction, row: StaffRow) -> PhoneCode | None:
    one = phone_codes.get(transaction.tx, row.id)
    if one is None or one.phone != row.phone or transaction.now >= one.until or one.tries >= TRIES:
        return None
    return one
