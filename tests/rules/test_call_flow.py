"""A call, turn by turn: the menu, the hold, the emergency, the talk's end, and a call of ours."""

from __future__ import annotations

from typing import Any

import pytest

from hotline.model import Danger, Language, Line, Outcome, PhoneNumber, Subject
from hotline.triage.caller_events import (
    Began,
    DialOver,
    Fetched,
    HungUp,
    LeftAlone,
    MachineAnswered,
    Pressed,
    Said,
    Silent,
)
from hotline.triage.contact import ContactState
from hotline.triage.turn import (
    Answered,
    AnsweredOver,
    Close,
    Confirmed,
    Dial,
    EndCall,
    FetchInterpreter,
    JoinRoom,
    Listen,
    NotConfirmed,
    PromiseCallback,
    Reach,
    RememberLanguage,
    RingBackEmergency,
    Spoken,
    StopReaching,
    Wait,
    Whom,
)
from tests.playbook import Given, Stands
from tests.scripts import MIA, Call

EN, ES, PT, HT = Language.EN, Language.ES, Language.PT, Language.HT
BRIEF, MENU, CONFIRM = Listen(Wait.BRIEF), Listen(Wait.MENU), Listen(Wait.CONFIRM)
EMERGENCY = Reach(Subject.EMERGENCY)
QUESTION = ["business", "asked_for_call", "someone_else_key", CONFIRM]


def offers(*languages: Language) -> list[Spoken]:
    """Each offered in its own language."""
    return [Spoken("language_choice", language=one) for one in languages]


# --- the menu --------------------------------------------------------------------------------------------------


def test_the_first_words_offer_the_languages_then_the_menu_then_an_interpreter() -> None:
    """In the order of the keys, without the one that is spoken; an interpreter only where there is one."""
    assert Call() >> Began() << ["first_words", *offers(ES, PT, HT), "menu", MENU]
    assert Call(language=ES) >> Began() << ["first_words", *offers(PT, HT, EN), "menu", MENU]
    assert (
        Call()
        >> Given(languages=(EN, HT), interpreters=True)
        >> Began()
        << ["first_words", *offers(HT), "menu", "other_language", MENU]
    )


def test_three_silences_fetch_a_person() -> None:
    """Asked again, asked for words, then a human."""
    assert (
        Call()
        >> Silent()
        << ["no_input", "menu", MENU]
        >> Silent()
        << ["menu_speech", MENU]
        >> Silent()
        << ["getting_person", Reach(Subject.PERSON), BRIEF]
        << Stands(state=ContactState.HOLDING, line=Line.PERSON, tries=0, wrong_key=False)
    )


def test_any_key_after_a_silence_is_somebody_who_needs_a_person() -> None:
    """They were told to press any key. After a wrong key, another wrong one is only wrong."""
    assert (
        Call()
        >> Silent()
        << ["no_input", "menu", MENU]
        >> Pressed("5")
        << ["getting_person", Reach(Subject.PERSON), BRIEF]
    )
    assert (
        Call()
        >> Pressed("5")
        << ["invalid_key", "menu", MENU]
        >> Pressed("5")
        << ["menu_speech", MENU]
        >> Said("mumble")
        << ["getting_person", Reach(Subject.PERSON), BRIEF]
    )


@pytest.mark.parametrize(
    ("key", "line", "words"),
    [
        ("2", Line.ADMISSIONS, ["getting_person"]),
        ("3", Line.FAMILY, ["family", "family_care", "getting_person"]),
        ("0", Line.PERSON, ["getting_person"]),
    ],
)
def test_each_key_rings_its_line(key: str, line: Line, words: list[str]) -> None:
    """Families are told what they will get, and of no call while a person is being got for them; a wait is told if it
    is known, in its number."""
    subject = Subject(line.value)
    assert (
        Call()
        >> Pressed(key)
        << [*words, Reach(subject), BRIEF]
        << Stands(state=ContactState.HOLDING, line=line)
    )
    assert Call() >> Given(wait_minutes=1) >> Pressed(key) << [*words, "wait_minute", Reach(subject), BRIEF]
    two = Spoken("wait_minutes", (("MIN", "2"),))
    assert Call() >> Given(wait_minutes=2) >> Pressed(key) << [*words, two, Reach(subject), BRIEF]


