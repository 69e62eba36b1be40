"""Files that only a private key opens: whatever program has written them, and nothing can be changed unseen."""

from __future__ import annotations

import base64
import io

import pytest

from hotline.settings import bech32
from hotline.store.keeping import sealed_file
from hotline.store.keeping.sealed_file import DamagedFile, SealedWriter, WrongBackupKey, private_key

THEIR_KEY = "AGE-SECRET-KEY-12YP8J2PJVNJYRAY3WK4QXR4CCXWDTER4YMP6YHUN3J4LE0P565CSD0TKVV"
THEIR_PUBLIC = "age1rsq2ksj0ju822fg3hzkpvq5twvnavgj9rya7hrssv4ln3prv054s92qgcf"
BY_ANOTHER_PROGRAM = base64.b64decode(
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSB2R2N5Vkx4VTRqclRXdEdmbk9RTmVDS2JENEQzbkQxMFFWYy9kcUp6a0JZ"
    "Ck80WlhjTDVTUnhueDNPamNaN1p4a3M1cGkvc3M5T0dqS2JnVlJROVhtaDAKLT4gcHgvZC1ncmVhc2UgLVRsIDpHIGM1WycgUHw4"
    "CnVqV1lyM3piTkt3NHhWdS9vN2UvbUtlMTgrSTR4Kzg3ZzlBa2UwSHhnQnY5R0JDMm4wUTJCaDBRY1NRWkwrcjMKb2trUTljampU"
    "d1UKLS0tIFpsTXpjeWlPQ2c1Y1Q5enR4bkJZS05VMlhBMHpPVStYcW1hMGVndmJNRmcKPq8KzdohDr4kf+ladWk6aqnRZY99FmsT"
    "X/rnEVuZvNMIy2BhQAaeKzGrcTCINSdFCaJClR9ILUxr/0U="
)
"""Sealed by rage's library (pyrage 1.3) for THEIR_PUBLIC, with a stanza of no meaning among the others."""
PIECE = 64 * 1024
SIZES = [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 17]


def sealed(text: bytes, *publics: str) -> bytes:
    """A whole file, written in uneven parts."""
    file = io.BytesIO()
    writer = SealedWriter(file, publics)
    for place in range(0, len(text), 50_001):
        writer.write(text[place : place + 50_001])
    writer.close()
    return file.getvalue()


def opened(file: bytes, private: str) -> bytes:
    return b"".join(sealed_file.opened(io.BytesIO(file), private_key(private)))


def test_what_another_program_has_sealed_opens_here() -> None:
    """The format is age's: years from now a backup needs no Hotline to be read."""
    assert opened(BY_ANOTHER_PROGRAM, THEIR_KEY) == b"Sealed by another program.\n"
    assert sealed_file.public_of(private_key(THEIR_KEY)) == THEIR_PUBLIC


@pytest.mark.parametrize("size", SIZES)
def test_it_opens_with_each_of_the_keys_that_it_was_sealed_for(size: int) -> None:
    """Whatever its length, at the edges of a piece too."""
    first, second, text = (
        sealed_file.new_keys(),
        sealed_file.new_keys(),
        bytes(range(256)) * (size // 256 + 1),
    )
    file = sealed(text[:size], first.public, second.public)
    assert opened(file, first.private) == opened(file, second.private) == text[:size]


def test_another_key_opens_nothing() -> None:
    """And says that it is the wrong one, not that the file is damaged."""
    file = sealed(b"words", sealed_file.new_keys().public)
    with pytest.raises(WrongBackupKey):
        opened(file, sealed_file.new_keys().private)


def test_no_byte_can_be_changed_and_no_end_cut_off() -> None:
    """In its head, in its pieces, at their edges."""
    keys = sealed_file.new_keys()
    file = sealed(b"x" * (2 * PIECE + 5), keys.public)
    places = [*range(0, 250, 7), len(file) // 2, len(file) - 1]
    for place in places:
        bent = bytearray(file)
        bent[place] ^= 1
        with pytest.raises((DamagedFile, WrongBackupKey)):
            opened(bytes(bent), keys.private)
    head = len(file) - (2 * PIECE + 5 + 3 * 16)
    for end in (0, 10, head - 1, head, head + PIECE + 16, head + 2 * (PIECE + 16), len(file) - 1):
        with pytest.raises(DamagedFile):
            opened(file[:end], keys.private)


def test_pieces_can_not_change_places() -> None:
    """Each is sealed under its number."""
    keys = sealed_file.new_keys()
    file = sealed(b"a" * PIECE + b"b" * PIECE + b"c", keys.public)
    head, step = len(file) - (2 * PIECE + 1 + 3 * 16), PIECE + 16
    swapped = (
        file[:head] + file[head + step : head + 2 * step] + file[head : head + step] + file[head + 2 * step :]
    )
    with pytest.raises(DamagedFile):
        opened(swapped, keys.private)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "AGE-SECRET-KEY-1",
        THEIR_KEY[:-1] + "Q",
        THEIR_KEY.lower().replace("age", "AGE", 1),
        THEIR_PUBLIC,
        f"{THEIR_KEY}\n{THEIR_KEY}",
        "no key at all",
    ],
)
def test_a_mistyped_private_key_is_noticed(written: str) -> None:
    """Before anything is tried with it."""
    with pytest.raises(ValueError, match=r".+"):
        private_key(written)


def test_notes_may_stand_beside_a_private_key() -> None:
    """As age-keygen writes them, and in small letters for whoever types it from paper."""
    assert (
        private_key(f"# created: today\n\n{THEIR_KEY.lower()}\n").private_bytes_raw()
        == private_key(THEIR_KEY).private_bytes_raw()
    )


def test_a_file_for_nobody_is_not_written() -> None:
    """It could never be opened."""
    with pytest.raises(ValueError, match="nobody"):
        SealedWriter(io.BytesIO(), [])


def test_bech32_as_its_authors_write_it() -> None:
    """Two of the examples in BIP 173."""
    assert bech32.decoded("a", "A12UEL5L") == b""
    assert bech32.encoded("a", b"") == "a12uel5l"
    with pytest.raises(ValueError, match="letter"):
        bech32.decoded("a", "a12uel5m")
