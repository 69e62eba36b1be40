"""The emergency of a call: 911 first, then what to do, again and again, until a clinician joins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from hotline.model import Danger, Line, Subject
from hotline.triage.call import next_words
from hotline.triage.call.hold import left_alone
from hotline.triage.caller_events import DialOver, Event, Pressed, Said
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.meaning import Meaning, danger_of, plain, read
from hotline.triage.menu import POLICE_KEY, POLICE_WORDS
from hotline.triage.texts.language_of import language_of
from hotline.triage.turn import Dial, Listen, Reach, RememberLanguage, Spoken, Turn, Wait, Whom

GUIDANCE: Final = ("guidance_1", "guidance_2", "police_key")
"""For whoever sees an overdose, or has not said what it is..."""
COMPANY: Final = ("getting_person", "suicide")
"""...for who wants to die and needs somebody, and not the manual for an overdose..."""
THEMSELVES: Final = ("taken", "getting_person", "police_key")
"""...for who took it themselves, and may be alone..."""
SHELTER: Final = ("getting_person",)
"""...for whom somebody hurts..."""
ANY_DANGER: Final = ("danger", "getting_person")
"""...and for any other danger."""
PARTS: Final[Mapping[Danger, tuple[str, ...]]] = {
    Danger.UNSAID: GUIDANCE,
    Danger.OVERDOSE: GUIDANCE,
    Danger.THEMSELVES: THEMSELVES,
    Danger.SUICIDE: COMPANY,
    Danger.BY_OTHERS: SHELTER,
    Danger.OTHER: ANY_DANGER,
}
"""What is said while they wait, part by part."""


def enter(contact: Contact, danger: Danger = Danger.UNSAID) -> Turn:
    """Key 1 or emergency words, from anywhere: the page leaves on this turn, the 911 words come first."""
    urgent = _urgent(contact, danger)
    reach = Reach(Subject.EMERGENCY, urgent.suicide)
    return Turn(urgent, opening(urgent), Listen(Wait.BRIEF), (reach,))


def enter_by(event: Event, contact: Contact, facts: Facts, meaning: Meaning) -> Turn:
    """The same by what they have just pressed or said, in the language in which they said it."""
    entered = enter(_in_their_words(contact, event, facts), _danger(event, contact, facts, meaning))
    return _remembering(contact, entered)


def _danger(event: Event, contact: Contact, facts: Facts, meaning: Meaning) -> Danger:
    if meaning is Meaning.SUICIDE:
        return Danger.SUICIDE
    if not isinstance(event, Said):
        return Danger.UNSAID
    told = danger_of(event.words, contact.language, facts.phrases)
    # To a call of ours only a cry counts, and not that it may be about dying.
    return Danger.UNSAID if told is Danger.SUICIDE else told


def _in_their_words(contact: Contact, event: Event, facts: Facts) -> Contact:
    """The contact, in the language of these words if it is clear which that is: what they are told, what staff hear,
    and who is rung first follow it. Whoever has chosen a language is listened to in that one, and keeps it."""
    if contact.language_chosen:
        return contact
    clear = language_of(event.words, facts.languages) if isinstance(event, Said) else None
    if clear is None or clear is contact.language:
        return contact
    return replace(contact, language=clear, language_chosen=True)


def _remembering(before: Contact, turn: Turn) -> Turn:
    """Another language is kept for their next contact; but on a call of ours anybody may have spoken."""
    spoken = turn.contact.language
    if spoken is before.language or before.state is ContactState.ASKED_FOR_CALL:
        return turn
    return replace(turn, requests=(RememberLanguage(spoken), *turn.requests))


def go_on(contact: Contact) -> Turn:
    """In an emergency that is open already, on this call: straight to the clinician who has it. 911 is named first, for
    whoever needs it; nobody is sent away from a call by which they are to meet a person."""
    urgent = _urgent(contact, contact.danger)
    return Turn(urgent, _stay(urgent), Listen(Wait.BRIEF), (Reach(Subject.EMERGENCY),))


def _stay(contact: Contact) -> tuple[Spoken, ...]:
    """911, and that a person comes."""
    return opening(contact) if contact.suicide else (Spoken("first_words"), Spoken("getting_person"))


def rung_back(contact: Contact) -> Turn:
    """They answered our call back, and no human is in the room yet. Who hung up before the 911 sentence was over hears
    it now as at first; whoever has heard it, or read it, stays on the line of which they were told."""
    return go_on(contact) if contact.heard_911 or contact.suicide else enter(contact, contact.danger)


def _urgent(contact: Contact, danger: Danger) -> Contact:
    return replace(
        contact,
        state=ContactState.EMERGENCY,
        line=Line.EMERGENCY,
        danger=danger,
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
    meant = read(event.words, contact.language) if isinstance(event, Said) else Meaning.UNSURE
    if meant in (Meaning.EMERGENCY, Meaning.SUICIDE):
        heard = _in_their_words(contact, event, facts).in_danger(_danger(event, contact, facts, meant))
        took_it_too = contact.danger is Danger.OVERDOSE and heard.danger is Danger.THEMSELVES
        if took_it_too:
            heard = replace(heard, danger=contact.danger)
        # What they were told so far in another language, they may not have understood.
        if meant is Meaning.SUICIDE or heard.language is not contact.language:
            reach = Reach(Subject.EMERGENCY, meant is Meaning.SUICIDE)
            return _remembering(contact, Turn(heard, opening(heard), Listen(Wait.BRIEF), (reach,)))
        if took_it_too and not facts.self_dial:
            # They hear what they can do; and what to do for whoever doesn't breathe goes on after it.
            return Turn(heard, (Spoken(THEMSELVES[0]),), Listen(Wait.BRIEF), (Reach(Subject.EMERGENCY),))
        contact = heard if heard.danger is contact.danger else replace(heard, loops=0)
    if facts.self_dial:
        return Turn(replace(contact, state=ContactState.DIALLING), (), Dial(Whom.EVERYONE))
    return guide(contact)


def _fears_police(event: Event) -> bool:
    if isinstance(event, Pressed):
        return event.keys == POLICE_KEY
    return isinstance(event, Said) and not POLICE_WORDS.isdisjoint(plain(event.words).split())


def guide(contact: Contact) -> Turn:
    """The next part of what to do."""
    parts = PARTS[contact.danger]
    part = Spoken(parts[contact.loops % len(parts)])
    looped = replace(contact, state=ContactState.EMERGENCY, loops=contact.loops + 1)
    return Turn(looped, (part,), Listen(Wait.BRIEF), (Reach(Subject.EMERGENCY),))


def dialling(contact: Contact, event: Event) -> Turn:
    """Everyone on call was dialled from the caller's own leg; then the failsafe number; then guidance again."""
    if isinstance(event, DialOver) and event.connected:
        return left_alone(contact)
    if isinstance(event, DialOver) and not contact.dialled_last_resort:
        told = replace(contact, dialled_last_resort=True)
        # A call of ours is the call back: none is promised on it, and nobody is sent off it.
        words = _stay(told) if told.outbound else opening(told)
        return Turn(told, words, Dial(Whom.FAILSAFE))
    return guide(replace(contact, dialled_last_resort=False))
