"""Words that are kept, and may be newer than the program that reads them.

During a deploy, and after a way back, this version reads rows that a later one has written. A word of that one's is
read as an unknown one of its kind: it equals none that this version knows, so nothing is done because of it; it says
what it is by `str` and `.value`, so it is kept as it was when its row is saved again. See ADR 87.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from enum import StrEnum
from typing import Final, Generic, TypeVar

from hotline.worded import worded

Word = TypeVar("Word", bound=StrEnum)
Told = TypeVar("Told")
Key = TypeVar("Key")
UNKNOWN: Final = "UNKNOWN"
"""The name of each of them; no word of ours is called so."""
NOT_KNOWN: Final = worded("something this version does not know")
"""What people are told of one."""
_READING: Final = ContextVar("reading what is kept", default=False)


class KeptWord(StrEnum):
    """A word that is kept in the database. Asked for by itself it raises ValueError for what is none, as ever: only
    what is read of what is kept (`as_kept`, `leniently`) may be unknown."""

    @classmethod
    def _missing_(cls, value: object) -> KeptWord | None:
        return _unknown(cls, value) if _READING.get() and isinstance(value, str) else None


def _unknown(kind: type[Word], word: str) -> Word:
    found = str.__new__(kind, word)
    found._name_, found._value_ = UNKNOWN, word
    return found


def as_kept(kind: type[Word], word: str) -> Word:
    """The word of this kind that is written so; an unknown one if this version has none."""
    try:
        return kind(word)
    except ValueError:
        return _unknown(kind, word)


def leniently(read: Callable[[], Told]) -> Told:
    """What `read` reads from what is kept: every `KeptWord` in it may be unknown."""
    before = _READING.set(True)
    try:
        return read()
    finally:
        _READING.reset(before)


def is_lenient() -> bool:
    """Whether what is read is kept, so that what this version doesn't know is no mistake of whoever wrote it."""
    return _READING.get()


def is_known(word: StrEnum) -> bool:
    """Whether this version knows it."""
    return word.name != UNKNOWN


class ByWord(dict[Key, Told], Generic[Key, Told]):
    """What is told by a word that is kept; for one that this version doesn't know, `unknown`."""

    def __init__(self, known: Mapping[Key, Told], unknown: Told) -> None:
        super().__init__(known)
        self._unknown = unknown

    def __missing__(self, word: Key) -> Told:
        return self._unknown
