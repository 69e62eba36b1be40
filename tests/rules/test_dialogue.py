"""The callback dialogue, turn by turn: which number, what is safe there, when; and the promise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hotline.model import Language, Line, Outcome, PhoneNumber, Subject, When
from hotline.triage.caller_events import HungUp, Pressed, Said, Silent
from hotline.triage.contact import ContactState
from hotline.triage.open_callback import Hour
from hotline.triage.turn import (
    Close,
    EndCall,
    Listen,
    PromiseCallback,
    Reach,
    RememberLanguage,
    Spoken,
    StopReaching,
    Wait,
)
from tests.playbook import Given, Stands
from tests.scripts import MIA, Call

OTHER = PhoneNumber("+16175550143")
MENU, CONFIRM, DIGITS = Listen(Wait.MENU), Listen(Wait.CONFIRM), Listen(Wait.MENU, number=True)
READ_BACK = Spoken("check_number", (("DIGITS", "6 1 7, 5 5 5, 0 1 4 3"),))
TIMES = (When.AFTERNOON, When.EVENING)


def promise(number: PhoneNumber = MIA, *, ready: bool = False, **told: Any) -> PromiseCallback:
    """For admissions."""
    return PromiseCallback(Line.ADMISSIONS, number, ready, **told)


def at(state: ContactState, **contact: Any) -> Call:
    """Mia, who asked for admissions, at this question."""
    return Call(state, **{"line": Line.ADMISSIONS, **contact})


def confirmed(**told: Any) -> list[Any]:
    """The promise, and that it may be relied on."""
    words = Spoken("confirmed", (("MIN", "15"), ("NUMBER", "6 1 7, 5 5 5, 0 1 0 0")))
    return [words, "goodbye", promise(ready=True, **told), CONFIRM]


def test_the_whole_dialogue_keeps_the_promise_up_to_date() -> None:
    """Four questions, each answer in the callback before the next is asked; silence then ends the call."""
    safe: dict[str, Any] = {"message_safe": True, "text_safe": True}
    assert (
        at(ContactState.CHOOSE_NUMBER)
        >> Given(times=TIMES)
        >> Pressed("4")
        << ["ask_message", promise(), MENU]
        >> Pressed("4")
        << ["ask_text", promise(message_safe=True), MENU]
        >> Pressed("4")
        << ["good_time", promise(**safe), MENU]
        >> Pressed("5")
        << ["good_afternoon", "good_evening", promise(**safe), MENU]
        >> Pressed("3")
        << ["confirmed_evening", "goodbye", promise(ready=True, when=When.EVENING, **safe), CONFIRM]
        >> Silent()
        << [promise(ready=True, when=When.EVENING, **safe), Close(Outcome.CALLBACK), EndCall()]
        << Stands(state=ContactState.ENDED)
    )


def test_whoever_says_no_to_everything_is_rung_discreetly() -> None:
    """By word as by key; and as soon as we can, where no time can be offered."""
    assert (
        at(ContactState.CHOOSE_NUMBER)
        >> Said("yes")
        << ["ask_message", promise(), MENU]
        >> Said("no")
        << ["ask_text", promise(), MENU]
        >> Said("no")
        << confirmed()
        << Stands(state=ContactState.FAREWELL, message_safe=False, text_safe=False)
    )


@pytest.mark.parametrize(
    ("state", "question"),
    [
        (ContactState.CHOOSE_NUMBER, ["number_choice"]),
        (ContactState.ASK_MESSAGE, ["ask_message"]),
        (ContactState.ASK_TEXT, ["ask_text"]),
        (ContactState.ASK_WHEN, ["good_time"]),
        (ContactState.CHOOSE_WHEN, ["good_afternoon", "good_evening"]),
    ],
)
@pytest.mark.parametrize(
    ("event", "sorry"), [(Silent(), "no_input"), (Pressed("*"), "invalid_key"), (Said("mumble"), "say_again")]
)
def test_each_question_is_asked_twice_and_then_the_most_discreet_answer_is_taken(
    state: ContactState, question: list[str], event: Any, sorry: str
) -> None:
    """The second time goes on; nothing is safe that nobody said is."""
    script = at(state) >> Given(times=TIMES) >> event << [sorry, *question, MENU] << Stands(tries=1)
    then = {
        ContactState.ASK_MESSAGE: ["ask_text", promise(), MENU],
        ContactState.ASK_TEXT: ["good_time", promise(), MENU],
    }
    assert script >> event << then.get(state, confirmed())


@pytest.mark.parametrize(
    ("state", "key", "then"),
    [
        (ContactState.CHOOSE_NUMBER, "4", ContactState.ASK_MESSAGE),
        (ContactState.TYPE_NUMBER, "6175550143", ContactState.CHECK_NUMBER),
        (ContactState.CHECK_NUMBER, "4", ContactState.ASK_MESSAGE),
        (ContactState.ASK_MESSAGE, "4", ContactState.ASK_TEXT),
        (ContactState.ASK_TEXT, "4", ContactState.ASK_WHEN),
        (ContactState.ASK_WHEN, "5", ContactState.CHOOSE_WHEN),
        (ContactState.CHOOSE_WHEN, "2", ContactState.FAREWELL),
        (ContactState.HOLDING, "4", ContactState.CHOOSE_NUMBER),
    ],
)
def test_each_question_has_patience_of_its_own(state: ContactState, key: str, then: ContactState) -> None:
    """Whoever took two tries for the one before has two for the next."""
    script = at(state, tries=1, wrong_key=True, loops=3, typed=OTHER) >> Given(times=TIMES, number=OTHER)
    script = script >> Pressed(key) << ... << Stands(state=then, tries=0)
    assert script
    if state is ContactState.HOLDING:
        assert script << Stands(loops=0, wrong_key=False)


@pytest.mark.parametrize("caller", [MIA, None])
@pytest.mark.parametrize(
    ("line", "words"),
    [(None, "person_callback"), (Line.PERSON, "person_callback"), (Line.FAMILY, "family_callback")],
)
def test_the_first_question_knows_the_line(caller: PhoneNumber | None, line: Line | None, words: str) -> None:
    """Whoever chose none asked for a person; a hidden number is asked for whatever the line."""
    script = Call(ContactState.HOLDING, line=line, caller=caller) >> Given(ring_over=True) >> Silent()
    said = "number_withheld" if caller is None else words
    assert script << said << ... << Stands(line=line or Line.PERSON)


def test_words_that_are_half_heard_are_asked_for_again() -> None:
    """A yes that may be none is none."""
    assert at(ContactState.ASK_MESSAGE) >> Said("yes", 0.4) << ["say_again", "ask_message", MENU]
    assert at(ContactState.ASK_MESSAGE) >> Said("yes", 0.5) << ["ask_text", promise(message_safe=True), MENU]


# --- another number --------------------------------------------------------------------------------------------


def test_another_number_is_read_back_and_counts_when_it_is_confirmed() -> None:
    """Until then the calling number stands."""
    assert (
        at(ContactState.CHOOSE_NUMBER)
        >> Pressed("5")
        << ["type_number", DIGITS]
        >> Given(number=OTHER)
        >> Pressed("6175550143")
        << [READ_BACK, MENU]
        << Stands(state=ContactState.CHECK_NUMBER, typed=OTHER, callback_number=None)
        >> Pressed("4")
        << ["ask_message", promise(OTHER), MENU]
        << Stands(callback_number=OTHER, typed=None)
    )


def test_digits_that_nobody_confirms_are_not_rung() -> None:
    """They may be a stranger's: the calling number is; a withheld one leaves only the digits."""
    wrong = at(ContactState.CHECK_NUMBER, typed=OTHER, tries=1)
    assert at(ContactState.CHECK_NUMBER, typed=OTHER) >> Said("yes") << ["ask_message", promise(OTHER), MENU]
    assert wrong >> Pressed("5") << ["type_number", DIGITS] << Stands(typed=None, tries=0)
    again = at(ContactState.CHECK_NUMBER, typed=OTHER) >> Silent() << ["no_input", READ_BACK, MENU]
    assert again >> Silent() << confirmed() << Stands(callback_number=MIA)
    hidden = at(ContactState.CHECK_NUMBER, caller=None, typed=OTHER, tries=1) >> Silent()
    assert hidden << [Spoken, "goodbye", promise(OTHER, ready=True), CONFIRM]
    gone = at(ContactState.CHECK_NUMBER) >> Pressed("4") << ["type_number", DIGITS]
    assert gone


