"""Who was on is noted as it was; and what everybody has carried in a quarter, beside what is planned for its rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from hotline.model import StaffId
from hotline.oncall import public_holidays
from hotline.oncall.schedule import Schedule, timeline
from hotline.oncall.staffing.fairness import Carried, QuarterYear, awake, carried, quarter_of
from hotline.oncall.staffing.work_limits import DutySpan, duty_of_everybody
from hotline.operations.paging import night_guard
from hotline.operations.transaction import Application, Transaction
from hotline.store.database.periods import Period
from hotline.store.duty import duty_ledger
from hotline.store.duty.duty_ledger import DutyStretch
from hotline.store.overviews.crew import crew
from hotline.store.reports.page_times import PageTime, page_times

_EVERY: Final = timedelta(minutes=15)
"""How often it is noted who was on."""
_LATE: Final = timedelta(days=7)
"""Who was on longer ago than this nobody notes: the clock has stood still, and plans have changed."""


def keep(application: Application) -> int:
    """Note who has been on since it was noted last; how many schedules were. To be called every minute or so.

    Raises StoreError.
    """
    due = application.look(_due)
    return sum(application.change(partial(_note, name=name)) for name in due)


def _due(transaction: Transaction) -> list[str]:
    noted = duty_ledger.noted(transaction.tx)
    return [
        one.name
        for one in crew(transaction.tx).schedules
        if one.name not in noted or transaction.now - noted[one.name].until >= _EVERY
    ]


def _note(transaction: Transaction, name: str) -> bool:
    here, now = crew(transaction.tx), transaction.now
    schedule = next((one for one in here.schedules if one.name == name), None)
    had = duty_ledger.noted(transaction.tx).get(name)
    if schedule is None or (had is not None and had.until >= now):
        return False
    known = {one.id for one in here.members}
    since = max(had.until, now - _LATE) if had is not None else now
    found = [one for one in _was_on(schedule, since, now) if one.person in known]
    return duty_ledger.note(transaction.tx, name, had, now, found)


def _was_on(schedule: Schedule, since: datetime, now: datetime) -> Iterator[DutyStretch]:
    if since < now:
        for one in timeline(schedule, since, now):
            for person in one.people:
                yield DutyStretch(schedule.name, person, one.starts, one.ends)


@dataclass(frozen=True, slots=True)
class FairShare:
    """What one person has carried in a quarter."""

    person: StaffId
    name: str
    carried: Carried
    planned: Carried
    """For the rest of the quarter, as it is planned now."""
    paged: int
    """Times, each once however often their phone rang for it."""
    paged_at_night: int
    awake: timedelta


@dataclass(frozen=True, slots=True)
class FairShares:
    """What everybody has carried."""

    quarter: QuarterYear
    since: datetime | None
    """From when on it is known who was on (UTC), if not from the quarter's beginning; None: it is not known yet."""
    shares: tuple[FairShare, ...]
    """By name."""
    night: str
    """What a night is: "22:00 to 07:00"."""


def look(transaction: Transaction, quarter: QuarterYear | None = None) -> FairShares:
    """Of a quarter, by the centre's clock; without one, of the present one."""
    night, now = night_guard.night(transaction), transaction.now
    place = night.place
    quarter = quarter or quarter_of(now, place)
    whole = quarter.span(place)
    period = Period(whole.starts, whole.ends)
    here = crew(transaction.tx)
    holidays = frozenset(_holidays(here.schedules, quarter.year))
    spans: dict[StaffId, list[DutySpan]] = defaultdict(list)
    for one in duty_ledger.stretches(transaction.tx, period):
        spans[one.person].append(DutySpan(max(one.starts, whole.starts), min(one.ends, whole.ends)))
    paged: dict[StaffId, list[PageTime]] = defaultdict(list)
    for page in page_times(transaction.tx, period):
        paged[page.staff].append(page)
    ahead = DutySpan(max(now, whole.starts), whole.ends)
    planned = duty_of_everybody(here.schedules, ahead.starts, ahead.ends) if now < whole.ends else {}
    shares = []
    for member in here.members:
        theirs = paged[member.id]
        calls = [(one.placed, one.ended) for one in theirs if one.answered]
        shares.append(
            FairShare(
                person=member.id,
                name=member.name,
                carried=carried(spans[member.id], night, holidays),
                planned=carried(planned.get(member.id, ()), night, holidays),
                paged=_times(theirs),
                paged_at_night=_times(one for one in theirs if night.holds(one.placed)),
                awake=awake(calls, now, night),
            )
        )
    begun = [one.since for one in duty_ledger.noted(transaction.tx).values()]
    return FairShares(quarter, min(begun, default=None), tuple(shares), str(night))


def _times(each: Iterable[PageTime]) -> int:
    return len({one.escalation for one in each})


def _holidays(schedules: Iterable[Schedule], year: int) -> Iterator[date]:
    for one in schedules:
        yield from one.own_holidays
        if one.holidays is not None:
            yield from public_holidays.of_year(one.holidays, year)
