"""The choices a caller has, as data: key, words, line.

Key 1 means emergency at every level and is never anything else (prompts: "the rules behind the texts").
4 and 5 are yes and no everywhere, the keys of the Massachusetts 911 Silent Call Procedure.
"""

from __future__ import annotations

from typing import Final

from hotline.model import Language, Line, When

EMERGENCY_KEY: Final = "1"
YES_KEY: Final = "4"
NO_KEY: Final = "5"

POLICE_KEY: Final = "6"
SOMEBODY_ELSE_KEY: Final = "3"
"""On a call of ours: not the person who asked for it."""

LANGUAGE_KEYS: Final[dict[str, Language]] = {
    "8": Language.ES,
    "9": Language.PT,
    "7": Language.HT,
    "#": Language.EN,
}
"""Good at every question but the one for a telephone number, in the order in which they are offered."""

TIME_KEYS: Final[dict[str, When]] = {"2": When.AFTERNOON, "3": When.EVENING, "6": When.MORNING}

MENU: Final[dict[str, Line]] = {
    "1": Line.EMERGENCY,
    "2": Line.ADMISSIONS,
    "3": Line.FAMILY,
    "0": Line.PERSON,
}

LANGUAGE_WORDS: Final[dict[str, Language]] = {
    "english": Language.EN,
    "ingles": Language.EN,
    "angle": Language.EN,
    "spanish": Language.ES,
    "espanol": Language.ES,
    "espanhol": Language.ES,
    "portuguese": Language.PT,
    "portugues": Language.PT,
    "brazilian": Language.PT,
    "creole": Language.HT,
    "kreyol": Language.HT,
    "haitian": Language.HT,
    "criollo": Language.HT,
    "crioulo": Language.HT,
}
"""Without accents, as `meaning.plain` leaves them."""

POLICE_WORDS: Final = frozenset(
    {
        "police",
        "cop",
        "cops",
        "arrest",
        "arrested",
        "jail",
        "policia",
        "carcel",
        "arrestar",
        "preso",
        "prender",
    }
    | {"cadeia", "polis", "lapolis", "prizon", "arete"}
)
"""Somebody in an emergency who says one of these is told what the law says."""

TIME_WORDS: Final[dict[str, When]] = {
    "now": When.NOW,
    "ahora": When.NOW,
    "agora": When.NOW,
    "kounye": When.NOW,
    "afternoon": When.AFTERNOON,
    "tarde": When.AFTERNOON,
    "apremidi": When.AFTERNOON,
    "evening": When.EVENING,
    "tonight": When.EVENING,
    "noche": When.EVENING,
    "noite": When.EVENING,
    "aswe": When.EVENING,
    "morning": When.MORNING,
    "tomorrow": When.MORNING,
    "manana": When.MORNING,
    "amanha": When.MORNING,
    "demen": When.MORNING,
    "maten": When.MORNING,
}
