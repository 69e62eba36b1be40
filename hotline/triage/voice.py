"""A call: the menu, the hold, the emergency, and the talk's end."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hotline.model import Line, Outcome, Subject
from hotline.triage import dialogue
from hotline.triage.contact import (
    Began,
    Close,
    Confirmed,
    Contact,
    Dial,
    DialOver,
    EndCall,
    Event,
    Facts,
    LeftAlone,
    Listen,
    NotConfirmed,
    Pressed,
    Reach,
    Said,
    Silent,
    Spoken,
    State,
    Turn,
    Wait,
    Whom,
)
from hotline.triage.meaning import Meaning, read
from hotline.triage.menu import EMERGENCY_KEY, MENU, YES_KEY

SUBJECT_OF: Final = {
    Line.EMERGENCY: Subject.EMERGENCY,
    Line.ADMISSIONS: Subject.ADMISSIONS,
    Line.FAMILY: Subject.FAMILY,
    Line.PERSON: Subject.PERSON,
}
_LINE_OF: Final = {
    Meaning.ADMISSIONS: Line.ADMISSIONS,
    Meaning.FAMILY: Line.FAMILY,
    Meaning.PERSON: Line.PERSON,
}
_TRIES: Final = 3
"""Silences or wrong keys until a person is fetched (Plum Voice: reprompt twice, then a person)."""


def chosen_line(contact: Contact, event: Event) -> Line | None:
    """The line that a key or words choose from the menu."""
    if isinstance(event, Pressed):
        return MENU.get(event.keys)
    return _LINE_OF.get(read(event.words, contact.language)) if isinstance(event, Said) else None


# --- the menu --------------------------------------------------------------------------------------------------


def menu(contact: Contact, event: Event, facts: Facts) -> Turn:
    """First words and the menu; the third silence or wrong key fetches a person."""
    line = chosen_line(contact, event)
    if line is not None:
        return enter_line(contact, line, facts)
    if isinstance(event, Began):
        return Turn(contact, (Spoken("first_words"), Spoken("menu")), Listen(Wait.MENU))
    wrong_key = isinstance(event, Pressed | Said)
    tries = contact.tries + 1
    # After a silence we said "press any key": whatever key comes then is somebody who needs a person.
    any_key = isinstance(event, Pressed) and contact.tries > 0 and not contact.wrong_key
    if tries >= _TRIES or any_key:
        return enter_line(contact, Line.PERSON, facts)
    asked = replace(contact, tries=tries, wrong_key=wrong_key)
    if tries == 1:
        return Turn(
            asked, (Spoken("invalid_key" if wrong_key else "no_input"), Spoken("menu")), Listen(Wait.MENU)
        )
    return Turn(asked, (Spoken("menu_speech"),), Listen(Wait.MENU))


def enter_line(contact: Contact, line: Line, facts: Facts) -> Turn:
    """The caller chose a line other than the emergency: ring people, or go straight to the dialogue."""
    chosen = replace(contact, line=line, tries=0, loops=0, wrong_key=False)
    words = (Spoken("family"),) if line is Line.FAMILY else ()
    if line in facts.unstaffed:
        return dialogue.enter(chosen, facts, before=words)
    held = replace(chosen, state=State.HOLDING)
    return Turn(held, (*words, Spoken("getting_person")), Listen(Wait.BRIEF), (Reach(SUBJECT_OF[line]),))


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
    if facts.ring_over and facts.failsafe and not contact.dialled_last_resort:
        return Turn(
            replace(contact, dialled_last_resort=True), (Spoken("getting_person"),), Dial(Whom.FAILSAFE)
        )
    waiting = replace(contact, loops=contact.loops + 1, dialled_last_resort=False)
    words = (Spoken("waiting"),) if contact.loops % 2 == 0 or not isinstance(event, Silent) else ()
    return Turn(waiting, words, Listen(Wait.HOLD if not words else Wait.BRIEF))


# --- the emergency ---------------------------------------------------------------------------------------------


def enter_emergency(contact: Contact, *, suicide: bool) -> Turn:
    """Key 1 or emergency words, from anywhere: the page leaves on this turn, the 911 words come first."""
    words = Spoken("suicide" if suicide else "emergency")
    urgent = replace(contact, state=State.EMERGENCY, line=Line.EMERGENCY, tries=0, loops=0, no_number=False)
    return Turn(urgent, (words,), Listen(Wait.BRIEF), (Reach(Subject.EMERGENCY, suicide),))


def emergency(contact: Contact, event: Event, facts: Facts) -> Turn:
    """The guidance loop: what to do, again and again, until a clinician joins."""
    if isinstance(event, Said) and read(event.words, contact.language) is Meaning.SUICIDE:
        return Turn(contact, (Spoken("suicide"),), Listen(Wait.BRIEF), (Reach(Subject.EMERGENCY, True),))
    if facts.self_dial:
        return Turn(replace(contact, state=State.DIALLING), (), Dial(Whom.EVERYONE))
    return _guide(contact)


def _guide(contact: Contact) -> Turn:
    part = Spoken("guidance_1" if contact.loops % 2 == 0 else "guidance_2")
    looped = replace(contact, state=State.EMERGENCY, loops=contact.loops + 1)
    return Turn(looped, (part,), Listen(Wait.BRIEF), (Reach(Subject.EMERGENCY),))


def dialling(contact: Contact, event: Event, facts: Facts) -> Turn:
    """Everyone on call was dialled from the caller's own leg; then the failsafe number; then guidance again."""
    if isinstance(event, DialOver) and event.connected:
        return after_talk(replace(contact, state=State.AFTER_TALK), LeftAlone(), facts)
    if isinstance(event, DialOver) and facts.failsafe and not contact.dialled_last_resort:
        return Turn(replace(contact, dialled_last_resort=True), (Spoken("emergency"),), Dial(Whom.FAILSAFE))
    return _guide(replace(contact, dialled_last_resort=False))