def test_a_line_on_which_nobody_is_goes_straight_to_the_callback() -> None:
    """Nobody is rung, and nobody waits; a family hears all of its own words first, and of the call once."""
    promised = StopReaching(), PromiseCallback(Line.FAMILY, MIA, ready=False), MENU
    assert (
        Call()
        >> Given(unstaffed=frozenset({Line.FAMILY}))
        >> Pressed("3")
        << ["family", "family_coordinator", "family_care", "number_choice", *promised]
        << Stands(state=ContactState.CHOOSE_NUMBER)
    )
    held = Call(ContactState.HOLDING, line=Line.FAMILY) >> Given(ring_over=True) >> Silent()
    assert held << ["family_callback", *promised]


def test_a_blocked_number_is_told_three_times_of_the_emergency_line() -> None:
    """Then the call ends; 1 opens the emergency at any time, and the block is over."""
    script = Call() >> Given(blocked=True) >> Began() << ["first_words", "blocked", MENU]
    for _ in range(2):
        script = script >> Pressed("2") << ["first_words", "blocked", MENU]
    assert script >> Silent() << [Close(Outcome.BLOCKED), EndCall()] << Stands(state=ContactState.ENDED)
    assert (
        Call()
        >> Given(blocked=True)
        >> Began()
        << ["first_words", "blocked", MENU]
        >> Pressed("1")
        << ["emergency", EMERGENCY, BRIEF]
        << Stands(blocked=False)
    )


def test_another_language_says_the_menu_again_from_911_on() -> None:
    """And is remembered. Its own key again is a wrong key."""
    assert (
        Call()
        >> Pressed("8")
        << ["first_words", "menu", RememberLanguage(ES), MENU]
        << Stands(language=ES, language_chosen=True)
        >> Pressed("8")
        << ["invalid_key", "menu", MENU]
        >> Pressed("#")
        << ["first_words", "menu", RememberLanguage(EN), MENU]
    )


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("español", ES),
        ("in spanish please", ES),
        ("kreyòl", HT),
        ("could i have spanish", None),
        ("spanish or creole", None),
    ],
)
def test_a_language_is_chosen_by_its_name_in_a_few_words(words: str, language: Language | None) -> None:
    """In a whole sentence it may be anything, and two names are none; half heard it is asked for again."""
    if language is None:
        assert Call() >> Said(words) << ... << Stands(language=EN, language_chosen=False)
    else:
        assert Call() >> Said(words, 0.5) << ["first_words", "menu", RememberLanguage(language), MENU]
        assert Call() >> Said(words, 0.49) << ... << Stands(language=EN)


@pytest.mark.parametrize(
    ("event", "answered"),
    [(Pressed(""), False), (Said(""), False), (Silent(), False), (Said("x"), True), (Pressed("9"), True)],
)
def test_whoever_presses_or_says_anything_has_answered(
    event: Pressed | Said | Silent, answered: bool
) -> None:
    """An empty webhook is nobody."""
    assert Call() >> event << ... << Stands(answered=answered)


@pytest.mark.parametrize(
    ("words", "line"), [("i need treatment", Line.ADMISSIONS), ("my son needs help with drugs", Line.FAMILY)]
)
def test_words_choose_a_line_where_they_are_sure(words: str, line: Line) -> None:
    """Half is sure enough."""
    assert (
        Call()
        >> Said(words, 0.5)
        << ...
        << Stands(state=ContactState.HOLDING, line=line, tries=0, loops=0, wrong_key=False)
    )
    assert Call() >> Said(words, 0.49) << ["say_again", "menu", MENU]


# --- the hold --------------------------------------------------------------------------------------------------


def test_the_hold_speaks_every_other_round() -> None:
    """What is so: phones ring, or everybody is on calls; a key brings words at once."""
    assert (
        Call(ContactState.HOLDING, line=Line.ADMISSIONS)
        >> Silent()
        << ["waiting_ringing", BRIEF]
        >> Silent()
        << Listen(Wait.HOLD)
        >> Given(all_on_calls=True)
        >> Silent()
        << ["waiting", BRIEF]
        >> Pressed("5")
        << ["waiting", BRIEF]
    )


