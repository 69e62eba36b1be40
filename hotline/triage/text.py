"""A text thread: keywords, the menu, the safe-to-call question, and a person for everything else."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hotline.model import Line, Outcome, Subject
from hotline.triage.contact import (
    Close,
    Contact,
    Event,
    Facts,
    OptIn,
    OptOut,
    PromiseCallback,
    Reach,
    Spoken,
    State,
    Texted,
    Turn,
)
from hotline.triage.meaning import Meaning, is_carrier_keyword, read, unblocks

_LINE_OF: Final = {
    Meaning.ADMISSIONS: Line.ADMISSIONS,
    Meaning.FAMILY: Line.FAMILY,
    Meaning.PERSON: Line.PERSON,
}
_SAFE_QUESTION: Final = {Line.ADMISSIONS: "admissions", Line.FAMILY: "family", Line.PERSON: "family"}


def step(contact: Contact, event: Event, facts: Facts) -> Turn:
    """The reply to one text, or to a silence in a thread that had been asked something."""
    if not isinstance(event, Texted):
        return _quiet(contact)
    meaning = read(event.words, contact.language)
    if meaning in (Meaning.EMERGENCY, Meaning.SUICIDE):
        return _emergency(contact, suicide=meaning is Meaning.SUICIDE)
    if facts.opted_out and unblocks(event.words):
        meaning = Meaning.OPT_IN
    turn = _keyword(contact, event, meaning) or _answer(contact, meaning, facts)
    may_reply = facts.replies_left and (not facts.opted_out or meaning is Meaning.OPT_IN)
    return turn if may_reply else _unsaid(contact, turn)


def _emergency(contact: Contact, *, suicide: bool) -> Turn:
    urgent = replace(contact, state=State.TEXT_EMERGENCY, line=Line.EMERGENCY)
    words = Spoken("suicide" if suicide else "emergency")
    return Turn(urgent, (words,), asks=(Reach(Subject.EMERGENCY, suicide),))


def _unsaid(contact: Contact, turn: Turn) -> Turn:
    """They can't be answered: a question that they would never read is a person's to ask."""
    asked = turn.contact.state is State.TEXT_SAFE and contact.state is not State.TEXT_SAFE
    return replace(_a_person_reads_it(contact) if asked else turn, say=())


def _keyword(contact: Contact, event: Texted, meaning: Meaning) -> Turn | None:
    match meaning:
        case Meaning.OPT_OUT:
            # The carrier has blocked the number and answered by itself if it saw its own keyword.
            words = () if is_carrier_keyword(event.words) else (Spoken("stopped"),)
            state = State.TEXT_EMERGENCY if contact.state is State.TEXT_EMERGENCY else State.TEXT_STOPPED
            return Turn(replace(contact, state=state), words, asks=(OptOut(),))
        case Meaning.OPT_IN:
            resumed = State.TEXT_MENU if contact.state is State.TEXT_STOPPED else contact.state
            return Turn(replace(contact, state=resumed), (Spoken("started"),), asks=(OptIn(),))
        case Meaning.HELP:
            return Turn(contact, (Spoken("help"),))
        case _:
            return None


def _answer(contact: Contact, meaning: Meaning, facts: Facts) -> Turn:
    if contact.state is State.TEXT_EMERGENCY or contact.state is State.TEXT_WITH_PERSON:
        return Turn(contact)
    if contact.state is State.TEXT_SAFE and meaning in (Meaning.YES, Meaning.NO):
        return _safe(contact, facts, safe=meaning is Meaning.YES)
    if contact.state is State.TEXT_WAITING and meaning in (Meaning.YES, Meaning.GREETING):
        return Turn(contact, (_in_line(facts),) if meaning is Meaning.GREETING else ())
    if meaning is Meaning.THANKS and contact.state is not State.TEXT_SAFE:
        return Turn(contact)
    line = _LINE_OF.get(meaning)
    if line is not None:
        return _choose(contact, line, facts)
    if meaning is Meaning.GREETING and contact.state in (State.TEXT_MENU, State.TEXT_STOPPED, State.ENDED):
        return Turn(replace(contact, state=State.TEXT_MENU), (Spoken("menu"),))
    return _a_person_reads_it(contact)


def _choose(contact: Contact, line: Line, facts: Facts) -> Turn:
    if contact.state is State.TEXT_WAITING:
        return Turn(contact, (_in_line(facts),))
    asked = replace(contact, state=State.TEXT_SAFE, line=line)
    return Turn(asked, (Spoken(_SAFE_QUESTION[line]),))


def _in_line(facts: Facts) -> Spoken:
    return Spoken("confirmed", (("MIN", str(facts.promise_minutes)),))


def _safe(contact: Contact, facts: Facts, *, safe: bool) -> Turn:
    """Yes: a callback, committed with this turn. No: nothing of ours will ring or write there."""
    if contact.caller is None:
        return _a_person_reads_it(contact)
    if not safe:
        return Turn(replace(contact, state=State.TEXT_MENU), (Spoken("goodbye"),))
    line = contact.line or Line.PERSON
    promise = PromiseCallback(line, contact.caller, ready=True, text_safe=True)
    return Turn(replace(contact, state=State.TEXT_WAITING), (_in_line(facts),), asks=(promise,))


def _a_person_reads_it(contact: Contact) -> Turn:
    waiting = contact.state is State.TEXT_WAITING
    handed = contact if waiting else replace(contact, state=State.TEXT_WITH_PERSON)
    return Turn(handed, (Spoken("unsure"),), asks=(Reach(Subject.THREAD),))


def _quiet(contact: Contact) -> Turn:
    """Nobody wrote for a while. A question left open is put before a person; a thread with nothing open ends."""
    if contact.state is State.TEXT_SAFE:
        return Turn(replace(contact, state=State.TEXT_WITH_PERSON), asks=(Reach(Subject.THREAD),))
    if contact.state in (State.TEXT_MENU, State.TEXT_STOPPED):
        return Turn(replace(contact, state=State.ENDED), asks=(Close(Outcome.QUIET),))
    return Turn(contact)
