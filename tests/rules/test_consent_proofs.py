"""Consent, proved by enumeration: what a call of ours says before it knows who has picked up, and who ever says yes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product

from hotline.model import Channel, Language, Line, Outcome, PhoneNumber, When
from hotline.triage.caller_events import (
    Began,
    DialOver,
    Event,
    HungUp,
    LeftAlone,
    MachineAnswered,
    Pressed,
    Said,
    Silent,
    Texted,
)
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.flow import step
from hotline.triage.turn import Listen, NotConfirmed, PromiseCallback, Spoken, Turn
from tests.scripts import TEXT_STATES

MIA = PhoneNumber("+16175550142")
OTHER = PhoneNumber("+16175550143")
OURS = PhoneNumber("+16175550100")

NEUTRAL = {"business", "asked_for_call", "calling_back", "someone_else_key", "someone_else"}
"""What anybody may hear, and any machine keep: neither who we are nor why we call."""
CONFIRMING: tuple[Event, ...] = (Pressed("1"), Pressed("4"))
URGENT: tuple[Event, ...] = (Said("he won't wake up", 0.05), Said("i want to die", 0.05))
"""A life comes before a secret: these words open the emergency whoever speaks them."""
OTHERWISE: tuple[Event, ...] = (
    Began(),
    *(Pressed(key) for key in "023567890#*"),
    Pressed("6175550143"),
    Said("no", 0.9),
    Said("yes", 0.9),
    Said("yeah this is she", 0.9),
    Said("please state your name and why you are calling", 0.9),
    Said("she took some pills and is asleep call back later", 0.9),
    Said("yes", 0.2),
    Said("treatment", 0.9),
    Said("hi this is mia leave a message after the beep", 0.9),
    Said("español", 0.9),
    Silent(),
    MachineAnswered(),
    DialOver(connected=True),
    DialOver(connected=False),
    LeftAlone(),
    HungUp(),
)
FACTS = tuple(
    Facts(human_ready=ready, our_number=OURS, first_name=name, languages=tuple(Language))
    for ready, name in product((False, True), ("", "Ana"))
)


def placed() -> Iterator[Contact]:
    """Every call that we may have placed."""
    for line, language, message, text in product(
        Line, (Language.EN, Language.ES), (None, False, True), (None, True)
    ):
        yield Contact(
            Channel.VOICE,
            ContactState.ASKED_FOR_CALL,
            line=line,
            language=language,
            caller=MIA,
            outbound=True,
            message_safe=message,
            text_safe=text,
        )


@cache
def before_anybody_confirms() -> tuple[tuple[Contact, Event, Facts, Turn], ...]:
    """Every turn of a call of ours, in any order, as long as nobody has confirmed it or said emergency words."""
    ahead = deque(placed())
    seen = set(ahead)
    turns = []
    while ahead:
        contact = ahead.popleft()
        for event, facts in product(OTHERWISE, FACTS):
            turn = step(contact, event, facts)
            turns.append((contact, event, facts, turn))
            if turn.contact.state is ContactState.ASKED_FOR_CALL and turn.contact not in seen:
                seen.add(turn.contact)
                ahead.append(turn.contact)
    return tuple(turns)


def prompts(turn: Turn) -> set[str]:
    return {one.prompt for one in turn.say}


def test_nothing_but_neutral_words_is_spoken_before_a_person_has_confirmed() -> None:
    """Whatever comes, in whatever order; and the discreet message only to whom it was said to be safe."""
    for contact, event, facts, turn in before_anybody_confirms():
        safe = contact.message_safe is True and contact.line is not Line.EMERGENCY
        allowed = NEUTRAL | ({"voicemail"} if safe else set())
        assert prompts(turn) <= allowed, (contact, event, facts)


def test_the_message_is_left_at_the_end_of_a_greeting_once_and_by_name() -> None:
    """Not on a silence, not twice in a call, not without somebody whom one can ask for."""
    left = [one for one in before_anybody_confirms() if "voicemail" in prompts(one[3])]
    assert {type(event) for _, event, _, _ in left} == {MachineAnswered}
    for contact, _, facts, turn in left:
        assert not contact.voicemail
        assert turn.contact.voicemail
        assert turn.say[1:] == (Spoken("voicemail", (("FIRST", "Ana"), ("NUMBER", "6 1 7, 5 5 5, 0 1 0 0"))),)
        assert facts.first_name == "Ana"
    assert {contact.message_safe for contact, *_ in left} == {True}


def test_a_message_that_a_person_hears_hangs_up_on_nobody() -> None:
    """Whoever was taken for a machine is listened to, and 1 fetches who has called."""
    for _, _, facts, turn in before_anybody_confirms():
        if "voicemail" in prompts(turn):
            assert isinstance(turn.then, Listen)
            assert step(turn.contact, Pressed("1"), facts).contact.state in (
                ContactState.IN_ROOM,
                ContactState.HOLDING,
            )


def test_after_a_hint_without_consent_nothing_is_said_until_a_person_shows() -> None:
    """By a key, or by asking who is there. What a box records is silence."""
    for contact, event, facts, turn in before_anybody_confirms():
        if isinstance(event, MachineAnswered) and contact.message_safe is not True:
            assert turn.say == ()
            assert turn.contact.in_silence
            assert step(turn.contact, Silent(), facts).say == ()
        if contact.in_silence and prompts(turn):
            assert isinstance(event, Pressed) or contact.message_safe, event


def test_a_message_is_said_to_be_left_only_where_one_was() -> None:
    """The outcome is true to what was spoken."""
    for contact, event, _, turn in before_anybody_confirms():
        for ask in turn.requests:
            if isinstance(ask, NotConfirmed):
                somebody = event == Pressed("3")
                assert ask.somebody_else is somebody
                if ask.outcome is Outcome.LEFT_MESSAGE:
                    assert contact.voicemail, event


def test_only_confirmation_and_emergency_words_lead_out_of_the_question() -> None:
    """Every other event asks again, or ends the call."""
    for contact, event, facts, turn in before_anybody_confirms():
        assert turn.contact.state in (ContactState.ASKED_FOR_CALL, ContactState.ENDED), (
            contact,
            event,
            facts,
        )
    for contact, event, facts in product(placed(), (*CONFIRMING, *URGENT), FACTS):
        assert step(contact, event, facts).contact.state not in (
            ContactState.ASKED_FOR_CALL,
            ContactState.ENDED,
        )


# --- who ever says yes -----------------------------------------------------------------------------------------

ANSWERS: tuple[Event, ...] = (*CONFIRMING, *URGENT, *OTHERWISE)
DIALOGUE_FACTS = tuple(
    replace(FACTS[0], unstaffed=unstaffed, times=times, number=number, ring_over=not times)
    for unstaffed, times, number in product(
        (frozenset[Line](), frozenset(Line)), ((), tuple(When)), (None, OTHER)
    )
)


def anybody() -> Iterator[Contact]:
    """A caller anywhere in a call, whatever they have answered so far."""
    voice = [state for state in ContactState if state not in TEXT_STATES]
    given = ((None, None), (False, True), (True, False))
    for state, (message, text), caller in product(voice, given, (MIA, None)):
        typed = OTHER if state is ContactState.CHECK_NUMBER else None
        for tries in range(2):
            yield Contact(
                Channel.VOICE,
                state,
                line=Line.ADMISSIONS,
                caller=caller,
                typed=typed,
                message_safe=message,
                text_safe=text,
                tries=tries,
            )


@cache
def anywhere() -> tuple[tuple[Contact, Event, Turn], ...]:
    """Every answer anywhere, and what becomes of it."""
    return tuple(
        (contact, event, step(contact, event, facts))
        for contact, event, facts in product(anybody(), ANSWERS, DIALOGUE_FACTS)
    )


def is_yes(event: Event) -> bool:
    return event in (Pressed("4"), Said("yes", 0.9))


def test_consent_is_given_by_a_yes_to_its_own_question_and_by_nothing_else() -> None:
    """Silence, wrong keys, mumbling and every other state leave it, or make it a no."""
    for contact, event, turn in anywhere():
        after = turn.contact
        if after.message_safe is True and contact.message_safe is not True:
            assert (contact.state, is_yes(event)) == (ContactState.ASK_MESSAGE, True)
        if after.text_safe is True and contact.text_safe is not True:
            assert (contact.state, is_yes(event)) == (ContactState.ASK_TEXT, True)
        if contact.state is ContactState.ASK_MESSAGE and after.state is ContactState.ASK_TEXT:
            assert after.message_safe is is_yes(event)


def test_a_promise_carries_no_consent_that_was_not_given() -> None:
    """What was not asked, or not answered, is a no."""
    for _, _, turn in anywhere():
        for ask in turn.requests:
            if isinstance(ask, PromiseCallback):
                assert ask.message_safe is (turn.contact.message_safe is True)
                assert ask.text_safe is (turn.contact.text_safe is True)


def test_a_text_thread_never_allows_a_message_and_allows_texts_by_yes_only() -> None:
    """Whoever texts was asked whether calling and texting is safe there, and not about their machine."""
    words = ("", "1", "2", "3", "4", "5", "yes", "no", "stop", "start", "call me", "thanks", "hello", "what")
    for state, line, text in product(sorted(TEXT_STATES), Line, words):
        contact = Contact(Channel.TEXT, state, line=line, caller=MIA)
        for ask in step(contact, Texted(text), Facts(our_number=OURS)).requests:
            if isinstance(ask, PromiseCallback):
                assert ask.message_safe is False
                assert ask.text_safe is (state is ContactState.TEXT_SAFE and text in ("4", "yes"))