def test_4_turns_the_hold_into_a_callback_that_keeps_its_place() -> None:
    """The phones stop ringing for the call in the same turn."""
    kept = PromiseCallback(Line.ADMISSIONS, MIA, ready=False, kept_place=True)
    assert (
        Call(ContactState.HOLDING, line=Line.ADMISSIONS)
        >> Pressed("4")
        << ["admissions", StopReaching(), kept, MENU]
        << Stands(state=ContactState.CHOOSE_NUMBER, loops=0)
    )


def test_when_ringing_is_over_the_callback_follows() -> None:
    """By itself, and without a place that was kept."""
    promised = PromiseCallback(Line.PERSON, MIA, ready=False)
    assert (
        Call(ContactState.HOLDING, line=Line.PERSON)
        >> Given(ring_over=True)
        >> Silent()
        << ["person_callback", StopReaching(), promised, MENU]
    )


def test_whoever_has_no_number_is_dialled_to_the_failsafe_and_holds_on() -> None:
    """4 brings nothing to whom we can't ring; the failsafe is dialled every other round."""
    assert (
        Call(ContactState.HOLDING, caller=None, line=Line.PERSON, no_number=True)
        >> Pressed("4")
        << ["waiting_only", BRIEF]
        >> Given(ring_over=True)
        >> Silent()
        << ["getting_person", Dial(Whom.FAILSAFE)]
        >> DialOver(connected=False)
        << ["waiting_only", BRIEF]
        >> Silent()
        << ["getting_person", Dial(Whom.FAILSAFE)]
        >> DialOver(connected=True)
        << ["left_alone", BRIEF]
        << Stands(state=ContactState.AFTER_TALK)
    )


def test_a_human_who_waits_is_joined_at_once_and_the_line_is_not_kept_busy() -> None:
    """While the line is being taken there, nothing is said; an interpreter is announced."""
    assert (
        Call(ContactState.HOLDING, line=Line.PERSON, loops=3, tries=1)
        >> Given(human_coming=True)
        >> Silent()
        << BRIEF
        >> Given(human_ready=True)
        >> Fetched()
        << JoinRoom()
        << Stands(state=ContactState.IN_ROOM, loops=0, tries=0)
    )
    assert (
        Call(ContactState.HOLDING, line=Line.PERSON)
        >> Given(human_ready=True, needs_interpreter=True)
        >> Silent()
        << ["interpreter", FetchInterpreter(), JoinRoom()]
    )
    blocked = Call(blocked=True) >> Given(human_ready=True) >> Silent() << JoinRoom()
    assert blocked << Stands(blocked=False, unproven=False)
    assert (
        Call(ContactState.EMERGENCY, line=Line.EMERGENCY)
        >> Given(human_ready=True, needs_interpreter=True)
        >> Silent()
        << [FetchInterpreter(), JoinRoom()]
    )


@pytest.mark.parametrize(
    ("state", "contact", "words"),
    [
        (ContactState.HOLDING, {"line": Line.PERSON}, ["waiting_ringing", RememberLanguage(ES), BRIEF]),
        (ContactState.AFTER_TALK, {"line": Line.PERSON}, ["left_alone", RememberLanguage(ES), MENU]),
        (ContactState.IN_ROOM, {"line": Line.PERSON}, ["left_alone", RememberLanguage(ES), MENU]),
        (ContactState.MENU, {"blocked": True}, ["first_words", "blocked", RememberLanguage(ES), MENU]),
    ],
)
def test_another_language_says_again_what_was_said_last(
    state: ContactState, contact: dict[str, Any], words: list[object]
) -> None:
    """Wherever they are, and they stay there: but the room, which they have left."""
    then = ContactState.AFTER_TALK if state is ContactState.IN_ROOM else state
    script = Call(state, **contact) >> Pressed("8") << words
    assert script << Stands(state=then, language=ES, language_chosen=True, tries=0)


# --- the emergency ---------------------------------------------------------------------------------------------


