"""The caller holds while staff phones ring; and what they hear when whoever talked with them has left.

The parts of a call that several others lead to: they lead to none themselves.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hotline.model import Line, Subject
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.turn import Listen, Reach, Spoken, Turn, Wait

SUBJECT_OF: Final = {
    Line.EMERGENCY: Subject.EMERGENCY,
    Line.ADMISSIONS: Subject.ADMISSIONS,
    Line.FAMILY: Subject.FAMILY,
    Line.PERSON: Subject.PERSON,
}


def chosen(contact: Contact, line: Line, *, live: bool) -> tuple[Contact, tuple[Spoken, ...]]:
    """The contact with this line, and what is said to whoever chooses it now. `live`: a person is being got for them,
    and nobody is to call them."""
    words: tuple[Spoken, ...] = ()
    if line is Line.FAMILY and contact.line is not line:
        calls = () if live else (Spoken("family_coordinator"),)
        words = (Spoken("family"), *calls, Spoken("family_care"))
    return replace(contact, line=line, tries=0, loops=0, wrong_key=False), words


def ring_people(contact: Contact, line: Line, facts: Facts) -> Turn:
    """Ring whoever is on duty for this line, whatever is known of who is there; the caller holds."""
    held, words = chosen(contact, line, live=True)
    words = (*words, Spoken("getting_person"), *_wait(facts))
    return Turn(
        replace(held, state=ContactState.HOLDING), words, Listen(Wait.BRIEF), (Reach(SUBJECT_OF[line]),)
    )


def _wait(facts: Facts) -> tuple[Spoken, ...]:
    """Said only if it is known."""
    if facts.wait_minutes is None:
        return ()
    if facts.wait_minutes <= 1:
        return (Spoken("wait_minute"),)
    return (Spoken("wait_minutes", (("MIN", str(facts.wait_minutes)),)),)


def left_alone(contact: Contact) -> Turn:
    """The human has left the line and the caller hasn't: say so. Whoever stays gets somebody again."""
    left = replace(contact, state=ContactState.AFTER_TALK, tries=0)
    return Turn(left, (Spoken("left_alone"),), Listen(Wait.BRIEF))
