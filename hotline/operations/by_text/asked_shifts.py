"""Asking by text for a swap, or for somebody who takes a shift: first what was understood is told, and a YES asks.

A text proves nobody, so its yes counts with the code only that went to the phone with what was understood; and all that
it does is ask. Whoever is asked says yes with a code of their own, and both sides learn of it (ADR 37, 45).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hotline.lettering import folded
from hotline.model import Language, StaffId
from hotline.oncall.staffing.shift_ask import Shift
from hotline.oncall.staffing.work_limits import DutySpan, on_duty
from hotline.oncall.wall_clock import moment, shown
from hotline.operations.conversation.caller import IncomingText
from hotline.operations.paging import duty, page_codes
from hotline.operations.shifts import asking_for_shifts, shift_words
from hotline.operations.shifts.changing_shifts import CannotChange
from hotline.operations.transaction import Transaction
from hotline.store.overviews.crew import crew
from hotline.store.traffic import messages
from hotline.store.traffic.messages import Direction
from hotline.triage.texts.shift_wishes import HalfWish, ShiftPart, ShiftWish, WhichShift, wished
from hotline.triage.texts.staff_replies import Verb, understood

ASKED_WITHIN: Final = timedelta(minutes=15)
"""How long what was understood waits for a yes."""
_LOOKED_AT: Final = 10
_DAY: Final = timedelta(days=1)
_LONGEST_DAY: Final = timedelta(hours=25)
"""The one on which the clocks are put back."""
_AROUND: Final = timedelta(days=32)
_HOURS: Final[Mapping[ShiftPart, Collection[int]]] = {
    ShiftPart.MORNING: range(5, 12),
    ShiftPart.DAY: range(7, 19),
    ShiftPart.AFTERNOON: range(12, 18),
    ShiftPart.EVENING: range(16, 23),
    ShiftPart.NIGHT: (21, 22, 23, *range(7)),
}
"""In which the middle of a shift lies that is called so."""


@dataclass(frozen=True, slots=True)
class ShiftMeant:
    """What would be asked."""

    shift: Shift
    colleague: StaffId | None = None
    back: Shift | None = None


def answer(transaction: Transaction, person: StaffId, text: IncomingText) -> str | None:
    """What was understood, or what has come of the YES to it; None for everything else."""
    said = understood(text.body)
    if said is not None and said.code is not None and said.verb in (Verb.TAKE, Verb.DECLINE):
        return _decided(transaction, person, text, said.code, yes=said.verb is Verb.TAKE)
    wish = _wish(transaction, person, text.body, transaction.now)
    if wish is None:
        return None
    found = _understood(transaction, person, wish, transaction.now)
    return found if isinstance(found, str) else _told(transaction, person, found)


def _wish(transaction: Transaction, person: StaffId, words: str, at: datetime) -> ShiftWish | HalfWish | None:
    names = {one for member, several in _names(transaction) if member != person for one in several}
    return wished(words, shown(at, duty.clock_of(transaction)).date(), names)


def _names(transaction: Transaction) -> Iterable[tuple[StaffId, tuple[str, str]]]:
    for one in crew(transaction.tx).members:
        whole = folded(one.name)
        yield one.id, (whole, whole.split()[0])


def _decided(
    transaction: Transaction, person: StaffId, text: IncomingText, code: str, *, yes: bool
) -> str | None:
    """They answer what was understood of a text of theirs: it is read again, as it was then."""
    since = transaction.now - ASKED_WITHIN
    lately = messages.latest_with(transaction.tx, text.sender, Direction.IN, since, at_most=_LOOKED_AT)
    for one in lately:
        reply = messages.get(transaction.tx, f"reply-{one.provider_sid}")
        if reply is None or f"YES {code} " not in reply.body:
            continue
        wish = _wish(transaction, person, one.body, one.at)
        found = _understood(transaction, person, wish, one.at) if wish is not None else None
        if isinstance(found, ShiftMeant):
            return _ask(transaction, person, found) if yes else transaction.text("wish_dropped")
    return None


def _ask(transaction: Transaction, person: StaffId, found: ShiftMeant) -> str:
    try:
        if found.colleague is None:
            asking_for_shifts.cover(transaction, found.shift, person, person)
        else:
            asking_for_shifts.swap(transaction, found.shift, person, found.colleague, found.back, person)
    except CannotChange as refused:
        return transaction.text("wish_refused", WHAT=str(refused))
    return transaction.text("wish_asked", SHIFT=shift_words.said(transaction, found.shift))


def _told(transaction: Transaction, person: StaffId, found: ShiftMeant) -> str:
    """What would be asked, with a code for the yes; what couldn't be asked anyhow is refused at once."""
    try:
        asking_for_shifts.check(transaction, found.shift, person, found.colleague, found.back)
    except CannotChange as refused:
        return transaction.text("wish_refused", WHAT=str(refused))
    (code,) = page_codes.fresh(transaction, [person])
    words = {"REF": code, "SHIFT": shift_words.said(transaction, found.shift)}
    if found.colleague is None:
        return transaction.text("wish_cover", Language.EN, **words)
    words["WHO"] = shift_words.first(transaction, found.colleague)
    if found.back is None:
        return transaction.text("wish_swap_alone", Language.EN, **words)
    back = shift_words.said(transaction, found.back, found.shift.schedule)
    return transaction.text("wish_swap", Language.EN, **words, BACK=back)


