"""Texts that no person has written: auto-replies, reactions, and our own words that come back to us.

A telephone that answers by itself answers everything we say, so it is never answered. What it quotes of ours is no
news, or every S02 that somebody likes with a thumb would page clinicians anew. What is left of its own is read like
anybody's words: an emergency in it is one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, TypeAlias

from hotline.lettering import folded
from hotline.prompts.word_lists import all_words
from hotline.triage.caller_events import Author

Quotable: TypeAlias = frozenset[tuple[str, ...]]
"""Rows of words of our own texts: the long ones that prove a quotation, and the short ones that belong to it."""

_RUN: Final = 6
"""So many words in a row that are also in a text of ours are a quotation: nobody writes them by chance."""
_ALSO: Final = 3
"""Beside a quotation so many words of ours in a row belong to it: between two values that were filled in, say."""
_LONGEST: Final = 4000
_WORD: Final = re.compile(r"[^\W_]+")
_GAP: Final = re.compile(r"\{\w+\}")
_REACTION: Final = re.compile(
    r"""\s*(?:
    (?:dis)?liked | loved | laughed\ at | emphasi[sz]ed | questioned | reacted\ .{1,16}\ to
    | removed\ (?:an?\ )?.{1,24}\ from
    | (?:a\ (?:[^"“«„]{1,30}\ )?)?
      (?:le|les|me|te)\ (?:gusta|gust[oó]|encanta|encant[oó]|di[oó]\ risa) | reaccion[oó]\ con\ .{1,16}\ a
    | (?:quit[oó]|elimin[oó])\ .{1,24}\ de
    | gost(?:ou|ei)\ de | curti(?:u|ram) | amou | adorou | riu\ de | reagiu\ com\ .{1,16}\ a | removeu\ .{1,24}\ de
    | (?:a\ )?(?:aim[eé]|ador[eé]|ri\ de|r[eé]agi\ .{1,16}\ [aà]) | (?:a\ )?(?:retir[eé]|supprim[eé])\ .{1,24}\ de
    | renmen
    | (?:[^\w\s"“«„]\s?){1,8}\s(?:to|a|à|para|pou|em|en)
    )\s+(?:["“«„].*|an?\ (?:image|movie|attachment|message|photo|video|picture))\s*""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
"""A thumb or a heart on one of our texts, as telephones put it into words."""


_SURE: Final = tuple(f" {phrase} " for phrase in all_words("auto_replies", "machine"))
"""In the words of machines only."""
_PERHAPS: Final = tuple(f" {phrase} " for phrase in all_words("auto_replies", "perhaps"))
"""In the words of machines, and of people who have no time."""
_ADVICE: Final = re.compile(
    r"\b(?:if|in case of|for|si|en caso de|se|em caso de|nan ka)\b"
    r"[^.!?\n]{0,60}?\b(?:emergenc|urgen|ijans|emergênc)[^.!?\n]{0,80}[.!?]?",
    re.IGNORECASE,
)
"""What out-of-office notes say to everybody: "If this is an emergency, call 911." It tells of none."""


def quotable(sentences: Iterable[str]) -> Quotable:
    """What of these texts of ours would be recognised if it came back; their placeholders are gaps."""
    pieces = (piece for sentence in sentences for piece in _GAP.split(sentence))
    rows = [_plain(piece) for piece in pieces]
    return frozenset(run for row in rows for length in (_RUN, _ALSO) for run in _runs(row, length))


def own_words(words: str, ours: Quotable, told: Iterable[str] = ()) -> tuple[str, Author]:
    """What the sender has written of their own, and who that seems to have been. The rest is quoted or canned.

    `told`: messages as they were lately sent there. Each is a quotation only as a whole: whoever was asked "is he
    breathing" answers with the same words.
    """
    if is_reaction(words):
        return "", Author.MACHINE
    left = _without_quotations(words, ours, [_plain(one) for one in told])
    if left != words and not any(word.isalpha() for word in _words(left)):
        return "", Author.MACHINE
    said = f" {' '.join(_plain(left[:_LONGEST].replace(chr(39), '').replace('’', '')))} "
    if any(phrase in said for phrase in _SURE):
        return _ADVICE.sub(" ", left), Author.MACHINE
    canned = [phrase for phrase in _PERHAPS if phrase in said]
    # One's own "can't talk right now" is a whole message; a telephone's says more.
    if not canned or said == " cant talk right now ":
        return left, Author.PERSON
    for phrase in canned:
        said = said.replace(phrase, " ")
    return said.strip(), Author.PERHAPS_MACHINE


def is_reaction(words: str) -> bool:
    """Whether this is a telephone's note that somebody liked, or took back that they liked, another message."""
    return _REACTION.fullmatch(_visible(words[:_LONGEST])) is not None


def _visible(words: str) -> str:
    """Without the invisible marks that telephones put around what they quote; every kind of space a plain one."""
    seen = (sign for sign in words if unicodedata.category(sign) != "Cf" and not unicodedata.combining(sign))
    return "".join(" " if sign.isspace() else sign for sign in seen)


def _without_quotations(words: str, ours: Quotable, told: list[list[str]]) -> str:
    """The words as they are; or, if any are quoted from us, what is left of them."""
    places = list(_WORD.finditer(words[:_LONGEST]))
    plain = [_folded(place.group()) for place in places]
    quoted: set[int] = set()
    for whole in told:
        for start, run in enumerate(_runs(plain, len(whole)) if len(whole) >= _RUN else ()):
            quoted.update(range(start, start + len(whole)) if list(run) == whole else ())
    if not ours.isdisjoint(_runs(plain, _RUN)):
        for start, run in enumerate(_runs(plain, _ALSO)):
            quoted.update(range(start, start + _ALSO) if run in ours else ())
    if not quoted:
        return words
    left, at = [], 0
    for number in sorted(quoted):
        left.append(words[at : places[number].start()])
        at = places[number].end()
    return " ".join(" ".join([*left, words[at:]]).split())


def _plain(text: str) -> list[str]:
    return [_folded(word) for word in _words(text)]


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _runs(words: list[str], length: int) -> list[tuple[str, ...]]:
    return [tuple(words[start : start + length]) for start in range(len(words) - length + 1)]


_folded = lru_cache(4096)(folded)
