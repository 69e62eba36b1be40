"""What somebody on the staff answers to a page by text, in the words that people use.

A message counts only if all of it is known: words that take it, can't, or ask for help, and small talk around them. So
whoever says anything else beside it ("yes but I can't", "on it tomorrow", "got it?") has answered nothing. The words
are in `prompts/lists/staff_replies.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from hotline.lettering import folded
from hotline.prompts.word_lists import all_words, word_lists
from hotline.triage.texts.keywords import key_of

LOOKS_LIKE_CODE: Final = re.compile(r"\d{6}")
"""Six digits: short enough to type, and no key, keyword or year."""
_MOST: Final = 12
"""Words; who writes more says more than yes or no."""
_SLIPS_FROM: Final = 5
"""Letters of a word in which one may be missing, or two be swapped: a shorter one would become another word."""
_APOSTROPHES: Final = str.maketrans("", "", "'’`´")
_WORD: Final = re.compile(r"[^\W_]+")
_TWICE: Final = re.compile(r"([^\W\d_])\1+")
_DONE: Final = ("done",)

Words = tuple[str, ...]


class Verb(StrEnum):
    """What a text wants."""

    TAKE = "take"
    """They take it; a code alone says so, too."""
    DECLINE = "decline"
    HELP = "help"
    """Somebody beside them, for what is theirs."""
    DONE = "done"
    """It is over."""


KEYS: Final[Mapping[str, Verb]] = {"1": Verb.TAKE, "2": Verb.DECLINE}
"""As on a call."""


@dataclass(frozen=True, slots=True)
class PageReply:
    """What a text says about a page."""

    verb: Verb
    code: str | None = None
    """Which page is meant, if they say it."""
    keyed: bool = False
    """By a key, a code alone or DONE, which nobody writes to a caller."""


def understood(words: str) -> PageReply | None:
    """What the whole text says; None for anything else, or more, than one of these with one code at most."""
    key = key_of(words)
    if key is not None and key in KEYS:
        return PageReply(KEYS[key], keyed=True)
    said = _split(words)
    codes = [one for one in said if LOOKS_LIKE_CODE.fullmatch(one)]
    rest = tuple(one for one in said if one not in codes)
    if not said or len(codes) > 1 or len(rest) > _MOST:
        return None
    code = codes[0] if codes else None
    if not rest:
        return PageReply(Verb.TAKE, code, keyed=True)
    if rest in (_DONE, *((one,) for one in KEYS)):
        return PageReply(KEYS.get(rest[0], Verb.DONE), code, keyed=True)
    meant = [verb for verb in _PHRASES if _made_of(_mended(rest), _phrases()[verb], _around())]
    return PageReply(meant[0], code) if len(meant) == 1 and "?" not in words else None


_PHRASES: Final = (Verb.TAKE, Verb.DECLINE, Verb.HELP)


def _split(words: str) -> Words:
    """The words as they are compared."""
    bare = folded(words).translate(_APOSTROPHES)
    for verb in (Verb.TAKE, Verb.DECLINE):
        for sign in word_lists("staff_replies")["signs"][verb.value]:
            bare = bare.replace(sign, f" {_SIGN[verb]} ")
    return tuple(_TWICE.sub(r"\1", one) for one in _WORD.findall(bare))


_SIGN: Final = {Verb.TAKE: "yes", Verb.DECLINE: "no"}


def _made_of(said: Words, phrases: Collection[Words], around: Collection[Words]) -> bool:
    """Whether these words are phrases and small talk throughout, and a phrase is among them."""
    longest = max(map(len, phrases))
    reached = {(0, False)}
    for at in range(len(said)):
        for with_phrase in [one for place, one in reached if place == at]:
            for end in range(at + 1, min(at + longest, len(said)) + 1):
                part = said[at:end]
                if part in phrases:
                    reached.add((end, True))
                if part in around:
                    reached.add((end, with_phrase))
    return (len(said), True) in reached


def _mended(said: Words) -> Words:
    """With the slips of the longer words mended; whatever is a word here already stays."""
    return tuple(_slips().get(one, one) for one in said)


@cache
def _phrases() -> Mapping[Verb, frozenset[Words]]:
    keys = {verb: (key,) for key, verb in KEYS.items()}
    return {
        verb: frozenset(
            (*map(_split, all_words("staff_replies", verb.value)), *filter(None, [keys.get(verb)]))
        )
        for verb in _PHRASES
    }


@cache
def _around() -> frozenset[Words]:
    return frozenset(map(_split, word_lists("staff_replies")["around"]["words"]))


@cache
def _slips() -> Mapping[str, str]:
    known = {word for phrases in (*_phrases().values(), _around()) for phrase in phrases for word in phrase}
    return {
        slip: word
        for word in sorted(known)
        if len(word) >= _SLIPS_FROM
        for slip in _slipped(word)
        if slip not in known
    }


def _slipped(word: str) -> Iterator[str]:
    """The word with one letter missing, or with two neighbours swapped."""
    for at in range(len(word)):
        yield _TWICE.sub(r"\1", word[:at] + word[at + 1 :])
        yield word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]
