"""What people ask of each other on the page On call: to swap, to cover, to fill a hole; and to take over at once."""

from __future__ import annotations

from datetime import datetime

from flask import abort, request
from flask.typing import ResponseReturnValue

from hotline.console.frame import rights
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import gettext
from hotline.console.on_call.on_call_page import done, typed
from hotline.model import StaffId
from hotline.oncall.staffing.shift_ask import AskState, Shift, ShiftAsk
from hotline.oncall.wall_clock import said, zone
from hotline.operations.shifts import answering_asks, asking_for_shifts, taking_over
from hotline.operations.shifts.answering_asks import AskAnswered, AskResult
from hotline.operations.shifts.changing_shifts import CannotChange
from hotline.operations.transaction import Transaction
from hotline.store.duty import shift_asks
from hotline.store.people import staff

ANYBODY = "anybody"


@only(Right.LOOK)
def ask(person: Person) -> ResponseReturnValue:
    """Ask who can take a shift of one's own, or one colleague to swap it."""

    def work(transaction: Transaction) -> str:
        to = request.form.get("to", "")
        shift = _shift(transaction)
        if to == ANYBODY:
            asking_for_shifts.cover(transaction, shift, person.id, person.id)
            return gettext("Everybody who could have it is asked by text. The first who says yes has it.")
        colleague, _, back = to.partition("|")
        given = _back(shift.schedule, back) if back else None
        asking_for_shifts.swap(transaction, shift, person.id, StaffId(colleague), given, person.id)
        return gettext("They are asked by text. Nothing changes until they say yes.")

    return done(work)


def _shift(transaction: Transaction) -> Shift:
    place = transaction.settings.centre.line.timezone
    starts, ends = (request.form.get(key, "") for key in ("starts", "ends"))
    return Shift(
        request.form.get("schedule", ""),
        typed(gettext("From"), starts, place),
        typed(gettext("Until"), ends, place),
    )


def _back(schedule: str, written: str) -> Shift:
    """What a colleague gives, as the page has written it: two moments."""
    try:
        starts, ends = map(datetime.fromisoformat, written.split("|"))
    except ValueError:
        raise CannotChange(gettext("Choose from the list.")) from None
    if starts.tzinfo is None or ends.tzinfo is None:
        raise CannotChange(gettext("Choose from the list."))
    return Shift(schedule, starts, ends)


@only(Right.PEOPLE)
def offer(person: Person) -> ResponseReturnValue:
    """Ask everybody who could fill a hole."""

    def work(transaction: Transaction) -> str:
        shift = _back(
            request.form.get("schedule", ""), f"{request.form.get('starts')}|{request.form.get('ends')}"
        )
        asking_for_shifts.offer(transaction, shift, request.form.get("need") or None, person.id)
        return gettext("Everybody who could fill it is asked by text. The first who says yes has it.")

    return done(work)


@only(Right.LOOK)
def answer(person: Person, ask_id: str) -> ResponseReturnValue:
    """Say yes or no to what one is asked."""

    def work(transaction: Transaction) -> str:
        yes = request.form.get("answer") == "yes"
        return _told(transaction, answering_asks.answer(transaction, ask_id, person.id, yes=yes))

    return done(work)


def _told(transaction: Transaction, found: AskAnswered) -> str:
    match found.result:
        case AskResult.TAKEN | AskResult.MINE:
            return gettext("It is yours, and whoever asked is told.")
        case AskResult.NOTED:
            return gettext("Noted: you can't.")
        case AskResult.GONE:
            row = staff.get(transaction.tx, found.by) if found.by is not None else None
            raise CannotChange(
                gettext("%(what)s has taken it.", what=row.name if row else gettext("Somebody else"))
            )
        case AskResult.OVER:
            raise CannotChange(gettext("It is not asked any more."))
        case AskResult.REFUSED:
            raise CannotChange(
                gettext(
                    "%(why)s It stays as it was: say that you can't, or call a supervisor.", why=found.why
                )
            )


@only(Right.LOOK)
def withdraw(person: Person, ask_id: str) -> ResponseReturnValue:
    """Take back what is asked, or, until it begins, what has come of it: one's own, or as a supervisor."""

    def work(transaction: Transaction) -> str:
        found = shift_asks.get(transaction.tx, ask_id)
        if found is not None and not _may_take_back(found, person):
            abort(403)
        answering_asks.withdraw(transaction, ask_id, person.id)
        return gettext("It is taken back, and whoever it concerns is told by text.")

    return done(work)


def _may_take_back(found: ShiftAsk, person: Person) -> bool:
    own = person.id in (found.person, found.asked_by)
    taken = found.state is AskState.TAKEN and found.decided_by == person.id
    return own or taken or rights.may(person.roles, Right.PEOPLE)


@only(Right.LOOK)
def take_over(person: Person) -> ResponseReturnValue:
    """Take over at once from whoever is on; a supervisor may put anybody on so."""

    def work(transaction: Transaction) -> str:
        who = StaffId(request.form.get("person") or person.id)
        if who != person.id and not rights.may(person.roles, Right.PEOPLE):
            abort(403)
        of, schedule = StaffId(request.form.get("of", "")), request.form.get("schedule", "")
        made = taking_over.take_over(transaction, who, of, schedule, person.id)
        ends = said(made.change.ends, zone(transaction.settings.centre.line.timezone))
        return gettext("It is so from now on, until %(ends)s. Both are told by text.", ends=ends)

    return done(work)
