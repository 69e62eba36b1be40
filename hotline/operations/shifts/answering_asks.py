"""Whoever was asked about a shift says yes or no; what is asked is taken back, or over when it begins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from hotline.model import AuditAction, AuditKind, StaffId
from hotline.oncall.staffing.shift_ask import AskKind, AskState, ShiftAsk
from hotline.operations.paging import duty
from hotline.operations.shifts import asking_for_shifts, changing_shifts, shift_words
from hotline.operations.shifts.changing_shifts import CannotChange
from hotline.operations.transaction import Transaction
from hotline.store.duty import shift_asks, shift_changes
from hotline.store.duty.shift_asks import AskedOf
from hotline.worded import worded


class AskResult(StrEnum):
    """What a yes or a no has come to."""

    TAKEN = "taken"
    MINE = "mine"
    NOTED = "noted"
    """They can't."""
    GONE = "gone"
    """Somebody else has it."""
    OVER = "over"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class AskAnswered:
    """The result, with what it is about."""

    result: AskResult
    ask: ShiftAsk
    by: StaffId | None = None
    """Who has it."""
    why: str = ""
    """What stands against it."""


def answer(
    transaction: Transaction, ask_id: str, person: StaffId, *, yes: bool, by_text: bool = False
) -> AskAnswered:
    """Somebody who was asked says yes or no. The first yes has it: the shift is theirs, and the others are told.

    Raises CannotChange if nobody has asked them.
    """
    shift_changes.hold(transaction.tx)
    ask = shift_asks.get(transaction.tx, ask_id)
    asked = shift_asks.asked_of(transaction.tx, ask_id) if ask is not None else []
    mine = next((one for one in asked if one.staff == person), None)
    if ask is None or mine is None:
        raise CannotChange(worded("Nobody has asked you that."))
    said = f"{'yes' if yes else 'no'}{' by text' if by_text else ''}"
    transaction.audit(AuditAction.SHIFT_ANSWERED, AuditKind.SHIFT_ASK, ask.id, by=person, detail=said)
    if ask.state is AskState.TAKEN:
        result = AskResult.MINE if ask.decided_by == person else AskResult.GONE
        return AskAnswered(result, ask, ask.decided_by)
    if ask.state is not AskState.OPEN:
        return AskAnswered(AskResult.OVER, ask)
    return _yes(transaction, ask, asked, mine, by_text=by_text) if yes else _no(transaction, ask, asked, mine)


def _no(transaction: Transaction, ask: ShiftAsk, asked: list[AskedOf], mine: AskedOf) -> AskAnswered:
    shift_asks.note(transaction.tx, mine, transaction.now, yes=False)
    if all(one.answer is False for one in asked if one.staff != mine.staff):
        ask = _settle(transaction, ask, AskState.DECLINED, None)
        key = "swap_declined" if ask.kind is AskKind.SWAP else "ask_in_vain"
        shift, who = shift_words.said(transaction, ask.shift), shift_words.first(transaction, mine.staff)
        _tell_asker(transaction, ask, key, SHIFT=shift, WHO=who)
    return AskAnswered(AskResult.NOTED, ask)


def _yes(
    transaction: Transaction, ask: ShiftAsk, asked: list[AskedOf], mine: AskedOf, *, by_text: bool
) -> AskAnswered:
    if not _still_so(transaction, ask):
        ask = _settle(transaction, ask, AskState.OVER, None)
        return AskAnswered(AskResult.OVER, ask)
    against = asking_for_shifts.against(transaction, ask, mine.staff)
    if against is not None:
        return AskAnswered(AskResult.REFUSED, ask, why=against)
    for schedule, change in ask.changes(mine.staff, transaction.now):
        changing_shifts.put_in(transaction, change, schedule, mine.staff, ask=ask.id, tell=False)
    shift_asks.note(transaction.tx, mine, transaction.now, yes=True)
    ask = _settle(transaction, ask, AskState.TAKEN, mine.staff)
    _tell_taken(transaction, ask, asked, mine, by_text=by_text)
    return AskAnswered(AskResult.TAKEN, ask, mine.staff)


