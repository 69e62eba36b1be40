"""Whom of the staff a provider vouches for: by a name that they were given here, and the first account that used it.

Nobody gets an account by being vouched for, unless the centre's settings say so. A name that the provider gives to
somebody else one day opens nothing: the account behind it must be the one that it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from hotline.dialling import read
from hotline.lettering import tidy
from hotline.model import AuditAction, AuditKind, Language, Role, StaffId
from hotline.operations.transaction import Transaction, new_id
from hotline.settings.load import Settings
from hotline.settings.sign_on_settings import SingleSignOnTable
from hotline.store.database import Duplicate
from hotline.store.people import staff
from hotline.store.people.staff import StaffRow
from hotline.store.sign_in import provider_names
from hotline.worded import worded

LONGEST: Final = 200
_EMAIL: Final = "email"


class NotLetIn(Exception):
    """The provider vouches for somebody who isn't let in; the message, for them, says why and what to do.

    `person`: whose account it would have been.
    """

    def __init__(self, words: str, person: StaffId | None = None) -> None:
        super().__init__(words)
        self.person = person


def is_required(settings: Settings, roles: Collection[Role]) -> bool:
    """Whether somebody with these roles signs in by the provider, and in no other way."""
    return not set(roles).isdisjoint(settings.centre.single_sign_on.required_for)


def name_them(transaction: Transaction, row: StaffRow, name: str, by: StaffId | None) -> None:
    """They are vouched for by this name from now on, by whichever account has it there; if it is empty, not any more.
    Raises ValueError for what can't be one, or is somebody else's."""
    wanted = name.strip().casefold()
    if len(wanted) > LONGEST or not wanted.isprintable():
        raise ValueError(worded("That can't be a name there."))
    if not wanted:
        provider_names.remove(transaction.tx, row.id)
    else:
        theirs = provider_names.by_name(transaction.tx, wanted)
        if theirs is not None and theirs.staff_id != row.id:
            raise ValueError(worded("Somebody else on the staff has that name there."))
        provider_names.put(transaction.tx, row.id, wanted)
    transaction.audit(AuditAction.PROVIDER_NAME, AuditKind.STAFF, row.id, by=by)
    transaction.tx.board_changed = True


def whose(transaction: Transaction, claims: Mapping[str, Any]) -> StaffRow:
    """Who is let in of those for whom the provider vouches so. Raises NotLetIn."""
    table = transaction.settings.centre.single_sign_on
    name = _name(claims, table)
    known = provider_names.by_name(transaction.tx, name)
    if known is None:
        return _newcomer(transaction, claims, table, name)
    row = staff.get(transaction.tx, known.staff_id)
    if row is None or not row.active:
        raise NotLetIn(worded("You are not on the staff now. Ask your supervisor."), known.staff_id)
    _among(claims, table, row.id)
    account = _account(claims)
    if known.account is None:
        provider_names.save(transaction.tx, replace(known, account=account))
    elif known.account != account:
        raise NotLetIn(
            worded(
                "Another account had that name before. If both are yours, ask your supervisor to give it to you anew."
            ),
            row.id,
        )
    return row


def proven_at(claims: Mapping[str, Any]) -> datetime | None:
    """When they proved themselves to the provider (UTC); None: it doesn't say."""
    at = claims.get("auth_time")
    return datetime.fromtimestamp(at, UTC) if isinstance(at, int | float) else None


def _name(claims: Mapping[str, Any], table: SingleSignOnTable) -> str:
    found = claims.get(table.claim)
    if not isinstance(found, str) or not 0 < len(found.strip()) <= LONGEST:
        raise NotLetIn(
            worded(
                "The provider does not say who you are here (%(claim)s). Tell your administrator.",
                claim=table.claim,
            )
        )
    if table.claim == _EMAIL and claims.get("email_verified") is not True:
        raise NotLetIn(
            worded("The provider has not verified your e-mail address. Verify it there, then try again.")
        )
    return found.strip().casefold()


def _among(claims: Mapping[str, Any], table: SingleSignOnTable, person: StaffId | None) -> None:
    found = claims.get(table.groups_claim)
    groups = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    if table.groups and not any(one in table.groups for one in groups):
        raise NotLetIn(
            worded("You are in none of the groups that sign in here. Ask your administrator."), person
        )


def _account(claims: Mapping[str, Any]) -> str:
    return hashlib.sha256(f"{claims['iss']}\0{claims['sub']}".encode()).hexdigest()


def _newcomer(
    transaction: Transaction, claims: Mapping[str, Any], table: SingleSignOnTable, name: str
) -> StaffRow:
    if table.newcomers is None:
        raise NotLetIn(
            worded("Nobody on the staff has that name there. Ask your supervisor to give it to you.")
        )
    _among(claims, table, None)
    called, written = claims.get("name"), claims.get("phone_number")
    number = read(written, transaction.settings.centre.line.countries) if isinstance(written, str) else None
    if not isinstance(called, str) or not tidy(called) or number is None:
        raise NotLetIn(
            worded("The provider gives no name and phone of yours, so you can't be put on the staff by it.")
        )
    row = StaffRow(
        id=StaffId(new_id()),
        name=tidy(called),
        phone=number,
        verified=False,
        roles=frozenset({table.newcomers}),
        languages=(Language.EN,),
    )
    try:
        row = staff.add(transaction.tx, row)
    except Duplicate:
        raise NotLetIn(
            worded("Somebody on the staff has your name or phone. Ask your supervisor to link it.")
        ) from None
    provider_names.put(transaction.tx, row.id, name)
    known = provider_names.by_name(transaction.tx, name)
    assert known is not None  # noqa: S101 - just put
    provider_names.save(transaction.tx, replace(known, account=_account(claims)))
    transaction.audit(AuditAction.VOUCHED_IN, AuditKind.STAFF, row.id)
    return row
