"""A message as plain words: one spelling for every way of typing the same thing.

Lower case without accents, look-alike letters and invisible signs folded, emoji that mean something as words,
apostrophes gone, sentences kept apart. Nothing here knows what a word means.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

NOT: Final = frozenset(
    ("not", "no", "never", "without", "nunca", "nao", "pa", "ni", "nem", "sin", "sem", "san", "jamas", "poko")
)
"""What denies, in the four languages."""
_LONGEST_READ: Final = 8000
"""Characters: five times the longest joined text message. Of more, the two ends are read."""
_LONGEST_WORD: Final = 40

_SAME: Final = 4
"""How often a word in a row is read; whoever writes it more often means no more by it."""

_EMOJI: Final = {
    "🆘": "sos",
    "🚑": "ambulance",
    "🚨": "emergency",
    "💊": "pills",
    "💉": "needle",
    "🔫": "gun",
    "🩸": "blood",
    "🔪": "knife",
    "🛑": "stop",
    "😂": "haha",
    "🤣": "haha",
    "💀": "haha",
    "☠": "haha",
    "🥶": "cold",
    "🚫": "no stopsign",
    "🍺": "beer",
    "🍷": "wine",
    "🙏": "please",
    **dict.fromkeys("📵🔕🔇📴🙅✋🤚🖐⛔❌", "stopsign"),
}
_LOOKALIKES: Final = str.maketrans(
    "аеорсухіјѕԁӏαοερνικτ’‘´`ʼ＇øłıßđ",
    "aeopcyxijsdlaoepvikt''''''oliśd",
)
"""Cyrillic and Greek letters that are drawn like Latin ones, and the signs that stand for an apostrophe."""
_JOINED_TO_ONE: Final = re.compile(
    r"(?<=[a-z])(?<!\bod)'(?=(?:t|s|re|m|ve|ll|d|in|all|em)\b)|(?<=[a-z]in)'(?=\s|$)"
)
"""The apostrophes inside English words; elsewhere (kreyol "m'ap") one parts two words."""
_OD_D: Final = re.compile(r"\bo\.?d\.?(?:['’`]e?d|(?<=\.)ed)\b")
"""The past of "OD" as people write it: OD'd, OD'ed, O.D.'d, o.d.ed. The rules know it as one word."""
_DOTTED: Final = re.compile(r"\b([a-z])\.([a-z])\.(?:([a-z])\.?)?")
_LETTERS_APART: Final = re.compile(r"(?<!\w)[a-z][ .\-*](?:[a-z013][ .\-*]){2,11}[a-z](?!\w)")
_CENSORED: Final = re.compile(r"(?<=[a-z])[*#@$!](?=[a-z])")
_NUMBER_SIGN: Final = re.compile(r"(?<!\S)#(?=\s*(?:[a-z]|$))")
"""It stands for the word, as in "take my # off"; before a digit or inside a word it is another sign."""
_SIGNS: Final = {"*": "i", "#": "i", "@": "a", "$": "s", "!": "i"}
_PIECE: Final = re.compile(r"[a-z0-9]+(?:[$@!][a-z0-9]+)?|[$@][a-z]+|[.!?;\n…:]+|,")
_BREAKS: Final = frozenset(".!?;\n…:")


@dataclass(frozen=True, slots=True)
class Word:
    """One word, and the number of the sentence it stands in."""

    text: str
    sentence: int
    clause: int
    """Counted on at commas too."""


def words_of(message: str) -> list[Word]:
    """The words of a message, in order. Never raises, whatever the message is."""
    found: list[Word] = []
    sentence = clause = 0
    for piece in _PIECE.findall(_folded(_ends_of(message))):
        if piece[0] in _BREAKS:
            # A lone colon or dots inside a thought part it less often than they end it; both are cheap to part.
            sentence += 1
        elif piece != ",":
            if len(found) >= _SAME and all(one.text == piece for one in found[-_SAME:]):
                continue
            found.append(Word(_shortened(piece[:_LONGEST_WORD]), sentence, clause))
            continue
        clause += 1
    return found


def _ends_of(message: str) -> str:
    if len(message) <= _LONGEST_READ:
        return message
    half = _LONGEST_READ // 2
    return f"{message[:half]}\n{message[-half:]}"


def _folded(message: str) -> str:
    for sign, word in _EMOJI.items():
        if sign in message:
            # Folded hands end a clause as a comma does: "eight months clean 🙏 you can stop the reminders".
            message = message.replace(sign, f", {word}, " if sign == "🙏" else f" {word} ")
    folded = _NUMBER_SIGN.sub("number", _JOINED_TO_ONE.sub("", bare(message)))
    folded = _OD_D.sub("overdosed", folded)
    folded = _DOTTED.sub(lambda seen: "".join(part or "" for part in seen.groups()) + " ", folded)
    folded = _LETTERS_APART.sub(lambda seen: re.sub(r"[ .\-*]", "", seen[0]), folded)
    return _CENSORED.sub(lambda seen: _SIGNS[seen[0]], folded)


def bare(text: str) -> str:
    """Lower case, without accents and invisible signs, look-alike letters folded."""
    if text.isascii():
        return text.lower().replace("`", "'")
    apart = unicodedata.normalize("NFKD", text).casefold().translate(_LOOKALIKES)
    return "".join(c for c in apart if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")


def _shortened(word: str) -> str:
    """Letters held down ("heeeelp", "noooo") let go; doubled letters stay, as they may belong there."""
    return re.sub(r"([a-z])\1{2,}", r"\1\1", word)
