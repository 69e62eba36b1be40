"""How many people a line needs: Erlang C, for callers who wait for ever, and Erlang A, for callers who give up. Pure.

Both take calls that come independently of one another at a steady rate, and talks of no particular length: good for an
hour, not for the minute after an announcement. Erlang C: A. K. Erlang, "Solution of some Problems in the Theory of
Probabilities of Significance in Automatic Telephone Exchanges", 1917. Erlang A: C. Palm, "Research on telephone traffic
carried by full availability groups", 1957; here as in A. Mandelbaum and S. Zeltyn, "Service Engineering in Action: The
Palm/Erlang-A Queue", 2007. Rates are per hour, times are timedeltas.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from math import exp
from typing import Final

HOUR: Final = timedelta(hours=1)
_ENOUGH: Final = 1e-13
"""What is rarer than this isn't added up any more."""
MOST_PEOPLE: Final = 500


@dataclass(frozen=True, slots=True)
class Demand:
    """What comes in within an hour."""

    calls: float
    """How many begin in an hour."""
    talk: timedelta
    """How long one keeps somebody, with what is written down afterwards."""
    patience: timedelta | None = None
    """How long callers wait on average before they give up; None: for ever."""

    @property
    def load(self) -> float:
        """People who talk at once, on average (erlangs)."""
        return self.calls * (self.talk / HOUR)


def waits_chance(load: float, people: int) -> float:
    """Erlang C: which share of callers has to wait, of a load in erlangs. 1 if the people can't keep up."""
    if load <= 0:
        return 0.0
    if people <= load:
        return 1.0
    blocked = 1.0
    for n in range(1, people + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked / (1 - load / people * (1 - blocked))


def answered_within(demand: Demand, people: int, within: timedelta) -> float:
    """Which share of all callers is with a human within this time: Erlang A if patience is known, else Erlang C."""
    if demand.load <= 0:
        return 1.0
    if people <= 0:
        return 0.0
    if demand.patience is None:
        if people <= demand.load:
            return 0.0
        late = exp(-(people - demand.load) * (within / demand.talk))
        return 1 - waits_chance(demand.load, people) * late
    return min(1.0, sum(_served(demand, people, within, demand.patience)))


def given_up(demand: Demand, people: int) -> float:
    """Which share of callers gives up before a human is there (Erlang A). Without a patience nobody does."""
    if demand.patience is None or demand.load <= 0:
        return 0.0
    if people <= 0:
        return 1.0
    states = _states(demand, people, demand.patience)
    waiting = sum(n * share for n, share in enumerate(states[people:]))
    return min(1.0, waiting * (HOUR / demand.patience) / demand.calls)


def average_wait(demand: Demand, people: int) -> timedelta | None:
    """How long callers wait on average, whether they give up or not; None: ever longer."""
    if demand.load <= 0:
        return timedelta(0)
    if demand.patience is not None:
        return given_up(demand, people) * demand.patience
    if people <= demand.load:
        return None
    return waits_chance(demand.load, people) / (people - demand.load) * demand.talk


def needed(demand: Demand, share: float, within: timedelta) -> int:
    """The fewest people who have this share of callers with a human within this time; 0 where nobody calls.

    Raises ValueError for a share that isn't between 0 and 1, and where more than MOST_PEOPLE were needed.
    """
    if not 0 < share < 1:
        raise ValueError("a share is between 0 and 1")
    if demand.load <= 0:
        return 0
    for people in range(1, MOST_PEOPLE + 1):
        if answered_within(demand, people, within) >= share:
            return people
    raise ValueError(f"more than {MOST_PEOPLE} people")


def patience_of(waited: timedelta, gave_up: int) -> timedelta | None:
    """How long callers wait on average before they give up, as far as that can be seen: of those who were answered we
    know only that they would have waited longer. All waiting, answered or not, over how many gave up is the most likely
    value of an exponential patience (Mandelbaum and Zeltyn, 4.1). None: nobody gave up."""
    return waited / gave_up if gave_up else None


# --- Erlang A --------------------------------------------------------------------------------------------------


def _states(demand: Demand, people: int, patience: timedelta) -> list[float]:
    """Which share of the time so many callers are there, talking or waiting: from none on."""
    leave = HOUR / patience
    finish = HOUR / demand.talk
    weights = [1.0]
    largest = 1.0
    for n in count(1):
        rate = min(n, people) * finish + max(n - people, 0) * leave
        weights.append(weights[-1] * demand.calls / rate)
        largest = max(largest, weights[-1])
        if n > people and weights[-1] < largest * _ENOUGH:
            break
    whole = sum(weights)
    return [one / whole for one in weights]


def _served(demand: Demand, people: int, within: timedelta, patience: timedelta) -> Iterator[float]:
    """Parts of the share that is with a human in time, by how many were there when they called.

    Whoever finds k - 1 waiting before them (k = 1, 2, ...) has to see k of those leave who talk (together `finish`
    times an hour) or wait (each `leave` times): a sum of exponential times V with exp(-leave V) ~ Beta(c, k), where
    c = finish / leave. They are served in time if V is over by then, and before their own patience is.
    """
    states = _states(demand, people, patience)
    yield sum(states[:people])
    leave = HOUR / patience
    c = people * (HOUR / demand.talk) / leave
    gone = exp(-leave * (within / HOUR))
    tail = gone ** (c + 1)
    term, late = 1.0, 0.0
    for k, share in enumerate(states[people:], 1):
        late += term
        term *= (c + k) / k * (1 - gone)
        yield share * c / (c + k) * max(0.0, 1 - tail * late)
