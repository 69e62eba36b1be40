"""The log of denials and referrals, as 105 CMR 164.070 asks for it: rows about persons, for supervisors."""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

from hotline.console import page_words
from hotline.console.board.outcome_form import REASONS
from hotline.console.reports.panels import CellKind, Panel, ReportColumn
from hotline.model import Outcome
from hotline.oncall import wall_clock
from hotline.operations.reports.what_came_of_it import MOST_LOGGED, ReferralLog


def panel(found: ReferralLog, zone: ZoneInfo) -> Panel:
    """A row for each who was sent elsewhere."""
    at = partial(wall_clock.said, place=zone)
    rows = [
        [
            at(one.said_at),
            page_words.LINES[one.line],
            "Not admitted" if one.outcome is Outcome.NOT_ADMITTED else "Referred",
            REASONS[one.reason] if one.reason else None,
            one.to_whom,
            one.why,
            found.names.get(one.said_by, "?"),
            one.contact,
        ]
        for one in found.each
    ]
    heads = ("When", "Line", "What", "Why", "Connected with, or sent to", "In words", "By", "Case")
    more = f"; the latest {MOST_LOGGED} of them" if len(rows) == MOST_LOGGED else ""
    return Panel(
        key="log",
        title="The log of denials and referrals",
        columns=[ReportColumn(head, CellKind.WORDS) for head in heads],
        rows=rows,
        meant=f"what was taken back is left out; who looks here is in the audit trail{more}",
        of_persons=True,
        cases=[one.contact for one in found.each],
    )
