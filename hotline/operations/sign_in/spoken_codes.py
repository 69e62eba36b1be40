"""One-time codes that people read out, write down and type: made of signs that nobody takes for one another."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

_SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS: Final = 16
"""Of a code: 78 bits, which nobody guesses."""


def fresh() -> str:
    """A code as it is shown: XXXX-XXXX-XXXX-XXXX."""
    code = "".join(secrets.choice(_SIGNS) for _ in range(_LETTERS))
    return "-".join(code[at : at + 4] for at in range(0, _LETTERS, 4))


def hashed(code: str) -> str:
    """What is kept of a code, however it was typed."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