def test_guidance_goes_round_until_somebody_comes() -> None:
    """Each round asks for a human again, which rings nobody twice."""
    script = Call(tries=2, loops=1, no_number=True) >> Pressed("1") << ["emergency", EMERGENCY, BRIEF]
    script = script << Stands(tries=0, loops=0, no_number=False)
    for part in ("guidance_1", "guidance_2", "police_key", "guidance_1"):
        script = script >> Silent() << [part, EMERGENCY, BRIEF]
    assert script << Stands(state=ContactState.EMERGENCY, loops=4)


def test_whoever_wants_to_die_gets_company_and_no_manual() -> None:
    """And whoever says in it that somebody doesn't breathe gets the manual after all."""
    assert (
        Call()
        >> Said("i want to die")
        << ["suicide", Reach(Subject.EMERGENCY, suicide=True), BRIEF]
        >> Silent()
        << ["getting_person", EMERGENCY, BRIEF]
        >> Silent()
        << ["suicide", EMERGENCY, BRIEF]
        >> Said("he is not breathing")
        << ["guidance_1", EMERGENCY, BRIEF]
        << Stands(danger=Danger.OVERDOSE)
        >> Said("i want to die")
        << ["suicide", Reach(Subject.EMERGENCY, suicide=True), BRIEF]
    )


@pytest.mark.parametrize("event", [Pressed("6"), Said("will the police come"), Said("vienen la policía?")])
def test_whoever_fears_the_police_is_told_the_law(event: Pressed | Said) -> None:
    """And the guidance goes on where it was."""
    assert (
        Call(ContactState.EMERGENCY, line=Line.EMERGENCY, loops=1)
        >> event
        << ["police", EMERGENCY, BRIEF]
        << Stands(loops=1)
    )


def test_the_call_itself_dials_everybody_then_the_failsafe_then_guides_on() -> None:
    """No worker or nobody answered in time."""
    assert (
        Call(ContactState.EMERGENCY, line=Line.EMERGENCY)
        >> Given(self_dial=True)
        >> Silent()
        << Dial(Whom.EVERYONE)
        << Stands(state=ContactState.DIALLING)
        >> DialOver(connected=False)
        << ["emergency", Dial(Whom.FAILSAFE)]
        >> DialOver(connected=False)
        << ["guidance_1", EMERGENCY, BRIEF]
        << Stands(state=ContactState.EMERGENCY, dialled_last_resort=False)
    )
    assert (
        Call(ContactState.DIALLING, line=Line.EMERGENCY) >> DialOver(connected=True) << ["left_alone", BRIEF]
    )


def test_another_language_in_an_emergency_begins_with_911_again() -> None:
    """Also for a withheld number."""
    said = ["emergency_hidden", RememberLanguage(HT), EMERGENCY, BRIEF]
    for state in (ContactState.EMERGENCY, ContactState.DIALLING):
        assert (
            Call(state, line=Line.EMERGENCY, caller=None)
            >> Pressed("7")
            << said
            << Stands(state=ContactState.EMERGENCY)
        )


def test_whose_emergency_is_open_goes_straight_to_it() -> None:
    """No menu."""
    assert (
        Call()
        >> Given(open_emergency=True)
        >> Began()
        << ["first_words", "getting_person", EMERGENCY, BRIEF]
        << Stands(state=ContactState.EMERGENCY, line=Line.EMERGENCY, suicide=False)
    )


@pytest.mark.parametrize(
    ("heard", "at_once"),
    [(True, False), (False, True)],
)
def test_whoever_hangs_up_in_an_emergency_is_rung_back(heard: bool, at_once: bool) -> None:
    """At once if 911 was not heard, else after the delay that leaves 911 their line; a talk leaves nothing to do."""
    over = [RingBackEmergency(at_once), Close(Outcome.EMERGENCY)]
    call = Call(ContactState.EMERGENCY, line=Line.EMERGENCY)
    assert call >> Given(heard_911=heard) >> HungUp() << over << Stands(ended_from=ContactState.EMERGENCY)
    talked = Call(ContactState.IN_ROOM, line=Line.EMERGENCY) >> Given(talk_counted=True, heard_911=heard)
    assert talked >> HungUp() << Close(Outcome.EMERGENCY)
    hidden = Call(ContactState.EMERGENCY, line=Line.EMERGENCY, caller=None) >> Given(heard_911=heard)
    assert hidden >> HungUp() << Close(Outcome.EMERGENCY)
    for given in ("callback_number", "typed"):
        number = {given: PhoneNumber("+16175550143")}
        typed = Call(ContactState.EMERGENCY, line=Line.EMERGENCY, caller=None, **number)
        assert typed >> Given(heard_911=heard) >> HungUp() << over


