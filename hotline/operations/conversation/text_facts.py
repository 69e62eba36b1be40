"""What the flow must know before it answers a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

import structlog

from hotline.callbacks.callback import Callback, CallbackStatus
from hotline.callbacks.promise import is_late, minutes_for
from hotline.carrier_words import NOT_SENT
from hotline.model import Channel, EscalationId, Language, PhoneNumber, Subject, TimelineWord
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.answers import as_answered
from hotline.operations.callbacks import spending
from hotline.operations.callbacks.named_time import named_time
from hotline.operations.callbacks.ringing_back import zones_of
from hotline.operations.conversation import blocking, own_callback
from hotline.operations.paging import way_back
from hotline.operations.transaction import Transaction
from hotline.prompts import Prompts
from hotline.store.cases import contacts, escalations, timeline
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.overviews import conference, letters
from hotline.store.overviews.letters import Bounds, Letters
from hotline.store.people import callers
from hotline.store.traffic import messages
from hotline.store.traffic.messages import MessageRow
from hotline.triage.caller_events import Event, Texted
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import WHAT_TO_DO, Facts
from hotline.triage.open_callback import CallbackStanding, Hour, OpenCallback
from hotline.triage.texts import auto_replies, self_service
from hotline.triage.texts.auto_replies import Quotable
from hotline.triage.texts.text import in_their_language, is_opt_out

_log = structlog.get_logger("hotline.texts")

REPLIES_COUNTED: Final = spending.HOUR
"""The hour of both caps."""
SAME_AGAIN: Final = timedelta(seconds=15)
"""Within which the same words from the same number are one text: networks deliver twice, and thumbs are quick."""
_ALIKE_AT_MOST: Final = 5
"""So often in an hour the same words are answered: only a machine says them more often."""
_EVER: Final = 30
"""Replies to one number in an hour, those to emergencies among them: by then somebody has long been paged, and no
words of ours can add to it."""
_LOOKED_AT: Final = 50
_QUOTED: Final = timedelta(days=2)
_QUOTED_AT_MOST: Final = 10
_MINUTE: Final = timedelta(minutes=1)


def heard(prompts: Prompts, body: str, told: Iterable[MessageRow] = ()) -> Texted:
    """A text as the flow hears it: without what it quotes of ours, and with who seems to have written it.

    `told`: what we have lately written there, staff's own words too.
    """
    return Texted(*auto_replies.own_words(body, _ours(prompts), [one.body for one in told]))


def letters_before(transaction: Transaction, number: PhoneNumber, sid: str) -> Letters:
    """What went to and fro with this number before the text of this MessageSid came."""
    bounds = Bounds(
        lately=transaction.now - REPLIES_COUNTED,
        before=transaction.now - _QUOTED,
        received=_LOOKED_AT,
        told=_QUOTED_AT_MOST,
        replies=_EVER,
    )
    found, spent = letters.letters(transaction.tx, number, sid, bounds, spending.caps(transaction))
    spending.counted(transaction, spent)
    return found


def came_late(transaction: Transaction, sent_at: datetime | None) -> bool:
    """Whether it has reached us so late that a menu answers nothing. `sent_at`: None if it came when it was sent."""
    within = transaction.settings.centre.recovery.answer_within
    return sent_at is not None and transaction.now - sent_at > within


def is_repeat(at: datetime, body: str, lately: Sequence[MessageRow]) -> bool:
    """Whether the message before this one, which was sent at `at`, said the same a moment ago."""
    last = next(iter(lately), None)
    return body.strip() != "" and last is not None and last.body == body and abs(at - last.at) <= SAME_AGAIN


def look_up(
    transaction: Transaction,
    row: ContactRow,
    contact: Contact,
    event: Event,
    facts: Facts,
    before: Letters | None,
) -> Facts:
    """The facts for this text; `facts` holds what every contact needs, `before` what went to and fro before it."""
    number = contact.caller
    if number is None or before is None or not isinstance(event, Texted):
        return facts
    found = own_callback.of_caller(transaction, number, row.callback_id)
    open_callback = _as_open_callback(transaction, found.callback) if found is not None else None
    if found is not None and open_callback is not None:
        promised = max(minutes_for(open_callback.line, transaction.plan), facts.promise_minutes)
        facts = replace(
            facts,
            open_callback=open_callback,
            promise_minutes=promised,
            our_number=_rung_from(transaction, found, facts),
        )
    thread = conference.open_escalation(transaction.tx, row.room, Subject.THREAD)
    reached = way_back.way_back(transaction, row) is None
    emergency = conference.open_escalation(transaction.tx, row.room, Subject.EMERGENCY)
    language = in_their_language(contact, event.words, facts).language
    # Asked for only where it is answered that nobody will call.
    ends = emergency is None and is_opt_out(event.words, language, facts)
    elsewhere = ends and conference.open_emergency_of(transaction.tx, number) is not None
    return replace(
        facts,
        replies_left=_replies_left(transaction, number),
        opted_out=way_back.is_out(transaction, number, row.our_number),
        answerable=reached and not _is_tireless(event, before),
        out_of_reach=not reached,
        blocked=blocking.is_blocked(transaction, number),
        emergency_goes_on=emergency is not None or elsewhere,
        danger_told=_danger_told(transaction, row, emergency) if emergency is not None else frozenset(),
        human_writes=emergency is not None and _human_writes(transaction, row, emergency),
        thread_open=thread is not None,
        thread_taken=thread is not None and thread.escalation.status is EscalationStatus.ACCEPTED,
        now=Hour(transaction.now, zones_of(transaction, number)[0]),
        wanted=_wanted(transaction, number, event.words, language) if open_callback is not None else None,
    )


def _danger_told(transaction: Transaction, row: ContactRow, emergency: EscalationRow) -> frozenset[str]:
    """What we have told them since it began, or with the text that began it: one that was closed too soon and opened
    again began when it was opened first, perhaps in the thread before this one."""
    began = _first_of(transaction, emergency)
    threads = dict.fromkeys((began.contact_id or row.id, row.id))
    answered = (
        as_answered(one)
        for thread in threads
        for at, one in contacts.all_answered(transaction.tx, thread)
        if at >= began.escalation.opened_at
    )
    return frozenset(said.prompt for answer in answered for said in answer.say if said.prompt in WHAT_TO_DO)


def _first_of(transaction: Transaction, emergency: EscalationRow) -> EscalationRow:
    found = emergency
    while (closed := _opened_again(transaction, found)) is not None:
        found = closed
    return found


def _opened_again(transaction: Transaction, emergency: EscalationRow) -> EscalationRow | None:
    """The one that was closed too soon, if this is that one again."""
    told = timeline.of(transaction.tx, escalation_id=emergency.escalation.id)
    before = next((one.detail for one in told if one.what == TimelineWord.EMERGENCY_REOPENED), None)
    return escalations.get(transaction.tx, EscalationId(before)) if before else None


def _human_writes(transaction: Transaction, row: ContactRow, emergency: EscalationRow) -> bool:
    rule = emergency.escalation
    if rule.status is not EscalationStatus.ACCEPTED:
        return False
    if any(one.state == ContactState.IN_ROOM for one in contacts.ongoing_in(transaction.tx, row.room)):
        return True
    since = rule.opened_at
    said = messages.of_contact(transaction.tx, row.id)
    return any(one.by_staff is not None and one.at >= since and one.status not in NOT_SENT for one in said)


def _is_tireless(event: Texted, before: Letters) -> bool:
    """Whether it must be a machine, by how it goes on: the same again and again, or an answer to all that we say."""
    said = event.words.strip()
    alike = 1 + sum(one.body.strip() == said for one in before.received)
    return alike > _ALIKE_AT_MOST or before.replies >= _EVER


def _replies_left(transaction: Transaction, number: PhoneNumber) -> bool:
    caps = transaction.settings.centre.texts
    known = callers.get(transaction.tx, number)
    recent = known.replies_since is not None and transaction.now < known.replies_since + REPLIES_COUNTED
    if recent and known.replies >= caps.replies_per_hour:
        return False
    if not spending.texts_left(transaction):
        _log.warning("no more replies to texts within this day", cap="texts_per_day")
        return False
    if spending.spent(transaction).texts_lately < caps.replies_per_hour_overall:
        return True
    most = caps.replies_per_hour_overall
    _log.warning("no more replies to texts within this hour", cap="replies_per_hour_overall", most=most)
    return False


# --- the callback that they are owed ---------------------------------------------------------------------------


def _rung_from(transaction: Transaction, row: CallbackRow, facts: Facts) -> PhoneNumber | None:
    """A call that is under way comes from where it was placed, whatever number they have used since."""
    calling = row.call_contact_id if row.callback.is_with_caller else None
    call = contacts.get(transaction.tx, calling) if calling else None
    return transaction.our_number(call.our_number) if call is not None else facts.our_number


def _as_open_callback(transaction: Transaction, rule: Callback) -> OpenCallback:
    left = max(1, -((transaction.now - rule.promised_at) // _MINUTE))
    standing = _standing(transaction, rule)
    at = rule.due_at if standing is CallbackStanding.AT_TIME else None
    return OpenCallback(rule.line, standing, left, rule.text_safe, at)


def _standing(transaction: Transaction, rule: Callback) -> CallbackStanding:
    if rule.is_with_caller:
        return CallbackStanding.CALLING
    if rule.is_taken or rule.is_unsaid:
        return CallbackStanding.TAKEN
    if rule.status is CallbackStatus.RINGING:
        return CallbackStanding.RINGING
    if rule.needs_supervisor and rule.attempts:
        return CallbackStanding.UNREACHED
    ahead = rule.due_at is not None and rule.due_at > transaction.now
    if ahead and (rule.asked_later or rule.attempts):
        return CallbackStanding.AT_TIME
    return CallbackStanding.LATE if is_late(rule, transaction.now) else CallbackStanding.IN_LINE


def _wanted(transaction: Transaction, number: PhoneNumber, words: str, language: Language) -> Hour | None:
    """The time that they name; where they put off a call, also in one part of a longer message."""
    whole = named_time(transaction, number, words, language)
    if whole is not None or not self_service.puts_off(words):
        return whole.hour if whole is not None else None
    each = (named_time(transaction, number, part, language) for part in self_service.parts(words))
    return next((named.hour for named in each if named is not None), None)


# --- our own words ---------------------------------------------------------------------------------------------


def _ours(prompts: Prompts) -> Quotable:
    texts = tuple(words for (_, channel, _), words in prompts.sentences.items() if channel is Channel.TEXT)
    each = [
        {**prompts.constants, "NUMBER": number} for number in (prompts.constants["NUMBER"], *prompts.also)
    ]
    return _quotable(texts, tuple(tuple(constants.items()) for constants in each))


@lru_cache(8)
def _quotable(texts: tuple[str, ...], each: tuple[tuple[tuple[str, str], ...], ...]) -> Quotable:
    """Put together once: nothing of it changes while we run."""
    return auto_replies.quotable(dict.fromkeys(_filled(words, one) for words in texts for one in each))


def _filled(words: str, constants: tuple[tuple[str, str], ...]) -> str:
    for name, value in constants:
        words = words.replace(f"{{{name}}}", value)
    return words
