"""The flow, proved and not sampled: every contact that can come about, with every event and every fact.

`reachable()` walks from a call that begins (and one that we placed, and a text thread) through every event under every
combination of the facts that matter, until nothing new appears. Counters that only grow are folded.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import product

import pytest

from hotline.model import Channel, Danger, Language, Line, Outcome, PhoneNumber, Subject, When
from hotline.prompts import load
from hotline.runtime.loading import loading
from hotline.triage.call.emergency import PARTS
from hotline.triage.call.next_words import EMERGENCY_OPENINGS
from hotline.triage.caller_events import (
    Author,
    Began,
    DialOver,
    Event,
    HungUp,
    LeftAlone,
    MachineAnswered,
    Pressed,
    PutOnHold,
    Said,
    Silent,
    Texted,
)
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.flow import step
from hotline.triage.menu import LANGUAGE_KEYS
from hotline.triage.open_callback import CallbackStanding, Hour, OpenCallback
from hotline.triage.turn import (
    Close,
    Dial,
    EndCall,
    JoinRoom,
    Listen,
    NotConfirmed,
    PromiseCallback,
    Reach,
    RememberLanguage,
    RingBackEmergency,
    Turn,
)
from tests.proofs import PROOFS
from tests.scripts import TEXT_STATES

MIA = PhoneNumber("+16175550142")
OTHER = PhoneNumber("+16175550143")
OURS = PhoneNumber("+16175550100")

KEYS: list[Event] = [Pressed(key) for key in "012345678#"]
VOICE: list[Event] = [
    Began(),
    *KEYS,
    Pressed("6175550143"),
    Said("treatment"),
    Said("yes"),
    Said("no"),
    Said("he won't wake up", 0.05),
    Said("i want to die", 0.05),
    Said("mumble mumble", 0.2),
    Said("treatment", 0.2),
    Said("kreyòl"),
    Said("i am afraid of the police"),
    Said("tomorrow"),
    Silent(),
    DialOver(connected=True),
    DialOver(connected=False),
    LeftAlone(),
    MachineAnswered(),
    PutOnHold(),
    HungUp(),
]
WORDS = (
    *("hi", "1", "2", "3", "0", "two", "4", "5", "yes", "STOP", "start", "help", "", "he is blue"),
    *("status", "now", "later", "cancel my call", "no me llamen", "thanks", "kreyòl"),
)
TEXT: list[Event] = [
    *(Texted(words) for words in WORDS),
    Texted("i want to die"),
    Texted("is the side door open"),
    Texted("i'm driving", Author.PERHAPS_MACHINE),
    Texted("auto reply he overdosed", Author.MACHINE),
    Silent(),
    HungUp(),
]

UNSTAFFED = frozenset({Line.ADMISSIONS, Line.FAMILY, Line.PERSON})
_PLAIN = Facts(our_number=OURS, languages=tuple(Language))
_QUESTION = frozenset({"business", "asked_for_call", "calling_back", "someone_else_key"})
_TIMES = (When.AFTERNOON, When.MORNING)
AFTERNOON = Hour(datetime(2026, 3, 2, 20, tzinfo=UTC), UTC)
TONIGHT = Hour(datetime(2026, 3, 2, 23, tzinfo=UTC), UTC)
VOICE_FACTS = [
    _PLAIN,
    replace(_PLAIN, blocked=True, languages=(Language.EN,), first_name="Ana"),
    replace(_PLAIN, open_emergency=True, blocked=True, times=_TIMES, wait_minutes=3),
    replace(_PLAIN, human_ready=True, needs_interpreter=True, interpreters=True),
    replace(_PLAIN, ring_over=True, self_dial=True, heard_911=True),
    replace(_PLAIN, ring_over=True, self_dial=True, talk_counted=True),
    replace(_PLAIN, unstaffed=UNSTAFFED, number=OTHER, times=_TIMES),
    replace(_PLAIN, human_ready=True, ring_over=True, self_dial=True, talk_counted=True, number=OTHER),
    replace(_PLAIN, number_refused="number_country", settled=True),
    replace(_PLAIN, told_aside=True, talk_counted=True),
    replace(_PLAIN, times=_TIMES, now=AFTERNOON, wanted=TONIGHT),
]
"""Each fact off and on, alone and together with those that it could be confused with; tests/rules/test_flow_walks.py
has any others."""
OWED = [
    OpenCallback(
        Line.ADMISSIONS, standing, 7, text_safe, TONIGHT.at if standing is CallbackStanding.AT_TIME else None
    )
    for standing, text_safe in product(CallbackStanding, (True, False))
]
_TEXTED = Facts(our_number=OURS, languages=tuple(Language), now=AFTERNOON)
TEXT_FACTS = [
    *(
        replace(_TEXTED, replies_left=left, opted_out=out)
        for left, out in product((True, False), (True, False))
    ),
    *(replace(_TEXTED, open_callback=owed, wanted=wanted) for owed, wanted in product(OWED, (None, TONIGHT))),
    replace(_TEXTED, opted_out=True, open_callback=OWED[0]),
    replace(_TEXTED, thread_open=True, open_callback=OWED[0]),
    replace(_TEXTED, thread_open=True, thread_taken=True, open_callback=OWED[0]),
    replace(_TEXTED, answerable=False),
    replace(_TEXTED, answerable=False, out_of_reach=True),
    replace(_TEXTED, held_back=True),
    replace(_TEXTED, blocked=True),
]

STARTS = [
    Contact(Channel.VOICE, ContactState.MENU, caller=MIA),
    Contact(Channel.VOICE, ContactState.MENU, caller=None),
    Contact(
        Channel.VOICE,
        ContactState.ASKED_FOR_CALL,
        line=Line.ADMISSIONS,
        caller=MIA,
        outbound=True,
        message_safe=True,
    ),
    *(
        Contact(Channel.VOICE, ContactState.ASKED_FOR_CALL, line=line, caller=MIA, outbound=True)
        for line in Line
    ),
    Contact(Channel.TEXT, ContactState.TEXT_MENU, caller=MIA),
]


@cache
def folded(contact: Contact) -> Contact:
    """The same contact, without what no decision depends on: counters cut short, and what is merely carried along."""
    state = contact.ended_from or contact.state
    ours = state is ContactState.ASKED_FOR_CALL
    urgent = state in (ContactState.EMERGENCY, ContactState.DIALLING)
    round_of_words = len(PARTS[contact.danger]) if urgent else 2
    waits = state in (ContactState.HOLDING, ContactState.ON_HOLD)
    loops = contact.loops % round_of_words if urgent or waits else 0
    return replace(
        contact,
        language=Language.EN,
        loops=0 if contact.state is ContactState.ENDED else loops,
        tries=min(contact.tries, 3),
        wrong_key=contact.wrong_key and state is ContactState.MENU,
        typed=contact.typed if state is ContactState.CHECK_NUMBER else None,
        danger=contact.danger if urgent else Danger.UNSAID,
        voicemail=contact.voicemail and ours,
        message_safe=contact.message_safe if ours else None,
        text_safe=None,
        kept_place=False,
        when=None,
        callback_number=contact.callback_number if contact.caller is None else None,
        dialled_last_resort=contact.dialled_last_resort and (urgent or state is ContactState.HOLDING),
    )


def events_for(contact: Contact) -> list[Event]:
    return TEXT if contact.channel is Channel.TEXT else VOICE


def facts_for(contact: Contact) -> list[Facts]:
    """All of them. After the end a key does what it would have done before it, which is proved of every state: there
    the suite takes one in four."""
    if contact.channel is Channel.TEXT:
        return TEXT_FACTS
    return VOICE_FACTS[::4] if contact.state is ContactState.ENDED and not PROOFS else VOICE_FACTS


@cache
def reachable() -> frozenset[Contact]:
    """Every contact that can come about."""
    seen = set(STARTS)
    ahead = deque(STARTS)
    with loading():  # a million turns that stay: the collector would go over them time and again
        while ahead:
            contact = ahead.popleft()
            for _, _, turn in turns(contact):
                after = folded(turn.contact)
                if after not in seen:
                    seen.add(after)
                    ahead.append(after)
    return frozenset(seen)


@cache
def turns(contact: Contact) -> tuple[tuple[Event, Facts, Turn], ...]:
    """Every turn that this contact can take."""
    return tuple(
        (event, facts, step(contact, event, facts))
        for event in events_for(contact)
        for facts in facts_for(contact)
    )


def calls() -> list[Contact]:
    return [one for one in reachable() if one.channel is Channel.VOICE]


def live_calls() -> list[Contact]:
    return [one for one in calls() if one.state is not ContactState.ENDED]


def asked(turn: Turn, kind: type) -> bool:
    return any(isinstance(ask, kind) for ask in turn.requests)


def test_every_state_of_both_channels_comes_about() -> None:
    """No state is dead: each is reached by some history, and the two channels never mix."""
    assert {one.state for one in reachable()} == set(ContactState)
    for one in reachable():
        assert (one.state in TEXT_STATES) <= (one.channel is Channel.TEXT)


def test_every_state_answers_every_event() -> None:
    """Total: no history, event and facts raise, and every prompt that is to be said exists, with its values."""
    prompts = load(tuple(Language), {"NAME": "Care Line", "NUMBER": "617-555-0100"})
    spoken = set()
    for contact in reachable():
        for _, _, turn in turns(contact):
            spoken |= {(contact.channel, one) for one in turn.say}
    for channel, one in spoken:
        for language in Language:
            assert prompts.text(one.prompt, channel, one.language or language, one.values)


def test_key_1_is_the_emergency_everywhere() -> None:
    """In every state of a call key 1 opens the emergency, or goes on with it, or fetches the human whom it asks for."""
    for contact in live_calls():
        for facts in VOICE_FACTS:
            turn = step(contact, Pressed("1"), facts)
            if contact.state in (ContactState.EMERGENCY, ContactState.DIALLING):
                assert turn.contact.line is Line.EMERGENCY
                assert turn.contact.state in (
                    ContactState.EMERGENCY,
                    ContactState.DIALLING,
                    ContactState.IN_ROOM,
                )
            elif contact.state is ContactState.ASKED_FOR_CALL:
                assert isinstance(turn.then, JoinRoom) or asked(turn, Reach) or asked(turn, PromiseCallback)
            else:
                assert Reach(Subject.EMERGENCY) in turn.requests, contact
                assert turn.contact.state is ContactState.EMERGENCY
                assert turn.say[0].prompt in EMERGENCY_OPENINGS


def test_emergency_words_are_heard_in_every_state_and_never_wait_for_confidence() -> None:
    """Spoken emergency and suicide words do what key 1 does, whatever the recogniser thinks of itself."""
    for contact in live_calls():
        if contact.state in (ContactState.EMERGENCY, ContactState.DIALLING):
            continue
        for words, prompts in (("he won't wake up", EMERGENCY_OPENINGS), ("i want to die", {"suicide"})):
            turn = step(contact, Said(words, 0.0), Facts(human_ready=True, ring_over=True))
            assert turn.contact.state is ContactState.EMERGENCY
            assert turn.say[0].prompt in prompts
            assert asked(turn, Reach)


@pytest.mark.parametrize(
    "greeting",
    [
        "You have reached Mia. If this is an emergency, hang up and dial 911.",
        "I can't come to the phone, leave a message, if you are in danger call 911",
        "Deje un mensaje después del tono. Si es una emergencia llame al 911.",
    ],
)
def test_a_box_that_speaks_of_emergencies_pages_nobody(greeting: str) -> None:
    """On a call of ours; whoever calls us and says the same is taken at their word."""
    for contact in live_calls():
        if contact.state is ContactState.ASKED_FOR_CALL:
            turn = step(contact, Said(greeting, 1.0), _PLAIN)
            assert not asked(turn, Reach)
            assert {one.prompt for one in turn.say} <= _QUESTION


def test_emergency_words_in_a_text_page_from_every_state() -> None:
    """Opted out, capped, in line or with a person: emergency words page, and are answered where that arrives."""
    for contact in reachable():
        if contact.channel is Channel.TEXT:
            for facts in TEXT_FACTS:
                for by in Author:
                    turn = step(contact, Texted("she is not breathing", by), replace(facts, wanted=None))
                    assert Reach(Subject.EMERGENCY) in turn.requests
                    assert turn.contact.state is ContactState.TEXT_EMERGENCY
                    arrives = facts.answerable and not facts.opted_out and by is Author.PERSON
                    assert [one.prompt for one in turn.say] == ["emergency"] * arrives


def test_nobody_is_hung_up_on() -> None:
    """We end a call only when a callback is promised, or on a call of ours that nobody took, or after the end."""
    for contact in calls():
        for event, _, turn in turns(contact):
            if not isinstance(turn.then, EndCall):
                continue
            if contact.state is ContactState.FAREWELL:
                assert isinstance(event, Silent)
                assert asked(turn, PromiseCallback)
            elif contact.state is ContactState.ASKED_FOR_CALL:
                assert asked(turn, NotConfirmed)
            else:
                assert contact.state is ContactState.ENDED or (contact.blocked and contact.tries == 2)


def test_silence_alone_reaches_a_human_or_a_callback_from_every_state() -> None:
    """Nobody answers, nobody is ready, the caller says nothing: in a dozen turns a promise stands or phones ring."""
    for start in live_calls():
        contact = start
        for number in range(12):
            facts = Facts(ring_over=number > 2, self_dial=number > 2, our_number=OURS)
            event = DialOver(connected=False) if contact.state is ContactState.DIALLING else Silent()
            turn = step(contact, event, facts)
            promised = any(isinstance(ask, PromiseCallback) and ask.ready for ask in turn.requests)
            over = asked(turn, NotConfirmed) or (contact.blocked and asked(turn, Close))
            if promised or isinstance(turn.then, Dial) or over:
                break
            contact = turn.contact
        else:
            raise AssertionError(f"a dead end: {start}")


def test_whoever_hangs_up_has_an_owner() -> None:
    """From every state the end of the call closes the contact once, and leaves what the caller wanted with somebody."""
    for contact in live_calls():
        for facts in VOICE_FACTS:
            turn = step(contact, HungUp(), facts)
            closes = [ask.outcome for ask in turn.requests if isinstance(ask, Close)]
            assert turn.contact.state is ContactState.ENDED
            assert len(closes) == 1
            talked = facts.talk_counted or facts.settled
            owned = {
                Outcome.CALLBACK: asked(turn, PromiseCallback),
                Outcome.EMERGENCY: asked(turn, RingBackEmergency) or talked or contact.caller is None,
                Outcome.REACHED: talked,
                Outcome.LEFT_EARLY: not contact.answered and contact.state is ContactState.MENU,
                Outcome.BLOCKED: contact.blocked and contact.line is not Line.EMERGENCY,
                Outcome.UNREACHABLE: contact.caller is None,
                Outcome.NO_ANSWER: contact.state is ContactState.ASKED_FOR_CALL and asked(turn, NotConfirmed),
                Outcome.LEFT_MESSAGE: contact.voicemail and asked(turn, NotConfirmed),
            }
            assert owned[closes[0]], (contact, closes)


def test_whoever_said_or_chose_anything_is_owed_a_callback() -> None:
    """A caller with a number who pressed or said anything at all never ends as somebody who left early."""
    for contact in live_calls():
        turn = step(contact, HungUp(), Facts())
        if (
            contact.answered
            and contact.caller is not None
            and contact.state is not ContactState.ASKED_FOR_CALL
        ):
            assert Close(Outcome.LEFT_EARLY) not in turn.requests


def test_a_key_that_comes_after_the_hang_up_still_counts() -> None:
    """Webhooks come in any order: an emergency key that arrives late opens the emergency and rings back."""
    for contact in live_calls():
        if contact.state in (ContactState.ASKED_FOR_CALL, ContactState.IN_ROOM):
            continue
        ended = step(contact, HungUp(), Facts()).contact
        late = step(ended, Pressed("1"), Facts())
        if contact.line is not Line.EMERGENCY:
            assert Reach(Subject.EMERGENCY) in late.requests
            assert contact.caller is None or asked(late, RingBackEmergency)
        assert isinstance(late.then, EndCall)
        assert late.contact.state is ContactState.ENDED


def test_a_human_who_waits_is_joined_on_the_next_turn() -> None:
    """Whatever the caller does (but for opening an emergency), the next turn puts them in the room."""
    ready = Facts(human_ready=True, ring_over=True, self_dial=True, our_number=OURS)
    for contact in live_calls():
        if contact.state in (ContactState.IN_ROOM, ContactState.ASKED_FOR_CALL):
            continue
        for event in (Silent(), Pressed("6"), Said("mumble"), DialOver(connected=False)):
            assert isinstance(step(contact, event, ready).then, JoinRoom), contact


def test_you_are_in_line_is_said_only_with_the_promise() -> None:
    """The confirmation and the promise are one turn, and so one transaction."""
    for contact in reachable():
        for _, facts, turn in turns(contact):
            if any(one.prompt.startswith("confirmed") for one in turn.say):
                promised = any(isinstance(ask, PromiseCallback) and ask.ready for ask in turn.requests)
                assert promised or facts.open_callback is not None


def test_only_a_caller_who_said_so_may_be_left_a_message_or_sent_a_text() -> None:
    """Consent is 4 to the very question; silence, wrong keys and hang-ups leave the most discreet settings."""
    for contact in calls():
        for _, _, turn in turns(contact):
            for ask in turn.requests:
                if isinstance(ask, PromiseCallback):
                    assert ask.message_safe <= (turn.contact.message_safe is True)
                    assert ask.text_safe <= (turn.contact.text_safe is True)


@pytest.mark.parametrize("language", [one for one in Language if one is not Language.EN])
def test_another_language_is_changed_to_at_every_question(language: Language) -> None:
    """By its key or its name, the words come again in it, and it is remembered; the number's digits are digits."""
    key = {language: key for key, language in LANGUAGE_KEYS.items()}[language]
    for contact in live_calls():
        if contact.state in (ContactState.TYPE_NUMBER, ContactState.IN_ROOM):
            continue
        turn = step(contact, Pressed(key), _PLAIN)
        assert turn.contact.language is language
        assert RememberLanguage(language) in turn.requests
        assert turn.say
        assert isinstance(turn.then, Listen)