# --- the talk's end --------------------------------------------------------------------------------------------


def test_whoever_is_left_alone_is_told_and_gets_somebody_again() -> None:
    """The same line, or the one that they choose now."""
    left = (
        Call(ContactState.IN_ROOM, line=Line.FAMILY, tries=1)
        >> LeftAlone()
        << ["left_alone", BRIEF]
        << Stands(tries=0)
    )
    assert left >> Silent() << ["getting_person", Reach(Subject.FAMILY), BRIEF]
    chose = Call(ContactState.IN_ROOM, line=Line.FAMILY) >> LeftAlone() << ["left_alone", BRIEF]
    assert chose >> Pressed("2") << ["getting_person", Reach(Subject.ADMISSIONS), BRIEF]
    nothing_yet = Call(ContactState.AFTER_TALK, line=None) >> Silent()
    assert nothing_yet << ["getting_person", Reach(Subject.PERSON), BRIEF]
    emergency = Call(ContactState.AFTER_TALK, line=Line.EMERGENCY, loops=2) >> Silent()
    assert emergency << ["guidance_1", EMERGENCY, BRIEF]


@pytest.mark.parametrize(
    ("state", "facts", "asks"),
    [
        (ContactState.IN_ROOM, {"talk_counted": True}, [Close(Outcome.REACHED)]),
        (ContactState.AFTER_TALK, {"settled": True}, [Close(Outcome.REACHED)]),
        (
            ContactState.IN_ROOM,
            {},
            [StopReaching(), PromiseCallback(Line.FAMILY, MIA, ready=True), Close(Outcome.CALLBACK)],
        ),
        (
            ContactState.HOLDING,
            {"talk_counted": True},
            [StopReaching(), PromiseCallback(Line.FAMILY, MIA, ready=True), Close(Outcome.CALLBACK)],
        ),
    ],
)
def test_the_end_of_a_call_leaves_it_with_somebody(
    state: ContactState, facts: dict[str, bool], asks: list[object]
) -> None:
    """A talk that was one has reached them; anything else is rung back."""
    assert Call(state, line=Line.FAMILY) >> Given(**facts) >> HungUp() << asks


def test_whoever_hangs_up_at_the_menu_has_left_early_unless_they_said_anything() -> None:
    """Not even a number to ring: out of reach."""
    assert Call() >> HungUp() << Close(Outcome.LEFT_EARLY)
    promised = PromiseCallback(Line.PERSON, MIA, ready=True)
    assert (
        Call()
        >> Pressed("5")
        << ["invalid_key", "menu", MENU]
        >> HungUp()
        << [StopReaching(), promised, Close(Outcome.CALLBACK)]
    )
    assert (
        Call(caller=None)
        >> Said("mumble")
        << ["say_again", "menu", MENU]
        >> HungUp()
        << [StopReaching(), Close(Outcome.UNREACHABLE)]
    )
    assert Call(blocked=True, answered=True) >> HungUp() << Close(Outcome.BLOCKED)


def test_a_key_that_comes_after_the_end_counts_as_if_it_had_come_before() -> None:
    """Silence and a dial that reached nobody count for nothing; nobody is joined any more."""
    ring_back = [EMERGENCY, RingBackEmergency(at_once=True), Close(Outcome.EMERGENCY), EndCall()]
    assert (
        Call(ContactState.ENDED, ended_from=ContactState.MENU)
        >> Given(human_ready=True)
        >> Silent()
        << EndCall()
        >> DialOver(connected=False)
        << EndCall()
        >> Pressed("1")
        << ring_back
        << Stands(state=ContactState.ENDED, ended_from=ContactState.EMERGENCY)
    )
    kept = [Reach(Subject.ADMISSIONS), StopReaching(), PromiseCallback(Line.ADMISSIONS, MIA, ready=True)]
    late = Call(ContactState.ENDED, ended_from=ContactState.MENU) >> Given(human_ready=True) >> Pressed("2")
    assert late << [*kept, Close(Outcome.CALLBACK), EndCall()] << Stands(ended_from=ContactState.HOLDING)
    assert Call(ContactState.ENDED, ended_from=ContactState.IN_ROOM) >> Pressed("1") << EndCall()
    assert Call(ContactState.ENDED) >> Pressed("1") << EndCall()
    assert (
        Call(ContactState.ENDED, ended_from=ContactState.DIALLING, line=Line.EMERGENCY)
        >> Given(talk_counted=True)
        >> DialOver(connected=True)
        << [Close(Outcome.EMERGENCY), EndCall()]
    )


