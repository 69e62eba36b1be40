"""The clinician who has an emergency writes to the caller by answering the page's text, and is written to."""

from __future__ import annotations

import pytest

from hotline.model import AuditKind
from hotline.operations.console import coordinator
from hotline.operations.looking_back import disclosures
from hotline.operations.texts import threads
from hotline.simulator import Behaviour
from hotline.store.people import audit
from tests.operations.texting import answers_to, code_of, confirms, takes, writes
from tests.stories.records import emergencies
from tests.stories.world import ANA, CLEO, DEV, LINE, MIA, World

OTHER = "+16175550177"
WORDS = "my brother is on the floor by the green door"


@pytest.fixture
def taken(world: World) -> World:
    """Mia has texted an emergency, and Cleo has it."""
    writes(world.mia, "he is not breathing")
    takes(world.cleo, "3")
    return world


@pytest.fixture
def writing(taken: World) -> World:
    """And has confirmed by key that it is her who writes to Mia."""
    assert "Press 1 on it to send your words" in (
        confirms(taken.cleo, f"{code_of(taken.cleo)} I am here") or ""
    )
    taken.mia.reads("I am here")
    return taken


# --- to the caller ---------------------------------------------------------------------------------------------


def test_the_first_words_are_asked_about_and_wait_for_a_key(taken: World) -> None:
    """Not all that somebody texts is meant for the caller, and a text is proof of nobody."""
    code = code_of(taken.cleo)
    for words in ("call", "ok", "I am on it"):
        assert writes(taken.cleo, words) == (
            f"Hotline: not sent yet. Send to the caller? Reply YES, or begin with {code}."
        )
    told = writes(taken.cleo, "YES")
    assert told is not None
    assert "Press 1 on it to send your words" in told
    assert not taken.mia.has_read("I am on it")
    taken.cleo.answers().hears("words for the caller").presses("1").hears("Your words are sent")
    taken.mia.reads("I am on it")
    assert answers_to(taken.mia)[-1] == "I am on it"
    assert len(answers_to(taken.mia)) == 2


def test_words_before_the_key_go_by_the_code_on_the_screen(world: World) -> None:
    """It is claimed by text, and no key has proven that: the ring that asks for it has a code that nobody was given."""
    writes(world.mia, "he is not breathing")
    code = code_of(world.cleo)
    writes(world.cleo, code)
    for words in (f"{code} The ambulance is on its way", "the ambulance is on its way"):
        assert writes(world.cleo, words) == (
            f"Hotline: not sent: {code} is not yours yet. Press 1 when your phone rings, or take it on the board."
        )


def test_whose_words_they_are_not_presses_2_and_nothing_is_sent(taken: World) -> None:
    """They are told on their screen too."""
    confirms(taken.cleo, f"{code_of(taken.cleo)} go away", "2")
    taken.cleo.reads("your words are not sent")
    assert not taken.mia.has_read("go away")


def test_a_phone_that_nobody_answers_sends_nothing(taken: World) -> None:
    """And the emergency stays theirs."""
    taken.phones(Behaviour.OFF, taken.cleo)
    writes(taken.cleo, f"{code_of(taken.cleo)} go away")
    taken.cleo.reads("your words are not sent")
    assert not taken.mia.has_read("go away")
    assert emergencies(taken)[-1].escalation.accepted_by == taken.staff_id(CLEO)


def test_each_step_is_on_record(writing: World) -> None:
    """Who asked for what by text, and what the key said to it."""
    row = emergencies(writing)[-1].escalation
    said = writing.look(
        lambda transaction: [one.action for one in audit.about(transaction.tx, AuditKind.ESCALATION, row.id)]
    )
    assert said == [
        "asked by text to accept",
        "accepted, confirmed",
        "asked by text to write",
        "confirmed by key to write",
    ]


