"""What the board's buttons do about callbacks, and about how a talk or a call ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from flask import request
from flask.typing import ResponseReturnValue

from hotline.callbacks.callback_moves import POSTPONING
from hotline.console.board import outcome_form
from hotline.console.board.acting import OVER, ActionResult, done, to_come, told
from hotline.console.frame import rights
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right, may
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import gettext
from hotline.console.page_words import (
    CORRECTIONS,
    ENDED,
    also_open_again,
    of_callback,
    of_talk,
)
from hotline.console.thread.reasons import NOT_HANDED
from hotline.model import CallbackId, ContactId, Line, Outcome, StaffId
from hotline.operations import flow_state
from hotline.operations.console import coordinator, live_talks
from hotline.operations.staff.responder import Over, TakenByOther
from hotline.operations.texts.threads import NotHanded
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.overviews import crew
from hotline.worded import worded

_NO_MESSAGE: Final = worded(
    "NO MESSAGE stands on the card: they have not said that one is safe. Only if one was left all the same: tick that, "
    "and save again."
)


@only(Right.WORK)
def claim(person: Person, callback_id: str) -> ResponseReturnValue:
    """Take a callback."""

    def work(transaction: Transaction) -> ActionResult:
        row = _callback(transaction, callback_id)
        result = coordinator.claim(transaction, row.callback.id, person.id) if row else Over()
        return told(transaction, result, gettext("It is yours now."))

    return done(work, f"callback-{callback_id}")


@only(Right.WORK)
def call_now(person: Person, callback_id: str) -> ResponseReturnValue:
    """Take a callback if need be, and ring one's own phone."""

    def work(transaction: Transaction) -> ActionResult:
        row = _callback(transaction, callback_id)
        result = coordinator.call_now(transaction, row.callback.id, person.id) if row else Over()
        if isinstance(result, coordinator.Ringing):
            return ActionResult(gettext("Your phone rings now. Press 1 on it, and the caller is called."))
        return told(transaction, result, gettext("It is yours now."))

    return done(work, f"callback-{callback_id}")


@only(Right.WORK)
def put_back(person: Person, callback_id: str) -> ResponseReturnValue:
    """Let go of a callback of one's own."""

    def work(transaction: Transaction) -> ActionResult:
        row = _callback(transaction, callback_id)
        if row is not None and coordinator.release(transaction, row.callback.id, person.id):
            return ActionResult(gettext("It is back in line."))
        return ActionResult(
            gettext("It is not yours, or it is being called now: it stays as it is."), good=False
        )

    return done(work, f"callback-{callback_id}")


@only(Right.WORK)
def hand_callback_over(person: Person, callback_id: str) -> ResponseReturnValue:
    """Give a callback of one's own to a colleague on shift."""
    to = StaffId(request.form.get("to", ""))

    def work(transaction: Transaction) -> ActionResult:
        row = _callback(transaction, callback_id)
        refused = (
            coordinator.hand_callback_over(transaction, row.callback.id, to, person.id)
            if row is not None
            else NotHanded.NOT_YOURS
        )
        if refused is not None:
            return ActionResult(NOT_HANDED[refused], good=False)
        who = crew.names(transaction.tx).get(to, "")
        return ActionResult(gettext("%(who)s has it now, and is told by text.", who=who))

    return done(work, f"callback-{callback_id}")


@only(Right.TAKE_OVER)
def take_callback_over(person: Person, callback_id: str) -> ResponseReturnValue:
    """Take a callback at once from whoever has it."""

    def work(transaction: Transaction) -> ActionResult:
        row = _callback(transaction, callback_id)
        result = coordinator.take_callback_over(transaction, row.callback.id, person.id) if row else Over()
        return told(transaction, result, gettext("It is yours now. Whoever had it is told."))

    return done(work, f"callback-{callback_id}")


@only(Right.WORK)
def set_outcome(person: Person, callback_id: str) -> ResponseReturnValue:
    """Say how a callback of one's own ended, or correct how a closed one did."""
    given = request.form.get("outcome", "")
    was = request.form.get("was")

    def work(transaction: Transaction) -> ActionResult:
        row = _callback(transaction, callback_id)
        if row is None or row.callback.is_closed_by_itself:
            return ActionResult(OVER, good=False)
        if was is not None and was != (row.callback.outcome or ""):
            return _changed(row.callback.outcome, gettext("open again"))
        offered = _offered(person, row)
        outcome = next((one for one in offered if one.value == given), None)
        if outcome is None:
            return ActionResult(gettext("Choose how it ended, then save."), good=False, again=offered)
        if outcome is Outcome.LEFT_MESSAGE and not row.callback.message_safe and not _left_all_the_same():
            return ActionResult(_NO_MESSAGE, good=False, again=offered)
        lately = coordinator.said_lately(transaction, row, person.id)
        if row.callback.is_open and row.callback.owner != person.id and lately is None:
            return _not_yours(transaction, row.callback.owner)
        try:
            later = _later(transaction, outcome, request.form.get("later", ""))
            details = outcome_form.details(transaction, outcome)
        except ValueError as wrong:
            return ActionResult(str(wrong), good=False, again=offered)
        coordinator.set_outcome(
            transaction, row.callback.id, outcome, person.id, later=later, details=details
        )
        words = gettext("Saved: %(outcome)s.", outcome=offered[outcome].lower())
        return _saved(transaction, words, row.contact_id, row.callback.id)

    return done(work, f"callback-{callback_id}")


