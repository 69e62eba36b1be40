"""Whether somebody is called again some days after an emergency: offered, agreed to, or not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from hotline.model import CallbackId, ContactId, EscalationId, KeptWord, StaffId, as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.tables import OFFERED, follow_ups


class FollowUpState(KeptWord):
    """What was said of it. What becomes of one that was agreed to is its callback's to say."""

    OFFERED = "offered"
    """Nobody has said yet."""
    AGREED = "agreed"
    DECLINED = "declined"
    NOT_ASKED = "not_asked"
    """A human says that there is nobody to ask: a false alarm, or others look after them."""


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """One, of one emergency. Times are UTC."""

    id: EscalationId
    contact_id: ContactId
    offered_at: datetime
    """When the emergency was closed."""
    closed_by: StaffId
    state: FollowUpState = FollowUpState.OFFERED
    said_at: datetime | None = None
    said_by: StaffId | None = None
    callback_id: CallbackId | None = None
    version: int = 0


def add(tx: Tx, row: FollowUpRow) -> FollowUpRow:
    """Keep a new one."""
    rows.add(tx, follow_ups, {"id": row.id, "version": 1, **_values(row)})
    tx.board_changed = True
    return replace(row, version=1)


def save(tx: Tx, row: FollowUpRow) -> FollowUpRow:
    """Keep a change. Raises Stale."""
    version = rows.save(tx, follow_ups, {"id": row.id}, row.version, _values(row))
    tx.board_changed = True
    return replace(row, version=version)


def get(tx: Tx, escalation_id: EscalationId) -> FollowUpRow | None:
    """That of this emergency, or None."""
    found = rows.by_id(tx, follow_ups, escalation_id)
    return of_row(found) if found is not None else None


def of_contact(tx: Tx, contact_id: ContactId) -> list[FollowUpRow]:
    """Those of the emergencies of this contact, the oldest first."""
    query = select(follow_ups).where(follow_ups.c.contact_id == contact_id)
    return [
        of_row(found) for found in rows.many(tx, query.order_by(follow_ups.c.offered_at, follow_ups.c.id))
    ]


def offered(tx: Tx) -> list[FollowUpRow]:
    """Those of which nobody has said yet, the oldest first."""
    query = select(follow_ups).where(OFFERED).order_by(follow_ups.c.offered_at, follow_ups.c.id)
    return [of_row(found) for found in rows.many(tx, query)]


def _values(row: FollowUpRow) -> dict[str, object]:
    return {
        "contact_id": row.contact_id,
        "offered_at": row.offered_at,
        "closed_by": row.closed_by,
        "state": row.state.value,
        "said_at": row.said_at,
        "said_by": row.said_by,
        "callback_id": row.callback_id,
    }


def of_row(found: rows.Found) -> FollowUpRow:
    """A follow-up as it was found: for the other modules of this floor."""
    return FollowUpRow(
        id=found.id,
        contact_id=found.contact_id,
        offered_at=found.offered_at,
        closed_by=found.closed_by,
        state=as_kept(FollowUpState, found.state),
        said_at=found.said_at,
        said_by=found.said_by,
        callback_id=found.callback_id,
        version=found.version,
    )
