"""Words that are something as the whole message: the carriers' own, yes and no, the lines, the keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from hotline.lettering import folded
from hotline.model import Language
from hotline.prompts.word_lists import word_lists
from hotline.triage.reading.spelling import apart, means_itself

CARRIER_STOPS: Final = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}
)
"""The carriers' own keywords: they block the number by themselves when one of these is the whole message."""
CARRIER_STARTS: Final = frozenset({"start", "unstop", "yes"})
"""The same the other way; only somebody who is blocked means that by "yes"."""
_LONGEST_READ: Final = 4000
"""Characters: more than any joined text message holds; the rest is not read for meaning."""


_LONG: Final = 8
"""Letters of a stop word that nothing else is a slip or two away from."""
_SLIPS: Final = 2
_SPACED_OUT: Final = 3
"""Letters that stand apart and make a word: "s t o p"."""
_SIGNS: Final = {
    "🆘": "sos",
    "🚨": "sos",
    **dict.fromkeys(("🛑", "⛔", "🚫", "📵", "🔕", "🔇", "📴", "🙅", "✋✋"), "stop"),
}
"""Signs that are a word where nothing else is written."""
_THANKFUL: Final = frozenset("👍👌🙌👏🤝✅✔❤♥💕💖💗💓💞💘💝💙💚💛🧡💜🤍🤎🫶😊☺😇🤗😘🥰😍💐🌹")
"""Signs that thank, or say that it is well. Folded hands ask as often as they thank."""
_MODIFIES: Final = re.compile("[\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]")
"""What only changes how the sign before it looks: its colour, say."""


class Kind(StrEnum):
    """What a whole message can be."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    YES = "yes"
    NO = "no"
    THANKS = "thanks"
    GREETING = "greeting"
    EMERGENCY = "emergency"
    ADMISSIONS = "admissions"
    FAMILY = "family"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class _Words:
    kinds: Mapping[Language, Mapping[str, Kind]]
    digits: Mapping[Language, Mapping[str, str]]
    before_digits: Mapping[Language, frozenset[str]]
    courtesy: frozenset[str]
    hurry: frozenset[str]


def plain(words: str) -> str:
    """The words in lower case, without accents, punctuation or doubled spaces."""
    bare = folded(words[:_LONGEST_READ].replace("’", "'"))
    return " ".join(re.sub(r"[^\w]+", " ", bare).replace("_", " ").split())


def kind_of(words: str, language: Language) -> Kind | None:
    """What the whole message is; None for anything longer or unknown.

    The session's own language first; then the others, where the word is of one kind only among them. A stop word
    of another language than English or the session's is none: "alto" and "rete" are ordinary words elsewhere.
    """
    known = _words()
    said = plain(words)
    if known.courtesy.issuperset(said.split()):
        said = next((word for sign, word in _SIGNS.items() if sign in words[:_LONGEST_READ]), said)
    for own in (said, _joined(_without_courtesy(said, known.courtesy))):
        found = known.kinds[language].get(own)
        if found is Kind.HELP and not known.hurry.isdisjoint(said.split()):
            return None  # "help now" asks for more than who we are
        if found is not None:
            return found
        if own in known.kinds[Language.EN]:
            return known.kinds[Language.EN][own]
        elsewhere = {kinds[own] for kinds in known.kinds.values() if own in kinds} - {Kind.STOP}
        if len(elsewhere) == 1:
            return elsewhere.pop()
    return Kind.STOP if _is_stop_misspelt(_without_courtesy(said, known.courtesy), language) else None


def _is_stop_misspelt(said: str, language: Language) -> bool:
    """Whether it is a stop word with letters held down ("stooop"), or a long one with a slip or two ("unsubscrive")."""
    stops = _stops(language)
    let_go = re.sub(r"(\w)\1{2,}", r"\1", said)
    if let_go in stops or " " in said or means_itself(said):
        return let_go in stops
    long = (word for word in stops if len(word) >= _LONG and " " not in word and word[:2] == said[:2])
    return any(apart(said, word, _SLIPS) for word in long)


@cache
def _stops(language: Language) -> frozenset[str]:
    """The stop words of this language, and the English ones."""
    kinds = (_words().kinds[one] for one in (language, Language.EN))
    return frozenset(word for known in kinds for word, kind in known.items() if kind is Kind.STOP)


def _joined(said: str) -> str:
    """The word that letters make which stand apart: "s t o p"."""
    letters = said.split()
    apart = len(letters) >= _SPACED_OUT and all(len(one) == 1 and one.isalpha() for one in letters)
    return "".join(letters) if apart else said


def key_of(words: str, language: Language = Language.EN) -> str | None:
    """The menu key that a whole message names: "2", "two", "press 2", "#2"; None if it names none."""
    known = _words()
    said = _without_courtesy(plain(words), known.courtesy)
    for before in sorted(
        known.before_digits[language] | known.before_digits[Language.EN], key=len, reverse=True
    ):
        if said.startswith(before + " "):
            said = said.removeprefix(before + " ")
            break
    said = known.digits[language].get(said, said)
    return said if len(said) == 1 and said.isascii() and said.isdigit() else None


def is_wordless(words: str) -> bool:
    """Whether something is written, and no letter and no digit is in it: "😢", "...", "?"."""
    return words.strip() != "" and plain(words) == ""


def is_thankful(words: str) -> bool:
    """Whether nothing is written but signs that thank, such as a thumb or a heart."""
    signs = "".join(_MODIFIES.sub("", words).split())
    return signs != "" and _THANKFUL.issuperset(signs)


def is_carrier_keyword(words: str) -> bool:
    """Whether the carrier itself answers this text, and blocks or unblocks the number, beside us."""
    return words.strip().casefold() in CARRIER_STOPS | {"start", "unstop"}


def unblocks(words: str) -> bool:
    """Whether the carrier lets texts through again on this one, if it had blocked the number."""
    return words.strip().casefold() in CARRIER_STARTS


def _without_courtesy(said: str, courtesy: frozenset[str]) -> str:
    words = said.split()
    while len(words) > 1 and words[-1] in courtesy:
        words.pop()
    while len(words) > 1 and words[0] in courtesy:
        words.pop(0)
    return words[0] if len(set(words)) == 1 else " ".join(words)


@cache
def _words() -> _Words:
    data = word_lists("keywords")
    return _Words(
        kinds={
            language: {plain(word): kind for kind in Kind for word in data[kind.value][language.value]}
            for language in Language
        },
        digits={language: data["digits"][language.value] for language in Language},
        before_digits={language: frozenset(data["before_digits"][language.value]) for language in Language},
        courtesy=frozenset(data["courtesy"]["words"]),
        hurry=frozenset(data["courtesy"]["hurry"]),
    )
