"""One's own next shifts, and what colleagues could be asked about each: nothing that would be refused for certain.

It is asked of spans of time, each schedule looked at once: a page with all of it must not take a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, TypeAlias

from hotline.model import StaffId
from hotline.oncall.at_work.shifts import SEEN
from hotline.oncall.schedule import Schedule
from hotline.oncall.staffing.work_limits import (
    AROUND,
    DutySpan,
    Limits,
    duty_of_everybody,
    exceeded,
    merged,
    of_exchange,
    with_turns,
    within,
)
from hotline.operations.shifts import asking_for_shifts, shift_limits

_DAYS: Final = timedelta(days=42)
"""How far ahead one's own shifts are shown."""
_AT_MOST: Final = 8
"""Of each schedule."""

People: TypeAlias = tuple[tuple[StaffId, str], ...]


@dataclass(frozen=True, slots=True)
class OwnShift:
    """When somebody is on by a schedule, without a pause; both ends UTC."""

    schedule: str
    starts: datetime
    ends: datetime | None
    """None: not within two months."""
    takers: People = ()
    """Colleagues to whom all of it could be given."""
    for_a_part: People = ()
    """Those to whom only a part of it could: they are on in the rest of it, or all of it is too much."""
    swaps: tuple[tuple[StaffId, datetime, datetime], ...] = ()
    """Whose shift, from when until when, could be had for all of it."""


def of(
    schedules: Sequence[Schedule],
    viewer: StaffId,
    takers: Mapping[str, People],
    limits: Limits,
    now: datetime,
) -> Iterator[OwnShift]:
    """Their next ones at `now` (aware). `takers`: who can be rung and is of those whom a schedule is for."""
    asked = _Asked(schedules, viewer, limits, now)
    for schedule in schedules:
        for one in asked.ahead(schedule, viewer):
            if one.starts >= now + _DAYS:
                break
            free = [
                taker
                for taker in takers[schedule.name]
                if taker[0] != viewer and asked.a_part_is_free(schedule, taker[0], one)
            ]
            whole = {person for person, _ in free if asked.could_have(schedule, person, one)}
            yield OwnShift(
                schedule.name,
                one.starts,
                one.ends if one.ends < now + SEEN else None,
                takers=tuple(taker for taker in free if taker[0] in whole),
                for_a_part=tuple(taker for taker in free if taker[0] not in whole),
                swaps=tuple(
                    (person, back.starts, back.ends)
                    for person, _ in free
                    for back in asked.ahead(schedule, person)
                    if asked.could_swap(schedule, person, one, back)
                ),
            )


class _Asked:
    """What is known of everybody's duty around these weeks, and what a change would make of it."""

    def __init__(self, schedules: Sequence[Schedule], viewer: StaffId, limits: Limits, now: datetime) -> None:
        self._viewer, self._limits, self._now = viewer, limits, now
        self._schedules = schedules
        start, end = now - AROUND, now + SEEN
        self._duty = {one.name: duty_of_everybody([one], start, end) for one in schedules}

    def ahead(self, schedule: Schedule, person: StaffId) -> list[DutySpan]:
        """Their next ones on it; of what has begun, the rest."""
        theirs = (one for one in self._on(schedule, person) if one.ends > self._now)
        return [DutySpan(max(one.starts, self._now), one.ends) for one in islice(theirs, _AT_MOST)]

    def _on(self, schedule: Schedule, person: StaffId) -> tuple[DutySpan, ...]:
        return self._duty[schedule.name].get(person, ())

    def a_part_is_free(self, schedule: Schedule, person: StaffId, one: DutySpan) -> bool:
        """Whether they could be asked about some of it at all."""
        return within(self._on(schedule, person), one) < one.lasts

    def could_have(self, schedule: Schedule, person: StaffId, one: DutySpan) -> bool:
        """Whether they could be given all of it. Of what has begun, or has no end, it is to be said how much."""
        if not self._is_whole(one):
            return True
        return self._is_free(schedule, person, one) and self._keeps(schedule, person, (), (one,))

    def could_swap(self, schedule: Schedule, person: StaffId, one: DutySpan, back: DutySpan) -> bool:
        """Whether the viewer could give them all of `one` for all of `back`."""
        apart = back.ends <= one.starts or one.ends <= back.starts
        return (
            apart
            and self._is_whole(back)
            and one.ends < self._now + SEEN
            and self._is_free(schedule, person, one)
            and self._is_free(schedule, self._viewer, back)
            and self._keeps(schedule, person, (back,), (one,))
            and self._keeps(schedule, self._viewer, (one,), (back,))
        )

    def _is_whole(self, one: DutySpan) -> bool:
        return self._now < one.starts and one.ends < self._now + SEEN

    def _is_free(self, schedule: Schedule, person: StaffId, one: DutySpan) -> bool:
        return (
            one.lasts <= asking_for_shifts.LONGEST
            and not within(self._on(schedule, person), one)
            and not shift_limits.is_away(schedule, person, one)
        )

    def _keeps(
        self,
        schedule: Schedule,
        person: StaffId,
        gives: tuple[DutySpan, ...],
        takes: tuple[DutySpan, ...],
    ) -> bool:
        """The limits of rest and hours, as they are asked when somebody says yes."""
        turns = with_turns(self._schedules, person)
        was = merged(sorted(span for one in turns for span in self._on(one, person)))
        others = [span for one in turns if one is not schedule for span in self._on(one, person)]
        here = self._on(schedule, person) if schedule in turns else ()
        left = [part for span in here for part in _but(span, gives)]
        becomes = merged(sorted((*others, *left, *(takes if schedule in turns else ()))))
        limits = of_exchange(was, gives, takes, self._limits)
        return all(exceeded(was, becomes, each, limits) is None for each in (*gives, *takes))


def _but(span: DutySpan, gives: Iterable[DutySpan]) -> Iterator[DutySpan]:
    """What is left of it; of `gives` there is one at most."""
    for one in gives:
        if one.starts < span.ends and span.starts < one.ends:
            if span.starts < one.starts:
                yield DutySpan(span.starts, one.starts)
            if one.ends < span.ends:
                yield DutySpan(one.ends, span.ends)
            return
    yield span