def _still_so(transaction: Transaction, ask: ShiftAsk) -> bool:
    """Whether it is theirs still, what each of them gives; a hole that was filled meanwhile takes one more."""
    try:
        for shift, person in ((ask.shift, ask.person), (ask.back, ask.colleague)):
            if shift is not None and person is not None:
                asking_for_shifts.check_theirs(transaction, shift, person)
    except CannotChange:
        return False
    return ask.shift.ends > transaction.now


def _tell_taken(
    transaction: Transaction, ask: ShiftAsk, asked: list[AskedOf], mine: AskedOf, *, by_text: bool
) -> None:
    """Whoever asked, and the others; whoever has it too, if the reply to their own text doesn't."""
    who, shift = shift_words.first(transaction, mine.staff), shift_words.said(transaction, ask.shift)
    if ask.back is not None:
        back = shift_words.said(transaction, ask.back, ask.shift.schedule)
        _tell_asker(transaction, ask, "swap_agreed", WHO=who, SHIFT=shift, BACK=back)
    else:
        _tell_asker(transaction, ask, "shift_taken", WHO=who, SHIFT=shift)
    if not by_text:
        shift_words.tell(transaction, mine.staff, "shift_yours", SHIFT=shift)
    for one in asked:
        if one.staff != mine.staff and one.answer is None:
            shift_words.tell(transaction, one.staff, "shift_gone", REF=one.code, WHO=who, SHIFT=shift)


def _tell_asker(transaction: Transaction, ask: ShiftAsk, key: str, **words: str) -> None:
    """Whose shift it is, and whoever asked for them; of a hole that the command line offered, the supervisors."""
    people = dict.fromkeys(one for one in (ask.person, ask.asked_by) if one is not None)
    for person in people or dict.fromkeys(duty.supervisors(transaction)):
        shift_words.tell(transaction, person, key, **words)


def _settle(transaction: Transaction, ask: ShiftAsk, state: AskState, by: StaffId | None) -> ShiftAsk:
    return shift_asks.save(
        transaction.tx, replace(ask, state=state, decided_by=by, decided_at=transaction.now)
    )


def withdraw(transaction: Transaction, ask_id: str, by: StaffId | None = None) -> None:
    """Take back what is asked, or, until it begins, what has come of it. All whom it concerns are told.

    Whoever may is for the caller to know. Raises CannotChange.
    """
    ask = shift_asks.get(transaction.tx, ask_id)
    if ask is None:
        raise CannotChange(worded("There is nothing asked like that."))
    if ask.state is AskState.TAKEN:
        _undo(transaction, ask, by)
    elif ask.state is AskState.OPEN:
        asked = [one for one in shift_asks.asked_of(transaction.tx, ask.id) if one.answer is None]
        _settle(transaction, ask, AskState.WITHDRAWN, by)
        _tell_over(transaction, ask, asked)
    else:
        raise CannotChange(worded("It is not asked any more."))
    transaction.audit(AuditAction.SHIFT_WITHDRAWN, AuditKind.SHIFT_ASK, ask.id, by=by)


def _undo(transaction: Transaction, ask: ShiftAsk, by: StaffId | None) -> None:
    if ask.begins <= transaction.now:
        raise CannotChange(worded("It has begun: ask for another change, or a supervisor can end it."))
    made = shift_changes.of_ask(transaction.tx, ask.id)
    changing_shifts.undo(transaction, made[0].id, by)


def _tell_over(transaction: Transaction, ask: ShiftAsk, asked: Iterable[AskedOf]) -> None:
    for one in asked:
        shift = shift_words.said(transaction, ask.shift)
        shift_words.tell(transaction, one.staff, "ask_over", REF=one.code, SHIFT=shift)


def begun(transaction: Transaction, ask_id: str) -> None:
    """What it is about has begun, and nobody has taken it: whose shift it is has it, and knows."""
    ask = shift_asks.get(transaction.tx, ask_id)
    if ask is None or ask.state is not AskState.OPEN:
        return
    _settle(transaction, ask, AskState.OVER, None)
    if ask.person is not None:
        _tell_asker(transaction, ask, "ask_in_vain", SHIFT=shift_words.said(transaction, ask.shift))
