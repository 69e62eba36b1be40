"""What the flow knows beside the contact: looked up by the operation before it asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hotline.model import Danger, Language, Line, PhoneNumber, When
from hotline.phrases import NONE, Phrases
from hotline.triage.open_callback import Hour, OpenCallback

ANSWERS_DANGER: Final[Mapping[Danger, str]] = {
    Danger.UNSAID: "emergency",
    Danger.OVERDOSE: "emergency",
    Danger.THEMSELVES: "taken",
    Danger.SUICIDE: "suicide",
    Danger.BY_OTHERS: "violence",
    Danger.OTHER: "danger",
}
"""Of each danger, the prompt that answers a text: what to do at once."""
WHAT_TO_DO: Final = frozenset(ANSWERS_DANGER.values())


@dataclass(frozen=True, slots=True)
class Facts:
    """What the operation looked up before asking the flow."""

    human_ready: bool = False
    """A human has accepted and waits in the contact's room."""
    human_coming: bool = False
    """That human waits, and the contact is on the way into the room already: no words are worth beginning."""
    told_aside: bool = False
    """Whoever talked with them speaks with somebody else now, to whom they are to be handed over."""
    ring_over: bool = False
    """Live ringing has gone on for its time, or there is nobody left to ring."""
    all_on_calls: bool = False
    """Somebody is on duty, and everybody who is talks with somebody now: no phone rings."""
    nobody_on: bool = False
    """Nobody at all is on duty for callbacks: no time can be promised."""
    unstaffed: frozenset[Line] = frozenset()
    """Lines for which nobody at all is on now."""
    self_dial: bool = False
    """No page has left in time, or nobody accepted in time: the loop itself must dial."""
    heard_911: bool = False
    """The 911 sentence (V01 or V04) had time to be heard to its end."""
    cut_off: bool = False
    """Our next words were due when their call ended, of which no news came, either: they did not hang up, we lost
    them."""
    talk_counted: bool = False
    """The talk in the room lasted long enough to have been one."""
    settled: bool = False
    """Whoever took it has said how it ended: nothing more is owed, however short the talk was."""
    replies_left: bool = True
    """Non-emergency text replies to this number are still within the cap."""
    opted_out: bool = False
    promise_minutes: int = 15
    our_number: PhoneNumber | None = None
    for_silence: Line = Line.PERSON
    """The line for whoever presses and says nothing that we understand: what the number that they called is for."""
    number_refused: str | None = None
    """Why the typed number can't be rung back (a prompt key); None if `number` can."""
    number: PhoneNumber | None = None
    """The typed number, if it can be rung back."""
    amid_keys: bool = False
    """Other keys came a moment before: perhaps they are typing a number. One alone, such as that for the emergency,
    is none."""
    languages: tuple[Language, ...] = (Language.EN,)
    """What the line speaks; English always."""
    wait_minutes: int | None = None
    """How long callers of this line have waited lately; None while too few have."""
    times: tuple[When, ...] = ()
    """Times of day that are still ahead for this caller and can be offered for a callback."""
    first_name: str = ""
    """Of the member of staff on whose behalf we ring."""
    blocked: bool = False
    """The number is on the block list, or has more calls under way than one number may have."""
    held_back: bool = False
    """No more calls leave by themselves today: whoever asks for one is in line, and a person decides."""
    interpreters: bool = False
    """The centre has interpreters whom staff can ring."""
    right_person: bool = False
    """Whoever was with them has said that it is the right person."""
    needs_interpreter: bool = False
    """Nobody who waits in the room speaks the caller's language, and the centre has interpreters to ring."""
    person_first: bool = False
    """Whoever answers a call of ours hears a human, if one is there, and no machine."""
    registered_name: str = ""
    """Of the business, which a machine says before anything else (47 CFR 64.1200(b))."""
    phrases: Phrases = NONE
    """The centre's own: what must page, and what alone must not."""
    open_emergency: bool = False
    """This number has an emergency that no human has closed."""
    open_danger: Danger = Danger.UNSAID
    """Where it has: what it is."""
    # Of a text, and of the question when to call
    open_callback: OpenCallback | None = None
    now: Hour | None = None
    """The time, by their own clock; always known where `open_callback` is, and where a time is asked for."""
    wanted: Hour | None = None
    """The time that the text names, if it is nothing but one; of a call, what is said when they are asked for one."""
    thread_open: bool = False
    """A person is being asked to read this thread, or has it."""
    emergency_goes_on: bool = False
    """In an emergency of this number, by text or by telephone, they may still be called: only a human ends that."""
    danger_told: frozenset[str] = frozenset()
    """What they were told to do (of WHAT_TO_DO) in the emergency that is open for this thread."""
    human_writes: bool = False
    """Whoever has that emergency has written to them, or talks with them."""
    thread_taken: bool = False
    """A person has it."""
    answerable: bool = True
    """False: whatever we send never arrives, or costs like a premium number, or is what a machine waits for."""
    out_of_reach: bool = False
    """No text of ours may go there: a short code, a number abroad, another service than SMS."""
