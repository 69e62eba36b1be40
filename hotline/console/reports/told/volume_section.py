"""When people call, write and ask on the website, by weekday and hour."""

from __future__ import annotations

from collections import Counter

from hotline.console.reports.drawing import plot_specs
from hotline.console.reports.panels import CellKind, Headline, Panel, ReportColumn, Value
from hotline.console.reports.told.section import DAYS, Section
from hotline.model import Channel
from hotline.operations.reports import busy_hours
from hotline.operations.reports.busy_hours import BusyHours, came_in

_WORDS = {
    Channel.VOICE: ("calls", "Calls"),
    Channel.TEXT: ("threads", "Threads of texts"),
    Channel.WEBSITE: ("website", "Calls asked for on the website"),
}


def drawn(found: BusyHours) -> Section:
    """One heat map for calls, one for texts, and one for what was asked for on the website, if any came."""
    heads = [
        Headline("Calls", came_in(found.now, Channel.VOICE), came_in(found.before, Channel.VOICE)),
        Headline("Threads of texts", came_in(found.now, Channel.TEXT), came_in(found.before, Channel.TEXT)),
    ]
    asked, asked_before = came_in(found.now, Channel.WEBSITE), came_in(found.before, Channel.WEBSITE)
    if asked or asked_before:
        heads.append(Headline("Asked on the website", asked, asked_before))
    panels = [_panel(found, channel) for channel in Channel if busy_hours.came_in(found.now, channel)]
    return Section(heads, panels)


def _panel(found: BusyHours, channel: Channel) -> Panel:
    key, title = _WORDS[channel]
    counted: Counter[tuple[int, int]] = Counter()
    for one in found.now:
        if one.channel is channel:
            counted[one.weekday, one.hour] += one.contacts
    rows: list[list[Value]] = [
        [day, *(counted[n, hour] for hour in range(24)), sum(counted[n, hour] for hour in range(24))]
        for n, day in enumerate(DAYS)
    ]
    cells = [
        {"day": day, "hour": f"{hour:02}", "n": counted[n, hour]}
        for n, day in enumerate(DAYS)
        for hour in range(24)
    ]
    (weekday, hour), most = counted.most_common(1)[0]
    return Panel(
        key=key,
        title=f"{title} by weekday and hour",
        columns=[
            ReportColumn("Day", CellKind.NAME),
            *(ReportColumn(f"{hour:02}") for hour in range(24)),
            ReportColumn("All", CellKind.TOTAL),
        ],
        rows=rows,
        meant="each once, when it began; calls of ours and of the staff don't count",
        plot=plot_specs.heat(cells, DAYS),
        shows=f"A square for each hour of the week. Most began on {DAYS[weekday]} at {hour:02}:00: {most}.",
    )
