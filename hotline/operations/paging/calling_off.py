"""What stops ringing, for what comes before it or because it is over, and when that phone is free again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from hotline import paths
from hotline.effects import HangUp, Origin, OriginKind, RedirectCall
from hotline.model import How, StaffId
from hotline.oncall.attention import StaffCall, Stage, called_off
from hotline.operations.paging import duty, one_ring, whom_to_ask
from hotline.operations.transaction import Transaction
from hotline.store.cases import pages
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageState

UNANSWERED: Final = (PageState.PLACED, PageState.RINGING, PageState.ANSWERED, PageState.COVERED)
_TIME_TO_TAKE_UP: Final = timedelta(seconds=10)
"""How long a phone still rings at least for somebody who has just asked for it on the board."""
FREE_AFTER: Final = {Stage.RINGS: timedelta(seconds=1), Stage.PICKED_UP: timedelta(seconds=7)}
"""How long a phone needs to be free again after what it rings for has been called off: that much the carrier takes, and
that long are the words to somebody who has picked up."""


def call_off(
    transaction: Transaction, row: EscalationRow, *people: StaffId, but: Collection[tuple[StaffId, How]] = ()
) -> None:
    """Their phones stop ringing; whoever has picked up already is told and let go. `but`: these pages stay."""
    paged = [
        one
        for one in pages.waiting_of(transaction.tx, row.escalation.id)
        if one.staff_id in people and one.state in UNANSWERED and (one.staff_id, one.how) not in but
    ]
    on_the_line = {one.staff_id for one in paged if one.how is How.CALL and one.provider_sid}
    waiting = one_ring.covered(transaction, on_the_line, How.CALL) if on_the_line else {}
    for one in paged:
        rings_on = one.staff_id in on_the_line and one_ring.rings_on(row, one, waiting[one.staff_id])
        ended_at = None if one.how is How.CALL and one.provider_sid else transaction.now
        pages.save(transaction.tx, replace(one, state=PageState.CALLED_OFF, ended_at=ended_at))
        if ended_at is None and one.provider_sid is not None:
            about = Origin(OriginKind.PAGE, one.id)
            if one.state is PageState.ANSWERED:
                transaction.send(RedirectCall(one.provider_sid, paths.page_over(one.id)), about=about)
            elif not rings_on:
                transaction.send(HangUp(one.provider_sid), about=about)


def call_everybody_off(transaction: Transaction, row: EscalationRow) -> None:
    """Nobody's phone rings for what is over, not even theirs who accepted it in another way."""
    open_pages = pages.waiting_of(transaction.tx, row.escalation.id)
    call_off(transaction, row, *dict.fromkeys(one.staff_id for one in open_pages))


def end_texts(transaction: Transaction, row: EscalationRow, person: StaffId, state: PageState) -> None:
    """The texts on their screen have been answered, one way or another."""
    for one in pages.waiting_of(transaction.tx, row.escalation.id):
        if one.staff_id == person and one.how is How.TEXT and one.state in UNANSWERED:
            pages.save(transaction.tx, replace(one, state=state, ended_at=transaction.now))


def less_pressing(
    transaction: Transaction, row: EscalationRow, people: Iterable[StaffId]
) -> dict[StaffId, tuple[StaffCall, ...]]:
    """What the phone of each rings for now, and not any more when it is to ring for this."""
    calls, wants = duty.calls(transaction), whom_to_ask.wanted_now(transaction, row)
    return {person: called_off(calls, person, wants, row.escalation.id) for person in people}


def free_at(transaction: Transaction, calls: Sequence[StaffCall]) -> datetime | None:
    """When their phone is free, once these are called off (UTC); None if it is now."""
    free_after = max((FREE_AFTER[call.stage] for call in calls), default=None)
    return None if free_after is None else transaction.now + free_after


def due_at(transaction: Transaction, calls: Sequence[StaffCall], after: timedelta) -> datetime | None:
    """When their phone is to ring (UTC); None: now."""
    free = free_at(transaction, calls)
    if not after:
        return free
    return max(free or transaction.now, transaction.now + after)


def is_about_to_end(transaction: Transaction, row: EscalationRow, person: StaffId) -> bool:
    """Whether their phone rings for this and nothing else, and stops in a moment."""
    rung = [
        one
        for one in pages.waiting_of(transaction.tx, row.escalation.id)
        if one.staff_id == person
        and one.how is How.CALL
        and one.state in (PageState.PLACED, PageState.RINGING)
    ]
    ends = transaction.now + _TIME_TO_TAKE_UP - transaction.settings.centre.waits.staff_ring
    return any(
        one.sent_at is not None and one.sent_at < ends and not one_ring.covered_by(transaction, one)
        for one in rung
    )