def test_a_number_that_can_t_be_rung_is_refused_with_its_reason_and_asked_for_three_times() -> None:
    """Then the calling number is taken."""
    assert (
        at(ContactState.TYPE_NUMBER)
        >> Silent()
        << ["no_input", "type_number", DIGITS]
        >> Given(number_refused="number_country")
        >> Pressed("252612345678")
        << ["number_country", "type_number", DIGITS]
        >> Pressed("252612345678")
        << confirmed()
    )


@pytest.mark.parametrize("reason", ["number_emergency", "number_lifeline"])
@pytest.mark.parametrize("language", Language)
def test_whoever_types_911_is_told_to_dial_it_themselves_each_time_and_is_kept(
    reason: str, language: Language
) -> None:
    """In their language. A call of ours would send help to our own address; and they may mean it."""
    typed = Call(ContactState.TYPE_NUMBER, line=Line.ADMISSIONS, language=language)
    assert (
        typed
        >> Given(number_refused=reason)
        >> Pressed("911")
        << [reason, "type_number", DIGITS]
        >> Pressed("911")
        << [reason, "type_number", DIGITS]
        >> Pressed("911")
        << [reason, *confirmed()]
        << Stands(language=language)
    )
    hidden = at(ContactState.TYPE_NUMBER, caller=None, tries=2) >> Given(number_refused=reason)
    assert (
        hidden >> Pressed("911") << [reason, "getting_person", Reach(Subject.ADMISSIONS), Listen(Wait.BRIEF)]
    )


