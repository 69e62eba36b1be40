"""The referral directory in words: what an entry is for, what they speak there, when they are open. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hotline.referral.directory_entry import ALWAYS, ANY_LANGUAGE, LIFELINE, DirectoryEntry, ReferralKind

KINDS: Final[Mapping[ReferralKind, str]] = {
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
SPOKEN: Final[Mapping[str, str]] = {
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
LABELS: Final[Mapping[str, str]] = {
    "name": "Name",
    "kinds": "What for",
    "numbers": "Numbers, one a line; the first of ten digits is rung for a hand-off",
    "hours": f'Hours, one a line, such as "Mon-Fri 08:00-16:00", or "{ALWAYS}"',
    "timezone": "Time zone",
    "languages": "What they speak",
    "towns": "Towns that a dispatch centre serves, one a line",
    "hand_offs": "They take callers who are put through while they are told",
    "phone_menu": "A phone menu answers first",
    "notes": "Notes for staff",
    "source": "Where this is known from, and since when",
}


def hours(entry: DirectoryEntry) -> str:
    """When they are open."""
    if not entry.hours:
        return "hours not known"
    return "day and night" if ALWAYS in entry.hours else ", ".join(entry.hours)


def spoken(entry: DirectoryEntry) -> str:
    """What they speak."""
    return ", ".join(SPOKEN[one] for one in entry.languages)


def is_short(number: str) -> bool:
    """Whether it is dialled by people only."""
    return number == LIFELINE
