"""A blocked number: the emergency line works for it as for everybody, it is told how, and nothing else does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.model import Outcome, PhoneNumber
from hotline.operations.conversation import blocking
from tests.stories.records import callbacks_of, contact_of, emergencies, last_outcome, the_callback
from tests.stories.world import ANA, LINE, MIA, World

DAY = timedelta(days=1)


def block(world: World, number: str = MIA, lasting: timedelta | None = DAY) -> None:
    """What a supervisor does."""
    sue = world.staff_id(world.sue.phone.number)
    world.change(
        lambda transaction: blocking.block(
            transaction.tx,
            PhoneNumber(number),
            "threats",
            transaction.now,
            lasting=lasting,
            by=sue,
            ours=(PhoneNumber(LINE),),
        )
    )


@pytest.fixture
def blocked(world: World) -> World:
    """Mia's number is blocked for a day."""
    block(world)
    return world


def test_a_blocked_caller_hears_the_911_sentence_and_how_to_reach_the_emergency_line(blocked: World) -> None:
    """First of all; nobody's phone rings, and nothing is promised."""
    blocked.mia.calls().hears("9-1-1").hears("For an emergency, press 1")
    blocked.mia.presses("2").hears("For an emergency, press 1")
    blocked.mia.presses("0").hears("For an emergency, press 1")
    blocked.passes(30)
    assert not blocked.mia.in_call
    assert last_outcome(blocked) is Outcome.BLOCKED
    assert callbacks_of(blocked) == []
    assert [one for one in blocked.staff if blocked.calls_to(one.phone.number)] == []


def test_hanging_up_leaves_no_callback(blocked: World) -> None:
    """Not at once, and not after a key."""
    blocked.mia.calls().hears("9-1-1").presses("2").hangs_up()
    blocked.passes(minutes=1)
    assert callbacks_of(blocked) == []


@pytest.mark.parametrize("after", ["", "2", "29"])
def test_key_1_works_for_a_blocked_caller_as_for_everybody(blocked: World, after: str) -> None:
    """At once, or after other keys: a clinician is paged, and they talk."""
    blocked.mia.calls().hears("9-1-1")
    for key in after:
        blocked.mia.presses(key).hears("press 1")
    blocked.mia.presses("1")
    blocked.until(lambda: blocked.cleo.rings, within=2)
    blocked.cleo.answers().presses("1").meets(blocked.mia)
    assert len(emergencies(blocked)) == 1


@pytest.mark.parametrize("words", ["he won't wake up", "overdose", "I want to kill myself"])
def test_emergency_words_work_for_a_blocked_caller_as_for_everybody(blocked: World, words: str) -> None:
    """However badly they were understood."""
    blocked.mia.calls().hears("9-1-1").says(words, confidence=0.1)
    blocked.until(lambda: blocked.cleo.rings, within=10)
    blocked.cleo.answers().presses("1").meets(blocked.mia)


def test_an_emergency_of_a_blocked_caller_who_hangs_up_is_rung_back_as_everybodys(blocked: World) -> None:
    """Whatever they did before."""
    blocked.mia.calls().hears("9-1-1").presses("1").hangs_up()
    blocked.cleo.answers().presses("1")
    blocked.mia.answers(within=200).hears("We are calling you back").presses("1").meets(blocked.cleo)


def test_an_emergency_by_text_from_a_blocked_number_is_answered_and_paged(blocked: World) -> None:
    """The list is for calls about other things."""
    blocked.mia.texts("she is not breathing")
    blocked.mia.reads("911")
    blocked.until(lambda: blocked.cleo.rings, within=2)


def test_a_blocked_number_that_texts_is_told_once_what_is_open_to_it(blocked: World) -> None:
    """Nobody is paged for what it writes; the word that it is told does page."""
    blocked.mia.texts("hello? anybody").reads("We can't take your texts for now. In danger? Call 911")
    blocked.passes(minutes=1)
    read = len(blocked.mia.phone.inbox)
    blocked.mia.texts("what is 1")
    blocked.passes(30)
    assert len(blocked.mia.phone.inbox) == read
    assert emergencies(blocked) == []
    blocked.mia.texts("EMERGENCY").reads("911")
    blocked.until(lambda: blocked.cleo.rings, within=2)
    blocked.mia.texts("please hurry")
    blocked.passes(5)
    assert sum("We can't take your texts" in one.body for one in blocked.mia.phone.inbox) == 1


@pytest.mark.both_databases
def test_a_block_ends_by_itself(blocked: World) -> None:
    """A day later the menu is there again, and a callback is kept."""
    blocked.clock.now += DAY
    blocked.mia.calls().hears("For treatment, press 2").presses("2").hangs_up()
    blocked.passes(1)
    assert the_callback(blocked).number == PhoneNumber(MIA)


def test_a_withheld_number_is_nobodys_and_is_never_blocked(blocked: World) -> None:
    """Mia withholds hers: she can't be told from others, who must not suffer for her."""
    blocked.mia.calls(withheld=True).hears("For treatment, press 2")
    assert contact_of(blocked).caller is None


def test_others_are_put_through(blocked: World) -> None:
    """Nobody else notices anything."""
    noa = blocked.person("+16175550143", label="Noa")
    noa.calls().hears("For treatment, press 2")


def test_a_callback_that_stands_is_kept_although_its_number_is_blocked(world: World) -> None:
    """What was promised before is not taken back by a list."""
    world.mia.calls().presses("2").hears("getting").hangs_up()
    block(world)
    world.ana.answers().presses("1")
    world.mia.answers().presses("1").meets(world.ana)


def test_staff_can_t_be_blocked_by_a_slip(world: World) -> None:
    """Nor the line itself."""
    for number in (ANA, LINE):
        with pytest.raises(blocking.NotBlocked):
            block(world, number)
