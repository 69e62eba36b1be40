"""How everybody on the staff signs in, for whoever lets them in: no password, secret or code is ever in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hotline.model import AuditAction, AuditKind, StaffId
from hotline.operations.sign_in import credentials, inviting, second_proof, single_sign_on, tried
from hotline.operations.sign_in.tried import Tried
from hotline.operations.transaction import Transaction
from hotline.store.people import sessions, staff
from hotline.store.people.staff import StaffRow
from hotline.store.sign_in import one_time_links, provider_names, sign_ins
from hotline.store.sign_in.one_time_links import OneTimeLink


@dataclass(frozen=True, slots=True)
class Entrant:
    """Somebody on the staff. Times are UTC."""

    member: StaffRow
    second_step: bool
    signed_in: int
    """In how many browsers."""
    last_at: datetime | None
    link: OneTimeLink | None
    """That counts now."""
    link_by: str | None
    """Who made it; None: a command."""
    elsewhere: str | None
    """Their name at the centre's provider."""
    only_elsewhere: bool
    """Their role signs in there, and in no other way."""


@dataclass(frozen=True, slots=True)
class Entrants:
    """Everybody who is on the staff now, by name."""

    now: datetime
    everybody: tuple[Entrant, ...]
    must: bool
    """Whether the centre asks everybody for a second step."""


def look(transaction: Transaction) -> Entrants:
    """As it is now."""
    rows = staff.active(transaction.tx)
    names = {row.id: row.name for row in staff.everyone(transaction.tx)}
    on, links = second_proof.everybody(transaction), _links(transaction)
    here = sessions.counted(transaction.tx)
    last = sign_ins.last(transaction.tx, names)
    there = provider_names.everybody(transaction.tx)

    def entrant(row: StaffRow) -> Entrant:
        link = links.get(row.id)
        by = names.get(link.by) if link and link.by else None
        name = there.get(row.id)
        must = single_sign_on.is_required(transaction.settings, row.roles)
        known = here.get(row.id, 0), last.get(row.id)
        return Entrant(row, row.id in on, *known, link, by, name.name if name else None, must)

    return Entrants(transaction.now, tuple(map(entrant, rows)), second_proof.must_be(transaction))


def history(transaction: Transaction, person: StaffId, by: StaffId) -> tuple[StaffRow, list[Tried]]:
    """What was tried in somebody's name, the newest first; that it was looked at is in the audit trail. Raises
    LookupError."""
    row = credentials.known(transaction, person)
    transaction.audit(AuditAction.VIEWED_SIGN_INS, AuditKind.STAFF, person, by=by)
    return row, tried.lately(transaction, person)


def sign_out(transaction: Transaction, row: StaffRow, by: StaffId) -> int:
    """End every session of theirs; how many there were."""
    ended = sessions.end_all(transaction.tx, row.id)
    transaction.audit(AuditAction.SIGNED_OUT, AuditKind.STAFF, row.id, by=by)
    transaction.tx.board_changed = True
    return ended


def end_second_step(transaction: Transaction, row: StaffRow, by: StaffId | None) -> bool:
    """Whoever has lost phone and codes signs in without them, is signed out everywhere, and told by text; whether they
    had a second step. `by`: None by command."""
    if not second_proof.end_all(transaction, row.id, by):
        return False
    sessions.end_all(transaction.tx, row.id)
    inviting.tell(transaction, row, "second_step_gone", by)
    transaction.tx.board_changed = True
    return True


def _links(transaction: Transaction) -> dict[StaffId, OneTimeLink]:
    unused = reversed(one_time_links.unused(transaction.tx))
    return {one.staff_id: one for one in unused if one.counts(transaction.now)}