# --- a call of ours --------------------------------------------------------------------------------------------


def our_call(line: Line = Line.ADMISSIONS, **contact: object) -> Call:
    """Somebody or something has picked up."""
    return Call(ContactState.ASKED_FOR_CALL, line=line, outbound=True, **contact)


def asked(line: Line) -> list[object]:
    """Who was lost in an emergency had asked for nothing: we call back."""
    return ["business", "calling_back" if line is Line.EMERGENCY else "asked_for_call", *QUESTION[2:]]


def test_whoever_is_called_is_asked_three_times_and_no_more() -> None:
    """Its own first words are no try."""
    assert our_call(Line.EMERGENCY, message_safe=True) >> Began() << asked(Line.EMERGENCY)
    script = our_call() >> Began() << QUESTION
    for event in (Silent(), Said("leave a message")):
        script = script >> event << QUESTION
    over = [NotConfirmed(Outcome.NO_ANSWER), Close(Outcome.NO_ANSWER), EndCall()]
    assert script >> Pressed("7") << [*QUESTION[:3], RememberLanguage(HT), CONFIRM] << Stands(tries=0)
    assert our_call(tries=2) >> Silent() << over << Stands(state=ContactState.ENDED)


def test_a_message_is_left_once_where_it_was_said_to_be_safe() -> None:
    """The machine may be a person: 1 still counts; and never in an emergency, or in nobody's name."""
    named = Given(first_name="Ana", registered_name="Care Line Inc.")
    ours = ("NUMBER", "6 1 7, 5 5 5, 0 1 0 0")
    business, message = (
        Spoken("business", (("BUSINESS", "Care Line Inc."), ours)),
        Spoken("voicemail", (("FIRST", "Ana"), ours)),
    )
    left = our_call(message_safe=True) >> named >> MachineAnswered() << [business, message, CONFIRM]
    without = Spoken("business", (("BUSINESS", ""), ("NUMBER", "")))
    assert our_call() >> Given(our_number=None) >> Began() << [without, *QUESTION[1:]]
    assert (
        left
        >> MachineAnswered()
        << [CONFIRM]
        >> Silent()
        << [NotConfirmed(Outcome.LEFT_MESSAGE), Close(Outcome.LEFT_MESSAGE), EndCall()]
    )
    for line, safe, facts in (
        (Line.EMERGENCY, True, named),
        (Line.FAMILY, None, named),
        (Line.FAMILY, False, named),
        (Line.FAMILY, True, Given()),
    ):
        assert our_call(line, message_safe=safe) >> facts >> MachineAnswered() << [CONFIRM]


@pytest.mark.parametrize("line", [Line.ADMISSIONS, Line.EMERGENCY])
def test_where_no_message_is_safe_nothing_is_said_after_the_beep(line: Line) -> None:
    """Not even our name. Whoever speaks meanwhile is listened to; a key, or a question, is a person's."""
    over = [NotConfirmed(Outcome.NO_ANSWER), Close(Outcome.NO_ANSWER), EndCall()]
    question = asked(line)
    beeped = our_call(line, tries=2) >> MachineAnswered() << [CONFIRM]
    assert beeped << Stands(in_silence=True, tries=0)
    assert beeped >> Said("you have reached Mia, leave a message") << [CONFIRM]
    assert beeped >> Silent() << over << Stands(state=ContactState.ENDED)
    person = our_call(line) >> MachineAnswered() << [CONFIRM] >> Said("hello?", 0.4) << question
    assert person << Stands(in_silence=False)
    again = our_call(line) >> MachineAnswered() << [CONFIRM] >> Pressed("7")
    assert again << [*question[:3], RememberLanguage(HT), CONFIRM]
    assert again << Stands(in_silence=False)
    key = our_call(line) >> Given(unstaffed=frozenset(Line)) >> MachineAnswered() << [CONFIRM] >> Pressed("1")
    reached = [Reach(Subject.ADMISSIONS), BRIEF] if line is Line.ADMISSIONS else [EMERGENCY, BRIEF]
    first = "getting_person" if line is Line.ADMISSIONS else "emergency"
    assert key << [first, Confirmed(), *reached] << Stands(in_silence=False)


