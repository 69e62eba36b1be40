"""Sentences that say what happens next: each is chosen by the facts that make it happen.

Whoever hears "we will call you back at this number" has shown a number; "all of our staff are on calls" is true of
everybody on duty; a time is promised while somebody is there to keep it; and 4 is offered to whom it can help.
"""

from __future__ import annotations

from typing import Final

from hotline.model import When
from hotline.triage.contact import Contact
from hotline.triage.facts import Facts
from hotline.triage.turn import Spoken

EMERGENCY_OPENINGS: Final = frozenset({"emergency", "emergency_hidden"})
"""Both begin with the 911 sentence."""
_AT_THEIR_TIME: Final = {
    When.AFTERNOON: "confirmed_afternoon",
    When.EVENING: "confirmed_evening",
    When.MORNING: "confirmed_morning",
}


def emergency(contact: Contact) -> Spoken:
    """The first words of an emergency: a call back only if there is a number to call."""
    if contact.suicide:
        return Spoken("suicide")
    return Spoken("emergency" if contact.reachable_at is not None else "emergency_hidden")


def waiting(contact: Contact, facts: Facts) -> Spoken:
    """To somebody who holds."""
    if contact.no_number:
        return Spoken("waiting_only")
    return Spoken("waiting" if facts.all_on_calls else "waiting_ringing")


def confirmed(contact: Contact, facts: Facts) -> Spoken:
    """The promise of a call back, without the number that it comes from."""
    if facts.held_back:
        return Spoken("confirmed_soon")
    if contact.at is not None:
        return Spoken("confirmed_time")
    if contact.when in _AT_THEIR_TIME:
        return Spoken(_AT_THEIR_TIME[contact.when])
    if facts.nobody_on:
        return Spoken("confirmed_unstaffed")
    return Spoken("confirmed", (("MIN", str(facts.promise_minutes)),))
