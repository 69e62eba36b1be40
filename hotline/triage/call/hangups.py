"""Who owns a call that is over, by where it was when it ended."""

from __future__ import annotations

from dataclasses import replace

from hotline.model import Line, Outcome
from hotline.triage.call.dialogue import promise_as_it_stands
from hotline.triage.call.outbound import missed
from hotline.triage.caller_events import HungUp
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.turn import (
    AnsweredOver,
    Close,
    NotConfirmed,
    Request,
    RingBackEmergency,
    StopReaching,
    Turn,
)


def step(contact: Contact, event: HungUp, facts: Facts) -> Turn:
    """The caller hung up (or the line dropped: nobody can tell the two apart)."""
    requests = _owner(contact, event, facts)
    ended = replace(
        contact,
        state=ContactState.ENDED,
        ended_from=contact.state,
        heard_911=contact.heard_911 or facts.heard_911,
    )
    return Turn(ended, requests=requests)


def _owner(contact: Contact, event: HungUp, facts: Facts) -> tuple[Request, ...]:
    if contact.state is ContactState.ASKED_FOR_CALL:
        ended_in = event.outcome or missed(contact)
        return (NotConfirmed(ended_in), Close(ended_in))
    if contact.unproven:
        owns = Outcome.EMERGENCY if contact.line is Line.EMERGENCY else Outcome.CALLBACK
        return (AnsweredOver(), Close(owns))
    together = contact.state in (ContactState.IN_ROOM, ContactState.ON_HOLD, ContactState.AFTER_TALK)
    talked = together and (facts.talk_counted or facts.settled)
    if contact.line is Line.EMERGENCY:
        return _emergency(contact, facts, talked=talked)
    if talked:
        return (Close(Outcome.REACHED),)
    if contact.blocked:
        rung = () if contact.state is ContactState.MENU else (StopReaching(),)
        return (*rung, Close(Outcome.BLOCKED))
    if contact.state is ContactState.MENU and (contact.staff or not contact.answered):
        return (Close(Outcome.STAFF_LINE if contact.staff else Outcome.LEFT_EARLY),)
    promise = promise_as_it_stands(contact)
    if not promise:
        # They hold for somebody once more, and nobody can ring them back: who has talked has talked.
        before = facts.talk_counted or facts.settled
        return (StopReaching(), Close(Outcome.REACHED if before else Outcome.UNREACHABLE))
    return (StopReaching(), *promise, Close(Outcome.CALLBACK))


def _emergency(contact: Contact, facts: Facts, *, talked: bool) -> tuple[Request, ...]:
    """Only a human closes an emergency. Who hung up may be dialling 911: an instant ring could block their line. Whom
    we lost waits for us."""
    if talked:
        return (Close(Outcome.EMERGENCY),)
    if contact.reachable_at is None:
        return (Close(Outcome.EMERGENCY),)
    return (RingBackEmergency(at_once=facts.cut_off or not facts.heard_911), Close(Outcome.EMERGENCY))
