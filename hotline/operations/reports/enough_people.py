"""How many people are needed at each hour of the week to keep the promise, and how many are on by the plan."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from hotline.model import Channel, Line, Subject
from hotline.oncall.schedule import who_is_on
from hotline.oncall.staffing import erlang
from hotline.oncall.staffing.erlang import Demand
from hotline.oncall.staffing.needs import looked_for_on
from hotline.operations.paging import duty
from hotline.operations.reports.report_period import ReportDays
from hotline.operations.transaction import Transaction
from hotline.store.overviews import crew
from hotline.store.reports import splits
from hotline.store.reports.splits import Place, WaitedFor

_SUBJECTS: Final = {
    Line.ADMISSIONS: Subject.ADMISSIONS,
    Line.FAMILY: Subject.FAMILY,
    Line.PERSON: Subject.PERSON,
}
"""What callers hold for; an emergency rings everybody until somebody comes, and is planned for otherwise."""
_HOUR: Final = timedelta(hours=1)
USUAL_TALK: Final = timedelta(minutes=10)
"""While there are too few talks to say."""
FEWEST: Final = 20
"""Of fewer talks, or fewer who gave up, no average is told."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What is to be kept."""

    share: float
    """Of the callers."""
    within: timedelta
    writing_up: timedelta
    """How long a talk keeps somebody after its end: nobody measures that, so it is said."""


@dataclass(frozen=True, slots=True)
class HourNeeded:
    """One hour of the week."""

    weekday: int
    """Monday is 0."""
    hour: int
    calls: float
    """In such an hour, on average."""
    needed: int
    """By Erlang A if it is known how patient callers are, else by Erlang C."""
    needed_patient: int
    """By Erlang C: if nobody gave up."""
    planned: int
    """The fewest who are on in that hour of the coming week."""
    kept: float
    """Which share they will have with a human in time."""

    @property
    def lacking(self) -> int:
        """How many more are needed."""
        return max(0, self.needed - self.planned)


@dataclass(frozen=True, slots=True)
class EnoughPeople:
    """The week, and what it was reckoned with."""

    lines: tuple[Line, ...]
    aim: Aim
    talk: timedelta
    """On average, without writing up."""
    is_talk_measured: bool
    patience: timedelta | None
    """On average; None: too few gave up to say."""
    waited: WaitedFor
    hours: list[HourNeeded]
    """Monday first."""


def look(transaction: Transaction, asked: ReportDays, aim: Aim) -> EnoughPeople:
    """What the period's callers would need in the coming week. Raises ValueError for an aim that nobody could keep."""
    lines = tuple(_SUBJECTS) if asked.line is None else (asked.line,)
    place = Place(asked.period, asked.zone, lines)
    waited = splits.waited_for(transaction.tx, place)
    measured = waited.answered >= FEWEST
    talk = waited.talked / waited.answered if measured else USUAL_TALK
    gave_up = waited.gave_up if waited.gave_up >= FEWEST else 0
    patience = erlang.patience_of(waited.waited + waited.in_vain, gave_up)
    calls: defaultdict[tuple[int, int], int] = defaultdict(int)
    for one in splits.volume(transaction.tx, place):
        if one.channel is Channel.VOICE:
            calls[one.weekday, one.hour] += one.contacts
    often, planned = _how_often(asked), _planned(transaction, asked, lines)
    hours = []
    for weekday in range(7):
        for hour in range(24):
            at = weekday, hour
            rate = calls[at] / often[at] if often[at] else 0.0
            demand = Demand(rate, talk + aim.writing_up, patience)
            forever = Demand(rate, talk + aim.writing_up)
            # An hour that clocks leap over in the coming week is like the one before it.
            on = planned.get(at, planned.get((weekday, hour - 1), 0))
            hours.append(
                HourNeeded(
                    *at,
                    calls=rate,
                    needed=erlang.needed(demand, aim.share, aim.within),
                    needed_patient=erlang.needed(forever, aim.share, aim.within),
                    planned=on,
                    kept=erlang.answered_within(demand, on, aim.within),
                )
            )
    return EnoughPeople(lines, aim, talk, measured, patience, waited, hours)


def _how_often(asked: ReportDays) -> dict[tuple[int, int], float]:
    """How many of each hour of the week the period had, where the centre is; one that goes on counts in part."""
    found: defaultdict[tuple[int, int], float] = defaultdict(float)
    at, until = asked.period.since, asked.period.until
    while at < until:
        local = at.astimezone(asked.zone)
        found[local.weekday(), local.hour] += min(_HOUR, until - at) / _HOUR
        at += _HOUR
    return found


def _planned(
    transaction: Transaction, asked: ReportDays, lines: tuple[Line, ...]
) -> dict[tuple[int, int], int]:
    """The fewest who are on at once in each hour of the coming seven days, by the schedules that the first rung of the
    lines' policies names; looked at each quarter of an hour."""
    here = crew.crew(transaction.tx)
    policies = [duty.policy_for(transaction, _SUBJECTS[line]) for line in lines]
    first = [replace(policy, rungs=policy.rungs[:1]) for policy in policies]
    names = {name for policy in first for name in looked_for_on(policy)}
    plans = [one for one in here.schedules if one.name in names]
    able = {one.id for one in here.members if one.can_be_rung}
    found: dict[tuple[int, int], int] = {}
    begun = transaction.now.replace(minute=0, second=0, microsecond=0)
    for quarter in range(7 * 24 * 4):
        at = begun + quarter * timedelta(minutes=15)
        local = at.astimezone(asked.zone)
        on = len({person for plan in plans for person in who_is_on(plan, at) if person in able})
        key = local.weekday(), local.hour
        found[key] = min(on, found.get(key, on))
    return found


def people_hours(hours: list[HourNeeded]) -> tuple[int, int]:
    """How many hours of people's time the week needs, and has by the plan."""
    return sum(one.needed for one in hours), sum(one.planned for one in hours)
