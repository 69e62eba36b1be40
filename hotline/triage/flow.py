"""What happens next: `step(contact, event, facts) -> Turn`.

Theory of operation
-------------------
The flow is total: every state answers every event. Three things stand above the table of states, in this order:

1. HungUp ends a call from any state, and leaves it with an owner (`hangups`).
2. Key 1, and emergency words, open the emergency from any state. The one place where 1 is something else is
   ASKED_FOR_CALL: we rang them, and 1 fetches a human at once there too. Nothing that is said there means anything
   but an unmistakable cry for help, for it may be anybody who speaks.
3. A human who waits in the room is joined from any state but the ones in which the caller already is with one. While
   the line is being taken there already, a loop only waits for that, and begins no words.
4. The key or the name of another language changes to it, and the present question is asked again.

What is left is each state's own business (`voice`, `emergency`, `dialogue`, `ours`, `text`). Nothing here hangs up
on a caller whom nobody owns yet: EndCall comes only after a callback is committed, on a call of ours that nobody
took, or when a blocked caller has been told three times what is still open to them.
"""

from __future__ import annotations

from dataclasses import replace

from hotline.model import Channel, Line
from hotline.phrases import Phrases
from hotline.triage.call import dialogue, emergency, hangups, languages, on_hold, outbound, voice
from hotline.triage.call.hearing import SURE, chosen_language
from hotline.triage.caller_events import (
    Author,
    DialOver,
    Event,
    HungUp,
    Pressed,
    PutOnHold,
    Said,
    Silent,
    Texted,
)
from hotline.triage.contact import CALLBACK_STATES, Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.meaning import Meaning, read
from hotline.triage.menu import EMERGENCY_KEY
from hotline.triage.reading.about_themselves import may_be_a_minor
from hotline.triage.reading.cries import unmistakable
from hotline.triage.texts import text
from hotline.triage.turn import (
    Confirmed,
    EndCall,
    FetchInterpreter,
    JoinRoom,
    Listen,
    Request,
    Spoken,
    Turn,
    Wait,
)

_WITH_HUMAN = frozenset({ContactState.IN_ROOM, ContactState.ENDED})
_WITH_STAFF = frozenset({ContactState.IN_ROOM, ContactState.ON_HOLD})
"""Their keys show nothing there: whoever is with them knows who it is."""
_IN_EMERGENCY = frozenset({ContactState.EMERGENCY, ContactState.DIALLING})
_OWED = frozenset({ContactState.HOLDING, *CALLBACK_STATES})
"""In these they wait for a person, or are to be called back."""
_IN_LOOPS = frozenset(
    {ContactState.HOLDING, ContactState.EMERGENCY, ContactState.AFTER_TALK, ContactState.ON_HOLD}
)
"""In these silence only means that the line has come round to us."""


def step(contact: Contact, event: Event, facts: Facts) -> Turn:
    """The next turn of this contact. Pure and total: it never raises for any state, event and facts."""
    contact = _told_age(contact, event)
    if contact.channel is Channel.TEXT:
        return text.step(contact, event, facts)
    if contact.state is ContactState.ENDED:
        return _after_the_end(contact, event, facts)
    if isinstance(event, HungUp):
        return hangups.step(contact, event, facts)
    contact = _heard_from(contact, event)
    if contact.unproven and contact.state not in _WITH_STAFF and isinstance(event, Pressed) and event.keys:
        proven = _alive(replace(contact, unproven=False), event, facts)
        return replace(proven, requests=(Confirmed(), *proven.requests))
    return _alive(contact, event, facts)


def _alive(contact: Contact, event: Event, facts: Facts) -> Turn:
    """They are on the line."""
    urgent = _urgent(contact, event, facts.phrases)
    if urgent is not None and contact.state not in _IN_EMERGENCY:
        entered = emergency.enter_by(event, contact, facts, urgent)
        return on_hold.with_them_back(entered) if contact.state is ContactState.ON_HOLD else entered
    if _may_join(contact, event, facts):
        return _join(contact, event, facts)
    if facts.human_coming and isinstance(event, Silent) and contact.state in _IN_LOOPS:
        return Turn(contact, (), Listen(Wait.BRIEF))
    language = chosen_language(contact, event, facts)
    if language is not None and not (contact.in_silence and isinstance(event, Said)):
        return languages.switch(contact, language, facts)
    return _own_business(contact, event, facts)


def _after_the_end(contact: Contact, event: Event, facts: Facts) -> Turn:
    """Webhooks come in any order: a key pressed or a talk had before the hang-up counts, as if it had come first."""
    late = replace(contact, state=contact.ended_from or ContactState.ENDED, ended_from=None)
    counts = isinstance(event, Pressed | Said) or (isinstance(event, DialOver) and event.connected)
    if not counts or late.state in (ContactState.ENDED, ContactState.IN_ROOM):
        return Turn(contact, then=EndCall())
    in_time = step(late, event, replace(facts, human_ready=False))
    over = (
        hangups.step(in_time.contact, HungUp(), facts)
        if in_time.contact.state is not ContactState.ENDED
        else in_time
    )
    return Turn(over.contact, then=EndCall(), requests=(*in_time.requests, *over.requests))


