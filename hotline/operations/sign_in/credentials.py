"""What somebody signs in with: a name or a phone, and a password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hotline.dialling import read
from hotline.model import AuditAction, AuditKind, StaffId
from hotline.operations.sign_in import inviting
from hotline.operations.transaction import Transaction
from hotline.store.people import staff
from hotline.store.people.staff import StaffRow


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
    """Give them a password; every session of theirs ends, and no one-time link is open any more."""
    inviting.withdraw(transaction, row.id)
    return _keep(
        transaction,
        AuditAction.PASSWORD_SET,
        replace(
            row,
            password_hash=hashed,
            session_epoch=row.session_epoch + 1,
        ),
    )


def _keep(transaction: Transaction, action: AuditAction, row: StaffRow) -> StaffRow:
    transaction.audit(action, AuditKind.STAFF, row.id)
    return staff.save(transaction.tx, row)
