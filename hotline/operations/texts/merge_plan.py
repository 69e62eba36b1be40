"""What merging the cases of two contacts would do: it is shown before anybody does it, and done as it was shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hotline.callbacks.callback import Callback, CallbackStatus, PutBack
from hotline.callbacks.callback_moves import step
from hotline.callbacks.merging import BeforeMerging, ToldSafe, merge, stricter
from hotline.model import ContactId, PhoneNumber, StaffId
from hotline.operations import flow_state
from hotline.operations.callbacks import admissions_talk, consent, one_person
from hotline.operations.conversation import own_callback
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.people import callers


class NotMerged(StrEnum):
    """Why two cases are not merged, or stay so."""

    SAME = "same"
    """They are one case already, or are merged."""
    HELD = "held"
    """Somebody else has one of the callbacks."""
    RUNNING = "running"
    """One of them is being called, or how that call ended is to be said first."""
    LATER = "later"
    """Something was merged with them since: that is undone first."""
    OVER = "over"
    """Somebody has undone it already."""


@dataclass(frozen=True, slots=True)
class CaseSide:
    """One of the two cases."""

    contact: ContactRow
    case: ContactId
    """The contact with which it began."""
    number: PhoneNumber | None = field(repr=False)
    owed: CallbackRow | None
    """What they wait for."""
    told: ToldSafe
    """What was said of this telephone, as it holds now."""
    stopped_at: datetime | None
    """When this number asked us to stop."""
    opted_out_at: datetime | None


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What merging these two would do."""

    kept: CaseSide
    """The one whose number is called, if anybody is to be called."""
    other: CaseSide
    before: BeforeMerging | None
    """What they wait for, as it will wait; None: for nothing."""
    after: Callback | None
    """The callback that stays, as it will be."""
    told: tuple[ToldSafe, ToldSafe]
    """What will hold for the two telephones."""
    stopped_at: datetime | None
    """When one of them asked us to stop: that holds for both."""
    opted_out_at: datetime | None


def plan(
    transaction: Transaction, one: ContactId, another: ContactId, keep: ContactId | None, by: StaffId
) -> MergePlan | NotMerged | None:
    """What merging the cases of these two contacts would do; None: there is no such contact. Nothing is changed.

    `keep`: whose number is to be called; None: that with the earlier promise.
    """
    first, second = contacts.get(transaction.tx, one), contacts.get(transaction.tx, another)
    if first is None or second is None:
        return None
    sides = _side(transaction, first), _side(transaction, second)
    if _are_one(transaction, *sides):
        return NotMerged.SAME
    for side in sides:
        if side.owed is not None and (why := _why_not(side.owed.callback, by)) is not None:
            return why
    kept, other = sides if _stays(*sides, keep) else (sides[1], sides[0])
    return _planned(transaction, kept, other)


def _side(transaction: Transaction, row: ContactRow) -> CaseSide:
    number = flow_state.reachable_at(row)
    owed = own_callback.of_caller(transaction, number, row.callback_id)
    known = callers.get(transaction.tx, number) if number is not None else None
    return CaseSide(
        contact=row,
        case=admissions_talk.case_of(transaction, row),
        number=number,
        owed=owed,
        told=_told(transaction, row, number),
        stopped_at=known.no_calls_at if known is not None else None,
        opted_out_at=known.opted_out_at if known is not None else None,
    )


def _told(transaction: Transaction, row: ContactRow, number: PhoneNumber | None) -> ToldSafe:
    said = flow_state.read(row)
    texts = (said.text_safe, consent.texts_are_safe(transaction, number) if number is not None else None)
    return ToldSafe(said.message_safe, False if False in texts else True if True in texts else None)


def are_one(transaction: Transaction, one: ContactId, another: ContactId) -> bool:
    """Whether these two contacts are of one case already, or of cases that are merged."""
    first, second = contacts.get(transaction.tx, one), contacts.get(transaction.tx, another)
    if first is None or second is None:
        return False
    return _are_one(transaction, _side(transaction, first), _side(transaction, second))


def _are_one(transaction: Transaction, first: CaseSide, second: CaseSide) -> bool:
    same_call = first.owed is not None and second.owed is not None
    if same_call and first.owed.callback.id == second.owed.callback.id:  # type: ignore[union-attr]
        return True
    group = {case for one in one_person.merges_of(transaction, first.contact) for case in one.cases}
    return second.case in {first.case, first.contact.id, *group} or second.contact.id in group


def _why_not(callback: Callback, by: StaffId) -> NotMerged | None:
    if callback.status in (CallbackStatus.WAITING, CallbackStatus.RINGING):
        return None
    if callback.owner not in (None, by):
        return NotMerged.HELD
    return None if callback.is_taken else NotMerged.RUNNING


def _stays(first: CaseSide, second: CaseSide, keep: ContactId | None) -> bool:
    """Whether the first one is the one whose number is called."""
    if first.owed is None or second.owed is None:
        return second.owed is None
    if keep is not None:
        return keep == first.contact.id
    return first.owed.callback.promised_at <= second.owed.callback.promised_at


def _planned(transaction: Transaction, kept: CaseSide, other: CaseSide) -> MergePlan:
    stopped_at = max((one.stopped_at for one in (kept, other) if one.stopped_at), default=None)
    opted_out_at = min((one.opted_out_at for one in (kept, other) if one.opted_out_at), default=None)
    told = stricter(kept.told, [other.told]), stricter(other.told, [kept.told])
    before, after = None, None
    if kept.owed is not None:
        another = _let_go(transaction, other.owed) if other.owed is not None else None
        before = BeforeMerging(_let_go(transaction, kept.owed), another, stopped_at, told[0])
        after = merge(before)[0]
    return MergePlan(kept, other, before, after, told, stopped_at, opted_out_at)


def _let_go(transaction: Transaction, row: CallbackRow) -> Callback:
    if row.callback.status is CallbackStatus.WAITING:
        return row.callback
    return step(row.callback, PutBack("merged"), transaction.now, transaction.plan)
