"""Slang written out, and slips of the thumb put right, towards the words that the lexicons know.

A word that any lexicon or list knows is left as it is. Of the others, one is taken for a known word if it sounds
the same, or if one letter is missing, doubled, changed or swapped in how it sounds (two in long words).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby
from typing import Final

from hotline.model import Language
from hotline.triage.reading.lexicon import Lexicon, lexicon
from hotline.triage.reading.words import Word

_SHORTEST_SLIP: Final = 5
"""Letters: shorter words have too many neighbours, even such as sound the same."""
_SHORTEST_CHANGED: Final = 7
"""Letters, where the word sounds otherwise too."""
_SHORTEST_FOREIGN: Final = 2
"""Letters: shorter slang is only read as such in the language that the message is in."""
_LONG: Final = 9
_DIGITS: Final = str.maketrans("0134578@$!", "oieastbasi")
SOUNDS: Final = (
    (re.compile(r"ph"), "f"),
    (re.compile(r"[cs]h"), "x"),
    (re.compile(r"gh|h"), ""),
    (re.compile(r"ck|qu|[cq](?![ei])"), "k"),
    (re.compile(r"c(?=[ei])|z|ss"), "s"),
    (re.compile(r"ll|y"), "i"),
    (re.compile(r"v"), "b"),
    (re.compile(r"w"), "u"),
    (re.compile(r"(.)\1+"), r"\1"),
)

_EAR: Final = (
    (re.compile(r"x(?=[^aeiou])"), "s"),
    (re.compile(r"g(?=[ei])"), "j"),
)
_SHORTEST_HASTY: Final = 3
"""Letters: with fewer, it may be the haste of many words."""


def spelt(words: Sequence[Word], hint: Language | None) -> list[Word]:
    """The same words, slang written out and slips put right; `hint` is the language to expect, if any is."""
    known = lexicon()
    whole = tongue(words, hint)
    found: list[Word] = []
    for _, sentence in groupby(words, key=lambda word: word.sentence):
        said = list(sentence)
        # People switch languages between sentences; "pa" is "for" in one of them and "not" in the other.
        first = tongue(said, whole)
        order = (first, *(language for language in Language if language is not first))
        found += [replace(word, text=text) for word in said for text in _written_out(word.text, order, known)]
    return found


def tongue(words: Iterable[Word], hint: Language | None) -> Language:
    """The language that most of these words are of; the hint, or English, where nothing tells."""
    found = dict.fromkeys(Language, 0.0)
    for word in words:
        for language, weight in _told_by(word.text):
            found[language] += weight
    if hint is not None:
        found[hint] += 0.5
    return max(found, key=lambda language: found[language])


@lru_cache(maxsize=20_000)
def _told_by(text: str) -> tuple[tuple[Language, float], ...]:
    """Which languages a word speaks for, and how much each time: a small word once more."""
    known = lexicon()
    of = known.languages.get(text, frozenset())
    small = ((language, 1.0) for language in Language if text in known.small[language])
    return (*small, *((language, 1 / len(of)) for language in of))


def _written_out(text: str, order: Sequence[Language], known: Lexicon) -> tuple[str, ...]:
    slang = known.slang[order[0]]
    if text in slang:
        return slang[text]
    if order[0] not in known.languages.get(text, ()):
        for language in order[1:]:
            if len(text) > _SHORTEST_FOREIGN and text in known.slang[language]:
                return known.slang[language][text]
    if text in known.words or text.isdigit():
        return (text,)
    meant = put_right(text, order)
    return slang.get(meant, (meant,)) if meant else (text,)


def _guesses(text: str) -> Iterator[str]:
    """Digits and signs for letters ("k1ll"), letters doubled ("hellp"), a dropped g ("breathin")."""
    if not text.isalpha():
        yield text.translate(_DIGITS)
    yield re.sub(r"([a-z])\1", r"\1", text)
    if text.endswith("in"):
        yield text + "g"


def put_right(text: str, order: Sequence[Language]) -> str | None:
    """The rare word of danger, or about ending messages, that this was meant to be; None if it means itself."""
    if text in _listed("not_slips.txt"):
        return None
    guessed = next((guess for guess in _guesses(text) if guess in lexicon().words), None)
    return guessed or _slipped(text, order)


def _slipped(text: str, order: Sequence[Language]) -> str | None:
    if len(text) < _SHORTEST_SLIP or not text.isalpha():
        return None
    # A thumb slips least on the first letter: "flaked" is no "blacked".
    near = [word for word in _near(text) if _sound(word)[:1] == _sound(text)[:1]]
    if not near:
        return None
    known = lexicon()

    def fit(word: str) -> tuple[bool, int, bool, str]:
        return (order[0] not in known.languages[word], abs(len(word) - len(text)), word[0] != text[0], word)

    return min(near, key=fit)


def _near(text: str) -> list[str]:
    """The words that sound the same; or else those a slip away, in letters or in sound."""
    sounds, index = _sound(text), _neighbours()
    found = {word for cut in cuts(sounds) | cuts(text) for word in index.get(cut, ())}
    same = [word for word in sorted(found) if _sound(word) == sounds]
    slips = 2 if len(text) >= _LONG else 1
    if same or len(text) < _SHORTEST_CHANGED:
        return same
    return [word for word in sorted(found) if apart(text, word, slips) or apart(sounds, _sound(word), slips)]


def cuts(sounds: str) -> set[str]:
    """The sounds, whole and with each one left out in turn: words a slip apart have one of these in common."""
    return {sounds, *(sounds[:at] + sounds[at + 1 :] for at in range(len(sounds)))}


def apart(one: str, other: str, most: int) -> bool:
    """Whether at most so many letters part the two: left out, put in, changed, or swapped with the next."""
    if abs(len(one) - len(other)) > most:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1] <= most


def _sound(text: str) -> str:
    for letters, sound in SOUNDS:
        text = letters.sub(sound, text)
    return text


def sounds_like(one: str, other: str) -> bool:
    """Whether both are spellings of one word, by ear."""
    return _sound(one) == _sound(other)


def by_ear(text: str) -> str:
    """How a word sounds, more roughly: the same for "textos" and "testos", "mensajes" and "mensages"."""
    for letters, sound in _EAR:
        text = letters.sub(sound, text)
    return _sound(text)


def skeleton(text: str) -> str:
    """The consonants of a word, by which it is written in haste: "mndn"."""
    return "".join(letter for letter in text if letter not in "aeiou")


def means_itself(text: str) -> bool:
    """Whether a lexicon or the list of words that people write knows it; or it's too short to tell."""
    return text in lexicon().words or text in _listed("not_slips.txt") or len(text) < _SHORTEST_HASTY


def forget() -> None:
    """Read the lists anew: for whoever has just written them."""
    for read in (_listed, _neighbours):
        read.cache_clear()


@cache
def _neighbours() -> dict[str, tuple[str, ...]]:
    index: dict[str, set[str]] = {}
    for word in _listed("mended.txt") & lexicon().languages.keys():
        for cut in cuts(_sound(word)) | cuts(word):
            index.setdefault(cut, set()).add(word)
    return {cut: tuple(sorted(found)) for cut, found in index.items()}


@cache
def _listed(name: str) -> frozenset[str]:
    """`mended.txt`: towards which slips are put right; `not_slips.txt`: what lies near those and means itself."""
    return frozenset((files("hotline.triage.reading") / "lexicon" / name).read_text(encoding="utf-8").split())
