"""Files that only the holder of a private key can open: the age format, version 1, for X25519 keys.

The format is age's own (https://age-encryption.org/v1), so that `age -d` opens these files, too, without us. A file key
of 16 random bytes is sealed for each public key; the text follows in pieces of 64 KiB, each sealed with
ChaCha20-Poly1305 under its number, the last one marked as the last: nothing can be changed, moved, or cut off unseen.
Neither writing nor reading ever holds more than a piece.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hotline.settings import bech32
from hotline.settings.keeping_settings import PUBLIC

_PRIVATE: Final = "age-secret-key-"
_VERSION: Final = b"age-encryption.org/v1"
_STANZA: Final = b"-> X25519 "
_WRAPS: Final = _VERSION + b"/X25519"
_PIECE: Final = 64 * 1024
_TAG: Final = 16
_FILE_KEY: Final = 16
_LONGEST_LINE: Final = 256
_WHOLE_LINE: Final = 64 + 1
_LONGEST_BODY: Final = 64 * 1024
_MOST_KEYS: Final = 1000


class WrongBackupKey(Exception):
    """The file was sealed for other keys than this one."""


class DamagedFile(Exception):
    """The file is none of this format, or is not as it was written."""


@dataclass(frozen=True, slots=True)
class BackupKeys:
    """A new pair, as people write it."""

    public: str
    private: str = field(repr=False)


def new_keys() -> BackupKeys:
    """Made from the machine's own randomness."""
    private = X25519PrivateKey.generate()
    written = bech32.encoded(_PRIVATE, private.private_bytes_raw())
    return BackupKeys(bech32.encoded(PUBLIC, private.public_key().public_bytes_raw()), written.upper())


def private_key(written: str) -> X25519PrivateKey:
    """The key in what `hotline backup key`, or `age-keygen`, has written: notes begin with #. Raises ValueError."""
    lines = [line.strip() for line in written.splitlines()]
    keys = [line for line in lines if line and not line.startswith("#")]
    if len(keys) != 1:
        raise ValueError("there must be one private key in it")
    return X25519PrivateKey.from_private_bytes(bech32.decoded(_PRIVATE, keys[0]))


def public_of(key: X25519PrivateKey) -> str:
    """The public half, as people write it."""
    return bech32.encoded(PUBLIC, key.public_key().public_bytes_raw())


# --- writing -----------------------------------------------------------------------------------------------------


class SealedWriter:
    """Writes one file. `close` writes its end; a file without it doesn't open."""

    def __init__(self, file: BinaryIO, recipients: Sequence[str]) -> None:
        """`recipients`: public keys, as people write them. Raises ValueError for what is none, or for none at all."""
        if not recipients:
            raise ValueError("nobody could open it")
        self.file_key = os.urandom(_FILE_KEY)
        """Opens this one file; kept by nobody."""
        self._file = file
        self._waiting = bytearray()
        self._number = 0
        stanzas = b"".join(self._stanza(bech32.decoded(PUBLIC, one)) for one in recipients)
        head = _VERSION + b"\n" + stanzas + b"---"
        nonce = os.urandom(16)
        self._cipher = _cipher(self.file_key, nonce)
        file.write(head + b" " + _base64(_mac(self.file_key, head)) + b"\n" + nonce)

    def _stanza(self, theirs: bytes) -> bytes:
        ours = X25519PrivateKey.generate()
        share = ours.public_key().public_bytes_raw()
        wrapping = _derived(ours.exchange(X25519PublicKey.from_public_bytes(theirs)), share + theirs, _WRAPS)
        body = ChaCha20Poly1305(wrapping).encrypt(bytes(12), self.file_key, None)
        return _STANZA + _base64(share) + b"\n" + _base64(body) + b"\n"

    def write(self, text: bytes) -> None:
        """More of the text."""
        self._waiting += text
        # The last piece is known only at the end, and must not be empty.
        while len(self._waiting) > _PIECE:
            self._piece(bytes(self._waiting[:_PIECE]), last=False)
            del self._waiting[:_PIECE]

    def close(self) -> None:
        """That was all."""
        self._piece(bytes(self._waiting), last=True)

    def _piece(self, text: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), text, None))
        self._number += 1


# --- reading -----------------------------------------------------------------------------------------------------


def opened(file: BinaryIO, key: X25519PrivateKey | bytes) -> Iterator[bytes]:
    """The text, piece by piece. `key`: a private key, or the file key itself.

    Raises WrongBackupKey at once, and DamagedFile, at the latest at the end.
    """
    head, shares, mac = _head(file)
    file_key = key if isinstance(key, bytes) else _file_key(shares, key)
    if not hmac.compare_digest(mac, _mac(file_key, head)):
        raise DamagedFile("its head is not as it was written")
    cipher = _cipher(file_key, _exactly(file, 16))
    return _pieces(file, cipher)


def _pieces(file: BinaryIO, cipher: ChaCha20Poly1305) -> Iterator[bytes]:
    number = 0
    sealed = file.read(_PIECE + _TAG)
    while True:
        following = file.read(_PIECE + _TAG)
        try:
            text = cipher.decrypt(_nonce(number, last=not following), sealed, None)
        except (InvalidTag, ValueError):
            raise DamagedFile("it is not as it was written, or its end is missing") from None
        yield text
        if not following:
            return
        number, sealed = number + 1, following


def _head(file: BinaryIO) -> tuple[bytes, list[tuple[bytes, bytes]], bytes]:
    """What the mark covers; of each public key the share and the sealed file key; the mark."""
    head = _line(file)
    if head != _VERSION + b"\n":
        raise DamagedFile("it is no backup")
    found: list[tuple[bytes, bytes]] = []
    while (line := _line(file)).startswith(b"-> ") and len(found) < _MOST_KEYS:
        body = _body(file)
        head += line + body
        if line.startswith(_STANZA):
            found.append((_plain(line[len(_STANZA) :]), _plain(body)))
    start, _, mac = line.partition(b" ")
    if start != b"---":
        raise DamagedFile("its head is not as it was written")
    return head + start, found, _plain(mac)


def _file_key(shares: Sequence[tuple[bytes, bytes]], key: X25519PrivateKey) -> bytes:
    own = key.public_key().public_bytes_raw()
    for share, body in shares:
        try:
            wrapping = _derived(key.exchange(X25519PublicKey.from_public_bytes(share)), share + own, _WRAPS)
            return ChaCha20Poly1305(wrapping).decrypt(bytes(12), body, None)
        except (InvalidTag, ValueError):
            continue  # it is somebody else's
    raise WrongBackupKey("it was sealed for other keys than this one")


def _body(file: BinaryIO) -> bytes:
    """Whole lines, and one that is shorter; others may have put what isn't ours there."""
    body = line = _line(file)
    while len(line) == _WHOLE_LINE and len(body) < _LONGEST_BODY:
        line = _line(file)
        body += line
    return body


def _line(file: BinaryIO) -> bytes:
    return file.readline(_LONGEST_LINE)


def _exactly(file: BinaryIO, size: int) -> bytes:
    found = file.read(size)
    if len(found) != size:
        raise DamagedFile("its end is missing")
    return found


def _plain(written: bytes) -> bytes:
    try:
        text = written.replace(b"\n", b"")
        return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise DamagedFile("its head is not as it was written") from None


def _base64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _derived(secret: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=purpose).derive(secret)


def _mac(file_key: bytes, head: bytes) -> bytes:
    return hmac.digest(_derived(file_key, b"", b"header"), head, "sha256")


def _cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
