"""What somebody has agreed to or refused, how they said it, to whom, and when they took it back.

It is worked out from what is kept of their cases, when it is asked: no second book that could say something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Final

from hotline.model import AuditAction, AuditKind, ByWord, Channel, PhoneNumber, StaffId, TimelineWord
from hotline.operations import flow_state
from hotline.operations.answers import AskedConsent, history
from hotline.operations.callbacks import consent_questions
from hotline.operations.transaction import Transaction
from hotline.prompts import version_of
from hotline.store.cases import callbacks, contacts, follow_ups, timeline, website_asks
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.follow_ups import FollowUpState
from hotline.store.cases.timeline import TimelineRow
from hotline.store.database.tables import PHONE
from hotline.store.looking_back import whose_record
from hotline.store.overviews import crew
from hotline.store.people import brought_wishes, callers
from hotline.store.people.brought_wishes import NoMore
from hotline.triage.contact import ContactState


class ConsentTo(StrEnum):
    """What it is about."""

    CALL = "to be called back"
    MESSAGE = "a message on a machine"
    TEXT = "texts to this telephone"
    FOLLOW_UP = "a call some days after an emergency"


@dataclass(frozen=True, slots=True)
class Consent:
    """One time that somebody agreed or refused. Times are UTC."""

    at: datetime
    to: ConsentTo
    given: bool
    how: str = field(repr=False)
    """How it was said, and to whom: in words of ours, with the key that they pressed."""
    contact: str
    withdrawn_at: datetime | None = None


_ASKED: Final = {
    ContactState.ASK_MESSAGE: ConsentTo.MESSAGE,
    ContactState.ASK_TEXT: ConsentTo.TEXT,
    ContactState.TEXT_SAFE: ConsentTo.TEXT,
}
_BY_STAFF: Final = {TimelineWord.SAID_TEXT_SAFE: True, TimelineWord.SAID_TEXT_NOT_SAFE: False}
_WISHES: Final = {TimelineWord.OPTED_IN: True, TimelineWord.OPTED_OUT: False}
_WRITTEN: Final = "they wrote so by text"


def look(transaction: Transaction, number: PhoneNumber) -> list[Consent]:
    """All of them, the oldest first; asking is in the audit trail."""
    tx = transaction.tx
    whose = whose_record.of_number(tx, number, AuditKind.NUMBER.value)
    names = crew.names(tx)
    found: list[Consent] = []
    for contact in whose.contacts:
        row = contacts.get(tx, contact)
        if row is not None:
            lines = timeline.of(tx, contact_id=contact)
            found += [
                *_answered(transaction, row, lines),
                *_said(row, lines, names),
                *_followed_up(transaction, row, names),
                *_on_website(transaction, row),
            ]
    for callback in whose.callbacks:
        owed = callbacks.get(tx, callback)
        if owed is not None and website_asks.of_contact(tx, owed.contact_id) is None:
            asked = "they asked for it"
            found.append(Consent(owed.callback.opened_at, ConsentTo.CALL, True, asked, owed.contact_id))
    found += _brought(transaction, number)
    transaction.audit(AuditAction.VIEWED_CONSENTS, AuditKind.NUMBER, tx.keys.lookup(number.e164, PHONE))
    return sorted(_withdrawn(transaction, number, found), key=lambda one: one.at)


def _answered(transaction: Transaction, row: ContactRow, lines: Sequence[TimelineRow]) -> Iterator[Consent]:
    """What they were asked by the line itself: the answer is what led on from the question."""
    said = flow_state.read(row)
    answers: Mapping[ConsentTo, bool | None] = {
        ConsentTo.MESSAGE: said.message_safe,
        ConsentTo.TEXT: said.text_safe,
    }
    states = [one for one in lines if one.what in _STATES]
    told = history(transaction, row) if any(ContactState(one.what) in _ASKED for one in states) else []
    for line, following in pairwise(states):
        state = ContactState(line.what)
        to = _ASKED.get(state)
        given = answers[to] if to is not None else None
        if to is not None and given is not None:
            asked = consent_questions.asked_before(told, state, following.at)
            yield Consent(following.at, to, given, _how(row, asked, following.detail), row.id)


_STATES: Final = frozenset(ContactState)


def _how(row: ContactRow, asked: AskedConsent | None, pressed: str | None) -> str:
    """With the words that they heard or read, where these were kept: older cases have the language only."""
    question = f"asked by the line in {asked.language if asked else row.language}"
    if asked is not None:
        played = f", recording {asked.recording}" if asked.recording else ""
        question += f' "{asked.words}" (words {version_of(asked.words)}{played})'
    if row.channel is Channel.TEXT:
        return f"{question}, {_WRITTEN}"
    return f"{question}, they pressed {pressed}" if pressed else f"{question}, they said so"


def _said(row: ContactRow, lines: Sequence[TimelineRow], names: Mapping[StaffId, str]) -> Iterator[Consent]:
    """What they told somebody of the staff, or wrote by themselves."""
    for line in lines:
        for words, how in ((_BY_STAFF, f"they told {_name(names, line.by_staff)}"), (_WISHES, _WRITTEN)):
            given = next((given for word, given in words.items() if line.what == word), None)
            if given is not None:
                yield Consent(line.at, ConsentTo.TEXT, given, how, row.id)


def _followed_up(
    transaction: Transaction, row: ContactRow, names: Mapping[StaffId, str]
) -> Iterator[Consent]:
    for one in follow_ups.of_contact(transaction.tx, row.id):
        if one.said_at is not None and one.state in (FollowUpState.AGREED, FollowUpState.DECLINED):
            given = one.state is FollowUpState.AGREED
            yield Consent(
                one.said_at, ConsentTo.FOLLOW_UP, given, f"they told {_name(names, one.said_by)}", row.id
            )


def _on_website(transaction: Transaction, row: ContactRow) -> Iterator[Consent]:
    """What they ticked on the form, in the words that stood there. What they left is no answer: a form proves nobody,
    and takes nothing back."""
    sent = website_asks.of_contact(transaction.tx, row.id) if row.channel is Channel.WEBSITE else None
    if sent is None:
        return
    said = flow_state.read(row)
    shown = " / ".join(sent.words.splitlines())
    how = f'on the website in {sent.language.value}, they ticked "{shown}" (words {sent.version})'
    agreed = {ConsentTo.CALL: True, ConsentTo.MESSAGE: said.message_safe, ConsentTo.TEXT: said.text_safe}
    for to in (to for to, ticked in agreed.items() if ticked):
        yield Consent(sent.at, to, True, how, row.id)


_NO_MORE: Final = ByWord(
    {NoMore.TEXTS: (ConsentTo.TEXT,), NoMore.CALLS: (ConsentTo.CALL,)}, (ConsentTo.CALL, ConsentTo.TEXT)
)
"""A word of a later version is taken for both."""


def _brought(transaction: Transaction, number: PhoneNumber) -> Iterator[Consent]:
    """What they told a system that was here before; it is of no case."""
    for one in brought_wishes.of_numbers(transaction.tx, {number}):
        how = f'told your former system: "{one.how}", taken over on {one.brought_at:%Y-%m-%d}'
        for to in _NO_MORE[one.what]:
            yield Consent(one.said_at, to, False, how, "")


def _name(names: Mapping[StaffId, str], person: StaffId | None) -> str:
    return names.get(person, "somebody who left") if person is not None else "the line"


def _withdrawn(transaction: Transaction, number: PhoneNumber, found: Sequence[Consent]) -> Iterator[Consent]:
    """A yes ends with the next no to the same, or when they wanted no more texts, or calls, at all."""
    caller = callers.get(transaction.tx, number)
    for one in found:
        ends = [other.at for other in found if other.to is one.to and not other.given]
        ends += [at for at in (caller.opted_out_at,) if at and one.to is ConsentTo.TEXT]
        ends += [at for at in (caller.no_calls_at,) if at and one.to is not ConsentTo.TEXT]
        after = [at for at in ends if at > one.at]
        yield replace(one, withdrawn_at=min(after)) if one.given and after else one
