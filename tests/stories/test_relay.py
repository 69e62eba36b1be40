"""The clinician who has an emergency writes to the caller by answering the page's text, and is written to."""

from __future__ import annotations

import pytest

from hotline.operations import coordinator, threads
from tests.operations.texting import answers_to, writes
from tests.stories.people import Person
from tests.stories.records import emergencies
from tests.stories.world import ANA, CLEO, DEV, LINE, MIA, World

OTHER = "+16175550177"
WORDS = "my brother is on the floor by the green door"


def takes(world: World, clinician: Person, which: int = -1) -> str:
    """They accept by text; the reference."""
    ref = emergencies(world)[which].escalation.id[:4].upper()
    assert f"ref {ref} is yours" in (writes(clinician, ref) or "")
    return ref


@pytest.fixture
def taken(world: World) -> World:
    """Mia has texted an emergency, and Cleo has it."""
    writes(world.mia, "he is not breathing")
    takes(world, world.cleo)
    return world


def _ref(world: World) -> str:
    return emergencies(world)[-1].escalation.id[:4].upper()


# --- to the caller ---------------------------------------------------------------------------------------------


def test_what_the_clinician_texts_goes_to_the_caller_from_the_hotline(taken: World) -> None:
    """Their own number is never shown; they are told what became of it; the console shows who wrote."""
    told = writes(taken.cleo, "Is he on his side? Keep counting breaths.")
    assert told == f"Hotline: ref {_ref(taken)}: sent on to the caller."
    taken.mia.reads("Is he on his side? Keep counting breaths.")
    got = taken.mia.phone.inbox[-1]
    assert got.from_ == LINE
    assert not any(CLEO in text.body or CLEO[2:] in text.body for text in taken.mia.phone.inbox)
    row, by = emergencies(taken)[-1], taken.staff_id(ANA)
    assert row.contact_id is not None
    contact = row.contact_id
    thread = taken.look(lambda desk: threads.look(desk, contact, by))
    assert (thread.said[-1][0].body, thread.said[-1][1]) == (
        "Is he on his side? Keep counting breaths.",
        "Cleo Park",
    )


@pytest.mark.parametrize(
    "words", ["he is not breathing?", "is it an overdose, did he take pills", "2 breaths, then 30"]
)
def test_emergency_words_of_a_clinician_s_are_for_the_caller(taken: World, words: str) -> None:
    """They open no second emergency in the clinician's name."""
    assert "sent on to the caller" in (writes(taken.cleo, words) or "")
    taken.mia.reads(words)
    assert len(emergencies(taken)) == 1


@pytest.mark.parametrize("word", ["1", "2", "DONE", "done {ref}", "{ref}"])
def test_keywords_are_for_the_hotline_and_never_reach_the_caller(taken: World, word: str) -> None:
    """Accepting again, declining what is theirs already, closing."""
    before = len(answers_to(taken.mia))
    assert "Hotline: ref" in (writes(taken.cleo, word.format(ref=_ref(taken))) or "")
    assert len(answers_to(taken.mia)) == before
    assert len(emergencies(taken)) == (0 if "one" in word.lower() else 1)


def test_a_clinician_s_stop_is_no_text_for_the_caller(taken: World) -> None:
    """The carrier takes it for its own."""
    before = len(answers_to(taken.mia))
    taken.cleo.texts("STOP")
    taken.passes(5)
    assert len(answers_to(taken.mia)) == before


def test_a_webhook_that_comes_twice_is_sent_on_once(taken: World) -> None:
    """And answered the same."""
    taken.sim.faults.duplicate_later(5, kind="sms")
    writes(taken.cleo, "I am here")
    taken.passes(20)
    assert answers_to(taken.mia).count("I am here") == 1


def test_of_two_the_reference_says_which(taken: World) -> None:
    """Without it nothing is sent, to anybody."""
    first = _ref(taken)
    other = taken.person(OTHER, label="Oli")
    writes(other, "she took too many pills and is not breathing")
    second = takes(taken, taken.cleo)
    told = writes(taken.cleo, "Where are you?")
    assert told == f"Hotline: not sent. More than one is yours: begin with the reference, such as {second}."
    assert "sent on" in (writes(taken.cleo, f"{first.lower()}: Is he awake?") or "")
    assert "sent on" in (writes(taken.cleo, f"{second} Is she awake?") or "")
    taken.passes(5)
    assert [
        ("Is he awake?" in t.body, "Is she awake?" in t.body)
        for t in (taken.mia.phone.inbox[-1], other.phone.inbox[-1])
    ] == [
        (True, False),
        (False, True),
    ]
    assert not taken.mia.has_read("Where are you?")
    assert not other.has_read("Where are you?")


