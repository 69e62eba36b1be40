"""The admissions record in words: what is asked, and how what follows from an answer is said. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from hotline.callbacks.admissions import NO, UNSURE, YES, RaiseReason, RecordField
from hotline.console.language.speech import Words, gettext

QUESTIONS: Final[Mapping[RecordField, str]] = Words(
    {
        RecordField.WANTS: "What do they want?",
        RecordField.WHERE: "Where they are now, the town first",
        RecordField.AGE: "Age in years",
        RecordField.SUBSTANCES: "Substances: what, and how much",
        RecordField.LAST_USE: "Last use: what, day and time",
        RecordField.ROUTE: "How they take it most of the time",
        RecordField.INJECTS: "Injects at other times",
        RecordField.SEDATING: "Drinks, or takes sedatives (benzodiazepines, barbiturates), on most days",
        RecordField.SEIZURES: "Seizures or delirium when they stopped before",
        RecordField.PREGNANT: "Pregnant",
        RecordField.MEDICINES: "Medicines: methadone, buprenorphine, others; dose and last time",
        RecordField.BREATHING_OR_HEART: "Trouble with breathing, heart or chest now",
        RecordField.SAFE_AT_HOME: "Safe where they are",
        RecordField.SUICIDE: "Thoughts of suicide now",
        RecordField.INSURANCE: "Kind of insurance",
        RecordField.ACCESS: "Language and access needs",
    }
)
"""In the order in which they stand; answered in any."""
_CHOICES: Final[Mapping[str, str]] = Words(
    {
        YES: "Yes",
        NO: "No",
        UNSURE: "Not sure",
        "swallows": "Drinks or swallows",
        "smokes": "Smokes",
        "snorts": "Snorts",
        "injects": "Injects",
        "several": "Several ways",
        "medicaid": "Medicaid (MassHealth)",
        "medicare": "Medicare",
        "private": "Private",
        "veterans": "Veterans (VA)",
        "none": "None",
    }
)
_RAISED: Final[Mapping[RaiseReason, str]] = Words(
    {
        RaiseReason.WITHDRAWAL: "risk of alcohol or sedative withdrawal",
        RaiseReason.PREGNANT: "pregnant, or may be",
        RaiseReason.INJECTS: "injects",
    }
)
_DANGERS: Final[Mapping[RecordField, str]] = Words(
    {
        RecordField.SUICIDE: "thoughts of suicide",
        RecordField.BREATHING_OR_HEART: "trouble with breathing, heart or chest now",
        RecordField.SAFE_AT_HOME: "not safe where they are",
    }
)


def choice(value: str) -> str:
    """An answer that was chosen; one in words is itself."""
    return _CHOICES.get(value, value)


def answered(value: str) -> str:
    """An answer, as it is said of a place in the record."""
    return f"“{choice(value)}”" if value else gettext("nothing")


def raised(reasons: Iterable[RaiseReason]) -> str:
    """Why somebody is called first."""
    return ", ".join(_RAISED[one] for one in reasons)


def danger_in(asked: RecordField) -> str:
    """What an answer there may speak of; empty for a place in which none does."""
    return _DANGERS.get(asked, "")


def dangers(found: Iterable[RecordField]) -> str:
    """What speaks of danger."""
    return ", ".join(_DANGERS[one] for one in found)
