"""A dry run of a policy as a table to read in a terminal; nobody is rung."""

from __future__ import annotations

from datetime import datetime, timedelta

from hotline.commands.aligned import aligned
from hotline.model import Subject
from hotline.oncall.rehearsal import rehearse
from hotline.oncall.wall_clock import said, zone
from hotline.operations.paging import duty
from hotline.operations.transaction import Transaction
from hotline.store.overviews.crew import crew

REHEARSED_FOR = timedelta(minutes=3)


def rehearsed(transaction: Transaction, subject: Subject, at: datetime) -> str:
    """Who would be rung when, if this happened at `at` (aware), everybody were free and nobody answered."""
    here = crew(transaction.tx)
    policy = duty.policy_for(transaction, subject)
    members = {one.id: one for one in here.members if one.can_be_rung}
    names = {one.id: one.name for one in here.members}
    found = rehearse(policy, lambda now: duty.on_at(policy, here.schedules, members, now), at, REHEARSED_FOR)
    place = zone(transaction.settings.centre.line.timezone)
    head = f"{subject}, {said(at, place)}, if everybody is free and nobody answers:"
    if not found:
        return f"{head}\nNOBODY WOULD BE RUNG. `hotline oncall weeks` shows who is on."
    rows = [
        (f"after {_minutes(one.after)}", names.get(one.staff, "?"), " and ".join(map(str, one.how)))
        for one in found
    ]
    return "\n".join((head, *aligned(rows), "and so on, until somebody accepts."))


def _minutes(after: timedelta) -> str:
    seconds = int(after.total_seconds())
    return f"{seconds // 60}:{seconds % 60:02}"
