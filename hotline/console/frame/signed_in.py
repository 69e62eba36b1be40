"""Who is signed in: a row in the database, which a browser's cookie only points at.

The cookie holds a secret and says nothing by itself; the row says who, since when, and when they last touched the page.
Ending the row ends the session wherever its cookie may have been copied to. Polling by itself is no touch: an
unattended session is locked until its owner's password is given again (`lock`), and over after the longest shift.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import cast

from flask import g, request, session

from hotline.console.frame.asking import current_application
from hotline.console.language import speech
from hotline.model import AuditAction, Language, Role, StaffId
from hotline.operations.transaction import Application, Transaction
from hotline.store.database import StoreError
from hotline.store.overviews import watching
from hotline.store.people import sessions
from hotline.store.people.sessions import SessionRow

LONGEST = timedelta(hours=14)
"""No session outlives the longest shift, whatever is touched."""
CLOCK_DEAD = timedelta(seconds=20)
"""A clock shows itself every three seconds."""
_RENEW_AFTER = timedelta(seconds=10)
"""A touch is written down this long after the last one that was: not every second."""
_HELD = "sid"
GLANCED = "hotline.console.glanced"
"""Under this a request knows what was found out about its session before it came to the app: one, or None."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in."""

    id: StaffId
    name: str = field(repr=False)
    roles: frozenset[Role]
    page_language: Language | None = None
    """In which they read the pages; None: as their browser asks."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """The session that a request belongs to, and whose it is."""

    person: Person
    session_id: str
    idle_left: timedelta
    begun_at: datetime
    """When its owner signed in (UTC)."""
    touched_at: datetime
    looked_at: datetime
    """When this was so (UTC)."""
    revision: int
    """The board's, then."""
    viewed_at: datetime | None
    """When it was last put into the audit trail that this session looks at the board (UTC)."""
    clock_at: datetime | None = None
    """When a clock last showed itself (UTC)."""
    strays: int = 0
    """How many codes came from the wrong phone, to which nobody has seen."""
    passkey: bool = False
    """Its owner has one that opens something."""
    how: str = ""
    """How its owner signed in."""
    carrier_lost_since: datetime | None = None
    """Since when nothing of ours has reached the carrier (UTC)."""
    emergencies: int = 0
    """How many wait for somebody to accept them."""
    locked: bool = False
    """Nobody has touched it for too long: nothing of people is shown, nothing is done."""

    @property
    def clock_dead_since(self) -> datetime | None:
        """When the clock showed itself last, if it is dead (UTC)."""
        dead = self.clock_at is not None and self.looked_at - self.clock_at >= CLOCK_DEAD
        return self.clock_at if dead else None


def begin(transaction: Transaction, staff_id: StaffId, how: str = "", place: str = "") -> tuple[str, str]:
    """Open a session in the database, and end the one that this browser had: its id, and its secret for `keep`.

    `how`, `place`: how and from where they signed in, for their own eyes.
    """
    end(transaction)
    sessions.drop_old(transaction.tx, transaction.now - LONGEST)
    secret = secrets.token_urlsafe(32)
    session_id = _id_of(secret)
    row = SessionRow(session_id, staff_id, transaction.now, transaction.now, how, place)
    sessions.add(transaction.tx, row)
    return session_id, secret


def keep(secret: str) -> None:
    """Let this browser keep the session's secret, and of an earlier session only the language."""
    chosen = speech.chosen()
    session.clear()
    session[_HELD] = secret
    if chosen:
        speech.choose(chosen)
    g.pop("ticket", None)


def end(transaction: Transaction) -> None:
    """End the session that this browser's cookie points at, in every browser that has a copy of it."""
    secret = session.get(_HELD)
    if isinstance(secret, str):
        sessions.end(transaction.tx, _id_of(secret))


def forget() -> None:
    """Let this browser keep nothing but the language."""
    held, chosen = g.get("ticket"), speech.chosen()
    session.clear()
    reads = (held.person.page_language if held else None) or chosen
    if reads:
        speech.choose(reads)
    g.pop("ticket", None)


def reads() -> Language | None:
    """In which language whoever this session belongs to has chosen to read; None: nobody, or nothing chosen."""
    if _HELD not in session:
        return None
    try:
        held = locked_or_not()
    except StoreError:
        return None
    return held.person.page_language if held else None


def ticket() -> Ticket | None:
    """The session that this request belongs to, or None if it has none, or that is over or locked."""
    held = locked_or_not()
    return None if held is None or held.locked else held


def locked() -> Ticket | None:
    """The session that this request belongs to, if it is locked."""
    held = locked_or_not()
    return held if held is not None and held.locked else None


def locked_or_not() -> Ticket | None:
    """The session that this request belongs to, or None if it has none or that is over. Looked up once a request."""
    if "ticket" not in g:
        asked = request.environ.get(GLANCED)
        g.ticket = asked[0] if asked else glanced(current_application(), session)
    return cast("Ticket | None", g.ticket)


def unlock(transaction: Transaction, held: Ticket) -> None:
    """Its owner has proven that it is them."""
    sessions.touch(transaction.tx, held.session_id, transaction.now)
    g.pop("ticket", None)


def touch(now: datetime) -> timedelta | None:
    """Its owner has just done something; how long the session now lasts, or None without one."""
    held = ticket()
    if held is None:
        return None
    if now < held.touched_at + _RENEW_AFTER:
        return held.idle_left
    application = current_application()
    application.change(lambda transaction: sessions.touch(transaction.tx, held.session_id, now))
    g.ticket = replace(held, touched_at=now, idle_left=application.settings.centre.console.idle)
    return application.settings.centre.console.idle


def glanced(application: Application, kept: Mapping[str, object]) -> Ticket | None:
    """The session that is `kept` in a browser's cookie, where no request is being answered yet. Raises Unavailable."""
    secret = kept.get(_HELD)
    return application.glance(lambda transaction: _ticket(transaction, secret))


def _ticket(transaction: Transaction, secret: object) -> Ticket | None:
    found = (
        watching.look(transaction.tx, _id_of(secret), AuditAction.VIEWED_BOARD, transaction.now)
        if isinstance(secret, str)
        else None
    )
    if found is None or transaction.now >= found.session.begun_at + LONGEST or not found.member.active:
        return None
    row, member = found.session, found.member
    left = row.touched_at + transaction.settings.centre.console.idle - transaction.now
    return Ticket(
        person=Person(member.id, member.name, member.roles, member.page_language),
        session_id=row.id,
        idle_left=max(left, timedelta(0)),
        begun_at=row.begun_at,
        touched_at=row.touched_at,
        looked_at=transaction.now,
        revision=found.revision,
        viewed_at=found.noted_at,
        clock_at=found.clock_at,
        strays=found.strays,
        passkey=found.passkey,
        how=row.how,
        carrier_lost_since=found.carrier_lost_since,
        emergencies=found.emergencies,
        locked=left <= timedelta(0),
    )


def _id_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
