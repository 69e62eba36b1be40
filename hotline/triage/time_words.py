"""The words in which people say when, in four languages, without accents as `times` folds them. Data only.

The longer ways come first: "manana por la manana" is tomorrow, and then in the morning.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

from hotline.model import Language


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
    for number, names in enumerate(
        (
            "monday mon lunes segunda lendi",
            "tuesday tues tue martes terca madi",
            "wednesday weds wed miercoles quarta mekredi mercredi",
            "thursday thurs thur thu jueves quinta jedi",
            "friday fri viernes sexta vandredi vendredi",
            "saturday sat sabado samdi",
            "sunday sun domingo dimanch dimanche",
        )
    )
    for name in names.split()
}
"""0 is Monday, as in `date.weekday`."""


def _numbers(words: str) -> dict[str, str]:
    """Each number's words, with a slash between them, from one to twelve."""
    return {
        word: str(number) for number, names in enumerate(words.split(), start=1) for word in names.split("/")
    }


NUMBERS: Final[dict[Language, dict[str, str]]] = {
    Language.EN: _numbers("one two three four five six seven eight nine ten eleven twelve")
    | {"fifteen": "15", "twenty": "20", "thirty": "30"},
    Language.ES: _numbers("una/uno dos tres cuatro cinco seis siete ocho nueve diez once doce")
    | {"quince": "15", "veinte": "20", "treinta": "30"},
    Language.PT: _numbers("uma/um duas/dois tres quatro cinco seis sete oito nove dez onze doze")
    | {"quinze": "15", "vinte": "20", "trinta": "30"},
    Language.HT: _numbers(
        "ine/yon deze/de twaze/twa katre/kat senke/senk size/sis sete/set uite/uit neve/nef"
    )
    | {"dize": "10", "dis": "10", "onze": "11", "onz": "11", "douz": "12", "douze": "12"}
    | {"kenz": "15", "ven": "20", "trant": "30"},
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
    (
        Says.DAY_AFTER,
        _either("(?:the )?day after tomorrow", "pasado manana", "depois de amanha", "apre demen"),
    ),
    (
        Says.TONIGHT,
        _either(
            "(?:later )?tonight",
            "tonite|2nite|tnight|2night",
            "this (?:evening|eve|night)",
            "(?:hoy (?:por|en|a) la|esta) noche",
            "(?:hoje (?:a|de)|esta|nesta) noite",
            "aswe a?|aswea|jodi a aswe|diswa a",
        ),
    ),
    (
        Says.THIS_AFTERNOON,
        _either(
            "(?:later )?this (?:afternoon|aft|arvo)",
            "(?:hoy (?:por|en|a) la|esta) tarde",
            "(?:hoje (?:a|de)|esta|nesta) tarde",
            "apre ?midi a",
        ),
    ),
    (
        Says.THIS_MORNING,
        _either("this morning", "esta manana|hoy (?:por|en) la manana", "maten an|esta manha"),
    ),
    (
        Says.MORNING,
        _either(
            "(?:early )?(?:in )?(?:the )?mornings?",
            "(?:por|en|de|a) la mananas?|temprano",
            "(?:de|da|pela|na|a) manha|manha|cedo",
            "(?:nan |le |di |dimaten|bone )?maten|bone|dimaten",
        ),
    ),
    (
        Says.NOON,
        _either(
            "noon|midday|lunch ?time|lunch", "(?:al |a |el )?medio ?dia", "(?:ao |a )?meio dia", "(?:a )?midi"
        ),
    ),
    (
        Says.AFTERNOON,
        _either(
            "(?:late |early )?(?:in )?(?:the )?(?:afternoons?|aft|arvo)",
            "(?:por|en|de|a) la tarde",
            "(?:da|a|de|pela|na) tarde",
            "(?:nan |le |di )?apre ?midi",
        ),
    ),
    (
        Says.EVENING,
        _either(
            "(?:late |early )?(?:in |at )?(?:the )?(?:evenings?|eve|nights?|nite)",
            "after (?:work|school|dinner)",
            "(?:por|en|de|a) la noche|despues del trabajo",
            "(?:da|a|de|pela|na) noite|depois do trabalho",
            "(?:nan )?aswe|diswa|le swa|apre travay",
        ),
    ),
    (Says.TODAY, _either("(?:later )?today", "2day|tday", "hoy", "hoje", "hj", "jodi ?a?")),
    (
        Says.TOMORROW,
        _either(
            r"tom+or+ow|tomorow|tomoro|tommorow|tmrw|tmrow|tmr|tmw|tmro|2moro|2morrow|2mrw",
            "manana|mnn|mnana",
            "amanha|amnh|amanh|(?:no )?dia seguinte",
            "demen",
        ),
    ),
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

GREETINGS: Final = re.compile(
    r"\b(?:good (?:morning|afternoon|evening|night)|buen[ao]s (?:dias?|tardes?|noches?)|bo[am] (?:dia|tarde|noite)|"
    r"bo(?:n|nn) (?:maten|apre ?midi|aswe|nwit))\b"
)
"""They name a part of the day, and no time."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


FILLERS: Final = (
    _set(
        "later call me pls plz please can could you u ur ya ok okay k yes yeah is are good best better works work "
        "fine maybe like around about at on the for my time thanks thank thx i im am free available will be would "
        "a an back up sometime anytime any hi hello hey it its s to try ring phone do does want id prefer perfect "
        "great that thats so until after from home off get cant talk rn right then there"
    )
    | _set(
        "llame llamen llamame llamenme llamar llameme me por favor puede pueden puedo podria mejor bien gracias si "
        "seria el la las los a de en que para estoy libre mas tarde despues luego quiero ahora como"
    )
    | _set(
        "ligue ligar liga liguem pra mim melhor bom boa obrigado obrigada pode podem o os as da do em na ao eu "
        "estou livre depois sim seria gostaria"
    )
    | _set("rele m mwen w ou nou tanpri ka pi bon mesi an le pou nan se wi lib apel ta renmen vle pita")
)
"""Small talk around a time. Of words that say no there is none: who says when not, is read by a person."""
