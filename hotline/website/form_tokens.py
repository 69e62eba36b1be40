"""Signed tokens of forms, and what a browser shows that it has worked for one.

Nothing is kept of a form until it is sent: the token says which form it is, when it was shown, and in which words it
asked for consent. No cookie is set, so it works in a frame of another site.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer

from hotline.model import PhoneNumber

_SALT: Final = "call-me"
LASTS: Final = timedelta(hours=4)
"""After which a form is shown anew, with all that was filled in."""
QUICK: Final = timedelta(seconds=3)
"""In which no person fills in a form, or reads a number."""
BITS: Final = 16
"""Zeros at which the hash of a worked-out number begins: 65,536 tries on average, a second of a slow telephone's time
while the form is filled in. It costs whoever sends thousands, and is no wall: the limits are."""
LONGEST_PROOF: Final = 20


@dataclass(frozen=True, slots=True)
class ShownForm:
    """A form that was shown. `at` is UTC, in whole seconds."""

    id: str
    at: datetime
    version: str
    """Of the words in which it asked for consent."""
    checked: str = ""
    """Of the second step: for which number it was shown, as a hash."""

    def is_quick(self, now: datetime) -> bool:
        """Whether it comes back sooner than a person could send it."""
        return now < self.at + QUICK

    def is_for(self, number: PhoneNumber) -> bool:
        """Whether this is its second step, shown for this number."""
        return self.checked == _hash(self.id, number.e164)


@dataclass(frozen=True, slots=True)
class FormTokens:
    """Makes them and reads them."""

    secret: str

    def made(self, shown: ShownForm) -> str:
        """What goes along with the form."""
        return self._signer().dumps([shown.id, int(shown.at.timestamp()), shown.version, shown.checked])

    def for_check(self, shown: ShownForm, number: PhoneNumber, now: datetime) -> str:
        """What goes along with its second step."""
        return self.made(ShownForm(shown.id, now, shown.version, _hash(shown.id, number.e164)))

    def read(self, token: str, now: datetime) -> ShownForm | None:
        """The form that this is of; None if it isn't ours, or was shown too long ago."""
        try:
            form, seconds, version, checked = self._signer().loads(token)
            shown = ShownForm(str(form), datetime.fromtimestamp(seconds, UTC), str(version), str(checked))
        except (BadSignature, ValueError, TypeError, OverflowError, OSError):
            return None
        return shown if now < shown.at + LASTS else None

    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret, salt=_SALT)


def is_worked_for(shown: ShownForm, proof: str) -> bool:
    """Whether `proof` is a number that a browser has worked out for this form."""
    if not proof.isascii() or not proof.isdigit() or len(proof) > LONGEST_PROOF:
        return False
    digest = hashlib.sha256(f"{shown.id}:{proof}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - BITS) == 0


def _hash(form: str, number: str) -> str:
    return hashlib.sha256(f"{form}:{number}".encode()).hexdigest()[:16]
