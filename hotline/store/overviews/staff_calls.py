"""Calls of ours to staff that are not over: who, what for, and when each was last heard of. Read once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hotline.model import StaffId
from hotline.store.cases.pages import OPEN
from hotline.store.database import Tx
from hotline.store.overviews import telephones
from hotline.store.overviews.telephones import PhoneInUse


def all_open(tx: Tx) -> list[PhoneInUse]:
    """All that ring, are picked up, are talked on, or wait until somebody's phone is free; the oldest first.

    Of the emergencies that wait until one person's phone is free, at most two are told: any two keep it from
    everything less, and from one another, as all of them do.
    """
    now = telephones.look(tx)
    return [*(one for one in now.running() if one.page.state in OPEN), *now.waiting()]


def still_on(tx: Tx, people: Iterable[StaffId], since: datetime) -> frozenset[StaffId]:
    """Who of these picked up a call that was settled since then (UTC), and of whose end nothing was heard.

    Their line may be open still: they hear who has it, or say how it ended.
    """
    crew = frozenset(people)
    return frozenset(
        one.page.staff_id for one in telephones.look(tx, since).ending(since) if one.page.staff_id in crew
    )
