"""Somebody's own account: how they sign in, where they are signed in, and what was tried in their name."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hotline.model import AuditAction, AuditKind, Language, PhoneNumber, StaffId
from hotline.operations.sign_in import credentials, passkey_proof, second_proof, single_sign_on, tried
from hotline.operations.sign_in.tried import Tried
from hotline.operations.transaction import Transaction
from hotline.store.people import second_factors, sessions, staff
from hotline.store.people.second_factors import SecondFactorRow
from hotline.store.people.sessions import SessionRow
from hotline.store.sign_in import passkeys
from hotline.store.sign_in.passkeys import Passkey
from hotline.worded import worded


@dataclass(frozen=True, slots=True)
class Account:
    """What somebody sees of their own account. Times are UTC."""

    phone: PhoneNumber
    verified: bool
    has_password: bool
    only_elsewhere: bool
    """Their role signs in by the centre's provider, and in no other way."""
    has_app: bool
    passkeys: list[Passkey]
    """The oldest first."""
    passkeys_possible: bool
    """Whether they can be used at our address."""
    must: bool
    """The centre's settings ask for a second step: the last one can't be given up."""
    codes_left: int
    setup: SecondFactorRow | None = field(repr=False)
    """The secret that waits to be confirmed."""
    sessions: list[SessionRow]
    here: str
    """The id of this one."""
    history: list[Tried]
    """The newest first."""

    @property
    def second_step(self) -> bool:
        """Whether their password alone doesn't sign them in."""
        return self.has_app or any(not one.stopped_at for one in self.passkeys) or self.codes_left > 0

    @property
    def may_end_app(self) -> bool:
        """Whether something else of theirs goes on being asked for, or nothing need be."""
        return not self.must or any(not one.stopped_at for one in self.passkeys)


def look(transaction: Transaction, person: StaffId, here: str) -> Account:
    """Theirs, as it is now; `here` is the id of the session in which it is looked at."""
    row = credentials.known(transaction, person)
    return Account(
        phone=row.phone,
        verified=row.verified,
        has_password=row.password_hash is not None,
        only_elsewhere=single_sign_on.is_required(transaction.settings, row.roles),
        has_app=second_proof.has_app(transaction, person),
        passkeys=passkeys.of(transaction.tx, person),
        passkeys_possible=passkey_proof.site(transaction.settings) is not None,
        must=second_proof.must_be(transaction),
        codes_left=second_factors.codes_left(transaction.tx, person),
        setup=second_proof.waiting(transaction, person),
        sessions=sessions.of(transaction.tx, person),
        here=here,
        history=tried.lately(transaction, person),
    )


def read_in(transaction: Transaction, person: StaffId, language: Language | None) -> None:
    """In which language they read the console from now on; None: as their browser asks."""
    row = credentials.known(transaction, person)
    staff.save(transaction.tx, replace(row, page_language=language))


def end_app(transaction: Transaction, person: StaffId) -> None:
    """Give up the app. Raises ValueError, with why and what to do, where something must be asked for."""
    if second_proof.must_be(transaction) and not passkey_proof.holds_any(transaction, person):
        raise ValueError(worded("Your centre asks everybody for the second step: it can't be switched off."))
    second_proof.end_app(transaction, person)


def remove_passkey(transaction: Transaction, person: StaffId, passkey_id: str) -> None:
    """One of theirs opens nothing any more. Raises ValueError, as `end_app` does."""
    others = [
        one for one in passkeys.of(transaction.tx, person) if one.id != passkey_id and not one.stopped_at
    ]
    if second_proof.must_be(transaction) and not others and not second_proof.has_app(transaction, person):
        raise ValueError(
            worded("Your centre asks everybody for the second step: set up the app or another passkey first.")
        )
    if not passkeys.remove(transaction.tx, person, passkey_id):
        raise ValueError(worded("It is gone already."))
    second_proof.end_codes_of_nothing(transaction, person)
    transaction.audit(AuditAction.PASSKEY_REMOVED, AuditKind.STAFF, person, by=person)


def end_others(transaction: Transaction, person: StaffId, here: str) -> int:
    """Sign them out everywhere but here; out of how many browsers."""
    transaction.audit(AuditAction.SIGN_OUT_ELSEWHERE, AuditKind.SESSION, here, by=person)
    return sessions.end_others(transaction.tx, person, here)
