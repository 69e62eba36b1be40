"""Proving by password who somebody is: at sign-in, and before a locked page. Both count as the same tries."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import current_app

from hotline.console.frame.asking import current_application, current_hasher
from hotline.console.sign_in import client_address, devices, passwords, tries
from hotline.console.sign_in.passwords import Checked
from hotline.console.sign_in.tries import Attempt, Backoff, TooSoon
from hotline.operations.transaction import Transaction
from hotline.store.people import staff
from hotline.store.people.staff import StaffRow


@dataclass(frozen=True, slots=True)
class Proven:
    """The password was theirs when it was checked."""

    row: StaffRow
    checked: Checked
    attempt: Attempt


def prove(row: StaffRow | None, given: str, password: str) -> Proven | None:
    """Count a try, and check it: None if it is wrong.

    `given` is what was typed where there is no such account. Raises TooSoon and passwords.Busy: it was not checked.
    """
    application = current_application()
    attempt = _attempt(row, given)
    wait = application.look(lambda transaction: tries.waits(transaction, attempt))
    wait = wait if wait else application.change(lambda transaction: tries.take(transaction, attempt))
    if wait:
        raise TooSoon(wait)
    usable = row if row is not None and row.active else None
    try:
        checked = passwords.check(usable.password_hash if usable else None, password, current_hasher())
    except passwords.Busy:
        application.change(lambda transaction: tries.give_back(transaction, attempt))
        raise
    return Proven(usable, checked, attempt) if usable is not None and checked.right else None


def counts(transaction: Transaction, proven: Proven) -> bool:
    """Whether it still holds, now that something is to follow from it; then the try never counted."""
    fresh = staff.get(transaction.tx, proven.row.id)
    if fresh is None or not fresh.active or fresh.password_hash != proven.row.password_hash:
        return False  # changed since it was checked
    tries.give_back(transaction, proven.attempt)
    if proven.checked.stronger:
        staff.save(transaction.tx, replace(fresh, password_hash=proven.checked.stronger))
    return True


def _attempt(row: StaffRow | None, given: str) -> Attempt:
    """Counted alike whether or not there is such an account, and for its name and its phone together."""
    account = row.id if row else f"nobody {given}"
    device = devices.known(row.id) if row else None
    rule = Backoff.read(current_application().settings.centre.console.sign_in_limit)
    return tries.attempt(str(current_app.secret_key), rule, account, client_address.client(), device)
