"""Codes that were sent to staff's phones, to see whether these are theirs: one at a time for each person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select

from hotline.model import PhoneNumber, StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import phone_codes

_WHERE = "phone_codes.code"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneCode:
    """A code. All times are UTC."""

    staff_id: StaffId
    phone: PhoneNumber
    """Where it went: it proves nothing of any other number."""
    code: str = field(repr=False)
    sent_at: datetime
    until: datetime
    tries: int = 0
    """How often a wrong one was given."""
    sent: int = 1
    """How many went to this person since `sent_since`."""
    sent_since: datetime


def put(tx: Tx, one: PhoneCode) -> None:
    """Keep it in place of any other of theirs."""
    tx.board_changed = True
    forget(tx, one.staff_id)
    values = {
        "staff_id": one.staff_id,
        "code": tx.keys.seal(f"{one.phone.e164} {one.code}", _WHERE, one.staff_id),
        "sent_at": one.sent_at,
        "until_at": one.until,
        "tries": one.tries,
        "sent": one.sent,
        "sent_since": one.sent_since,
    }
    rows.add(tx, phone_codes, values)


def hold(tx: Tx, person: StaffId) -> None:
    """Let nobody else try theirs until the end: each wrong one is counted, however many are tried in one moment."""
    rows.hold(tx, f"the phone code of {person}")


def get(tx: Tx, person: StaffId) -> PhoneCode | None:
    """The last one that went to them, or None."""
    found = rows.one(tx, select(phone_codes).where(phone_codes.c.staff_id == person))
    if found is None:
        return None
    phone, code = tx.keys.open(found.code, _WHERE, person).split()
    return PhoneCode(
        staff_id=person,
        phone=PhoneNumber(phone),
        code=code,
        sent_at=found.sent_at,
        until=found.until_at,
        tries=found.tries,
        sent=found.sent,
        sent_since=found.sent_since,
    )


def forget(tx: Tx, person: StaffId) -> None:
    """None of theirs counts any more."""
    tx.execute(delete(phone_codes).where(phone_codes.c.staff_id == person))
