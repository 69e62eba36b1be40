"""A plain text of a number whose emergency is open in another room: somebody has that number already."""

from __future__ import annotations

import pytest

from hotline.model import Subject
from hotline.operations.staff.responder import Assigned
from hotline.simulator import Behaviour
from tests.operations.texting import code_of, writes
from tests.stories.records import emergencies
from tests.stories.test_emergency_in_thread import QUESTION, accepts, closes, pages_of
from tests.stories.world import ANA, CLEO, World


@pytest.fixture
def called(world: World) -> World:
    """Mia is on the telephone with Cleo, who has her emergency."""
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    world.passes(5)
    return world


def closes_it(world: World) -> None:
    (one,) = [row for row in emergencies(world) if row.escalation.subject is Subject.EMERGENCY]
    closes(world, one.escalation.id, CLEO)


def test_whoever_has_the_emergency_is_told_and_nobody_is_rung(called: World) -> None:
    """The text is on the board, and in the card of her emergency; Cleo's phone says that she wrote."""
    told = len(called.texts_to(CLEO))
    writes(called.mia, QUESTION)
    called.passes(minutes=20)
    assert len(called.texts_to(CLEO)) == told + 1
    assert called.calls_to(ANA) == []
    assert called.texts_to(ANA) == []
    (text,) = called.board(CLEO).threads
    assert text.number_in_emergency
    (emergency,) = called.board(CLEO).emergencies
    assert [(one.escalation, one.subject) for one in emergency.also_open] == [
        (text.escalation, Subject.THREAD)
    ]


def test_phones_that_ring_for_the_text_fall_silent(world: World) -> None:
    """Ana and Ben are rung for Mia's question; then she calls, and it is an emergency. A late 1 takes nothing."""
    writes(world.mia, QUESTION)
    world.until(lambda: world.ana.rings and world.ben.rings, within=200)
    world.ana.answers().hears("Press 1")
    (waiting,) = world.board().threads
    code = code_of(world.ben)
    world.mia.calls().presses("1")
    world.until(lambda: not world.ben.rings, within=12)
    world.ana.hears("not waiting any more")
    assert "not waiting any more" in (writes(world.ben, code) or "")
    world.cleo.answers().presses("1").meets(world.mia)
    paged = pages_of(world, waiting.escalation)
    world.passes(minutes=20)
    assert pages_of(world, waiting.escalation) == paged


def test_when_it_is_over_what_is_unanswered_is_rung_for(called: World) -> None:
    """Before all coordinators, as if it had just come."""
    writes(called.mia, QUESTION)
    called.passes(minutes=2)
    called.mia.hangs_up()
    called.passes(5)
    closes_it(called)
    called.ana.answers(within=200).hears("text").presses("1")
    called.passes(5)
    (text,) = called.board().threads
    assert text.accepted_by == "Ana Lima"


def test_who_shares_the_phone_is_answered_by_whoever_takes_it_on_the_board(called: World) -> None:
    """It is Mia's mother who writes: Ana takes it by hand, Cleo keeps the emergency, and its end rings nobody."""
    writes(called.mia, QUESTION)
    (text,) = called.board().threads
    assert accepts(called, text.escalation, ANA) == Assigned()
    called.phones(Behaviour.RINGS, called.ana)
    closes_it(called)
    called.passes(minutes=3)
    assert called.calls_to(ANA) == []
    (text,) = called.board().threads
    assert text.accepted_by == "Ana Lima"


def test_danger_in_it_is_an_emergency_of_its_own(called: World) -> None:
    """On a shared phone it may be somebody else's: clinicians are rung, and the cards say that the number is one."""
    writes(called.mia, "my sister is turning blue")
    called.passes(2)
    assert len(called.board(CLEO).emergencies) == 2
