"""Members of staff come, change and go: what ends with it, and who has from now on what they had."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from hotline.lettering import LONGEST_NAME, tidy
from hotline.model import AuditAction, AuditKind, Language, PhoneNumber, Role, StaffId
from hotline.oncall.schedule import without
from hotline.oncall.wall_clock import shown
from hotline.operations.paging import duty
from hotline.operations.people import leaving
from hotline.operations.people.leaving import Left
from hotline.operations.shifts import changing_shifts
from hotline.operations.sign_in import inviting, second_proof
from hotline.operations.transaction import Transaction
from hotline.store.duty import calendar_feeds
from hotline.store.people import schedules, staff
from hotline.store.people.staff import StaffRow
from hotline.store.sign_in import provider_names
from hotline.worded import worded


class CannotBe(ValueError):
    """Nobody on the staff can be so; its words say why."""


def change(
    transaction: Transaction,
    row: StaffRow,
    name: str,
    roles: Collection[Role],
    languages: Collection[Language],
    by: StaffId,
) -> StaffRow:
    """All of it at once, and each of it in the audit trail if it is another one. Raises CannotBe, and Duplicate."""
    if not languages:
        raise CannotBe(worded("Say at least one language that they speak."))
    row = rename(transaction, row, name, by)
    if frozenset(roles) != row.roles:
        row = set_roles(transaction, row, roles, by)
    spoken = tuple(one for one in Language if one in languages)
    if frozenset(spoken) != frozenset(row.languages):
        row = _save(transaction, AuditAction.LANGUAGES_CHANGED, replace(row, languages=spoken), by)
    return row


def shifts_lost(transaction: Transaction, before: StaffRow, now: StaffRow) -> tuple[str, ...]:
    """The schedules that name somebody who has just become a trainee, and so is rung in none of them any more."""
    if before.is_trainee or not now.is_trainee:
        return ()
    return tuple(one.name for one in schedules.every(transaction.tx) if now.id in one.named)


def rename(transaction: Transaction, row: StaffRow, name: str, by: StaffId | None = None) -> StaffRow:
    """`by`: None by command. Raises CannotBe, and Duplicate if somebody else is called so."""
    wanted = tidy(name)
    if not 1 <= len(wanted) <= LONGEST_NAME:
        raise CannotBe(worded("A name has 1 to %(most)s letters.", most=LONGEST_NAME))
    if wanted == row.name:
        return row
    return _save(transaction, AuditAction.RENAMED, replace(row, name=wanted), by)


def set_phone(transaction: Transaction, row: StaffRow, phone: PhoneNumber, *, verified: bool) -> None:
    """Whether their old one was verified says nothing of another. Raises Duplicate if it is somebody else's."""
    _save(transaction, AuditAction.PHONE_CHANGED, replace(row, phone=phone, verified=verified))


def choose_guard(
    transaction: Transaction, row: StaffRow, *, every_page: bool, by: StaffId | None = None
) -> None:
    """Whether they want to be rung at night however often they were already."""
    transaction.audit(AuditAction.GUARD_CHANGED, AuditKind.STAFF, row.id, by=by)
    staff.save(transaction.tx, replace(row, every_page=every_page))


def set_roles(
    transaction: Transaction, row: StaffRow, roles: Iterable[Role], by: StaffId | None = None
) -> StaffRow:
    """Every session of theirs ends. `by`: None by command. Raises CannotBe."""
    wanted = frozenset(roles)
    if not wanted:
        raise CannotBe(worded("Say at least one role."))
    if Role.TRAINEE in wanted and len(wanted) > 1:
        raise CannotBe(worded("A trainee only looks on: name no other role beside it."))
    return _save(transaction, AuditAction.ROLES_CHANGED, replace(row, roles=wanted), by)


def activate(transaction: Transaction, row: StaffRow, by: StaffId | None = None) -> None:
    """They are on the staff again. `by`: None by command."""
    _save(transaction, AuditAction.ACTIVATED, replace(row, active=True), by)


def deactivate(transaction: Transaction, row: StaffRow, by: StaffId | None = None) -> Left:
    """They are off the staff for now: signed out, never rung; what they had open is other people's. `by`: None by
    command."""
    staff.save(transaction.tx, replace(row, active=False))
    return put_off(transaction, row, by)


def put_off(transaction: Transaction, row: StaffRow, by: StaffId | None = None) -> Left:
    """Whoever was put off the staff in this transaction has nothing any more, and no way back in but a new one."""
    inviting.withdraw(transaction, row.id)
    changing_shifts.let_go(transaction, row.id)
    return leaving.put_off(transaction, row, by)


def remove(transaction: Transaction, row: StaffRow) -> Left:
    """They have left. Their name stays with what they did; their phone and their name are free for somebody else."""
    named = tuple(
        policy.subject
        for policy in schedules.every_policy(transaction.tx).values()
        if any(f"staff:{row.id}" in rung.who for rung in policy.rungs)
    )
    on = [one for one in schedules.every(transaction.tx) if row.id in one.named]
    changing_shifts.let_go(transaction, row.id)
    changing_shifts.out_of_the_plan(transaction, row.id)
    for one in on:
        schedules.put(transaction.tx, without(one, row.id))
    left = leaving.let_go(transaction, row.id)
    second_proof.end_all(transaction, row.id, None)
    inviting.withdraw(transaction, row.id)
    provider_names.remove(transaction.tx, row.id)
    calendar_feeds.revoke_all(transaction.tx, row.id)
    gone = replace(
        row,
        name=f"{row.name} (left {shown(transaction.now, duty.clock_of(transaction)):%Y-%m-%d} {row.id[:4]})",
        phone=staff.no_phone(row.id),
        verified=False,
        active=False,
        password_hash=None,
    )
    _save(transaction, AuditAction.REMOVED, gone)
    empty = tuple(one.name for one in on if one.named == {row.id})
    return replace(left, schedules=tuple(one.name for one in on), empty=empty, policies=named)


def _save(
    transaction: Transaction, action: AuditAction, row: StaffRow, by: StaffId | None = None
) -> StaffRow:
    transaction.audit(action, AuditKind.STAFF, row.id, by=by)
    return staff.save(transaction.tx, row)
