"""A second proof at sign-in: six digits that an app on somebody's phone shows for half a minute, a passkey
(`passkey_proof`), or a recovery code, which stands in for either.

Codes are RFC 6238's, as every such app shows them: SHA-1, six digits, steps of 30 s. One that is a step early or late
is taken, for telephones' clocks are; none is taken twice.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import pyotp

from hotline.model import AuditAction, AuditKind, StaffId
from hotline.operations.sign_in import spoken_codes
from hotline.operations.transaction import Transaction
from hotline.settings.centre import SecondStep
from hotline.store.people import second_factors
from hotline.store.people.second_factors import SecondFactorRow
from hotline.store.sign_in import passkeys
from hotline.worded import worded

CODES: Final = 8
"""Recovery codes that are given at once."""
LASTS: Final = timedelta(minutes=15)
"""A secret that nobody confirms is forgotten after this: a page left open must not be somebody else's way in."""
_STEP: Final = 30
_DIGITS: Final = 6


class Proof(StrEnum):
    """By what somebody proved that it is them."""

    APP = "app"
    RECOVERY = "recovery"


def is_on(transaction: Transaction, person: StaffId) -> bool:
    """Whether they are asked for one at sign-in: they have an app, a passkey, or recovery codes of these."""
    return (
        has_app(transaction, person)
        or any(not one.stopped_at for one in passkeys.of(transaction.tx, person))
        or second_factors.codes_left(transaction.tx, person) > 0
    )


def has_app(transaction: Transaction, person: StaffId) -> bool:
    """Whether an app of theirs shows codes."""
    row = second_factors.get(transaction.tx, person)
    return row is not None and row.confirmed_at is not None


def everybody(transaction: Transaction) -> frozenset[StaffId]:
    """Whoever has an app or a passkey."""
    return second_factors.confirmed(transaction.tx) | passkeys.owners(transaction.tx)


def must_be(transaction: Transaction) -> bool:
    """Whether the centre asks everybody for it."""
    return transaction.settings.centre.console.second_step is SecondStep.REQUIRED


def begin(transaction: Transaction, person: StaffId) -> SecondFactorRow:
    """A secret for their app, to be confirmed by a code of it; the one that waits to be confirmed, if there is one.

    Raises ValueError if they have one that is confirmed: that one must end first.
    """
    if has_app(transaction, person):
        raise ValueError(worded("The app is set up already."))
    row = waiting(transaction, person)
    if row is None:
        row = SecondFactorRow(person, pyotp.random_base32(), transaction.now)
        second_factors.begin(transaction.tx, row)
    return row


def waiting(transaction: Transaction, person: StaffId) -> SecondFactorRow | None:
    """The secret that waits to be confirmed, or None."""
    row = second_factors.get(transaction.tx, person)
    fresh = row is not None and transaction.now < row.begun_at + LASTS
    return row if row is not None and row.confirmed_at is None and fresh else None


def address(row: SecondFactorRow, name: str, line: str) -> str:
    """What the QR code says to an app: otpauth://..."""
    return pyotp.TOTP(row.secret).provisioning_uri(name=name, issuer_name=line)


def confirm(transaction: Transaction, person: StaffId, given: str) -> Sequence[str] | None:
    """Their app is right: it is asked for from now on. The recovery codes, shown this once; None if it is wrong."""
    row = waiting(transaction, person)
    step = None if row is None else _step_of(row, given, transaction.now)
    if row is None or step is None:
        return None
    second_factors.save(transaction.tx, replace(row, confirmed_at=transaction.now, last_step=step))
    transaction.audit(AuditAction.SECOND_PROOF_ON, AuditKind.STAFF, person, by=person)
    return renew_codes(transaction, person)


def renew_codes(transaction: Transaction, person: StaffId) -> Sequence[str]:
    """Recovery codes in place of those that they had; shown this once."""
    codes = [spoken_codes.fresh() for _ in range(CODES)]
    second_factors.put_codes(transaction.tx, person, map(spoken_codes.hashed, codes))
    transaction.audit(AuditAction.RECOVERY_CODES, AuditKind.STAFF, person, by=person)
    return codes


def proves(transaction: Transaction, person: StaffId, given: str) -> Proof | None:
    """By what this shows that it is them; it shows it once. None if it doesn't, or they have no second proof."""
    row = second_factors.get(transaction.tx, person)
    confirmed = row is not None and row.confirmed_at is not None
    step = _step_of(row, given, transaction.now) if row is not None and confirmed else None
    if row is not None and step is not None:
        second_factors.save(transaction.tx, replace(row, last_step=step))
        return Proof.APP
    if second_factors.use_code(transaction.tx, person, spoken_codes.hashed(given), transaction.now):
        return Proof.RECOVERY
    return None


def end_app(transaction: Transaction, person: StaffId) -> None:
    """Their app is asked for no more; without a passkey, their password alone signs them in."""
    if second_factors.end(transaction.tx, person):
        transaction.audit(AuditAction.SECOND_PROOF_OFF, AuditKind.STAFF, person, by=person)
    end_codes_of_nothing(transaction, person)


def end_codes_of_nothing(transaction: Transaction, person: StaffId) -> None:
    """Recovery codes stand in for an app or a passkey: without either there are none."""
    if not has_app(transaction, person) and not passkeys.of(transaction.tx, person):
        second_factors.put_codes(transaction.tx, person, ())


def end_all(transaction: Transaction, person: StaffId, by: StaffId | None) -> bool:
    """They sign in with their password alone from now on; whether there was anything to end. `by`: None by command."""
    had = is_on(transaction, person)
    second_factors.end(transaction.tx, person)
    second_factors.put_codes(transaction.tx, person, ())
    passkeys.end_all(transaction.tx, person)
    if had:
        transaction.audit(AuditAction.SECOND_PROOF_OFF, AuditKind.STAFF, person, by=by)
    return had


def _step_of(row: SecondFactorRow, given: str, now: datetime) -> int | None:
    """The step that shows this code, if it is near now and later than the last one that was taken."""
    digits = "".join(sign for sign in given if not sign.isspace() and sign != "-")
    if len(digits) != _DIGITS or not digits.isascii():
        return None
    present = int(now.timestamp()) // _STEP
    app = pyotp.TOTP(row.secret, digits=_DIGITS, interval=_STEP)
    for step in (present, present - 1, present + 1):
        if step > row.last_step and hmac.compare_digest(app.generate_otp(step), digits):
            return step
    return None
