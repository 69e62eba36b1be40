"""Whether a policy reaches somebody at every hour to come: by whoever is on, and by which rungs hold then."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from hotline.model import How, Language
from hotline.oncall.escalation import People
from hotline.oncall.policy import Policy
from hotline.oncall.schedule import Schedule, timeline
from hotline.oncall.wall_clock import shown


class GapKind(StrEnum):
    """In which way nobody is reached."""

    NO_RUNG = "no_rung"
    """No rung holds."""
    NOBODY_ON = "nobody_on"
    """Rungs hold, and nobody is on for any of them."""
    ONLY_TEXTS = "only_texts"
    """Nobody's phone rings: a text alone wakes nobody."""


@dataclass(frozen=True, slots=True)
class ReachGap:
    """From this moment (UTC) on nobody is reached for callers of this language."""

    starts: datetime
    language: Language
    kind: GapKind


def edges(
    policy: Policy, schedules: Iterable[Schedule], place: ZoneInfo, start: datetime, end: datetime
) -> list[datetime]:
    """The moments from `start` until before `end` (both aware) at which it may change whom this policy reaches: `start`
    itself, when others are on, and when rungs begin or cease to hold by the clock of `place`."""
    named = {who.partition(":")[2] for who in policy.named if who.startswith(("schedule:", "next:"))}
    found = {start}
    for one in schedules:
        if one.name in named:
            found.update(stretch.starts for stretch in timeline(one, start, end))
    first, last = shown(start, place).date(), shown(end, place).date()
    for rung in policy.rungs:
        for hours in rung.hours:
            found.update(at for both in hours.between(first, last, place) for at in both)
    return sorted(at for at in found if start <= at < end)


def first_unreached(
    policy: Policy,
    people: Callable[[datetime], People],
    place: ZoneInfo,
    moments: Iterable[datetime],
    languages: Iterable[Language],
) -> ReachGap | None:
    """The first of these moments (in order) at which this policy reaches nobody for callers of one of these languages.

    `people`: who is on at a moment for every rung that holds then by the clock of `place`, whatever the language. For
    an emergency somebody's phone must ring; else a text is enough.
    """
    spoken = tuple(languages)
    return next((one for at in moments for one in _gaps(policy, people(at), place, at, spoken)), None)


def _gaps(
    policy: Policy, there: People, place: ZoneInfo, at: datetime, languages: Iterable[Language]
) -> Iterator[ReachGap]:
    for language in languages:
        kind = _gap(policy, there, policy.passed(at, place, language))
        if kind is not None:
            yield ReachGap(at, language, kind)


def _gap(policy: Policy, there: People, passed: Collection[int]) -> GapKind | None:
    held = [rung for index, rung in enumerate(policy.rungs) if index not in passed]
    if not held:
        return GapKind.NO_RUNG
    reached = [rung for rung in held if any(there.on.get(who) for who in rung.who)]
    if not reached:
        return GapKind.NOBODY_ON
    wakes = any(How.CALL in rung.how for rung in reached)
    return None if wakes or not policy.is_urgent else GapKind.ONLY_TEXTS
