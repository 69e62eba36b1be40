"""Who was on earlier, as it was noted then: a rotation that came later has left nobody alone yesterday."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from hotline.oncall.schedule import Schedule, Stretch, timeline
from hotline.operations.transaction import Transaction
from hotline.store.database.periods import Period
from hotline.store.duty import duty_ledger
from hotline.store.duty.duty_ledger import DutyStretch


def timelines(
    transaction: Transaction, schedules: Sequence[Schedule], begins: datetime, ends: datetime
) -> dict[str, list[Stretch]]:
    """Of each schedule, by name: until now as it was noted, then as it is planned. Both ends aware.

    Of a time that is over and was not noted nothing is known, and it has no stretch.
    """
    now = transaction.now
    noted = duty_ledger.noted(transaction.tx)
    found = duty_ledger.stretches(transaction.tx, Period(begins, now)) if begins < now else []
    whole: dict[str, list[Stretch]] = {}
    for one in schedules:
        was = noted.get(one.name)
        until = max(begins, was.until if was is not None else now)
        theirs = [stretch for stretch in found if stretch.schedule == one.name]
        known = _noted(theirs, max(begins, was.since), until) if was is not None else []
        whole[one.name] = [*known, *timeline(one, until, ends)]
    return whole


def _noted(theirs: Sequence[DutyStretch], since: datetime, until: datetime) -> list[Stretch]:
    edges = {since, until}
    edges.update(edge for one in theirs for edge in (one.starts, one.ends) if since < edge < until)
    return [
        Stretch(
            starts, ends, tuple(one.person for one in theirs if one.starts <= starts and ends <= one.ends)
        )
        for starts, ends in pairwise(sorted(edges))
    ]
