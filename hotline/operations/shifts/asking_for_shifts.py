"""People ask each other about their shifts: to swap, to be covered, to fill a hole.

What is asked changes nothing until it is taken. It is asked by text, with a code of its own for each person, and on the
console; a yes counts with its code, or on the console (ADR 37).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from hotline.model import AuditAction, AuditKind, StaffId
from hotline.oncall.schedule import Schedule
from hotline.oncall.staffing.shift_ask import AskKind, AskState, Shift, ShiftAsk
from hotline.oncall.staffing.work_limits import DutySpan, on_duty, within
from hotline.operations.paging import page_codes
from hotline.operations.shifts import shift_limits, shift_words
from hotline.operations.shifts.changing_shifts import CannotChange
from hotline.operations.transaction import Transaction, new_id
from hotline.store.duty import shift_asks
from hotline.store.overviews import crew
from hotline.worded import worded

LONGEST: Final = timedelta(days=31)
"""More than that is planned, and never asked."""


def cover(transaction: Transaction, shift: Shift, person: StaffId, by: StaffId | None = None) -> ShiftAsk:
    """Ask everybody who could have this shift of theirs; the first yes has it. Raises CannotChange."""
    return _ask(transaction, *_cover(transaction, shift, person, by))


def _cover(
    transaction: Transaction, shift: Shift, person: StaffId, by: StaffId | None
) -> tuple[ShiftAsk, list[StaffId]]:
    check_theirs(transaction, shift, person)
    ask = _new(transaction, AskKind.COVER, shift, by, person=person)
    return ask, _who_could(transaction, ask)


def swap(
    transaction: Transaction,
    shift: Shift,
    person: StaffId,
    colleague: StaffId,
    back: Shift | None,
    by: StaffId | None = None,
) -> ShiftAsk:
    """Ask a colleague to have this shift, and to give that one for it (None: nothing). Raises CannotChange."""
    return _ask(transaction, *_swap(transaction, shift, person, colleague, back, by))


def check(
    transaction: Transaction, shift: Shift, person: StaffId, colleague: StaffId | None, back: Shift | None
) -> None:
    """Raises CannotChange if a swap with this colleague (None: a cover) couldn't be asked now; asks nobody."""
    if colleague is None:
        _cover(transaction, shift, person, person)
    else:
        _swap(transaction, shift, person, colleague, back, person)


def _swap(
    transaction: Transaction,
    shift: Shift,
    person: StaffId,
    colleague: StaffId,
    back: Shift | None,
    by: StaffId | None,
) -> tuple[ShiftAsk, list[StaffId]]:
    check_theirs(transaction, shift, person)
    if colleague == person:
        raise CannotChange(worded("Choose somebody else."))
    if back is not None:
        check_theirs(transaction, back, colleague)
        if shift.schedule == back.schedule and shift.starts < back.ends and back.starts < shift.ends:
            raise CannotChange(worded("Both are at the same time: there is nothing to swap."))
    ask = _new(transaction, AskKind.SWAP, shift, by, person=person, colleague=colleague, back=back)
    wrong = against(transaction, ask, colleague)
    if wrong is not None:
        raise CannotChange(
            worded("%(wrong)s Ask somebody else, or about a time at which it can be.", wrong=wrong)
        )
    return ask, [colleague]


def offer(
    transaction: Transaction, shift: Shift, need: str | None = None, by: StaffId | None = None
) -> ShiftAsk:
    """Ask everybody who could fill this hole; the first yes has it. Raises CannotChange.

    Of one that is longer than anybody may be on at once, the beginning is offered; the rest is a hole still.
    """
    schedule_named(transaction, shift.schedule)
    shift = replace(shift, starts=max(shift.starts, transaction.now))
    if shift.ends <= shift.starts:
        raise CannotChange(worded("That is over already."))
    longest = transaction.settings.centre.shifts.longest or LONGEST
    shift = replace(shift, ends=min(shift.ends, shift.starts + longest))
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
            raise CannotChange(worded("That is asked already: take it back first."))
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


def schedule_named(transaction: Transaction, name: str) -> Schedule:
    """The schedule of this name. Raises CannotChange."""
    here = crew.crew(transaction.tx).schedules
    found = next((one for one in here if one.name == name), None)
    if found is None:
        known = ", ".join(one.name for one in here) or worded("none yet")
        raise CannotChange(
            worded('There is no schedule "%(name)s"; there are %(known)s.', name=name, known=known)
        )
    return found


def check_theirs(transaction: Transaction, shift: Shift, person: StaffId) -> None:
    """Raises CannotChange unless all of this is theirs, and still to come."""
    schedule = schedule_named(transaction, shift.schedule)
    if shift.ends <= shift.starts:
        raise CannotChange(worded("Until must be after From."))
    if shift.starts <= transaction.now:
        raise CannotChange(worded("It has begun: somebody can take over at once."))
    if shift.ends - shift.starts > LONGEST:
        raise CannotChange(worded("That is more than a month: change the staff file."))
    span = DutySpan(shift.starts, shift.ends)
    if within(on_duty([schedule], person, span.starts, span.ends), span) != span.lasts:
        name = shift_words.name_of(transaction, person)
        raise CannotChange(
            worded(
                "%(name)s is not on %(schedule)s for all of that time: keep within the shift.",
                name=name,
                schedule=shift.schedule,
            )
        )


def _who_could(transaction: Transaction, ask: ShiftAsk) -> list[StaffId]:
    members = [one.id for one in crew.crew(transaction.tx).members if one.id != ask.person]
    would = {one: ask.changes(one, transaction.now) for one in members}
    found = shift_limits.who_could(transaction, would, ask.need)
    if not found:
        raise CannotChange(
            worded(
                "Nobody who could have it is free and rested for all of that time: whoever is on "
                "then already isn't. Ask "
                "about a part of it; or a supervisor can put somebody on all the same, or let you off."
            )
        )
    return found


def against(transaction: Transaction, ask: ShiftAsk, taker: StaffId) -> str | None:
    """Why they can't take it, and its person not give it, in words; None: they can."""
    changes = ask.changes(taker, transaction.now)
    people = (taker, ask.person) if ask.back is not None and ask.person is not None else (taker,)
    found = (shift_limits.why_not(transaction, one, changes, need=ask.need) for one in people)
    return next((one for one in found if one is not None), None)


def _ask(transaction: Transaction, ask: ShiftAsk, people: list[StaffId]) -> ShiftAsk:
    codes = dict(zip(people, page_codes.fresh(transaction, people), strict=True))
    ask = shift_asks.add(transaction.tx, ask, codes)
    transaction.audit(AuditAction.SHIFT_ASKED, AuditKind.SHIFT_ASK, ask.id, by=ask.asked_by, detail=ask.kind)
    words = {"SHIFT": shift_words.said(transaction, ask.shift)}
    if ask.person is not None:
        words["WHO"] = shift_words.first(transaction, ask.person)
    key = {AskKind.SWAP: "swap_asked", AskKind.COVER: "cover_asked", AskKind.HOLE: "hole_asked"}[ask.kind]
    if ask.kind is AskKind.SWAP and ask.back is None:
        key = "swap_asked_alone"
    if ask.back is not None:
        words["BACK"] = shift_words.said(transaction, ask.back, ask.shift.schedule)
    for person, code in codes.items():
        shift_words.tell(transaction, person, key, REF=code, **words)
    if ask.person is not None and ask.person != ask.asked_by:
        shift_words.tell(transaction, ask.person, "ask_made_for_you", SHIFT=words["SHIFT"])
    return ask
