"""What the report tells, as numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hotline.model import Outcome
from hotline.store import crew_measures, fates, measures, promises, staff, waits
from hotline.store.crew_measures import Taken, Work
from hotline.store.database import Tx
from hotline.store.fates import Contacts
from hotline.store.measures import DropOff, Ended, Period, Quarter
from hotline.store.promises import Count, Late
from hotline.store.waits import Waits


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted in a period."""

    days: int
    period: Period
    zone: ZoneInfo
    ended: list[Ended]
    lost: list[DropOff]
    fates: list[Contacts]
    live: list[Waits]
    rung_back: list[Waits]
    given_up: list[Waits]
    promises: list[Count]
    faults: list[Late]
    taken: list[Taken]
    work: list[tuple[str, Work]]
    """With the person's name."""
    stops: tuple[int, int]
    """How often somebody asked for no more texts, and how often for texts again."""
    quarters: list[Quarter]

    @property
    def calls(self) -> int:
        """How many came in."""
        return sum(one.calls for one in self.ended)


def count(tx: Tx, until: datetime, days: int, zone: ZoneInfo) -> Figures:
    """Everything that the report tells, of the `days` times 24 hours before `until`."""
    period = Period(until - timedelta(days=days), until)
    names = {member.id: member.name for member in staff.everyone(tx)}
    return Figures(
        days=days,
        period=period,
        zone=zone,
        ended=measures.outcomes(tx, period),
        lost=measures.drop_offs(tx, period),
        fates=fates.fates(tx, period),
        live=waits.live(tx, period),
        rung_back=waits.rung_back(tx, period),
        given_up=waits.given_up(tx, period),
        promises=promises.count(tx, period),
        faults=promises.faults(tx, period),
        taken=crew_measures.taken(tx, period),
        work=sorted((names.get(one.staff, "?"), one) for one in crew_measures.by_person(tx, period)),
        stops=crew_measures.stops(tx, period),
        quarters=measures.quarters(tx, period),
    )


def hours(figures: Figures) -> Counter[tuple[int, Outcome | None]]:
    """Calls by the hour of the day in the centre's zone, and by how they ended."""
    found: Counter[tuple[int, Outcome | None]] = Counter()
    for one in figures.quarters:
        found[one.at.astimezone(figures.zone).hour, one.outcome] += one.calls
    return found
