"""When people call, write and ask on the website, by weekday and hour; and at which numbers."""

from __future__ import annotations

from collections import Counter

from hotline.console.language.speech import Words, gettext
from hotline.console.reports.drawing import plot_specs
from hotline.console.reports.panels import CellKind, Headline, Panel, ReportColumn, Value
from hotline.console.reports.told.section import Section, days
from hotline.model import Channel
from hotline.operations.reports import busy_hours
from hotline.operations.reports.busy_hours import BusyHours, came_in

_KEYS = {Channel.VOICE: "calls", Channel.TEXT: "threads", Channel.WEBSITE: "website"}
_TITLES = Words(
    {
        Channel.VOICE: "Calls by weekday and hour",
        Channel.TEXT: "Threads of texts by weekday and hour",
        Channel.WEBSITE: "Calls asked for on the website by weekday and hour",
    }
)


def drawn(found: BusyHours) -> Section:
    """One heat map for calls, one for texts, and one for what was asked for on the website, if any came."""
    heads = [
        Headline(gettext("Calls"), came_in(found.now, Channel.VOICE), came_in(found.before, Channel.VOICE)),
        Headline(
            gettext("Threads of texts"), came_in(found.now, Channel.TEXT), came_in(found.before, Channel.TEXT)
        ),
    ]
    asked, asked_before = came_in(found.now, Channel.WEBSITE), came_in(found.before, Channel.WEBSITE)
    if asked or asked_before:
        heads.append(Headline(gettext("Asked on the website"), asked, asked_before))
    panels = [_panel(found, channel) for channel in Channel if busy_hours.came_in(found.now, channel)]
    return Section(heads, [*panels, *_numbers(found)])


def _numbers(found: BusyHours) -> list[Panel]:
    """By what the numbers are known for; the others in one row, for they are for everything."""
    if not found.numbers:
        return []
    used = {one.number: one for one in found.numbers}
    known = [(name, [used[number]] if number in used else []) for number, name in found.known_for.items()]
    others = [one for number, one in used.items() if number not in found.known_for]
    rows: list[list[Value]] = []
    for name, several in [*known, (gettext("Other numbers"), others)]:
        human, none = sum(one.human for one in several), sum(one.none for one in several)
        rows.append([name, human, none, human + none])
    return [
        Panel(
            key="numbers",
            title=gettext("By the number that they used"),
            columns=[
                ReportColumn(gettext("Reached us at"), CellKind.NAME),
                ReportColumn(gettext("Came to a human")),
                ReportColumn(gettext("Did not")),
                ReportColumn(gettext("All"), CellKind.TOTAL),
            ],
            rows=rows,
            meant=gettext(
                "each call and each thread once, when it began; what had become of it by the end of the period"
            ),
        )
    ]


def _panel(found: BusyHours, channel: Channel) -> Panel:
    key, week = _KEYS[channel], days()
    counted: Counter[tuple[int, int]] = Counter()
    for one in found.now:
        if one.channel is channel:
            counted[one.weekday, one.hour] += one.contacts
    rows: list[list[Value]] = [
        [day, *(counted[n, hour] for hour in range(24)), sum(counted[n, hour] for hour in range(24))]
        for n, day in enumerate(week)
    ]
    cells = [
        {"day": day, "hour": f"{hour:02}", "n": counted[n, hour]}
        for n, day in enumerate(week)
        for hour in range(24)
    ]
    (weekday, hour), most = counted.most_common(1)[0]
    return Panel(
        key=key,
        title=_TITLES[channel],
        columns=[
            ReportColumn(gettext("Day"), CellKind.NAME),
            *(ReportColumn(f"{hour:02}") for hour in range(24)),
            ReportColumn(gettext("All"), CellKind.TOTAL),
        ],
        rows=rows,
        meant=gettext("each once, when it began; calls of ours and of the staff don't count"),
        plot=plot_specs.heat(cells, week),
        shows=gettext(
            "A square for each hour of the week. Most began on %(day)s at %(hour)s: %(number)s.",
            day=week[weekday],
            hour=f"{hour:02}:00",
            number=most,
        ),
    )
