"""Whom an emergency that begins at this moment is brought to, rung by rung, and when somebody is on next where nobody
is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from hotline.model import StaffId, Subject
from hotline.oncall.schedule import Schedule, timeline
from hotline.operations.paging import duty
from hotline.operations.policies import policy_words
from hotline.operations.shifts.holes_ahead import AHEAD
from hotline.operations.transaction import Transaction
from hotline.store.overviews import crew


@dataclass(frozen=True, slots=True)
class NextOn:
    """Who is on a schedule next, on which nobody is now."""

    at: datetime
    """In UTC."""
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskedFirst:
    """One of those whom a rung names."""

    words: str
    people: tuple[str, ...]
    """Whoever of them is on now and can be rung, by name."""
    next_on: NextOn | None = None
    """Of a schedule on which nobody is, if somebody is within two weeks."""


@dataclass(frozen=True, slots=True)
class RungNow:
    """One rung that holds at this moment."""

    asked: tuple[AskedFirst, ...]

    @property
    def reaches_nobody(self) -> bool:
        """Whether nobody's phone rings on it."""
        return not any(one.people for one in self.asked)


def look(transaction: Transaction) -> tuple[RungNow, ...]:
    """The rungs of the policy for emergencies that hold now for a caller of whom no language is known, in their order.

    Nothing is asked of the database but the crew.
    """
    here, now = crew.crew(transaction.tx), transaction.now
    policy = duty.policy_for(transaction, Subject.EMERGENCY)
    able = duty.able(transaction, Subject.EMERGENCY)
    there = duty.people_at(policy, here.schedules, able, now, duty.clock_of(transaction), None)
    names = {one.id: one.name for one in here.members}
    plans = {one.name: one for one in here.schedules}

    def asked(who: str) -> AskedFirst:
        people = tuple(names[one] for one in there.on.get(who, ()))
        kind, _, name = who.partition(":")
        empty = plans.get(name) if kind == "schedule" and not people else None
        return AskedFirst(
            name if kind == "schedule" else policy_words.named(who, names),
            people,
            next_on(empty, able, names, now) if empty is not None else None,
        )

    return tuple(
        RungNow(tuple(map(asked, rung.who)))
        for index, rung in enumerate(policy.rungs)
        if index not in there.passed
    )


def next_on(
    schedule: Schedule, able: Collection[StaffId], names: Mapping[StaffId, str], now: datetime
) -> NextOn | None:
    """Who of `able` is on this schedule from `now` (aware) on, at the first moment of two weeks at which anybody is."""
    for one in timeline(schedule, now, now + AHEAD):
        people = tuple(names[person] for person in one.people if person in able)
        if people:
            return NextOn(one.starts, people)
    return None
