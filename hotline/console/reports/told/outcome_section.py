"""What came of it: the way to an intake, what became of everybody, who was sent elsewhere, calls after emergencies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from hotline.console import page_words
from hotline.console.board.outcome_form import REASONS
from hotline.console.language.speech import Words, gettext, translated
from hotline.console.reports.drawing import plot_specs
from hotline.console.reports.panels import CellKind, Headline, Panel, ReportColumn, said
from hotline.console.reports.told.section import Section, share, word
from hotline.operations.reports.what_came_of_it import WayToAdmission, WhatCame
from hotline.store.reports.dispositions import Contacts, Disposition
from hotline.store.reports.follow_through_counts import FollowUpBecame, IntakeBecame
from hotline.worded import worded

_STEPS: Final = (
    ("asked", worded("Asked")),
    ("human", worded("Came to a human")),
    ("booked", worded("Intake booked")),
    ("soon", worded("Within 48 hours")),
    ("came", worded("Came to it")),
)
_WITHIN: Final = Words({True: "Within 48 hours", False: "Later", None: "Time not said"})
_BECAME: Final = Words(
    {
        Disposition.LIVE: "live",
        Disposition.LATER: "later",
        Disposition.OPEN: "open",
        Disposition.ABANDONED: "gave up",
        Disposition.ENDED: "ended",
        Disposition.LEFT: "left",
        Disposition.BLOCKED: "blocked",
    }
)
_CHANNELS: Final = Words({"voice": "call", "text": "text", "website": "website"})


def way(found: WayToAdmission) -> Section:
    """The chain, and what became of the intakes."""
    of = page_words.LINES[found.line].lower()
    heads = [
        Headline(translated(words), getattr(found.now, name), getattr(found.before, name), better=1)
        for name, words in _STEPS
    ]
    counts = [(translated(words), getattr(found.now, name)) for name, words in _STEPS]
    asked = found.now.asked
    rows = [
        [words, n, share(n, asked), share(n, before)]
        for (words, n), before in zip(counts, (asked, *(n for _, n in counts)), strict=False)
    ]
    bars = [
        {"name": words, "n": n, "said": f"{n}, {said(share(n, asked), CellKind.SHARE)}"}
        for words, n in counts
    ]
    chain = Panel(
        key="way",
        title=gettext("From asking to being there: people who asked for %(of)s", of=of),
        columns=[
            ReportColumn(gettext("Step"), CellKind.NAME),
            ReportColumn(gettext("People")),
            ReportColumn(gettext("Of those who asked"), CellKind.SHARE),
            ReportColumn(gettext("Of the step before"), CellKind.SHARE),
        ],
        rows=rows,
        meant=gettext(
            "each number that called or wrote is one person, and as far as the furthest of it by the period's end"
        ),
        plot=plot_specs.bars_across(bars, [words for words, _ in counts], gettext("People")),
        shows=gettext(
            "Of %(asked)s who asked, %(human)s came to a human and %(came)s to an intake soon.",
            asked=asked,
            human=found.now.human,
            came=found.now.came,
        ),
    )
    return Section(heads, [*([chain] if asked else []), *_intakes(found)])


def _intakes(found: WayToAdmission) -> Iterator[Panel]:
    counted: defaultdict[bool | None, Counter[IntakeBecame]] = defaultdict(Counter)
    for one in found.intakes:
        counted[one.soon][one.became] += one.intakes
    if not counted:
        return
    kinds = [word(one.value) for one in IntakeBecame]
    bars = plot_specs.ordered(
        (
            {"name": _WITHIN[soon], "kind": word(became.value), "n": n}
            for soon, theirs in counted.items()
            for became, n in theirs.items()
        ),
        kinds,
    )
    yield Panel(
        key="intakes",
        title=gettext("Intakes that were booked, and whether they came"),
        columns=[
            ReportColumn(gettext("Intake"), CellKind.NAME),
            *(ReportColumn(word(one.value).capitalize()) for one in IntakeBecame),
            ReportColumn(gettext("Booked"), CellKind.TOTAL),
            ReportColumn(gettext("Came, of those over"), CellKind.SHARE),
        ],
        rows=[
            [
                _WITHIN[soon],
                *(theirs[one] for one in IntakeBecame),
                theirs.total(),
                share(theirs[IntakeBecame.CAME], theirs.total() - theirs[IntakeBecame.AHEAD]),
            ]
            for soon, theirs in counted.items()
        ],
        meant=gettext(
            "within 48 hours of when they asked; unsaid: nobody said whether they came, so they were to be called; "
            "ahead: to come, or still to be said"
        ),
        plot=plot_specs.stacked_across(bars, [_WITHIN[one] for one in counted], kinds, gettext("Intakes")),
        shows=gettext("How many came, by how soon after asking the intake was."),
    )


def what_came(found: WhatCame) -> Section:
    """What became of everybody, how calls ended, and what was done for whom nothing could be done here."""
    now, before = _sums(found.dispositions), _sums(found.before)
    reached, reached_before = (
        share(each[Disposition.LIVE] + each[Disposition.LATER], each.total()) for each in (now, before)
    )
    heads = [
        Headline(gettext("Contacts"), now.total(), before.total()),
        Headline(gettext("Contacts that came to a human"), reached, reached_before, CellKind.SHARE, better=1),
        Headline(gettext("Gave up"), now[Disposition.ABANDONED], before[Disposition.ABANDONED], better=-1),
    ]
    return Section(heads, [*_dispositions(found), *_ended(found), *_sent(found), *_followed_up(found)])


def _sums(found: list[Contacts]) -> Counter[Disposition]:
    sums: Counter[Disposition] = Counter()
    for one in found:
        sums[one.disposition] += one.contacts
    return sums


def _dispositions(found: WhatCame) -> Iterator[Panel]:
    counted: defaultdict[str, Counter[Disposition]] = defaultdict(Counter)
    for one in found.dispositions:
        counted[f"{page_words.LINES[one.line]}, {_CHANNELS[one.channel.value]}"][one.disposition] += (
            one.contacts
        )
    if not counted:
        return
    kinds = list(_BECAME.values())
    bars = plot_specs.ordered(
        (
            {"name": name, "kind": _BECAME[what], "n": n}
            for name, theirs in counted.items()
            for what, n in theirs.items()
        ),
        kinds,
    )
    yield Panel(
        key="became",
        title=gettext("What became of everybody: each in one column"),
        columns=[
            ReportColumn(gettext("Line, by"), CellKind.NAME),
            *(ReportColumn(words.capitalize()) for words in kinds),
            ReportColumn(gettext("All"), CellKind.TOTAL),
            ReportColumn(gettext("Came to a human"), CellKind.SHARE),
        ],
        rows=[
            [
                name,
                *(theirs[one] for one in _BECAME),
                theirs.total(),
                share(theirs[Disposition.LIVE] + theirs[Disposition.LATER], theirs.total()),
            ]
            for name, theirs in counted.items()
        ],
        meant=gettext(
            "later: talked afterwards; open: going on, or something is owed; ended: closed without a talk; "
            "left: chose nothing; emergencies don't give up: we tell them to hang up and dial 911"
        ),
        plot=plot_specs.stacked_across(bars, list(counted), kinds, gettext("Contacts")),
        shows=gettext("For each line: who came to a human, at once or later, and who did not."),
    )


def _ended(found: WhatCame) -> Iterator[Panel]:
    sums: Counter[str] = Counter()
    for one in found.ended:
        sums[word(one.outcome.value if one.outcome else "not over")] += one.calls
    if sums:
        ranked = sums.most_common()
        bars = [{"name": name, "n": n, "said": str(n)} for name, n in ranked]
        yield Panel(
            key="ended",
            title=gettext("How calls ended"),
            columns=[
                ReportColumn(gettext("Outcome"), CellKind.NAME),
                ReportColumn(gettext("Calls")),
                ReportColumn(gettext("Share"), CellKind.SHARE),
            ],
            rows=[[name, n, share(n, sums.total())] for name, n in ranked],
            meant=gettext(
                "callback: a callback owns what they wanted; left early: before they chose anything"
            ),
            plot=plot_specs.bars_across(bars, [name for name, _ in ranked], gettext("Calls")),
            shows=gettext(
                "Most ended as %(outcome)s: %(number)s of %(all)s.",
                outcome=ranked[0][0],
                number=ranked[0][1],
                all=sums.total(),
            ),
        )


def _sent(found: WhatCame) -> Iterator[Panel]:
    if found.not_admitted:
        yield Panel(
            key="not-admitted",
            title=gettext("Who was not admitted, and why; each was connected with somebody else"),
            columns=[ReportColumn(gettext("Why"), CellKind.NAME), ReportColumn(gettext("People"))],
            rows=[[REASONS[one.reason], one.people] for one in found.not_admitted],
        )


def _followed_up(found: WhatCame) -> Iterator[Panel]:
    offered = Counter({one.became: one.people for one in found.follow_ups})
    if offered:
        yield Panel(
            key="follow-ups",
            title=gettext("Calls some days after an emergency"),
            columns=[
                ReportColumn(gettext("Of emergencies with a number to call"), CellKind.NAME),
                *(ReportColumn(word(one.value).capitalize()) for one in FollowUpBecame),
                ReportColumn(gettext("All"), CellKind.TOTAL),
            ],
            rows=[[gettext("All"), *(offered[one] for one in FollowUpBecame), offered.total()]],
            meant=gettext(
                "agreed: not over yet; ended: closed without a talk; no calls: agreed, then they wanted none; "
                "offered: nobody has said whether they want it"
            ),
        )
