"""What people write of themselves beside what they want: that they may be under 18, and from whom it must be kept.

The words are in `prompts/lists/about_themselves.toml`. Neither is danger, and neither pages anybody: an age is a mark
for staff, and whoever is only to be kept in the dark isn't whom the message is about ("don't tell my mom").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final

from hotline.prompts.word_lists import all_words, words_of
from hotline.triage.reading.words import Word
from hotline.triage.reading.words import words_of as plain_words

_LIST: Final = "about_themselves"
_YOUNGEST: Final = 8
ADULT: Final = 18
"""Years from which somebody is none."""
_RUN_TOGETHER: Final = re.compile(r"(?<=\b\d\d)(?=(?:yo|[fm]|an|anos?)\b)")


@lru_cache(maxsize=64)  # one turn asks, and so do the pages that show it
def may_be_a_minor(text: str) -> bool:
    """Whether somebody says of themselves that they are under 18, in any of the four languages. Never raises."""
    said = _said(plain_words(text))
    return any(_is_of_years(said, found) for found in _own_age().finditer(said)) or bool(
        _minor().search(said)
    )


def without_secrets(text: str) -> str | None:
    """The message as plain words without those who must not hear of it; None if it names nobody so. Never raises."""
    said = _said(plain_words(text))
    rest = _kept_from().sub(" ", said)
    return None if rest == said else re.sub(r" +", " ", rest).strip(" ,.")


def _said(words: Sequence[Word]) -> str:
    """The words with a space around each, and a sign of their own where a clause or a sentence ends."""
    parts = [" "]
    for word, following in pairwise([*words, None]):
        if word is None:
            break
        parts.append(f"{_RUN_TOGETHER.sub(' ', word.text)} ")
        if following is None or following.sentence != word.sentence:
            parts.append(". ")
        elif following.clause != word.clause:
            parts.append(", ")
    return "".join(parts)


def _is_of_years(said: str, found: re.Match[str]) -> bool:
    return _no_age().match(said, found.end()) is None


def _either(kind: str, **filled: str) -> str:
    ways = "|".join(f"(?:{one})" for one in all_words(_LIST, kind))
    for sign, words in (("#", filled.get("age")), ("@", filled.get("relative"))):
        ways = ways if words is None else ways.replace(sign, words)
    return f"(?:{ways})"


@cache
def _own_age() -> re.Pattern[str]:
    words = "|".join(word for ages in words_of(_LIST, "ages").values() for word in ages)
    digits = "|".join(str(age) for age in range(_YOUNGEST, ADULT))
    return re.compile(rf"(?<= ){_either('own_age', age=f'(?:{digits}|{words})')}(?= |(?<= ))")


@cache
def _no_age() -> re.Pattern[str]:
    return re.compile(rf" ?{_either('no_age')}(?= )")


@cache
def _minor() -> re.Pattern[str]:
    return re.compile(rf"(?<= ){_either('minor')}(?= )")


@cache
def _kept_from() -> re.Pattern[str]:
    relatives = "|".join(all_words(_LIST, "relatives"))
    return re.compile(rf"(?<= ){_either('kept_from', relative=f'(?:{relatives})')}(?= )")
