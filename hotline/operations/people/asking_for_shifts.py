"""People ask each other about their shifts: to swap, to be covered, to fill a hole; and somebody takes over at once.

What is asked changes nothing until it is taken. It is asked by text, with a code of its own for each person, and on the
console; a yes counts with its code, or on the console (ADR 37).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hotline.model import AuditAction, AuditKind, Language, StaffId
from hotline.oncall.schedule import Change, ChangeKind, Schedule, who_is_on
from hotline.oncall.staffing.shift_ask import AskKind, AskState, Shift, ShiftAsk
from hotline.oncall.staffing.work_limits import DutySpan, on_duty, within
from hotline.oncall.wall_clock import said_span, zone
from hotline.operations.paging import duty, page_codes, reaching
from hotline.operations.people import changing_shifts, shift_limits
from hotline.operations.people.changing_shifts import CannotChange
from hotline.operations.transaction import Transaction, new_id
from hotline.store.overviews import crew
from hotline.store.people import shift_asks, shift_changes
from hotline.store.people.shift_asks import AskedOf
from hotline.store.people.shift_changes import ShiftChange

_LONGEST: Final = timedelta(days=31)
_AT_ONCE: Final = timedelta(hours=24)
"""How long somebody takes over who doesn't say how long, at most."""
OVERRULED: Final = "taken over at once"


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


# --- asking ----------------------------------------------------------------------------------------------------


def cover(transaction: Transaction, shift: Shift, person: StaffId, by: StaffId | None = None) -> ShiftAsk:
    """Ask everybody who could have this shift of theirs; the first yes has it. Raises CannotChange."""
    _check_theirs(transaction, shift, person)
    ask = _new(transaction, AskKind.COVER, shift, by, person=person)
    return _ask(transaction, ask, _who_could(transaction, ask))


def swap(
    transaction: Transaction,
    shift: Shift,
    person: StaffId,
    colleague: StaffId,
    back: Shift | None,
    by: StaffId | None = None,
) -> ShiftAsk:
    """Ask a colleague to have this shift, and to give that one for it (None: nothing). Raises CannotChange."""
    _check_theirs(transaction, shift, person)
    if colleague == person:
        raise CannotChange("Choose somebody else.")
    if back is not None:
        _check_theirs(transaction, back, colleague)
        if shift.schedule == back.schedule and shift.starts < back.ends and back.starts < shift.ends:
            raise CannotChange("Both are at the same time: there is nothing to swap.")
    ask = _new(transaction, AskKind.SWAP, shift, by, person=person, colleague=colleague, back=back)
    against = _against(transaction, ask, colleague)
    if against is not None:
        raise CannotChange(against)
    return _ask(transaction, ask, [colleague])


def offer(
    transaction: Transaction, shift: Shift, need: str | None = None, by: StaffId | None = None
) -> ShiftAsk:
    """Ask everybody who could fill this hole; the first yes has it. Raises CannotChange."""
    _schedule(transaction, shift.schedule)
    shift = replace(shift, starts=max(shift.starts, transaction.now))
    if shift.ends <= shift.starts:
        raise CannotChange("That is over already.")
    if shift.ends - shift.starts > _LONGEST:
        raise CannotChange("That is more than a month: plan somebody in the staff file.")
    ask = _new(transaction, AskKind.HOLE, shift, by, need=need)
    return _ask(transaction, ask, _who_could(transaction, ask))


def _new(
    transaction: Transaction,
    kind: AskKind,
    shift: Shift,
    by: StaffId | None,
    *,
    person: StaffId | None = None,
    colleague: StaffId | None = None,
    back: Shift | None = None,
    need: str | None = None,
) -> ShiftAsk:
    for one in shift_asks.ahead(transaction.tx, transaction.now):
        same = one.shift.schedule == shift.schedule and one.person == person and one.need == need
        if same and one.state is AskState.OPEN and _meet(one.shift, shift):
            raise CannotChange("That is asked already: take it back first.")
    return ShiftAsk(
        id=new_id(),
        kind=kind,
        shift=shift,
        asked_at=transaction.now,
        asked_by=by,
        person=person,
        colleague=colleague,
        back=back,
        need=need,
    )


def _meet(one: Shift, other: Shift) -> bool:
    return one.starts < other.ends and other.starts < one.ends


def _schedule(transaction: Transaction, name: str) -> Schedule:
    here = crew.crew(transaction.tx).schedules
    found = next((one for one in here if one.name == name), None)
    if found is None:
        known = ", ".join(one.name for one in here) or "none yet"
        raise CannotChange(f'There is no schedule "{name}"; there are {known}.')
    return found


def _check_theirs(transaction: Transaction, shift: Shift, person: StaffId) -> None:
    schedule = _schedule(transaction, shift.schedule)
    if shift.ends <= shift.starts:
        raise CannotChange("Until must be after From.")
    if shift.starts <= transaction.now:
        raise CannotChange("It has begun: somebody can take over at once.")
    if shift.ends - shift.starts > _LONGEST:
        raise CannotChange("That is more than a month: change the staff file.")
    span = DutySpan(shift.starts, shift.ends)
    if within(on_duty([schedule], person, span.starts, span.ends), span) != span.lasts:
        name = _names(transaction).get(person, "They")
        raise CannotChange(f"{name} is not on {shift.schedule} for all of that time.")