def _own_business(contact: Contact, event: Event, facts: Facts) -> Turn:
    if contact.blocked and contact.state in _OWED:
        return voice.blocked_meanwhile(contact)
    match contact.state:
        case ContactState.MENU:
            return voice.menu(contact, event, facts)
        case ContactState.HOLDING:
            return voice.holding(contact, event, facts)
        case ContactState.EMERGENCY:
            return emergency.loop(contact, event, facts)
        case ContactState.DIALLING:
            return emergency.dialling(contact, event)
        case ContactState.IN_ROOM | ContactState.AFTER_TALK | ContactState.ON_HOLD:
            return _with_human(contact, event, facts)
        case ContactState.ASKED_FOR_CALL:
            return outbound.asked_for_call(contact, event, facts)
        case _:
            return dialogue.step(contact, event, facts)


def _with_human(contact: Contact, event: Event, facts: Facts) -> Turn:
    """They are, or were, with a human."""
    if contact.state is ContactState.IN_ROOM and isinstance(event, PutOnHold):
        return on_hold.begin(contact)
    if contact.state is ContactState.ON_HOLD and facts.told_aside:
        return on_hold.loop(contact, event)
    with_human = contact.state is not ContactState.AFTER_TALK
    if contact.in_silence or (contact.unproven and with_human):
        return outbound.left(contact, event, facts)
    return voice.after_talk(contact, event, facts)


def _told_age(contact: Contact, event: Event) -> Contact:
    """Somebody under 18 is marked for staff; whoever picks up a call of ours may be anybody's child."""
    theirs = isinstance(event, Texted) and event.by is Author.PERSON
    if isinstance(event, Said):
        theirs = contact.state is not ContactState.ASKED_FOR_CALL and not contact.in_silence
    if not isinstance(event, Said | Texted) or not theirs or contact.may_be_minor:
        return contact
    return replace(contact, may_be_minor=True) if may_be_a_minor(event.words) else contact


def _heard_from(contact: Contact, event: Event) -> Contact:
    spoke = (isinstance(event, Pressed) and event.keys != "") or (
        isinstance(event, Said) and event.words != ""
    )
    return replace(contact, answered=True) if spoke and not contact.answered else contact


def _urgent(contact: Contact, event: Event, phrases: Phrases) -> Meaning | None:
    """EMERGENCY or SUICIDE if this event says so. Only a cry never waits for the recogniser's confidence."""
    if isinstance(event, Pressed) and event.keys == EMERGENCY_KEY:
        return None if contact.state is ContactState.ASKED_FOR_CALL else Meaning.EMERGENCY
    if isinstance(event, Said):
        anybody = contact.state is ContactState.ASKED_FOR_CALL or contact.in_silence
        unproven = anybody or event.confidence < SURE
        if unproven and not unmistakable(event.words, contact.language):
            # A telephone's assistant, a child or an aunt may be speaking, or these aren't the words: only a cry counts.
            return None
        meaning = read(event.words, contact.language, phrases)
        if contact.state is ContactState.ASKED_FOR_CALL and meaning is not Meaning.SUICIDE:
            return Meaning.EMERGENCY
        return meaning if meaning in (Meaning.EMERGENCY, Meaning.SUICIDE) else None
    return None


def _may_join(contact: Contact, event: Event, facts: Facts) -> bool:
    if not facts.human_ready or contact.state in _WITH_HUMAN:
        return False
    if contact.state is ContactState.ASKED_FOR_CALL:
        return outbound.confirms(contact, event) or outbound.meets_a_person(event, facts)
    return True


def _join(contact: Contact, event: Event, facts: Facts) -> Turn:
    """Into the room. That an interpreter is coming is said first, but in an emergency nothing is."""
    if contact.state is ContactState.ASKED_FOR_CALL and not outbound.confirms(contact, event):
        return outbound.meet(contact)
    requests: tuple[Request, ...] = (Confirmed(),) if contact.state is ContactState.ASKED_FOR_CALL else ()
    words: tuple[Spoken, ...] = ()
    if facts.needs_interpreter:
        requests = (*requests, FetchInterpreter())
        words = () if contact.line is Line.EMERGENCY else (Spoken("interpreter"),)
    # Who was with a human already is as proven as before.
    joined = replace(contact, state=ContactState.IN_ROOM, tries=0, loops=0, blocked=False, in_silence=False)
    return Turn(joined, words, JoinRoom(), requests)
