"""What the hotline has written down, as far as stories ask for it."""

from __future__ import annotations

from sqlalchemy import select

from hotline.model import Outcome, Subject
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, escalations
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.database.tables import callbacks as callbacks_table
from hotline.store.database.tables import contacts as contacts_table
from hotline.store.database.tables import escalations as escalations_table
from tests.stories.world import World


def contact_of(world: World) -> ContactRow:
    """The contact that the newest incoming call is."""
    sid = [call.sid for call in world.sim.calls if call.direction == "inbound"][-1]
    found: ContactRow | None = world.look(lambda transaction: contacts.by_call(transaction.tx, sid))
    assert found is not None
    return found


def last_outcome(world: World) -> Outcome | None:
    """How the newest incoming call ended; None while it goes on."""
    return contact_of(world).outcome


def callbacks_of(world: World) -> list[CallbackRow]:
    """Every callback, open or just closed, the oldest first."""

    def read(transaction: Transaction) -> list[CallbackRow]:
        found = [*callbacks.all_open(transaction.tx), *callbacks.closed_lately(transaction.tx, 10)]
        return sorted(found, key=lambda row: row.callback.opened_at)

    rows: list[CallbackRow] = world.look(read)
    return rows


def the_callback(world: World) -> CallbackRow:
    """The one callback that there is."""
    (row,) = callbacks_of(world)
    return row


def emergencies(world: World) -> list[EscalationRow]:
    """Every emergency that no human has closed."""
    rows: list[EscalationRow] = world.look(lambda transaction: escalations.all_open(transaction.tx))
    return [row for row in rows if row.escalation.subject is Subject.EMERGENCY]


def the_emergency(world: World) -> EscalationRow:
    """The one emergency that is open."""
    (row,) = emergencies(world)
    return row


def ending(world: World) -> list[object]:
    """How everything stands: contacts, callbacks and escalations, in the order of happening, without ids and times."""

    def read(transaction: Transaction) -> list[object]:
        calls = select(contacts_table.c.outbound, contacts_table.c.state, contacts_table.c.outcome)
        owed = select(callbacks_table.c.status, callbacks_table.c.outcome, callbacks_table.c.attempts)
        sought = select(escalations_table.c.subject, escalations_table.c.status)
        queries = (
            calls.order_by(contacts_table.c.opened_at),
            owed.order_by(callbacks_table.c.opened_at),
            sought.order_by(escalations_table.c.opened_at),
        )
        return [tuple(row) for query in queries for row in transaction.tx.execute(query)]

    found: list[object] = world.look(read)
    return found
