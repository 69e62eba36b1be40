"""The admissions record as data: what an admissions line asks in a first talk, and what follows from the answers. Pure.

Everything in it is optional and may be answered in any order. A few answers bring a callback before others of its line,
and a few offer the emergency; nothing is worked out beyond that, for which care somebody needs a human decides. How
somebody is insured is written down for those who admit them, and is no part of any rule: 105 CMR 164.070 asks for an
equal evaluation whatever the payer.

What is asked is what public first-call screening forms agree on; that pregnancy, injecting, and withdrawal from alcohol
or sedatives come first is 45 CFR 96.126 and 96.131, and the danger of that withdrawal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hotline.model import KeptWord


class RecordField(KeptWord):
    """One thing that is asked."""

    WANTS = "wants"
    WHERE = "where"
    """Where they are now, the town first: help is sent there, if they stop answering."""
    AGE = "age"
    """In whole years."""
    SUBSTANCES = "substances"
    LAST_USE = "last_use"
    ROUTE = "route"
    INJECTS = "injects"
    SEDATING = "sedating"
    """Whether they drink, or take sedatives, on most days: stopping can be dangerous."""
    SEIZURES = "seizures"
    """Seizures or delirium when they stopped before."""
    PREGNANT = "pregnant"
    MEDICINES = "medicines"
    BREATHING_OR_HEART = "breathing_or_heart"
    SAFE_AT_HOME = "safe_at_home"
    SUICIDE = "suicide"
    INSURANCE = "insurance"
    ACCESS = "access"
    """Language and access needs."""


YES: Final = "yes"
NO: Final = "no"
UNSURE: Final = "unsure"
_ASKED: Final = (YES, NO, UNSURE)
CHOICES: Final[Mapping[RecordField, tuple[str, ...]]] = {
    RecordField.ROUTE: ("swallows", "smokes", "snorts", "injects", "several"),
    RecordField.INJECTS: _ASKED,
    RecordField.SEDATING: _ASKED,
    RecordField.SEIZURES: _ASKED,
    RecordField.PREGNANT: _ASKED,
    RecordField.BREATHING_OR_HEART: _ASKED,
    RecordField.SAFE_AT_HOME: _ASKED,
    RecordField.SUICIDE: _ASKED,
    RecordField.INSURANCE: ("medicaid", "medicare", "private", "veterans", "none", UNSURE),
}
"""What may be chosen; an age is a number, and everything else is written in words."""
_AGES: Final = range(1, 121)
_ADULT: Final = 18
LONGEST: Final = 500
"""Letters of an answer in words."""
Answers = Mapping[RecordField, str]
"""What was answered; what wasn't asked is left out."""


class RaiseReason(KeptWord):
    """Why somebody is called before others of their line."""

    WITHDRAWAL = "withdrawal"
    """Withdrawal from alcohol or sedatives is likely, or has gone badly before."""
    PREGNANT = "pregnant"
    """They are, or may be."""
    INJECTS = "injects"


def raise_reasons(answers: Answers) -> tuple[RaiseReason, ...]:
    """Why these answers bring somebody forward; empty if they don't."""
    injects = answers.get(RecordField.ROUTE) == "injects" or answers.get(RecordField.INJECTS) == YES
    at_risk = YES in (answers.get(RecordField.SEDATING), answers.get(RecordField.SEIZURES))
    pregnant = answers.get(RecordField.PREGNANT) in (YES, UNSURE)
    found = (
        (RaiseReason.WITHDRAWAL, at_risk),
        (RaiseReason.PREGNANT, pregnant),
        (RaiseReason.INJECTS, injects),
    )
    return tuple(reason for reason, holds in found if holds)


def is_left_to_ask(field: RecordField, answers: Answers) -> bool:
    """Whether it has a place in the record: not, if another answer has told it already and nobody has written there."""
    told = field is RecordField.INJECTS and answers.get(RecordField.ROUTE) == "injects"
    return not told or bool(answers.get(field))


def is_minor(answers: Answers) -> bool | None:
    """Whether they have said that they are under 18; None if nobody knows."""
    age = answers.get(RecordField.AGE)
    return int(age) < _ADULT if age else None


_DANGERS: Final = (
    (RecordField.SUICIDE, (YES, UNSURE)),
    (RecordField.BREATHING_OR_HEART, (YES,)),
    (RecordField.SAFE_AT_HOME, (NO,)),
)


def danger_answers(field: RecordField) -> tuple[str, ...]:
    """Which answers there speak of danger now; none, if no answer does."""
    return dict(_DANGERS).get(field, ())


def dangers(answers: Answers) -> tuple[RecordField, ...]:
    """The answers that speak of danger now: whoever gave them is offered the emergency at once."""
    return tuple(field for field, values in _DANGERS if answers.get(field) in values)


def answer(field: RecordField, written: str) -> str | None:
    """An answer as it is kept, "" for none; None if it can't be one: too long, no age, no choice."""
    words = written.replace("\r\n", "\n").strip()
    if field is RecordField.AGE and words:
        years = int(words) if words.isascii() and words.isdigit() and len(words) <= 3 else 0
        return str(years) if years in _AGES else None
    if field in CHOICES:
        return words if words in ("", *CHOICES[field]) else None
    return words if len(words) <= LONGEST else None