# --- which shifts are meant ------------------------------------------------------------------------------------


def _understood(
    transaction: Transaction, person: StaffId, wish: ShiftWish | HalfWish, at: datetime
) -> ShiftMeant | str:
    if isinstance(wish, HalfWish):
        return transaction.text("wish_how")
    mine = _the_one(transaction, person, wish.mine, at, "you have")
    if isinstance(mine, str) or wish.colleague is None:
        return mine if isinstance(mine, str) else ShiftMeant(mine)
    meant = [one for one, names in _names(transaction) if wish.colleague in names and one != person]
    if len(meant) != 1:
        return transaction.text("wish_who")
    if wish.theirs is None:
        return ShiftMeant(mine, meant[0])
    has = f"{shift_words.first(transaction, meant[0])} has"
    back = _the_one(transaction, meant[0], wish.theirs, at, has)
    return back if isinstance(back, str) else ShiftMeant(mine, meant[0], back)


def _the_one(
    transaction: Transaction, person: StaffId, which: WhichShift, at: datetime, has: str
) -> Shift | str:
    """The one shift of theirs that is meant; else why there is none."""
    said = {"WHO": has, "TIME": f"{which.day:%a} {which.day.day} {which.day:%b}"}
    found = [one for one in _on(transaction, person, which) if one.starts > at]
    if not found:
        return transaction.text("wish_none", Language.EN, **said)
    if len(found) > 1:
        return transaction.text("wish_several", Language.EN, **said)
    if found[0].ends - found[0].starts > _LONGEST_DAY:
        return transaction.text("wish_long")
    return found[0]


def _on(transaction: Transaction, person: StaffId, which: WhichShift) -> list[Shift]:
    """Their shifts that begin on this day, by the centre's clock, in that part of it. Of a turn of several days, the
    day is meant that begins when the turn does; of whoever is always on, the day of the calendar."""
    place = duty.clock_of(transaction)
    begins = moment(datetime.combine(which.day, time()), place)
    ends = moment(datetime.combine(which.day + _DAY, time()), place)
    found: list[Shift] = []
    for schedule in crew(transaction.tx).schedules:
        for span in on_duty([schedule], person, begins - _AROUND, ends + _AROUND):
            here = span
            if span.ends - span.starts > _DAY and span.starts < ends and span.ends > begins:
                turns = time() if person in schedule.always else shown(span.starts, place).time()
                starts = moment(datetime.combine(which.day, turns), place)
                stops = moment(datetime.combine(which.day + _DAY, turns), place)
                here = DutySpan(starts, min(stops, span.ends))
            if begins <= here.starts < ends and here.starts < here.ends and _fits(here, which.part, place):
                found.append(Shift(schedule.name, here.starts, here.ends))
    return found


def _fits(span: DutySpan, part: ShiftPart | None, place: ZoneInfo) -> bool:
    middle = span.starts + (span.ends - span.starts) / 2
    return part is None or shown(middle, place).hour in _HOURS[part]
