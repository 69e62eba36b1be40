"""Members of staff come, change and go: what ends with it, and who has from now on what they had."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from hotline.callbacks.callback import CallbackStatus
from hotline.model import AuditAction, AuditKind, PhoneNumber, Role, StaffId, Subject
from hotline.oncall import escalation as reach
from hotline.oncall.schedule import without
from hotline.operations.console import coordinator
from hotline.operations.paging import reaching
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, escalations
from hotline.store.cases.escalations import EscalationRow
from hotline.store.database import Tx
from hotline.store.people import schedules, staff
from hotline.store.people.staff import StaffRow

CODE_LASTS: Final = timedelta(days=1)
_SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No two that are taken for each other when somebody reads them out."""
_LETTERS: Final = 16
"""Of a code: 78 bits, which nobody guesses in a day."""


@dataclass(frozen=True, slots=True)
class Left:
    """What somebody had who has it no more."""

    callbacks: int = 0
    """Back in line, for whoever is free."""
    being_called: int = 0
    """Callbacks on which a call goes on: they stay with the leaver until it ends, and are then back in line."""
    emergencies: int = 0
    """Everybody on call is paged anew."""
    texts: int = 0
    """Everybody on shift is asked anew."""
    schedules: tuple[str, ...] = ()
    """They are on these no more."""
    empty: tuple[str, ...] = ()
    """Of these: nobody is on them now."""
    policies: tuple[Subject, ...] = ()
    """They are named in these, which were left as they are."""


# --- passwords -------------------------------------------------------------------------------------------------


def set_password(transaction: Transaction, row: StaffRow, hashed: str) -> StaffRow:
    """Give them a password; every session of theirs ends, and no code is open any more."""
    return _save(
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
    code = "".join(secrets.choice(_SIGNS) for _ in range(_LETTERS))
    _save(
        transaction,
        AuditAction.PASSWORD_RESET,
        replace(
            row,
            password_hash=None,
            session_epoch=row.session_epoch + 1,
            reset_code=_hashed(code),
            reset_until=transaction.now + CODE_LASTS,
        ),
    )
    return "-".join(code[at : at + 4] for at in range(0, _LETTERS, 4))


def whose_code(transaction: Transaction, name_or_phone: str, code: str) -> StaffRow | None:
    """Who may choose a password with this code now, or None."""
    row = staff.matching(transaction.tx, name_or_phone)
    if row is None or not row.active or row.reset_code is None or row.reset_until is None:
        return None
    right = hmac.compare_digest(row.reset_code, _hashed(code))
    return row if right and transaction.now < row.reset_until else None


def _hashed(code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


# --- what they are and may ---------------------------------------------------------------------------------------


def rename(transaction: Transaction, row: StaffRow, name: str) -> None:
    """Raises Duplicate if somebody else is called so."""
    _save(transaction, AuditAction.RENAMED, replace(row, name=name))


def set_phone(transaction: Transaction, row: StaffRow, phone: PhoneNumber, *, verified: bool) -> None:
    """Raises Duplicate if it is somebody else's."""
    _save(transaction, AuditAction.PHONE_CHANGED, replace(row, phone=phone, verified=verified))


def set_roles(transaction: Transaction, row: StaffRow, roles: Iterable[Role]) -> None:
    """Every session of theirs ends."""
    _save(transaction, AuditAction.ROLES_CHANGED, replace(row, roles=frozenset(roles)))


def activate(transaction: Transaction, row: StaffRow) -> None:
    """They are on the staff again."""
    _save(transaction, AuditAction.ACTIVATED, replace(row, active=True))


def deactivate(transaction: Transaction, row: StaffRow) -> Left:
    """They are off the staff for now: signed out, never rung; what they had open is other people's."""
    staff.save(transaction.tx, replace(row, active=False))
    return put_off(transaction, row)


def put_off(transaction: Transaction, row: StaffRow) -> Left:
    """Whoever was put off the staff in this transaction has nothing any more: what they had open is other people's."""
    transaction.audit(AuditAction.DEACTIVATED, AuditKind.STAFF, row.id)
    empty = holds(transaction.tx, row.id).empty
    return replace(_let_go(transaction, row.id), empty=empty)


def holds(tx: Tx, person: StaffId, leaving: Collection[StaffId] = ()) -> Left:
    """What they would leave behind if they, and whoever is `leaving`, were put off the staff now. Nothing is done."""
    held = [row for row in callbacks.all_open(tx) if row.callback.owner == person]
    back = sum(row.callback.status is CallbackStatus.TAKEN for row in held)
    emergencies, texts = _handed_on(tx, person)
    working = {one.id for one in staff.active(tx)} - {person, *leaving}
    on = [one for one in schedules.every(tx) if person in one.named]
    return Left(
        callbacks=back,
        being_called=len(held) - back,
        emergencies=len(emergencies),
        texts=len(texts),
        empty=tuple(one.name for one in on if working.isdisjoint(one.named)),
    )


def remove(transaction: Transaction, row: StaffRow) -> Left:
    """They have left. Their name stays with what they did; their phone and their name are free for somebody else."""
    named = tuple(
        policy.subject
        for policy in schedules.every_policy(transaction.tx).values()
        if any(f"staff:{row.id}" in rung.who for rung in policy.rungs)
    )
    on = [one for one in schedules.every(transaction.tx) if row.id in one.named]
    for one in on:
        schedules.put(transaction.tx, without(one, row.id))
    left = _let_go(transaction, row.id)
    gone = replace(
        row,
        name=f"{row.name} (left {transaction.now:%Y-%m-%d} {row.id[:4]})",
        phone=staff.no_phone(row.id),
        verified=False,
        active=False,
        password_hash=None,
        reset_code=None,
        reset_until=None,
    )
    _save(transaction, AuditAction.REMOVED, gone)
    empty = tuple(one.name for one in on if one.named == {row.id})
    return replace(left, schedules=tuple(one.name for one in on), empty=empty, policies=named)


def _let_go(transaction: Transaction, person: StaffId) -> Left:
    held = [row for row in callbacks.all_open(transaction.tx) if row.callback.owner == person]
    released = sum(coordinator.release(transaction, row.callback.id, person) for row in held)
    emergencies, texts = _handed_on(transaction.tx, person)
    for row in (*emergencies, *texts):
        reaching.tell(transaction, row, reach.Untouched())
    return Left(
        callbacks=released,
        being_called=len(held) - released,
        emergencies=len(emergencies),
        texts=len(texts),
    )


def _handed_on(tx: Tx, person: StaffId) -> tuple[list[EscalationRow], list[EscalationRow]]:
    """Emergencies and texts of theirs: what somebody has beyond a call. A talk goes on until it ends."""
    had = escalations.accepted_by(tx, person)
    emergencies = [row for row in had if row.escalation.subject is Subject.EMERGENCY]
    return emergencies, [row for row in had if row.escalation.subject is Subject.THREAD]


def _save(transaction: Transaction, action: AuditAction, row: StaffRow) -> StaffRow:
    transaction.audit(action, AuditKind.STAFF, row.id)
    return staff.save(transaction.tx, row)
