"""The log of denials and referrals, as 105 CMR 164.070 asks for it: rows about persons, for supervisors."""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

from hotline.console import page_words
from hotline.console.board.outcome_form import REASONS
from hotline.console.language import dates
from hotline.console.language.speech import gettext
from hotline.console.reports.panels import CellKind, Panel, ReportColumn
from hotline.model import Outcome
from hotline.operations.reports.what_came_of_it import MOST_LOGGED, ReferralLog
from hotline.store.reports.referral_log import LoggedReferral


def panel(found: ReferralLog, zone: ZoneInfo) -> Panel:
    """A row for each who was sent elsewhere."""
    at = partial(dates.day_clock, place=zone)
    rows = [
        [
            at(one.said_at),
            page_words.LINES[one.line],
            gettext("Not admitted") if one.outcome is Outcome.NOT_ADMITTED else gettext("Referred"),
            REASONS[one.reason] if one.reason else None,
            one.to_whom or _no_one(one),
            one.why,
            found.names.get(one.said_by, "?"),
            one.contact,
        ]
        for one in found.each
    ]
    heads = (
        gettext("When"),
        gettext("Line"),
        gettext("What"),
        gettext("Why"),
        gettext("Connected with, or sent to"),
        gettext("In words"),
        gettext("By"),
        gettext("Case"),
    )
    meant = gettext("what was taken back is left out; who looks here is in the audit trail")
    if len(rows) == MOST_LOGGED:
        meant = f"{meant}; {gettext('the latest %(number)s of them', number=MOST_LOGGED)}"
    return Panel(
        key="log",
        title=gettext("The log of denials and referrals"),
        columns=[ReportColumn(head, CellKind.WORDS) for head in heads],
        rows=rows,
        meant=meant,
        of_persons=True,
        cases=[one.contact for one in found.each],
    )


def _no_one(one: LoggedReferral) -> str:
    if one.outcome is Outcome.NOT_ADMITTED:
        return gettext("Nobody")
    return gettext("Not said yet") if one.asked else gettext("Not said")
