"""The check-up that everybody sees: asked for, done by whoever comes first, kept; and what people sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hotline.model import AuditAction, AuditKind, StaffId
from hotline.operations.checkup import by_hand, finding, found_at_once, people_found, telling_supervisors
from hotline.operations.checkup.finding import Finding, is_wrong, worst_first
from hotline.operations.checkup.judging import OfPeople
from hotline.operations.checkup.said import recordings_found
from hotline.operations.transaction import Transaction
from hotline.store.upkeep import checkups, sign_offs
from hotline.store.upkeep.sign_offs import SignOff
from hotline.worded import worded

EVERY: Final = timedelta(hours=6)
"""How often everything is looked over by itself."""
SOONER: Final = timedelta(minutes=30)
"""The same while something is wrong."""
_FRESH: Final = ("people.", "by_hand.", "words.signed.", "words.recordings", "backups.", "canary.")
"""What the database knows by itself is told as it is now, however old the rest is."""
_GIVEN_UP: Final = timedelta(minutes=5)
"""Whoever began so long ago, and has told nothing, is gone."""


@dataclass(frozen=True, slots=True)
class Checkup:
    """The last one."""

    now: datetime
    found: tuple[Finding, ...]
    """Worst first."""
    at: datetime | None
    """When that was found (UTC); None if nobody has looked yet."""
    is_under_way: bool
    """Somebody has asked for a new one."""


def last(transaction: Transaction) -> Checkup:
    """As it was found then; staff, backups, and what is signed, as it is now."""
    row = checkups.get(transaction.tx)
    before, _ = kept(transaction)
    older = (one for one in before if not one.key.startswith(_FRESH))
    found = worst_first((*older, *of_people(transaction).found))
    return Checkup(transaction.now, found, row.ended_at, row.is_under_way)


def kept(transaction: Transaction) -> tuple[tuple[Finding, ...], datetime | None]:
    """What was found then, all of it, and when (UTC); None: nobody has looked yet."""
    row = checkups.get(transaction.tx)
    return (finding.read(row.found) if row.found is not None else ()), row.ended_at


def ask(transaction: Transaction) -> None:
    """Look everything over now; whoever runs the clock does it."""
    checkups.ask(transaction.tx, transaction.now)


def is_due(transaction: Transaction) -> bool:
    """Whether it is time, or was asked for, and nobody is at it."""
    row = checkups.get(transaction.tx)
    at_it = row.begun_at is not None and (row.ended_at is None or row.ended_at < row.begun_at)
    if at_it and row.begun_at is not None and transaction.now - row.begun_at < _GIVEN_UP:
        return row.asked_at is not None and row.asked_at > row.begun_at
    if row.is_under_way or row.ended_at is None or row.found is None:
        return True
    return transaction.now - row.ended_at >= (SOONER if is_wrong(finding.read(row.found)) else EVERY)


def begin(transaction: Transaction) -> bool:
    """Whether it is ours to do."""
    return is_due(transaction) and checkups.begin(
        transaction.tx, transaction.now, transaction.now - _GIVEN_UP
    )


def end(transaction: Transaction, found: Sequence[Finding]) -> None:
    """That was found; supervisors are told of what stays wrong."""
    before, _ = kept(transaction)
    told_elsewhere = ("people.",)
    telling_supervisors.tell(
        transaction, before, [one for one in found if not one.key.startswith(told_elsewhere)]
    )
    checkups.end(transaction.tx, transaction.now, finding.written(found))


def of_people(transaction: Transaction) -> OfPeople:
    """What the database itself says."""
    tx, now = transaction.tx, transaction.now
    prompts = transaction.application.prompts
    return OfPeople(
        found=(
            *people_found.people(tx, now, transaction.settings.centre.line.timezone),
            *found_at_once.backups(transaction),
            *found_at_once.canary(transaction),
            *recordings_found.recordings(transaction),
            *by_hand.found(prompts, sign_offs.every(tx), now),
        ),
        countries=people_found.countries(tx, transaction.settings.centre.line),
        rung_at_once=people_found.rung_at_once(tx, now),
    )


def sign(transaction: Transaction, key: str, who: str, by: StaffId | None = None) -> None:
    """Somebody has looked, and found it so. `who`: as they are to be named. Raises ValueError, in words."""
    known = by_hand.keys(transaction.application.prompts)
    if key not in known:
        raise ValueError(worded("Nothing of that name is to be signed: %(names)s.", names=", ".join(known)))
    if not who.strip():
        raise ValueError(worded("Say who has looked."))
    sign_offs.keep(transaction.tx, SignOff(key, known[key], who.strip()[:120], transaction.now, by))
    transaction.audit(AuditAction.SIGNED_OFF, AuditKind.SETTINGS, key, by=by)
