"""The referral directory in words: what an entry is for, what they speak there, when they are open. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hotline.console.language.speech import Words, gettext, translated
from hotline.model import NOT_KNOWN
from hotline.referral.directory_entry import ALWAYS, ANY_LANGUAGE, LIFELINE, DirectoryEntry, ReferralKind
from hotline.worded import worded

KINDS: Final[Mapping[ReferralKind, str]] = Words(
    {
        ReferralKind.DETOX: "Detox",
        ReferralKind.RESIDENTIAL: "Residential",
        ReferralKind.METHADONE: "Methadone (opioid treatment programme)",
        ReferralKind.OUTPATIENT: "Outpatient",
        ReferralKind.OVERDOSE: "Overdose line",
        ReferralKind.CRISIS: "Crisis line",
        ReferralKind.HELPLINE: "Finds treatment",
        ReferralKind.DISPATCH: "Emergency dispatch",
        ReferralKind.INTERPRETER: "Interpreters",
        ReferralKind.OTHER: "Other",
    }
)
SPOKEN: Final[Mapping[str, str]] = Words(
    {
        "en": "English",
        "es": "Spanish",
        "pt": "Portuguese",
        "ht": "Haitian Creole",
        "zh": "Chinese",
        "vi": "Vietnamese",
        "kea": "Cape Verdean Creole",
        "km": "Khmer",
        "ar": "Arabic",
        "fr": "French",
        "ru": "Russian",
        "so": "Somali",
        "ne": "Nepali",
        "ase": "American Sign Language",
        ANY_LANGUAGE: "others by interpreter",
    }
)
LABELS: Final[Mapping[str, str]] = {
    "name": worded("Name"),
    "kinds": worded("What for"),
    "numbers": worded("Numbers, one a line; the first of ten digits is rung for a hand-off"),
    "hours": worded("Hours, one a line, such as “Mon-Fri 08:00-16:00”, or “%(always)s”", always=ALWAYS),
    "timezone": worded("Time zone"),
    "languages": worded("What they speak"),
    "towns": worded("Towns that a dispatch centre serves, one a line"),
    "hand_offs": worded("They take callers who are put through while they are told"),
    "phone_menu": worded("A phone menu answers first"),
    "notes": worded("Notes for staff"),
    "source": worded("Where this is known from, and since when"),
}


def hours(entry: DirectoryEntry) -> str:
    """When they are open."""
    if not entry.hours:
        return gettext("hours not known")
    return gettext("day and night") if ALWAYS in entry.hours else ", ".join(entry.hours)


def spoken(entry: DirectoryEntry) -> str:
    """What they speak."""
    return ", ".join(SPOKEN.get(one) or translated(NOT_KNOWN) for one in entry.languages)


def is_short(number: str) -> bool:
    """Whether it is dialled by people only."""
    return number == LIFELINE
