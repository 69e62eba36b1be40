"""The text line, proved over every state: what is sent before a yes, who is opted out, what a turn may hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from hotline.model import Channel, Language, Line, PhoneNumber, Subject
from hotline.triage.caller_events import Author, Texted
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.flow import step
from hotline.triage.meaning import Meaning, is_carrier_keyword, read
from hotline.triage.open_callback import CallbackStanding, Hour, OpenCallback
from hotline.triage.texts.keywords import key_of
from hotline.triage.texts.self_service import IN_LINE, WORDS, Wish, wish
from hotline.triage.turn import (
    CallLater,
    CallNow,
    CancelCall,
    OptIn,
    OptOut,
    PromiseCallback,
    Reach,
    RememberLanguage,
    Turn,
)
from tests.scripts import TEXT_STATES

MIA = PhoneNumber("+16175550142")
NOW = Hour(datetime(2026, 3, 2, 20, tzinfo=UTC), UTC)
TONIGHT = Hour(datetime(2026, 3, 2, 23, tzinfo=UTC), UTC)

NEUTRAL = {
    *("menu", "admissions", "family", "unsure", "unsure_opt_out", "help", "started", "stopped", "goodbye"),
    *("safe_again", "status_none", "emergency", "suicide"),
    "stopped_calls",  # to whoever has just written that we must not call
}
"""What may be written to a telephone of which nobody has said yet that texting there is safe."""
SAID = (
    *(
        "",
        "hi",
        "1",
        "2",
        "3",
        "0",
        "4",
        "5",
        "yes",
        "no",
        "ok",
        "thanks",
        "STOP",
        "start",
        "help",
        "ayuda",
        "ajuda",
    ),
    *(
        "he is not breathing",
        "i want to die",
        "is the side door open",
        "i want to quit",
        "please stop texting me",
    ),
    *("😢", "👍", "...", "?"),
    *("status", "now", "later", "cancel my call", "no me llamen", "tonight", "español", "kisa sa ye"),
)
OWED = [
    OpenCallback(
        Line.FAMILY, standing, 7, text_safe, TONIGHT.at if standing is CallbackStanding.AT_TIME else None
    )
    for standing, text_safe in product(CallbackStanding, (True, False))
]
PLAIN = Facts(languages=tuple(Language), now=NOW, our_number=PhoneNumber("+16175550100"))
FACTS = [
    PLAIN,
    *(replace(PLAIN, open_callback=one, wanted=wanted) for one, wanted in product(OWED, (None, TONIGHT))),
    *(replace(PLAIN, opted_out=True, open_callback=open_callback) for open_callback in (None, *OWED[:2])),
    *(replace(PLAIN, replies_left=False, open_callback=open_callback) for open_callback in (None, *OWED[:2])),
    *(replace(PLAIN, answerable=False, open_callback=open_callback) for open_callback in (None, *OWED[:2])),
    replace(PLAIN, thread_open=True, open_callback=OWED[0]),
    replace(PLAIN, thread_open=True, thread_taken=True, open_callback=OWED[0]),
    replace(PLAIN, blocked=True, open_callback=OWED[0]),
]
"""Each fact alone, and with those that it could be confused with."""


def contacts() -> Iterator[Contact]:
    lines = (None, Line.ADMISSIONS, Line.EMERGENCY)
    for state, line, language in product((*sorted(TEXT_STATES), ContactState.ENDED), lines, Language):
        yield Contact(Channel.TEXT, state, line=line, caller=MIA, language=language)


@cache
def everything() -> tuple[tuple[Contact, Texted, Facts, Turn], ...]:
    """Every text in every state, with every fact."""
    events = [Texted(words) for words in SAID]
    events += [Texted(words, by) for words in ("", "hi", "1", "STOP") for by in Author]
    some = [one for one in contacts() if one.language in (Language.EN, Language.ES)]
    return tuple(
        (contact, event, facts, step(contact, event, facts))
        for contact, event, facts in product(some, events, FACTS)
    )


def prompts(turn: Turn) -> list[str]:
    return [one.prompt for one in turn.say]


def asked(turn: Turn, *kinds: type) -> bool:
    return any(isinstance(ask, kinds) for ask in turn.requests)


def test_one_reply_at_most_answers_one_text() -> None:
    """One prompt, and every prompt is one segment."""
    for _, _, _, turn in everything():
        assert len(turn.say) <= 1


def test_until_they_have_said_yes_only_neutral_words_are_written() -> None:
    """Yes is 4 to the question in this very turn, or was said before of the callback that they are owed."""
    for contact, event, facts, turn in everything():
        yes = (
            contact.state is ContactState.TEXT_SAFE
            and read(event.words, turn.contact.language) is Meaning.YES
        )
        safe = yes or (facts.open_callback is not None and facts.open_callback.text_safe)
        if not safe:
            assert set(prompts(turn)) <= NEUTRAL, (contact.state, event, facts.open_callback)


def test_nothing_is_written_where_it_can_t_arrive_or_would_be_answered_by_a_machine() -> None:
    """Opted out (but for the welcome of who comes back), a premium number, an auto-responder: silence."""
    for _, event, facts, turn in everything():
        unheard = facts.opted_out and not asked(turn, OptIn)
        if unheard or not facts.answerable or event.by is not Author.PERSON:
            assert turn.say == ()


def test_above_the_cap_only_emergencies_are_answered() -> None:
    for _, _, facts, turn in everything():
        if not facts.replies_left:
            assert set(prompts(turn)) <= {"emergency", "suicide"}


def test_emergency_words_page_whatever_else_is_so() -> None:
    """From every state, with every fact, whoever seems to have written them; and suicide is told from the rest."""
    for contact, facts, by in product(contacts(), FACTS, Author):
        for words, suicide in (("he is not breathing", False), ("i want to die", True)):
            # Whoever writes this names no time with it.
            turn = step(contact, Texted(words, by), replace(facts, wanted=None))
            assert Reach(Subject.EMERGENCY, suicide) in turn.requests
            assert turn.contact.state is ContactState.TEXT_EMERGENCY


def test_key_1_is_the_emergency_even_where_a_time_is_asked_for() -> None:
    """One o'clock is written otherwise."""
    asked_when = [one for one in contacts() if one.state is ContactState.TEXT_WHEN]
    for contact, facts in product(asked_when, FACTS):
        assert Reach(Subject.EMERGENCY) in step(contact, Texted("1"), facts).requests
    for contact, words in product(asked_when, ("in the morning", "esta noche", "at 1")):
        turn = step(contact, Texted(words), replace(PLAIN, open_callback=OWED[0], wanted=TONIGHT))
        assert prompts(turn) == ["later_today"]


