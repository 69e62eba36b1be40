"""One text thread: what was said, by whom, whether it arrived; and the box for what is said next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from zoneinfo import ZoneInfo

from flask import abort, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.callbacks.admissions import RecordField
from hotline.console.frame import look_reason, polling, sight, signed_in
from hotline.console.frame.asking import by_hand, by_script, current_application, local, sign_in_first, typed
from hotline.console.frame.gate import only
from hotline.console.frame.one_case import opened, told_of_case
from hotline.console.frame.rights import Right, may
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import gettext
from hotline.console.talk import case_script
from hotline.console.thread import case_outcome, case_words, merge_words, record_view, sending_on
from hotline.console.thread.reading_words import JUDGEMENTS
from hotline.console.thread.reasons import HELD, NOT_NOTED
from hotline.model import ContactId, Subject
from hotline.operations.callbacks import undoing
from hotline.operations.console import coordinator, earlier_contacts
from hotline.operations.console.coordinator import BlockEnds
from hotline.operations.console.emergency_cards import Emergency, emergency
from hotline.operations.conversation import text_readings
from hotline.operations.looking_back import reasons_to_look
from hotline.operations.looking_back.reasons_to_look import WhenAsked
from hotline.operations.staff import listening
from hotline.operations.staff.listening import TalkHeard
from hotline.operations.texts import note_versions, threads
from hotline.operations.texts.threads import Held, Thread
from hotline.operations.transaction import Transaction, new_id
from hotline.store.cases import contacts
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.traffic.readings import Judgement


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the box."""

    words: str = ""
    key: str = ""
    """Of the text that it becomes: pressed twice, it leaves once."""
    wrong: str = ""
    """Why it was not sent."""
    sure: bool = False


@only(Right.LOOK)
def show(person: Person, contact_id: str) -> ResponseReturnValue:
    """The whole page. `?again=` names a message of ours whose words stand in the box again."""
    thread = _look(person, contact_id)
    again = request.args.get("again", "")
    words = next((one.body for one, who in thread.said if one.id == again and who is not None), "")
    return _page(person, thread, Draft(words, new_id()))


def page_with_typed(person: Person, contact_id: str, typed: Mapping[RecordField, str]) -> ResponseReturnValue:
    """The whole page, with answers that were typed and are not kept."""
    return _page(person, _look(person, contact_id), Draft(key=new_id()), 409, typed)


def _page(
    person: Person,
    thread: Thread,
    draft: Draft,
    status: int = 200,
    typed: Mapping[RecordField, str] = MappingProxyType({}),
) -> ResponseReturnValue:
    held = signed_in.ticket()
    if held is None:
        return sign_in_first()
    etag = polling.etag(held)
    record = record_view.view(thread, person)
    page = render_template(
        "thread/thread_page.html",
        thread=thread,
        emergency=_emergency(person, thread),
        block_ends=_block_ends(thread),
        closed_by_block=_closed_by_block(thread),
        record=record.with_typed(typed) if record else None,
        **_around(person, thread),
        person=person,
        etag=etag,
        draft=draft,
        now=thread.now,
    )
    response = make_response(page)
    response.status_code = status
    return polling.timed(response)


@only(Right.LOOK)
def live(person: Person, contact_id: str) -> ResponseReturnValue:
    """The living part; 401 when the session is over."""
    return polling.unchanged() or _fresh(person, contact_id)


def _fresh(person: Person, contact_id: str) -> ResponseReturnValue:
    """The living part, drawn anew."""
    held = signed_in.ticket()
    if held is None:
        return sign_in_first()
    tag = polling.etag(held)
    thread = _look(person, contact_id)
    draft = Draft(key=new_id())
    page = render_template(
        "thread/thread_live.html",
        thread=thread,
        emergency=_emergency(person, thread),
        block_ends=_block_ends(thread),
        closed_by_block=_closed_by_block(thread),
        record=record_view.view(thread, person),
        **_around(person, thread),
        person=person,
        draft=draft,
        now=thread.now,
    )
    return polling.answer(page, tag)


def _look(person: Person, contact_id: str) -> Thread:
    """404 for what is no contact, 403 for what is another side's; for what is not theirs they are asked why first, in
    place of the page. A look by hand says that somebody is at work on it.

    Every look is audited.
    """
    thread, contact = opened(person, contact_id), ContactId(contact_id)
    besides = [one.contact for one in sight.of_merged(thread, person.roles) if one.readable]
    current_application().change(
        lambda transaction: threads.looked(
            transaction, contact, person.id, besides=besides, at_work=by_hand()
        )
    )
    return thread


def _emergency(person: Person, thread: Thread) -> Emergency | None:
    """What of an emergency the thread is about, as the board has it."""
    found = next((one for one in thread.open if one.subject is Subject.EMERGENCY), None)
    return (
        current_application().look(lambda transaction: emergency(transaction, found.escalation, person.id))
        if found
        else None
    )


def _block_ends(thread: Thread) -> BlockEnds | None:
    """What else a block of their number would end."""
    number = thread.number
    if number is None or thread.typed or thread.blocked:
        return None
    return current_application().look(lambda transaction: coordinator.block_ends(transaction, number))


