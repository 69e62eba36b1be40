"""The hold as it is kept: callers who wait on the line for a human, with what their place depends on. One statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select, union_all

from hotline.model import HELD, Language, PhoneNumber, StaffId, as_kept
from hotline.oncall.escalation import EscalationStatus
from hotline.store.cases import escalations as escalation_rows
from hotline.store.cases.escalations import EscalationRow
from hotline.store.database import Tx, rows
from hotline.store.database.tables import contacts, escalations, pages

_SUBJECTS = [subject.value for subject in HELD]


@dataclass(frozen=True, slots=True)
class Holds:
    """One caller who holds, or is just being told that the human has left them. Times are UTC."""

    row: EscalationRow
    language: Language | None
    """What they speak, as far as they have said by now."""
    caller: PhoneNumber | None
    has_been_reached: bool
    paged_at: Mapping[StaffId, datetime] = field(default_factory=dict)
    """When each of the staff was last paged for them."""
    last_over: datetime | None = None
    """When the last page for them was over."""


def everybody(tx: Tx, alone: Iterable[str]) -> list[Holds]:
    """Whoever waits, the oldest first; and whoever is in one of the states `alone`, in a room of which somebody has
    accepted the caller."""
    states = tuple(sorted(alone))
    return rows.once(tx, (escalations, contacts, pages), ("hold", states), lambda: _read(tx, states))


def _held() -> Any:
    row = escalations.c
    here = select(contacts.c.room).where(
        contacts.c.ended_at.is_(None), contacts.c.state.in_(bindparam("states", expanding=True))
    )
    held = row.subject.in_(_SUBJECTS)
    return union_all(
        select(escalations).where(row.status == EscalationStatus.REACHING.value, held),
        select(escalations).where(row.status == EscalationStatus.ACCEPTED.value, held, row.room.in_(here)),
    ).cte("held")


_HELD = _held()
_PAGED = (
    select(
        pages.c.escalation_id,
        pages.c.staff_id,
        func.max(pages.c.placed_at).label("paged_at"),
        func.max(pages.c.ended_at).label("over_at"),
    )
    .where(pages.c.escalation_id.in_(select(_HELD.c.id)))
    .group_by(pages.c.escalation_id, pages.c.staff_id)
    .subquery("paged")
)
_HOLDS: Select[Any] = (
    select(
        *_HELD.c,
        contacts.c.language.label("spoken"),
        contacts.c.caller_number,
        contacts.c.reached_at,
        _PAGED.c.staff_id,
        _PAGED.c.paged_at,
        _PAGED.c.over_at,
    )
    .select_from(
        _HELD.outerjoin(contacts, contacts.c.id == _HELD.c.contact_id).outerjoin(
            _PAGED, _PAGED.c.escalation_id == _HELD.c.id
        )
    )
    .order_by(_HELD.c.opened_at, _HELD.c.id)
)


def _read(tx: Tx, states: tuple[str, ...]) -> list[Holds]:
    found: dict[str, Holds] = {}
    paged: dict[str, dict[StaffId, datetime]] = {}
    over: dict[str, list[datetime]] = {}
    for one in tx.execute(_HOLDS, {"states": states}):
        theirs = paged.setdefault(one.id, {})
        if one.staff_id is not None:
            theirs[StaffId(one.staff_id)] = one.paged_at
        if one.over_at is not None:
            over.setdefault(one.id, []).append(one.over_at)
        if one.id not in found:
            found[one.id] = Holds(
                row=escalation_rows.of_row(one),
                language=as_kept(Language, one.spoken) if one.spoken else None,
                caller=rows.opened_number(tx, one.caller_number, "contacts.caller_number", one.contact_id),
                has_been_reached=one.reached_at is not None,
                paged_at=theirs,
            )
    return [_with_end(one, over.get(key, ())) for key, one in found.items()]


def _with_end(holds: Holds, over: Iterable[datetime]) -> Holds:
    last = max(over, default=None)
    return (
        holds
        if last is None
        else Holds(holds.row, holds.language, holds.caller, holds.has_been_reached, holds.paged_at, last)
    )