def test_whoever_withholds_their_number_and_types_none_waits_for_a_human_on_this_call() -> None:
    """Rung also where nobody is on for it, and never asked again for what they have not."""
    assert (
        at(ContactState.TYPE_NUMBER, caller=None, tries=2)
        >> Given(unstaffed=frozenset({Line.ADMISSIONS}))
        >> Silent()
        << ["getting_person", Reach(Subject.ADMISSIONS), Listen(Wait.BRIEF)]
        << Stands(state=ContactState.HOLDING, no_number=True)
        >> Given(ring_over=True)
        >> HungUp()
        << [StopReaching(), Close(Outcome.UNREACHABLE)]
    )


def test_a_withheld_number_is_asked_for_first() -> None:
    """Nothing can be promised yet."""
    assert (
        Call(ContactState.HOLDING, caller=None, line=Line.FAMILY)
        >> Pressed("4")
        << ["number_withheld", StopReaching(), DIGITS]
        << Stands(state=ContactState.TYPE_NUMBER)
    )


def test_keys_of_languages_are_digits_of_a_number() -> None:
    """Only there: at the question before it, 8 is Spanish."""
    assert at(ContactState.TYPE_NUMBER) >> Pressed("8") << ["invalid_key", "type_number", DIGITS]
    spanish = [RememberLanguage(Language.ES), MENU]
    assert (
        at(ContactState.CHOOSE_NUMBER, tries=1)
        >> Pressed("8")
        << ["number_choice", *spanish]
        << Stands(tries=0)
    )
    assert at(ContactState.CHECK_NUMBER, typed=OTHER) >> Pressed("8") << [READ_BACK, *spanish]
    at_a_time = at(ContactState.CHOOSE_WHEN) >> Given(times=TIMES) >> Pressed("8")
    assert at_a_time << ["good_afternoon", "good_evening", *spanish]
    number = at(ContactState.TYPE_NUMBER) >> Said("español") << ["say_again", "type_number", DIGITS]
    assert number


# --- a good time -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "when", "words"),
    [
        (Pressed("4"), When.NOW, "confirmed"),
        (Said("yes"), When.NOW, "confirmed"),
        (Said("this evening"), When.EVENING, "confirmed_evening"),
        (Said("now please"), When.NOW, "confirmed"),
    ],
)
def test_as_soon_as_we_can_or_a_time_of_their_own(event: Any, when: When, words: str) -> None:
    """A time that is named is taken, without the list."""
    script = at(ContactState.ASK_WHEN) >> Given(times=TIMES) >> event
    assert script << [words, "goodbye", promise(ready=True, when=when), CONFIRM]


NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
TOMORROW = Hour(datetime(2026, 3, 3, 20, tzinfo=UTC), ZoneInfo("America/New_York"))
HERE = Hour(NOW, TOMORROW.zone)


@pytest.mark.parametrize("state", [ContactState.ASK_WHEN, ContactState.CHOOSE_WHEN, ContactState.CHECK_WHEN])
@pytest.mark.parametrize(
    ("language", "clock"), [(one, "15:00" if one is Language.PT else "3:00 PM") for one in Language]
)
def test_the_very_time_that_they_name_is_read_back_and_promised_after_a_yes(
    state: ContactState, language: Language, clock: str
) -> None:
    """In each language; a recogniser may have heard another time, so until then nothing is promised for it."""
    asked = at(
        state, language=language, at=NOW + timedelta(hours=5) if state is ContactState.CHECK_WHEN else None
    )
    assert (
        asked
        >> Given(times=TIMES, now=HERE, wanted=TOMORROW)
        >> Said("tomorrow at three in the afternoon")
        << [Spoken("check_time_tomorrow", (("TIME", clock),)), promise(), MENU]
        << Stands(state=ContactState.CHECK_WHEN, at=TOMORROW.at)
        >> Given(times=TIMES, now=HERE)
        >> Pressed("4")
        << ["confirmed_time", "goodbye", promise(ready=True, at=TOMORROW.at), CONFIRM]
    )


