"""Signing in and out."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

import phonenumbers
from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from hotline.console import asking, passwords, sessions
from hotline.console.asking import current_house
from hotline.model import StaffId
from hotline.operations.house import Desk
from hotline.store import audit, staff
from hotline.store.staff import StaffRow

_WRONG = "That name or phone and that password don't belong together. Check both, and try again."


def show() -> ResponseReturnValue:
    """The form; whoever is signed in already goes on to the board."""
    if current_user.is_authenticated:
        return redirect(_onward(), 303)
    return _form()


def enter() -> ResponseReturnValue:
    """Name or phone, and password: 303 to where they wanted to go, or the form again with 401."""
    given, password = request.form.get("who", ""), request.form.get("password", "")
    house = current_house()
    row = house.look(lambda desk: staff.matching(desk.tx, canonical(given)))
    usable = row if row is not None and row.active else None
    checked = passwords.check(usable.password_hash if usable else None, password)
    if usable is None or not checked.right:
        house.change(lambda desk: _note(desk, row.id if row else None, "sign in refused", ""))
        return _form(given, _WRONG), 401
    return _let_in(usable, checked)


def leave() -> ResponseReturnValue:
    """Sign out."""
    held = sessions.ticket()
    if held is not None:
        current_house().change(lambda desk: _note(desk, held.staff_id, "sign out", held.session_id))
    sessions.end()
    return redirect(url_for("console.sign_in", bye=1), 303)


def canonical(given: str) -> str:
    """A phone as E.164 however it was written, else the name as it was given."""
    country = current_house().settings.centre.line.countries[0]
    if not any(character.isdigit() for character in given):
        return given.strip()
    try:
        number = phonenumbers.parse(given, country)
    except phonenumbers.NumberParseException:
        return given.strip()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def account() -> str:
    """Whose account a request tries, for counting tries: the same whether or not there is such an account."""
    plain = " ".join(canonical(request.form.get("who", "")).casefold().split())
    key = current_app.secret_key or b""
    return hmac.new(key.encode() if isinstance(key, str) else key, plain.encode(), hashlib.sha256).hexdigest()


def _let_in(row: StaffRow, checked: passwords.Checked) -> ResponseReturnValue:
    house = current_house()
    session_id = sessions.begin(row, house.clock())

    def record(desk: Desk) -> None:
        _note(desk, row.id, "sign in", session_id)
        fresh = staff.get(desk.tx, row.id)
        if checked.stronger and fresh and fresh.password_hash == row.password_hash:
            staff.save(desk.tx, replace(fresh, password_hash=checked.stronger))

    house.change(record)
    return redirect(_onward(), 303)


def _onward() -> str:
    return asking.local(request.args.get("next", "")) or url_for("console.board")


def _form(given: str = "", wrong: str | None = None) -> str:
    return render_template(
        "console/sign_in.html",
        given=given,
        wrong=wrong,
        onward=asking.local(request.args.get("next", "")),
        over="over" in request.args,
        bye="bye" in request.args,
    )


def _note(desk: Desk, who: StaffId | None, action: str, session_id: str) -> None:
    audit.add(desk.tx, audit.Entry(desk.now, who, action, "session", session_id))
