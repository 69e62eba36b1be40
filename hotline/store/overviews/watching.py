"""Who asks for a page, and whether it has anything new to tell: one statement, for every request of a browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, select

from hotline.model import AuditAction, AuditKind, Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.store.database import Tx, revision
from hotline.store.database.tables import audit, beats, escalations, passkeys, sessions, staff, stray_codes
from hotline.store.people import staff as staff_rows
from hotline.store.people.sessions import SessionRow
from hotline.store.people.staff import StaffRow
from hotline.store.people.stray_codes import to_be_seen_to
from hotline.store.traffic import outbox


@dataclass(frozen=True, slots=True)
class Watching:
    """A session, and the board as it is now."""

    session: SessionRow
    member: StaffRow
    """Whose session it is."""
    revision: int
    """The same number again means that no page need be drawn anew."""
    noted_at: datetime | None
    """When it was last put into the audit trail that this session looked at what is asked for (UTC)."""
    clock_at: datetime | None = None
    """When a clock last showed itself (UTC)."""
    strays: int = 0
    """How many codes came from the wrong phone, or were nobody's, to which nobody has seen."""
    carrier_lost_since: datetime | None = None
    """Since when nothing of ours has reached the carrier (UTC)."""
    passkey: bool = False
    """Whoever it is has a passkey that opens something."""
    emergencies: int = 0
    """How many wait for somebody to accept them."""


_WATCHING: Select[Any] = (
    select(
        sessions.c.id.label("session_id"),
        sessions.c.begun_at,
        sessions.c.touched_at,
        sessions.c.how,
        revision.NUMBER.label("revision"),
        select(func.max(audit.c.at))
        .where(
            audit.c.subject_id == sessions.c.id,
            audit.c.subject_kind == AuditKind.SESSION.value,
            audit.c.action == bindparam("noted"),
        )
        .scalar_subquery()
        .label("noted_at"),
        select(beats.c.at).where(beats.c.name == "clock").scalar_subquery().label("clock_at"),
        select(func.coalesce(func.sum(stray_codes.c.times), 0))
        .where(to_be_seen_to())
        .scalar_subquery()
        .label("strays"),
        outbox.lost_since().scalar_subquery().label("lost_since"),
        exists()
        .where(passkeys.c.staff_id == sessions.c.staff_id, passkeys.c.stopped_at.is_(None))
        .label("passkey"),
        select(func.count())
        .select_from(escalations)
        .where(
            escalations.c.status == EscalationStatus.REACHING.value,
            escalations.c.subject == Subject.EMERGENCY.value,
        )
        .scalar_subquery()
        .label("emergencies"),
        *staff.c,
    )
    .join(staff, staff.c.id == sessions.c.staff_id)
    .where(sessions.c.id == bindparam("session"))
)


def look(tx: Tx, session_id: str, noted: AuditAction, now: datetime) -> Watching | None:
    """The session, whose it is, the revision, when the audit trail last says `noted` of it, and whether the carrier is
    reached now (UTC); None: there never was such a session, or it has been ended."""
    given = {"session": session_id, "noted": noted.value, "lost_after": now - outbox.LOST_LATELY}
    found = tx.execute(_WATCHING, given).first()
    if found is None:
        return None
    member = staff_rows.of_row(tx, found)
    row = SessionRow(found.session_id, member.id, found.begun_at, found.touched_at, found.how or "")
    return Watching(
        row,
        member,
        int(found.revision),
        found.noted_at,
        found.clock_at,
        int(found.strays),
        found.lost_since,
        bool(found.passkey),
        int(found.emergencies),
    )
