"""When people call and write: by weekday and hour, where the centre is."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.model import Channel
from hotline.operations.reports.report_period import ReportDays
from hotline.operations.transaction import Transaction
from hotline.store.reports import splits
from hotline.store.reports.splits import Volume


@dataclass(frozen=True, slots=True)
class BusyHours:
    """What came in."""

    now: list[Volume]
    before: list[Volume]


def look(transaction: Transaction, asked: ReportDays) -> BusyHours:
    """Of the period, and of the one before it."""
    tx = transaction.tx
    return BusyHours(splits.volume(tx, asked.place), splits.volume(tx, asked.place_before))


def came_in(volume: list[Volume], channel: Channel) -> int:
    """How many, at any hour."""
    return sum(one.contacts for one in volume if one.channel is channel)
