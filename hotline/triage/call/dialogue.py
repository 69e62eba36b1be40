"""The callback dialogue: which number, is a message safe, is a text safe; then the promise.

The callback is opened the moment its number is known, with the most discreet settings, and brought up to date with
each answer. So whatever happens to the call, the promise stands before anybody is told of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from hotline.model import Line, Outcome, PhoneNumber, When
from hotline.triage.call import next_words
from hotline.triage.call.hearing import chosen_line, chosen_time, sorry, yes_or_no
from hotline.triage.call.hold import chosen, ring_people
from hotline.triage.caller_events import Event, Pressed, Said, Silent
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.numbers import spoken
from hotline.triage.open_callback import Hour
from hotline.triage.texts.times import told
from hotline.triage.turn import Close, EndCall, Listen, PromiseCallback, Spoken, StopReaching, Turn, Wait

_CHOICE: Final = {
    Line.ADMISSIONS: "admissions",
    Line.FAMILY: "family_callback",
    Line.PERSON: "person_callback",
}
_TRIES: Final = 2
"""Silences or wrong keys at one question until the most discreet answer is taken for them."""
_NUMBER_TRIES: Final = 3
_HELPERS: Final = ("number_emergency", "number_lifeline")
"""Why a number of theirs is none that we call, where they may need it now: told each time, also the last."""
_READ_BACK_ON: Final = {
    "later_today": "check_time_today",
    "later_tomorrow": "check_time_tomorrow",
    "later_date": "check_time_date",
}
_QUESTION: Final = {
    ContactState.ASK_MESSAGE: "ask_message",
    ContactState.ASK_TEXT: "ask_text",
    ContactState.ASK_WHEN: "good_time",
    ContactState.CHECK_WHEN: "good_time",
}


def enter_line(contact: Contact, line: Line, facts: Facts) -> Turn:
    """The caller chose a line other than the emergency: ring people, or offer a call back at once if nobody is on."""
    if line not in facts.unstaffed:
        return ring_people(contact, line, facts)
    unstaffed, words = chosen(contact, line, live=False)
    return enter(unstaffed, facts, before=words)


def enter(contact: Contact, facts: Facts, before: tuple[Spoken, ...] = ()) -> Turn:
    """Ringing is over, or the caller wants to be rung back: ask for the number, the callback already open."""
    line = contact.line or Line.PERSON
    fresh = replace(contact, line=line, tries=0, loops=0, wrong_key=False)
    if contact.caller is None:
        return _ask_number(fresh, (*before, Spoken("number_withheld")), (StopReaching(),))
    asked = replace(fresh, state=ContactState.CHOOSE_NUMBER)
    # Who has just been told that somebody will call them needn't hear it twice.
    words = (*before, Spoken("number_choice" if before else _CHOICE.get(line, "person_callback")))
    return Turn(asked, words, Listen(Wait.MENU), (StopReaching(), *_promise(asked, ready=False)))


def step(contact: Contact, event: Event, facts: Facts) -> Turn:
    """One answer in the dialogue."""
    if contact.state is ContactState.FAREWELL:
        return _after_farewell(contact, event, facts)
    if isinstance(event, Pressed) and event.keys == "0":
        return ring_people(contact, Line.PERSON, facts)
    return _ANSWERS[contact.state](contact, event, facts)


def repeat(contact: Contact, facts: Facts) -> Turn:
    """The present question once more: in another language now (which can't be chosen while a number is typed)."""
    if contact.state is ContactState.FAREWELL:
        return _confirm(contact, facts)
    return Turn(contact, _question(contact, facts), Listen(Wait.MENU))


def _question(contact: Contact, facts: Facts) -> tuple[Spoken, ...]:
    if contact.state is ContactState.CHECK_NUMBER and contact.typed is not None:
        return (_read_back(contact.typed),)
    if contact.state is ContactState.CHECK_WHEN and contact.at is not None and facts.now is not None:
        return (_told_back(contact.at, contact, facts.now),)
    if contact.state is ContactState.CHOOSE_WHEN:
        return tuple(Spoken(f"good_{time}") for time in facts.times or (When.MORNING,))
    return (Spoken(_QUESTION.get(contact.state, "number_choice")),)


def promised_number(contact: Contact) -> PhoneNumber | None:
    """The number that this contact's callback will ring."""
    return contact.callback_number or contact.caller


def _promise(contact: Contact, *, ready: bool) -> tuple[PromiseCallback, ...]:
    number = promised_number(contact)
    if number is None:
        return ()
    return (
        PromiseCallback(
            contact.line or Line.PERSON,
            number,
            ready,
            message_safe=contact.message_safe is True,
            text_safe=contact.text_safe is True,
            kept_place=contact.kept_place,
            when=contact.when,
            # Until it is confirmed, or nobody is there any more to confirm it, a time may have been misheard.
            at=contact.at if ready else None,
            language=contact.language if contact.language_chosen else None,
        ),
    )


def promise_as_it_stands(contact: Contact) -> tuple[PromiseCallback, ...]:
    """The callback, due now, with what is known so far; nothing if there is no number to ring."""
    return _promise(contact, ready=True)


def _again(contact: Contact, event: Event, *questions: Spoken, number: bool = False) -> Turn:
    asked = replace(contact, tries=contact.tries + 1)
    return Turn(asked, (sorry(event), *questions), Listen(Wait.MENU, number=number))


# --- the number ------------------------------------------------------------------------------------------------


def _choose(contact: Contact, event: Event, facts: Facts) -> Turn:
    match yes_or_no(contact, event):
        case True:
            return _ask(contact, ContactState.ASK_MESSAGE)
        case False:
            return _ask_number(contact, (Spoken("type_number"),))
        case None if contact.tries + 1 < _TRIES:
            return _again(contact, event, Spoken("number_choice"))
        case None:
            return _confirm(contact, facts)


def _ask_number(contact: Contact, words: tuple[Spoken, ...], requests: tuple[StopReaching, ...] = ()) -> Turn:
    asked = replace(contact, state=ContactState.TYPE_NUMBER, typed=None)
    return Turn(asked, words, Listen(Wait.MENU, number=True), requests)


def _typed(contact: Contact, event: Event, facts: Facts) -> Turn:
    if isinstance(event, Pressed) and facts.number is not None:
        checked = replace(contact, state=ContactState.CHECK_NUMBER, typed=facts.number, tries=0)
        return Turn(checked, (_read_back(facts.number),), Listen(Wait.MENU))
    reason = facts.number_refused if isinstance(event, Pressed) else None
    if contact.tries + 1 >= _NUMBER_TRIES:
        given_up = _without_number(contact, facts)
        helper = (Spoken(reason),) if reason in _HELPERS else ()
        return replace(given_up, say=(*helper, *given_up.say))
    question = Spoken("type_number")
    if reason is None:
        return _again(contact, event, question, number=True)
    tried = replace(contact, tries=contact.tries + 1)
    return Turn(tried, (Spoken(reason), question), Listen(Wait.MENU, number=True))


def _without_number(contact: Contact, facts: Facts) -> Turn:
    """No usable number was typed: the calling number will do; if that is withheld, only a human on this call can."""
    if promised_number(contact) is not None:
        return _confirm(replace(contact, typed=None), facts)
    held = replace(contact, no_number=True)
    return ring_people(held, contact.line or Line.PERSON, facts)


def _read_back(number: PhoneNumber) -> Spoken:
    return Spoken("check_number", (("DIGITS", spoken(number)),))


def _checked(contact: Contact, event: Event, facts: Facts) -> Turn:
    typed = contact.typed
    if typed is None:
        return _ask_number(contact, (Spoken("type_number"),))
    match yes_or_no(contact, event):
        case True:
            return _ask(replace(contact, callback_number=typed, typed=None), ContactState.ASK_MESSAGE)
        case False:
            return _ask_number(replace(contact, tries=0), (Spoken("type_number"),))
        case None if contact.tries + 1 < _TRIES:
            return _again(contact, event, _read_back(typed))
        case None:
            # Unconfirmed digits may be a stranger's: the calling number is safer, if there is one.
            number = contact.caller or typed
            unsure = typed if contact.caller is None else None
            return _confirm(replace(contact, callback_number=number, typed=unsure), facts)


# --- safe contact ----------------------------------------------------------------------------------------------


def _ask(contact: Contact, state: ContactState) -> Turn:
    asked = replace(contact, state=state, tries=0)
    return Turn(asked, (Spoken(_QUESTION[state]),), Listen(Wait.MENU), _promise(asked, ready=False))


def _safe_message(contact: Contact, event: Event, facts: Facts) -> Turn:
    answer = yes_or_no(contact, event)
    if answer is None and contact.tries + 1 < _TRIES:
        return _again(contact, event, Spoken("ask_message"))
    return _ask(replace(contact, message_safe=answer is True), ContactState.ASK_TEXT)


def _safe_text(contact: Contact, event: Event, facts: Facts) -> Turn:
    answer = yes_or_no(contact, event)
    if answer is None and contact.tries + 1 < _TRIES:
        return _again(contact, event, Spoken("ask_text"))
    return _ask_when(replace(contact, text_safe=answer is True), facts)


# --- a good time -----------------------------------------------------------------------------------------------


def _ask_when(contact: Contact, facts: Facts) -> Turn:
    return _ask(contact, ContactState.ASK_WHEN) if facts.times else _confirm(contact, facts)


def _soon(contact: Contact, event: Event, facts: Facts) -> Turn:
    """As soon as we can, which is also what silence gets; or a time of their own."""
    if facts.wanted is not None and isinstance(event, Said):
        return _check_time(contact, facts.wanted, facts)
    named = None if isinstance(event, Pressed) else chosen_time(event, facts)
    if named is not None:
        return _confirm(replace(contact, when=named), facts)
    match yes_or_no(contact, event):
        case True:
            return _confirm(replace(contact, when=When.NOW), facts)
        case False if facts.times:
            asked = replace(contact, state=ContactState.CHOOSE_WHEN, tries=0)
            return Turn(asked, _question(asked, facts), Listen(Wait.MENU), _promise(asked, ready=False))
        case None if contact.tries + 1 < _TRIES:
            return _again(contact, event, Spoken("good_time"))
        case _:
            return _confirm(contact, facts)


def _check_time(contact: Contact, wanted: Hour, facts: Facts) -> Turn:
    """The very time that they have named is read back: a recogniser may have heard another one."""
    checked = replace(contact, state=ContactState.CHECK_WHEN, at=wanted.at, when=None, tries=0)
    return Turn(checked, _question(checked, facts), Listen(Wait.MENU), _promise(checked, ready=False))


def _told_back(at: datetime, contact: Contact, now: Hour) -> Spoken:
    day, values = told(at, now.at, now.zone, contact.language, aloud=True)
    return Spoken(_READ_BACK_ON[day], values)


def _time_checked(contact: Contact, event: Event, facts: Facts) -> Turn:
    """Who says nothing more is called at the time that they have named, and not before: they may not be alone."""
    if facts.wanted is not None and isinstance(event, Said):
        return _check_time(contact, facts.wanted, facts)
    match yes_or_no(contact, event):
        case False if facts.times:
            asked = replace(contact, state=ContactState.CHOOSE_WHEN, at=None, tries=0)
            return Turn(asked, _question(asked, facts), Listen(Wait.MENU), _promise(asked, ready=False))
        case None if contact.tries + 1 < _TRIES:
            return _again(contact, event, *_question(contact, facts))
        case _:
            return _confirm(contact, facts)


def _time_of_day(contact: Contact, event: Event, facts: Facts) -> Turn:
    if facts.wanted is not None and isinstance(event, Said):
        return _check_time(contact, facts.wanted, facts)
    chosen = chosen_time(event, facts)
    if chosen is None and facts.times and contact.tries + 1 < _TRIES:
        return _again(contact, event, *_question(contact, facts))
    return _confirm(replace(contact, when=chosen), facts)


# --- the promise -----------------------------------------------------------------------------------------------


def _confirm(contact: Contact, facts: Facts) -> Turn:
    """The promise, spoken only because the same transaction commits it."""
    promise = promise_as_it_stands(contact)
    if not promise:
        return _without_number(contact, facts)
    told = replace(contact, state=ContactState.FAREWELL, tries=0)
    ours = facts.our_number
    words = next_words.confirmed(contact, facts)
    words = replace(words, values=(*words.values, ("NUMBER", spoken(ours) if ours else "")))
    return Turn(told, (words, Spoken("goodbye")), Listen(Wait.CONFIRM), promise)


def _after_farewell(contact: Contact, event: Event, facts: Facts) -> Turn:
    """They were told all there is: another line may still be chosen; silence ends the call."""
    line = chosen_line(contact, event)
    if line is not None:
        return enter_line(contact, line, facts)
    if isinstance(event, Silent):
        ended = replace(contact, state=ContactState.ENDED)
        return Turn(ended, (), EndCall(), (*promise_as_it_stands(contact), Close(Outcome.CALLBACK)))
    return Turn(contact, (Spoken("goodbye"),), Listen(Wait.CONFIRM))


_ANSWERS: Final[Mapping[ContactState, Callable[[Contact, Event, Facts], Turn]]] = {
    ContactState.CHOOSE_NUMBER: _choose,
    ContactState.TYPE_NUMBER: _typed,
    ContactState.CHECK_NUMBER: _checked,
    ContactState.ASK_MESSAGE: _safe_message,
    ContactState.ASK_TEXT: _safe_text,
    ContactState.ASK_WHEN: _soon,
    ContactState.CHOOSE_WHEN: _time_of_day,
    ContactState.CHECK_WHEN: _time_checked,
}
