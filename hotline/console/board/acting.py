"""What a button of the board does is one transaction, and is answered in a few words of what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline.console.frame import not_done
from hotline.console.frame.asking import by_script, current_application, local
from hotline.console.language.dates import clock
from hotline.console.language.speech import Words, gettext, translated
from hotline.console.page_words import was_closed
from hotline.model import EscalationId, Outcome, StaffId
from hotline.operations.console import coordinator
from hotline.operations.paging.one_ring import Rings
from hotline.operations.staff.responder import Acceptance, Assigned, Over, TakenByOther
from hotline.operations.transaction import Transaction
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.people import staff
from hotline.worded import worded

_LATEST = timedelta(days=30)
"""How far ahead somebody may ask to be called."""


OVER = worded("That is not waiting any more.")
NO_NUMBER = worded("There is no number that can be called.")
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
    page: str = ""
    """The address of the page where it is to be done, if that isn't the board."""
    again: Mapping[Outcome, str] | None = None
    """How it may be said to have ended, where the form need only be put right."""


def done(
    work: Callable[[Transaction], ActionResult], place: str, page: str | None = None
) -> ResponseReturnValue:
    """Do it, and say what came of it: to the page's script at once, else on the board, on `page`, or on the page named
    `back`. What could not be done stands on a page of its own then, with what was typed."""
    said = current_application().change(work)
    words = translated(said.words)
    if by_script():
        at = said.page or (url_for("console.board", _anchor=said.at) if said.at else "")
        there = {"at": at, "link": said.at_words} if at else {}
        return jsonify(said=words, good=said.good, **there)
    back = local(request.form.get("back", "")) or page or url_for("console.board", _anchor=said.at or place)
    if not said.good and (said.again or not_done.is_written()):
        return not_done.page(words, back, said.again)
    flash(words, "good" if said.good else "bad")
    return redirect(back, 303)


def unblocked(closed: Sequence[CallbackRow] | None, *, bring_back: bool) -> ActionResult:
    """That a number is put through again, what the block had closed, and where that can be brought back."""
    if closed is None:
        return ActionResult(gettext("That number is not blocked."), good=False)
    lines = [one.callback.line for one in closed]
    said = f"{gettext('Not blocked any more.')} {was_closed(lines, brought_back=bring_back)}".rstrip()
    if not closed:
        return ActionResult(said)
    page = url_for("console.thread", contact_id=closed[0].contact_id)
    return ActionResult(said, page=page, at_words=gettext("Open the case"))


def anchor(escalation_id: str) -> str:
    """Where an escalation stands on the board."""
    return f"escalation-{escalation_id}"


def unasked(transaction: Transaction, since: datetime) -> ActionResult:
    """They want no calls: it isn't done unless somebody says that they were asked once more."""
    return ActionResult(
        gettext(
            "They asked for no calls at %(at)s. Only if they want this one all the same: "
            "tick that on their page or card.",
            at=on_the_wall(transaction, since),
        ),
        good=False,
    )


def on_the_wall(transaction: Transaction, at: datetime) -> str:
    """This time (UTC) as the centre's clock shows it, with its day if that isn't today."""
    return clock(at, ZoneInfo(transaction.settings.centre.line.timezone), transaction.now)


def told(transaction: Transaction, result: Acceptance | coordinator.Ringing, accepted: str) -> ActionResult:
    """Whether it is theirs now (`accepted`), somebody else's, or over."""
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
            return ActionResult(OVER, good=False)


def phone_words(transaction: Transaction, escalation_id: EscalationId, by: StaffId) -> str:
    """What happens next, as it is: nobody waits for a phone that doesn't ring."""
    phone = coordinator.phone(transaction, escalation_id, by)
    if phone.gone:
        return (
            _GONE
            if phone.rings is Rings.NOT
            else gettext("%(gone)s Your phone rings to tell you so.", gone=_GONE)
        )
    return _YOURS[phone.rings]


def to_come(transaction: Transaction, given: str) -> datetime:
    """The time (UTC) that a form names on the centre's clock. Raises ValueError, in words, for one that is none, is
    over, or is too far ahead."""
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise ValueError(gettext("Write the day and the time at which they asked to be called.")) from None
    at = at.replace(tzinfo=ZoneInfo(transaction.settings.centre.line.timezone)).astimezone(UTC)
    if not transaction.now < at <= transaction.now + _LATEST:
        raise ValueError(gettext("Choose a time to come, within 30 days."))
    return at
