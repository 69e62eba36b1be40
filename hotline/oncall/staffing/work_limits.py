"""Rest and hours: how much duty is too much, told of a change before it is made.

What somebody has agreed to by the plan itself is theirs; asked is whether a change makes it worse. A turn is never too
long by itself, for somebody has planned it so: only what is added to it is, and what is left of one isn't longer. Who
gives as much as they take has agreed to as much: they may have what the plan asks of them around what they give. Who is
always on by a schedule, as whoever is rung last may be, takes no turns there: that is not counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from hotline.model import StaffId
from hotline.oncall.schedule import Schedule, timeline

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
AROUND: Final = timedelta(days=15)
"""How far around a change is looked for how long it would be: two weeks of turns, and a day."""
_CLOCKS_SET: Final = timedelta(hours=1)
"""Of two turns alike one is so much longer, if clocks are set in it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a centre asks of its own plans; nothing of what is zero."""

    rest: timedelta
    """At least so long between two times of duty."""
    at_once: timedelta
    """No longer without a pause."""
    in_week: timedelta
    """No more in any seven days."""


class Limit(StrEnum):
    """Which one."""

    REST = "rest"
    AT_ONCE = "at once"
    IN_WEEK = "in a week"


@dataclass(frozen=True, slots=True)
class Broken:
    """A limit that a change would break."""

    limit: Limit
    found: timedelta
    """So long it would be."""
    at: datetime
    """When that rest, duty or week begins (UTC)."""


@dataclass(frozen=True, slots=True, order=True)
class DutySpan:
    """From `starts` until before `ends`, both in UTC."""

    starts: datetime
    ends: datetime

    @property
    def lasts(self) -> timedelta:
        """How long it is."""
        return self.ends - self.starts


def on_duty(
    rota: Iterable[Schedule], person: StaffId, start: datetime, end: datetime
) -> tuple[DutySpan, ...]:
    """When they are on by any of these schedules, from `start` until before `end` (both aware); what touches is one."""
    named = [one for one in rota if person in one.named]
    return duty_of_everybody(named, start, end).get(person, ())


def duty_of_everybody(
    rota: Iterable[Schedule], start: datetime, end: datetime
) -> dict[StaffId, tuple[DutySpan, ...]]:
    """`on_duty` of everybody who is, with one look at each schedule."""
    found: dict[StaffId, list[DutySpan]] = defaultdict(list)
    for schedule in rota:
        for one in timeline(schedule, start, end):
            for person in one.people:
                found[person].append(DutySpan(one.starts, one.ends))
    return {person: merged(sorted(each)) for person, each in found.items()}


def merged(each: Iterable[DutySpan]) -> tuple[DutySpan, ...]:
    """The same time, in spans that don't touch. `each` is in order of its beginnings."""
    found: list[DutySpan] = []
    for one in each:
        if found and one.starts <= found[-1].ends:
            found[-1] = DutySpan(found[-1].starts, max(found[-1].ends, one.ends))
        else:
            found.append(one)
    return tuple(found)


def broken(
    before: Sequence[Schedule], after: Sequence[Schedule], person: StaffId, change: DutySpan, limits: Limits
) -> Broken | None:
    """The first limit that is broken for this person around `change`, and wasn't without it; None if all are kept."""
    # Nearly always all is well, and that is seen without looking far; how much is too much needs a wider look.
    near = max(limits.rest, limits.at_once, _WEEK if limits.in_week else limits.rest) + _DAY
    if _broken(before, after, person, change, limits, near) is None:
        return None
    return _broken(before, after, person, change, limits, max(near, AROUND))


def _broken(
    before: Sequence[Schedule],
    after: Sequence[Schedule],
    person: StaffId,
    change: DutySpan,
    limits: Limits,
    around: timedelta,
) -> Broken | None:
    start, end = change.starts.astimezone(UTC) - around, change.ends.astimezone(UTC) + around
    was, becomes = (on_duty(with_turns(rota, person), person, start, end) for rota in (before, after))
    return exceeded(was, becomes, change, limits)


