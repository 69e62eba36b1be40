"""Devices that staff have signed in on: a signed cookie. It opens nothing; strangers' guesses don't count for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from hotline.model import StaffId
from hotline.operations.transaction import new_id

_LASTS: Final = timedelta(days=180)
_MOST: Final = 12
"""Members of staff whom one device remembers: those of the shared one at the transaction."""


def known(staff_id: StaffId) -> str | None:
    """The id of this device, if this member of staff has signed in on it."""
    device, people = _read()
    return device if staff_id in people else None


def remember(response: Response, staff_id: StaffId) -> None:
    """They have signed in on this device."""
    device, people = _read()
    others = [one for one in people if one != staff_id]
    written = _signer().dumps([device or new_id(), [*others, staff_id][-_MOST:]])
    response.set_cookie(
        _name(),
        str(written),
        max_age=_LASTS,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )


def _read() -> tuple[str | None, list[str]]:
    try:
        device, people = _signer().loads(request.cookies.get(_name(), ""))
    except (BadSignature, ValueError, TypeError):
        return None, []
    return str(device), [str(one) for one in people]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="console-device")


def _name() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}_device"
