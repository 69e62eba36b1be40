"""What to do about a danger is told once for each emergency, again for a new danger, and never into a human's talk."""

from __future__ import annotations

from hotline.model import EscalationId
from hotline.operations.console import coordinator, reopening
from tests.operations.texting import answers_to, code_of, confirms, takes, thread_of, writes
from tests.stories.records import emergencies, the_emergency
from tests.stories.world import CLEO, World


def test_the_911_text_goes_once_for_an_emergency(world: World) -> None:
    """However often they say so; the same page goes on."""
    assert (writes(world.mia, "he is not breathing") or "").startswith("Call 911 now.")
    assert writes(world.mia, "he's still not breathing", "please he is turning blue") is None
    assert len(emergencies(world)) == 1


def test_a_new_danger_is_told_once_too(world: World) -> None:
    """A wish to die is another one than an overdose, and the other way round."""
    writes(world.mia, "he is not breathing")
    assert (writes(world.mia, "I want to die") or "").startswith("You matter.")
    assert writes(world.mia, "I want to kill myself", "he is not breathing") is None
    assert len(emergencies(world)) == 1


def test_nothing_automatic_goes_into_a_talk_with_a_clinician_who_reads_the_words(world: World) -> None:
    """Not even "she is breathing now" gets the text again; the clinician sees each of them."""
    writes(world.mia, "she is not breathing")
    takes(world.cleo, "3")
    confirms(world.cleo, f"{code_of(world.cleo)} I am here. Is she awake?")
    world.mia.reads("Is she awake?")
    before = answers_to(world.mia)
    for words in ("she is breathing now", "no wait she is not breathing", "I want to die"):
        assert writes(world.mia, words) is None
        world.cleo.reads(words)
    assert answers_to(world.mia) == before
    assert len(emergencies(world)) == 1


def test_the_next_emergency_is_told_anew(world: World) -> None:
    """A human has closed the first one."""
    writes(world.mia, "he is not breathing")
    code = takes(world.cleo, "3")
    confirms(world.cleo, f"DONE {code}")
    assert emergencies(world) == []
    assert (writes(world.mia, "he has stopped breathing again") or "").startswith("Call 911 now.")


def test_an_emergency_opened_again_tells_the_911_text_no_second_time(world: World) -> None:
    """Nor if they have written since, and it goes on in a new thread; a new danger is told."""
    writes(world.mia, "he is not breathing")
    takes(world.cleo, "3")
    emergency = ends(world)
    assert (writes(world.mia, "hello") or "").startswith("Care Line: Reply 1 emergency")
    assert reopens(world, emergency, CLEO) == reopening.Reopened(thread_of(world).id)
    before = answers_to(world.mia)
    assert writes(world.mia, "ambulance is here thank you", "he is not breathing") is None
    emergency = ends(world)
    reopens(world, emergency, CLEO)
    assert writes(world.mia, "he's not breathing again") is None
    assert answers_to(world.mia) == before
    assert (writes(world.mia, "I want to die") or "").startswith("You matter.")
    assert len(emergencies(world)) == 1


def ends(world: World) -> EscalationId:
    """Cleo closes the emergency on the board."""
    emergency, by = the_emergency(world).escalation.id, world.staff_id(CLEO)
    world.change(lambda transaction: coordinator.close(transaction, emergency, by))
    world.passes(3)
    return emergency


def reopens(world: World, escalation: EscalationId, who: str) -> object:
    by = world.staff_id(who)
    return world.change(lambda transaction: reopening.reopen(transaction, escalation, by))
