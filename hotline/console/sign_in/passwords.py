"""Passwords: kept as argon2id hashes, checked in the same time whether or not there is anything to check."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hotline.console.language.speech import gettext
from hotline.worded import worded

SHORTEST = 12
TOO_SHORT = worded(
    "A password has at least %(shortest)s characters; a few random words do well.", shortest=SHORTEST
)
HASHER = PasswordHasher()
"""What hashing costs: argon2id as its authors advise, 64 MiB three times over."""
_AT_ONCE = threading.BoundedSemaphore(2)
"""A check costs 64 MiB and a core's time, and this process answers callers too: never more than two."""
_PATIENCE = 1.0


class Busy(Exception):
    """More people are signing in at this moment than we can check. Nothing was checked."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a password is right, and the hash to keep from now on if today's parameters are stronger."""

    right: bool
    stronger: str | None = field(default=None, repr=False)


def unusable(password: str, again: str) -> str | None:
    """Why a new password, typed twice, can't be taken; None: it can."""
    if len(password) < SHORTEST:
        return TOO_SHORT
    return None if password == again else gettext("The two new passwords were not the same.")


def hash_password(password: str, hasher: PasswordHasher = HASHER) -> str:
    """What to keep of a password."""
    return hasher.hash(password)


def check(kept: str | None, password: str, hasher: PasswordHasher = HASHER) -> Checked:
    """Compare a password with the hash kept of it; None for an account without one, or no account at all.

    Takes the same work in every case. Raises Busy.
    """
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise Busy
    try:
        right = _matches(hasher, kept or _of_nobody(hasher), password) and kept is not None
        if right and kept is not None and hasher.check_needs_rehash(kept):
            return Checked(right=True, stronger=hasher.hash(password))
        return Checked(right=right)
    finally:
        _AT_ONCE.release()


def _matches(hasher: PasswordHasher, kept: str, password: str) -> bool:
    try:
        return hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _of_nobody(hasher: PasswordHasher) -> str:
    """A hash that no account has, so that an unknown name costs as much as a known one."""
    return hasher.hash("nobody's password")