def test_nobody_is_opted_out_by_words_that_aren_t_an_opt_out() -> None:
    """And who is, is told so once, unless the carrier has."""
    for contact, event, _, turn in everything():
        if asked(turn, OptOut):
            assert read(event.words, turn.contact.language) is Meaning.OPT_OUT, (contact, event)
            assert prompts(turn) in ([], ["stopped"], ["stopped_calls"])
            assert not (is_carrier_keyword(event.words) and turn.say)


def test_the_carrier_s_own_words_opt_out_from_every_state() -> None:
    """Its state and ours are kept in step, whatever is owed or asked."""
    for contact, facts in product(contacts(), FACTS):
        for words in (
            "STOP",
            "stopall",
            "Unsubscribe",
            "CANCEL",
            "end",
            "QUIT",
            "revoke",
            "optout",
            " stop ",
        ):
            turn = step(contact, Texted(words), facts)
            assert asked(turn, OptOut)
            assert turn.say == ()
        assert OptIn() in step(contact, Texted("START"), facts).requests


def test_a_call_is_given_up_only_by_a_yes_to_that_question() -> None:
    """A misread word costs nobody their call."""
    for contact, event, _, turn in everything():
        if asked(turn, CancelCall):
            assert contact.state is ContactState.TEXT_CANCEL
            assert event.words in ("4", "yes")
            assert prompts(turn) in ([], ["cancelled"])


def test_a_call_is_moved_only_where_it_is_owed_and_confirmed_only_as_it_was_moved() -> None:
    """What is told and what is asked are one turn, and so one transaction."""
    for contact, event, facts, turn in everything():
        if asked(turn, CallNow, CallLater):
            assert facts.open_callback is not None, (contact, event)
        if "ask_when" in prompts(turn):
            assert CallLater() in turn.requests
        if asked(turn, CallNow):
            assert wish(event.words) is Wish.NOW
        if any(one.startswith("later_") for one in prompts(turn)):
            stands = (
                facts.open_callback is not None and facts.open_callback.standing is CallbackStanding.AT_TIME
            )
            assert stands or CallLater(TONIGHT.at) in turn.requests
            assert turn.contact.state is ContactState.TEXT_WAITING or contact.state in IN_LINE


def test_minutes_are_told_only_of_a_call_that_is_not_late() -> None:
    """And never more hopeful than the promise itself."""
    for _, _, facts, turn in everything():
        for one in turn.say:
            if one.prompt != "confirmed":
                continue
            minutes = int(dict(one.values)["MIN"])
            if facts.open_callback is None:
                assert minutes == facts.promise_minutes
                assert asked(turn, PromiseCallback)
            else:
                fresh = asked(turn, PromiseCallback, CallNow)
                assert facts.open_callback.standing is CallbackStanding.IN_LINE or fresh
                assert facts.open_callback.standing is not CallbackStanding.LATE
                assert minutes >= min(facts.open_callback.minutes, facts.promise_minutes)


