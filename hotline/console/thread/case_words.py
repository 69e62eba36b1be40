"""What must not be overlooked about somebody, and what came from their number before, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from hotline.console.page_words import ENDED
from hotline.console.thread import merge_words
from hotline.console.thread.record_words import dangers
from hotline.model import Channel, ContactId, Line, Outcome
from hotline.operations.console.earlier_contacts import EarlierContact
from hotline.operations.texts.merged_cases import MergedCase
from hotline.operations.texts.threads import Thread
from hotline.operations.texts.writing import Safe
from hotline.store.cases.timeline import TimelineRow


@dataclass(frozen=True, slots=True)
class SafeFlag:
    """One thing that whoever calls or writes must know: in the words of the board's cards, and why."""

    label: str
    why: str = ""
    good: bool = False


_NO_TEXT = "NO TEXT"
_CALL_ONLY = "CALL ONLY"
_NOT_SAID = "TEXT: NOT SAID"
_TEXTS = {
    Safe.YES: SafeFlag("text ok", good=True),
    Safe.ANSWER: SafeFlag(_NOT_SAID, "one answer to what they wrote"),
    Safe.DANGER: SafeFlag(_NOT_SAID, "danger to life: write what helps, and call"),
    Safe.UNKNOWN: SafeFlag(_NOT_SAID, "somebody else may hold the phone"),
    Safe.NO: SafeFlag(_NO_TEXT, "they said that it is not safe"),
    Safe.OPTED_OUT: SafeFlag(_CALL_ONLY, "they ended texts"),
    Safe.ELSEWHERE: SafeFlag(_CALL_ONLY, "they wrote by another service"),
    Safe.OUT_OF_REACH: SafeFlag("OUT OF REACH", "that number can be neither called nor texted"),
    Safe.NO_NUMBER: SafeFlag("NUMBER WITHHELD", "they can be neither called nor texted"),
}


_MINOR = SafeFlag(
    "MAY BE A MINOR",
    "without their own written consent no parent or anybody else may be told that they asked (42 CFR 2.14), unless a "
    "life is in danger and your program's director says so",
)


def flags(thread: Thread) -> tuple[SafeFlag, ...]:
    """What stands above everything else on their page."""
    return (*_how_safe(thread), _MINOR) if thread.may_be_minor else _how_safe(thread)


def _how_safe(thread: Thread) -> tuple[SafeFlag, ...]:
    if thread.safe in (Safe.NO_NUMBER, Safe.OUT_OF_REACH):
        return (_TEXTS[thread.safe],)
    safe = thread.message_safe
    message = (
        SafeFlag("message ok", good=True)
        if safe
        else SafeFlag("NO MESSAGE", "leave nothing on a machine, or with anybody else")
    )
    blocked = (SafeFlag("BLOCKED", "emergencies alone are put through"),) if thread.blocked else ()
    if thread.no_calls_since is None:
        return (message, _TEXTS[thread.safe], *blocked)
    texts = SafeFlag(_NO_TEXT, "they ended texts") if thread.safe is Safe.OPTED_OUT else _TEXTS[thread.safe]
    return (SafeFlag("NO CALLS", "they asked for none"), message, texts, *blocked)


@dataclass(frozen=True, slots=True)
class MergedStory:
    """What happened to one person, whichever of the merged cases it stands in."""

    happened: tuple[tuple[TimelineRow, str | None], ...] = field(repr=False)
    """The oldest first, and by whom of the staff."""
    beside: Mapping[TimelineRow, str] = field(repr=False)
    """Of what stands in another case than this one, in which."""


def story(thread: Thread, merged: Sequence[MergedCase], place: ZoneInfo) -> MergedStory:
    """All of it, each thing once."""
    told = dict(thread.happened)
    beside: dict[TimelineRow, str] = {}
    for case in merged:
        for line, who in case.happened:
            if line not in told:
                told[line] = who
                beside[line] = merge_words.short(case, place, thread.now)
    if not beside:
        return MergedStory(thread.happened, beside)
    return MergedStory(tuple(sorted(told.items(), key=lambda one: one[0].at)), beside)


@dataclass(frozen=True, slots=True)
class EarlierDay:
    """What came from somebody's number on one day."""

    words: str = field(repr=False)
    pages: tuple[tuple[ContactId, datetime], ...]
    """Those that the viewer may open."""
    recorded: bool = False
    """There is an admissions record of that day, which the viewer may read."""


def earlier_days(found: Sequence[EarlierContact], now: datetime, place: ZoneInfo) -> list[EarlierDay]:
    """The latest day first: called twice on Tuesday; Ana Lima talked with them for 12 minutes; asked for detox."""
    days = groupby(found, key=lambda one: one.at.astimezone(place).date())
    return [_day(list(theirs), now, place) for _, theirs in days]


def _day(theirs: list[EarlierContact], now: datetime, place: ZoneInfo) -> EarlierDay:
    calls = sum(one.channel is Channel.VOICE for one in theirs)
    ways = (("called", calls), ("wrote", len(theirs) - calls))
    did = " and ".join(_often(what, times) for what, times in ways if times)
    parts = [f"{did} {_on(theirs[0].at, now, place)}"]
    for one in reversed(theirs):
        parts.extend(_of(one))
    told = "; ".join(dict.fromkeys(parts))
    pages = tuple((one.contact, one.at) for one in theirs if one.contact is not None)
    return EarlierDay(f"{told[0].upper()}{told[1:]}.", pages, any(one.recorded for one in theirs))


def _often(what: str, times: int) -> str:
    how_often = {1: "once", 2: "twice"}.get(times, f"{times} times")
    return f"{what} {how_often}"


def _on(at: datetime, now: datetime, place: ZoneInfo) -> str:
    day, today = at.astimezone(place).date(), now.astimezone(place).date()
    ago = (today - day).days
    if ago == 0:
        return "today"
    if ago == 1:
        return "yesterday"
    return f"on {day:%A}" if ago < 7 else f"on {day:%A} {day.day} {day:%B}"


def _of(one: EarlierContact) -> Iterable[str]:
    if one.line is Line.EMERGENCY:
        has = f"{one.has_it} has it" if one.has_it else "nobody has it yet"
        yield f"in an emergency that is still open: {has}" if one.still_open else "in an emergency"
    elif one.line is not None:
        yield f"asked for {_FOR[one.line]}"
    if one.talked is not None:
        minutes = max(1, round(one.talked / timedelta(minutes=1)))
        yield f"{one.who or 'somebody'} talked with them for {minutes} min"
    if one.wanted:
        yield f"wanted: {one.wanted}"
    if one.dangers:
        yield f"danger was written down: {dangers(one.dangers)}"
    if one.outcome is not None and one.outcome is not Outcome.REACHED and one.outcome in ENDED:
        yield ENDED[one.outcome].lower()


_FOR = {Line.ADMISSIONS: "admissions", Line.FAMILY: "family support", Line.PERSON: "a person"}
