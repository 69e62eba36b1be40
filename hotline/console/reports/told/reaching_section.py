"""How soon people are with a human, which promises were kept, and where callers were lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from hotline.callbacks.ledger import Became
from hotline.console import page_words
from hotline.console.language.speech import Words, gettext
from hotline.console.reports.drawing import plot_specs
from hotline.console.reports.panels import CellKind, Headline, Panel, ReportColumn, Value
from hotline.console.reports.told.section import SPLITS, Section, in_order, minutes, named, share, whole, word
from hotline.operations.reports.reaching_people import ReachedSplit, ReachingPeople, became, kept_of_due
from hotline.store.reports.splits import By
from hotline.store.reports.waits import Percentiles

_MOST_PLACES: Final = 12
"""In the plot; the table has all."""
_PROMPTS: Final = Words(
    {
        "emergency_hidden": "emergency, number withheld",
        "menu_speech": "menu, asked to say it",
    }
)


def drawn(found: ReachingPeople) -> Section:
    """Times and promises by line, hour and language; then which are kept by a word, why others were late, and where
    callers were lost."""
    panels = [
        *(one for by, words in SPLITS.items() for one in _split(found.split[by], by, words)),
        *_by_word(found),
        *_late(found),
        *_lost(found),
    ]
    return Section(headlines(found), panels)


def headlines(found: ReachingPeople) -> list[Headline]:
    """The figures by which the line is judged."""
    now, before = whole(found.whole.live), whole(found.before.live)
    back, back_before = whole(found.whole.rung_back), whole(found.before.rung_back)
    kept, kept_before = (
        kept_of_due(became(one.promises).get("all", Counter())) for one in (found.whole, found.before)
    )
    lost = sum(one.calls for one in found.lost)
    return [
        Headline(gettext("To a human, live: half within"), *_medians(now, before), CellKind.TIME, better=-1),
        Headline(gettext("To a human, live: 90 % within"), *_nines(now, before), CellKind.TIME, better=-1),
        Headline(gettext("Rung back: half within"), *_medians(back, back_before), CellKind.TIME, better=-1),
        Headline(gettext("Promises kept"), kept, kept_before, CellKind.SHARE, better=1),
        Headline(gettext("Lost before a human or a promise"), lost, found.lost_before, better=-1),
    ]


def _medians(now: Percentiles | None, before: Percentiles | None) -> tuple[Value, Value]:
    return now.p50 if now else None, before.p50 if before else None


def _nines(now: Percentiles | None, before: Percentiles | None) -> tuple[Value, Value]:
    return now.p90 if now else None, before.p90 if before else None


def _split(found: ReachedSplit, by: By, words: str) -> Iterator[Panel]:
    yield from _times(found, by, words)
    yield from _promises(found, by, words)


def _times(found: ReachedSplit, by: By, words: str) -> Iterator[Panel]:
    live = {one.by: one for one in found.live}
    back = {one.by: one for one in found.rung_back}
    values = in_order(by, (*live, *back))
    if not values:
        return
    rows = [
        [named(by, one), *(cell for found in (live.get(one), back.get(one)) for cell in _cells(found))]
        for one in values
    ]
    kinds = (gettext("half of them within"), gettext("90 % of them within"))
    points = [
        {"name": named(by, one), "hour": int(one or 0) if by is By.HOUR else 0, "kind": kind, "minutes": n}
        for one in values
        if one in live
        for kind, n in zip(kinds, (minutes(live[one].p50), minutes(live[one].p90)), strict=True)
    ]
    names = [named(by, one) for one in values if one in live]
    by_hour = by is By.HOUR
    plot = (
        plot_specs.times_by_hour(points, kinds) if by_hour else plot_specs.times_across(points, names, kinds)
    )
    yield Panel(
        key=f"times-by-{by}",
        title=gettext("Minutes until a human, by %(words)s", words=words),
        columns=[
            ReportColumn(words.capitalize(), CellKind.NAME),
            ReportColumn(gettext("Live")),
            ReportColumn(gettext("Half within"), CellKind.TIME),
            ReportColumn(gettext("90 % within"), CellKind.TIME),
            ReportColumn(gettext("Rung back")),
            ReportColumn(gettext("Half within"), CellKind.TIME),
            ReportColumn(gettext("90 % within"), CellKind.TIME),
        ],
        rows=rows,
        meant=gettext(
            "live: on the call itself, from its beginning; rung back: from the first promise to the talk"
        ),
        plot=plot if points else None,
        shows=gettext(
            "For those who were reached live: within how many minutes half of them were, and nine of ten."
        ),
    )


def _cells(one: Percentiles | None) -> tuple[Value, ...]:
    return (0, None, None) if one is None else (one.times, one.p50, one.p90)


def _promises(found: ReachedSplit, by: By, words: str) -> Iterator[Panel]:
    counted = became(found.promises)
    values = in_order(by, counted)
    if not values:
        return
    kinds = [word(one.value) for one in Became]
    rows = [
        [
            named(by, one),
            *(counted[one or ""][what] for what in Became),
            counted[one or ""].total(),
            kept_of_due(counted[one or ""]),
        ]
        for one in values
    ]
    bars = plot_specs.ordered(
        (
            {
                "name": named(by, one),
                "hour": int(one or 0) if by is By.HOUR else 0,
                "kind": word(what.value),
                "n": n,
            }
            for one in values
            for what, n in counted[one or ""].items()
        ),
        kinds,
    )
    shown = [kind for kind in kinds if any(one["kind"] == kind for one in bars)]
    names = [named(by, one) for one in values]
    by_hour = by is By.HOUR
    yield Panel(
        key=f"promises-by-{by}",
        title=gettext("Promises to ring back, by %(words)s", words=words),
        columns=[
            ReportColumn(words.capitalize(), CellKind.NAME),
            *(ReportColumn(word(what.value).capitalize()) for what in Became),
            ReportColumn(gettext("Made"), CellKind.TOTAL),
            ReportColumn(gettext("Kept of due"), CellKind.SHARE),
        ],
        rows=rows,
        meant=gettext(
            "kept: their phone rang in time, they called and talked, or staff say so; waiting: not due yet; "
            "replaced: by another"
        ),
        plot=plot_specs.stacked_by_hour(bars, shown, gettext("Promises"))
        if by_hour
        else plot_specs.stacked_across(bars, names, shown, gettext("Promises")),
        shows=gettext("How many were kept, late, or became something else."),
    )


def _late(found: ReachingPeople) -> Iterator[Panel]:
    if found.faults:
        rows: list[list[Value]] = [
            [page_words.LINES[one.line], word(one.fault.value), one.promises] for one in found.faults
        ]
        yield Panel(
            key="late",
            title=gettext("Why promises were late"),
            columns=[
                ReportColumn(gettext("Line"), CellKind.NAME),
                ReportColumn(gettext("Why"), CellKind.NAME),
                ReportColumn(gettext("Promises")),
            ],
            rows=rows,
        )


def _by_word(found: ReachingPeople) -> Iterator[Panel]:
    if found.by_word:
        rows: list[list[Value]] = [[page_words.LINES[one.line], one.promises] for one in found.by_word]
        yield Panel(
            key="kept-by-word",
            title=gettext("Kept by what staff say alone"),
            columns=[ReportColumn(gettext("Line"), CellKind.NAME), ReportColumn(gettext("Promises"))],
            rows=rows,
            meant=gettext("staff say that they have talked, and no call here shows it"),
        )


def _lost(found: ReachingPeople) -> Iterator[Panel]:
    if found.lost:
        places: dict[str, int] = {}
        for one in found.lost:
            place = _prompt(one.prompt)
            places[place] = places.get(place, 0) + one.calls
        ranked = sorted(places.items(), key=lambda item: (-item[1], item[0]))
        lost = sum(places.values())
        most = ranked[:_MOST_PLACES]
        bars = [{"name": name, "n": n, "said": f"{n}"} for name, n in most]
        yield Panel(
            key="lost",
            title=gettext("Where callers were lost: the last words they heard before a human or a promise"),
            columns=[
                ReportColumn(gettext("Prompt"), CellKind.NAME),
                ReportColumn(gettext("Language"), CellKind.NAME),
                ReportColumn(gettext("Line"), CellKind.NAME),
                ReportColumn(gettext("Calls")),
                ReportColumn(gettext("Share"), CellKind.SHARE),
            ],
            rows=[
                [
                    _prompt(one.prompt),
                    page_words.LANGUAGES[one.language],
                    page_words.LINES[one.line],
                    one.calls,
                    share(one.calls, lost),
                ]
                for one in found.lost
            ],
            meant=gettext("`hotline prompts list` shows the words of each prompt"),
            plot=plot_specs.bars_across(bars, [name for name, _ in most], gettext("Calls")),
            shows=gettext(
                "Most were lost at %(place)s: %(number)s of %(all)s.",
                place=most[0][0],
                number=most[0][1],
                all=lost,
            ),
        )
    if found.given_up:
        yield Panel(
            key="gave-up",
            title=gettext("How long those waited who hung up and have talked with nobody since"),
            columns=[
                ReportColumn(gettext("Line"), CellKind.NAME),
                ReportColumn(gettext("People")),
                ReportColumn(gettext("Half within"), CellKind.TIME),
                ReportColumn(gettext("90 % within"), CellKind.TIME),
            ],
            rows=[[page_words.LINES[one.line], one.people, one.p50, one.p90] for one in found.given_up],
        )


def _prompt(key: str | None) -> str:
    if key is None:
        return word("none")
    return _PROMPTS.get(key) or key.replace("_", " ")