def test_what_closes_it_by_text_is_on_record_and_in_whom_it_reached(writing: World) -> None:
    """DONE, and the key that says that it was her: each with her name, in the trail and in the caller's account."""
    row = emergencies(writing)[-1]
    assert row.contact_id is not None
    caller = row.contact_id
    confirms(writing.cleo, f"DONE {code_of(writing.cleo)}")
    writing.until(lambda: not emergencies(writing), within=12)
    kept = writing.look(
        lambda transaction: audit.about(transaction.tx, AuditKind.ESCALATION, row.escalation.id)
    )
    cleo = writing.staff_id(CLEO)
    assert [(one.action, one.staff_id) for one in kept[4:6]] == [
        ("asked by text to close", cleo),
        ("confirmed by key to close", cleo),
    ]
    account = writing.look(lambda transaction: disclosures.look(transaction, caller))
    told = {one.detail for one in account.times if one.to == "Cleo Park"}
    assert {"asked by text to accept", "asked by text to close", "confirmed by key to close"} <= told


@pytest.mark.both_databases
def test_what_the_clinician_texts_then_goes_to_the_caller_from_the_hotline(writing: World) -> None:
    """Their own number is never shown; they are told what became of it; the console shows who wrote."""
    told = writes(writing.cleo, "Is he on his side? Keep counting breaths.")
    assert told == f"Hotline: {code_of(writing.cleo)}: sent on to the caller."
    writing.mia.reads("Is he on his side? Keep counting breaths.")
    got = writing.mia.phone.inbox[-1]
    assert got.from_ == LINE
    assert not any(CLEO in text.body or CLEO[2:] in text.body for text in writing.mia.phone.inbox)
    row, by = emergencies(writing)[-1], writing.staff_id(ANA)
    assert row.contact_id is not None
    contact = row.contact_id
    thread = writing.look(lambda transaction: threads.look(transaction, contact, by))
    assert (thread.said[-1][0].body, thread.said[-1][1]) == (
        "Is he on his side? Keep counting breaths.",
        "Cleo Park",
    )


@pytest.mark.parametrize(
    "words", ["he is not breathing?", "is it an overdose, did he take pills", "2 breaths, then 30"]
)
def test_emergency_words_of_a_clinician_s_are_for_the_caller(writing: World, words: str) -> None:
    """They open no second emergency in the clinician's name."""
    assert "sent on to the caller" in (writes(writing.cleo, words) or "")
    writing.mia.reads(words)
    assert len(emergencies(writing)) == 1


@pytest.mark.parametrize("word", ["1", "2", "DONE", "done {ref}", "{ref}"])
def test_keywords_are_for_the_hotline_and_never_reach_the_caller(writing: World, word: str) -> None:
    """Accepting again, declining what is theirs already, closing: which takes a key."""
    before = len(answers_to(writing.mia))
    code = code_of(writing.cleo)
    assert (writes(writing.cleo, word.format(ref=code)) or "").startswith(f"Hotline: {code}")
    assert len(answers_to(writing.mia)) == before
    assert len(emergencies(writing)) == 1


def test_a_clinician_s_stop_is_no_text_for_the_caller(writing: World) -> None:
    """The carrier takes it for its own."""
    before = len(answers_to(writing.mia))
    writing.cleo.texts("STOP")
    writing.passes(5)
    assert len(answers_to(writing.mia)) == before


def test_a_webhook_that_comes_twice_is_sent_on_once(writing: World) -> None:
    """And answered the same."""
    writing.sim.faults.duplicate_later(5, kind="sms")
    writes(writing.cleo, "I am still here")
    writing.passes(20)
    assert answers_to(writing.mia).count("I am still here") == 1


