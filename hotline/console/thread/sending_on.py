"""What the page of a case offers to send somebody on: a warm hand-off, and whom to dial for one who stops answering."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import abort, request
from flask.typing import ResponseReturnValue

from hotline.console.frame.asking import current_application
from hotline.console.frame.gate import only
from hotline.console.frame.one_case import opened, told_of_case
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import Words, gettext
from hotline.model import Subject, TimelineWord
from hotline.operations.console import raising_emergency
from hotline.operations.conversation import handing_off
from hotline.operations.conversation.handing_off import HandOffRefusal
from hotline.operations.referrals import opening, what_was_told
from hotline.operations.staff import in_call_menu
from hotline.operations.texts import local_dispatch
from hotline.operations.texts.threads import Thread
from hotline.operations.transaction import Transaction
from hotline.referral.hand_off import HandOffEvent
from hotline.store.cases.hand_offs import HandOffRow

_REFUSED: Final[Mapping[HandOffRefusal, str]] = Words(
    {
        HandOffRefusal.NOT_TALKING: "You must be on the line with them: your phone is in no talk with this caller now.",
        HandOffRefusal.RUNNING: "Somebody is being called, or is with them, already.",
        HandOffRefusal.NOT_RUNG: "No call of ours may go there. Give the caller the number, or choose somebody else.",
    }
)
_BROUGHT: Final[Mapping[bool | None, str]] = Words(
    {
        True: "A clinician is being called, and joins you both. Stay with the caller.",
        False: "No clinician can join now. In danger this minute: tell them to call 911.",
        None: "You must be on the line with them: your phone is in no talk with this caller now.",
    }
)
_STEPS: Final = {
    "together": HandOffEvent.TOGETHER,
    "back": HandOffEvent.CALLED_OFF,
}
_SAID: Final = {
    "no": TimelineWord.STOPPED_ANSWERING,
    "called": TimelineWord.DISPATCH_CALLED,
    "yes": TimelineWord.ANSWERS_AGAIN,
}


def seen(person: Person, thread: Thread) -> Mapping[str, object]:
    """What of it stands on this page, for this person."""
    emergency = _is_emergency(thread)
    in_talk = thread.live is not None and bool(thread.live.with_whom)
    application = current_application()
    handed = application.look(
        lambda transaction: handing_off.seen(transaction, thread.contact, person.id) if thread.live else None
    )
    offered = application.look(opening.rung) if handed is not None and handed.may_begin else ()
    dispatch = (
        application.look(lambda transaction: local_dispatch.look(transaction, thread.contact))
        if emergency or in_talk
        else None
    )
    return {"handed": handed, "offered": offered, "dispatch": dispatch, "untold": _untold(person, thread)}


def _untold(person: Person, thread: Thread) -> HandOffRow | None:
    """Of which hand-off they are asked what they told; nothing is read for whoever has handed over nobody here."""
    if not any(
        one.what == TimelineWord.HAND_OFF_ANSWERED and one.by_staff == person.id for one, _ in thread.happened
    ):
        return None
    return current_application().look(
        lambda transaction: what_was_told.unsaid(transaction, thread.contact, person.id)
    )


@only(Right.WRITE)
def bring_clinician(person: Person, contact_id: str) -> ResponseReturnValue:
    """Call the clinicians on call to the talk that one has with them now."""
    contact = opened(person, contact_id).contact
    called = current_application().change(
        lambda transaction: in_call_menu.bring_clinician(transaction, contact, person.id)
    )
    return told_of_case(contact_id, _BROUGHT[called], good=bool(called))


@only(Right.WORK)
def begin_hand_off(person: Person, contact_id: str) -> ResponseReturnValue:
    """Ring somebody of the directory for the caller with whom they talk now."""
    contact, entry = opened(person, contact_id).contact, request.form.get("entry", "")
    begun = current_application().change(
        lambda transaction: handing_off.begin_by_hand(transaction, contact, entry, person.id)
    )
    if isinstance(begun, HandOffRefusal):
        return told_of_case(contact_id, _REFUSED[begun], good=False)
    words = gettext(
        "%(to_whom)s is being called. Stay with the caller: you speak with them first.", to_whom=begun.to_whom
    )
    return told_of_case(contact_id, words, good=True)


@only(Right.WORK)
def step_hand_off(person: Person, contact_id: str) -> ResponseReturnValue:
    """Bring everybody together, or go back to the caller without the other side."""
    event = _STEPS.get(request.form.get("step", ""))
    if event is None:
        abort(400)
    contact = opened(person, contact_id).contact
    done = current_application().change(
        lambda transaction: handing_off.step_by_hand(transaction, contact, event, person.id)
    )
    words = (
        gettext("Done: your phone says how it goes on.")
        if done
        else gettext("That is not possible any more.")
    )
    return told_of_case(contact_id, words, good=done)


@only(Right.WORK)
def say_told(person: Person, contact_id: str) -> ResponseReturnValue:
    """What whoever they were handed over to was told of them, for whoever asks whom this record has reached."""
    contact, form = opened(person, contact_id).contact, request.form
    done = current_application().change(
        lambda transaction: what_was_told.say(
            transaction, contact, form.get("hand_off", ""), form.get("told", ""), person.id
        )
    )
    words = gettext("Written down.") if done else gettext("That is not possible any more.")
    return told_of_case(contact_id, words, good=done)


@only(Right.HELP_IN_EMERGENCY)
def say_silent(person: Person, contact_id: str) -> ResponseReturnValue:
    """They have stopped answering, dispatch was called, or they answer again: everybody who looks at the page sees the
    same clock, or that it has done its work. In a talk that was no emergency yet it is one from then on: clinicians are
    paged, and the page stays whoever's it was."""
    what = _SAID.get(request.form.get("answers", ""))
    if what is None:
        abort(400)
    thread = opened(person, contact_id)
    contact, pages = thread.contact, what is TimelineWord.STOPPED_ANSWERING and not _is_emergency(thread)

    def work(transaction: Transaction) -> bool:
        said = local_dispatch.say(transaction, contact, person.id, what)
        if said and pages:
            raising_emergency.raise_emergency(transaction, contact, person.id)
        return said

    done = current_application().change(work)
    words = gettext("Written down.") if done else gettext("It stands there already.")
    if done and pages:
        words = gettext("The clock runs, and clinicians are paged. Stay on the line with them.")
    return told_of_case(contact_id, words, good=True)


def _is_emergency(thread: Thread) -> bool:
    return any(one.subject is Subject.EMERGENCY for one in thread.open)
