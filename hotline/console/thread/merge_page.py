"""The same person twice: choosing the other case, seeing what merging the two would do, doing it, and undoing it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from hotline.console.frame.asking import current_application
from hotline.console.frame.gate import only
from hotline.console.frame.one_case import opened, told_of_case
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import gettext
from hotline.console.search import search_page
from hotline.console.thread import merge_words
from hotline.model import ContactId
from hotline.operations.texts import case_merging, merge_choice, merge_plan, threads
from hotline.operations.texts.merge_plan import NotMerged
from hotline.operations.texts.threads import Thread


@only(Right.WORK)
def choose_merge(person: Person, contact_id: str) -> ResponseReturnValue:
    """Which other case it is; `?other=` names one: what merging with it would do."""
    thread = opened(person, contact_id)
    application = current_application()
    place = ZoneInfo(application.settings.centre.line.timezone)
    other = request.args.get("other", "")
    if other:
        return _preview(person, thread, opened(person, other), place)
    reference = request.args.get("reference", "").replace(" ", "").lower()[:20]
    found = application.look(
        lambda transaction: merge_choice.look(
            transaction, thread.contact, reference, search_page.seen_sides(person)
        )
    )
    return render_template(
        "thread/merge.html",
        thread=thread,
        found=found,
        reference=reference.upper(),
        now=thread.now,
        ending=merge_words.ending,
    )


def _preview(person: Person, thread: Thread, other: Thread, place: ZoneInfo) -> ResponseReturnValue:
    application = current_application()
    planned = application.look(
        lambda transaction: merge_plan.plan(transaction, thread.contact, other.contact, None, person.id)
    )
    if planned is None:
        abort(404)
    application.change(
        lambda transaction: threads.looked(transaction, other.contact, person.id, at_work=False)
    )
    refused = merge_words.REFUSED[planned] if isinstance(planned, NotMerged) else ""
    told = [] if isinstance(planned, NotMerged) else merge_words.consequences(planned, place, thread.now)
    return render_template(
        "thread/merge_preview.html",
        thread=thread,
        other=other,
        plan=None if refused else planned,
        refused=refused,
        told=told,
        now=thread.now,
        ending=merge_words.ending,
    )


@only(Right.WORK)
def merge_cases(person: Person, contact_id: str) -> ResponseReturnValue:
    """Do it, as it was shown."""
    thread = opened(person, contact_id)
    other = opened(person, request.form.get("other", ""))
    keep = ContactId(request.form.get("keep", ""))
    chosen = keep if keep in (thread.contact, other.contact) else None
    done = current_application().change(
        lambda transaction: case_merging.do(transaction, thread.contact, other.contact, chosen, person.id)
    )
    if done is None:
        abort(404)
    if isinstance(done, NotMerged):
        return told_of_case(contact_id, merge_words.REFUSED[done], good=False)
    return told_of_case(contact_id, gettext("Merged. Both pages show both."), good=True)


@only(Right.WORK)
def unmerge_cases(person: Person, contact_id: str, merge_id: str) -> ResponseReturnValue:
    """Give both back."""
    thread = opened(person, contact_id)
    if thread.merged is None or thread.merged.last != merge_id:
        return told_of_case(contact_id, merge_words.REFUSED[NotMerged.OVER], good=False)
    for case in thread.merged.last_cases:
        opened(person, case)
    done = current_application().change(
        lambda transaction: case_merging.undo(transaction, merge_id, person.id)
    )
    if isinstance(done, NotMerged):
        return told_of_case(contact_id, merge_words.REFUSED[done], good=False)
    return told_of_case(
        contact_id, gettext("Undone. Both are as they were; what has happened since stays."), good=True
    )