def test_of_two_the_code_says_which(writing: World) -> None:
    """Without it nothing is sent, to anybody; and the first words to each wait for a key."""
    writing.passes(25)
    first = code_of(writing.cleo)
    other = writing.person(OTHER, label="Oli")
    writes(other, "she took too many pills and is not breathing")
    writing.until(lambda: code_of(writing.cleo) != first, within=30)
    second = takes(writing.cleo, "3")
    told = writes(writing.cleo, "Where are you?")
    assert told == f"Hotline: not sent. More than one is yours: begin with the code, such as {second}."
    assert "sent on" in (writes(writing.cleo, f"{first}: Is he awake?") or "")
    confirms(writing.cleo, f"{second} Is she awake?")
    writing.mia.reads("Is he awake?")
    other.reads("Is she awake?")
    for person in (writing.mia, other):
        assert not person.has_read("Where are you?")
    assert not writing.mia.has_read("Is she awake?")
    assert not other.has_read("Is he awake?")


def test_the_code_of_a_closed_one_sends_nothing_to_the_open_one(writing: World) -> None:
    """The words were meant for somebody else."""
    first = code_of(writing.cleo)
    confirms(writing.cleo, f"DONE {first}")
    assert emergencies(writing) == []
    writing.passes(25)
    other = writing.person(OTHER, label="Oli")
    writes(other, "she took too many pills and is not breathing")
    writing.until(lambda: code_of(writing.cleo) != first, within=30)
    takes(writing.cleo, "3")
    assert "not waiting any more" in (writes(writing.cleo, f"{first} is he better?") or "")
    writing.passes(5)
    assert not other.has_read("is he better")


def test_a_colleague_s_text_is_not_sent_on(writing: World) -> None:
    """Only whoever has it writes."""
    assert "was taken by Cleo" in (writes(writing.dev, "what about this one") or "")
    writing.passes(5)
    assert not writing.mia.has_read("what about this one")


def test_what_is_written_before_it_is_theirs_is_not_sent(world: World) -> None:
    """They have said by text that they take it, and have not pressed 1."""
    writes(world.mia, "he is not breathing")
    writes(world.cleo, code_of(world.cleo))
    assert "is not yours yet. Press 1 when your phone rings" in (writes(world.cleo, "is he awake?") or "")
    assert not world.mia.has_read("is he awake?")
    assert len(emergencies(world)) == 1


def test_a_text_that_does_not_arrive_is_told(writing: World) -> None:
    """So that they call."""
    writing.mia.phone.sms = "undelivered:30003"
    writes(writing.cleo, "Is he awake?")
    writing.cleo.reads("your text did not reach the caller. Call them.")


def test_who_has_ended_texts_is_call_only(writing: World) -> None:
    """And that is said."""
    writing.mia.texts("STOP")
    writing.passes(3)
    assert "They have ended texts: call only." in (writes(writing.cleo, "Is he awake?") or "")


def test_a_picture_of_the_clinician_s_is_not_sent_on(taken: World) -> None:
    """Only words can be."""
    taken.cleo.phone.texts(LINE, "look", ["a"])
    taken.cleo.reads("Only words can be sent on.")


def test_a_caller_by_phone_is_not_texted_without_having_said_that_it_is_safe(world: World) -> None:
    """An emergency call says nothing about texts."""
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    world.mia.hangs_up()
    world.passes(5)
    assert "haven't said that texts are safe" in (writes(world.cleo, "Are you there?") or "")
    world.passes(5)
    assert not world.mia.has_read("Are you there?")


def test_words_on_the_console_are_proof_for_those_that_follow_by_phone(taken: World) -> None:
    """Whoever is signed in there has shown who they are."""
    row, by = emergencies(taken)[-1], taken.staff_id(CLEO)
    contact = row.contact_id
    assert contact is not None
    taken.change(lambda transaction: threads.write(transaction, contact, "I read you.", by, "k1"))
    assert "sent on" in (writes(taken.cleo, "I am on my phone now") or "")


# --- from the caller -------------------------------------------------------------------------------------------


