"""A message without what could tell whose it is: for reviews and for learning, never for those who help.

Only words that our own lists know are left, in four languages; names, places and everything rare are not among them.
A name that is a word too ("Grace") goes where it has a capital inside a sentence, after "my name is" and its like, or
if a member of staff has it; at the beginning of a sentence it may stay. Numbers of three digits and more go, those one
calls in an emergency excepted; so do addresses of the web and of mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

from hotline.triage.reading.lexicon import lexicon
from hotline.triage.reading.words import bare, words_of

WORD, NUMBER, ADDRESS = "[word]", "[number]", "[address]"
_PIECE: Final = re.compile(
    r"(?P<address>(?<!\S)[^\s@]{1,64}@\S+|@\w+|(?:https?://|www\.)\S+"
    r"|(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.(?:com|org|net|gov|edu|io|me|info|co|us|br|mx)\b(?:/\S*)?)"
    r"|(?P<dose>\b\d{1,4}\s?(?:mg|mcg|ml)\b)"
    r"|(?P<number>[+(#]{0,2}\d(?:[\s().,/:-]{0,3}\d)*)"
    r"|(?P<word>[^\W\d_](?:[^\W_]|['’*@$!](?=[^\W_]))*)",
    re.IGNORECASE,
)
_CALLED: Final = frozenset(("911", "988", "112", "999", "190", "192", "188", "114", "116", "118", "302"))
"""Numbers that are called in an emergency, and the form that helps with one: they are nobody's."""
_INTRODUCES: Final = re.compile(
    r"(?:name is|names|name s|is called|llamo|llama|nombre es|chamo|chama|nome e|rele|non mwen se|regards|saludos)$"
)
"""Words after which somebody's name comes, at the end of what was said before."""
_ENDS: Final = re.compile(r"[.!?\n;:…]\s*$")
_LONGEST_KEPT: Final = 2
"""Digits: a longer number may be somebody's."""
_LONGEST: Final = 2000
"""Characters: more is in no text message."""


def anonymous(text: str, names: Iterable[str] = ()) -> str:
    """The message with marks for everything else; `names`: of people whom we know, whose every word goes."""
    known = {bare(part) for name in names for part in re.findall(r"[^\W\d_]{2,}", name)}
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"
    shouting = text.upper() == text
    parts: list[str] = []
    at, before, introduced = 0, "", False
    for found in _PIECE.finditer(text):
        between = text[at : found.start()]
        parts.append(between)
        first = not before or bool(_ENDS.search(between))
        kept = found[0]
        if found["address"]:
            kept = ADDRESS
        elif found["number"]:
            kept = _number(found[0])
        elif found["word"]:
            introduced = not first and bool(_INTRODUCES.search(before))
            named = found[0][0].isupper() and not first and not shouting and len(found[0]) > 1
            if named or introduced or bare(found[0]) in known or not _is_known(found[0]):
                kept = WORD
        parts.append(kept)
        before = f"{before} {bare(found[0])}"[-40:]
        at = found.end()
    return "".join((*parts, text[at:]))


def _number(written: str) -> str:
    pieces = re.findall(r"\d+", written)
    if "".join(pieces) in _CALLED:
        return written
    few = len(pieces) <= 2 and all(len(one) <= _LONGEST_KEPT for one in pieces)
    return written if few else NUMBER


def _is_known(word: str) -> bool:
    said = [one.text for one in words_of(word)]
    return bool(said) and all(
        one in _words() or (one.isdigit() and len(one) <= _LONGEST_KEPT) for one in said
    )


@cache
def _words() -> frozenset[str]:
    folder = files("hotline.triage")
    marks = (folder / "texts" / "language_marks.txt").read_text(encoding="utf-8").splitlines()
    whole = (bare(line.split()[0][1:]) for line in marks if line.startswith("="))
    listed = (folder / "reading" / "lexicon" / name for name in ("not_slips.txt", "mended.txt"))
    return lexicon().words.union(whole, *(one.read_text(encoding="utf-8").split() for one in listed))