def test_before_key_1_a_call_of_ours_tells_nobody_anything() -> None:
    """Neutral words only; a message if, and only if, the caller said that one is safe, and but once."""
    neutral = {*_QUESTION, "someone_else"}
    for contact in live_calls():
        if contact.state is not ContactState.ASKED_FOR_CALL:
            continue
        for event, facts, turn in turns(contact):
            if isinstance(event, Said) or turn.contact.state not in (
                ContactState.ASKED_FOR_CALL,
                ContactState.ENDED,
            ):
                continue
            said = {one.prompt for one in turn.say}
            left = "voicemail" in said
            assert said <= neutral | {"voicemail"}
            assert left <= (contact.message_safe is True and not contact.voicemail)
            assert left <= isinstance(event, MachineAnswered)
            assert left <= (facts.first_name != "")


def test_a_blocked_caller_hears_of_911_and_of_key_1_at_every_turn() -> None:
    """Nobody is blocked from the emergency; nothing else is open to them."""
    for contact in live_calls():
        if contact.blocked:
            for event, _, turn in turns(contact):
                if turn.contact.blocked and isinstance(turn.then, Listen):
                    assert [one.prompt for one in turn.say] == ["first_words", "blocked"], event


def test_whoever_s_emergency_is_open_is_taken_straight_to_it() -> None:
    """On the first words, and even if somebody has blocked the number since."""
    begun = step(STARTS[0], Began(), Facts(open_emergency=True, blocked=True))
    assert begun.contact.state is ContactState.EMERGENCY
    assert begun.say[0].prompt == "first_words"
    assert Reach(Subject.EMERGENCY) in begun.requests


def test_the_machine_is_of_a_size_that_was_proved() -> None:
    """The proofs above went over this many contacts; a change that makes it explode is noticed."""
    assert 200 < len(reachable()) < 20_000