def test_no_words_of_the_caller_s_reach_a_phone_that_did_not_ask_for_them(taken: World) -> None:
    """One notice without any, until the clinician does something; then the words, with the reference."""
    code = code_of(taken.cleo)
    taken.cleo.phone.inbox.clear()
    for words in (WORDS, "please hurry, come to the green door"):
        taken.mia.texts(words)
        taken.passes(5)
    assert sum("the caller wrote" in text.body for text in taken.cleo.phone.inbox) == 1
    assert not taken.cleo.has_read("green door")
    confirms(taken.cleo, f"{code} I am here. What do you see?")
    taken.mia.texts(WORDS)
    taken.cleo.reads(f"{code}: {WORDS}")
    for other in (*taken.clinicians[1:], taken.sue, taken.ana):
        assert not other.has_read("green door")


def test_a_very_long_text_is_cut_and_the_rest_is_on_the_board(writing: World) -> None:
    """A phone isn't flooded."""
    writing.mia.texts("green " * 200)
    writing.cleo.reads("... (the rest is on the board)")
    assert len(writing.cleo.last_text) < 350


def test_after_it_is_handed_over_the_words_go_to_nobody_s_phone_until_they_write(writing: World) -> None:
    """It is the giver's until the other has pressed 1; the new owner's phone didn't ask for words, and the old one's
    has no business any more."""
    row = emergencies(writing)[-1].escalation.id
    ids = writing.staff_id(DEV), writing.staff_id(CLEO)
    assert writing.change(lambda transaction: threads.hand_over(transaction, row, *ids)) is None
    assert writing.board().emergencies[0].accepted_by == "Cleo Park"
    writing.dev.answers().hears("Cleo asks you to take over").presses("1").hears("It is yours now")
    writing.cleo.reads("Dev has taken it over")
    writing.mia.texts(WORDS)
    writing.dev.reads("the caller wrote")
    writing.passes(5)
    assert not writing.dev.has_read("green door")
    assert not writing.cleo.has_read("green door")
    assert "sent on" not in (writes(writing.cleo, "still here") or "")


def test_what_nobody_takes_over_stays_with_the_giver(taken: World) -> None:
    """By one text nobody has it: their phone must be answered with 1."""
    row = emergencies(taken)[-1].escalation.id
    ids = taken.staff_id(DEV), taken.staff_id(CLEO)
    taken.phones(Behaviour.OFF, taken.dev)
    taken.change(lambda transaction: threads.hand_over(transaction, row, *ids))
    taken.cleo.reads("Dev can't take it over, or didn't answer. It is still yours.")
    assert taken.board().emergencies[0].accepted_by == "Cleo Park"


def test_a_coordinator_is_told_that_there_is_news_and_never_what(world: World) -> None:
    """Once, until they look."""
    writes(world.mia, "is it the green building")
    (thread,) = world.board().threads
    by = world.staff_id(ANA)
    world.change(lambda transaction: coordinator.accept(transaction, thread.escalation, by))
    for words in ("the one by the green door", "hello?"):
        world.mia.texts(words)
        world.passes(5)
    assert sum("they wrote again" in text.body for text in world.ana.phone.inbox) == 1
    assert not world.ana.has_read("green")
    contact = thread.contact
    assert contact is not None
    world.change(lambda transaction: threads.looked(transaction, contact, by))
    world.mia.texts("are you there")
    world.passes(5)
    assert sum("they wrote again" in text.body for text in world.ana.phone.inbox) == 1
    world.passes(minutes=2)
    world.mia.texts("still there?")
    world.passes(5)
    assert sum("they wrote again" in text.body for text in world.ana.phone.inbox) == 2
    assert MIA not in "".join(text.body for text in world.ana.phone.inbox)


def test_who_calls_in_the_emergency_that_somebody_has_is_told_of_as_being_on_the_line(world: World) -> None:
    """Cleo has written with her, and is paged as she calls: not as old news that nobody has."""
    writes(world.mia, "he is not breathing")
    takes(world.cleo, "3")
    world.passes(minutes=8)
    world.cleo.phone.inbox.clear()
    world.mia.calls().presses("1")
    world.cleo.reads("they are on the line now: the emergency of 8 minutes ago", within=40)
    assert not world.cleo.has_read("nobody has")
