"""A centre's own phrases: what must page, and what alone must not (`[reading]` in `hotline.toml`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from hotline import lettering
from hotline.model import Language

_PREFIX: Final = re.compile(r"(en|es|pt|ht):\s*(.*)", re.DOTALL)
_LONGEST: Final = 80
"""Characters: a phrase, and no story."""
_SHORTEST: Final = 5
"""Letters: shorter ones are in too many messages."""
# fmt: off
_EVERYDAY: Final = frozenset((
    "about", "again", "alone", "allright", "alright", "anybody", "anyone", "asking", "calling", "coming", "doing",
    "going", "great", "hello", "hurry", "leave", "maybe", "maybes", "meeting", "money", "morning", "never", "night",
    "nothing", "phone", "please", "quick", "quickly", "ready", "right", "sorry", "thank", "thanks", "there", "thing",
    "think", "today", "tomorrow", "tonight", "waiting", "where", "ahora", "alguien", "ayuda", "buenas", "buenos",
    "bueno", "donde", "estoy", "favor", "gracias", "mañana", "noche", "rápido", "sola", "tarde", "ajuda", "agora",
    "alguém", "amanhã", "estou", "noite", "obrigada", "obrigado", "quando", "sozinha", "sozinho", "tudo", "bonjou",
    "bonswa", "demen", "jodia", "kounye", "lajan", "mwen", "silvouple", "tanpri", "telefòn",
))
# fmt: on
"""Single words that ordinary messages are full of."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that a centre knows to mean something, in one language or in any."""

    words: str
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Phrases:
    """All of a centre's."""

    must_page: tuple[Phrase, ...] = ()
    must_never_page: tuple[Phrase, ...] = ()


NONE: Final = Phrases()


def phrase(written: object) -> Phrase:
    """What is written as "words" or "es: words". Raises ValueError for what is no phrase, or in too many messages."""
    if isinstance(written, Phrase):
        return written
    if not isinstance(written, str):
        raise ValueError('must be words in quotes, such as "code purple"')
    named = _PREFIX.fullmatch(written.strip())
    words = named[2] if named else written.strip()
    if len(words) > _LONGEST or not words.isprintable():
        raise ValueError(f"must be words on one line, {_LONGEST} characters at most")
    plain = folded(words)
    if sum(map(len, plain)) < _SHORTEST:
        raise ValueError(f"must have {_SHORTEST} letters at least: shorter ones are in too many messages")
    if len(plain) == 1 and plain[0] in _FOLDED_EVERYDAY:
        raise ValueError("is a word of everyday messages: write the whole phrase")
    return Phrase(words, Language(named[1]) if named else None)


def of_several_words(given: Phrase) -> Phrase:
    """The same. Raises ValueError for a single word: one word must never hold a page back."""
    if len(folded(given.words)) < 2:
        raise ValueError("must be two words at least: no single word may hold a page back")
    return given


def folded(words: str) -> tuple[str, ...]:
    """Plain words, in lower case and without accents, by which two phrases are the same."""
    return tuple(re.findall(r"[^\W_]+", re.sub(r"['’]", "", lettering.folded(words))))


_FOLDED_EVERYDAY: Final = frozenset(word for one in _EVERYDAY for word in folded(one))
