"""The emergency of a call: 911 first, then what to do, again and again, until a clinician joins."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hotline.model import Line, Subject
from hotline.triage.call import next_words
from hotline.triage.call.hold import left_alone
from hotline.triage.caller_events import DialOver, Event, Pressed, Said
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.meaning import Meaning, plain, read
from hotline.triage.menu import POLICE_KEY, POLICE_WORDS
from hotline.triage.turn import Dial, Listen, Reach, Spoken, Turn, Wait, Whom

GUIDANCE: Final = ("guidance_1", "guidance_2", "police_key")
COMPANY: Final = ("getting_person", "suicide")
"""Who wants to die needs somebody, and not the manual for an overdose."""


def enter(contact: Contact, *, suicide: bool) -> Turn:
    """Key 1 or emergency words, from anywhere: the page leaves on this turn, the 911 words come first."""
    urgent = _urgent(contact, suicide=suicide)
    return Turn(urgent, opening(urgent), Listen(Wait.BRIEF), (Reach(Subject.EMERGENCY, suicide),))


def go_on(contact: Contact) -> Turn:
    """Somebody whose emergency nobody has closed calls again: straight to the clinician who has it."""
    urgent = _urgent(contact, suicide=False)
    words = (Spoken("first_words"), Spoken("getting_person"))
    return Turn(urgent, words, Listen(Wait.BRIEF), (Reach(Subject.EMERGENCY),))


def _urgent(contact: Contact, *, suicide: bool) -> Contact:
    return replace(
        contact,
        state=ContactState.EMERGENCY,
        line=Line.EMERGENCY,
        suicide=suicide,
        tries=0,
        loops=0,
        no_number=False,
        blocked=False,
        unproven=False,
        in_silence=False,
    )


def opening(contact: Contact) -> tuple[Spoken, ...]:
    """What is said at once."""
    return (next_words.emergency(contact),)


def loop(contact: Contact, event: Event, facts: Facts) -> Turn:
    """One round of the guidance."""
    if _fears_police(event):
        return Turn(contact, (Spoken("police"),), Listen(Wait.BRIEF), (Reach(Subject.EMERGENCY),))
    if isinstance(event, Said) and read(event.words, contact.language) is Meaning.SUICIDE:
        told = replace(contact, suicide=True)
        return Turn(told, opening(told), Listen(Wait.BRIEF), (Reach(Subject.EMERGENCY, True),))
    if isinstance(event, Said) and read(event.words, contact.language) is Meaning.EMERGENCY:
        contact = replace(contact, suicide=False)
    if facts.self_dial:
        return Turn(replace(contact, state=ContactState.DIALLING), (), Dial(Whom.EVERYONE))
    return guide(contact)


def _fears_police(event: Event) -> bool:
    if isinstance(event, Pressed):
        return event.keys == POLICE_KEY
    return isinstance(event, Said) and not POLICE_WORDS.isdisjoint(plain(event.words).split())


def guide(contact: Contact) -> Turn:
    """The next part of what to do."""
    parts = COMPANY if contact.suicide else GUIDANCE
    part = Spoken(parts[contact.loops % len(parts)])
    looped = replace(contact, state=ContactState.EMERGENCY, loops=contact.loops + 1)
    return Turn(looped, (part,), Listen(Wait.BRIEF), (Reach(Subject.EMERGENCY),))


def dialling(contact: Contact, event: Event) -> Turn:
    """Everyone on call was dialled from the caller's own leg; then the failsafe number; then guidance again."""
    if isinstance(event, DialOver) and event.connected:
        return left_alone(contact)
    if isinstance(event, DialOver) and not contact.dialled_last_resort:
        told = replace(contact, dialled_last_resort=True)
        return Turn(told, opening(told), Dial(Whom.FAILSAFE))
    return guide(replace(contact, dialled_last_resort=False))
