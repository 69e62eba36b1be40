"""Somebody leaves a number on the "call me" form: the same queue, the same promise, and no proof of whose number it is.

Whoever types a number may mean somebody else's phone. So a form adds a call, and takes nothing away: it never changes
when or how a number that is owed a call already is called, never lets it be called again after it has asked for no
calls, and is answered in the same words whatever is known of the number.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from json import dumps
from typing import Final

from hotline.callbacks import daytime
from hotline.callbacks.promise import minutes_for
from hotline.model import (
    Channel,
    ContactId,
    Language,
    Line,
    Outcome,
    PhoneNumber,
    RoomName,
    Subject,
    TimelineWord,
    When,
)
from hotline.operations import flow_state
from hotline.operations.callbacks import consent, ringing_back, spending
from hotline.operations.conversation import blocking, requested
from hotline.operations.paging import duty
from hotline.operations.transaction import Transaction, new_id
from hotline.prompts import version_of
from hotline.store.cases import contacts, website_asks
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.website_asks import WebsiteAsk
from hotline.store.database import rows
from hotline.store.people import directory, staff
from hotline.triage.call import next_words
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.turn import PromiseCallback

COUNTED: Final = timedelta(hours=1)
"""The hour of `asks_per_address` and `asks_per_hour`."""
DAY: Final = timedelta(hours=24)
"""The day of `asks_per_number`; so long a network address is remembered, as a keyed hash."""


class NotAsked(StrEnum):
    """Why a form was not taken. Whoever sent it is told so, and what to do."""

    TOO_MANY = "too_many"
    """More were sent than the limits allow, from there or in all."""
    CHANGED = "changed"
    """This form was sent before, with something else in it."""


@dataclass(frozen=True, slots=True)
class CallMeForm:
    """What was sent, read and checked."""

    id: str
    """That of the form as it was shown: whoever sends it twice asks once."""
    number: PhoneNumber
    line: Line
    language: Language
    when: When
    message_safe: bool
    text_safe: bool
    agreed: str = field(repr=False)
    """To what they agreed, word by word as it was shown."""
    name: str | None = field(default=None, repr=False)
    origin: str = field(default="", repr=False)
    """The network address that it came from."""

    def sent(self) -> str:
        """All that they filled in, the same for the same."""
        filled = {**asdict(self), "number": self.number.e164, "origin": None}
        return dumps(filled, sort_keys=True)


def ask(transaction: Transaction, form: CallMeForm) -> WebsiteAsk | NotAsked:
    """Take a form: what whoever sent it is told. Sent again, it changes nothing and is answered the same."""
    tx, limits = transaction.tx, transaction.settings.centre.call_me
    rows.hold_number(tx, form.number)
    if not website_asks.begin(tx, form.id, form.sent(), form.origin, transaction.now):
        return website_asks.same(tx, form.id, form.sent()) or NotAsked.CHANGED
    hour = transaction.now - COUNTED
    here = website_asks.sent_since(tx, hour, form.origin) > limits.asks_per_address
    if here or website_asks.sent_since(tx, hour) > limits.asks_per_hour:
        website_asks.take_back(tx, form.id)
        return NotAsked.TOO_MANY
    website_asks.forget_origins(tx, transaction.now - DAY)
    when = _still_ahead(transaction, form)
    told, minutes = _told(transaction, form, when)
    answer = WebsiteAsk(form.id, transaction.now, told, minutes, language=form.language)
    if not _is_turned_away(transaction, form.number):
        answer = WebsiteAsk(
            id=form.id,
            at=transaction.now,
            told=told,
            minutes=minutes,
            contact_id=_owed(transaction, form, when),
            language=form.language,
            version=version_of(form.agreed),
            words=form.agreed,
            name=form.name,
        )
    website_asks.settle(tx, answer)
    return answer


def _still_ahead(transaction: Transaction, form: CallMeForm) -> When:
    zones = ringing_back.zones_of(transaction, form.number)
    return form.when if daytime.start_of(form.when, transaction.now, zones) else When.NOW


def _told(transaction: Transaction, form: CallMeForm, when: When) -> tuple[str, int]:
    """The promise, in the words that fit anybody who asks for this now: what is known of the number changes nothing."""
    facts = Facts(
        held_back=not spending.calls_left(transaction),
        nobody_on=not duty.anybody_on(transaction, Subject.CALLBACK, language=form.language),
        promise_minutes=minutes_for(form.line, transaction.plan),
    )
    spoken = next_words.confirmed(Contact(Channel.WEBSITE, ContactState.ENDED, when=when), facts)
    return spoken.prompt, facts.promise_minutes


def _is_turned_away(transaction: Transaction, number: PhoneNumber) -> bool:
    """Numbers that no form has called: who asked us not to, who is blocked, staff, whom callers are sent on to, and a
    number that was left often enough today."""
    tx, most = transaction.tx, transaction.settings.centre.call_me.asks_per_number
    return (
        consent.no_calls_since(transaction, number) is not None
        or blocking.is_blocked(transaction, number)
        or staff.by_phone(tx, number) is not None
        or any(number.e164 in entry.numbers for entry in directory.every(tx))
        or website_asks.asked_since(tx, number, transaction.now - DAY) >= most
    )


def _owed(transaction: Transaction, form: CallMeForm, when: When) -> ContactId:
    contact = contacts.add(transaction.tx, _contact(transaction, form, when))
    transaction.note(TimelineWord.ASKED_ON_WEBSITE, contact=contact.id)
    found = ringing_back.same_wish(transaction, form.number, form.line, form.language)
    if found is not None:
        # A time that somebody has chosen may be the only safe one: no form moves it.
        owed = found if found.callback.asked_later else ringing_back.asked_again(transaction, found)
    else:
        request = PromiseCallback(
            form.line,
            form.number,
            ready=True,
            message_safe=form.message_safe,
            text_safe=form.text_safe,
            when=when,
            language=form.language,
        )
        owed = ringing_back.promise(transaction, contact, request)
        if not duty.anybody_on(transaction, Subject.CALLBACK, language=form.language):
            requested.nobody_on(transaction, contact, owed)
    contacts.save(transaction.tx, replace(contact, callback_id=owed.callback.id))
    return contact.id


def _contact(transaction: Transaction, form: CallMeForm, when: When) -> ContactRow:
    """It is over as soon as it is there: nobody waits at the other end."""
    contact_id = ContactId(new_id())
    state = Contact(
        Channel.WEBSITE,
        ContactState.ENDED,
        line=form.line,
        language=form.language,
        language_chosen=True,
        caller=form.number,
        answered=True,
        message_safe=form.message_safe,
        text_safe=form.text_safe,
        when=when,
        ended_from=ContactState.FAREWELL,
    )
    ours = transaction.settings.centre.line.numbers[0].e164
    row = flow_state.begun(state, ours, contact_id, RoomName(contact_id), transaction.now)
    return replace(row, ended_at=transaction.now, outcome=Outcome.CALLBACK, ended_in=ContactState.FAREWELL)
