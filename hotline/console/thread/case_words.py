"""What must not be overlooked about somebody, and what came from their number before, in words. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from hotline.console.language import dates
from hotline.console.language.speech import Words, gettext
from hotline.console.page_words import ENDED
from hotline.console.thread import merge_words
from hotline.console.thread.record_words import dangers
from hotline.model import Channel, ContactId, Line, Outcome, Subject
from hotline.operations.console.earlier_contacts import EarlierContact
from hotline.operations.texts.merged_cases import MergedCase
from hotline.operations.texts.threads import Thread
from hotline.operations.texts.writing import Safe
from hotline.store.cases.timeline import TimelineRow
from hotline.worded import worded


@dataclass(frozen=True, slots=True)
class SafeFlag:
    """One thing that whoever calls or writes must know: in the words of the board's cards, and why."""

    label: str
    why: str = ""
    good: bool = False


_NO_TEXT = worded("NO TEXT")
_CALL_ONLY = worded("CALL ONLY")
_NOT_SAID = worded("TEXT: NOT SAID")
_TEXTS = {
    Safe.YES: SafeFlag(worded("text ok"), good=True),
    Safe.ANSWER: SafeFlag(_NOT_SAID, worded("one answer to what they wrote")),
    Safe.DANGER: SafeFlag(worded("DANGER TO LIFE"), worded("write what helps, and call if they can talk")),
    Safe.UNKNOWN: SafeFlag(_NOT_SAID, worded("somebody else may hold the phone")),
    Safe.NO: SafeFlag(_NO_TEXT, worded("they said that it is not safe")),
    Safe.OPTED_OUT: SafeFlag(_CALL_ONLY, worded("they ended texts")),
    Safe.LANDLINE: SafeFlag(worded("NO TEXT: a landline"), worded("our last text did not arrive: call them")),
    Safe.ELSEWHERE: SafeFlag(_CALL_ONLY, worded("they wrote by another service")),
    Safe.OUT_OF_REACH: SafeFlag(
        worded("OUT OF REACH"), worded("that number can be neither called nor texted")
    ),
    Safe.NO_NUMBER: SafeFlag(worded("NUMBER WITHHELD"), worded("they can be neither called nor texted")),
}
_GIVEN = SafeFlag(
    worded("NUMBER WITHHELD"), worded("call them at the one that they gave; write no text there")
)


_MINOR = SafeFlag(
    worded("MAY BE A MINOR"),
    worded(
        "without their own written consent no parent or anybody else may be told that they asked (42 CFR 2.14), "
        "unless a life is in danger and your program's director says so"
    ),
)


_BY_OTHERS = SafeFlag(
    worded("A CALL MAY HARM THEM"), worded("somebody beside them may be violent: ask by text before you call")
)


def flags(thread: Thread) -> tuple[SafeFlag, ...]:
    """What stands above everything else on their page."""
    others = ((_BY_OTHERS, thread.by_others), (_MINOR, thread.may_be_minor))
    return (*_how_safe(thread), *(flag for flag, so in others if so))


def _how_safe(thread: Thread) -> tuple[SafeFlag, ...]:
    if thread.safe is Safe.OUT_OF_REACH or thread.number is None:
        return (_TEXTS[thread.safe],)
    safe = thread.message_safe
    message = (
        SafeFlag(worded("message ok"), good=True)
        if safe
        else SafeFlag(worded("NO MESSAGE"), worded("leave nothing on a machine, or with anybody else"))
    )
    blocked = (
        (SafeFlag(worded("BLOCKED"), worded("emergencies alone are put through")),) if thread.blocked else ()
    )
    if thread.no_calls_since is None:
        return (message, _texts(thread), *blocked)
    texts = (
        SafeFlag(_NO_TEXT, worded("they ended texts")) if thread.safe is Safe.OPTED_OUT else _texts(thread)
    )
    return (SafeFlag(worded("NO CALLS"), worded("they asked for none")), message, texts, *blocked)


def _texts(thread: Thread) -> SafeFlag:
    return _GIVEN if thread.safe is Safe.NO_NUMBER else _TEXTS[thread.safe]