def test_a_question_that_can_t_be_read_is_put_before_a_person() -> None:
    """Whoever can't be asked by text isn't left waiting for their own answer."""
    for contact, event, _, turn in everything():
        asks_something = turn.contact.state in (
            ContactState.TEXT_SAFE,
            ContactState.TEXT_WHEN,
            ContactState.TEXT_CANCEL,
        )
        if asks_something and turn.contact.state is not contact.state:
            assert turn.say, (contact, event)


def test_who_has_a_human_hears_nothing_of_the_menu() -> None:
    """But for the words that the carriers ask for, an emergency, and, while nobody has read what they wrote, the keys
    that they were offered meanwhile."""
    for contact, event, facts, turn in everything():
        waits = contact.state is ContactState.TEXT_WITH_PERSON and not facts.thread_taken
        if waits and key_of(event.words, contact.language) is not None:
            continue
        if (
            contact.state in (ContactState.TEXT_WITH_PERSON, ContactState.TEXT_EMERGENCY)
            or facts.thread_taken
        ):
            assert set(prompts(turn)) <= {
                "emergency",
                "suicide",
                "stopped",
                "stopped_calls",
                "started",
                "help",
            }


def test_the_language_is_changed_only_to_one_that_the_line_speaks() -> None:
    """And then it is remembered, and the reply is in it."""
    for contact, event in product(
        contacts(), ("necesito ayuda, mi hijo toma mucho", "mwen bezwen èd tanpri")
    ):
        for spoken in ((Language.EN,), tuple(Language)):
            turn = step(contact, Texted(event), replace(PLAIN, languages=spoken))
            assert turn.contact.language in (*spoken, contact.language)
            changed = turn.contact.language is not contact.language
            assert asked(turn, RememberLanguage) is changed


def test_a_blocked_number_has_emergencies_and_the_carriers_words_only() -> None:
    for _, _, facts, turn in everything():
        if facts.blocked:
            assert all(isinstance(ask, Reach | OptOut | OptIn | RememberLanguage) for ask in turn.requests)
            assert Reach(Subject.THREAD) not in turn.requests


def test_every_wish_is_one_wish_and_is_carried_out_in_every_language() -> None:
    """As the whole message it is nothing else, neither an emergency nor an opt-out; of whoever is owed a call."""
    phrases = [(phrase, meant) for meant, phrases in WORDS.items() for phrase in phrases]
    assert len(phrases) == len({phrase for phrase, _ in phrases})
    told = {
        Wish.STATUS: "confirmed",
        Wish.NOW: "confirmed",
        Wish.LATER: "ask_when",
        Wish.CANCEL: "ask_cancel",
    }
    open_callback = replace(PLAIN, open_callback=OWED[0])
    for (phrase, meant), language in product(phrases, Language):
        contact = Contact(Channel.TEXT, ContactState.TEXT_WAITING, caller=MIA, language=language)
        turn = step(contact, Texted(phrase), open_callback)
        assert prompts(turn) == [told[meant]], (phrase, language)
        assert not asked(turn, Reach, OptOut)


@given(
    st.text(max_size=300),
    st.sampled_from(sorted(TEXT_STATES)),
    st.sampled_from(FACTS),
    st.sampled_from(Language),
    st.sampled_from(Author),
)
def test_any_text_is_answered_and_says_one_thing_at_most(
    words: str, state: ContactState, facts: Facts, language: Language, by: Author
) -> None:
    """Whatever letters it has; and without a stop word in it nobody is opted out."""
    contact = Contact(Channel.TEXT, state, caller=MIA, language=language)
    turn = step(contact, Texted(words, by), facts)
    assert len(turn.say) <= 1
    if asked(turn, OptOut):
        assert read(words, turn.contact.language) is Meaning.OPT_OUT


@given(st.sampled_from(OWED), st.integers(1, 60), st.timedeltas(timedelta(minutes=1), timedelta(days=6)))
def test_now_promises_no_later_than_before(
    open_callback: OpenCallback, minutes: int, ahead: timedelta
) -> None:
    """Whoever asks for a call at once isn't told of more minutes than they had been."""
    at = NOW.at + ahead if open_callback.standing is CallbackStanding.AT_TIME else None
    facts = replace(PLAIN, open_callback=replace(open_callback, minutes=minutes, at=at, text_safe=True))
    turn = step(Contact(Channel.TEXT, ContactState.TEXT_WAITING, caller=MIA), Texted("now"), facts)
    assert CallNow() in turn.requests
    told = dict(turn.say[0].values).get("MIN")
    assert told is None or int(told) <= max(1, facts.promise_minutes)
