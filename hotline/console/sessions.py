"""Who is signed in: what a browser's two cookies prove, and for how long.

The session cookie says who and since when, and changes only at sign-in. When its owner last touched the page
is in a second cookie, so that an answer to the board's polling, which may arrive after a sign-out, can never
bring a session back. Polling by itself is no touch: an unattended board signs itself out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask import Flask, Response, current_app, g, request, session
from flask_login import LoginManager, login_user, logout_user
from itsdangerous import BadSignature, URLSafeSerializer

from hotline.console import asking
from hotline.console.asking import current_house
from hotline.model import Role, StaffId
from hotline.operations.house import new_id
from hotline.store import staff
from hotline.store.staff import StaffRow

LONGEST = timedelta(hours=14)
"""No session outlives the longest shift, whatever is touched."""
_RENEW_AFTER = timedelta(seconds=10)
"""A touch is written down this long after the last one that was: not every second."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, as Flask-Login wants to know them."""

    id: StaffId
    name: str = field(repr=False)
    roles: frozenset[Role]
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """What the session keeps of them."""
        return self.id


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the cookies prove without a look into the database."""

    staff_id: StaffId
    epoch: int
    session_id: str
    idle_left: timedelta
    touched_at: datetime


def begin(row: StaffRow, now: datetime) -> str:
    """Open a session, leaving nothing of an earlier one; its id."""
    session.clear()
    session_id = new_id()
    session.update(epoch=row.session_epoch, sid=session_id, since=now.timestamp())
    login_user(Person(row.id, row.name, row.roles))
    g.touched = (session_id, now)
    return session_id


def end() -> None:
    """Forget who was signed in here."""
    logout_user()
    session.clear()
    g.touched = None


def ticket() -> Ticket | None:
    """The session that this request belongs to, or None if it has none or that is over."""
    now = current_house().clock()
    staff_id, epoch, session_id, since = (session.get(key) for key in ("_user_id", "epoch", "sid", "since"))
    if not (isinstance(staff_id, str) and isinstance(session_id, str)):
        return None
    if not (isinstance(epoch, int) and isinstance(since, float)):
        return None
    touched = _touched(session_id)
    if touched is None or now >= _moment(since) + LONGEST:
        return None
    left = touched + current_house().settings.centre.console.idle - now
    return Ticket(StaffId(staff_id), epoch, session_id, left, touched) if left > timedelta(0) else None


def touch(now: datetime) -> timedelta | None:
    """Its owner has just done something; how long the session now lasts, or None without one."""
    held = ticket()
    if held is None:
        return None
    if now < held.touched_at + _RENEW_AFTER:
        return held.idle_left
    g.touched = (held.session_id, now)
    return current_house().settings.centre.console.idle


def install(app: Flask) -> None:
    """Let Flask-Login ask us, and write the second cookie."""
    manager = LoginManager()
    # A phone changes its address on the way through town: that must not sign anybody out.
    manager.session_protection = None
    manager.init_app(app)
    manager.user_loader(_load)
    manager.unauthorized_handler(asking.sign_in_first)
    app.after_request(_write)


def _load(staff_id: str) -> Person | None:
    held = ticket()
    if held is None or held.staff_id != staff_id:
        return None
    row = current_house().look(lambda desk: staff.get(desk.tx, held.staff_id))
    if row is None or not row.active or row.session_epoch != held.epoch:
        return None
    return Person(row.id, row.name, row.roles)


def _touched(session_id: str) -> datetime | None:
    pending = g.get("touched")
    if pending:
        return pending[1] if pending[0] == session_id else None
    try:
        whose, at = _signer().loads(request.cookies.get(_cookie(), ""))
    except (BadSignature, ValueError, TypeError):
        return None
    return _moment(at) if whose == session_id else None


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="console-touched")


def _cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}_touched"


def _write(response: Response) -> Response:
    if "touched" not in g:
        return response
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    if g.touched is None:
        response.delete_cookie(_cookie(), secure=secure, httponly=True, samesite="Lax")
        return response
    whose, at = g.touched
    written = _signer().dumps([whose, at.timestamp()])
    response.set_cookie(_cookie(), str(written), secure=secure, httponly=True, samesite="Lax")
    return response
