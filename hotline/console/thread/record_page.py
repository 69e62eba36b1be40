"""Filling in the admissions record: kept as it is written, a few seconds after each answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue

from hotline.callbacks import admissions
from hotline.callbacks.admissions import RecordField
from hotline.console.frame.asking import by_script, current_application
from hotline.console.frame.gate import only
from hotline.console.frame.one_case import opened_record, told_of_case
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import Words, gettext
from hotline.console.thread import thread_page
from hotline.console.thread.record_words import answered, raised
from hotline.model import ContactId
from hotline.operations.callbacks import admissions_talk
from hotline.operations.callbacks.admissions_talk import GivenAnswer, RecordKept
from hotline.operations.console import raising_emergency
from hotline.store.overviews import crew
from hotline.worded import worded

_TOO_LONG = worded(
    "Not kept: an answer has at most %(longest)s letters. Write it shorter.", longest=admissions.LONGEST
)
_REFUSED = Words(
    {RecordField.AGE: "Not kept: the age is a whole number of years, such as 16. Or leave it empty."}
)
_PAGED = worded(
    "Clinicians are paged now. Stay with them; if they are in danger this minute, tell them to call 911."
)


@only(Right.WRITE)
def keep_record(person: Person, contact_id: str) -> ResponseReturnValue:
    """Keep what was answered: from the script whatever has changed, else the whole form."""
    contact = ContactId(contact_id)
    opened_record(person, contact)
    given = tuple(_given())
    work = partial(admissions_talk.keep, contact_id=contact, given=given, by=person.id)
    try:
        kept = current_application().change(work)
    except ValueError as wrong:
        return told_of_case(contact_id, _REFUSED.get(wrong.args[0], _TOO_LONG), good=False, part="record")
    if kept is None:
        abort(404)
    if by_script():
        return jsonify(said=_words(kept), good=not kept.conflicts, **_stands(given, kept))
    if kept.conflicts:
        # What they typed stands in the form again, beside what somebody else wrote.
        typed = {one.asked: one.value for one in given if one.asked in kept.conflicts}
        return thread_page.page_with_typed(person, contact_id, typed)
    return told_of_case(contact_id, _words(kept) or gettext("Kept."), good=True, part="record")


def _given() -> Iterable[GivenAnswer]:
    for one in RecordField:
        if one.value in request.form:
            yield GivenAnswer(one, request.form.get(f"was-{one.value}", ""), request.form[one.value])


def _stands(given: Iterable[GivenAnswer], kept: RecordKept) -> Mapping[str, object]:
    """What stands in each of these places now; and where somebody else wrote it meanwhile, who."""
    names = current_application().look(lambda transaction: crew.names(transaction.tx))
    others = {
        one.value: {"who": names.get(other.by, gettext("Somebody")), "words": answered(other.value)}
        for one, other in kept.conflicts.items()
    }
    stands = {one.asked: kept.record.kept.get(one.asked) for one in given}
    return {
        "kept": {one.value: answer.value if answer else "" for one, answer in stands.items()},
        "others": others,
        "record": kept.record.contact_id,
        "version": kept.record.version,
    }


def _words(kept: RecordKept) -> str:
    return (
        gettext("Their callback comes first now: %(raised)s.", raised=raised(kept.raised))
        if kept.raised
        else ""
    )


@only(Right.WRITE)
def raise_emergency(person: Person, contact_id: str) -> ResponseReturnValue:
    """Clinicians are paged for what was said to whoever talks with them."""
    contact = ContactId(contact_id)
    opened_record(person, contact)
    current_application().change(
        lambda transaction: raising_emergency.raise_emergency(transaction, contact, person.id)
    )
    return told_of_case(contact_id, _PAGED, good=True, part="record")
