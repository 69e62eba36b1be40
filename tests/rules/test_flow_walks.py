"""The flow on random ways: any facts at all, not only those that tests/rules/test_flow_proofs.py has chosen.

In the suite some hundred contacts, in `make proofs` ten times as many; each with a dozen turns, under three random
bundles of all facts that there are.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final, get_args

from hypothesis import given
from hypothesis import strategies as st

from hotline.dialling import Refusal
from hotline.model import Channel, Danger, Language, Line, Outcome, PhoneNumber, Subject, When
from hotline.phrases import NONE
from hotline.prompts import Prompts, load
from hotline.triage.caller_events import (
    Author,
    Began,
    DialOver,
    Event,
    Fetched,
    HungUp,
    LeftAlone,
    MachineAnswered,
    Pressed,
    Said,
    Silent,
    Texted,
)
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import WHAT_TO_DO, Facts
from hotline.triage.flow import step
from hotline.triage.open_callback import CallbackStanding, Hour, OpenCallback
from hotline.triage.turn import (
    AnsweredOver,
    Close,
    EndCall,
    NotConfirmed,
    PromiseCallback,
    Reach,
    Turn,
)
from tests.scripts import TEXT_STATES

MIA, OTHER, OURS = map(PhoneNumber, ("+16175550142", "+16175550143", "+16175550100"))
NOON: Final = datetime(2026, 3, 2, 17, tzinfo=UTC)
REFUSALS: Final = tuple(f"number_{refusal}" for refusal in Refusal)

truth = st.booleans()
hours = st.integers(-48, 48).map(lambda hours: Hour(NOON + timedelta(hours=hours), UTC))
open_callback = st.builds(
    OpenCallback,
    line=st.sampled_from([line for line in Line if line is not Line.EMERGENCY]),
    standing=st.sampled_from(CallbackStanding),
    minutes=st.integers(1, 600),
    text_safe=truth,
    at=hours.map(lambda hour: hour.at),
)
KNOWN: Final[dict[str, st.SearchStrategy[object]]] = {
    "unstaffed": st.frozensets(st.sampled_from(Line)),
    "promise_minutes": st.integers(1, 600),
    "our_number": st.sampled_from([OURS, None]),
    "number_refused": st.sampled_from([*REFUSALS, None]),
    "number": st.sampled_from([OTHER, None]),
    "languages": st.sets(st.sampled_from(Language)).map(
        lambda some: (Language.EN, *sorted(some - {Language.EN}))
    ),
    "wait_minutes": st.none() | st.integers(0, 90),
    "times": st.lists(st.sampled_from([When.AFTERNOON, When.EVENING, When.MORNING]), unique=True).map(tuple),
    "first_name": st.sampled_from(["", "Ana"]),
    "registered_name": st.sampled_from(["", "Care Line Inc."]),
    "phrases": st.just(NONE),
    "open_callback": st.none() | open_callback,
    "now": hours,
    "wanted": st.none() | hours,
    "danger_told": st.frozensets(st.sampled_from(sorted(WHAT_TO_DO))),
    "open_danger": st.sampled_from(Danger),
    "for_silence": st.sampled_from([Line.PERSON, Line.ADMISSIONS, Line.FAMILY]),
}
"""Of each fact that isn't merely true or false, what it may be."""


def _possible(facts: Facts) -> Facts:
    """Without what operations never say together."""
    return replace(
        facts,
        human_coming=facts.human_coming and facts.human_ready,
        number=facts.number if facts.number_refused is None else None,
        thread_taken=facts.thread_taken and facts.thread_open,
        answerable=facts.answerable and not facts.out_of_reach,
    )


bundles = st.builds(Facts, **{one.name: KNOWN.get(one.name, truth) for one in fields(Facts)}).map(_possible)


WORDS: Final = (
    *(
        "yes",
        "no",
        "treatment",
        "he won't wake up",
        "i want to die",
        "kreyòl",
        "tomorrow",
        "mumble",
        "",
        "español",
    ),
    *("now", "police", "stop calling me", "she is asleep", "treatment for my son", "cancel", "human"),
)
VOICE: Final[list[Event]] = [
    *(Pressed(keys) for keys in (*"0123456789#*", "", "6175550143", "11")),
    *(Said(words, sure) for words in WORDS for sure in (0.05, 0.45, 0.95)),
    *(Began(), Silent(), Fetched(), DialOver(connected=True), DialOver(connected=False)),
    *(LeftAlone(), MachineAnswered(), HungUp()),
]
TEXTS: Final[list[Event]] = [
    *(
        Texted(words, by, media)
        for words in (
            *WORDS,
            "1",
            "2",
            "4",
            "STOP",
            "start",
            "help",
            "status",
            "later",
            "👍",
            "is the door open",
        )
        for by in Author
        for media in (False, True)
    ),
    Silent(),
    HungUp(),
]
CALLS = st.builds(
    Contact,
    st.just(Channel.VOICE),
    st.just(ContactState.MENU),
    caller=st.sampled_from([MIA, None]),
    language=st.sampled_from(Language),
)
OUR_CALLS = st.builds(
    Contact,
    st.just(Channel.VOICE),
    st.just(ContactState.ASKED_FOR_CALL),
    line=st.sampled_from(Line),
    caller=st.just(MIA),
    outbound=st.just(True),
    into_room=truth,
    message_safe=st.sampled_from([True, False, None]),
)
THREADS = st.builds(Contact, st.just(Channel.TEXT), st.just(ContactState.TEXT_MENU), caller=st.just(MIA))


