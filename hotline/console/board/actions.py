"""What the board's buttons do. Each is one transaction, and says in a few words what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import abort, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline.callbacks.callback_moves import POSTPONING
from hotline.console.board import outcome_form
from hotline.console.frame import not_done, rights
from hotline.console.frame.asking import by_script, current_application, local
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right, may
from hotline.console.frame.signed_in import Person
from hotline.console.language.dates import clock
from hotline.console.language.speech import Words, gettext, translated
from hotline.console.page_words import (
    BLOCKED_FOR,
    CORRECTIONS,
    ENDED,
    also_open_again,
    block_ended,
    of_callback,
    of_talk,
)
from hotline.console.thread.reasons import NOT_HANDED
from hotline.model import CallbackId, ContactId, EscalationId, Line, Outcome, StaffId, Subject, TimelineWord
from hotline.oncall.escalation import EscalationStatus
from hotline.operations import flow_state
from hotline.operations.callbacks.consent import NoCalls
from hotline.operations.console import coordinator, live_talks, reopened_lately, reopening, second_known
from hotline.operations.conversation import blocking
from hotline.operations.paging.one_ring import Rings
from hotline.operations.staff import gone
from hotline.operations.staff.responder import Acceptance, Assigned, Over, TakenByOther
from hotline.operations.texts import threads
from hotline.operations.texts.threads import NotHanded
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, escalations
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.overviews import crew
from hotline.store.people import staff
from hotline.worded import worded

_LATEST = timedelta(days=30)
"""How far ahead somebody may ask to be called."""
_OVER = worded("That is not waiting any more.")
_NO_NUMBER = worded("There is no number that can be called.")
_HELPS = worded(
    "You help with it now, and whoever has it is told. If they are on the line, your phone rings: press 1."
)
_GONE = worded("It is yours now. The caller hung up and withheld the number: nobody can be called.")
_YOURS = Words(
    {
        Rings.NOW: "Your phone rings now. Press 1 on it to be connected.",
        Rings.LATER: "It is yours now. Your phone is in use: it rings for this when you hang up.",
        Rings.TALKS: "It is yours now. You are on the line with them.",
        Rings.NOT: "It is yours now.",
    }
)


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What came of it, in words; `good` if it is what was asked for."""

    words: str
    good: bool = True
    at: str = ""
    """Where on the board something is to be done about it, as an anchor..."""
    at_words: str = ""
    """...and how the link to there reads."""
    again: Mapping[Outcome, str] | None = None
    """How it may be said to have ended, where the form need only be put right."""


# --- callbacks ---------------------------------------------------------------------------------------------


@only(Right.WORK)
def claim(person: Person, callback_id: str) -> ResponseReturnValue:
    """Take a callback."""

    def work(transaction: Transaction) -> ActionResult:
        row = _callback(transaction, callback_id)
        result = coordinator.claim(transaction, row.callback.id, person.id) if row else Over()
        return _told(transaction, result, gettext("It is yours now."))

    return done(work, f"callback-{callback_id}")


@only(Right.WORK)
def call_now(person: Person, callback_id: str) -> ResponseReturnValue:
    """Take a callback if need be, and ring one's own phone."""

    def work(transaction: Transaction) -> ActionResult:
        row = _callback(transaction, callback_id)
        result = coordinator.call_now(transaction, row.callback.id, person.id) if row else Over()
        if isinstance(result, coordinator.Ringing):
            return ActionResult(gettext("Your phone rings now. Press 1 on it, and the caller is called."))
        return _told(transaction, result, gettext("It is yours now."))

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
        return _told(transaction, result, gettext("It is yours now. Whoever had it is told."))

    return done(work, f"callback-{callback_id}")


@only(Right.WORK)
def set_outcome(person: Person, callback_id: str) -> ResponseReturnValue:
    """Say how a callback of one's own ended, or correct how a closed one did."""
    given = request.form.get("outcome", "")
    was = request.form.get("was")

    def work(transaction: Transaction) -> ActionResult:
        row = _callback(transaction, callback_id)
        if row is None or row.callback.outcome is Outcome.MERGED:
            return ActionResult(_OVER, good=False)
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
    return _to_come(transaction, given) if outcome is Outcome.CALL_LATER and given else None


def _to_come(transaction: Transaction, given: str) -> datetime:
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise ValueError(gettext("Write the day and the time at which they asked to be called.")) from None
    at = at.replace(tzinfo=ZoneInfo(transaction.settings.centre.line.timezone)).astimezone(UTC)
    if not transaction.now < at <= transaction.now + _LATEST:
        raise ValueError(gettext("Choose a time to come, within 30 days."))
    return at


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
    return _told(transaction, TakenByOther(owner), "")