def _saved(
    transaction: Transaction, words: str, contact: ContactId, callback: CallbackId | None
) -> ActionResult:
    """That it is saved; of an intake that was booked also what nobody has said of it, and where that is said."""
    lacks = outcome_form.unsaid(transaction, contact, callback)
    if lacks is None:
        return ActionResult(words)
    return ActionResult(f"{words} {lacks[0]}", at=lacks[1], at_words=gettext("Say it here"))


def _left_all_the_same() -> bool:
    return request.form.get("left") == "yes"


def _later(transaction: Transaction, outcome: Outcome, given: str) -> datetime | None:
    """The time on the centre's wall at which they asked to be called, in UTC. Raises ValueError, in words."""
    return to_come(transaction, given) if outcome is Outcome.CALL_LATER and given else None


@only(Right.WORK)
def undo(person: Person, callback_id: str) -> ResponseReturnValue:
    """Open again what was closed a moment ago."""

    def work(transaction: Transaction) -> ActionResult:
        row = _callback(transaction, callback_id)
        blocked = row is not None and row.callback.outcome is Outcome.BLOCKED
        if blocked and not rights.may(person.roles, Right.BLOCK):
            return ActionResult(
                gettext("A block closed it: whoever may unblock the number undoes that."), good=False
            )
        undone = coordinator.undo(transaction, row.callback.id, person.id) if row else None
        if undone is not None:
            said = gettext("It is open again, and yours.") + also_open_again(undone.others)
            if undone.unblocked:
                said = f"{said} {gettext('Their number is not blocked any more.')}"
            return ActionResult(said)
        return ActionResult(
            gettext("That was too long ago, or can't be undone: correct it instead."), good=False
        )

    return done(work, f"callback-{callback_id}")


@only(Right.WORK)
def set_talk_outcome(person: Person, contact_id: str) -> ResponseReturnValue:
    """Say how a talk that came about live ended, or correct it."""
    given, was = request.form.get("outcome", ""), request.form.get("was", "")

    def work(transaction: Transaction) -> ActionResult:
        found = live_talks.outcome_of(transaction, ContactId(contact_id))
        if found is None:
            return ActionResult(
                gettext("That is no talk that can be put right here: look again."), good=False
            )
        talk, now = found
        if was != (now or ""):
            return _changed(now, gettext("that nobody has said"))
        number = flow_state.reachable_at(talk)
        offered = of_talk(number)
        outcome = next((one for one in offered if one.value == given), None)
        if outcome is None and number is None and given in POSTPONING:
            said = gettext(
                "Not saved: their number is withheld, so nobody can call them again. If they told you a number, write "
                "it down on their page; then choose how it ended."
            )
            return ActionResult(said, good=False, again=offered)
        if outcome is None:
            return ActionResult(gettext("Choose how it ended, then save."), good=False, again=offered)
        try:
            later = _later(transaction, outcome, request.form.get("later", ""))
            details = outcome_form.details(transaction, outcome)
        except ValueError as wrong:
            return ActionResult(str(wrong), good=False, again=offered)
        live_talks.set_outcome(transaction, talk.id, outcome, person.id, later=later, details=details)
        said = gettext("Saved: %(outcome)s.", outcome=offered[outcome].lower())
        again = gettext("They stand among the callbacks now.") if outcome in POSTPONING else ""
        return _saved(transaction, f"{said} {again}".rstrip(), talk.id, None)

    return done(work, f"talk-{contact_id}")


@only(Right.WORK)
def undo_talk(person: Person, contact_id: str) -> ResponseReturnValue:
    """Take back what was said of it a moment ago."""

    def work(transaction: Transaction) -> ActionResult:
        if live_talks.undo(transaction, ContactId(contact_id), person.id):
            return ActionResult(gettext("Taken back."))
        return ActionResult(
            gettext("That was too long ago, or can't be undone: correct it instead."), good=False
        )

    return done(work, f"talk-{contact_id}")


def _changed(now: Outcome | None, unsaid: str) -> ActionResult:
    ended = ENDED[now].lower() if now else unsaid
    return ActionResult(
        gettext("Somebody has changed it meanwhile: it is %(ended)s. Look again, then choose.", ended=ended),
        good=False,
    )


def _callback(transaction: Transaction, callback_id: str) -> CallbackRow | None:
    """The callback, unless it belongs to an emergency: those are acted on there."""
    row = callbacks.get(transaction.tx, CallbackId(callback_id))
    return row if row is not None and row.callback.line is not Line.EMERGENCY else None


def _offered(person: Person, row: CallbackRow) -> Mapping[Outcome, str]:
    if not row.callback.is_open:
        return CORRECTIONS
    return of_callback(row.callback.attempts, decides=may(person.roles, Right.TAKE_OVER))


def _not_yours(transaction: Transaction, owner: StaffId | None) -> ActionResult:
    if owner is None:
        return ActionResult(gettext("Claim it first, then say how it ended."), good=False)
    return told(transaction, TakenByOther(owner), "")
