"""Who is on, and where too few are, as tables to read in a terminal; times are by each schedule's own clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hotline.commands.aligned import aligned
from hotline.commands.staff_file import CommandRefused
from hotline.model import NOT_KNOWN, ByWord, StaffId
from hotline.oncall.coverage import Hole
from hotline.oncall.schedule import ChangeKind, Schedule, Stretch, timeline
from hotline.oncall.wall_clock import said, shown, zone
from hotline.operations.shifts.holes_ahead import ahead
from hotline.store.database import Tx
from hotline.store.duty.shift_changes import ShiftChange, counting
from hotline.store.overviews.crew import Crew, crew

SOON = timedelta(hours=72)
NOBODY_YET = "There is no schedule yet: `hotline load` takes a staff file with some."


def now(tx: Tx, at: datetime) -> str:
    """Who is on at this moment and until when, by schedule, and the holes of the next 72 hours."""
    here = crew(tx)
    names = _names(here)
    rows = []
    for schedule in here.schedules:
        first, *then = timeline(schedule, at, at + SOON)
        who = _people(first, names)
        until = f"until {_shown(first.ends, schedule, at)}" if then else "for the next 72 hours and longer"
        after = f"then {_people(then[0], names)}" if then else ""
        rows.append((schedule.name, who, until, after))
    return "\n".join((*aligned(rows), "", _holes(tx, at, at + SOON))) if rows else NOBODY_YET


def weeks(tx: Tx, at: datetime, days: int, name: str | None) -> str:
    """Who is on in the days to come, stretch by stretch. Raises CommandRefused for a schedule that there isn't."""
    here = crew(tx)
    if name is not None and name not in {one.name for one in here.schedules}:
        known = ", ".join(one.name for one in here.schedules) or "none yet"
        raise CommandRefused(f'There is no schedule "{name}"; there are: {known}.')
    chosen = [one for one in here.schedules if name in (None, one.name)]
    told = [_table(one, here, at, days) for one in chosen]
    return "\n\n".join(told) or NOBODY_YET


def _table(schedule: Schedule, here: Crew, at: datetime, days: int) -> str:
    names = _names(here)
    rows = [
        (_shown(one.starts, schedule, None), _shown(one.ends, schedule, None), _people(one, names))
        for one in timeline(schedule, at, at + timedelta(days=days))
    ]
    return "\n".join((f"{schedule.name} ({schedule.timezone})", *aligned(rows)))


def empty(tx: Tx, at: datetime, days: int) -> str:
    """Every hole of the days to come."""
    here = crew(tx)
    return _holes(tx, at, at + timedelta(days=days)) if here.schedules else NOBODY_YET


def _holes(tx: Tx, start: datetime, end: datetime) -> str:
    """By schedule; somebody whose phone isn't verified is nobody, for it is never rung."""
    by_name = {one.name: one for one in crew(tx).schedules}
    found = ahead(tx, start, end)
    span = f"{(end - start).days} days" if end - start > SOON else "72 hours"
    bare = [_hole(hole, by_name, end) for hole in found if hole.need is None]
    few = [(*_hole(hole, by_name, end), f"for {hole.need}") for hole in found if hole.need is not None]
    told = []
    if bare:
        told.append("\n".join((f"NOBODY IS ON in the next {span}:", *aligned(bare))))
    else:
        told.append(f"Somebody is on every schedule at every hour of the next {span}.")
    if few:
        told.append("\n".join((f"TOO FEW ARE ON in the next {span}:", *aligned(few))))
    return "\n\n".join(told)


def _hole(hole: Hole, by_name: Mapping[str, Schedule], end: datetime) -> tuple[str, str, str]:
    schedule = by_name[hole.schedule]
    until = _shown(hole.ends, schedule, None) if hole.ends < end else "and longer"
    return schedule.name, _shown(hole.starts, schedule, None), until


def changed(tx: Tx, at: datetime, place: ZoneInfo) -> str:
    """What people have changed for a while and isn't over; what is of every schedule, by the clock of `place`."""
    here = crew(tx)
    names, zones = _names(here), {one.name: zone(one.timezone) for one in here.schedules}
    rows = [
        _change(one, names, zones.get(one.schedule or "", place))
        for one in counting(tx)
        if one.change.ends > at
    ]
    return "\n".join(aligned(rows)) if rows else "Nothing is changed: everybody is on as it was planned."


def _change(
    one: ShiftChange, names: Mapping[StaffId, str], place: ZoneInfo
) -> tuple[str, str, str, str, str]:
    what = f"{names.get(one.change.person, '?')} {_DOES[one.change.kind]}"
    if one.change.instead_of is not None:
        what += f" {names.get(one.change.instead_of, '?')}"
    starts, ends = said(one.change.starts, place), said(one.change.ends, place)
    return one.id[:8], what, one.schedule or "every schedule", starts, ends


_DOES = ByWord(
    {ChangeKind.ON: "is on", ChangeKind.OFF: "is off", ChangeKind.INSTEAD: "is on instead of"}, NOT_KNOWN
)


def _names(here: Crew) -> dict[StaffId, str]:
    return {one.id: f"{one.name} (trainee)" if one.is_trainee else one.name for one in here.members}


def _people(stretch: Stretch, names: Mapping[StaffId, str]) -> str:
    """Who is rung; whoever has left, or is off the staff, isn't."""
    return ", ".join(_rung(stretch, names)) or "NOBODY"


def _rung(stretch: Stretch, names: Mapping[StaffId, str]) -> Iterator[str]:
    yield from (names[person] for person in stretch.people if person in names)


def _shown(at: datetime, schedule: Schedule, today: datetime | None) -> str:
    """By the schedule's clock; today's without the day."""
    place = zone(schedule.timezone)
    here = shown(at, place)
    if today is not None and shown(today, place).date() == here.date():
        return f"{here:%H:%M}"
    return said(at, place)
