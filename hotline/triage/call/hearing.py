"""What a caller's key or words choose, and what we say when they choose nothing.

Words count only if the recogniser is sure enough of them, and otherwise we ask again. A cry that can only be one never
waits for its confidence: it is looked for in `flow`, before anything here is asked.
"""

from __future__ import annotations

from typing import Final

from hotline.model import Language, Line, When
from hotline.triage.call.agreeing import agreed
from hotline.triage.caller_events import Event, Pressed, Said, Silent
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.meaning import Meaning, plain, read
from hotline.triage.menu import (
    LANGUAGE_KEYS,
    LANGUAGE_WORDS,
    MENU,
    NO_KEY,
    TIME_KEYS,
    TIME_WORDS,
    YES_KEY,
)
from hotline.triage.turn import Spoken

SURE: Final = 0.5
"""Confidence below which words are asked for again. Twilio gives no threshold of its own; half is ours, and wrong
in either direction costs one more question."""
_LINE_OF: Final = {
    Meaning.ADMISSIONS: Line.ADMISSIONS,
    Meaning.FAMILY: Line.FAMILY,
    Meaning.PERSON: Line.PERSON,
    Meaning.ASK: Line.PERSON,
    # Danger that was found here and pages nobody: a phrase of the centre's holds it back, so a person hears it.
    Meaning.EMERGENCY: Line.PERSON,
    Meaning.SUICIDE: Line.PERSON,
}
IN_EMERGENCY: Final = (ContactState.EMERGENCY, ContactState.DIALLING)
_YES_OR_NO: Final = {Meaning.YES: True, Meaning.NO: False}


def _heard(contact: Contact, event: Event) -> Meaning:
    if isinstance(event, Said) and event.confidence >= SURE:
        return read(event.words, contact.language)
    return Meaning.UNSURE


def chosen_line(contact: Contact, event: Event) -> Line | None:
    """The line that a key or words choose from the menu."""
    if isinstance(event, Pressed):
        return MENU.get(event.keys)
    if isinstance(event, Said) and event.confidence < SURE:
        # Danger that was heard badly is no page; whoever may have said it needs a person, and no question again.
        meant = read(event.words, contact.language)
        return Line.PERSON if meant in (Meaning.EMERGENCY, Meaning.SUICIDE) else None
    return _LINE_OF.get(_heard(contact, event))


def yes_or_no(contact: Contact, event: Event) -> bool | None:
    """4 or yes, 5 or no, or neither."""
    if isinstance(event, Pressed):
        return {YES_KEY: True, NO_KEY: False}.get(event.keys)
    answered = _YES_OR_NO.get(_heard(contact, event))
    if answered is None and isinstance(event, Said) and event.confidence >= SURE:
        return agreed(event.words)
    return answered


def chosen_time(event: Event, facts: Facts) -> When | None:
    """One of the times that were offered, by key; or by a word that names it, where no other is named."""
    if isinstance(event, Pressed):
        named = {TIME_KEYS[event.keys]} if event.keys in TIME_KEYS else set()
    elif isinstance(event, Said) and event.confidence >= SURE:
        words = plain(event.words).split()
        named = {TIME_WORDS[word] for word in words if word in TIME_WORDS}
    else:
        named = set()
    one = named.pop() if len(named) == 1 else None
    return one if one is When.NOW or one in facts.times else None


def chosen_language(contact: Contact, event: Event, facts: Facts) -> Language | None:
    """Another language of the line's: by its key, or by its name, whichever language it is named in.

    While a number is typed a key is one of its digits; so it is in an emergency, where others came just before it.
    """
    if contact.state is ContactState.TYPE_NUMBER:
        return None
    if isinstance(event, Pressed) and contact.state in IN_EMERGENCY and facts.amid_keys:
        # What was taken for a language was the first digit; but who presses the same key twice is in a hurry.
        return contact.switched_from if LANGUAGE_KEYS.get(event.keys) is not contact.language else None
    if isinstance(event, Pressed):
        wanted = LANGUAGE_KEYS.get(event.keys)
    elif (
        isinstance(event, Said)
        and event.confidence >= SURE
        and contact.state is not ContactState.ASKED_FOR_CALL
    ):
        wanted = _named(plain(event.words).split())
    else:
        wanted = None
    return wanted if wanted in facts.languages and wanted is not contact.language else None


def _named(words: list[str]) -> Language | None:
    """In a whole sentence a language may be anything; in three words it is the wish for it."""
    named = {LANGUAGE_WORDS[word] for word in words if word in LANGUAGE_WORDS} if len(words) <= 3 else set()
    return named.pop() if len(named) == 1 else None


def sorry(event: Event) -> Spoken:
    """What comes before a question is asked again."""
    if isinstance(event, Silent):
        return Spoken("no_input")
    return Spoken("say_again" if isinstance(event, Said) else "invalid_key")