@pytest.mark.parametrize("safe", [None, False])
def test_in_an_emergency_a_box_that_may_keep_nothing_is_told_no_name(safe: bool | None) -> None:
    """Whoever picks up speaks first, and hears whose call it is then. Where nobody does, or speaks as a greeting does,
    it is asked without the name and the number, three times."""
    neutral = ["calling_back", CONFIRM]
    over = [NotConfirmed(Outcome.NO_ANSWER), Close(Outcome.NO_ANSWER), EndCall()]
    waits = our_call(Line.EMERGENCY, message_safe=safe) >> Began() << [BRIEF]
    assert waits >> Said("hello?", 0.4) << asked(Line.EMERGENCY)
    waits = our_call(Line.EMERGENCY, message_safe=safe) >> Began() << [BRIEF]
    assert waits >> MachineAnswered() << [CONFIRM] >> Silent() << [CONFIRM] >> Silent() << over
    waits = our_call(Line.EMERGENCY, message_safe=safe) >> Began() << [BRIEF]
    script = waits >> Silent() << neutral
    for event in (Said("hi, it is mia, leave a message"), Silent()):
        script = script >> event << neutral
    assert script >> Silent() << over


def test_somebody_else_is_told_nothing() -> None:
    """3: not the person who asked."""
    over = [NotConfirmed(Outcome.NO_ANSWER, somebody_else=True), Close(Outcome.NO_ANSWER), EndCall()]
    assert our_call() >> Pressed("3") << ["someone_else", *over]


@pytest.mark.parametrize("key", ["1", "4"])
def test_whoever_presses_1_is_joined_or_holds_like_any_caller(key: str) -> None:
    """Our human may have gone: then they hold, also where nobody is on, or are in the emergency again."""
    assert (
        our_call()
        >> Given(human_ready=True)
        >> Pressed(key)
        << [Confirmed(), JoinRoom()]
        << Stands(state=ContactState.IN_ROOM)
    )
    assert (
        our_call()
        >> Given(unstaffed=frozenset(Line))
        >> Pressed(key)
        << ["getting_person", Confirmed(), Reach(Subject.ADMISSIONS), BRIEF]
    )
    assert our_call(Line.EMERGENCY) >> Pressed(key) << ["emergency", Confirmed(), EMERGENCY, BRIEF]


@pytest.mark.parametrize("event", [Began(), Said("hello?"), Silent()])
def test_a_person_first_meets_a_human_without_a_machine_s_word(event: Began | Said | Silent) -> None:
    """Whatever they say isn't read; when the human leaves, nothing is said to what may be a machine."""
    meets = [Answered(), JoinRoom()]
    call = our_call() >> Given(person_first=True, human_ready=True) >> event << meets
    assert call << Stands(state=ContactState.IN_ROOM, unproven=True, tries=0, loops=0)
    alone = call >> Given(human_ready=False) >> LeftAlone() << [CONFIRM]
    assert alone << Stands(state=ContactState.AFTER_TALK, unproven=True, in_silence=True)
    assert alone >> Silent() << [CONFIRM]
    assert alone >> Silent() << [AnsweredOver(), Close(Outcome.CALLBACK), EndCall()]
    machine = our_call() >> Given(person_first=True, human_ready=True) >> MachineAnswered() << [CONFIRM]
    assert machine


def left_by_staff(line: Line) -> Call:
    """A call of ours whose human is gone, and of which nobody has said who answered it."""
    call = Call(ContactState.IN_ROOM, line=line, unproven=True, outbound=True)
    assert call >> LeftAlone() << [CONFIRM]
    return call


