"""Blocking and floods: whom the line does not put through for a while. Emergencies are put through whatever happens.

Nothing here refuses a call: it only says what is so of a number, and the flow gives a blocked or crowding caller the
911 sentence and the emergency key. Withheld numbers are nobody's in particular and are never blocked or counted.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from hotline.model import AuditAction, AuditKind, PhoneNumber, StaffId
from hotline.operations.transaction import Transaction, new_id
from hotline.store.database import Tx, rows
from hotline.store.overviews import known_number
from hotline.store.overviews.known_number import Calls
from hotline.store.people import audit, blocks, staff
from hotline.store.people.blocks import Block

COUNTED = timedelta(hours=1)
"""The hour of `calls_per_hour`."""
LONGEST_REASON = 200


class NotBlocked(ValueError):
    """This number can't be blocked; the message, for the person who asked, says why."""


def is_blocked(transaction: Transaction, number: PhoneNumber | None) -> bool:
    """Whether this number is on the block list now; one indexed look-up."""
    return number is not None and blocks.standing(transaction.tx, number, transaction.now) is not None


def who_calls(transaction: Transaction, number: PhoneNumber) -> Calls:
    """What is known of this number, before the call with which it begins is kept."""
    caps = transaction.settings.centre.floods
    most = max(caps.calls_per_hour, caps.calls_at_once)
    since = transaction.now - COUNTED
    return rows.once(
        transaction.tx,
        (),
        ("calls", number),
        lambda: known_number.calls(transaction.tx, number, transaction.now, since, most),
    )


def is_crowded(transaction: Transaction, number: PhoneNumber | None) -> bool:
    """Whether more calls came from this number than the caps allow, the present one counted.

    Calls on the line at the same time, and calls in the last hour. Staff may call as often as they like.
    """
    if number is None:
        return False
    caps, before = transaction.settings.centre.floods, who_calls(transaction, number)
    if before.lately < caps.calls_per_hour and before.at_once < caps.calls_at_once:
        return False
    return staff.by_phone(transaction.tx, number) is None


def block(
    tx: Tx,
    number: PhoneNumber,
    reason: str,
    now: datetime,
    *,
    lasting: timedelta | None,
    by: StaffId | None = None,
    ours: Collection[PhoneNumber] = (),
) -> Block:
    """Put a number on the list, for so long or until it is removed; in the audit trail without the number.

    `ours`: the centre's own numbers. Raises NotBlocked for these and for staff's, and without a reason.
    """
    why = " ".join(reason.split())
    if not 1 <= len(why) <= LONGEST_REASON:
        raise NotBlocked(f"Give a reason, in {LONGEST_REASON} characters at most: others must understand it.")
    if number in ours:
        raise NotBlocked("That is a number of the line's own.")
    if staff.by_phone(tx, number) is not None:
        raise NotBlocked("That is the phone of a member of staff.")
    if lasting is not None and lasting <= timedelta(0):
        raise NotBlocked("A block lasts longer than nothing.")
    blocks.drop_expired(tx, now)
    made = Block(new_id(), number, why, by, now, now + lasting if lasting else None)
    blocks.add(tx, made)
    audit.add(tx, now, by, AuditAction.BLOCK, AuditKind.BLOCK, made.id)
    return made


def unblock(tx: Tx, number: PhoneNumber, now: datetime, *, by: StaffId | None = None) -> bool:
    """Take a number off the list; whether it was on it."""
    standing = blocks.standing(tx, number, now)
    blocks.remove(tx, number)
    blocks.drop_expired(tx, now)
    if standing is None:
        return False
    audit.add(tx, now, by, AuditAction.UNBLOCK, AuditKind.BLOCK, standing)
    return True


def listed(tx: Tx, now: datetime, *, by: StaffId | None = None) -> list[Block]:
    """Everything on the list now, the newest first. Looking at it is in the audit trail."""
    audit.add(tx, now, by, AuditAction.LOOK, AuditKind.BLOCKS, "blocks")
    return blocks.every(tx, now)
