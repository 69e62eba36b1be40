"""Another language, in the middle of whatever was being said."""

from __future__ import annotations

from dataclasses import replace

from hotline.model import Language, Subject
from hotline.triage.call import dialogue, emergency, next_words, on_hold, outbound
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.turn import Listen, Reach, RememberLanguage, Spoken, Turn, Wait


def switch(contact: Contact, language: Language, facts: Facts) -> Turn:
    """The present words again in `language`, which is remembered; at the menu, from the 911 sentence on."""
    turn = _again(replace(contact, language=language, language_chosen=True, tries=0), facts)
    return replace(turn, requests=(RememberLanguage(language), *turn.requests))


def _again(contact: Contact, facts: Facts) -> Turn:
    match contact.state:
        case ContactState.MENU:
            choices = Spoken("blocked" if contact.blocked else "menu")
            return Turn(contact, (Spoken("first_words"), choices), Listen(Wait.MENU))
        case ContactState.HOLDING:
            return Turn(contact, (next_words.waiting(contact, facts),), Listen(Wait.BRIEF))
        case ContactState.EMERGENCY | ContactState.DIALLING:
            loop = replace(contact, state=ContactState.EMERGENCY)
            return Turn(loop, emergency.opening(contact), Listen(Wait.BRIEF), (Reach(Subject.EMERGENCY),))
        case ContactState.ON_HOLD if facts.told_aside:
            return Turn(contact, on_hold.WORDS, Listen(Wait.BRIEF))
        case ContactState.AFTER_TALK | ContactState.ON_HOLD | ContactState.IN_ROOM:
            left = replace(contact, state=ContactState.AFTER_TALK)
            return Turn(left, (Spoken("left_alone"),), Listen(Wait.MENU))
        case ContactState.ASKED_FOR_CALL:
            asked = replace(contact, in_silence=False)
            return Turn(asked, outbound.question(asked, facts), Listen(Wait.CONFIRM))
        case _:
            return dialogue.repeat(contact, facts)
