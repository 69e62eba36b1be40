"""What people have asked of each other about their shifts, of whom, by which codes, and what each has said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import or_, select

from hotline.model import StaffId, as_kept
from hotline.oncall.staffing.shift_ask import AskKind, AskState, Shift, ShiftAsk
from hotline.store.database import Tx, rows
from hotline.store.database.tables import shift_ask_codes, shift_asks


@dataclass(frozen=True, slots=True)
class AskedOf:
    """Somebody who was asked. Their code is a one-time code to answer with by text."""

    ask: str
    staff: StaffId
    code: str
    answer: bool | None
    """None: they have said nothing yet."""


def add(tx: Tx, ask: ShiftAsk, codes: Mapping[StaffId, str]) -> ShiftAsk:
    """Write it down, with whom it is asked of."""
    rows.add(tx, shift_asks, {"id": ask.id, "version": 1, **_values(ask)})
    for person, code in codes.items():
        asked = {"ask_id": ask.id, "staff_id": person, "code": code, "answer": None, "answered_at": None}
        rows.add(tx, shift_ask_codes, asked)
    tx.board_changed = True
    return replace(ask, version=1)


def save(tx: Tx, ask: ShiftAsk) -> ShiftAsk:
    """Save what has come of it. Raises Stale if somebody else did meanwhile."""
    version = rows.save(tx, shift_asks, {"id": ask.id}, ask.version, _values(ask))
    tx.board_changed = True
    return replace(ask, version=version)


def get(tx: Tx, ask_id: str) -> ShiftAsk | None:
    """The one with this id, or None."""
    found = rows.by_id(tx, shift_asks, ask_id)
    return _of_row(found) if found is not None else None


def ahead(tx: Tx, now: datetime) -> list[ShiftAsk]:
    """Those that are open, and those that were taken and end later than `now`; the first to begin first."""
    counts = or_(
        shift_asks.c.state == AskState.OPEN.value,
        (shift_asks.c.state == AskState.TAKEN.value) & (shift_asks.c.ends_at > now),
    )
    query = select(shift_asks).where(counts).order_by(shift_asks.c.starts_at, shift_asks.c.id)
    return [_of_row(found) for found in rows.many(tx, query)]


def begun(tx: Tx, now: datetime) -> list[str]:
    """The ids of those that are open still though what they are about has begun; of holes, those that are over."""
    has_begun = or_(shift_asks.c.starts_at <= now, shift_asks.c.back_starts_at <= now)
    query = select(shift_asks.c.id).where(
        shift_asks.c.state == AskState.OPEN.value,
        or_(shift_asks.c.ends_at <= now, has_begun & (shift_asks.c.kind != AskKind.HOLE.value)),
    )
    return [found.id for found in rows.many(tx, query)]


def asked_of(tx: Tx, ask_id: str) -> list[AskedOf]:
    """Everybody who was asked."""
    query = select(shift_ask_codes).where(shift_ask_codes.c.ask_id == ask_id)
    return [_asked(found) for found in rows.many(tx, query.order_by(shift_ask_codes.c.staff_id))]


def by_code(tx: Tx, person: StaffId, code: str) -> AskedOf | None:
    """What this person was asked under this code, the last time; or None."""
    query = (
        select(shift_ask_codes)
        .join(shift_asks, shift_asks.c.id == shift_ask_codes.c.ask_id)
        .where(shift_ask_codes.c.staff_id == person, shift_ask_codes.c.code == code)
        .order_by(shift_asks.c.asked_at.desc())
    )
    found = rows.one(tx, query)
    return _asked(found) if found is not None else None


def given(tx: Tx, code: str) -> list[StaffId]:
    """Who was asked under this code what is open still."""
    query = (
        select(shift_ask_codes.c.staff_id)
        .join(shift_asks, shift_asks.c.id == shift_ask_codes.c.ask_id)
        .where(shift_ask_codes.c.code == code, shift_asks.c.state == AskState.OPEN.value)
        .order_by(shift_ask_codes.c.staff_id)
    )
    return [StaffId(one.staff_id) for one in rows.many(tx, query)]


def waiting_for(tx: Tx, person: StaffId) -> list[AskedOf]:
    """What is open and this person has said nothing to."""
    query = (
        select(shift_ask_codes)
        .join(shift_asks, shift_asks.c.id == shift_ask_codes.c.ask_id)
        .where(
            shift_ask_codes.c.staff_id == person,
            shift_ask_codes.c.answer.is_(None),
            shift_asks.c.state == AskState.OPEN.value,
        )
        .order_by(shift_asks.c.asked_at)
    )
    return [_asked(found) for found in rows.many(tx, query)]


def note(tx: Tx, one: AskedOf, now: datetime, *, yes: bool) -> None:
    """They have said yes or no."""
    here = [shift_ask_codes.c.ask_id == one.ask, shift_ask_codes.c.staff_id == one.staff]
    rows.change(tx, shift_ask_codes, here, {"answer": "yes" if yes else "no", "answered_at": now})
    tx.board_changed = True


def _values(ask: ShiftAsk) -> dict[str, object]:
    back = ask.back
    return {
        "kind": ask.kind.value,
        "schedule": ask.shift.schedule,
        "person": ask.person,
        "starts_at": ask.shift.starts,
        "ends_at": ask.shift.ends,
        "colleague": ask.colleague,
        "back_schedule": back.schedule if back is not None else None,
        "back_starts_at": back.starts if back is not None else None,
        "back_ends_at": back.ends if back is not None else None,
        "need": ask.need,
        "asked_by": ask.asked_by,
        "asked_at": ask.asked_at,
        "state": ask.state.value,
        "decided_by": ask.decided_by,
        "decided_at": ask.decided_at,
    }


def _of_row(found: rows.Found) -> ShiftAsk:
    back = found.back_schedule
    return ShiftAsk(
        id=found.id,
        kind=as_kept(AskKind, found.kind),
        shift=Shift(found.schedule, found.starts_at, found.ends_at),
        asked_at=found.asked_at,
        asked_by=_staff(found.asked_by),
        person=_staff(found.person),
        colleague=_staff(found.colleague),
        back=Shift(back, found.back_starts_at, found.back_ends_at) if back is not None else None,
        need=found.need,
        state=as_kept(AskState, found.state),
        decided_by=_staff(found.decided_by),
        decided_at=found.decided_at,
        version=found.version,
    )


def _asked(found: rows.Found) -> AskedOf:
    answer = None if found.answer is None else found.answer == "yes"
    return AskedOf(found.ask_id, StaffId(found.staff_id), found.code, answer)


def _staff(found: str | None) -> StaffId | None:
    return StaffId(found) if found is not None else None