def _who_could(transaction: Transaction, ask: ShiftAsk) -> list[StaffId]:
    members = [one.id for one in crew.crew(transaction.tx).members if one.id != ask.person]
    would = {one: ask.changes(one, transaction.now) for one in members}
    found = shift_limits.who_could(transaction, would, ask.need)
    if not found:
        raise CannotChange(
            "Nobody who could have it is free and rested then. A supervisor can put somebody on."
        )
    return found


def _against(transaction: Transaction, ask: ShiftAsk, taker: StaffId) -> str | None:
    changes = ask.changes(taker, transaction.now)
    people = (taker, ask.person) if ask.back is not None and ask.person is not None else (taker,)
    found = (shift_limits.why_not(transaction, one, changes, need=ask.need) for one in people)
    return next((one for one in found if one is not None), None)


def _ask(transaction: Transaction, ask: ShiftAsk, people: list[StaffId]) -> ShiftAsk:
    codes = dict(zip(people, page_codes.fresh(transaction, people), strict=True))
    ask = shift_asks.add(transaction.tx, ask, codes)
    transaction.audit(AuditAction.SHIFT_ASKED, AuditKind.SHIFT_ASK, ask.id, by=ask.asked_by, detail=ask.kind)
    words = {"SHIFT": said(transaction, ask.shift)}
    if ask.person is not None:
        words["WHO"] = _first(transaction, ask.person)
    key = {AskKind.SWAP: "swap_asked", AskKind.COVER: "cover_asked", AskKind.HOLE: "hole_asked"}[ask.kind]
    if ask.kind is AskKind.SWAP and ask.back is None:
        key = "swap_asked_alone"
    if ask.back is not None:
        words["BACK"] = said(transaction, ask.back, ask.shift.schedule)
    for person, code in codes.items():
        reaching.text_staff(transaction, person, transaction.text(key, Language.EN, REF=code, **words))
    if ask.person is not None and ask.person != ask.asked_by:
        asked = transaction.text("ask_made_for_you", SHIFT=words["SHIFT"])
        reaching.text_staff(transaction, ask.person, asked)
    return ask


# --- answering -------------------------------------------------------------------------------------------------


def answer(
    transaction: Transaction, ask_id: str, person: StaffId, *, yes: bool, by_text: bool = False
) -> AskAnswered:
    """Somebody who was asked says yes or no. The first yes has it: the shift is theirs, and the others are told.

    Raises CannotChange if nobody has asked them.
    """
    ask = shift_asks.get(transaction.tx, ask_id)
    asked = shift_asks.asked_of(transaction.tx, ask_id) if ask is not None else []
    mine = next((one for one in asked if one.staff == person), None)
    if ask is None or mine is None:
        raise CannotChange("Nobody has asked you that.")
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
        words = {"SHIFT": said(transaction, ask.shift), "WHO": _first(transaction, mine.staff)}
        _tell_asker(transaction, ask, transaction.text(key, Language.EN, **words))
    return AskAnswered(AskResult.NOTED, ask)


def _yes(
    transaction: Transaction, ask: ShiftAsk, asked: list[AskedOf], mine: AskedOf, *, by_text: bool
) -> AskAnswered:
    if not _still_so(transaction, ask):
        ask = _settle(transaction, ask, AskState.OVER, None)
        return AskAnswered(AskResult.OVER, ask)
    against = _against(transaction, ask, mine.staff)
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
                _check_theirs(transaction, shift, person)
    except CannotChange:
        return False
    return ask.shift.ends > transaction.now


def _tell_taken(
    transaction: Transaction, ask: ShiftAsk, asked: list[AskedOf], mine: AskedOf, *, by_text: bool
) -> None:
    """Whoever asked, and the others; whoever has it too, if the reply to their own text doesn't."""
    who, shift = _first(transaction, mine.staff), said(transaction, ask.shift)
    if ask.back is not None:
        back = said(transaction, ask.back, ask.shift.schedule)
        _tell_asker(transaction, ask, transaction.text("swap_agreed", WHO=who, SHIFT=shift, BACK=back))
    else:
        _tell_asker(transaction, ask, transaction.text("shift_taken", WHO=who, SHIFT=shift))
    if not by_text:
        reaching.text_staff(transaction, mine.staff, transaction.text("shift_yours", SHIFT=shift))
    for one in asked:
        if one.staff != mine.staff and one.answer is None and _reached(transaction, one.staff):
            gone = transaction.text("shift_gone", REF=one.code, WHO=who, SHIFT=shift)
            reaching.text_staff(transaction, one.staff, gone)


