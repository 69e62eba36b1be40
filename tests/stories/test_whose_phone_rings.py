"""The board and the pages say whose phones ring, and who is only texted; and in which order somebody was reached."""

from __future__ import annotations

import pytest

from hotline.console.thread import timeline_words
from hotline.model import ContactId
from hotline.operations.console import coordinator
from hotline.operations.texts import threads
from hotline.operations.texts.threads import Thread
from hotline.simulator import Behaviour
from tests.operations.texting import UNCLEAR, thread_of, writes
from tests.stories.records import contact_of, the_emergency
from tests.stories.world import ANA, CLEO, World

COORDINATORS, CLINICIANS = ("Ana Lima", "Ben Ortiz"), ("Cleo Park", "Dev Rao", "Eva Stone")


def page_of(world: World, contact: ContactId, who: str = ANA) -> Thread:
    by = world.staff_id(who)
    found: Thread | None = world.look(lambda transaction: threads.look(transaction, contact, by))
    assert found is not None
    return found


def told(world: World, contact: ContactId) -> list[tuple[str, str]]:
    """What stands on the page: what happened, and by whom."""
    return [(one.words, one.who) for one in timeline_words.lines(page_of(world, contact).happened)]


def test_whose_phones_ring_for_a_caller_who_holds(world: World) -> None:
    """Until one has them."""
    world.mia.calls().presses("2")
    world.passes(2)
    (holds,) = world.board().callers
    assert holds.phones_ring == COORDINATORS
    world.ben.answers().presses("1").meets(world.mia)
    (talks,) = world.board().callers
    assert (talks.phones_ring, talks.with_whom) == ((), ("Ben Ortiz",))


def test_whose_phones_ring_for_an_emergency(world: World) -> None:
    """By name; who has declined is not among them."""
    world.mia.calls().presses("1")
    world.passes(2)
    (waits,) = world.board().emergencies
    assert (waits.phones_ring, waits.texted) == (CLINICIANS, ())
    world.dev.answers().presses("2")
    world.passes(3)
    (waits,) = world.board().emergencies
    assert waits.phones_ring == ("Cleo Park", "Eva Stone")


def test_who_is_texted_about_a_text_and_whose_phone_rings_later(world: World) -> None:
    """Coordinators are texted first; if nobody takes it, phones ring, and that is what is said."""
    writes(world.mia, UNCLEAR)
    (waits,) = world.board().threads
    assert (waits.phones_ring, waits.texted) == ((), COORDINATORS)
    world.until(lambda: world.ana.rings, within=300)
    (waits,) = world.board().threads
    (page,) = page_of(world, thread_of(world).id).open
    assert set(COORDINATORS) < set(waits.phones_ring)
    assert page.phones_ring == waits.phones_ring


def test_a_phone_stops_ringing_for_a_text_that_its_owner_has_taken_on_the_board(world: World) -> None:
    """And "call not taken" doesn't follow "accepted"."""
    writes(world.mia, UNCLEAR)
    world.until(lambda: world.ana.rings, within=300)
    (waits,) = world.board().threads
    by = world.staff_id(ANA)
    world.change(lambda transaction: coordinator.accept(transaction, waits.escalation, by))
    world.passes(2)
    assert not world.ana.rings
    world.passes(minutes=2)
    lines = told(world, thread_of(world).id)
    after = lines[lines.index(("Accepted", "Ana Lima")) :]
    assert [words for words, _ in after if "not taken" in words.lower()] == []


def test_whoever_took_it_on_the_board_and_not_the_call_was_reached_all_the_same(world: World) -> None:
    """They have it; what is told is that they didn't pick up."""
    world.phones(Behaviour.IGNORES, world.cleo)
    world.mia.calls().presses("1")
    world.passes(2)
    emergency, by = the_emergency(world).escalation.id, world.staff_id(CLEO)
    world.change(lambda transaction: coordinator.accept(transaction, emergency, by))
    world.passes(60)
    lines = told(world, contact_of(world).id)
    after = lines[lines.index(("Accepted", "Cleo Park")) :]
    assert ("Did not take the call to their own phone", "Cleo Park") in after
    assert ("Call not taken", "Cleo Park") not in after


def took_on_the_board(world: World) -> ContactId:
    """Mia writes of danger, Cleo accepts it on the board, and the others' phones fall silent."""
    writes(world.mia, "my sister is turning blue")
    world.until(lambda: world.cleo.rings and world.dev.rings, within=20)
    emergency, by = the_emergency(world).escalation.id, world.staff_id(CLEO)
    world.change(lambda transaction: coordinator.accept(transaction, emergency, by))
    world.until(lambda: not world.dev.rings and world.cleo.rings, within=20)
    return thread_of(world).id


@pytest.mark.parametrize("way", ["hangs up", "presses 2"])
def test_who_has_it_and_not_the_call_keeps_it_and_is_asked(world: World, way: str) -> None:
    """Nobody is paged anew at once. Cleo reads that it is hers; a minute later others are rung."""
    took_on_the_board(world)
    if way == "hangs up":
        world.cleo.declines()
    else:
        world.cleo.answers().hears("press").presses("2")
    world.cleo.reads("is yours, and you did not take the call")
    world.passes(40)
    assert the_emergency(world).escalation.accepted_by == world.staff_id(CLEO)
    assert not world.dev.rings
    world.until(lambda: world.dev.rings, within=60)


def test_who_goes_on_by_writing_is_left_with_it(world: World) -> None:
    """Cleo declines the call and writes: nobody else is paged."""
    thread = took_on_the_board(world)
    world.cleo.declines()
    by = world.staff_id(CLEO)
    world.passes(20)
    world.change(lambda transaction: threads.write(transaction, thread, "Is she breathing?", by, "k1"))
    world.passes(minutes=5)
    assert the_emergency(world).escalation.accepted_by == by
    assert not world.dev.rings
