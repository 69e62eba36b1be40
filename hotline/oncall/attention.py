"""One order for everybody's attention: what is rung before what, and for what a phone that rings already is called off.

    emergency  >  live caller  >  overdue callback  >  due callback  >  text  >  test page

Theory of operation
-------------------
Each thing that wants a human has a place in this order, and so has each phone that rings, is picked up, or is talked
on. A phone can be had for something if nobody speaks into it and it doesn't ring for as much or more; what it rings
for then is called off. In an emergency it is called off also for somebody who has picked up and decided nothing: but
nobody's talk is. While something waits, the phones of those who are asked for it are kept from everything below a
live caller, so that nobody has just been occupied by less when it is their turn.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import assert_never

from hotline.model import EscalationId, StaffId, Subject, is_known


class Attention(IntEnum):
    """What wants a human; more is more pressing."""

    TEST = 0
    """Nobody waits."""
    TEXT = 1
    DUE_CALLBACK = 2
    LATE_CALLBACK = 3
    """Past its promise."""
    LIVE_CALLER = 4
    """Somebody holds the line: a caller, or a colleague who is with one and has asked for a clinician, or for help."""
    EMERGENCY = 5


class Stage(IntEnum):
    """How far a call of ours to somebody on the staff has come."""

    RINGS = 1
    PICKED_UP = 2
    """They, or a box, hear what waits, and have pressed no key."""
    TALKS = 3


@dataclass(frozen=True, slots=True)
class StaffCall:
    """A call of ours to somebody on the staff that isn't over."""

    person: StaffId
    about: EscalationId
    wants: Attention
    stage: Stage


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that nobody has taken yet, and who is asked for it."""

    wants: Attention
    people: frozenset[StaffId]


def wanted(subject: Subject, *, late: bool = False, own: bool = False, gone: bool = False) -> Attention:
    """The place of a subject in the order.

    `late`: of a callback, that it is past its promise. `own`: that somebody has it, and asked for their own phone to
    ring; only an emergency comes before what somebody is about to do. `gone`: of an emergency, that its caller has hung
    up and can't be called: nobody who is there, and waits for somebody, loses them to it. What a later version
    reaches people for, and this one doesn't know, gives way to emergencies alone.
    """
    if not is_known(subject):
        return Attention.LIVE_CALLER
    match subject:
        case Subject.EMERGENCY:
            return Attention.LIVE_CALLER if gone else Attention.EMERGENCY
        case Subject.ADMISSIONS | Subject.FAMILY | Subject.PERSON | Subject.CLINICIAN | Subject.HELP:
            return Attention.LIVE_CALLER
        case Subject.CALLBACK if own:
            return Attention.LIVE_CALLER
        case Subject.CALLBACK:
            return Attention.LATE_CALLBACK if late else Attention.DUE_CALLBACK
        case Subject.SUPERVISOR | Subject.SECOND:
            return Attention.LATE_CALLBACK
        case Subject.THREAD:
            return Attention.TEXT
        case Subject.TEST:
            return Attention.TEST
        case _:
            assert_never(subject)


def gives_way(call: StaffCall, wants: Attention) -> bool:
    """Whether this call is called off for something that wants as much."""
    if call.wants >= wants:
        return False
    return call.stage is Stage.RINGS or (call.stage is Stage.PICKED_UP and wants is Attention.EMERGENCY)


def occupied(
    calls: Iterable[StaffCall], wants: Attention, besides: EscalationId | None = None
) -> frozenset[StaffId]:
    """Whose phone can't be had for something that wants so much; what `besides` has ringing itself doesn't count."""
    return frozenset(call.person for call in calls if call.about != besides and not gives_way(call, wants))


def called_off(
    calls: Iterable[StaffCall], person: StaffId, wants: Attention, besides: EscalationId
) -> tuple[StaffCall, ...]:
    """What this person's phone rings for, and doesn't any more when it is to ring for something that wants so much."""
    return tuple(
        call for call in calls if call.person == person and call.about != besides and gives_way(call, wants)
    )


def kept(waiting: Iterable[Waiting], wants: Attention) -> frozenset[StaffId]:
    """Whose phones are kept from something that wants so much, for what is more pressing and still has nobody.

    A live caller is kept from nobody: an emergency rings whom it needs at once, and takes their phones from others.
    """
    if wants >= Attention.LIVE_CALLER:
        return frozenset()
    above = (one for one in waiting if one.wants >= Attention.LIVE_CALLER)
    return frozenset(person for one in above for person in one.people)
