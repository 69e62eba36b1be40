"""A text is proof of nobody: whoever forges the number of every staff phone accepts, closes and says nothing."""

from __future__ import annotations

import pytest

from hotline.model import StaffId
from hotline.operations.console import coordinator
from hotline.operations.texts import threads
from hotline.simulator import Behaviour
from hotline.store.cases import pages
from tests.operations.texting import code_of, takes, writes
from tests.stories.people import Person
from tests.stories.records import emergencies
from tests.stories.world import ANA, CLEO, DEV, LINE, World

LIES = ("1", "DONE", "YES", "ok", "go away, nobody comes", "2", "1", "DONE")


def forged(world: World, *people: Person) -> None:
    """Texts with their numbers; they themselves have seen none of them, and answer no call that comes of it."""
    for words in LIES:
        for person in people:
            person.phone.texts(LINE, words)
            world.passes(2)


def test_no_emergency_is_accepted_closed_or_spoken_to_by_forged_texts(world: World) -> None:
    """Texts from every staff phone, the right codes among them: the emergency is as open as before, and paged on."""
    world.phones(Behaviour.VOICEMAIL, *world.staff, after=5)
    writes(world.mia, "he is not breathing")
    codes = [(person, code_of(person)) for person in world.clinicians]
    before = len(world.mia.phone.inbox)
    forged(world, *world.staff)
    for person, code in codes:
        writes(person, code, f"DONE {code}", f"{code} go away")
    world.passes(60)
    row = emergencies(world)[0]
    assert row.escalation.accepted_by is None
    assert row.escalation.next_at is not None
    assert len(world.mia.phone.inbox) == before


def test_a_forged_no_silences_no_phone(world: World) -> None:
    """Others are paged sooner for it; whoever's phone rings can still answer it, press 1, and has it."""
    writes(world.mia, "he is not breathing")
    for clinician in world.clinicians:
        assert clinician.phone.ringing
        clinician.phone.texts(LINE, "2")
        world.passes(1)
        assert clinician.phone.ringing
    world.cleo.answers().presses("1")
    assert emergencies(world)[0].escalation.accepted_by == world.staff_id(CLEO)


def test_what_a_clinician_has_is_neither_closed_nor_spoken_to_by_forged_texts(world: World) -> None:
    """She has it by key. What texts with her number ask for rings her phone, and is done only if she presses 1."""
    writes(world.mia, "he is not breathing")
    takes(world.cleo, "3")
    code = code_of(world.cleo)
    world.phones(Behaviour.VOICEMAIL, *world.staff, after=5)
    before = len(world.mia.phone.inbox)
    forged(world, *world.staff)
    writes(world.cleo, f"DONE {code}", f"{code} go away", "go away", "YES")
    world.passes(60)
    row = emergencies(world)[0]
    assert row.escalation.accepted_by == world.staff_id(CLEO)
    assert len(world.mia.phone.inbox) == before


def test_codes_are_random_and_another_one_for_each_person(world: World) -> None:
    """A colleague's code says nothing about one's own."""
    writes(world.mia, "he is not breathing")
    world.passes(100)
    (row,) = emergencies(world)
    found = world.look(lambda transaction: pages.of_escalation(transaction.tx, row.escalation.id))
    codes = {page.staff_id: page.reference for page in found}.values()
    assert len(found) > 8
    assert len(codes) > 3
    assert len(set(codes)) == len(codes)
    assert not any(row.escalation.id.startswith(code) for code in codes)


def test_a_code_of_somebody_else_s_page_is_none(world: World) -> None:
    """It is theirs alone."""
    writes(world.mia, "he is not breathing")
    theirs = code_of(world.dev)
    writes(world.cleo, theirs)
    (row,) = emergencies(world)
    assert row.escalation.coming == frozenset()


def test_1_accepts_no_page_that_has_not_been_sent(world: World) -> None:
    """The carrier takes no texts just now: what is not on their screen can't be meant."""
    world.sim.faults.error(503, "messages", times=1000)
    writes(world.mia, "he is not breathing")
    world.until(lambda: world.cleo.rings, within=12)
    world.cleo.texts("1")
    world.passes(3)
    (row,) = emergencies(world)
    assert row.escalation.coming == frozenset()


@pytest.mark.parametrize("by_text", [True, False])
def test_whoever_accepts_and_can_t_be_connected_keeps_nobody_waiting(world: World, by_text: bool) -> None:
    """By text it was only said; on the board it was proven, and their phone is off: everybody is paged anew."""
    world.mia.calls().presses("1")
    world.phones(Behaviour.OFF, *world.staff)
    if by_text:
        code = code_of(world.cleo)
        writes(world.cleo, code)
    else:
        ana: StaffId = world.staff_id(ANA)
        row = world.board().emergencies[0].escalation
        world.change(lambda transaction: coordinator.accept(transaction, row, ana))
    world.passes(10)
    (running,) = emergencies(world)
    assert running.escalation.accepted_by is None
    world.phones(Behaviour.RINGS, world.eva)
    world.until(lambda: world.eva.rings, within=60)
    world.eva.answers().presses("1").meets(world.mia)


def test_a_handed_over_emergency_is_not_the_other_s_by_one_text(world: World) -> None:
    """It stays the giver's until 1 is pressed on a call."""
    writes(world.mia, "he is not breathing")
    takes(world.cleo, "3")
    world.phones(Behaviour.VOICEMAIL, world.dev, after=5)
    row = emergencies(world)[0].escalation.id
    ids = world.staff_id(DEV), world.staff_id(CLEO)
    world.change(lambda transaction: threads.hand_over(transaction, row, *ids))
    writes(world.dev, code_of(world.dev), "1")
    world.passes(60)
    assert emergencies(world)[0].escalation.accepted_by == world.staff_id(CLEO)