def _closed_by_block(thread: Thread) -> Sequence[CallbackRow]:
    """What a block of their number has closed, and can come back."""
    number = thread.number
    if number is None or thread.typed:
        return ()
    return current_application().look(lambda transaction: undoing.closed_by_block(transaction, number))


def _around(person: Person, thread: Thread) -> Mapping[str, object]:
    """What must not be overlooked, and what came from their number before."""
    application = current_application()
    found = application.look(lambda transaction: earlier_contacts.look(transaction, thread.contact))
    place = ZoneInfo(application.settings.centre.line.timezone)
    days = case_words.earlier_days(sight.of_earlier(found, person.roles), thread.now, place)
    heard = application.look(lambda transaction: _heard(transaction, person, thread)) if thread.live else None
    asked = application.look(lambda transaction: reasons_to_look.when(transaction, thread, person.id))
    merged = sight.of_merged(thread, person.roles)
    named = case_words.beside(thread, merged, place)
    return {
        "flags": case_words.flags(thread),
        "merged": merged,
        "merged_named": named,
        "story": case_words.story(thread, merged, named),
        "merged_case": merge_words,
        "place": place,
        "ended": case_outcome.seen(person, thread),
        "script": case_script.seen(person, thread) if may(person.roles, Right.WRITE) else None,
        "script_words": case_script.HEADINGS,
        "earlier": days,
        "heard": heard,
        "why": look_reason.WORDS if asked is WhenAsked.AFTER else None,
        **sending_on.seen(person, thread),
    }


def _heard(transaction: Transaction, person: Person, thread: Thread) -> TalkHeard:
    """Which trainees hear the talk that goes on, and whom the viewer may let hear it."""
    row = contacts.get(transaction.tx, thread.contact)
    return listening.seen(transaction, row.room, person.id) if row is not None else TalkHeard()


# --- what is done on it ----------------------------------------------------------------------------------------


@only(Right.WRITE)
def write(person: Person, contact_id: str) -> ResponseReturnValue:
    """Send what stands in the box; without the script, a suggestion's button only puts its words there."""
    form = request.form
    words, key, sure = typed("words"), form.get("key", ""), form.get("sure") == "1"
    contact = ContactId(contact_id)
    if "suggested" in form:
        thread = _look(person, contact_id)
        return _page(person, thread, Draft(form["suggested"], new_id(), sure=sure))
    if not (key.isascii() and key.replace("-", "").isalnum() and len(key) <= 40):
        abort(400)
    opened(person, contact_id)
    result = current_application().change(
        lambda transaction: threads.write(transaction, contact, words, person.id, key, sure=sure)
    )
    wrong = HELD[result] if isinstance(result, Held) else ""
    if by_script():
        return jsonify(said=wrong or gettext("It is on its way."), good=not wrong)
    if wrong:
        return _page(person, _look(person, contact_id), Draft(words, key, wrong, sure), 422)
    flash(gettext("It is on its way."), "good")
    return redirect(url_for("console.thread", contact_id=contact_id, _anchor="write"), 303)


@only(Right.WRITE)
def set_safe(person: Person, contact_id: str) -> ResponseReturnValue:
    """Write down what they said about texting there."""
    safe = {"yes": True, "no": False}.get(request.form.get("safe", ""))
    if safe is None:
        abort(400)
    contact = opened(person, contact_id).contact
    done = current_application().change(
        lambda transaction: threads.set_safe(transaction, contact, person.id, safe=safe)
    )
    return told_of_case(contact_id, gettext("Written down.") if done else HELD[Held.NOT_YOURS], good=done)


@only(Right.WRITE)
def note(person: Person, contact_id: str) -> ResponseReturnValue:
    """Write something down for colleagues; whoever may read the page may."""
    contact, application = ContactId(contact_id), current_application()
    opened(person, contact_id)
    words = typed("note")
    held = application.change(lambda transaction: threads.write_note(transaction, contact, words, person.id))
    said = NOT_NOTED[held] if held else gettext("Written down.")
    return told_of_case(contact_id, said, good=held is None, back=local(request.form.get("back", "")))


@only(Right.WRITE)
def change_note(person: Person, contact_id: str, note_id: int) -> ResponseReturnValue:
    """Put a note of one's own right; what stood there before stays readable."""
    contact, application = ContactId(contact_id), current_application()
    opened(person, contact_id)
    was, words = typed("was"), typed("note")
    held = application.change(
        lambda transaction: note_versions.change(transaction, contact, note_id, was, words, person.id)
    )
    return told_of_case(contact_id, NOT_NOTED[held] if held else gettext("Changed."), good=held is None)


@only(Right.WRITE)
def judge(person: Person, contact_id: str, message_id: str) -> ResponseReturnValue:
    """Say whether a text was an emergency, or take that back; whoever may read the page may."""
    given = request.form.get("was", "")
    if given not in ("", *Judgement):
        abort(400)
    judgement = Judgement(given) if given else None
    contact, application = ContactId(contact_id), current_application()
    opened(person, contact_id)
    done = application.change(
        lambda transaction: text_readings.judge(transaction, contact, message_id, judgement, person.id)
    )
    if not done:
        abort(404)
    words = (
        gettext("Written down: %(judgements)s.", judgements=JUDGEMENTS[judgement].lower())
        if judgement
        else gettext("Taken back.")
    )
    return told_of_case(contact_id, words, good=True)
