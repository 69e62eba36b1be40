"""The way from rung to rung, for an escalation that is reaching; `escalation_moves` says when it is walked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hotline.model import How, StaffId, Subject
from hotline.oncall.escalation import CancelPage, Escalation, Page, PagingRequest, People, Ring, Step
from hotline.oncall.policy import Rung

_FOR_WHOEVER_IS_FIRST = (Subject.EMERGENCY, Subject.THREAD)


def begin(escalation: Escalation, people: People, now: datetime) -> Step:
    """Page the first rung on which anybody can be rung."""
    begun = replace(escalation, round=escalation.round + 1)
    for index in range(len(begun.policy.rungs)):
        if _reachable(begun, index, people):
            return _enter(begun, index, people, now)
    return _look_again(begun, people, now)


def onward(escalation: Escalation, people: People, now: datetime) -> Step:
    """One step on: the queue, the next rung, the pause, or the last rung again."""
    if escalation.rung < 0:
        return begin(escalation, people, now)
    open_pages = _at_their_ear(escalation)
    reachable = _reachable(escalation, escalation.rung, people)
    queue = tuple(staff for staff in escalation.queue if staff in reachable and staff not in open_pages)
    if queue:
        paged, left = (queue, ()) if _rung(escalation).together else (queue[:1], queue[1:])
        return _page(_waiting_from(replace(escalation, queue=left), now), paged)
    last = _last(escalation)
    for index in range(escalation.rung + 1, last + 1):
        if _reachable(escalation, index, people):
            return _enter(escalation, index, people, now)
    if escalation.rung < last or escalation.queue:
        # Only the round's last page has the pause in its wait, and we had hoped for another one.
        over_at = max(now, escalation.next_at or now) + escalation.policy.pause
        escalation = replace(escalation, rung=last, queue=(), next_at=over_at)
    if escalation.next_at is not None and now < escalation.next_at:
        return escalation, ()
    return _repeat(escalation, people, now)


def summon(escalation: Escalation, staff: StaffId, now: datetime) -> Step:
    """Page one person, on whatever rung. Before the first rung they get its wait for themselves."""
    if staff in _at_their_ear(escalation):
        return escalation, ()
    if escalation.rung < 0 and not escalation.ringing:
        escalation = replace(escalation, next_at=now + _rung(escalation).wait)
    return _page(replace(escalation, nobody=False), (staff,))


def claim(escalation: Escalation, by: StaffId) -> Step:
    """Ring whoever claims it by text; the way goes on as if they had said nothing."""
    if by in escalation.coming:
        return escalation, ()
    claimed = replace(
        escalation,
        coming=escalation.coming | {by},
        ringing=escalation.ringing | {by},
        passed_over=escalation.passed_over - {by},
        queue=tuple(staff for staff in escalation.queue if staff != by),
        nobody=False,
    )
    return claimed, (Ring(by),)


def without(escalation: Escalation, by: StaffId, people: People, now: datetime) -> Step:
    """One page is answered with no; if it was the last open one, the way goes on at once."""
    if by not in escalation.ringing:
        return escalation, ()
    left = replace(
        escalation,
        ringing=escalation.ringing - {by},
        passed_over=escalation.passed_over - {by},
        coming=escalation.coming - {by},
    )
    return (left, ()) if left.ringing else onward(left, people, now)


def _repeat(escalation: Escalation, people: People, now: datetime) -> Step:
    for index in reversed(range(len(escalation.policy.rungs))):
        if _reachable(escalation, index, people):
            return _enter(replace(escalation, round=escalation.round + 1), index, people, now)
    return _look_again(escalation, people, now)


def _look_again(escalation: Escalation, people: People, now: datetime) -> Step:
    last = _last(escalation)
    wait = escalation.policy.rungs[last].wait
    nobody = not any(people.on.get(named) for named in escalation.policy.named_but(people.passed))
    return replace(escalation, rung=last, queue=(), next_at=now + wait, nobody=nobody), ()


def _enter(escalation: Escalation, index: int, people: People, now: datetime) -> Step:
    reachable = _reachable(escalation, index, people)
    open_pages = _at_their_ear(escalation)
    fresh = tuple(staff for staff in reachable if staff not in open_pages)
    paged, queue = _parts(escalation, index, fresh, people)
    passed_over = escalation.passed_over | open_pages.intersection(reachable)
    there = replace(escalation, rung=index, queue=queue, passed_over=passed_over, nobody=False)
    return _page(_waiting_from(there, now), paged)


def _parts(
    escalation: Escalation, index: int, fresh: tuple[StaffId, ...], people: People
) -> tuple[tuple[StaffId, ...], tuple[StaffId, ...]]:
    """Whom of a rung to page now, and who follows: whoever speaks the caller's language comes first.

    Nobody waits for that in an emergency, for a text that must be read (whoever reads it first may see what it is
    about), or where staff are only texted: that rings nobody's phone in vain.
    """
    rung = escalation.policy.rungs[index]
    speakers = tuple(staff for staff in fresh if staff in people.speak)
    others = tuple(staff for staff in fresh if staff not in people.speak)
    if not rung.together:
        return (*speakers, *others)[:1], (*speakers, *others)[1:]
    at_once = not speakers or escalation.subject in _FOR_WHOEVER_IS_FIRST or How.CALL not in rung.how
    return ((*speakers, *others), ()) if at_once else (speakers, others)


def _waiting_from(escalation: Escalation, now: datetime) -> Escalation:
    """The pause is part of the wait as soon as nobody but the last rung itself can come next."""
    ends_round = escalation.rung == _last(escalation) and not escalation.queue
    pause = escalation.policy.pause if ends_round else timedelta(0)
    return replace(escalation, next_at=now + _rung(escalation).wait + pause)


def _page(escalation: Escalation, paged: tuple[StaffId, ...]) -> Step:
    requests: list[PagingRequest] = []
    for staff in paged:
        if staff in escalation.ringing:
            requests.append(CancelPage(staff))
        requests.append(Page(staff, _rung(escalation).ways))
    paging = replace(
        escalation,
        ringing=escalation.ringing.union(paged),
        passed_over=escalation.passed_over.difference(paged),
        coming=escalation.coming.difference(paged),
    )
    return paging, tuple(requests)


def _reachable(escalation: Escalation, index: int, people: People) -> tuple[StaffId, ...]:
    """Whoever of a rung may be paged, in order, once each: nobody on one that is passed. An emergency interrupts
    everything; a text, nothing."""
    if index in people.passed:
        return ()
    rung = escalation.policy.rungs[index]
    on = dict.fromkeys(staff for name in rung.who for staff in people.on.get(name, ()))
    if escalation.subject is Subject.EMERGENCY or How.CALL not in rung.how:
        return tuple(on)
    return tuple(staff for staff in on if staff not in people.busy)


def _at_their_ear(escalation: Escalation) -> frozenset[StaffId]:
    """Whom another call would reach in the middle of this one. A text alone holds up nothing."""
    called = escalation.ringing if How.CALL in _rung(escalation).how else escalation.coming
    return called - escalation.passed_over


def _rung(escalation: Escalation) -> Rung:
    return escalation.policy.rungs[max(escalation.rung, 0)]


def _last(escalation: Escalation) -> int:
    return len(escalation.policy.rungs) - 1
