"""Somebody's own account: how they sign in, where they are signed in, and what was tried in their name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from hotline.model import AuditAction, AuditKind, PhoneNumber, StaffId
from hotline.operations.people import credentials, second_proof
from hotline.operations.transaction import Transaction
from hotline.store.people import audit, second_factors, sessions
from hotline.store.people.second_factors import SecondFactorRow
from hotline.store.people.sessions import SessionRow

SHOWN: Final = 20
"""Entries of the history."""
TRIED: Final = {
    AuditAction.SIGN_IN.value: "signed in",
    f"{AuditAction.SIGN_IN} {second_proof.Proof.APP}": "signed in, with the second step",
    f"{AuditAction.SIGN_IN} {second_proof.Proof.RECOVERY}": "signed in with a recovery code",
    AuditAction.SIGN_IN_REFUSED.value: "a wrong password",
    AuditAction.SECOND_PROOF_REFUSED.value: "the right password, and a wrong code",
    AuditAction.SIGN_OUT.value: "signed out",
    AuditAction.SIGN_OUT_ELSEWHERE.value: "signed out everywhere else",
    AuditAction.UNLOCK.value: "unlocked",
    AuditAction.UNLOCK_REFUSED.value: "a wrong password at the lock",
}
"""What the history says, by what is written in the audit trail; anything else isn't in it."""
_REFUSED: Final = (
    AuditAction.SIGN_IN_REFUSED,
    AuditAction.SECOND_PROOF_REFUSED,
    AuditAction.UNLOCK_REFUSED,
)


@dataclass(frozen=True, slots=True)
class Tried:
    """One line of the history. `at` is UTC."""

    at: datetime
    said: str
    refused: bool


@dataclass(frozen=True, slots=True)
class Account:
    """What somebody sees of their own account. Times are UTC."""

    phone: PhoneNumber
    verified: bool
    second_step: bool
    must: bool
    """The centre's settings ask for the second step: it can't be switched off."""
    codes_left: int
    setup: SecondFactorRow | None = field(repr=False)
    """The secret that waits to be confirmed."""
    sessions: list[SessionRow]
    here: str
    """The id of this one."""
    history: list[Tried]
    """The newest first."""


def look(transaction: Transaction, person: StaffId, here: str) -> Account:
    """Theirs, as it is now; `here` is the id of the session in which it is looked at."""
    row = credentials.known(transaction, person)
    entries = audit.lately_by(transaction.tx, person, AuditKind.SESSION, SHOWN * 2)
    tried = [
        Tried(one.at, TRIED[one.action], one.action in _REFUSED) for one in entries if one.action in TRIED
    ]
    return Account(
        phone=row.phone,
        verified=row.verified,
        second_step=second_proof.is_on(transaction, person),
        must=second_proof.must_be(transaction),
        codes_left=second_factors.codes_left(transaction.tx, person),
        setup=second_proof.waiting(transaction, person),
        sessions=sessions.of(transaction.tx, person),
        here=here,
        history=tried[:SHOWN],
    )


def end_others(transaction: Transaction, person: StaffId, here: str) -> int:
    """Sign them out everywhere but here; out of how many browsers."""
    transaction.audit(AuditAction.SIGN_OUT_ELSEWHERE, AuditKind.SESSION, here, by=person)
    return sessions.end_others(transaction.tx, person, here)
