"""A PIN opens the staff line, together with the phone that it is called from: neither is enough alone."""

from __future__ import annotations

import hmac
import re
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from hotline.model import AuditAction, AuditKind, PhoneNumber, StaffId
from hotline.operations import staff_member
from hotline.operations.paging import duty
from hotline.operations.transaction import Transaction
from hotline.store.people import staff, staff_pins
from hotline.store.people.staff import StaffRow
from hotline.store.people.staff_pins import StaffPin
from hotline.worded import worded

LENGTH: Final = 6
TRIES: Final = 5
"""Wrong ones within an hour, after which none opens anything until it is over."""
AN_HOUR: Final = timedelta(hours=1)
_STEPS: Final = frozenset({-1, 0, 1})


class TooSimple(ValueError):
    """It is no PIN, or one that is tried first; the message says what to choose."""


class PinCheck(StrEnum):
    """What a PIN has done."""

    RIGHT = "right"
    WRONG = "wrong"
    SHUT = "shut"
    """Too many were tried: whatever is given is refused for now."""


def choose(transaction: Transaction, row: StaffRow, pin: str, by: StaffId | None = None) -> None:
    """Give them this PIN; tries are forgotten. Raises TooSimple."""
    if not re.fullmatch(r"[0-9]{6}", pin, re.ASCII):
        raise TooSimple(worded("A PIN has %(length)s digits.", length=LENGTH))
    digits = [int(one) for one in pin]
    steps = {after - before for before, after in pairwise(digits)}
    if len(steps) == 1 and steps <= _STEPS:
        raise TooSimple(
            worded(
                "Choose one that isn't the same digit again and again, and no 123456: these are tried first."
            )
        )
    staff_pins.put(transaction.tx, StaffPin(staff_id=row.id, pin=pin))
    transaction.audit(AuditAction.PIN_SET, AuditKind.STAFF, row.id, by=by)


def whose(transaction: Transaction, caller: PhoneNumber | None) -> StaffRow | None:
    """Who may open the staff line with their PIN from this number, if it isn't forged; None for everybody else."""
    row = staff.by_phone(transaction.tx, caller) if caller is not None else None
    if row is None or not row.active or not row.can_be_rung:
        return None
    return row if staff_pins.get(transaction.tx, row.id) is not None else None


def check(transaction: Transaction, row: StaffRow, given: str) -> PinCheck:
    """Whether this PIN is theirs. Wrong ones are counted; whose line is shut by them is told, and supervisors are."""
    staff_pins.hold(transaction.tx, row.id)
    one = staff_pins.get(transaction.tx, row.id)
    if one is None:
        return PinCheck.SHUT
    since = one.tries_since
    if since is None or transaction.now - since >= AN_HOUR:
        one = replace(one, tries=0, tries_since=None)
    if one.tries >= TRIES:
        return PinCheck.SHUT
    if hmac.compare_digest(one.pin.encode(), given.encode()):
        staff_pins.put(transaction.tx, replace(one, tries=0, tries_since=None))
        transaction.audit(AuditAction.PIN_RIGHT, AuditKind.STAFF, row.id, by=row.id)
        return PinCheck.RIGHT
    one = replace(one, tries=one.tries + 1, tries_since=one.tries_since or transaction.now)
    staff_pins.put(transaction.tx, one)
    transaction.audit(AuditAction.PIN_WRONG, AuditKind.STAFF, row.id)
    if one.tries >= TRIES:
        words = transaction.text("pin_shut", WHO=row.name)
        for person in dict.fromkeys((row.id, *duty.supervisors(transaction))):
            staff_member.text(transaction, person, words)
    return PinCheck.WRONG
