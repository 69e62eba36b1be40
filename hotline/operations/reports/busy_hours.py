"""When people call and write, by weekday and hour, where the centre is; and at which numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

from hotline.model import Channel
from hotline.operations.reports.report_period import ReportDays
from hotline.operations.transaction import Transaction
from hotline.store.reports import numbers_used, splits
from hotline.store.reports.numbers_used import NumberUsed
from hotline.store.reports.splits import Volume


@dataclass(frozen=True, slots=True)
class BusyHours:
    """What came in."""

    now: list[Volume]
    before: list[Volume]
    numbers: list[NumberUsed] = field(default_factory=list)
    """Of the period, by number of ours; empty unless some are known for something."""
    known_for: dict[str, str] = field(default_factory=dict)
    """What these numbers are known for, in the order of the settings."""


def look(transaction: Transaction, asked: ReportDays) -> BusyHours:
    """Of the period, and of the one before it."""
    tx = transaction.tx
    known_for = {one.number.e164: one.name for one in transaction.settings.centre.line.published}
    return BusyHours(
        splits.volume(tx, asked.place),
        splits.volume(tx, asked.place_before),
        numbers_used.numbers_used(tx, asked.place.period) if known_for else [],
        known_for,
    )


def came_in(volume: list[Volume], channel: Channel) -> int:
    """How many, at any hour."""
    return sum(one.contacts for one in volume if one.channel is channel)
