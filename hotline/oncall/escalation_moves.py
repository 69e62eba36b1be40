"""How an escalation moves: reaching a human, rung by rung, until one accepts.

Theory of operation
-------------------
    reaching   people are being paged; `next_at` says when the clock must look again, and is always set.
    accepted   exactly one human, `accepted_by`, has it.
    closed     over. Final.

`MOVES` says which status takes which event and where that may lead; anything else came late or twice and
changes nothing. A `Declined` or `Unreached` counts only for somebody whose page is still open (`ringing`), to whom
it is offered, or, if their phone couldn't be reached to connect them, for whoever has accepted: then it is reached for
anew, and nobody waits for somebody who isn't coming.

Only `Accepted` accepts: a key on a call to a verified phone, or the console. A text is proof of nobody: whoever claims
it by text (`coming`) is rung for their key, and everybody else is paged as if they had said nothing. In the same way
what is handed over (`offered_to`) stays the giver's until the other accepts. Only a supervisor takes it at once.

While reaching, `rung` is the rung that was reached last, or -1 before the first one: then only people who
were summoned, or the human who had accepted and whose leg dropped, are paged. From there the way is always

    the next one in the rung's queue -> the next rung on which anybody is -> the pause -> the last rung again

where a rung that is paged together has up to two parts: those who speak the caller's language, and, a wait
later or as soon as the last of these has said no, everybody else. In an emergency nobody waits for that: the
speakers are only the first in order.

The way is walked on one step when `next_at` has come, or as soon as the last open page is answered with no.
But the last rung is repeated only when its wait and the pause are over: `next_at` includes both from the
moment at which the last page of the round has left, so phones that are all off cause no storm of calls. "The
last rung" is the last one on which anybody is at that moment. When nobody can be rung anywhere, the clock
looks again after the last rung's wait.

Only what nobody can do more about than close it is `Rested`, once everybody has been paged: then no phone rings until
the clock looks again.

Where a policy wants two to know (`acknowledge`), `knows` gathers whoever has accepted it or said that they know it, and
a second is asked for while somebody has it and nobody else knows. That is an escalation of its own (`Subject.SECOND`):
it takes nothing from whoever has it, and is over when a second knows, when it is looked for somebody anew, for then
everybody is paged, or with what it is about.

Whoever may still have a phone at their ear for this escalation isn't called a second time. That a page is
over is told by the carrier, and what it tells can be lost: somebody who was passed over once for that reason
is called off and paged anew at the next rung or round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from hotline.model import StaffId, Subject, is_known
from hotline.oncall.escalation import (
    Accepted,
    Acknowledged,
    AskSecond,
    CancelPage,
    Claimed,
    Closed,
    Declined,
    Escalation,
    EscalationStatus,
    Event,
    LeftByHuman,
    Offered,
    Opened,
    PagingRequest,
    People,
    Rested,
    SecondOver,
    Step,
    Summoned,
    TakenOver,
    TellNotTaken,
    TellTaken,
    Unreached,
    Untouched,
    WaitOver,
)
from hotline.oncall.handing_over import offer, take_from, take_over, withdrawn
from hotline.oncall.ladder import begin, claim, onward, summon, without

_TALKS = (Subject.EMERGENCY, Subject.ADMISSIONS, Subject.FAMILY, Subject.PERSON)
"""What whoever accepted is connected for, with nobody else to look after it meanwhile."""

MOVES: Mapping[EscalationStatus, Mapping[type[Event], EscalationStatus]] = {
    EscalationStatus.REACHING: {
        Opened: EscalationStatus.REACHING,
        WaitOver: EscalationStatus.REACHING,
        Rested: EscalationStatus.REACHING,
        Claimed: EscalationStatus.REACHING,
        Declined: EscalationStatus.REACHING,
        Unreached: EscalationStatus.REACHING,
        Summoned: EscalationStatus.REACHING,
        Accepted: EscalationStatus.ACCEPTED,
        Closed: EscalationStatus.CLOSED,
    },
    EscalationStatus.ACCEPTED: {
        Offered: EscalationStatus.ACCEPTED,
        TakenOver: EscalationStatus.ACCEPTED,
        Accepted: EscalationStatus.ACCEPTED,
        Declined: EscalationStatus.ACCEPTED,
        Unreached: EscalationStatus.REACHING,
        LeftByHuman: EscalationStatus.REACHING,
        Untouched: EscalationStatus.REACHING,
        Acknowledged: EscalationStatus.ACCEPTED,
        Closed: EscalationStatus.CLOSED,
    },
    EscalationStatus.CLOSED: {},
}


def step(escalation: Escalation, event: Event, people: People, now: datetime) -> Step:
    """The escalation after `event`, which happened at `now`, and what must leave the building for it.

    Total: what came late or twice changes nothing and asks for nothing. What a later version reaches people for, and
    this one doesn't know, can only be closed.
    """
    if not _moves(escalation, event):
        return escalation, ()
    after, requests = _moved(escalation, event, people, now)
    after = _with_owner(after)
    return after, (*requests, *_second(escalation, after))


def _moved(escalation: Escalation, event: Event, people: People, now: datetime) -> Step:
    match event:
        case Opened():
            return begin(escalation, people, now) if escalation.round == 0 else (escalation, ())
        case WaitOver():
            return _wait_over(escalation, people, now)
        case Declined(by) | Unreached(by):
            return _said_no(escalation, event, by, people, now)
        case Summoned() | Claimed():
            return _ring_one(escalation, event, now)
        case LeftByHuman() | Untouched():
            return _reach_again(escalation, event, people, now)
        case Accepted() | Offered() | TakenOver():
            return _give(escalation, event, now)
        case Rested() | Closed():
            return _silence(escalation, event)
        case Acknowledged(by):
            too = frozenset({by} if escalation.lacks_second else ())
            return replace(escalation, knows=escalation.knows | too), ()
        case _:
            assert_never(event)


def _with_owner(escalation: Escalation) -> Escalation:
    """Whoever has it knows of it, also when it is another one's later."""
    owner = escalation.accepted_by
    if escalation.policy.acknowledge == 1 or owner is None or owner in escalation.knows:
        return escalation
    return replace(escalation, knows=escalation.knows | {owner})


