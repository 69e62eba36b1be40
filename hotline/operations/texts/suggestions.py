"""Words at hand for whoever writes to a texter: by line and language, out of the prompts.

The neutral ones say nothing about anybody: they may be sent before it is known who holds the phone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hotline.model import Danger, Line
from hotline.operations import flow_state
from hotline.operations.transaction import Transaction
from hotline.store.cases.contacts import ContactRow
from hotline.worded import worded

NEUTRAL: Final = ("suggest_good_time", "suggest_when", "suggest_call_us")
FITTING: Final[Mapping[Line | None, tuple[str, ...]]] = {
    Line.EMERGENCY: ("suggest_where", "suggest_awake", "suggest_safe", "suggest_911", "suggest_stay"),
    Line.ADMISSIONS: ("suggest_hello", "suggest_call_now", "suggest_today"),
    Line.FAMILY: ("suggest_hello", "suggest_family", "suggest_call_now"),
    Line.PERSON: ("suggest_hello", "suggest_call_now", "suggest_listen"),
    None: ("suggest_hello", "suggest_listen", "suggest_call_now"),
}
WISH_TO_DIE: Final = ("suggest_where", "suggest_alone", "suggest_means", "suggest_988", "suggest_911")
"""What fits whoever is in danger by their own hand..."""
HURT: Final = ("suggest_where", "suggest_safe", "suggest_911", "suggest_good_time")
"""...and by another's, or by anything but an overdose that somebody sees."""
IN_DANGER: Final[Mapping[Danger, tuple[str, ...]]] = {
    Danger.SUICIDE: WISH_TO_DIE,
    Danger.THEMSELVES: WISH_TO_DIE,
    Danger.BY_OTHERS: HURT,
    Danger.OTHER: HURT,
}
ENGLISH: Final[Mapping[str, str]] = {
    "suggest_good_time": worded("Is this a good time?"),
    "suggest_when": worded("When may we call?"),
    "suggest_call_us": worded("Call us any time"),
    "suggest_where": worded("Where are you?"),
    "suggest_awake": worded("Are they breathing?"),
    "suggest_safe": worded("Are you safe there?"),
    "suggest_alone": worded("Are you alone?"),
    "suggest_means": worded("Put it out of reach?"),
    "suggest_988": worded("988, too"),
    "suggest_911": worded("Have you called 911?"),
    "suggest_stay": worded("Stay with them"),
    "suggest_hello": worded("I am here"),
    "suggest_call_now": worded("May I call now?"),
    "suggest_today": worded("Call today?"),
    "suggest_family": worded("You are not alone"),
    "suggest_listen": worded("Tell me more"),
}
"""What each says, in a few words of English: on its button, whatever language it is in."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One of them."""

    label: str
    words: str


def neutral(transaction: Transaction, row: ContactRow) -> tuple[Suggestion, ...]:
    """What may be sent to anybody's phone."""
    return _all(transaction, NEUTRAL, row)


def fitting(transaction: Transaction, row: ContactRow) -> tuple[Suggestion, ...]:
    """What fits somebody who chose this line; in an emergency, what it is."""
    state = flow_state.read(row)
    by_danger = IN_DANGER.get(state.danger) if row.line is Line.EMERGENCY else None
    if by_danger is not None:
        return _all(transaction, by_danger, row)
    return _all(transaction, FITTING.get(row.line, NEUTRAL), row)


def _all(transaction: Transaction, keys: tuple[str, ...], row: ContactRow) -> tuple[Suggestion, ...]:
    return tuple(
        Suggestion(ENGLISH[key], transaction.text(key, row.language, row.our_number)) for key in keys
    )