def with_turns(rota: Iterable[Schedule], person: StaffId) -> list[Schedule]:
    """The schedules on which they take turns, if any: who is always on takes none."""
    return [one for one in rota if person not in one.always]


def exceeded(
    was: Sequence[DutySpan], becomes: Sequence[DutySpan], change: DutySpan, limits: Limits
) -> Broken | None:
    """`broken`, of somebody whose whole duty around `change` is known: as it was, and as it becomes."""
    if was == becomes:
        return None
    near = [one for one in becomes if one.starts <= change.ends and change.starts <= one.ends]
    found = (
        *_rests(was, becomes, near, limits),
        *_lengths(was, near, change, limits),
        *_weeks(was, becomes, change, limits),
    )
    return min(found, key=lambda one: one.at, default=None)


def _rests(
    was: Sequence[DutySpan], becomes: Sequence[DutySpan], near: Sequence[DutySpan], limits: Limits
) -> Iterator[Broken]:
    known = {(one.ends, other.starts) for one, other in pairwise(was)}
    for one, other in pairwise(becomes):
        rest = other.starts - one.ends
        if (one in near or other in near) and rest < limits.rest and (one.ends, other.starts) not in known:
            yield Broken(Limit.REST, rest, one.ends)


def _lengths(
    was: Sequence[DutySpan], near: Sequence[DutySpan], change: DutySpan, limits: Limits
) -> Iterator[Broken]:
    most = max(limits.at_once, change.lasts)
    for one in near:
        longer = not any(each.starts <= one.starts and one.ends <= each.ends for each in was)
        if limits.at_once and one.lasts > most and longer:
            yield Broken(Limit.AT_ONCE, one.lasts, one.starts)


def of_exchange(
    was: Sequence[DutySpan], gives: Sequence[DutySpan], takes: Sequence[DutySpan], limits: Limits
) -> Limits:
    """The limits for somebody who gives some of their duty, as it `was` around that, and takes other duty for it: for
    like they are no tighter than what the plan asks of them there already."""
    given, taken = (sum((one.lasts for one in each), timedelta(0)) for each in (gives, takes))
    if not gives or given + _CLOCKS_SET < taken:
        return limits
    around = [one for one in was if any(one.starts < each.ends and each.starts < one.ends for each in gives)]
    rests = (other.starts - one.ends for one, other in pairwise(was) if one in around or other in around)
    weeks = (
        within(was, DutySpan(begin, begin + _WEEK))
        for one in around
        for begin in (one.starts, one.ends - _WEEK)
    )
    return Limits(
        rest=min((limits.rest, *rests)),
        at_once=limits.at_once and max((limits.at_once, *(one.lasts for one in around))),
        in_week=limits.in_week and max((limits.in_week, *weeks)),
    )


def around(each: Sequence[DutySpan]) -> tuple[datetime, datetime]:
    """From when until when duty counts for what changes in these spans."""
    return min(one.starts for one in each) - AROUND, max(one.ends for one in each) + AROUND


def _weeks(
    was: Sequence[DutySpan], becomes: Sequence[DutySpan], change: DutySpan, limits: Limits
) -> Iterator[Broken]:
    if not limits.in_week:
        return
    begins = {*(one.starts for one in becomes), *(one.ends - _WEEK for one in becomes), change.starts}
    for begin in sorted(begins):
        week = DutySpan(begin, begin + _WEEK)
        if week.starts >= change.ends or week.ends <= change.starts:
            continue
        hours = within(becomes, week)
        if hours > limits.in_week and hours > within(was, week):
            yield Broken(Limit.IN_WEEK, hours, begin)


def within(each: Iterable[DutySpan], other: DutySpan) -> timedelta:
    """How much of these spans lies in the other one."""
    found = timedelta(0)
    for one in each:
        found += max(timedelta(0), min(one.ends, other.ends) - max(one.starts, other.starts))
    return found
