"""Who is signed in to the console, and since when. Of what a browser holds only a hash is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, func, select

from hotline.model import StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import sessions

_PLACE = "sessions.place"


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One browser in which somebody is signed in. Times are UTC."""

    id: str
    staff_id: StaffId
    begun_at: datetime
    touched_at: datetime
    """When its owner last did something."""
    how: str = ""
    """How they signed in: a word of ours."""
    place: str = field(default="", repr=False)
    """The kind of browser, and the network; never a whole address."""


def add(tx: Tx, row: SessionRow) -> None:
    """Open a session."""
    values = {
        "id": row.id,
        "staff_id": row.staff_id,
        "begun_at": row.begun_at,
        "touched_at": row.touched_at,
        "how": row.how,
        "place": rows.sealed(tx, row.place, _PLACE, row.id),
    }
    rows.add(tx, sessions, values)


def touch(tx: Tx, session_id: str, now: datetime) -> None:
    """Its owner has done something. Never brings a session back, and never goes backwards."""
    where = [sessions.c.id == session_id, sessions.c.touched_at < now]
    rows.change(tx, sessions, where, {"touched_at": now})


def end(tx: Tx, session_id: str) -> None:
    """Whoever holds it, in whatever browser, is signed out."""
    tx.execute(delete(sessions).where(sessions.c.id == session_id))


def end_all(tx: Tx, staff_id: StaffId) -> int:
    """This member of staff is signed out everywhere; out of how many browsers."""
    return tx.execute(delete(sessions).where(sessions.c.staff_id == staff_id)).rowcount


def of(tx: Tx, staff_id: StaffId) -> list[SessionRow]:
    """Where this member of staff is signed in, the one that was used last first."""
    query = select(sessions).where(sessions.c.staff_id == staff_id).order_by(sessions.c.touched_at.desc())
    return [
        SessionRow(
            found.id,
            found.staff_id,
            found.begun_at,
            found.touched_at,
            found.how or "",
            rows.opened(tx, found.place, _PLACE, found.id) or "",
        )
        for found in rows.many(tx, query)
    ]


def end_others(tx: Tx, staff_id: StaffId, but: str) -> int:
    """This member of staff is signed out everywhere but in this session; out of how many browsers."""
    others = (sessions.c.staff_id == staff_id, sessions.c.id != but)
    return tx.execute(delete(sessions).where(*others)).rowcount


def count(tx: Tx, staff_id: StaffId, since: datetime) -> int:
    """In how many browsers this member of staff has been signed in since then."""
    theirs = (sessions.c.staff_id == staff_id, sessions.c.begun_at >= since)
    return int(tx.execute(select(func.count()).select_from(sessions).where(*theirs)).scalar_one())


def counted(tx: Tx) -> dict[StaffId, int]:
    """In how many browsers everybody is signed in who is signed in anywhere."""
    query = select(sessions.c.staff_id, func.count().label("n")).group_by(sessions.c.staff_id)
    return {found.staff_id: found.n for found in rows.many(tx, query)}


def drop_old(tx: Tx, before: datetime) -> None:
    """Forget those that nobody has touched since."""
    tx.execute(delete(sessions).where(sessions.c.touched_at < before))
