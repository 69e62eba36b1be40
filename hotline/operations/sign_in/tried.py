"""What was tried in somebody's name: one line in the audit trail, and one in the history that they can read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hotline.model import AuditAction, AuditKind, StaffId
from hotline.operations.transaction import Transaction, new_id
from hotline.store.sign_in import sign_ins
from hotline.store.sign_in.sign_ins import SignIn
from hotline.worded import worded

KEPT: Final = timedelta(days=180)
SHOWN: Final = 20


class Way(StrEnum):
    """How somebody tried to get in, as it is kept."""

    PASSWORD = "password"  # noqa: S105
    APP = "app"
    RECOVERY = "recovery"
    LINK = "link"
    PASSKEY = "passkey"
    PASSWORD_PASSKEY = "password and passkey"  # noqa: S105
    PROVIDER = "provider"
    UNLOCK = "unlock"
    UNLOCK_PROVIDER = "unlock by provider"
    UNLOCK_PASSKEY = "unlock by passkey"


_WORKED: Final = {
    Way.PASSWORD: worded("Signed in by password"),
    Way.APP: worded("Signed in by password and app"),
    Way.RECOVERY: worded("Signed in by password and a recovery code"),
    Way.LINK: worded("Signed in with a one-time link"),
    Way.PASSKEY: worded("Signed in by passkey"),
    Way.PASSWORD_PASSKEY: worded("Signed in by password and passkey"),
    Way.PROVIDER: worded("Signed in by single sign-on"),
    Way.UNLOCK: worded("Unlocked by password"),
    Way.UNLOCK_PROVIDER: worded("Unlocked by single sign-on"),
    Way.UNLOCK_PASSKEY: worded("Unlocked by passkey"),
}
_REFUSED: Final = {
    Way.PASSWORD: worded("A wrong password"),
    Way.APP: worded("The right password, and a wrong code"),
    Way.PASSKEY: worded("A passkey that proved nothing"),
    Way.PASSWORD_PASSKEY: worded("The right password, and a passkey that proved nothing"),
    Way.PROVIDER: worded("Single sign-on"),
    Way.UNLOCK: worded("A wrong password at the lock"),
    Way.UNLOCK_PROVIDER: worded("Single sign-on at the lock"),
    Way.UNLOCK_PASSKEY: worded("A passkey that proved nothing, at the lock"),
}


@dataclass(frozen=True, slots=True)
class Tried:
    """One line of the history. `at` is UTC."""

    at: datetime
    said: str
    worked: bool
    place: str
    """From where, coarsely."""


def note(
    transaction: Transaction, person: StaffId, action: AuditAction, way: Way, place: str, session: str = ""
) -> None:
    """Somebody got in, or was refused: `action` says which."""
    worked = action in (AuditAction.SIGN_IN, AuditAction.UNLOCK)
    detail = way.value if action is AuditAction.SIGN_IN and way is not Way.PASSWORD else ""
    transaction.audit(action, AuditKind.SESSION, session, by=person, detail=detail)
    sign_ins.drop_old(transaction.tx, person, transaction.now - KEPT)
    sign_ins.add(transaction.tx, SignIn(new_id(), person, transaction.now, way.value, worked, place))


def lately(transaction: Transaction, person: StaffId) -> list[Tried]:
    """The newest first."""
    return [
        Tried(one.at, said(one.how, worked=one.worked), one.worked, one.place)
        for one in sign_ins.of(transaction.tx, person, SHOWN)
    ]


def said(way: str, *, worked: bool) -> str:
    """How that reads; of a way that a newer version has written: that it was one."""
    known = Way(way) if way in list(Way) else None
    return (_WORKED if worked else _REFUSED).get(known, "Signed in" if worked else "Refused")  # type: ignore[arg-type]
