"""News that never came: calls, rings and stays in a room that are over, or must be taken for over.

The carrier tells each end once, and what it tells can be lost. Whoever is taken for being on the telephone is rung
for nothing else, and whoever is taken for waiting in a room keeps others from being fetched.
"""

from __future__ import annotations

from datetime import timedelta

from hotline.effects import HangUp, Origin, OriginKind
from hotline.model import ContactId, PageId
from hotline.operations.conversation import caller
from hotline.operations.due_work import Work, each
from hotline.operations.staff import confirming
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts, pages
from hotline.store.overviews import due
from hotline.store.overviews.due import Due

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


def found(what: Due) -> list[Work]:
    """Everything of which the end was not heard."""
    return [
        *each(confirming.leg_over, [PageId(one) for one in what.ids(due.RINGS)]),
        *each(_let_go, [PageId(one) for one in what.ids(due.ALONE)]),
        *each(_lost_call, [ContactId(one) for one in what.ids(due.CALLS)]),
    ]


def _let_go(transaction: Transaction, page_id: PageId) -> None:
    """Most likely their leg is long over; if it isn't, they wait for nobody."""
    page = pages.get(transaction.tx, page_id)
    if page is None or page.ended_at is not None:
        return
    if page.provider_sid is not None:
        transaction.send(HangUp(page.provider_sid), about=Origin(OriginKind.PAGE, page_id))
    confirming.leg_over(transaction, page_id)


def _lost_call(transaction: Transaction, contact_id: ContactId) -> None:
    row = contacts.get(transaction.tx, contact_id)
    if row is not None:
        caller.hung_up(transaction, row)
