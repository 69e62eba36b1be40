"""Sealing: people's numbers, names and words are unreadable in the database without the keys.

A sealed text is AES-256-GCM under the newest key and is bound to the place it belongs to ("table.column") and to
its row, so that it can't be moved to another column or to somebody else's row. What must be found again is looked up
by a keyed hash. Several keys may be in use at once, newest first: old ones still open and still find, only the newest
one seals.

A token is "2.KEY.BODY". Before this form there was "KEY.BODY", which was bound to its column only; it is still
opened, until `resealing` has sealed everything anew and nothing of that form is accepted any more.
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
_BOUND = "2"
"""What a token that is bound to its row begins with."""


WRONG_KEY = "The database is sealed with a key that HOTLINE_DATA_KEY lacks: add that key at its end."


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
    bound_only: bool = False
    """Whether texts that are bound to no row are refused: once nothing of that form is left."""
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

    @property
    def newest(self) -> str:
        """The public name of the key that seals: not secret, and the same in every process that has this key first."""
        return self._keys[0].id

    @property
    def names(self) -> tuple[str, ...]:
        """The public names of all keys, newest first."""
        return tuple(key.id for key in self._keys)

    @property
    def mark(self) -> str:
        """What every token begins with that need not be sealed anew."""
        return f"{_BOUND}.{self.newest}."

    def seal(self, text: str, where: str, row: str) -> str:
        """`text` made unreadable with the newest key, for `where` ("table.column") in `row` (its key) alone."""
        key, nonce = self._keys[0], os.urandom(_NONCE_BYTES)
        sealed = nonce + key.cipher.encrypt(nonce, text.encode(), _place(where, row))
        return f"{self.mark}{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, token: str, where: str, row: str) -> str:
        """What was sealed for `where` in `row`. Raises Unsealable."""
        form, key_id, body = _parts(token)
        if form == _BOUND:
            place = _place(where, row)
        elif not self.bound_only:
            place = where.encode()
        else:
            raise Unsealable(f"{where} holds something in a form that was given up")
        return _opened(self._key(key_id, where), body, where, place)

    def check_key(self, token: str, where: str) -> None:
        """Raises Unsealable unless the key that a token was sealed with is on the ring."""
        self._key(_parts(token)[1], where)

    def _key(self, key_id: str, where: str) -> _Key:
        for key in self._keys:
            if key.id == key_id:
                return key
        raise Unsealable(f"{where} is sealed with a key that is not on the ring")

    def is_newest(self, token: str) -> bool:
        """Whether a token was sealed with the newest key in the newest form, and so need not be sealed anew."""
        return token.startswith(self.mark)

    def lookup(self, value: str, where: str) -> str:
        """The keyed hash under which `value` is stored in `where` from now on."""
        return self._keys[0].hash(value, where)

    def lookups(self, value: str, where: str) -> tuple[str, ...]:
        """Every hash under which `value` may be stored in `where`, newest key first; ask with IN."""
        return tuple(key.hash(value, where) for key in self._keys)

    def signed(self, value: str, where: str) -> str:
        """A mark that nobody without the newest key can make for `value` in `where`: "KEY.HMAC"."""
        return f"{self.newest}.{self.lookup(value, where)}"

    def is_signed(self, mark: str, value: str, where: str) -> bool | None:
        """Whether a mark is the one for `value` in `where`; None if its key is not on the ring: nobody can say."""
        key_id, _, body = mark.partition(".")
        key = next((one for one in self._keys if one.id == key_id), None)
        return None if key is None else hmac.compare_digest(key.hash(value, where), body)


def _parts(token: str) -> tuple[str, str, str]:
    """(form, key id, body); the form is empty for what was sealed before there were forms."""
    form, _, rest = token.partition(".")
    if form != _BOUND:
        return "", form, rest
    key_id, _, body = rest.partition(".")
    return form, key_id, body


def key_of(token: str) -> str:
    """The public name of the key that a sealed text, or its beginning, names."""
    return _parts(token)[1]


def _place(where: str, row: str) -> bytes:
    return f"{where}\0{row}".encode()


def _opened(key: _Key, body: str, where: str, place: bytes) -> str:
    try:
        sealed = base64.b64decode(body, altchars=b"-_", validate=True)
        return key.cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place).decode()
    except (InvalidTag, ValueError):
        raise Unsealable(f"{where} holds something that was damaged, or sealed for another place") from None
