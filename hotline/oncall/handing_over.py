"""Handing over what has been accepted: it is offered, and stays the giver's until the other accepts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hotline.model import How, StaffId, Subject
from hotline.oncall.escalation import CancelPage, Escalation, Page, PagingRequest, Step, TellHandedOver


def offer(escalation: Escalation, to: StaffId) -> Step:
    """Ask a colleague to take it over. Somebody who was asked before is asked no more."""
    if to in (escalation.accepted_by, escalation.offered_to):
        return escalation, ()
    # Whoever is to take a danger to life over is rung for it; a text can wait until they look at it.
    how = (How.CALL, How.TEXT) if escalation.subject is Subject.EMERGENCY else (How.TEXT,)
    return replace(escalation, offered_to=to), (*withdrawn(escalation), Page(to, how))


def take_over(escalation: Escalation, by: StaffId, now: datetime) -> Step:
    """It is theirs now, if it was offered to them."""
    giver = escalation.accepted_by
    if by != escalation.offered_to or giver is None:
        return escalation, ()
    taken = replace(escalation, accepted_by=by, accepted_at=now, offered_to=None)
    return taken, (TellHandedOver(giver, by),)


def take_from(escalation: Escalation, by: StaffId, now: datetime) -> Step:
    """It is theirs now, whoever had it; that one's phone stops ringing for it, and they are told."""
    former = escalation.accepted_by
    if former is None or by == former:
        return escalation, ()
    asked = () if escalation.offered_to == by else withdrawn(escalation)
    taken = replace(escalation, accepted_by=by, accepted_at=now, offered_to=None)
    return taken, (*asked, CancelPage(former), TellHandedOver(former, by))


def withdrawn(escalation: Escalation) -> tuple[PagingRequest, ...]:
    """Whoever was asked to take it over is asked no more."""
    return (CancelPage(escalation.offered_to),) if escalation.offered_to is not None else ()