# --- the talk's end --------------------------------------------------------------------------------------------


def after_talk(contact: Contact, event: Event, facts: Facts) -> Turn:
    """The human has left the line and the caller hasn't: say so, and fetch somebody again if they stay."""
    if isinstance(event, LeftAlone | DialOver | Began) or contact.state is State.IN_ROOM:
        left = replace(contact, state=State.AFTER_TALK, tries=0)
        return Turn(left, (Spoken("left_alone"),), Listen(Wait.MENU))
    if contact.line is Line.EMERGENCY:
        return _guide(replace(contact, loops=0))
    line = chosen_line(contact, event) or contact.line or Line.PERSON
    return enter_line(contact, line, facts)


# --- a call of ours --------------------------------------------------------------------------------------------


def confirms(contact: Contact, event: Event) -> bool:
    """Whether whoever picked up our call proved to be a person who wants it."""
    if isinstance(event, Pressed):
        return event.keys == EMERGENCY_KEY
    return isinstance(event, Said) and read(event.words, contact.language) is Meaning.YES


def asked_for_call(contact: Contact, event: Event, facts: Facts) -> Turn:
    """We rang them. Neutral words until somebody presses 1; a box hears nothing more than these."""
    if confirms(contact, event):
        return _confirmed_but_nobody_there(contact, facts)
    tries = contact.tries + (0 if isinstance(event, Began) else 1)
    if tries >= _TRIES:
        ended = replace(contact, state=State.ENDED)
        return Turn(ended, (), EndCall(), (NotConfirmed(Outcome.NO_ANSWER), Close(Outcome.NO_ANSWER)))
    return Turn(replace(contact, tries=tries), (Spoken("asked_for_call"),), Listen(Wait.CONFIRM))


def _confirmed_but_nobody_there(contact: Contact, facts: Facts) -> Turn:
    """The member of staff has gone meanwhile: the person who answered holds like any caller, at the front."""
    if contact.line is Line.EMERGENCY:
        turn = enter_emergency(contact, suicide=False)
    else:
        turn = enter_line(contact, contact.line or Line.PERSON, replace(facts, unstaffed=frozenset()))
    return replace(turn, asks=(Confirmed(), *turn.asks))
