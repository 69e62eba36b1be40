"""Story 6: the menu by text, and a callback that is really made."""

from __future__ import annotations

import pytest

from hotline.model import Line, Outcome
from hotline.simulator import Behaviour
from hotline.triage.contact import ContactState
from tests.operations.texting import FINDING, IN_LINE, MENU, SAFE, answers_to, thread_of, writes
from tests.stories.records import callbacks_of, the_callback
from tests.stories.world import MIA, World


@pytest.mark.parametrize("words", ["hi", "HEY", "", "Hi!"])
def test_a_greeting_gets_the_menu(world: World, words: str) -> None:
    """911 and 988 are in it, and nobody is paged for it."""
    said = writes(world.mia, words)
    assert said is not None
    assert said.startswith(MENU)
    assert "In danger now? Call 911" in said
    assert not any(person.rings or person.phone.inbox for person in world.staff)


@pytest.mark.parametrize("words", ["2", "two", "press 2", "Treatment"])
def test_a_texted_2_makes_a_callback_that_is_really_made(world: World, words: str) -> None:
    """After the safe-to-call question; a coordinator is rung, then the texter, who presses 1."""
    assert SAFE in (writes(world.mia, words) or "")
    assert callbacks_of(world) == []
    assert writes(world.mia, "4") == IN_LINE + " If things get worse, call 911."
    owed = the_callback(world)
    assert owed.callback.line is Line.ADMISSIONS
    assert owed.callback.text_safe
    world.ana.answers(within=30).hears("A call back is due").presses("1")
    world.mia.answers(within=30).hears("You asked for a call").presses("1").meets(world.ana)
    world.passes(30)
    world.mia.hangs_up()
    world.ana.hears("How did it end").presses("1").hears("Saved")
    assert the_callback(world).callback.outcome is Outcome.REACHED


@pytest.mark.parametrize(
    ("words", "line", "asks"),
    [("3", Line.FAMILY, "Thank you for writing"), ("0", Line.PERSON, "Thank you for writing")],
)
def test_family_and_a_person_have_lines_of_their_own(world: World, words: str, line: Line, asks: str) -> None:
    """3 and 0, with the question that tells nobody what this is about."""
    said = writes(world.mia, words) or ""
    assert asks in said
    assert "Is it safe to call here? Reply 4 yes, 5 no." in said
    assert "You are in line" in (writes(world.mia, "yes") or "")
    assert the_callback(world).callback.line is line


def test_a_key_that_comes_again_is_told_what_it_means_and_what_is_to_be_answered(world: World) -> None:
    """Not asked the same question word for word, as if nobody had read it."""
    again = "Care Line: You want a call. To get it, reply 4 if it is safe to call and text here, or 5 if not."
    assert SAFE in (writes(world.mia, "hi", "2") or "")
    world.passes(20)
    assert (writes(world.mia, "2") or "").startswith(again)
    assert IN_LINE in (writes(world.mia, "4") or "")


@pytest.mark.parametrize("no", ["5", "no"])
def test_where_it_is_not_safe_nobody_calls(world: World, no: str) -> None:
    """A kind goodbye with our number, and no callback, ever."""
    said = writes(world.mia, "2", no)
    assert said == "Care Line: Thank you. Call 617-555-0100 any time, day or night."
    world.passes(minutes=12)
    assert callbacks_of(world) == []
    assert world.calls_to(MIA) == []
    assert len(answers_to(world.mia)) == 2


def test_until_yes_only_neutral_words_are_sent(world: World) -> None:
    """Whoever reads the telephone's screen learns nothing about treatment."""
    writes(world.mia, "2")
    for told in answers_to(world.mia):
        for word in ("treatment", "detox", "recovery", "addiction", "admission", "rehab"):
            assert word not in told.lower()


def test_a_question_left_open_is_put_before_a_person(world: World) -> None:
    """After ten minutes; the texter hears nothing more that might be read by somebody else."""
    writes(world.mia, "2")
    world.passes(minutes=9)
    assert not world.ana.has_read("A text needs a person")
    world.passes(minutes=2)
    world.ana.reads("A text needs a person")
    assert len(answers_to(world.mia)) == 1
    assert thread_of(world).state == ContactState.TEXT_WITH_PERSON


def test_choosing_again_while_in_line_makes_no_second_callback(world: World) -> None:
    """Impatience is answered with how it stands, by then."""
    world.phones(Behaviour.OFF, world.ana, world.ben)
    writes(world.mia, "2", "4")
    world.passes(5)
    assert (writes(world.mia, "2") or "").startswith((IN_LINE, FINDING))
    assert (writes(world.mia, "hello?") or "").startswith((IN_LINE, FINDING))
    assert writes(world.mia, "thanks") is None
    assert writes(world.mia, "ok") is None
    assert len(callbacks_of(world)) == 1
    assert not world.ana.has_read("A text needs a person")


def test_one_call_and_one_text_from_one_number_are_one_callback(world: World) -> None:
    """Whoever has asked by telephone is not rung twice because they also wrote."""
    world.phones(Behaviour.OFF, world.ana, world.ben, world.sue)
    world.mia.calls().presses("2").hears("A coordinator will call you back", within=90).presses("4")
    world.mia.hangs_up()
    writes(world.mia, "2", "4")
    assert len(callbacks_of(world)) == 1
