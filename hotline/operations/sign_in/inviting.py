"""One-time links: an invitation to somebody new, a reset for whoever has lost their password, and a way in when the
glass must be broken. Each is shown once, opens once, and tells nobody but its owner a password.

The code stands behind the # of the address, which no browser sends anywhere: no log and no preview of a text learns
it, and a program that follows links uses nothing up.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from hotline import paths
from hotline.effects import Origin, OriginKind, SendText, Urgency
from hotline.model import AuditAction, AuditKind, StaffId
from hotline.oncall import wall_clock
from hotline.operations.sign_in import single_sign_on, spoken_codes
from hotline.operations.transaction import Transaction, new_id
from hotline.store.people import staff
from hotline.store.people.staff import StaffRow
from hotline.store.sign_in import one_time_links, passkeys
from hotline.store.sign_in.one_time_links import LinkKind, OneTimeLink
from hotline.worded import worded

BREAK_GLASS_LASTS: Final = timedelta(hours=1)
_COMMAND: Final = "an administrator"
"""Who did what a command did, as texts say it."""


class CannotInvite(ValueError):
    """No link is made; the message, for the person who asked, says why and what to do."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A link as it is shown, this once."""

    kind: LinkKind
    code: str = field(repr=False)
    address: str = field(repr=False)
    until: datetime
    """UTC."""
    texted: bool


def invite(transaction: Transaction, row: StaffRow, by: StaffId | None, *, by_text: bool = False) -> Issued:
    """A link with which somebody who has no password chooses one, and sets up a second step. Raises CannotInvite."""
    if row.password_hash is not None:
        raise CannotInvite(worded("%(name)s has a password: reset it, if it is lost.", name=row.name))
    issued = _issue(transaction, row, LinkKind.INVITATION, by, _lasts(transaction), by_text=by_text)
    transaction.audit(AuditAction.INVITED, AuditKind.STAFF, row.id, by=by)
    return issued


def reset(transaction: Transaction, row: StaffRow, by: StaffId | None, *, by_text: bool = False) -> Issued:
    """A link with which they choose another password. The old one, their passkeys and every session of theirs end, for
    any of these may be somebody else's; the second step stays. A text tells them so. Raises CannotInvite."""
    issued = _issue(transaction, row, LinkKind.RESET, by, _lasts(transaction), by_text=by_text)
    staff.save(transaction.tx, replace(row, password_hash=None, session_epoch=row.session_epoch + 1))
    passkeys.end_all(transaction.tx, row.id)
    transaction.audit(AuditAction.PASSWORD_RESET, AuditKind.STAFF, row.id, by=by)
    tell(transaction, row, "password_reset", by)
    return issued


def break_glass(transaction: Transaction, row: StaffRow, by: StaffId | None = None) -> Issued:
    """A link that lets them in once as they are, within an hour, whatever else signing in asks for but a second step;
    a text tells them so. Raises CannotInvite."""
    issued = _issue(transaction, row, LinkKind.BREAK_GLASS, by, BREAK_GLASS_LASTS, by_text=False)
    transaction.audit(AuditAction.BROKE_GLASS, AuditKind.STAFF, row.id, by=by)
    tell(transaction, row, "broke_glass", by)
    return issued


def revoke(transaction: Transaction, row: StaffRow, by: StaffId | None) -> bool:
    """Their link opens nothing any more; whether there was one."""
    had = withdraw(transaction, row.id)
    if had:
        transaction.audit(AuditAction.LINK_REVOKED, AuditKind.STAFF, row.id, by=by)
    return had


def withdraw(transaction: Transaction, person: StaffId) -> bool:
    """No link of theirs counts any more; whether one did."""
    unused = one_time_links.unused(transaction.tx, person)
    for one in unused:
        one_time_links.save(transaction.tx, replace(one, revoked_at=transaction.now))
    return any(one.counts(transaction.now) for one in unused)


def whose(transaction: Transaction, code: str) -> tuple[OneTimeLink, StaffRow] | None:
    """What this code opens now, and for whom; or None."""
    return _usable(transaction, one_time_links.by_code(transaction.tx, spoken_codes.hashed(code)))


def opened(transaction: Transaction, link_id: str) -> tuple[OneTimeLink, StaffRow] | None:
    """What the link with this id opens now, and for whom; or None."""
    return _usable(transaction, one_time_links.get(transaction.tx, link_id))


def use(transaction: Transaction, link: OneTimeLink) -> None:
    """It opens nothing any more. Raises Stale if somebody was quicker."""
    one_time_links.save(transaction.tx, replace(link, used_at=transaction.now))


def tell(transaction: Transaction, row: StaffRow, what: str, by: StaffId | None) -> None:
    """Text a member of staff what was done to how they sign in; only to a phone that is known to be theirs."""
    if not row.verified or not row.active:
        return
    who = staff.get(transaction.tx, by) if by else None
    words = transaction.text(what, WHO=who.name if who else _COMMAND)
    _text(transaction, row, words)


def _issue(
    transaction: Transaction,
    row: StaffRow,
    kind: LinkKind,
    by: StaffId | None,
    lasts: timedelta,
    *,
    by_text: bool,
) -> Issued:
    if not row.active:
        raise CannotInvite(worded("%(name)s is off the staff: put them on it again first.", name=row.name))
    elsewhere = single_sign_on.is_required(transaction.settings, row.roles)
    if elsewhere and kind is not LinkKind.BREAK_GLASS:
        label = transaction.settings.centre.single_sign_on.label
        raise CannotInvite(
            worded("%(name)s signs in with %(label)s, and has no password here.", name=row.name, label=label)
        )
    if by_text and not row.verified:
        raise CannotInvite(
            worded(
                "%(name)s's phone is not verified: nothing private is texted to it. Verify it under "
                "Readiness, or hand the link over.",
                name=row.name,
            )
        )
    withdraw(transaction, row.id)
    code, until = spoken_codes.fresh(), transaction.now + lasts
    one_time_links.add(
        transaction.tx,
        OneTimeLink(
            id=new_id(),
            staff_id=row.id,
            kind=kind,
            code=spoken_codes.hashed(code),
            by=by,
            issued_at=transaction.now,
            until=until,
        ),
    )
    address = f"{transaction.settings.public_base_url}{paths.ONE_TIME_LINK}#{code}"
    if by_text:
        place = wall_clock.zone(transaction.settings.centre.line.timezone)
        words = transaction.text("one_time_link", LINK=address, TIME=wall_clock.said(until, place))
        _text(transaction, row, words)
    return Issued(kind, code, address, until, texted=by_text)


def _text(transaction: Transaction, row: StaffRow, words: str) -> None:
    about = Origin(OriginKind.STAFF, row.id)
    transaction.send(SendText(row.phone, words, paths.SMS_STATUS), about=about, urgency=Urgency.URGENT)


def _lasts(transaction: Transaction) -> timedelta:
    return transaction.settings.centre.console.link_lasts


def _usable(transaction: Transaction, link: OneTimeLink | None) -> tuple[OneTimeLink, StaffRow] | None:
    if link is None or not link.counts(transaction.now):
        return None
    row = staff.get(transaction.tx, link.staff_id)
    if row is None or not row.active:
        return None
    elsewhere = single_sign_on.is_required(transaction.settings, row.roles)
    return None if elsewhere and link.kind is not LinkKind.BREAK_GLASS else (link, row)