# --- what is live ------------------------------------------------------------------------------------------


@only(Right.HELP_IN_EMERGENCY)
def accept(person: Person, escalation_id: str) -> ResponseReturnValue:
    """Take an emergency, a holding caller or a text."""

    def work(transaction: Transaction) -> ActionResult:
        row = _entitled(transaction, person, escalation_id, rights.to_accept)
        if row is None:
            return ActionResult(_OVER, good=False)
        result = coordinator.accept(transaction, row.escalation.id, person.id)
        if row.escalation.subject is Subject.HELP:
            return _told(transaction, result, _HELPS)
        return _told(transaction, result, _phone(transaction, row.escalation.id, person.id))

    return done(work, anchor(escalation_id))


@only(Right.HELP_IN_EMERGENCY)
def know(person: Person, escalation_id: str) -> ResponseReturnValue:
    """Say that one knows of what a colleague has: where two must know, that makes two. It stays theirs."""

    def work(transaction: Transaction) -> ActionResult:
        row = _entitled(transaction, person, escalation_id, rights.to_accept)
        if row is None or row.escalation.status is not EscalationStatus.ACCEPTED:
            return ActionResult(_OVER, good=False)
        if second_known.know(transaction, row, person.id):
            return ActionResult(gettext("You know it. It stays whose it is, and nobody else is asked."))
        return ActionResult(gettext("Two know of it already."))

    return done(work, anchor(escalation_id))


@only(Right.HELP_IN_EMERGENCY)
def hand_over(person: Person, escalation_id: str) -> ResponseReturnValue:
    """Ask a colleague on shift to take over an emergency or a text of one's own."""
    to = StaffId(request.form.get("to", ""))

    def work(transaction: Transaction) -> ActionResult:
        refused = threads.hand_over(transaction, EscalationId(escalation_id), to, person.id)
        if refused is not None:
            return ActionResult(NOT_HANDED[refused], good=False)
        return ActionResult(gettext("They are asked to take it over. Until they do, it stays yours."))

    return done(work, anchor(escalation_id))


@only(Right.TAKE_OVER)
def take_over(person: Person, escalation_id: str) -> ResponseReturnValue:
    """Take an emergency or a text at once from whoever has it."""

    def work(transaction: Transaction) -> ActionResult:
        result = coordinator.take_over(transaction, EscalationId(escalation_id), person.id)
        return _told(transaction, result, gettext("It is yours now. Whoever had it is told."))

    return done(work, anchor(escalation_id))


@only(Right.WORK)
def answer(person: Person, contact_id: str) -> ResponseReturnValue:
    """Take a caller who holds."""

    def work(transaction: Transaction) -> ActionResult:
        result = coordinator.answer_holding(transaction, ContactId(contact_id), person.id)
        contact = contacts.get(transaction.tx, ContactId(contact_id))
        escalation = contact.escalation_id if contact is not None else None
        return _told(transaction, result, _phone(transaction, escalation, person.id) if escalation else "")

    return done(work, f"caller-{contact_id}")


@only(Right.WORK)
def call(person: Person, contact_id: str) -> ResponseReturnValue:
    """Ring one's own phone, then whoever wrote, called, or was not reached."""

    def work(transaction: Transaction) -> ActionResult:
        agreed = request.form.get("agreed") == "yes"
        result = coordinator.call_them(transaction, ContactId(contact_id), person.id, agreed=agreed)
        if isinstance(result, NoCalls):
            return unasked(transaction, result.since)
        if isinstance(result, coordinator.Ringing):
            return ActionResult(gettext("Your phone rings now. Press 1 on it, and the caller is called."))
        if isinstance(result, Over):
            return ActionResult(_NO_NUMBER, good=False)
        return _told(transaction, result, gettext("It is yours now."))

    return done(work, "callbacks")


