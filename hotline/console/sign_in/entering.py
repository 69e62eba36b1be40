"""Through the door: what comes after a right password, and after the second proof."""

from __future__ import annotations

from flask import make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from hotline.console.frame import asking, signed_in
from hotline.console.frame.asking import current_application
from hotline.console.sign_in import browser_place, devices, halfway
from hotline.console.sign_in.halfway import Halfway
from hotline.console.sign_in.noting import Way, note
from hotline.model import AuditAction, StaffId
from hotline.operations.sign_in import second_proof
from hotline.operations.transaction import Transaction
from hotline.settings.sign_on_settings import SecondStepBy
from hotline.store.people.staff import StaffRow


def after_password(
    transaction: Transaction, row: StaffRow, way: Way, *, offered: bool = False
) -> str | Halfway:
    """A session's secret; or halfway, where a second proof is on, or must be, or is `offered`."""
    is_on = second_proof.is_on(transaction, row.id)
    must_be = second_proof.must_be(transaction)
    if is_on or must_be or offered:
        signed_in.end(transaction)  # whoever was in before in this browser
        return Halfway(row.id, row.session_epoch, offered=offered and not (is_on or must_be))
    return begin(transaction, row.id, way)


def after_provider(transaction: Transaction, row: StaffRow) -> str | Halfway:
    """A session's secret for whoever a provider vouches for; or halfway, where ours is asked for, too."""
    if transaction.settings.centre.single_sign_on.second_step is SecondStepBy.HERE:
        return after_password(transaction, row, Way.PROVIDER)
    return begin(transaction, row.id, Way.PROVIDER)


def begin(transaction: Transaction, staff_id: StaffId, way: Way) -> str:
    """A session for whoever has proven everything; its secret."""
    session_id, secret = signed_in.begin(transaction, staff_id, way.value, browser_place.here())
    note(transaction, staff_id, AuditAction.SIGN_IN, way, session_id)
    return secret


def onwards(staff_id: StaffId, reached: str | Halfway, wanted: str = "") -> Response:
    """To the second step, or in. `wanted`: where to, if this request itself doesn't say it."""
    if isinstance(reached, Halfway):
        halfway.keep(reached, current_application().clock())
        wanted = wanted or request.args.get("next", "")
        return redirect(url_for("console.second_step", next=asking.local(wanted)), 303)
    return entered(staff_id, reached, wanted=wanted)


def entered(staff_id: StaffId, secret: str, page: str | None = None, wanted: str = "") -> Response:
    """To where they wanted to go, or to this page first; this browser keeps the session, and is known from now on."""
    signed_in.keep(secret)
    response = make_response(page) if page else redirect(onward(wanted), 303)
    devices.remember(response, staff_id)
    return response


def onward(wanted: str = "") -> str:
    """Where they wanted to go, or the board."""
    return asking.local(wanted or request.args.get("next", "")) or url_for("console.board")
