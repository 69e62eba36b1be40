"""The report for people, in aligned tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from hotline.callbacks.ledger import Became
from hotline.commands.aligned import aligned
from hotline.model import NOT_KNOWN, ByWord, Channel, Line, Outcome
from hotline.operations.reports.figures import Figures, hours, judged
from hotline.store.reports.crew_measures import TakenTimes
from hotline.store.reports.dispositions import Disposition
from hotline.store.reports.follow_through_counts import FollowUpBecame, IntakeBecame
from hotline.store.traffic.readings import Did

_IN_WORDS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PROMPTS: Final = {
    "emergency_hidden": "emergency, number withheld",
    "menu_speech": "menu, asked to say it",
}
"""What a prompt's key doesn't tell by itself; the others are called by it."""
_BY: Final = ByWord({Channel.VOICE: "call", Channel.TEXT: "text", Channel.WEBSITE: "website"}, NOT_KNOWN)


@dataclass(frozen=True, slots=True)
class _Table:
    """What is to be read together. The first `names` columns are words, the others numbers."""

    title: str
    heads: Sequence[str]
    names: int
    rows: Sequence[Sequence[str]]
    meant: str = ""
    """What a head doesn't tell by itself."""

    def __str__(self) -> str:
        lines = aligned((self.heads, *self.rows), self.names)
        meant = (f"  ({self.meant})",) if self.meant else ()
        return "\n".join((self.title, *meant, *(f"  {line}" for line in lines)))


def told(figures: Figures) -> str:
    """The report for people, in aligned tables; what is empty is left out."""
    several = figures.days > 1
    number = _IN_WORDS[figures.days] if figures.days < len(_IN_WORDS) else str(figures.days)
    lately = f"these {number} days" if several else "this day"
    calls = figures.calls
    if not any(
        (
            calls,
            figures.dispositions,
            figures.promises,
            figures.rung_back,
            figures.called,
            figures.work,
            figures.intakes,
            figures.not_admitted,
            figures.follow_ups,
            *figures.stops,
            figures.read,
        )
    ):
        return f"No calls in {lately}."
    came = f"{calls} call{'' if calls == 1 else 's'}" if calls else "No calls"
    first, last = (at.astimezone(figures.zone) for at in (figures.period.since, figures.period.until))
    span = f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}, {figures.zone.key}"
    tables = [table for table in _tables(figures) if table.rows]
    return "\n\n".join((f"{came} in {lately} ({span}).", *map(str, tables)))


def _tables(figures: Figures) -> Iterator[_Table]:
    calls = figures.calls
    ended = _sums((one.outcome, one.calls) for one in figures.ended)
    yield _Table(
        "How calls ended",
        ("outcome", "calls", "share"),
        1,
        [(_outcome(outcome), str(n), _share(n, calls)) for outcome, n in ended],
    )
    yield _Table(
        "Where callers were lost: the last words they heard before a human or a promise",
        ("prompt", "language", "line", "calls", "share"),
        3,
        [
            (
                _PROMPTS.get(one.prompt or "none", one.prompt or "none"),
                one.language,
                _line(one.line),
                str(one.calls),
                _share(one.calls, calls),
            )
            for one in figures.lost
        ],
        "`hotline prompts list` shows the words of each prompt",
    )
    yield _dispositions(figures)
    yield _Table(
        "Minutes until a human, or until they gave up: half of them within, 90 % and 99 % of them within",
        ("line", "how", "people", "half", "90 %", "99 %"),
        2,
        [
            (_line(one.line), how, str(one.people), *(_minutes(at) for at in (one.p50, one.p90, one.p99)))
            for how, found in (
                ("live", figures.live),
                ("rung back", figures.rung_back),
                ("wrote, called", figures.called),
                ("gave up", figures.given_up),
            )
            for one in found
        ],
        "a human with whom they talked: answers in writing are not timed",
    )
    yield _promises(figures)
    yield from _follow_through(figures)
    yield _Table(
        "Why promises were late",
        ("line", "why", "promises"),
        2,
        [(one.line, one.fault, str(one.promises)) for one in figures.faults],
    )
    yield _Table(
        "Promises kept by what staff say alone: that they have talked, and no call here shows it",
        ("line", "promises"),
        1,
        [(one.line, str(one.promises)) for one in figures.by_word],
    )
    yield _Table(
        "What waited for staff, and the minutes until somebody took it",
        ("what", "opened", "taken", "over untaken", "still waits", "half", "90 %", "99 %"),
        1,
        [_taken(one) for one in figures.taken],
        "over untaken: answered otherwise, withdrawn, or phones rang for it anew later",
    )
    yield _Table(
        "What staff were asked, and did",
        ("name", "rung", "picked up", "texted", "took", "outcomes", "texts written"),
        1,
        [
            (name, *map(str, (one.rung, one.picked_up, one.texted, one.took, one.outcomes, one.texts)))
            for name, one in figures.work
        ],
    )
    out, again = figures.stops
    yield _Table(
        "Texts",
        ("asked for", "times"),
        1,
        [("no more texts", str(out)), ("texts again", str(again))] if out or again else [],
    )
    yield _read(figures)
    yield _by_hour(figures)


