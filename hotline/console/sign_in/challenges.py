"""What a browser was asked to sign with a passkey: kept in it, signed by us, until it is answered or five minutes over.

One at a time: whoever asks anew can't answer what was asked before, and what was answered is gone.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from flask import session

from hotline.operations.sign_in.passkey_proof import LASTS, PasskeyAsked

_HELD: Final = "challenge"


class ChallengePurpose(StrEnum):
    """What an answer is for. One that was asked for one thing does no other."""

    SIGN_IN = "sign in"
    SECOND = "second"
    UNLOCK = "unlock"
    REGISTER = "register"


def keep(asked: PasskeyAsked, purpose: ChallengePurpose, now: datetime, about: str = "") -> None:
    """`about`: what goes with it, such as the name of a new passkey."""
    session[_HELD] = [asked.challenge, purpose.value, int(now.timestamp()), about]


def take(purpose: ChallengePurpose, now: datetime) -> tuple[str, str] | None:
    """The challenge that was asked for this, and what went with it; None if there is none any more."""
    match session.pop(_HELD, None):
        case [str(challenge), purpose.value, int(since), str(about)] if (
            now < datetime.fromtimestamp(since, UTC) + LASTS
        ):
            return challenge, about
        case _:
            return None
