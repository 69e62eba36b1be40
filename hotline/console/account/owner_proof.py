"""Whoever changes how they sign in proves once more that it is them: a page left open must not give an account away.

By their password; tries count as those of signing in do. Whoever has none here, and signs in elsewhere, has proven it
by having signed in within ten minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final, TypeVar

from flask import request

from hotline.console.frame import signed_in
from hotline.console.frame.asking import current_application
from hotline.console.frame.signed_in import Person
from hotline.console.sign_in import proving
from hotline.operations.sign_in import credentials
from hotline.operations.transaction import Transaction
from hotline.worded import worded

T = TypeVar("T")
FRESH: Final = timedelta(minutes=10)
WRONG: Final = worded("That is not your password. Nothing was changed.")
STALE: Final = worded("You have no password here, so sign out and in again, then do this within ten minutes.")


class NotProven(Exception):
    """It is not shown to be them; the message, for them, says what to do. Nothing was changed."""


def proven(person: Person, work: Callable[[Transaction], T]) -> T:
    """Do it in one transaction, once it is shown to be them. Raises NotProven, and as `proving.prove` does."""
    application = current_application()
    row = application.look(lambda transaction: credentials.known(transaction, person.id))
    if row.password_hash is None:
        held = signed_in.ticket()
        if held is None or held.looked_at >= held.begun_at + FRESH:
            raise NotProven(STALE)
        return application.change(work)
    given = proving.prove(row, person.id, request.form.get("password", ""))
    if given is None:
        raise NotProven(WRONG)

    def counted(transaction: Transaction) -> T:
        if not proving.counts(transaction, given):
            raise NotProven(WRONG)
        return work(transaction)

    return application.change(counted)