def test_a_time_that_was_misheard_is_asked_for_again() -> None:
    """Another one may be said at once, or chosen by key; the wrong one is promised to nobody."""
    read_back = at(ContactState.CHECK_WHEN, at=TOMORROW.at) >> Given(times=TIMES, now=HERE)
    assert (
        read_back
        >> Pressed("5")
        << ["good_afternoon", "good_evening", promise(), MENU]
        << Stands(state=ContactState.CHOOSE_WHEN, at=None)
        >> Pressed("2")
        << ["confirmed_afternoon", "goodbye", promise(ready=True, when=When.AFTERNOON), CONFIRM]
    )


@pytest.mark.parametrize("event", [Silent(), Said("mumble")])
def test_whoever_named_a_time_and_says_nothing_more_is_called_then(event: Any) -> None:
    """Read back twice; and so is whoever hangs up meanwhile. Before it somebody else may be with them."""
    read_back = at(ContactState.CHECK_WHEN, at=TOMORROW.at) >> Given(times=TIMES, now=HERE)
    again = (
        read_back
        >> event
        << [..., Spoken("check_time_tomorrow", (("TIME", "3:00 PM"),)), MENU]
        << Stands(tries=1)
    )
    assert again >> event << ["confirmed_time", "goodbye", promise(ready=True, at=TOMORROW.at), CONFIRM]
    gone = at(ContactState.CHECK_WHEN, at=TOMORROW.at) >> HungUp()
    assert gone << [StopReaching(), promise(ready=True, at=TOMORROW.at), Close(Outcome.CALLBACK)]


@pytest.mark.parametrize("event", [Pressed("6"), Said("in the morning"), Said("afternoon or evening")])
def test_a_time_that_was_not_offered_or_two_at_once_are_none(event: Any) -> None:
    """Asked again."""
    script = at(ContactState.CHOOSE_WHEN) >> Given(times=TIMES) >> event
    assert script << [..., "good_afternoon", "good_evening", MENU] << Stands(tries=1)


def test_where_no_time_is_left_to_offer_no_is_as_soon_as_we_can() -> None:
    """Midnight came while they thought."""
    assert at(ContactState.ASK_WHEN) >> Pressed("5") << confirmed()
    assert at(ContactState.CHOOSE_WHEN) >> Silent() << confirmed()


# --- the end ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state", [one for one in ContactState if one.value.startswith(("choose_", "ask_", "type_", "check_"))]
)
def test_0_rings_a_person_from_every_question(state: ContactState) -> None:
    """Also where nobody is on duty for it: they asked."""
    assert (
        at(state)
        >> Given(unstaffed=frozenset(Line), times=TIMES)
        >> Pressed("0")
        << ["getting_person", Reach(Subject.PERSON), Listen(Wait.BRIEF)]
        << Stands(state=ContactState.HOLDING, line=Line.PERSON)
    )


def test_after_the_farewell_another_line_may_still_be_chosen() -> None:
    """Anything else hears it once more; another language hears the promise in it."""
    assert at(ContactState.FAREWELL) >> Pressed("5") << ["goodbye", CONFIRM]
    assert (
        at(ContactState.FAREWELL)
        >> Pressed("3")
        << ["family", "family_care", "getting_person", Reach(Subject.FAMILY), Listen]
    )
    said = at(ContactState.FAREWELL) >> Said("i want to talk to somebody about treatment")
    assert said << ["getting_person", Reach(Subject.ADMISSIONS), Listen(Wait.BRIEF)]
    spanish = at(ContactState.FAREWELL) >> Pressed("8")
    assert spanish << [*confirmed()[:2], RememberLanguage(Language.ES), *confirmed(language=Language.ES)[2:]]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"held_back": True}, "confirmed_soon"),
        ({"nobody_on": True}, "confirmed_unstaffed"),
        ({"promise_minutes": 30}, Spoken("confirmed", (("MIN", "30"), ("NUMBER", "6 1 7, 5 5 5, 0 1 0 0")))),
        ({"our_number": None}, Spoken("confirmed", (("MIN", "15"), ("NUMBER", "")))),
    ],
)
def test_the_promise_says_what_is_so(facts: dict[str, Any], words: Any) -> None:
    """No minutes where nobody is there to keep them."""
    script = at(ContactState.ASK_TEXT) >> Given(**facts) >> Pressed("5")
    assert script << [words, "goodbye", promise(ready=True), CONFIRM]
