"""One-time links in tests: made, opened, and the password chosen with them."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hotline.model import StaffId
from hotline.operations.sign_in.inviting import Issued
from hotline.operations.transaction import Transaction
from hotline.store.people import staff
from hotline.store.people.staff import StaffRow
from tests.console.centre import Centre, token

Maker = Callable[[Transaction, StaffRow, StaffId | None], Issued]


def link_for(centre: Centre, name: str, make: Maker, by: str | None = None) -> Issued:
    """A link of this kind, made by a colleague, or by a command."""

    def work(transaction: Transaction) -> Issued:
        row = staff.get(transaction.tx, centre.people[name])
        assert row is not None
        return make(transaction, row, centre.people[by] if by else None)

    return centre.application.change(work)


def opens(client: FlaskClient, code: str) -> TestResponse:
    """Type a code, as the page's script does for whoever opens the link."""
    form = {"csrf_token": token(client, "/sign-in/code"), "code": code}
    return client.post("/sign-in/code", data=form)


def chooses(client: FlaskClient, password: str, again: str | None = None) -> TestResponse:
    """Choose a password on the page behind the link."""
    page = {"csrf_token": token(client, "/sign-in/welcome")}
    return client.post("/sign-in/welcome", data={**page, "password": password, "again": again or password})