@dataclass(frozen=True, slots=True)
class MergedStory:
    """What happened to one person, whichever of the merged cases it stands in."""

    happened: tuple[tuple[TimelineRow, str | None], ...] = field(repr=False)
    """The oldest first, and by whom of the staff."""
    beside: Mapping[TimelineRow, str] = field(repr=False)
    """Of what stands in another case than this one, in which."""


def beside(thread: Thread, merged: Sequence[MergedCase], place: ZoneInfo) -> dict[ContactId, str]:
    """How each case that is merged with this one is called on its page."""
    line = Line.EMERGENCY if any(one.subject is Subject.EMERGENCY for one in thread.open) else thread.line
    began = min((one.at for one, _ in thread.happened), default=thread.now)
    own = MergedCase(thread.contact, began, thread.channel, line, False, thread.number, ())
    return merge_words.shorts(merged, own, place, thread.now)


def story(thread: Thread, merged: Sequence[MergedCase], named: Mapping[ContactId, str]) -> MergedStory:
    """All of it, each thing once. `named`: how the other cases are called."""
    told = dict(thread.happened)
    elsewhere: dict[TimelineRow, str] = {}
    for case in merged:
        for line, who in case.happened:
            if line not in told:
                told[line] = who
                elsewhere[line] = named[case.contact]
    if not elsewhere:
        return MergedStory(thread.happened, elsewhere)
    return MergedStory(tuple(sorted(told.items(), key=lambda one: one[0].at)), elsewhere)


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
    came = Counter(one.channel for one in theirs)
    when = _on(theirs[0].at, now, place)
    parts = list(_did(came[Channel.VOICE], came[Channel.TEXT], came[Channel.WEBSITE], when))
    for one in reversed(theirs):
        parts.extend(_of(one))
    told = "; ".join(dict.fromkeys(parts))
    pages = tuple((one.contact, one.at) for one in theirs if one.contact is not None)
    return EarlierDay(f"{told[0].upper()}{told[1:]}.", pages, any(one.recorded for one in theirs))


def _did(calls: int, texts: int, asked: int, when: str) -> Iterator[str]:
    if calls and texts:
        called, wrote = _often(calls), _often(texts)
        yield gettext("called %(called)s and wrote %(wrote)s %(when)s", called=called, wrote=wrote, when=when)
    elif calls:
        yield gettext("called %(often)s %(when)s", often=_often(calls), when=when)
    elif texts:
        yield gettext("wrote %(often)s %(when)s", often=_often(texts), when=when)
    if asked:
        yield gettext("asked on the website %(often)s %(when)s", often=_often(asked), when=when)


def _often(times: int) -> str:
    match times:
        case 1:
            return gettext("once")
        case 2:
            return gettext("twice")
        case _:
            return gettext("%(times)s times", times=times)


def _on(at: datetime, now: datetime, place: ZoneInfo) -> str:
    day, today = at.astimezone(place).date(), now.astimezone(place).date()
    ago = (today - day).days
    if ago == 0:
        return gettext("today")
    if ago == 1:
        return gettext("yesterday")
    return gettext("on %(day)s", day=dates.long_day(day) if ago < 7 else dates.whole_day(day))


def _of(one: EarlierContact) -> Iterable[str]:
    if one.line is Line.EMERGENCY:
        if not one.still_open and one.lately and one.has_it:
            yield gettext("in an emergency: %(owner)s had it", owner=one.has_it)
        elif not one.still_open:
            yield gettext("in an emergency")
        elif one.has_it:
            yield gettext("in an emergency that is still open: %(owner)s has it", owner=one.has_it)
        else:
            yield gettext("in an emergency that is still open: nobody has it yet")
    elif one.line is not None:
        yield gettext("asked for %(what)s", what=_FOR[one.line])
    if one.talked is not None:
        minutes = max(1, round(one.talked / timedelta(minutes=1)))
        who = one.who or gettext("somebody")
        yield gettext("%(name)s talked with them for %(minutes)s min", name=who, minutes=minutes)
    if one.wanted:
        yield gettext("wanted: %(what)s", what=one.wanted)
    if one.dangers:
        yield gettext("danger was written down: %(what)s", what=dangers(one.dangers))
    if one.outcome is not None and one.outcome is not Outcome.REACHED and one.outcome in ENDED:
        yield ENDED[one.outcome].lower()


_FOR = Words({Line.ADMISSIONS: "admissions", Line.FAMILY: "family support", Line.PERSON: "a person"})
