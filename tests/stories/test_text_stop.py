"""Opting out and in; and nobody is opted out who only wants to quit using."""

from __future__ import annotations

import pytest

from hotline.model import PhoneNumber
from hotline.store.people import callers
from tests.operations.texting import MENU, UNSURE, writes
from tests.stories.records import callbacks_of
from tests.stories.world import MIA, World


@pytest.mark.both_databases
def test_stop_is_the_end_of_texts(world: World) -> None:
    """The carrier answers by itself, we don't; whatever is written afterwards is not answered by text."""
    writes(world.mia, "hi")
    assert writes(world.mia, "STOP") is None
    assert any(text.by_provider for text in world.mia.phone.inbox)
    for words in ("hi", "2", "HELP", "what?"):
        assert writes(world.mia, words) is None
    world.passes(minutes=1)
    assert (
        world.look(lambda transaction: callers.get(transaction.tx, PhoneNumber(MIA)).opted_out_at) is not None
    )


def test_a_stop_that_the_carrier_overlooks_is_confirmed_once(world: World) -> None:
    """With a full stop behind it only we understand it."""
    assert (writes(world.mia, "Stop.") or "").startswith("Care Line: You will get no more texts.")
    assert writes(world.mia, "Stop.") is None
    assert writes(world.mia, "hi") is None


@pytest.mark.parametrize("back", ["START", "Unstop", "yes"])
def test_start_brings_texts_back(world: World, back: str) -> None:
    """And the menu with it; the carrier takes "yes" for it, so we do, too."""
    writes(world.mia, "STOP")
    assert (writes(world.mia, back) or "").startswith("Care Line: Texts are back on.")
    assert (writes(world.mia, "hi") or "").startswith(MENU)


def test_help_says_whom_to_call(world: World) -> None:
    """Our number, 911 and 988, and how to end texts."""
    world.sim.post_office.answers_help = False
    said = writes(world.mia, "HELP") or ""
    assert "Call 617-555-0100 any time" in said
    assert "911" in said
    assert "STOP" in said


def test_somebody_who_opted_out_and_asks_for_a_call_is_before_a_person_at_once(world: World) -> None:
    """The safe-to-call question can't reach them, so nobody waits ten minutes for its answer."""
    writes(world.mia, "STOP", "2")
    world.ana.reads("A text needs a person", within=5)
    assert callbacks_of(world) == []


@pytest.mark.parametrize(
    "words", ["I want to quit", "i want to stop using", "please make it stop", "end this"]
)
def test_quitting_is_treatment(world: World, words: str) -> None:
    """It opts nobody out: they are asked whether a call is safe, or told how to end texts, and a person reads it."""
    said = writes(world.mia, words) or ""
    assert "is it safe" in said.lower() or "To end texts, reply STOP" in said or said.startswith(UNSURE)
    assert world.look(lambda transaction: callers.get(transaction.tx, PhoneNumber(MIA)).opted_out_at) is None


def test_what_may_be_an_opt_out_or_not_is_told_how_to_stop_and_read_by_a_person(world: World) -> None:
    """S12: a stop word about something else unsubscribes nobody; the next STOP does."""
    said = writes(world.mia, "cancel the call") or ""
    assert said.startswith("Care Line: To end texts, reply STOP. To get a call, reply 2.")
    world.ana.reads("A text needs a person")
    assert world.look(lambda transaction: callers.get(transaction.tx, PhoneNumber(MIA)).opted_out_at) is None


@pytest.mark.parametrize("words", ["please stop texting me", "take me off your list", "no more messages"])
def test_an_opt_out_in_any_wording_is_honoured_at_once_and_confirmed_once(world: World, words: str) -> None:
    """The carrier doesn't see it; we do."""
    assert (writes(world.mia, words) or "").startswith("Care Line: You will get no more texts")
    assert writes(world.mia, "hi") is None
    assert (
        world.look(lambda transaction: callers.get(transaction.tx, PhoneNumber(MIA)).opted_out_at) is not None
    )
    assert (writes(world.mia, "START") or "").startswith("Care Line: Texts are back on.")
