"""How people say when, in four languages, without accents as `times` folds them.

Their words are in `prompts/lists/times.toml`; here is how these are put together.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

from hotline.model import Language
from hotline.prompts.word_lists import all_words, word_lists, words_of


class Says(Enum):
    """What a phrase says."""

    AHEAD = auto()
    DAY_AFTER = auto()
    TONIGHT = auto()
    THIS_AFTERNOON = auto()
    THIS_MORNING = auto()
    MORNING = auto()
    NOON = auto()
    AFTERNOON = auto()
    EVENING = auto()
    TODAY = auto()
    TOMORROW = auto()
    WEEKDAY = auto()
    HOUR = auto()


WEEKDAYS: Final[dict[str, int]] = {
    name: number
    for days in words_of("times", "weekdays").values()
    for number, names in enumerate(days)
    for name in names.split()
}
"""0 is Monday, as in `date.weekday`."""

NUMBERS: Final[dict[Language, dict[str, str]]] = {
    language: {
        word: number
        for number, words in word_lists("times")["numbers"][language.value].items()
        for word in words.split()
    }
    for language in Language
}
"""Read in the language in which we speak with the caller, and in no other."""

_MERIDIEM: Final = r"(?: ?[ap]m|[ap])"
_UNITS: Final = (
    r"(?:(?P<minutes>minutes?|mins?|minutos?|minit)|hours?|hrs?|h|horas?|edtan|e(?: de ?tan)?|zed?tan)"
)
_RELATIONS: Final = (
    r"(?:(?:at|around|about|after|past|from|til|till|until|ard|@|a partir de|despues de|sobre|hacia|"
    r"depois d[ae]s?|apos|pelas|apre|ver|ve|a|as)(?: las?| as)? )?"
)


def _either(*ways: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(ways)})(?![a-z0-9])")


def _listed(says: Says) -> tuple[Says, re.Pattern[str]]:
    return says, _either(*all_words("times", says.name.lower()))


PATTERNS: Final[tuple[tuple[Says, re.Pattern[str]], ...]] = (
    (
        Says.AHEAD,
        _either(
            rf"(?:(?:in|within|en|dentro de|em|daqui a|nan|apre) )"
            rf"(?:about |like |unas? |umas? )?"
            rf"(?:(?P<half>half an?|half|media|meia|demi|mwatye) |(?P<number>\d{{1,3}})(?: more)? ?"
            rf"|an? |a couple(?: of)? )?{_UNITS}(?: from now)?",
            "(?P<half_hour>half an hour|media hora|meia hora|demie? ?e ?d?tan)(?: from now)?",
            "(?P<hour_ahead>(?:nan )?inedtan|an hour from now)",
        ),
    ),
    _listed(Says.DAY_AFTER),
    _listed(Says.TONIGHT),
    _listed(Says.THIS_AFTERNOON),
    _listed(Says.THIS_MORNING),
    _listed(Says.MORNING),
    _listed(Says.NOON),
    _listed(Says.AFTERNOON),
    _listed(Says.EVENING),
    _listed(Says.TODAY),
    _listed(Says.TOMORROW),
    (Says.WEEKDAY, _either(rf"(?:(?:on|this|el|na|no|nan) )?(?P<weekday>{'|'.join(WEEKDAYS)})(?: feira)?")),
    (
        Says.HOUR,
        _either(
            rf"{_RELATIONS}(?:between |entre |ant |de |from )?"
            rf"(?P<hour>\d{{1,2}})(?:[:h](?P<minute>\d{{2}}))?(?P<half> (?:y media|e meia|edmi|e demi))?"
            rf"(?:(?P<meridiem>{_MERIDIEM})| ?(?:h|hs|hrs|horas?|o ?clock|oclock|ze|e|edtan))?"
            rf"(?: ?(?:-|to|til|till|and|or|y|e|o|ou|ak|a|ate) ?(?:las? |as )?\d{{1,2}}(?::\d{{2}})?"
            rf"(?P<until_meridiem>{_MERIDIEM})?)?(?: ish|ish)?",
        ),
    ),
)
"""In this order: the first that fits at a place says what is meant there."""

GREETINGS: Final = re.compile(rf"\b(?:{'|'.join(all_words('times', 'greetings'))})\b")
"""They name a part of the day, and no time."""

FILLERS: Final = frozenset(all_words("times", "fillers"))
"""Small talk around a time. Of words that say no there is none: who says when not, is read by a person."""