def _second(before: Escalation, after: Escalation) -> tuple[PagingRequest, ...]:
    if before.lacks_second is after.lacks_second:
        return ()
    return (AskSecond(),) if after.lacks_second else (SecondOver(),)


def _moves(escalation: Escalation, event: Event) -> bool:
    understood = is_known(escalation.subject) or isinstance(event, Closed)
    return understood and type(event) in MOVES.get(escalation.status, {})


def asks_who_is_on(escalation: Escalation, event: Event) -> bool:
    """Whether `step` looks at `people` for this event; where it doesn't, they need not be looked up."""
    if not _moves(escalation, event):
        return False
    match event:
        case Opened() | WaitOver() | LeftByHuman() | Untouched():
            return True
        case Declined(by) | Unreached(by) if escalation.status is EscalationStatus.REACHING:
            return escalation.ringing == {by}
        case Declined() | Unreached():
            return event.by == escalation.accepted_by
        case Summoned() | Claimed() | Accepted() | Offered() | TakenOver():
            return False
        case Rested() | Acknowledged() | Closed():
            return False
        case _:
            assert_never(event)


def _wait_over(escalation: Escalation, people: People, now: datetime) -> Step:
    if escalation.next_at is not None and now < escalation.next_at:
        return escalation, ()
    return onward(escalation, people, now)


def _said_no(
    escalation: Escalation, event: Declined | Unreached, by: StaffId, people: People, now: datetime
) -> Step:
    if escalation.status is EscalationStatus.REACHING:
        return without(escalation, by, people, now)
    if by == escalation.offered_to and escalation.accepted_by is not None:
        kept = TellNotTaken(escalation.accepted_by, by)
        return replace(escalation, offered_to=None), (CancelPage(by), kept)
    # Elsewhere there is a lease, or nobody was to be connected.
    connects = escalation.subject in _TALKS
    if by == escalation.accepted_by and isinstance(event, Unreached) and connects:
        return _reach_again(escalation, event, people, now)
    return escalation, ()


def _silence(escalation: Escalation, event: Rested | Closed) -> Step:
    called_off = tuple(CancelPage(staff) for staff in sorted(escalation.ringing))
    match event:
        case Rested(look_at):
            return replace(_quiet(escalation), next_at=look_at), called_off
        case Closed():
            requests = (*called_off, *withdrawn(escalation))
            return replace(_quiet(escalation), status=EscalationStatus.CLOSED), requests
        case _:
            assert_never(event)


def _ring_one(escalation: Escalation, event: Summoned | Claimed, now: datetime) -> Step:
    match event:
        case Summoned(staff):
            return summon(escalation, staff, now)
        case Claimed(by):
            return claim(escalation, by)
        case _:
            assert_never(event)


def _give(escalation: Escalation, event: Accepted | Offered | TakenOver, now: datetime) -> Step:
    match event:
        case Accepted(by) if escalation.status is EscalationStatus.ACCEPTED:
            return take_over(escalation, by, now)
        case Accepted(by):
            return _accept(escalation, by, now)
        case Offered(to):
            return offer(escalation, to)
        case TakenOver(by):
            return take_from(escalation, by, now)
        case _:
            assert_never(event)


def _accept(escalation: Escalation, by: StaffId, now: datetime) -> Step:
    requests: list[PagingRequest] = []
    for other in sorted(escalation.ringing - {by}):
        requests += (CancelPage(other), TellTaken(other, by))
    accepted = replace(_quiet(escalation), status=EscalationStatus.ACCEPTED, accepted_by=by, accepted_at=now)
    return accepted, tuple(requests)


def _quiet(escalation: Escalation) -> Escalation:
    nobody: frozenset[StaffId] = frozenset()
    return replace(
        escalation,
        next_at=None,
        queue=(),
        ringing=nobody,
        passed_over=nobody,
        nobody=False,
        coming=nobody,
        offered_to=None,
    )


def _reach_again(
    escalation: Escalation, event: LeftByHuman | Untouched | Unreached, people: People, now: datetime
) -> Step:
    reaching = replace(
        escalation,
        status=EscalationStatus.REACHING,
        rung=-1,
        next_at=now,
        accepted_by=None,
        accepted_at=None,
        offered_to=None,
    )
    after, requests = _sought(escalation, reaching, event, people, now)
    return after, requests if after is escalation else (*withdrawn(escalation), *requests)


def _sought(
    escalation: Escalation,
    reaching: Escalation,
    event: LeftByHuman | Untouched | Unreached,
    people: People,
    now: datetime,
) -> Step:
    match event:
        case Unreached():
            return begin(reaching, people, now)
        case LeftByHuman():
            # The same human first: most often it was only the line that dropped.
            last = escalation.accepted_by
            if last is None or (last in people.busy and escalation.subject is not Subject.EMERGENCY):
                return begin(reaching, people, now)
            return summon(reaching, last, now)
        case Untouched():
            # A callback has its lease instead, and a caller on the line somebody who talks with them.
            waits = escalation.subject in (Subject.EMERGENCY, Subject.THREAD)
            return begin(reaching, people, now) if waits else (escalation, ())
        case _:
            assert_never(event)