def _read(figures: Figures) -> _Table:
    return _Table(
        "How texts were read: each in one of paged to others; of those paged, what staff say; missed: not paged",
        (
            "language",
            "read",
            "paged",
            "to a person",
            "opt-outs",
            "others",
            "found",
            "needless",
            "not judged",
            "missed",
        ),
        1,
        [
            (
                one.language,
                str(one.did.total()),
                *(str(one.did[did]) for did in Did),
                *map(str, (one.found, one.needless, one.unjudged, one.missed)),
            )
            for one in judged(figures)
        ],
        "paged: read as an emergency; in one that is open already, it goes to whoever has it, and rings nobody anew",
    )


def _by_hour(figures: Figures) -> _Table:
    outcomes = [outcome for outcome, _ in _sums((one.outcome, one.calls) for one in figures.quarters)]
    counted = hours(figures)
    return _Table(
        "Calls by the hour of the day in which they began",
        ("hour", "calls", *map(_outcome, outcomes)),
        1,
        [
            (
                f"{hour:02}:00",
                str(sum(counted[hour, outcome] for outcome in outcomes)),
                *(str(counted[hour, outcome] or "-") for outcome in outcomes),
            )
            for hour in sorted({hour for hour, _ in counted})
        ],
    )


def _dispositions(figures: Figures) -> _Table:
    counted: dict[tuple[Line | None, Channel], Counter[Disposition]] = {}
    for one in figures.dispositions:
        counted.setdefault((one.line, one.channel), Counter())[one.disposition] += one.contacts
    emergencies = (Line.EMERGENCY, Channel.VOICE) in counted
    return _Table(
        "What became of everybody: each in one column",
        (
            "line",
            "by",
            "all",
            "live",
            "share",
            "later",
            "share",
            "open",
            "gave up",
            "ended",
            "left",
            "blocked",
        ),
        2,
        [
            (_line(line), _BY[channel], str(found.total()), *_row_of_dispositions(found))
            for (line, channel), found in counted.items()
        ],
        "later: talked afterwards; open: going on, or something is owed; ended: closed without a talk; "
        "left: chose nothing"
        + ("; emergencies don't give up: we tell them to hang up" if emergencies else ""),
    )


def _row_of_dispositions(found: Counter[Disposition]) -> Iterator[str]:
    for disposition in Disposition:
        yield str(found[disposition])
        if disposition in (Disposition.LIVE, Disposition.LATER):
            yield _share(found[disposition], found.total())


def _promises(figures: Figures) -> _Table:
    counted: dict[Line, Counter[Became]] = {}
    for one in figures.promises:
        counted.setdefault(one.line, Counter())[one.became] += one.promises
    return _Table(
        "Promises to ring back, by the line that they were made for: each in one column",
        ("line", "made", "kept", "late", "waiting", "withdrawn", "replaced", "emergency", "kept of due"),
        1,
        [
            (
                line,
                str(found.total()),
                *(str(found[became]) for became in Became),
                _share(found[Became.KEPT], found[Became.KEPT] + found[Became.LATE]),
            )
            for line, found in counted.items()
        ],
        "kept: their phone rang in time, they called and talked, or staff say so; replaced: by another",
    )


_WITHIN: Final = {True: "within 48 hours", False: "later", None: "time not said"}


def _follow_through(figures: Figures) -> Iterator[_Table]:
    counted: dict[bool | None, Counter[IntakeBecame]] = {}
    for one in figures.intakes:
        counted.setdefault(one.soon, Counter())[one.became] += one.intakes
    yield _Table(
        "Intakes that were booked, by how soon after they asked: each in one column",
        ("intake", "booked", *IntakeBecame, "came, of those over"),
        1,
        [
            (
                _WITHIN[soon],
                str(found.total()),
                *(str(found[became]) for became in IntakeBecame),
                _share(found[IntakeBecame.CAME], found.total() - found[IntakeBecame.AHEAD]),
            )
            for soon, found in counted.items()
        ],
        "unsaid: nobody said whether they came, so they were to be called; ahead: to come, or still to be said",
    )
    yield _Table(
        "Who was not admitted, and why; each was connected with somebody else",
        ("why", "people"),
        1,
        [(one.reason.replace("_", " "), str(one.people)) for one in figures.not_admitted],
    )
    offered = Counter({one.became: one.people for one in figures.follow_ups})
    yield _Table(
        "Calls some days after an emergency: each that was closed with a number to call in one column",
        ("emergencies", *(became.replace("_", " ") for became in FollowUpBecame)),
        0,
        [(str(offered.total()), *(str(offered[became]) for became in FollowUpBecame))] if offered else [],
        "agreed: not over yet; ended: closed without a talk; no calls: agreed, then they wanted none; "
        "offered: nobody has said whether they want it",
    )


def _taken(one: TakenTimes) -> tuple[str, ...]:
    times = one.taken
    waits = ("-", "-", "-") if times is None else map(_minutes, (times.p50, times.p90, times.p99))
    counts = one.opened, times.times if times else 0, one.over_untaken, one.waiting
    return (one.subject, *map(str, counts), *waits)


def _sums(found: Iterable[tuple[Outcome | None, int]]) -> list[tuple[Outcome | None, int]]:
    sums: Counter[Outcome | None] = Counter()
    for outcome, n in found:
        sums[outcome] += n
    return sums.most_common()


def _outcome(outcome: Outcome | None) -> str:
    return outcome.replace("_", " ") if outcome else "not over"


def _line(line: Line | None) -> str:
    return line or "none"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"


def _minutes(wait: timedelta) -> str:
    """Rounded up to the second."""
    seconds = -(-wait // timedelta(seconds=1))
    return f"{seconds // 60}:{seconds % 60:02}"
