"""A call: the first words, the menu, the hold, and the talk's end."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hotline.model import Line, Outcome
from hotline.triage.call import dialogue, emergency, next_words
from hotline.triage.call.hearing import chosen_line, sorry
from hotline.triage.call.hold import left_alone
from hotline.triage.caller_events import Began, DialOver, Event, LeftAlone, Pressed, Said, Silent
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.menu import LANGUAGE_KEYS, YES_KEY
from hotline.triage.turn import Close, Dial, EndCall, Listen, Spoken, StopReaching, Turn, Wait, Whom

_TRIES: Final = 3
"""Silences or wrong keys until a person is fetched (Plum Voice: reprompt twice, then a person)."""


# --- the menu --------------------------------------------------------------------------------------------------


def menu(contact: Contact, event: Event, facts: Facts) -> Turn:
    """First words and the menu; the third silence or wrong key fetches a person, for what this number is for."""
    if isinstance(event, Began):
        return _first_words(contact, facts)
    if contact.blocked:
        return _blocked(contact)
    line = chosen_line(contact, event)
    if line is not None:
        return dialogue.enter_line(contact, line, facts)
    wrong_key = isinstance(event, Pressed | Said)
    tries = contact.tries + 1
    # After a silence we said "press any key": whatever key comes then is somebody who needs a person.
    any_key = isinstance(event, Pressed) and contact.tries > 0 and not contact.wrong_key
    if tries >= _TRIES or any_key:
        return dialogue.enter_line(contact, facts.for_silence, facts)
    asked = replace(contact, tries=tries, wrong_key=wrong_key)
    words = (sorry(event), Spoken("menu")) if tries == 1 else (Spoken("menu_speech"),)
    return Turn(asked, words, Listen(Wait.MENU))


def _first_words(contact: Contact, facts: Facts) -> Turn:
    if facts.open_emergency:
        return emergency.go_on(replace(contact, danger=facts.open_danger))
    if facts.blocked or contact.blocked:
        return Turn(replace(contact, blocked=True), _FOR_BLOCKED, Listen(Wait.MENU))
    offers = tuple(
        Spoken("language_choice", language=language)
        for language in LANGUAGE_KEYS.values()
        if language in facts.languages and language is not contact.language
    )
    # Last of all, so that it keeps nobody from the keys: whoever stays silent gets a person, who can ring interpreters.
    others = (Spoken("other_language"),) if facts.interpreters else ()
    return Turn(contact, (Spoken("first_words"), *offers, Spoken("menu"), *others), Listen(Wait.MENU))


_FOR_BLOCKED: Final = (Spoken("first_words"), Spoken("blocked"))


def _blocked(contact: Contact) -> Turn:
    """Told three times that only the emergency line is open to them: the one call that we end ourselves."""
    tries = contact.tries + 1
    if tries >= _TRIES:
        return Turn(replace(contact, state=ContactState.ENDED), (), EndCall(), (Close(Outcome.BLOCKED),))
    return Turn(replace(contact, tries=tries), _FOR_BLOCKED, Listen(Wait.MENU))


def blocked_meanwhile(contact: Contact) -> Turn:
    """Somebody has blocked them while they waited for a person, or said how they would be called: neither comes."""
    told = replace(contact, state=ContactState.MENU, tries=0, loops=0, wrong_key=False, typed=None)
    return Turn(told, _FOR_BLOCKED, Listen(Wait.MENU), (StopReaching(),))


# --- the hold --------------------------------------------------------------------------------------------------


def holding(contact: Contact, event: Event, facts: Facts) -> Turn:
    """Staff phones are ringing. 4 turns the hold into a callback; when ringing is over the dialogue follows."""
    if isinstance(event, DialOver) and event.connected:
        return after_talk(contact, event, facts)
    wants_callback = isinstance(event, Pressed) and event.keys == YES_KEY
    if wants_callback and not contact.no_number:
        return dialogue.enter(replace(contact, kept_place=True), facts)
    if facts.ring_over and not contact.no_number:
        return dialogue.enter(contact, facts)
    if facts.ring_over and not contact.dialled_last_resort:
        return Turn(
            replace(contact, dialled_last_resort=True), (Spoken("getting_person"),), Dial(Whom.FAILSAFE)
        )
    waiting = replace(contact, loops=contact.loops + 1, dialled_last_resort=False)
    words = (
        (next_words.waiting(waiting, facts),)
        if contact.loops % 2 == 0 or not isinstance(event, Silent)
        else ()
    )
    return Turn(waiting, words, Listen(Wait.HOLD if not words else Wait.BRIEF))


_WITH_SOMEBODY: Final = (ContactState.IN_ROOM, ContactState.ON_HOLD)


# --- the talk's end --------------------------------------------------------------------------------------------


def after_talk(contact: Contact, event: Event, facts: Facts) -> Turn:
    """The human has left the line and the caller hasn't: say so, and fetch somebody again if they stay."""
    if isinstance(event, LeftAlone | DialOver | Began) or contact.state in _WITH_SOMEBODY:
        return left_alone(contact)
    if contact.line is Line.EMERGENCY:
        return emergency.guide(replace(contact, loops=0))
    line = chosen_line(contact, event) or contact.line or Line.PERSON
    return dialogue.enter_line(contact, line, facts)