@only(Right.WORK)
def plan_call(person: Person, contact_id: str) -> ResponseReturnValue:
    """Write down when whoever wrote or called is to be called."""
    given = request.form.get("later", "")

    def work(transaction: Transaction) -> ActionResult:
        try:
            at = _to_come(transaction, given)
        except ValueError as wrong:
            return ActionResult(str(wrong), good=False)
        agreed = request.form.get("agreed") == "yes"
        result = coordinator.plan_call(transaction, ContactId(contact_id), at, person.id, agreed=agreed)
        if isinstance(result, NoCalls):
            return unasked(transaction, result.since)
        if isinstance(result, coordinator.Planned):
            said = clock(at, ZoneInfo(transaction.settings.centre.line.timezone), transaction.now)
            return ActionResult(
                gettext(
                    "Planned: whoever is on is rung for it at %(said)s. It stands among the callbacks.",
                    said=said,
                )
            )
        if isinstance(result, Over):
            return ActionResult(_NO_NUMBER, good=False)
        return _told(transaction, result, "")

    return done(work, "callbacks")


@only(Right.BLOCK)
def block(person: Person, contact_id: str) -> ResponseReturnValue:
    """Keep the number of a caller from being put through for a while. Emergencies always are."""
    reason = request.form.get("reason", "")
    _, lasting = BLOCKED_FOR.get(request.form.get("lasting", ""), ("", None))

    def work(transaction: Transaction) -> ActionResult:
        row = contacts.get(transaction.tx, ContactId(contact_id))
        if row is None or row.caller is None:
            return ActionResult(gettext("There is no number to block."), good=False)
        if lasting is None:
            return ActionResult(gettext("Choose for how long, then block."), good=False)
        try:
            ended = coordinator.block(transaction, row.caller, reason, lasting, person.id)
        except blocking.NotBlocked as refused:
            return ActionResult(str(refused), good=False)
        transaction.note(TimelineWord.BLOCKED, contact=row.id, by=person.id)
        return ActionResult(block_ended(ended))

    return done(work, f"caller-{contact_id}")


@only(Right.BLOCK)
def unblock(person: Person, contact_id: str) -> ResponseReturnValue:
    """Put the number of a caller through again."""

    def work(transaction: Transaction) -> ActionResult:
        row = contacts.get(transaction.tx, ContactId(contact_id))
        if (
            row is None
            or row.caller is None
            or not blocking.unblock(transaction.tx, row.caller, transaction.now, by=person.id)
        ):
            return ActionResult(gettext("That number is not blocked."), good=False)
        transaction.note(TimelineWord.UNBLOCKED, contact=row.id, by=person.id)
        return ActionResult(gettext("Not blocked any more."))

    return done(work, f"caller-{contact_id}")


@only(Right.HELP_IN_EMERGENCY)
def keep(person: Person, escalation_id: str) -> ResponseReturnValue:
    """Still working on an emergency of one's own."""

    def work(transaction: Transaction) -> ActionResult:
        if coordinator.touch(transaction, EscalationId(escalation_id), person.id):
            return ActionResult(gettext("Noted: you are still working on it."))
        return ActionResult(gettext("It is not yours: accept it first."), good=False)

    return done(work, anchor(escalation_id))


@only(Right.HELP_IN_EMERGENCY)
def ring_back(person: Person, escalation_id: str) -> ResponseReturnValue:
    """Ring somebody in an emergency back, without waiting any longer."""

    def work(transaction: Transaction) -> ActionResult:
        row = escalations.get(transaction.tx, EscalationId(escalation_id))
        emergency = row is not None and row.escalation.subject is Subject.EMERGENCY
        if emergency and coordinator.ring_emergency_back(transaction, EscalationId(escalation_id), person.id):
            return ActionResult(gettext("They are being called now."))
        return ActionResult(gettext("There is nobody to call back for this now."), good=False)

    return done(work, anchor(escalation_id))


@only(Right.HELP_IN_EMERGENCY)
def close(person: Person, escalation_id: str) -> ResponseReturnValue:
    """Close an emergency or a text: only a human does that, those who may judge it."""
    was_them = request.form.get("who") == "them"

    def work(transaction: Transaction) -> ActionResult:
        row = escalations.get(transaction.tx, EscalationId(escalation_id))
        # Where nobody can be reached there is nothing to judge: whoever has it, by key or here. Nor is there if they
        # have reopened it themselves by mistake.
        theirs = row is not None and (
            (row.escalation.accepted_by == person.id and gone.is_gone(transaction, row))
            or reopened_lately.may_be_closed_again(transaction, row, person.id)
        )
        if not theirs:
            row = _entitled(transaction, person, escalation_id, rights.to_close)
        if row is not None and coordinator.close(
            transaction, row.escalation.id, person.id, was_them=was_them
        ):
            alone = not coordinator.is_beside_emergency(transaction, row)
            return ActionResult(
                gettext("Closed.")
                if alone
                else gettext("The thread is closed. The emergency in it stays open.")
            )
        return ActionResult(_OVER, good=False)

    return done(work, anchor(escalation_id))


