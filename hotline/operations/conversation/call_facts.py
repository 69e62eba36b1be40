"""What the flow must know before it decides: looked up once, handed over as data."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from hotline.callbacks.daytime import offered_times
from hotline.callbacks.promise import minutes_for
from hotline.dialling import Refusal, callback_number
from hotline.model import Channel, Danger, Line, PhoneNumber, Subject
from hotline.oncall.attention import Stage
from hotline.operations import answers, flow_state, staff_member
from hotline.operations.answers import Answer, Then
from hotline.operations.callbacks import consent, spending
from hotline.operations.callbacks.named_time import named_time
from hotline.operations.callbacks.ringing_back import zones_of
from hotline.operations.conversation import blocking, company, errands, interpreter, live_talk, text_facts
from hotline.operations.conversation.honest_wait import honest_wait
from hotline.operations.paging import (
    duty,
)
from hotline.operations.transaction import Transaction
from hotline.settings.centre import Opening
from hotline.store.cases import callbacks, contacts, escalations, pages
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.overviews import conference
from hotline.store.overviews.letters import Letters
from hotline.triage.call.dialogue import promised_number
from hotline.triage.call.hearing import SURE, chosen_line, chosen_time
from hotline.triage.call.hold import SUBJECT_OF
from hotline.triage.call.next_words import EMERGENCY_OPENINGS
from hotline.triage.caller_events import Began, Event, Fetched, HungUp, MachineAnswered, Pressed, Said
from hotline.triage.contact import CALLBACK_STATES, Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.open_callback import Hour

_TIME_ASKED = (
    ContactState.ASK_TEXT,
    ContactState.ASK_WHEN,
    ContactState.CHOOSE_WHEN,
    ContactState.CHECK_WHEN,
)


def look_up(
    transaction: Transaction, row: ContactRow, contact: Contact, event: Event, letters: Letters | None = None
) -> Facts:
    """The facts that this state and event may need; the others keep their defaults."""
    published = transaction.settings.centre.line.known_for(row.our_number)
    facts = Facts(
        our_number=transaction.our_number(row.our_number),
        for_silence=published.line if published is not None else Line.PERSON,
        promise_minutes=minutes_for(contact.line or Line.PERSON, transaction.plan),
        languages=transaction.settings.centre.line.languages,
        person_first=transaction.settings.centre.callbacks.opening is Opening.PERSON,
        registered_name=transaction.settings.centre.line.business,
        phrases=transaction.settings.centre.reading.phrases,
        amid_keys=contact.keys_in_a_row > 1 and flow_state.follows_at_once(row, transaction.now),
    )
    if contact.channel is Channel.TEXT or contact.state in CALLBACK_STATES:
        unmanned, held_back = (
            not duty.anybody_on(transaction, Subject.CALLBACK, language=contact.language),
            not spending.calls_left(transaction),
        )
        facts = replace(facts, nobody_on=unmanned, held_back=held_back)
    if contact.channel is Channel.TEXT:
        return text_facts.look_up(transaction, row, contact, event, facts, letters)
    # Nobody can be in the room of a contact for which nobody was ever asked.
    if row.escalation_id is not None or row.callback_id is not None:
        facts = _who_is_there(transaction, row, contact, event, facts)
    if isinstance(event, HungUp) or contact.state is ContactState.ENDED:
        unheard = isinstance(event, HungUp) and event.unheard
        return _hangup_facts(transaction, row, facts, unheard=unheard)
    if isinstance(event, Began):
        facts = _first_facts(transaction, row, facts)
    if isinstance(event, MachineAnswered) and consent.message_allowed(transaction, row):
        facts = replace(facts, first_name=_owner(transaction, row))
    line = chosen_line(contact, event)
    if line is not None and line is not Line.EMERGENCY:
        but, speaks = duty.of_number(transaction, row.caller), contact.language
        others = duty.anybody_on(transaction, SUBJECT_OF[line], but=but, language=speaks)
        unstaffed = not others or not transaction.settings.centre.waits.live_answer
        wait = None if unstaffed else honest_wait(transaction, line)
        facts = replace(facts, unstaffed=frozenset({line} if unstaffed else ()), wait_minutes=wait)
    if contact.state is ContactState.TYPE_NUMBER and isinstance(event, Pressed | Said):
        facts = _number_facts(transaction, event, facts)
    if contact.state in _TIME_ASKED:
        facts = _time_facts(transaction, contact, event, facts)
    if contact.state is ContactState.HOLDING:
        facts = replace(
            facts, ring_over=_ring_over(transaction, row), all_on_calls=_all_on_calls(transaction, row)
        )
    if contact.state is ContactState.EMERGENCY:
        facts = replace(facts, self_dial=_self_dial(transaction, row))
    return facts


def _who_is_there(
    transaction: Transaction, row: ContactRow, contact: Contact, event: Event, facts: Facts
) -> Facts:
    """Whether a human waits in the room, or whoever talked with them speaks with somebody else now."""
    waiting = [page.staff_id for page in company.staff(transaction, row)]
    alone = bool(waiting) and interpreter.is_needed(transaction, row, waiting)
    ready = bool(waiting) or company.was_handed_over(transaction, row)
    aside = contact.state is ContactState.ON_HOLD and company.is_told_aside(transaction, row)
    facts = replace(
        facts,
        human_ready=ready,
        needs_interpreter=alone,
        told_aside=aside,
        right_person=row.reached_at is not None,
    )
    if ready and not isinstance(event, Fetched) and errands.is_fetched(transaction, row):
        return replace(facts, human_ready=False, human_coming=True)
    return facts


def _time_facts(transaction: Transaction, contact: Contact, event: Event, facts: Facts) -> Facts:
    """Which times can be offered, what time it is where they are, and which one they have named."""
    number = promised_number(contact)
    if number is None:
        return facts
    zones = zones_of(transaction, number)
    facts = replace(facts, times=offered_times(transaction.now, zones), now=Hour(transaction.now, zones[0]))
    if not isinstance(event, Said) or event.confidence < SURE:
        return facts
    named = named_time(transaction, number, event.words, contact.language)
    # A part of the day that was offered is promised as such.
    offered = named is not None and not named.by_hour and chosen_time(event, facts) is not None
    return replace(facts, wanted=named.hour) if named is not None and not offered else facts


def _first_facts(transaction: Transaction, row: ContactRow, facts: Facts) -> Facts:
    """What the first words depend on."""
    if row.caller is None or row.outbound:
        return facts
    has_emergency = blocking.who_calls(transaction, row.caller).has_emergency
    return replace(
        facts,
        interpreters=transaction.settings.centre.line.interpreter_number is not None,
        open_emergency=has_emergency,
        open_danger=_danger(transaction, row.caller) if has_emergency else Danger.UNSAID,
        blocked=blocking.is_blocked(transaction, row.caller) or blocking.is_crowded(transaction, row.caller),
    )


def _danger(transaction: Transaction, number: PhoneNumber) -> Danger:
    """What their open emergency is, as far as they told where it began."""
    running = conference.open_emergency_of(transaction.tx, number)
    origin = contacts.get(transaction.tx, running.contact_id) if running and running.contact_id else None
    return flow_state.read(origin).danger if origin is not None else Danger.UNSAID


def _owner(transaction: Transaction, row: ContactRow) -> str:
    """The first name of whoever rings through us; empty if nobody in particular does."""
    found = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    owner = found.callback.owner if found else None
    return staff_member.first_name(transaction, owner) if owner else ""


def _number_facts(transaction: Transaction, event: Pressed | Said, facts: Facts) -> Facts:
    typed = event.keys if isinstance(event, Pressed) else event.words
    line = transaction.settings.centre.line
    number = callback_number(typed.rstrip("#"), line.countries, line.ours)
    if isinstance(number, Refusal):
        return replace(facts, number_refused=f"number_{number}")
    return replace(facts, number=number)


def _ring_over(transaction: Transaction, row: ContactRow) -> bool:
    """Nobody left to ring, or it has rung for its time."""
    found = escalations.get(transaction.tx, row.escalation_id) if row.escalation_id else None
    if found is None or not found.escalation.is_open or found.escalation.nobody:
        return True
    since = row.fetching_at or found.escalation.opened_at
    return transaction.now >= since + transaction.settings.centre.waits.live_answer


def _all_on_calls(transaction: Transaction, row: ContactRow) -> bool:
    """Whether everybody who could be rung for them talks with somebody now."""
    found = escalations.get(transaction.tx, row.escalation_id) if row.escalation_id else None
    if found is None or found.escalation.ringing:
        return False
    on = duty.everybody(duty.people(transaction, found.escalation.policy, language=row.language))
    return bool(on) and on <= {call.person for call in duty.calls(transaction) if call.stage is Stage.TALKS}


def _self_dial(transaction: Transaction, row: ContactRow) -> bool:
    """No page has left within the time promised, or no human came within theirs: dial from the caller's own leg."""
    found = conference.open_escalation(transaction.tx, row.room, Subject.EMERGENCY)
    if found is None:
        return True
    waits = transaction.settings.centre.waits
    opened_at = found.escalation.opened_at
    marks = (found.escalation.accepted_at, row.dialled_at, row.left_alone_at, row.opened_at)
    since = max(mark for mark in (opened_at, *marks) if mark is not None)
    if transaction.now >= since + waits.self_dial_unanswered:
        return True
    unpaged = transaction.now >= opened_at + waits.self_dial_unpaged
    return unpaged and since == opened_at and not _any_page_left(transaction, found)


