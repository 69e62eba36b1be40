"""What somebody signs in with: a password, or a one-time code with which they choose one."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from hotline.dialling import read
from hotline.model import AuditAction, AuditKind, StaffId
from hotline.operations.people import spoken_codes
from hotline.operations.transaction import Transaction
from hotline.store.people import staff
from hotline.store.people.staff import StaffRow

CODE_LASTS: Final = timedelta(days=1)


def known(transaction: Transaction, person: StaffId) -> StaffRow:
    """The member of staff. They are never deleted, so an unknown id is a fault of ours: raises LookupError."""
    row = staff.get(transaction.tx, person)
    if row is None:
        raise LookupError("no such member of staff")
    return row


def whose(transaction: Transaction, given: str) -> StaffRow | None:
    """Who signs in with this name, or this phone however it is written; or None."""
    return staff.matching(transaction.tx, canonical(given, transaction.settings.centre.line.countries))


def canonical(given: str, countries: Sequence[str]) -> str:
    """A phone as E.164 however it was written in one of these countries, else the name as it was given."""
    if not any(character.isdigit() for character in given):
        return given.strip()
    number = read(given, countries)
    return number.e164 if number else given.strip()


def set_password(transaction: Transaction, row: StaffRow, hashed: str) -> StaffRow:
    """Give them a password; every session of theirs ends, and no code is open any more."""
    return _keep(
        transaction,
        AuditAction.PASSWORD_SET,
        replace(
            row,
            password_hash=hashed,
            session_epoch=row.session_epoch + 1,
            reset_code=None,
            reset_until=None,
        ),
    )


def issue_code(transaction: Transaction, row: StaffRow) -> str:
    """A code with which they choose a new password, once, within a day. The old one, and every session, ends."""
    code = spoken_codes.fresh()
    _keep(
        transaction,
        AuditAction.PASSWORD_RESET,
        replace(
            row,
            password_hash=None,
            session_epoch=row.session_epoch + 1,
            reset_code=spoken_codes.hashed(code),
            reset_until=transaction.now + CODE_LASTS,
        ),
    )
    return code


def whose_code(transaction: Transaction, name_or_phone: str, code: str) -> StaffRow | None:
    """Who may choose a password with this code now, or None."""
    row = whose(transaction, name_or_phone)
    if row is None or not row.active or row.reset_code is None or row.reset_until is None:
        return None
    right = hmac.compare_digest(row.reset_code, spoken_codes.hashed(code))
    return row if right and transaction.now < row.reset_until else None


def _keep(transaction: Transaction, action: AuditAction, row: StaffRow) -> StaffRow:
    transaction.audit(action, AuditKind.STAFF, row.id)
    return staff.save(transaction.tx, row)
