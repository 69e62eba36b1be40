"""Sealing: people's numbers, names and words are unreadable in the database without the keys.

A sealed text is AES-256-GCM under the newest key and is bound to the place it belongs to ("table.column"),
so that it can't be moved to another column. What must be found again is looked up by a keyed hash. Several
keys may be in use at once, newest first: old ones still open and still find, only the newest one seals.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12


class Unsealable(Exception):
    """A sealed text can't be opened: its key is not on the ring, or it was damaged or moved."""


def _derived(secret: bytes, purpose: bytes, length: int = KEY_BYTES) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=b"hotline/1/" + purpose).derive(secret)


@dataclass(frozen=True, slots=True, repr=False)
class _Key:
    """What is derived from one secret: separate keys for sealing and for look-up, and a public name."""

    id: str
    cipher: AESGCM
    lookup: bytes

    @classmethod
    def derive(cls, secret: bytes) -> _Key:
        if len(secret) != KEY_BYTES:
            raise ValueError(f"a sealing key has {KEY_BYTES} bytes")
        return cls(
            id=_derived(secret, b"id", 4).hex(),
            cipher=AESGCM(_derived(secret, b"seal")),
            lookup=_derived(secret, b"lookup"),
        )

    def hash(self, value: str, where: str) -> str:
        return hmac.new(self.lookup, f"{where}\0{value}".encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """The keys in use, newest first. It never shows them.

    Raises ValueError for no key at all, for one of another size than 32 bytes, and for one given twice.
    """

    secrets: tuple[bytes, ...]
    _keys: tuple[_Key, ...] = field(init=False)

    def __post_init__(self) -> None:
        if not self.secrets or len(set(self.secrets)) != len(self.secrets):
            raise ValueError("give at least one sealing key, and each of them once")
        object.__setattr__(self, "_keys", tuple(map(_Key.derive, self.secrets)))

    @classmethod
    def from_secrets(cls, written: Iterable[str]) -> Keyring:
        """A ring of keys written in base64 (either alphabet), newest first. Raises ValueError."""
        try:
            return cls(tuple(base64.b64decode(one, altchars=b"-_", validate=True) for one in written))
        except binascii.Error:
            raise ValueError("a sealing key is not base64") from None

    def seal(self, text: str, where: str) -> str:
        """`text` made unreadable with the newest key, for the place `where` ("table.column") alone."""
        key, nonce = self._keys[0], os.urandom(_NONCE_BYTES)
        sealed = nonce + key.cipher.encrypt(nonce, text.encode(), where.encode())
        return f"{key.id}.{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, token: str, where: str) -> str:
        """What was sealed for `where`. Raises Unsealable."""
        key_id, _, body = token.partition(".")
        for key in self._keys:
            if key.id == key_id:
                return _opened(key, body, where)
        raise Unsealable(f"{where} is sealed with a key that is not on the ring")

    def is_newest(self, token: str) -> bool:
        """Whether a token was sealed with the newest key, and so need not be sealed anew."""
        return token.startswith(self._keys[0].id + ".")

    def lookup(self, value: str, where: str) -> str:
        """The keyed hash under which `value` is stored in `where` from now on."""
        return self._keys[0].hash(value, where)

    def lookups(self, value: str, where: str) -> tuple[str, ...]:
        """Every hash under which `value` may be stored in `where`, newest key first; ask with IN."""
        return tuple(key.hash(value, where) for key in self._keys)


def _opened(key: _Key, body: str, where: str) -> str:
    try:
        sealed = base64.b64decode(body, altchars=b"-_", validate=True)
        return key.cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], where.encode()).decode()
    except (InvalidTag, ValueError):
        raise Unsealable(f"{where} holds something that was damaged, or sealed for another place") from None
