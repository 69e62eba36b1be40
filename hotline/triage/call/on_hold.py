"""The caller holds while whoever talked with them tells somebody else who comes.

They are told what goes on, again and again, and hear what they can do: 0 has the person back, 1 is the emergency as
everywhere, and another language is another language. A lost redirect costs seconds: each time the line comes round, it
is looked whether somebody is in the room again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hotline.model import Line
from hotline.triage.call.hearing import chosen_line
from hotline.triage.caller_events import Event, Silent
from hotline.triage.contact import Contact, ContactState
from hotline.triage.turn import FetchBack, Listen, Spoken, Turn, Wait

WORDS: Final = (Spoken("on_hold"),)


def begin(contact: Contact) -> Turn:
    """Out of the room, for a moment."""
    held = replace(contact, state=ContactState.ON_HOLD, tries=0, loops=0)
    return Turn(held, WORDS, Listen(Wait.BRIEF))


def loop(contact: Contact, event: Event) -> Turn:
    """The line came round to us, or they have pressed or said something."""
    if chosen_line(contact, event) is Line.PERSON:
        return with_them_back(Turn(contact, (Spoken("one_moment"),), Listen(Wait.BRIEF)))
    waiting = replace(contact, loops=contact.loops + 1)
    words = WORDS if contact.loops % 2 == 1 or not isinstance(event, Silent) else ()
    return Turn(waiting, words, Listen(Wait.BRIEF if words else Wait.HOLD))


def with_them_back(turn: Turn) -> Turn:
    """The same, and the person comes back with whom they talked."""
    return replace(turn, requests=(*turn.requests, FetchBack()))
