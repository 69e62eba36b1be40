"""What a line needs: so many people of a role, who speak some languages, at some hours; and when it lacks them.

A need's people are looked for on the schedules that the line's policy names. Somebody whose phone isn't verified,
or who only looks on, is nobody: they are never rung.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from hotline.lettering import tidy
from hotline.model import Language, Line, Role, StaffId, Subject, is_known, is_lenient, leniently
from hotline.oncall.coverage import Hole, joined
from hotline.oncall.policy import Policy
from hotline.oncall.schedule import Schedule, Stretch, timeline
from hotline.oncall.wall_clock import shown, zone
from hotline.oncall.week_hours import Hours, parse_hours

KEYS: Final = ("name", "line", "role", "languages", "people", "hours")
LONGEST_NAME: Final = 30
"""It is read in texts, which are one segment."""
_MOST: Final = 50
_SUBJECTS: Final = {
    Line.EMERGENCY: Subject.EMERGENCY,
    Line.ADMISSIONS: Subject.ADMISSIONS,
    Line.FAMILY: Subject.FAMILY,
    Line.PERSON: Subject.PERSON,
}
_SCHEDULE: Final = "schedule:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Who must be on for a line. Raises ValueError, in an operator's words, for what can't be."""

    name: str
    """By which it is known, as in "Spanish at night"."""
    line: Line
    role: Role | None = None
    """None: any."""
    languages: tuple[Language, ...] = ()
    """Each of these people speaks all of them."""
    people: int = 1
    """How many; 0: it is needed no more."""
    hours: tuple[Hours, ...] = ()
    """By the clock of the first of the schedules; at every hour if there are none."""

    def __post_init__(self) -> None:
        if not 1 <= len(self.name) <= LONGEST_NAME:
            raise ValueError(f"name: write a text of {LONGEST_NAME} letters at most")
        if not 0 <= self.people <= _MOST:
            raise ValueError(f"people: write a number up to {_MOST}; 0 if it is needed no more")
        if self.role is Role.TRAINEE:
            raise ValueError("role: a trainee looks on, and fills no need")

    @property
    def is_understood(self) -> bool:
        """Whether this version knows of whom it speaks."""
        return all(map(is_known, (self.line, *self.languages, *((self.role,) if self.role else ()))))

    @property
    def subject(self) -> Subject:
        """Under which this line's policy is kept."""
        return _SUBJECTS[self.line]


def looked_for_on(policy: Policy) -> tuple[str, ...]:
    """The schedules that a line's policy names, in its order: on these its people are looked for, and put on the first.

    Who is named by role or by name is rung whether they are on duty or not, and fills no need.
    """
    return tuple(name.removeprefix(_SCHEDULE) for name in policy.named if name.startswith(_SCHEDULE))


def unmet(
    need: Need,
    rota: Sequence[Schedule],
    can_be_rung: Collection[StaffId],
    fit: Collection[StaffId],
    start: datetime,
    end: datetime,
) -> tuple[Hole, ...]:
    """Every stretch from `start` until before `end` (both aware) in which too few of those who `fit` are on by `rota`;
    what touches is one.

    While nobody at all is on by the first schedule, that is a hole already, and not told a second time.
    """
    if not rota or not need.people:
        return ()
    plans = [timeline(one, start, end) for one in rota]
    place = zone(rota[0].timezone)
    moments = {one.starts for plan in plans for one in plan} | {end.astimezone(UTC)}
    first, last = shown(start, place).date(), shown(end, place).date()
    for hours in need.hours:
        for both in hours.between(first, last, place):
            moments.update(at for at in both if start < at < end)
    return joined(_lacking(need, plans, sorted(moments), place, (can_be_rung, fit), rota[0].name))


def _lacking(
    need: Need,
    plans: Sequence[Sequence[Stretch]],
    moments: Sequence[datetime],
    place: ZoneInfo,
    people: tuple[Collection[StaffId], Collection[StaffId]],
    schedule: str,
) -> Iterator[Hole]:
    can_be_rung, fit = people
    at_stretch = [0] * len(plans)
    for at, until in pairwise(moments):
        for which, plan in enumerate(plans):
            while plan[at_stretch[which]].ends <= at:
                at_stretch[which] += 1
        if need.hours and not any(hours.hold(at, place) for hours in need.hours):
            continue
        on = [plan[at_stretch[which]].people for which, plan in enumerate(plans)]
        if not any(person in can_be_rung for person in on[0]):
            continue
        if len({person for several in on for person in several if person in fit}) < need.people:
            yield Hole(schedule, at, until, need.name)


# --- as it is written ------------------------------------------------------------------------------------------


def need_to_json(need: Need) -> dict[str, Any]:
    """The need as plain data, without what is as usual; `need_from_json` reads it back to the same."""
    written: dict[str, Any] = {"name": need.name, "line": need.line.value}
    if need.role is not None:
        written["role"] = need.role.value
    if need.languages:
        written["languages"] = [one.value for one in need.languages]
    if need.people != 1:
        written["people"] = need.people
    if need.hours:
        written["hours"] = [str(one) for one in need.hours]
    return written


def need_as_kept(given: Mapping[str, Any]) -> Need:
    """A need that was kept, perhaps by a later version: keys that this one doesn't know are passed over, and words are
    unknown ones. Raises ValueError for what is no need at all."""
    return leniently(lambda: need_from_json(given))


def need_from_json(given: Mapping[str, Any]) -> Need:
    """Read a need. Raises ValueError, which names the key and says what to write."""
    unknown = next((key for key in given if key not in KEYS), None)
    if unknown is not None and not is_lenient():
        raise ValueError(f"{unknown}: is not a key here; use {', '.join(KEYS)}")
    people = given.get("people", 1)
    if not isinstance(people, int) or isinstance(people, bool):
        raise ValueError("people: write a number, without quotes")
    return Need(
        name=tidy(str(given.get("name", ""))),
        line=_line(given.get("line")),
        role=_role(given["role"]) if "role" in given else None,
        languages=tuple(dict.fromkeys(_language(one) for one in _texts("languages", given))),
        people=people,
        hours=tuple(_hours(one) for one in _texts("hours", given)),
    )


def _line(given: object) -> Line:
    if given not in tuple(Line) and not is_lenient():
        raise ValueError(f"line: use one of {', '.join(Line)}")
    return Line(str(given))


def _role(given: object) -> Role:
    if given not in tuple(Role) and not is_lenient():
        raise ValueError(f"role: use one of {', '.join(one for one in Role if one is not Role.TRAINEE)}")
    return Role(str(given))


def _language(given: str) -> Language:
    if given not in tuple(Language) and not is_lenient():
        raise ValueError(f"languages: {given!r} is not known; use {', '.join(Language)}")
    return Language(given)


def _hours(given: str) -> Hours:
    try:
        return parse_hours(given)
    except ValueError as wrong:
        raise ValueError(f"hours: {wrong}") from None


def _texts(key: str, given: Mapping[str, Any]) -> list[str]:
    found = given.get(key, [])
    if not isinstance(found, list | tuple) or not all(isinstance(one, str) for one in found):
        raise ValueError(f"{key}: write a list of texts in brackets")
    return list(found)
