"""Staff of a story who sign in to the console, too."""

from __future__ import annotations

from dataclasses import replace

from flask.testing import FlaskClient

from hotline.operations.transaction import Transaction
from hotline.store.people import staff
from hotline.store.people.staff import StaffRow
from tests.console.centre import kept_password, sign_in
from tests.stories.world import World


def has_a_password(transaction: Transaction, number: str) -> StaffRow:
    """Whoever has this telephone may sign in with a password; who it is."""
    row = next(one for one in staff.everyone(transaction.tx) if one.phone.e164 == number)
    staff.save(transaction.tx, replace(row, password_hash=kept_password()))
    return row


def page_of(world: World, number: str) -> FlaskClient:
    """A browser without scripts, in which whoever has this telephone is signed in."""
    row = world.change(lambda transaction: has_a_password(transaction, number))
    world.app.config["PREFERRED_URL_SCHEME"] = "https"
    client = world.app.test_client()
    sign_in(client, row.name)
    return client