def test_the_reference_of_a_closed_one_sends_nothing_to_the_open_one(taken: World) -> None:
    """The words were meant for somebody else."""
    first = _ref(taken)
    writes(taken.cleo, f"DONE {first}")
    other = taken.person(OTHER, label="Oli")
    writes(other, "she took too many pills and is not breathing")
    takes(taken, taken.cleo)
    assert "not waiting any more" in (writes(taken.cleo, f"{first} is he better?") or "")
    taken.passes(5)
    assert not other.has_read("is he better")


def test_a_colleague_s_text_is_not_sent_on(taken: World) -> None:
    """Only whoever has it writes."""
    taken.dev.texts("what about this one")
    taken.passes(5)
    assert not taken.mia.has_read("what about this one")


def test_a_text_that_does_not_arrive_is_told(taken: World) -> None:
    """So that they call."""
    taken.mia.phone.sms = "undelivered:30003"
    writes(taken.cleo, "Is he awake?")
    taken.cleo.reads("your text did not reach the caller. Call them.")


def test_who_has_ended_texts_is_call_only(taken: World) -> None:
    """And that is said."""
    taken.mia.texts("STOP")
    taken.passes(3)
    assert "They have ended texts: call only." in (writes(taken.cleo, "Is he awake?") or "")


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


# --- from the caller -------------------------------------------------------------------------------------------


def test_no_words_of_the_caller_s_reach_a_phone_that_did_not_ask_for_them(taken: World) -> None:
    """One notice without any, until the clinician does something; then the words, with the reference."""
    taken.cleo.phone.inbox.clear()
    for words in (WORDS, "please hurry, come to the green door"):
        taken.mia.texts(words)
        taken.passes(5)
    assert sum("the caller wrote" in text.body for text in taken.cleo.phone.inbox) == 1
    assert not taken.cleo.has_read("green door")
    writes(taken.cleo, "I am here. What do you see?")
    taken.mia.texts(WORDS)
    taken.cleo.reads(f"{_ref(taken)}: {WORDS}")
    for other in (*taken.clinicians[1:], taken.sue, taken.ana):
        assert not other.has_read("green door")


def test_a_very_long_text_is_cut_and_the_rest_is_on_the_board(taken: World) -> None:
    """A phone isn't flooded."""
    writes(taken.cleo, "I am here")
    taken.mia.texts("green " * 200)
    taken.cleo.reads("... (the rest is on the board)")
    assert len(taken.cleo.last_text) < 350


def test_after_it_is_handed_over_the_words_go_to_nobody_s_phone_until_they_write(taken: World) -> None:
    """The new owner's phone didn't ask; the old one's has no business any more."""
    writes(taken.cleo, "I am here")
    row = emergencies(taken)[-1].escalation.id
    ids = taken.staff_id(DEV), taken.staff_id(CLEO)
    assert taken.change(lambda desk: threads.hand_over(desk, row, *ids)) is None
    taken.mia.texts(WORDS)
    taken.dev.reads("the caller wrote")
    taken.passes(5)
    assert not taken.dev.has_read("green door")
    assert not taken.cleo.has_read("green door")
    assert "sent on" not in (writes(taken.cleo, "still here") or "")


def test_a_coordinator_is_told_that_there_is_news_and_never_what(world: World) -> None:
    """Once, until they look."""
    writes(world.mia, "is it the green building")
    (thread,) = world.board().threads
    by = world.staff_id(ANA)
    world.change(lambda desk: coordinator.accept(desk, thread.escalation, by))
    for words in ("the one by the green door", "hello?"):
        world.mia.texts(words)
        world.passes(5)
    assert sum("they wrote again" in text.body for text in world.ana.phone.inbox) == 1
    assert not world.ana.has_read("green")
    contact = thread.contact
    assert contact is not None
    world.change(lambda desk: threads.looked(desk, contact, by))
    world.mia.texts("are you there")
    world.passes(5)
    assert sum("they wrote again" in text.body for text in world.ana.phone.inbox) == 1
    world.passes(minutes=2)
    world.mia.texts("still there?")
    world.passes(5)
    assert sum("they wrote again" in text.body for text in world.ana.phone.inbox) == 2
    assert MIA not in "".join(text.body for text in world.ana.phone.inbox)
