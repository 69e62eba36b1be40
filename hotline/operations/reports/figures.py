"""What the report tells, as numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hotline.model import Language, Outcome
from hotline.store.cases import promises
from hotline.store.cases.promises import LateCount, PromiseCount, WordCount
from hotline.store.database import Tx
from hotline.store.database.periods import Period
from hotline.store.people import staff
from hotline.store.reports import crew_measures, dispositions, follow_through_counts, measures, waits
from hotline.store.reports.crew_measures import TakenTimes, Work
from hotline.store.reports.dispositions import Contacts
from hotline.store.reports.follow_through_counts import FollowUpCount, IntakeCount, NotAdmittedCount
from hotline.store.reports.measures import DropOff, Ended, Quarter
from hotline.store.reports.waits import Waits
from hotline.store.traffic import readings
from hotline.store.traffic.readings import Did, Judgement, Read


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted in a period."""

    days: int
    period: Period
    zone: ZoneInfo
    ended: list[Ended]
    lost: list[DropOff]
    dispositions: list[Contacts]
    live: list[Waits]
    rung_back: list[Waits]
    called: list[Waits]
    """Who had written, and was called by whoever read it."""
    given_up: list[Waits]
    promises: list[PromiseCount]
    faults: list[LateCount]
    by_word: list[WordCount]
    taken: list[TakenTimes]
    work: list[tuple[str, Work]]
    """With the person's name."""
    stops: tuple[int, int]
    """How often somebody asked for no more texts, and how often for texts again."""
    read: list[Read]
    """Texts, by how they were read and what staff say of them."""
    quarters: list[Quarter]
    intakes: list[IntakeCount]
    not_admitted: list[NotAdmittedCount]
    follow_ups: list[FollowUpCount]
    """Calls some days after an emergency."""

    @property
    def calls(self) -> int:
        """How many came in."""
        return sum(one.calls for one in self.ended)


def count(tx: Tx, until: datetime, days: int, zone: ZoneInfo) -> Figures:
    """Everything that the report tells, of the `days` times 24 hours before `until`."""
    return count_in(tx, Period(until - timedelta(days=days), until), days, zone)


def count_in(tx: Tx, period: Period, days: int, zone: ZoneInfo) -> Figures:
    """The same, of a period that touches so many days."""
    names = {member.id: member.name for member in staff.everyone(tx)}
    return Figures(
        days=days,
        period=period,
        zone=zone,
        ended=measures.outcomes(tx, period),
        lost=measures.drop_offs(tx, period),
        dispositions=dispositions.dispositions(tx, period),
        live=waits.live(tx, period),
        rung_back=waits.rung_back(tx, period),
        called=waits.called(tx, period),
        given_up=waits.given_up(tx, period),
        promises=promises.count(tx, period),
        faults=promises.faults(tx, period),
        by_word=promises.by_word(tx, period),
        taken=crew_measures.taken(tx, period),
        work=sorted((names.get(one.staff, "?"), one) for one in crew_measures.by_person(tx, period)),
        stops=crew_measures.stops(tx, period),
        read=readings.counted(tx, period),
        quarters=measures.quarters(tx, period),
        intakes=follow_through_counts.booked(tx, period),
        not_admitted=follow_through_counts.not_admitted(tx, period),
        follow_ups=follow_through_counts.followed_up(tx, period),
    )


def hours(figures: Figures) -> Counter[tuple[int, Outcome | None]]:
    """Calls by the hour of the day in the centre's zone, and by how they ended."""
    found: Counter[tuple[int, Outcome | None]] = Counter()
    for one in figures.quarters:
        found[one.at.astimezone(figures.zone).hour, one.outcome] += one.calls
    return found


@dataclass(frozen=True, slots=True)
class JudgedCount:
    """Texts in one language: what came of them, and how often staff say that it was right.

    Each text is in one of `did`; each that paged is in one of `found`, `needless` and `unjudged`.
    """

    language: Language
    did: Counter[Did]
    found: int
    """Paged, and an emergency."""
    needless: int
    """Paged, and none."""
    missed: int
    """An emergency, and not paged."""

    @property
    def unjudged(self) -> int:
        """Paged, and nobody has said whether that was right."""
        return self.did[Did.PAGED] - self.found - self.needless


def judged(figures: Figures) -> list[JudgedCount]:
    """One row for each language in which texts came."""
    return [_judged(language, figures.read) for language in sorted({one.language for one in figures.read})]


def _judged(language: Language, read: list[Read]) -> JudgedCount:
    did: Counter[Did] = Counter()
    said: Counter[tuple[bool, Judgement | None]] = Counter()
    for one in read:
        if one.language is language:
            did[one.did] += one.messages
            said[one.did is Did.PAGED, one.judged] += one.messages
    return JudgedCount(
        language,
        did,
        found=said[True, Judgement.EMERGENCY],
        needless=said[True, Judgement.NO_EMERGENCY],
        missed=said[False, Judgement.EMERGENCY],
    )