def ways(contacts: st.SearchStrategy[Contact], events: list[Event]) -> st.SearchStrategy[tuple]:  # type: ignore[type-arg]
    """A contact, three bundles of facts, and what happens: each event under one of the three."""
    turn = st.tuples(st.sampled_from(events), st.integers(0, 2))
    return st.tuples(
        contacts, st.lists(bundles, min_size=3, max_size=3), st.lists(turn, min_size=1, max_size=12)
    )


@cache
def prompts() -> Prompts:
    """What can be said."""
    return load(tuple(Language), {"NAME": "Care Line", "NUMBER": "617-555-0100"})


def walk(
    way: tuple[Contact, list[Facts], list[tuple[Event, int]]],
) -> list[tuple[Contact, Event, Facts, Turn]]:
    """Every turn on this way."""
    contact, facts, happens = way
    turns = []
    for event, under in happens:
        turn = step(contact, event, facts[under])
        turns.append((contact, event, facts[under], turn))
        contact = turn.contact
    return turns


def owns(turn: Turn) -> bool:
    """Whether somebody has what the caller wanted when we end the call."""
    return any(
        isinstance(ask, PromiseCallback | NotConfirmed | AnsweredOver | Close) for ask in turn.requests
    )


def whatever_holds(contact: Contact, event: Event, facts: Facts, turn: Turn) -> None:
    """Of a call and of a thread."""
    assert turn.contact.channel is contact.channel
    for one in turn.say:
        assert prompts().text(one.prompt, contact.channel, one.language or turn.contact.language, one.values)
    for ask in turn.requests:
        if isinstance(ask, PromiseCallback):
            assert ask.message_safe <= (turn.contact.message_safe is True)
            assert ask.text_safe <= (turn.contact.text_safe is True)
            assert ask.number in (turn.contact.caller, turn.contact.callback_number)
    if any(one.prompt.startswith("confirmed") for one in turn.say):
        assert facts.open_callback is not None or any(
            isinstance(ask, PromiseCallback) and ask.ready for ask in turn.requests
        )


@given(ways(CALLS | OUR_CALLS, VOICE))
def test_whatever_is_true_a_call_stays_safe(
    way: tuple[Contact, list[Facts], list[tuple[Event, int]]],
) -> None:
    """It never breaks, key 1 is the emergency, nobody is hung up on unowned, and it ends once."""
    closed = 0
    for contact, event, facts, turn in walk(way):
        whatever_holds(contact, event, facts, turn)
        assert turn.contact.state not in TEXT_STATES
        live = contact.state not in (
            ContactState.ENDED,
            ContactState.ASKED_FOR_CALL,
            ContactState.EMERGENCY,
            ContactState.DIALLING,
        )
        if event == Pressed("1") and live:
            assert Reach(Subject.EMERGENCY) in turn.requests
            assert turn.contact.state is ContactState.EMERGENCY
        if isinstance(turn.then, EndCall):
            assert contact.state is ContactState.ENDED or owns(turn)
            assert turn.contact.state is ContactState.ENDED
        if isinstance(event, HungUp):
            assert turn.contact.state is ContactState.ENDED
        if contact.state is not ContactState.ENDED and turn.contact.state is ContactState.ENDED:
            closed += 1
            assert len([ask for ask in turn.requests if isinstance(ask, Close)]) == 1
        if (
            contact.blocked
            and turn.contact.state is ContactState.ENDED
            and Close(Outcome.BLOCKED) in turn.requests
        ):
            assert contact.line is not Line.EMERGENCY
    assert closed <= 1


@given(ways(THREADS, TEXTS))
def test_whatever_is_true_a_thread_stays_safe(
    way: tuple[Contact, list[Facts], list[tuple[Event, int]]],
) -> None:
    """It never breaks or becomes a call, danger pages from everywhere, and where nothing arrives nothing is sent."""
    for contact, event, facts, turn in walk(way):
        whatever_holds(contact, event, facts, turn)
        assert turn.contact.state in TEXT_STATES | {ContactState.ENDED}
        if isinstance(event, Texted) and event.words in ("he won't wake up", "i want to die"):
            assert any(isinstance(ask, Reach) and ask.subject is Subject.EMERGENCY for ask in turn.requests)
        if not facts.answerable:
            assert turn.say == ()


def test_every_event_happens() -> None:
    """A new kind is written into one of the two lists."""
    assert {type(event) for event in (*VOICE, *TEXTS)} - {Fetched} == set(get_args(Event))


def test_every_fact_is_drawn() -> None:
    """A new one that isn't a plain yes or no is written into the table."""
    known = {one.name: one for one in fields(Facts)}
    assert set(KNOWN) <= set(known)
    for name, one in known.items():
        assert (name in KNOWN) != (one.type == "bool"), name
