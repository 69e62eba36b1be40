"""What is said on the board after a talk: when an intake is, whether they came, to whom they were referred, and
whether they are followed up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from flask import abort, request
from flask.typing import ResponseReturnValue

from hotline.callbacks.follow_through import FollowUpFlaw
from hotline.console.board import outcome_form
from hotline.console.board.acting import ActionResult, done, unasked
from hotline.console.frame import rights
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import Words, gettext
from hotline.model import EscalationId
from hotline.operations.callbacks import booking, following_up
from hotline.operations.callbacks.consent import NoCalls
from hotline.operations.transaction import Transaction
from hotline.store.cases.intakes import IntakeState
from hotline.worded import worded

_SAID: Final = {"yes": IntakeState.CAME, "no": IntakeState.MISSED, "cancelled": IntakeState.CANCELLED}
_SAID_ALREADY: Final = worded("Somebody has said so already, or it was taken back.")
_FLAWS: Final = Words(
    {
        FollowUpFlaw.TOO_SOON: "Choose a time at least 24 hours after the emergency was closed.",
        FollowUpFlaw.TOO_LATE: "Choose a time within 72 hours after the emergency was closed.",
        FollowUpFlaw.AT_NIGHT: "Choose a time between 08:00 and 21:00 where they live.",
    }
)


@only(Right.WORK)
def tell_intake(person: Person, intake_id: str) -> ResponseReturnValue:
    """Say when and where an intake is."""
    place = request.form.get("place", "").strip()[:200]

    def work(transaction: Transaction) -> ActionResult:
        if not place or not request.form.get("starts"):
            return ActionResult(gettext("Write the day, the time and the place of the intake."), good=False)
        try:
            at = outcome_form.intake_time(transaction)
        except ValueError as wrong:
            return ActionResult(str(wrong), good=False)
        if not booking.tell(transaction, intake_id, at, place, person.id):
            return ActionResult(_SAID_ALREADY, good=False)
        return ActionResult(gettext("Saved: when and where the intake is."))

    return done(work, "follows")


@only(Right.WORK)
def mark_intake(person: Person, intake_id: str) -> ResponseReturnValue:
    """Say whether they came, or that they have cancelled it."""
    state = _SAID.get(request.form.get("came", ""))
    if state is None:
        abort(400)

    def work(transaction: Transaction) -> ActionResult:
        if not booking.mark(transaction, intake_id, person.id, state):
            return ActionResult(_SAID_ALREADY, good=False)
        if state is IntakeState.CAME:
            return ActionResult(gettext("Saved: they came."))
        if state is IntakeState.CANCELLED:
            return ActionResult(gettext("Saved: they cancelled it. Nobody calls them because of it."))
        called = booking.is_called(transaction, intake_id)
        then = (
            gettext("They are called.")
            if called
            else gettext("They asked for no calls, or have no number: nobody calls them.")
        )
        return ActionResult(gettext("Saved: they did not come. %(then)s", then=then))

    return done(work, "follows")


@only(Right.WORK)
def unmark_intake(person: Person, intake_id: str) -> ResponseReturnValue:
    """Take back what was said a moment ago of whether they came."""

    def work(transaction: Transaction) -> ActionResult:
        if booking.unmark(transaction, intake_id, person.id):
            return ActionResult(gettext("Taken back: whether they came is asked again."))
        return ActionResult(
            gettext("That was too long ago, or they are being called because of it already."), good=False
        )

    return done(work, "follows")


@only(Right.WORK)
def name_referral(person: Person, referral_id: str) -> ResponseReturnValue:
    """Say to whom one has referred somebody, or that it stays unsaid."""
    to_whom, unsaid = outcome_form.written("to_whom"), request.form.get("unsaid") == "yes"

    def work(transaction: Transaction) -> ActionResult:
        if not to_whom and not unsaid:
            wrong = gettext("Write to whom you referred them, or choose that it stays unsaid.")
            return ActionResult(wrong, good=False)
        if not booking.name(transaction, referral_id, "" if unsaid else to_whom, person.id):
            return ActionResult(_SAID_ALREADY, good=False)
        if unsaid:
            return ActionResult(gettext("Saved: the log of referrals says that nobody was named."))
        return ActionResult(gettext("Saved: to whom you referred them."))

    return done(work, f"referral-{referral_id}")


@only(Right.HELP_IN_EMERGENCY)
def agree_follow_up(person: Person, escalation_id: str) -> ResponseReturnValue:
    """They agreed to be called after the emergency, at this time."""

    def work(transaction: Transaction) -> ActionResult:
        which = _entitled(transaction, person, escalation_id)
        at = _wall_time(transaction, request.form.get("at", ""))
        if at is None:
            return ActionResult(gettext("Write the day and the time to which they agreed."), good=False)
        agreed = request.form.get("agreed") == "yes"
        result = following_up.agree(transaction, which, at, person.id, although=agreed)
        match result:
            case NoCalls(since):
                return unasked(transaction, since)
            case FollowUpFlaw():
                return ActionResult(_FLAWS[result], good=False)
            case None:
                return ActionResult(_SAID_ALREADY, good=False)
            case _:
                return ActionResult(gettext("Saved: they are called then. It stands among the callbacks."))

    return done(work, "follows")


@only(Right.HELP_IN_EMERGENCY)
def refuse_follow_up(person: Person, escalation_id: str) -> ResponseReturnValue:
    """They don't want to be called, or there is nobody to ask."""
    asked = {"yes": True, "no": False}.get(request.form.get("asked", ""))
    if asked is None:
        abort(400)

    def work(transaction: Transaction) -> ActionResult:
        which = _entitled(transaction, person, escalation_id)
        if following_up.refuse(transaction, which, person.id, asked=asked) is None:
            return ActionResult(_SAID_ALREADY, good=False)
        return ActionResult(
            gettext("Saved: they are not called.") if asked else gettext("Saved: there is nobody to ask.")
        )

    return done(work, "follows")


def _entitled(transaction: Transaction, person: Person, escalation_id: str) -> EscalationId:
    """403 unless they may say so: those of the clinical side, and whoever closed an emergency of theirs."""
    offered = following_up.of_person(transaction, EscalationId(escalation_id))
    theirs = not offered or any(one.closed_by == person.id for one in offered)
    if not theirs and not rights.may(person.roles, Right.FOLLOW_UP):
        abort(403)
    return EscalationId(escalation_id)


def _wall_time(transaction: Transaction, given: str) -> datetime | None:
    """A time on the centre's wall, in UTC; None if it is none."""
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        return None
    if at.tzinfo is not None:
        return None
    return at.replace(tzinfo=ZoneInfo(transaction.settings.centre.line.timezone)).astimezone(UTC)
