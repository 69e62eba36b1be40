"""What free words mean to the flow.

The order is the order of danger: an emergency beats a wish to die, both beat what a person must look at, that beats
an opt-out, and an opt-out beats the menu. A keyword counts only as the whole message; "I want to stop" is somebody
asking for treatment.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Final

from hotline.model import Danger, Language, Line
from hotline.phrases import NONE, Phrases
from hotline.triage.menu import MENU, NO_KEY, YES_KEY
from hotline.triage.taught import read_for
from hotline.triage.texts.keywords import Kind, is_carrier_keyword, key_of, kind_of, plain, unblocks
from hotline.triage.urgency import Label, Reading

__all__ = [
    "Meaning",
    "danger_of",
    "is_carrier_keyword",
    "is_rather_danger",
    "key_of",
    "may_mean_danger",
    "names_danger",
    "plain",
    "read",
    "read_once",
    "reading_of",
    "unblocks",
]


class Meaning(StrEnum):
    """What somebody wants from us, as far as a few words tell."""

    EMERGENCY = "emergency"
    SUICIDE = "suicide"
    ASK = "ask_a_person"
    """Perhaps dangerous, and nothing that can be named says so: a person reads it within the thread's promise."""
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    STOP_LIKE = "stop_like"
    """Holds a stop word and may be an opt-out, but isn't surely one: nobody is unsubscribed, a person reads it."""
    HELP = "help"
    ADMISSIONS = "admissions"
    FAMILY = "family"
    PERSON = "person"
    YES = "yes"
    NO = "no"
    GREETING = "greeting"
    THANKS = "thanks"
    UNSURE = "unsure"


_MEANING_OF_LINE: Final = {
    Line.EMERGENCY: Meaning.EMERGENCY,
    Line.ADMISSIONS: Meaning.ADMISSIONS,
    Line.FAMILY: Meaning.FAMILY,
    Line.PERSON: Meaning.PERSON,
}
_MEANING_OF_KIND: Final = {
    Kind.STOP: Meaning.OPT_OUT,
    Kind.START: Meaning.OPT_IN,
    Kind.HELP: Meaning.HELP,
    Kind.YES: Meaning.YES,
    Kind.NO: Meaning.NO,
    Kind.THANKS: Meaning.THANKS,
    Kind.GREETING: Meaning.GREETING,
    Kind.EMERGENCY: Meaning.EMERGENCY,
    Kind.ADMISSIONS: Meaning.ADMISSIONS,
    Kind.FAMILY: Meaning.FAMILY,
    Kind.PERSON: Meaning.PERSON,
}
_MEANING_OF_LABEL: Final = {
    Label.EMERGENCY: Meaning.EMERGENCY,
    Label.SUICIDE: Meaning.SUICIDE,
    Label.ASK: Meaning.ASK,
    Label.OPT_OUT: Meaning.OPT_OUT,
    Label.HELP: Meaning.HELP,
    Label.ADMISSIONS: Meaning.ADMISSIONS,
    Label.FAMILY: Meaning.FAMILY,
    Label.STOP_LIKE: Meaning.STOP_LIKE,
    Label.OTHER: Meaning.UNSURE,
}
_SURE_OF_LINE: Final = 0.7
"""Confidence: below it, free words choose no line, and a person reads them."""
_RATHER: Final = 0.5
"""A score that is a probability (ADR 12)."""


def read(words: str, language: Language = Language.EN, phrases: Phrases = NONE) -> Meaning:
    """The meaning of a text message or a speech transcript; UNSURE when a person had better read it.

    `language` is the one in which we speak with whoever wrote: short words such as digits are read in it. `phrases` are
    the centre's own.
    """
    return read_once(words, language, phrases)


@lru_cache(maxsize=64)  # one turn asks several times what the same words mean
def read_once(words: str, language: Language, phrases: Phrases) -> Meaning:
    """The same, kept for whoever asks again."""
    # What is only a keyword or a key is no speech to be read between the lines of: "no", "4", "sair".
    kind = kind_of(words, language)
    if kind is not None:
        return _MEANING_OF_KIND[kind]
    key = key_of(words, language)
    if key is not None:
        if key in (YES_KEY, NO_KEY):
            return Meaning.YES if key == YES_KEY else Meaning.NO
        return _MEANING_OF_LINE[MENU[key]] if key in MENU else Meaning.UNSURE
    reading = reading_of(words, language, phrases)
    if reading.label in (Label.ADMISSIONS, Label.FAMILY, Label.HELP) and reading.confidence < _SURE_OF_LINE:
        return Meaning.UNSURE
    return _MEANING_OF_LABEL[reading.label]


def reading_of(words: str, language: Language = Language.EN, phrases: Phrases = NONE) -> Reading:
    """What these words are about, with the reason, which is as private as they are."""
    return _reading_of(words, language, phrases)


@lru_cache(maxsize=64)
def _reading_of(words: str, language: Language, phrases: Phrases) -> Reading:
    return read_for(phrases, words, language)


def names_danger(words: str, language: Language = Language.EN, phrases: Phrases = NONE) -> bool:
    """Whether a cry or a rule finds danger in these words, and not only a hint with a score."""
    reading = reading_of(words, language, phrases)
    return reading.urgent and reading.named


def is_rather_danger(words: str, language: Language = Language.EN, phrases: Phrases = NONE) -> bool:
    """Whether a cry or a rule finds danger in these words, or a hint with a score by which it rather is danger.

    Within a talk with a coordinator only that pages: what is doubtful is before a person already. They may have looked
    away, so what is hardly doubtful isn't left to them.
    """
    reading = reading_of(words, language, phrases)
    return reading.urgent and (reading.named or reading.confidence >= _RATHER)


def danger_of(words: str, language: Language = Language.EN, phrases: Phrases = NONE) -> Danger:
    """What the emergency in these words is; UNSAID where there is none, or they only cry for help."""
    return reading_of(words, language, phrases).danger


def may_mean_danger(words: str, language: Language = Language.EN, phrases: Phrases = NONE) -> bool:
    """Whether a rule finds danger in these words, and a person is asked all the same: the score speaks against it."""
    reading = reading_of(words, language, phrases)
    return reading.label is Label.ASK and reading.named