@only(Right.HELP_IN_EMERGENCY)
def reopen(person: Person, escalation_id: str) -> ResponseReturnValue:
    """Open again an emergency or a text that was closed too soon: whoever had it, or may accept what is of its kind."""

    def work(transaction: Transaction) -> ActionResult:
        row = escalations.get(transaction.tx, EscalationId(escalation_id))
        if row is None or row.escalation.accepted_by != person.id:
            row = _entitled(transaction, person, escalation_id, rights.to_accept)
        result = reopening.reopen(transaction, row.escalation.id, person.id) if row is not None else Over()
        match result:
            case reopening.Reopened(contact):
                emergency = row is not None and row.escalation.subject is Subject.EMERGENCY
                there = row is None or contact == row.contact_id
                return ActionResult(_open_again(emergency=emergency, there=there))
            case Over():
                return ActionResult(
                    gettext("That was closed more than a day ago: it stays closed."), good=False
                )
            case TakenByOther():
                return _told(transaction, result, "")

    return done(work, anchor(escalation_id))


def _open_again(*, emergency: bool, there: bool) -> str:
    if not there:
        return gettext(
            "They have written again since. It is open there, and yours: see %(place)s on the board.",
            place=gettext("Emergencies") if emergency else gettext("Texts"),
        )
    return (
        gettext("It is open again, and yours: see Emergencies on the board.")
        if emergency
        else gettext("It is open again, and yours.")
    )


def _entitled(
    transaction: Transaction, person: Person, escalation_id: str, needed: Callable[[Subject], Right]
) -> EscalationRow | None:
    """The escalation; 403 unless this person may do to its kind what is asked."""
    row = escalations.get(transaction.tx, EscalationId(escalation_id))
    if row is not None and not rights.may(person.roles, needed(row.escalation.subject)):
        abort(403)
    return row


def anchor(escalation_id: str) -> str:
    """Where an escalation stands on the board."""
    return f"escalation-{escalation_id}"


# --- what is said ------------------------------------------------------------------------------------------


_NO_MESSAGE: Final = worded(
    "NO MESSAGE stands on the card: they have not said that one is safe. Only if one was left all the same: tick that, "
    "and save again."
)


def unasked(transaction: Transaction, since: datetime) -> ActionResult:
    """They want no calls: it isn't done unless somebody says that they were asked once more."""
    at = clock(since, ZoneInfo(transaction.settings.centre.line.timezone), transaction.now)
    return ActionResult(
        gettext(
            "They asked for no calls at %(at)s. Only if they want this one all the same: "
            "tick that on their page or card.",
            at=at,
        ),
        good=False,
    )


def _phone(transaction: Transaction, escalation_id: EscalationId, by: StaffId) -> str:
    """What happens next, as it is: nobody waits for a phone that doesn't ring."""
    phone = coordinator.phone(transaction, escalation_id, by)
    if phone.gone:
        return (
            _GONE
            if phone.rings is Rings.NOT
            else gettext("%(gone)s Your phone rings to tell you so.", gone=_GONE)
        )
    return _YOURS[phone.rings]


def _told(transaction: Transaction, result: Acceptance | coordinator.Ringing, accepted: str) -> ActionResult:
    match result:
        case Assigned() | coordinator.Ringing():
            return ActionResult(accepted)
        case TakenByOther(by):
            owner = staff.get(transaction.tx, by)
            return ActionResult(
                gettext("%(owner)s has it.", owner=owner.name if owner else gettext("Somebody else")),
                good=False,
            )
        case Over():
            return ActionResult(_OVER, good=False)


def done(work: Callable[[Transaction], ActionResult], place: str) -> ResponseReturnValue:
    """Do it, and say what came of it: to the page's script at once, else on the board, or the page named `back`. What
    could not be done stands on a page of its own then, with what was typed."""
    said = current_application().change(work)
    words = translated(said.words)
    if by_script():
        there = {"at": url_for("console.board", _anchor=said.at), "link": said.at_words} if said.at else {}
        return jsonify(said=words, good=said.good, **there)
    back = local(request.form.get("back", "")) or url_for("console.board", _anchor=said.at or place)
    if not said.good and (said.again or not_done.is_written()):
        return not_done.page(words, back, said.again)
    flash(words, "good" if said.good else "bad")
    return redirect(back, 303)
