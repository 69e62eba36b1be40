"""The auditor: after every story, everything that came in is with a human, or with a promise that will be kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hotline.callbacks.callback import CallbackStatus
from hotline.model import Outcome, Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.operations import flow_state
from hotline.operations.staff import dialled_in
from hotline.operations.transaction import Transaction
from hotline.simulator import Call, Simulator
from hotline.store.cases import callbacks, contacts, escalations, pages
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.pages import PageRow
from hotline.store.database.tables import escalations as escalations_table
from hotline.store.overviews import conference
from hotline.store.traffic import messages
from hotline.store.upkeep import unowned
from tests.observed import lines_in_use, open_pages

if TYPE_CHECKING:
    from tests.stories.world import World

LAG = timedelta(seconds=130)
"""How long a call that is over may be taken for one that goes on, if every word of its end was lost."""
RING_LAG = timedelta(seconds=100)
LOOKED_AT_LAG = timedelta(seconds=30)
"""How much later than a callback's lease ends the clock may look at it, in stories in which it ticks slowly."""
ROOM_LAG = timedelta(minutes=8)
"""The same for a ringing phone, and for somebody who waits in a room."""


def complaints(world: World) -> list[str]:
    """Whatever the auditor doesn't find in order."""
    found: list[str] = []
    world.look(lambda transaction: found.extend(audited(world.sim, transaction)))
    return found


def audited(sim: Simulator, transaction: Transaction) -> Iterator[str]:
    """The same, of any carrier and any database."""
    for call in sim.calls:
        if call.direction == "inbound":
            yield from _call(transaction, call)
    for message in sim.messages:
        if message.direction == "inbound" and messages.by_sid(transaction.tx, message.sid) is None:
            yield f"text {message.sid}: unknown"
    for row in callbacks.all_open(transaction.tx):
        yield from _callback(transaction, row)
    for escalation in escalations.all_open(transaction.tx):
        if (
            escalation.escalation.status is EscalationStatus.REACHING
            and escalation.escalation.next_at is None
        ):
            yield f"escalation {escalation.escalation.subject}: reaching, and nobody will look again"
    yield from (f"{one.kind} {one.id}: {one.why}" for one in unowned.look(transaction.tx, transaction.now))
    running = {call.sid for call in sim.calls if not call.over}
    for page in open_pages(transaction.tx):
        if page.state is pages.PageState.COVERED and _is_spoken_for(transaction, page):
            continue
        lag = ROOM_LAG if page.state is pages.PageState.ACCEPTED else RING_LAG
        if page.provider_sid not in running and page.placed_at < transaction.now - lag and page.how == "call":
            yield f"page {page.state}: the phone of {page.staff_id} is taken for ringing or in use"


def _is_spoken_for(transaction: Transaction, page: PageRow) -> bool:
    """Their line is in use for something as pressing, or it is a text that another one stands for."""
    return page.how == "text" or bool(lines_in_use(transaction.tx, page.staff_id))


def _call(transaction: Transaction, call: Call) -> Iterator[str]:
    row = contacts.by_call(transaction.tx, call.sid)
    if row is None and dialled_in.is_known(transaction, call.sid):
        return
    if row is None:
        yield f"call {call.sid}: unknown"
    elif row.ended_at is None:
        if call.ended_at is not None and call.ended_at < transaction.now - LAG:
            yield f"call {call.sid}: over, and taken for {row.state}"
    elif not call.over:
        yield f"call {call.sid}: goes on, and is taken for over"
    else:
        yield from _owner(transaction, call, row)


def _owner(transaction: Transaction, call: Call, row: ContactRow) -> Iterator[str]:
    match row.outcome:
        case Outcome.CALLBACK:
            owed = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
            if owed is None:
                yield f"call {call.sid}: there is no callback for it"
        case Outcome.EMERGENCY:
            if not _emergency_is_owned(transaction, row):
                yield f"call {call.sid}: nobody owns this emergency"
        case Outcome.REACHED | Outcome.LEFT_EARLY | Outcome.UNREACHABLE | Outcome.STAFF_LINE:
            pass
        case Outcome.BLOCKED if flow_state.read(row).blocked:
            pass
        case _:
            yield f"call {call.sid}: ended as {row.outcome}"


def _emergency_is_owned(transaction: Transaction, row: ContactRow) -> bool:
    """Open, or closed by a human."""
    if conference.open_escalation(transaction.tx, row.room, Subject.EMERGENCY) is not None:
        return True
    query = select(escalations_table.c.id).where(
        escalations_table.c.room == row.room, escalations_table.c.subject == Subject.EMERGENCY.value
    )
    return transaction.tx.execute(query).first() is not None


def _callback(transaction: Transaction, row: CallbackRow) -> Iterator[str]:
    rule = row.callback
    if rule.is_forgotten:
        yield f"callback: {rule.status}, and nobody will ever look at it again"
    due = rule.due_at if rule.status is CallbackStatus.WAITING else rule.lease_until
    if (
        due is not None
        and due < transaction.now - LOOKED_AT_LAG
        and rule.status is not CallbackStatus.WAITING
    ):
        yield f"callback: {rule.status}, and nobody looked at it when its lease was over"
    match rule.status:
        case CallbackStatus.WAITING if rule.due_at is None and rule.attempts == 0:
            yield "callback: waits for nothing"
        case CallbackStatus.RINGING:
            ringing = escalations.get(transaction.tx, row.escalation_id) if row.escalation_id else None
            if ringing is None or ringing.escalation.status is not EscalationStatus.REACHING:
                yield "callback: taken for ringing, and nothing rings"
        case CallbackStatus.TAKEN | CallbackStatus.CALLING if rule.lease_until is None:
            yield f"callback: {rule.status} for ever"
        case CallbackStatus.TALKING:
            call = contacts.get(transaction.tx, row.call_contact_id) if row.call_contact_id else None
            if call is None or call.ended_at is not None:
                yield "callback: taken for talking, and nobody talks"
        case _:
            pass