def _tell_asker(transaction: Transaction, ask: ShiftAsk, words: str) -> None:
    """Whose shift it is, and whoever asked for them; of a hole that the command line offered, the supervisors."""
    people = dict.fromkeys(one for one in (ask.person, ask.asked_by) if one is not None)
    for person in people or dict.fromkeys(duty.supervisors(transaction)):
        if _reached(transaction, person):
            reaching.text_staff(transaction, person, words)


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
        raise CannotChange("There is nothing asked like that.")
    if ask.state is AskState.TAKEN:
        _undo(transaction, ask, by)
    elif ask.state is AskState.OPEN:
        asked = [one for one in shift_asks.asked_of(transaction.tx, ask.id) if one.answer is None]
        _settle(transaction, ask, AskState.WITHDRAWN, by)
        _tell_over(transaction, ask, asked)
    else:
        raise CannotChange("It is not asked any more.")
    transaction.audit(AuditAction.SHIFT_WITHDRAWN, AuditKind.SHIFT_ASK, ask.id, by=by)


def _undo(transaction: Transaction, ask: ShiftAsk, by: StaffId | None) -> None:
    if ask.begins <= transaction.now:
        raise CannotChange("It has begun: ask for another change, or a supervisor can end it.")
    made = shift_changes.of_ask(transaction.tx, ask.id)
    changing_shifts.undo(transaction, made[0].id, by)


def _tell_over(transaction: Transaction, ask: ShiftAsk, asked: Iterable[AskedOf]) -> None:
    for one in asked:
        if _reached(transaction, one.staff):
            words = transaction.text("ask_over", REF=one.code, SHIFT=said(transaction, ask.shift))
            reaching.text_staff(transaction, one.staff, words)


def begun(transaction: Transaction, ask_id: str) -> None:
    """What it is about has begun, and nobody has taken it: whose shift it is has it, and knows."""
    ask = shift_asks.get(transaction.tx, ask_id)
    if ask is None or ask.state is not AskState.OPEN:
        return
    _settle(transaction, ask, AskState.OVER, None)
    if ask.person is not None:
        words = transaction.text("ask_in_vain", SHIFT=said(transaction, ask.shift))
        _tell_asker(transaction, ask, words)


# --- taking over -----------------------------------------------------------------------------------------------


def take_over(
    transaction: Transaction,
    person: StaffId,
    of: StaffId,
    schedule: str,
    by: StaffId | None = None,
    *,
    until: datetime | None = None,
) -> ShiftChange:
    """Somebody has to run: this person is on instead of them from this moment until their time is over, or until
    `until` (aware); both are told.

    A hole is worse than a tired colleague, so no limit of rest or hours stands against it; supervisors are told of one
    that it breaks. Raises CannotChange.
    """
    here = _schedule(transaction, schedule)
    on, now = who_is_on(here, transaction.now), transaction.now
    names = _names(transaction)
    if of not in on:
        raise CannotChange(f"{names.get(of, 'That person')} is not on {schedule} now.")
    if person == of:
        raise CannotChange(f"{names.get(of, 'That person')} is on already.")
    (first, *_) = on_duty([here], of, now, now + _AT_ONCE)
    ends = until if until is not None else first.ends
    if ends <= now:
        raise CannotChange("Until must be later than now.")
    if person in on:
        change = Change(kind=ChangeKind.OFF, person=of, starts=now, ends=ends)
    else:
        change = Change(kind=ChangeKind.INSTEAD, person=person, starts=now, ends=ends, instead_of=of)
        against = shift_limits.unfit(transaction, person, schedule, change, free=False)
        if against is not None:
            raise CannotChange(against)
    tired = shift_limits.too_much(transaction, person, [(schedule, change)])
    overruled = OVERRULED if tired is not None else None
    made = changing_shifts.put_in(transaction, change, schedule, by, overruled=overruled, tell=False)
    transaction.audit(AuditAction.SHIFT_TAKEN_OVER, AuditKind.SHIFT_CHANGE, made.id, by=by)
    shift = said(transaction, Shift(schedule, now, ends))
    words = {"WHO": _first(transaction, person), "FROM": _first(transaction, of), "SHIFT": shift}
    for one in (person, of):
        if _reached(transaction, one):
            reaching.text_staff(transaction, one, transaction.text("shift_taken_over", Language.EN, **words))
    if tired is not None:
        for one in duty.supervisors(transaction):
            words = {"WHO": _first(transaction, person), "SHIFT": shift}
            reaching.text_staff(transaction, one, transaction.text("supervisor_tired", Language.EN, **words))
    return made


# --- words -----------------------------------------------------------------------------------------------------


def said(transaction: Transaction, shift: Shift, but: str | None = None) -> str:
    """As it stands in a text: with its schedule, unless that is `but`."""
    span = said_span(shift.starts, shift.ends, zone(transaction.settings.centre.line.timezone))
    return span if shift.schedule == but else f"{shift.schedule}, {span}"


def _names(transaction: Transaction) -> dict[StaffId, str]:
    return {one.id: one.name for one in crew.crew(transaction.tx).members}


def _first(transaction: Transaction, person: StaffId) -> str:
    return reaching.first_name(reaching.known(transaction, person))


def _reached(transaction: Transaction, person: StaffId) -> bool:
    member = crew.member(transaction.tx, person)
    return member is not None and member.active and member.verified
