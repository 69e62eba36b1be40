"""The written form of a schedule's plan: one for the staff file's TOML and for what the database keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from hotline.durations import parse_duration
from hotline.model import StaffId, is_lenient, leniently
from hotline.oncall.rotations import HOUR, Days, Rotation
from hotline.oncall.schedule import Change, Schedule
from hotline.oncall.week_hours import Hours, parse_hours

PLAN: Final = ("holidays", "own_holidays", "day_begins", "rotation")
"""What may be written of a schedule beside its name, its zone and who is always on."""
ROTATION: Final = ("turns", "every", "starts", "ends", "hours", "days", "instead")
_DAY: Final = timedelta(days=1)


def to_json(schedule: Schedule) -> dict[str, Any]:
    """The plan as plain data, without what is as usual; `from_json` reads it back to the same."""
    written: dict[str, Any] = {}
    if schedule.holidays is not None:
        written["holidays"] = schedule.holidays
    if schedule.own_holidays:
        written["own_holidays"] = [day.isoformat() for day in sorted(schedule.own_holidays)]
    if schedule.day_begins != time(0):
        written["day_begins"] = f"{schedule.day_begins:%H:%M}"
    if schedule.rotations:
        written["rotation"] = [_rotation_out(one) for one in schedule.rotations]
    return written


def _rotation_out(rotation: Rotation) -> dict[str, Any]:
    written: dict[str, Any] = {
        "turns": [turn[0] if len(turn) == 1 else list(turn) for turn in rotation.turns],
        "every": f"{rotation.every // _DAY}d" if not rotation.every % _DAY else f"{rotation.every // HOUR}h",
        "starts": rotation.starts.isoformat(timespec="seconds"),
    }
    if rotation.ends is not None:
        written["ends"] = rotation.ends.isoformat(timespec="seconds")
    if rotation.hours:
        written["hours"] = [str(one) for one in rotation.hours]
    if rotation.days is not Days.ALL:
        written["days"] = str(rotation.days)
    if rotation.instead:
        written["instead"] = True
    return written


def as_kept(name: str, timezone: str, always: Iterable[StaffId], plan: Mapping[str, Any]) -> Schedule:
    """A schedule that was kept, perhaps by a later version: keys that this one doesn't know are passed over, and words
    are unknown ones. Raises ValueError for what is no schedule at all."""
    return leniently(lambda: from_json(name, timezone, always, plan))


def from_json(
    name: str,
    timezone: str,
    always: Iterable[StaffId],
    plan: Mapping[str, Any],
    changes: Iterable[Change] = (),
) -> Schedule:
    """Read a schedule. Raises ValueError, which names the key and says what to write."""
    rotations = plan.get("rotation", [])
    if not isinstance(rotations, list):
        raise ValueError("rotation: write each one under a line [[schedule.rotation]]")
    holidays = plan.get("holidays")
    if holidays is not None and not isinstance(holidays, str):
        raise ValueError('holidays: write a place such as "US-MA"')
    return Schedule(
        name=name,
        timezone=timezone,
        always=tuple(dict.fromkeys(always)),
        rotations=tuple(_nth(number, one) for number, one in enumerate(rotations, start=1)),
        changes=tuple(changes),
        holidays=holidays,
        own_holidays=frozenset(_date("own_holidays", one) for one in _list("own_holidays", plan)),
        day_begins=_time(plan["day_begins"]) if "day_begins" in plan else time(0),
    )


def _nth(number: int, given: object) -> Rotation:
    try:
        return parse_rotation(given)
    except ValueError as wrong:
        raise ValueError(f"rotation {number}: {wrong}") from None


def parse_rotation(given: object) -> Rotation:
    """Read one rotation. Raises ValueError as `from_json`."""
    if not isinstance(given, Mapping):
        raise ValueError("must be a table with turns, every and starts")
    unknown = next((key for key in given if key not in ROTATION), None)
    if unknown is not None and not is_lenient():
        raise ValueError(f"{unknown}: is not a key here; use {', '.join(ROTATION)}")
    days = str(given.get("days", Days.ALL))
    if days not in list(Days) and not is_lenient():
        raise ValueError(f"days: {days!r} is not known; use {', '.join(repr(str(one)) for one in Days)}")
    instead = given.get("instead", False)
    if not isinstance(instead, bool):
        raise ValueError("instead: write true or false, without quotes")
    return Rotation(
        turns=tuple(map(_turn, _list("turns", given))),
        every=_every(given.get("every")),
        starts=_wall("starts", given.get("starts")),
        ends=_wall("ends", given["ends"]) if "ends" in given else None,
        hours=tuple(map(_hours, _list("hours", given))),
        days=Days(days),
        instead=instead,
    )


def _turn(given: object) -> tuple[StaffId, ...]:
    several = [given] if isinstance(given, str) else given
    if not isinstance(several, list | tuple) or not all(isinstance(one, str) for one in several):
        raise ValueError('turns: write names, such as ["Ana Lima", ["Ben Ortiz", "Cleo Park"]]')
    return tuple(dict.fromkeys(StaffId(one) for one in several))


def _every(given: object) -> timedelta:
    try:
        return parse_duration(given)
    except ValueError:
        raise ValueError('every: write whole hours, days or weeks, such as "12h", "1d" or "7d"') from None


def _wall(key: str, given: object) -> datetime:
    try:
        found = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise ValueError(f"{key}: write the wall's clock, without a time zone, such as 2026-12-01T07:00:00")
    return found


def _hours(given: object) -> Hours:
    try:
        return parse_hours(str(given))
    except ValueError as wrong:
        raise ValueError(f"hours: {wrong}") from None


def _date(key: str, given: object) -> date:
    try:
        if isinstance(given, date) and not isinstance(given, datetime):
            return given
        return date.fromisoformat(str(given))
    except ValueError:
        raise ValueError(f"{key}: write days such as 2026-12-24") from None


def _time(given: object) -> time:
    try:
        found = given if isinstance(given, time) else time.fromisoformat(str(given))
    except ValueError:
        raise ValueError('day_begins: write a time such as "07:00"') from None
    if found.tzinfo is not None:
        raise ValueError('day_begins: write a time such as "07:00"')
    return found


def _list(key: str, given: Mapping[str, Any]) -> list[Any]:
    found = given.get(key, [])
    if not isinstance(found, list | tuple):
        raise ValueError(f"{key}: write a list in brackets")
    return list(found)
