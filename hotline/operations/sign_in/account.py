"""Somebody's own account: how they sign in, where they are signed in, and what was tried in their name."""

from __future__ import annotations

from dataclasses import dataclass, field

from hotline.model import AuditAction, AuditKind, PhoneNumber, StaffId
from hotline.operations.sign_in import credentials, second_proof, tried
from hotline.operations.sign_in.tried import Tried
from hotline.operations.transaction import Transaction
from hotline.store.people import second_factors, sessions
from hotline.store.people.second_factors import SecondFactorRow
from hotline.store.people.sessions import SessionRow


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
    return Account(
        phone=row.phone,
        verified=row.verified,
        second_step=second_proof.is_on(transaction, person),
        must=second_proof.must_be(transaction),
        codes_left=second_factors.codes_left(transaction.tx, person),
        setup=second_proof.waiting(transaction, person),
        sessions=sessions.of(transaction.tx, person),
        here=here,
        history=tried.lately(transaction, person),
    )


def end_others(transaction: Transaction, person: StaffId, here: str) -> int:
    """Sign them out everywhere but here; out of how many browsers."""
    transaction.audit(AuditAction.SIGN_OUT_ELSEWHERE, AuditKind.SESSION, here, by=person)
    return sessions.end_others(transaction.tx, person, here)