def _any_page_left(transaction: Transaction, row: EscalationRow) -> bool:
    return any(page.sent_at is not None for page in pages.of_escalation(transaction.tx, row.escalation.id))


# --- the end of a call -----------------------------------------------------------------------------------------


def _hangup_facts(transaction: Transaction, row: ContactRow, facts: Facts, *, unheard: bool) -> Facts:
    told = answers.history(transaction, row)
    times = [*(at for at, _ in told), transaction.now]
    lasted = [(answer, end - at) for (at, answer), end in zip(told, times[1:], strict=True)]
    return replace(
        facts,
        heard_911=any(_heard_911(transaction, answer, time) for answer, time in lasted),
        cut_off=unheard and bool(lasted) and _ran_out(transaction, *lasted[-1]),
        talk_counted=any(_could_talk(transaction, answer, time) for answer, time in lasted),
        settled=_settled(transaction, row),
    )


_NEARLY: Final = 0.8
"""How fast a voice speaks is known within a fifth or so (`Prompts.seconds`); who hangs up seldom does so at the end."""


def _ran_out(transaction: Transaction, answer: Answer, lasted: timedelta) -> bool:
    """Whether what they were last told was over. Only if no news of the end came, either: who speaks, or has somebody
    speak beside them, is listened to for longer, and may hang up by themselves then."""
    if answer.then is not Then.LISTEN or not answer.say:
        return False
    prompts = transaction.application.prompts
    words = sum(prompts.seconds(one.prompt, one.language or answer.language) for one in answer.say)
    whole = timedelta(seconds=words) + answers.silence(answer.wait, transaction.settings.centre.waits)
    return lasted >= whole * _NEARLY


def _settled(transaction: Transaction, row: ContactRow) -> bool:
    """A human took it, and has closed it: only people close what a person accepted. Or somebody has said how it ended,
    and they hold for somebody once more."""
    found = escalations.get(transaction.tx, row.escalation_id) if row.escalation_id else None
    if found is not None and found.closed_at is not None and found.escalation.accepted_by is not None:
        return True
    return bool(live_talk.said(transaction, [row]))


def _could_talk(transaction: Transaction, answer: Answer, lasted: timedelta) -> bool:
    """Whether there was time for a talk in the room, or with somebody whom the caller's own leg had dialled."""
    waits = transaction.settings.centre.waits
    if answer.then is Then.DIAL:
        return lasted >= waits.self_dial_ring + waits.talk_counts_after
    return answer.then is Then.JOIN and lasted >= waits.talk_counts_after


def _heard_911(transaction: Transaction, answer: Answer, lasted: timedelta) -> bool:
    """Whether the 911 sentence, which is always the first one said, could be heard to its end."""
    first = answer.say[0].prompt if answer.say else ""
    if first != "first_words" and first not in EMERGENCY_OPENINGS:
        return False
    return lasted >= timedelta(seconds=transaction.application.prompts.seconds(first, answer.language))
