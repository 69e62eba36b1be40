"""A call of ours: neutral words until whoever picked up proves to be the person who asked for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hotline.model import Line, Outcome, Subject
from hotline.triage.call import emergency
from hotline.triage.call.hold import left_alone, ring_people
from hotline.triage.call.still_there import is_person
from hotline.triage.caller_events import Began, Event, MachineAnswered, Pressed, Said, Silent
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.menu import EMERGENCY_KEY, SOMEBODY_ELSE_KEY, YES_KEY
from hotline.triage.numbers import spoken
from hotline.triage.turn import (
    Answered,
    AnsweredOver,
    Close,
    Confirmed,
    EndCall,
    JoinRoom,
    Listen,
    NotConfirmed,
    Reach,
    Spoken,
    Turn,
    Wait,
)

_TRIES: Final = 3
_SILENCES: Final = 2
"""After so many, most boxes have hung up by themselves."""


def confirms(contact: Contact, event: Event) -> bool:
    """Whether whoever picked up our call proved to be a person who wants it: "yes" is said by machines and aunts."""
    return isinstance(event, Pressed) and event.keys in {EMERGENCY_KEY, YES_KEY}


def meets_a_person(event: Event, facts: Facts) -> bool:
    """Whether whoever is there is put before a human at once. What they said is not read; a machine is not met."""
    return facts.person_first and isinstance(event, Began | Said | Silent)


def meet(contact: Contact) -> Turn:
    """Into the room with whoever waits there, and no machine says a word."""
    met = replace(contact, state=ContactState.IN_ROOM, tries=0, loops=0, unproven=True)
    return Turn(met, (), JoinRoom(), (Answered(),))


def left(contact: Contact, event: Event, facts: Facts) -> Turn:
    """Our human has left, and nobody else knows whether a person or a machine is still there. It is listened to, and
    nothing is said, until a key or a question shows a person: they are told, as anybody is whose human has left.

    Where nothing does, a call is over; but in an emergency they are kept, and a human is fetched who may know.
    """
    if facts.right_person or is_person(event):
        return left_alone(replace(contact, in_silence=False))
    tries = contact.tries + 1 if contact.in_silence else 0
    listening = replace(contact, state=ContactState.AFTER_TALK, in_silence=True, tries=tries)
    if tries < _SILENCES:
        return Turn(listening, (), Listen(Wait.CONFIRM))
    if contact.line is Line.EMERGENCY:
        return Turn(listening, (), Listen(Wait.CONFIRM), (Reach(Subject.EMERGENCY),))
    ended = replace(contact, state=ContactState.ENDED)
    return Turn(ended, (), EndCall(), (AnsweredOver(), Close(Outcome.CALLBACK)))


def question(contact: Contact, facts: Facts, *, discreet: bool = False) -> tuple[Spoken, ...]:
    """What a machine asks: first of all whose it is, and at what number, as a machine must; but nothing of that where
    nobody has shown that they are a person, and it may be a box that keeps it (`is_discreet`)."""
    if contact.unheard_since is not None:
        why = "missed_your_call"
    else:
        why = "calling_back" if contact.line is Line.EMERGENCY else "asked_for_call"
    return (Spoken(why),) if discreet else (business(facts), Spoken(why), Spoken("someone_else_key"))


def is_discreet(contact: Contact) -> bool:
    """Whether nothing that tells what this line is may be left in a box: we call because an emergency broke off, for
    which nobody had to ask, and they have not said that a message is safe."""
    return contact.line is Line.EMERGENCY and contact.message_safe is not True


def business(facts: Facts) -> Spoken:
    """The name under which the business is registered, and its telephone number."""
    ours = spoken(facts.our_number) if facts.our_number else ""
    return Spoken("business", (("BUSINESS", facts.registered_name), ("NUMBER", ours)))


def asked_for_call(contact: Contact, event: Event, facts: Facts) -> Turn:
    """We rang them, and ask three times whose phone it is.

    Where a machine has come to the end of its greeting, it keeps whatever is said now: the message, if that was said to
    be safe, and else nothing. A key shows a person there, or a question. Where nothing may be left, we wait for whoever
    picked up to speak first, as people do.
    """
    discreet = is_discreet(contact) and not is_person(event)
    if discreet and isinstance(event, Began):
        return Turn(contact, (), Listen(Wait.BRIEF))
    if confirms(contact, event):
        return _confirmed_but_nobody_there(contact, facts)
    if isinstance(event, Pressed) and event.keys == SOMEBODY_ELSE_KEY:
        return _over(contact, Outcome.NO_ANSWER, (Spoken("someone_else"),), somebody_else=True)
    if isinstance(event, MachineAnswered):
        if _may_leave_message(contact, facts):
            return _leave_message(contact, facts)
        return Turn(replace(contact, in_silence=True, tries=0), (), Listen(Wait.CONFIRM))
    tries = contact.tries + (0 if isinstance(event, Began) else 1)
    if contact.voicemail and isinstance(event, Silent):
        return _over(contact, Outcome.LEFT_MESSAGE)
    in_silence = contact.in_silence and not is_person(event)
    asked = _TRIES + is_discreet(contact)
    if tries >= (_SILENCES if in_silence else asked):
        return _over(contact, missed(contact))
    words = () if in_silence else question(contact, facts, discreet=discreet)
    return Turn(replace(contact, tries=tries, in_silence=in_silence), words, Listen(Wait.CONFIRM))


def missed(contact: Contact) -> Outcome:
    """How an attempt ended that nobody confirmed."""
    return Outcome.LEFT_MESSAGE if contact.voicemail else Outcome.NO_ANSWER


def _over(
    contact: Contact, outcome: Outcome, words: tuple[Spoken, ...] = (), *, somebody_else: bool = False
) -> Turn:
    ended = replace(contact, state=ContactState.ENDED)
    return Turn(ended, words, EndCall(), (NotConfirmed(outcome, somebody_else), Close(outcome)))


def _may_leave_message(contact: Contact, facts: Facts) -> bool:
    """Only who said so is left one, once, by somebody who can be asked for; and nothing is left of an emergency."""
    allowed = contact.message_safe is True and contact.line is not Line.EMERGENCY
    return allowed and not contact.voicemail and facts.first_name != ""


def _leave_message(contact: Contact, facts: Facts) -> Turn:
    """The machine may be a person all the same: we listen on, and 1 still fetches who has called."""
    ours = spoken(facts.our_number) if facts.our_number else ""
    words = Spoken("voicemail", (("FIRST", facts.first_name), ("NUMBER", ours)))
    return Turn(replace(contact, voicemail=True), (business(facts), words), Listen(Wait.CONFIRM))


def _confirmed_but_nobody_there(contact: Contact, facts: Facts) -> Turn:
    """The member of staff has gone meanwhile: the person who answered holds like any caller, at the front."""
    contact = replace(contact, in_silence=False)
    if contact.line is Line.EMERGENCY:
        turn = emergency.rung_back(contact)
    else:
        turn = ring_people(contact, contact.line or Line.PERSON, facts)
    return replace(turn, requests=(Confirmed(), *turn.requests))
