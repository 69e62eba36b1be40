"""News that never came: calls, rings and stays in a room that are over, or must be taken for over.

The carrier tells each end once, and what it tells can be lost. Whoever is taken for being on the telephone is rung
for nothing else, and whoever is taken for waiting in a room keeps others from being fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from hotline.effects import HangUp
from hotline.model import ContactId, PageId
from hotline.operations import answers
from hotline.operations.answers import Then
from hotline.operations.conversation import caller
from hotline.operations.due_work import Work, each
from hotline.operations.staff import confirming
from hotline.operations.transaction import Transaction
from hotline.store import calls_seen, contacts, escalations, pages, rooms
from hotline.store.outbox import Origin
from hotline.store.pages import State as PageState
from hotline.triage.contact import State

STALE_CALL = timedelta(seconds=120)
"""A call of ours comes round to us at least every half minute; one silent for this long is over."""
STALE_DIAL = timedelta(minutes=30)
"""A caller's own leg that has dialled people, and may be talking with one of them."""
STALE_TALK = timedelta(hours=4)
"""A room from which nothing was heard for so long."""
RING_LOST = timedelta(seconds=45)
"""Longer than a staff phone rings."""
ALONE = timedelta(minutes=5)
"""Longer than anybody is asked to wait in a room for a caller who is being rung."""


def found(transaction: Transaction) -> list[Work]:
    """Everything of which the end was not heard."""
    open_calls = pages.open_calls(transaction.tx)
    return [
        *each(confirming.leg_over, _lost_rings(transaction, open_calls)),
        *each(_let_go, _alone_too_long(transaction, open_calls)),
        *each(_lost_call, _lost_calls(transaction)),
    ]


def _lost_rings(transaction: Transaction, open_calls: Sequence[pages.PageRow]) -> list[PageId]:
    since = transaction.now - transaction.settings.centre.waits.staff_ring - RING_LOST
    return [page.id for page in open_calls if page.state is not PageState.ACCEPTED and page.placed_at < since]


def _alone_too_long(transaction: Transaction, open_calls: Sequence[pages.PageRow]) -> list[PageId]:
    since = transaction.now - ALONE
    accepted = [page for page in open_calls if page.state is PageState.ACCEPTED]
    return [
        page.id
        for page in accepted
        if (page.answered_at or page.placed_at) < since and _is_alone(transaction, page)
    ]


def _is_alone(transaction: Transaction, page: pages.PageRow) -> bool:
    row = escalations.get(transaction.tx, page.escalation_id)
    if row is None:
        return False
    if any(one.state == State.IN_ROOM for one in contacts.ongoing_in(transaction.tx, row.room)):
        return False
    last = rooms.last_turn_in(transaction.tx, row.room)
    return last is None or last < transaction.now - ALONE


def _let_go(transaction: Transaction, page_id: PageId) -> None:
    """Most likely their leg is long over; if it isn't, they wait for nobody."""
    page = pages.get(transaction.tx, page_id)
    if page is None or page.ended_at is not None:
        return
    if page.provider_sid is not None:
        transaction.send(HangUp(page.provider_sid), about=Origin("page", page_id))
    confirming.leg_over(transaction, page_id)


def _lost_calls(transaction: Transaction) -> list[ContactId]:
    stale = contacts.stale_calls(transaction.tx, transaction.now - STALE_CALL)
    return [
        row.id
        for row in stale
        if _last_sign(transaction, row) < transaction.now - _may_be_silent(transaction, row)
    ]


def _last_sign(transaction: Transaction, row: contacts.ContactRow) -> datetime:
    """A turn, or the carrier's word that it runs."""
    seen = calls_seen.get(transaction.tx, row.provider_sid) if row.provider_sid else None
    return row.last_turn_at if seen is None else max(row.last_turn_at, seen.at)


def _may_be_silent(transaction: Transaction, row: contacts.ContactRow) -> timedelta:
    if row.state == State.IN_ROOM:
        return STALE_TALK
    answered = answers.history(transaction, row)
    return STALE_DIAL if answered and answered[-1][1].then is Then.DIAL else STALE_CALL


def _lost_call(transaction: Transaction, contact_id: ContactId) -> None:
    row = contacts.get(transaction.tx, contact_id)
    if row is not None:
        caller.hung_up(transaction, row)
