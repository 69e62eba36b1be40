"""Keys written so that a mistyped letter is noticed: Bech32 (BIP 173), as age writes its keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

_LETTERS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_PARTS: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKED: Final = 6
"""Letters at the end that check the others."""


def encoded(name: str, data: bytes) -> str:
    """`data` after its name, in lower case."""
    values = list(_regrouped(data, 8, 5))
    checked = _sum([*_spread(name), *values, *[0] * _CHECKED]) ^ 1
    check = [checked >> 5 * (_CHECKED - 1 - place) & 31 for place in range(_CHECKED)]
    return f"{name}1{''.join(_LETTERS[one] for one in (*values, *check))}"


def decoded(name: str, written: str) -> bytes:
    """What was written under this name (lower case). Raises ValueError, which quotes nothing, for anything else."""
    if written not in (written.lower(), written.upper()):
        raise ValueError("mixes capitals and small letters")
    start, one, letters = written.lower().rpartition("1")
    if not one or start != name or len(letters) < _CHECKED or not set(letters) <= set(_LETTERS):
        raise ValueError("is none of these keys")
    values = [_LETTERS.index(letter) for letter in letters]
    if _sum([*_spread(name), *values]) != 1:
        raise ValueError("has a letter that is not as it was")
    return bytes(_regrouped(values[:-_CHECKED], 5, 8, whole=False))


def _spread(name: str) -> list[int]:
    return [*(ord(letter) >> 5 for letter in name), 0, *(ord(letter) & 31 for letter in name)]


def _sum(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, part in enumerate(_PARTS):
            check ^= part if top >> place & 1 else 0
    return check


def _regrouped(values: Iterable[int], size: int, into: int, *, whole: bool = True) -> Iterator[int]:
    """The same bits in groups of another size; the last one is filled up with zeros if `whole`, else left out."""
    held = bits = 0
    for value in values:
        held, bits = held << size | value, bits + size
        while bits >= into:
            bits -= into
            yield held >> bits
            held &= (1 << bits) - 1
    if whole and bits:
        yield held << (into - bits)