def test_in_an_emergency_whoever_says_nothing_is_kept_and_a_human_is_fetched() -> None:
    """It may be somebody who can't speak: no end of ours."""
    call = left_by_staff(Line.EMERGENCY) >> Silent() << [CONFIRM]
    for _ in range(20):
        assert call >> Silent() << [Reach(Subject.EMERGENCY), CONFIRM]
    assert call << Stands(in_silence=True)
    assert call >> Given(human_ready=True) >> Silent() << [JoinRoom()]
    assert call << Stands(in_silence=False, unproven=True)


@pytest.mark.parametrize("words", ["hello?", "Are you still there?", "¿Sigues ahí?", "ou la toujou"])
def test_whoever_asks_after_them_is_told(words: str) -> None:
    """That shows a person, and not which: who it was is still to be said."""
    call = left_by_staff(Line.EMERGENCY) >> Said(words, 0.4) << ["left_alone", BRIEF]
    assert call << Stands(in_silence=False, unproven=True)
    assert call >> Silent() << ["guidance_1", EMERGENCY, BRIEF]
    hung_up = [AnsweredOver(), Close(Outcome.EMERGENCY)]
    assert call >> HungUp() << hung_up
    family = left_by_staff(Line.FAMILY) >> Said(words, 0.4) << ["left_alone", BRIEF]
    assert family >> Silent() << ["getting_person", Reach(Subject.FAMILY), BRIEF]
    assert family >> HungUp() << [AnsweredOver(), Close(Outcome.CALLBACK)]


@pytest.mark.parametrize(
    "words",
    [
        "Hello, you've reached Tom. Please leave a message.",
        "para español oprima ocho",
        "In an emergency hang up and dial 911",
        "I'll get back to you",
        "thank you, bye",
        "",
    ],
)
def test_a_box_that_still_greets_hears_nothing(words: str) -> None:
    """Not in another language either."""
    assert left_by_staff(Line.EMERGENCY) >> Said(words, 0.95) << [CONFIRM]


def test_a_key_shows_the_right_person_after_a_talk_too() -> None:
    """They needn't do it again."""
    call = left_by_staff(Line.FAMILY) >> Pressed("4") << ["left_alone", Confirmed(), BRIEF]
    assert call << Stands(in_silence=False, unproven=False)
    assert call >> Given(talk_counted=True) >> HungUp() << [Close(Outcome.REACHED)]
    urgent = left_by_staff(Line.FAMILY) >> Pressed("1") << ["emergency", Confirmed(), EMERGENCY, BRIEF]
    assert urgent << Stands(in_silence=False, unproven=False)


def test_a_cry_is_heard_in_that_silence() -> None:
    """As on any call of ours."""
    call = left_by_staff(Line.FAMILY) >> Said("he is not breathing", 0.3) << ["emergency", EMERGENCY, BRIEF]
    assert call >> HungUp() << [RingBackEmergency(at_once=True), Close(Outcome.EMERGENCY)]


def test_whoever_was_said_to_be_the_right_person_is_told() -> None:
    """By the human who was with them."""
    call = Call(ContactState.IN_ROOM, line=Line.EMERGENCY, unproven=True, outbound=True)
    assert call >> Given(right_person=True) >> LeftAlone() << ["left_alone", BRIEF]


@pytest.mark.parametrize(
    ("line", "outcome"), [(Line.EMERGENCY, Outcome.EMERGENCY), (Line.FAMILY, Outcome.CALLBACK)]
)
def test_a_hang_up_before_anybody_knew_who_it_was_leaves_the_callback_open(
    line: Line, outcome: Outcome
) -> None:
    """The human says who it was."""
    assert (
        Call(ContactState.IN_ROOM, line=line, unproven=True) >> HungUp() << [AnsweredOver(), Close(outcome)]
    )
    missed = [NotConfirmed(Outcome.NO_ANSWER), Close(Outcome.NO_ANSWER)]
    assert our_call(line) >> HungUp() << missed
    after = [NotConfirmed(Outcome.LEFT_MESSAGE), Close(Outcome.LEFT_MESSAGE)]
    assert our_call(line, voicemail=True) >> HungUp() << after
