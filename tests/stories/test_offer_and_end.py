"""Whoever was asked to take something over is asked until they answer, or are told that they are asked no more."""

from __future__ import annotations

import pytest

from hotline.console.thread import timeline_words
from hotline.model import ContactId
from hotline.operations.console import coordinator
from hotline.operations.console.emergency_cards import Emergency
from hotline.operations.texts import threads
from hotline.simulator import Behaviour
from hotline.store.cases.escalations import EscalationRow
from tests.operations.texting import code_of, takes, thread_of, writes
from tests.stories.records import emergencies, the_emergency
from tests.stories.test_staff_star import all_talk
from tests.stories.world import CLEO, DEV, EVA, SUE, World

ASKED, KEPT = "Did not take it over: it stays whose it is", "Is asked to take it over no more"


@pytest.fixture
def helped(world: World) -> World:
    """Mia talks with Cleo, whose emergency it is, and with Dev, who helps."""
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    world.until(lambda: not world.dev.rings, within=12)
    world.cleo.presses("*").presses("1").hears("Somebody is being called to you").meets(world.mia)
    world.dev.answers().presses("1").hears("You are joining the call")
    world.until(lambda: all_talk(world.mia, world.cleo, world.dev), within=12)
    return world


def offers(world: World, to: str = DEV) -> None:
    """Cleo asks a colleague to take over what is hers."""
    theirs, by = the_emergency(world).escalation.id, world.staff_id(CLEO)
    refused = world.change(lambda tx: threads.hand_over(tx, theirs, world.staff_id(to), by))
    assert refused is None


def card(world: World, who: str) -> Emergency:
    """The emergency, as it stands on their board."""
    (one,) = world.board(who).emergencies
    return one


def happened(world: World, contact: ContactId) -> list[tuple[str, str]]:
    """What stands on its page, and by whom."""
    page = world.look(lambda tx: threads.look(tx, contact, world.staff_id(CLEO)))
    return [(one.words, one.who) for one in timeline_words.lines(page.happened)]


def test_who_helps_in_the_talk_is_rung_to_take_it_over_when_that_is_over(helped: World) -> None:
    """Their phone is in use for it already: a call into the talk would find it busy, and end what Cleo has asked."""
    world = helped
    offers(world)
    world.dev.reads("Cleo asks you to take over", within=30)
    assert len(world.calls_to(DEV)) == 2
    assert card(world, DEV).offered
    world.mia.hangs_up()
    world.cleo.hears("Is this emergency closed?").presses("2")
    world.until(lambda: world.dev.rings, within=30)
    assert card(world, CLEO).offered_to == "Dev Rao"
    world.dev.answers().hears("Cleo asks you to take over").presses("1")
    world.cleo.reads("Dev has taken it over", within=20)
    assert the_emergency(world).escalation.accepted_by == world.staff_id(DEV)


def test_who_takes_it_over_on_the_board_in_the_talk_is_rung_for_nothing_after_it(helped: World) -> None:
    """They have talked with them; and Mia, who has just hung up, is rung at her time."""
    world = helped
    offers(world)
    theirs = the_emergency(world).escalation.id
    world.change(lambda tx: coordinator.accept(tx, theirs, world.staff_id(DEV)))
    assert card(world, DEV).mine
    world.cleo.reads("Dev has taken it over", within=20)
    world.mia.hangs_up()
    world.passes(20)
    assert (world.dev.rings, len(world.calls_to(DEV))) == (False, 2)


def test_who_does_not_answer_is_asked_no_more_and_everybody_sees_it(helped: World) -> None:
    """On both boards and on the timeline; and what stands on Dev's screen is taken back with the truth."""
    world = helped
    contact = the_emergency(world).contact_id
    assert contact is not None
    offers(world)
    world.dev.reads("Cleo asks you to take over", within=30)
    code = code_of(world.dev)
    world.mia.hangs_up()
    world.phones(Behaviour.IGNORES, world.dev)
    world.cleo.hears("Is this emergency closed?").presses("2")
    world.cleo.reads("Dev can't take it over, or didn't answer. It is still yours.", within=90)
    world.dev.reads(f"{code} stays with Cleo: you are not asked to take it over any more.")
    for who in (CLEO, DEV):
        assert (card(world, who).kept_from, card(world, who).offered_to) == ("Dev Rao", None)
    assert (ASKED, "Dev Rao") in happened(world, contact)
    assert "stays with Cleo: you are not asked" in (writes(world.dev, code) or "")
    assert not any("was taken by Cleo" in one for one in world.texts_to(DEV)[3:])


@pytest.fixture
def by_text(world: World) -> World:
    """Mia texts that somebody is in danger, and Cleo has it and has asked Dev to take it over."""
    writes(world.mia, "he is not breathing")
    takes(world.cleo, "3")
    world.passes(25)
    world.phones(Behaviour.RINGS, world.dev, world.eva)
    offers(world)
    world.dev.reads("Cleo asks you to take over", within=30)
    return world


def test_who_says_no_knows_it(by_text: World) -> None:
    """It is told to Cleo, and not to Dev again."""
    world = by_text
    world.dev.answers().presses("2")
    world.cleo.reads("Dev can't take it over")
    world.passes(10)
    assert not any("not asked" in one for one in world.texts_to(DEV))
    assert (ASKED, "Dev Rao") in happened(world, thread_of(world).id)
    assert card(world, CLEO).kept_from == "Dev Rao"


def test_who_is_asked_no_more_because_another_one_is(by_text: World) -> None:
    """It stays with Cleo as far as Dev is concerned, and the boards tell of Eva."""
    world = by_text
    code = code_of(world.dev)
    offers(world, EVA)
    world.dev.reads(f"{code} stays with Cleo: you are not asked to take it over any more.")
    assert (KEPT, "Dev Rao") in happened(world, thread_of(world).id)
    assert (card(world, DEV).offered_to, card(world, DEV).kept_from) == ("Eva Stone", None)


def test_when_a_supervisor_takes_it_the_one_who_was_asked_reads_who_has_it(by_text: World) -> None:
    """Not that it stays where it was."""
    world = by_text
    code, theirs = code_of(world.dev), the_emergency(world).escalation.id
    world.change(lambda tx: coordinator.take_over(tx, theirs, world.staff_id(SUE)))
    world.dev.reads(f"{code} was taken by Sue.")
    assert (KEPT, "Dev Rao") in happened(world, thread_of(world).id)


def test_when_it_is_closed_the_one_who_was_asked_reads_that_it_is_over(by_text: World) -> None:
    """And their phone stops ringing for it."""
    world = by_text
    code, theirs = code_of(world.dev), the_emergency(world).escalation.id
    world.change(lambda tx: coordinator.close(tx, theirs, world.staff_id(CLEO)))
    world.dev.reads(f"{code} is not waiting any more.")
    world.until(lambda: not world.dev.rings, within=12)


@pytest.fixture
def written(world: World) -> World:
    """Mia's emergency by text is Cleo's, who writes; Eva's phone is off, and Dev's rings for somebody else."""
    writes(world.mia, "1")
    world.cleo.answers().hears("Emergency by text, waiting").presses("3")
    world.until(lambda: not world.dev.rings, within=40)
    world.phones(Behaviour.IGNORES, world.dev, world.eva)
    world.person("+16175552001", label="other").calls().presses("1")
    world.until(lambda: world.dev.rings, within=12)
    return world


def theirs(world: World) -> EscalationRow:
    """Mia's emergency."""
    return next(one for one in emergencies(world) if one.escalation.accepted_by or one.escalation.offered_to)


def test_what_is_offered_outlives_a_ring_for_something_else(written: World) -> None:
    """It rang for another emergency when Cleo asked: that ring's end is no answer to her, and it rings for hers."""
    world = written
    mine, by = theirs(world).escalation.id, world.staff_id(CLEO)
    world.until(lambda: not world.dev.rings, within=40)
    world.until(lambda: world.dev.rings, within=40)
    world.passes(15)
    assert world.change(lambda tx: threads.hand_over(tx, mine, world.staff_id(DEV), by)) is None
    world.until(lambda: not world.dev.rings, within=40)
    world.passes(1)
    assert theirs(world).escalation.offered_to == world.staff_id(DEV)
    assert not world.cleo.has_read("can't take it over")
    world.cleo.reads("can't take it over, or didn't answer", within=120)
    assert theirs(world).escalation.offered_to is None


def test_who_has_nobody_comes_before_what_a_colleague_has(world: World) -> None:
    """Cleo asks Dev to take Mia's over as somebody else presses 1: that one first, and then what Cleo asks."""
    world.phones(Behaviour.IGNORES, world.eva)
    writes(world.mia, "1")
    world.cleo.answers().hears("Emergency by text, waiting").presses("3")
    world.until(lambda: not world.dev.rings, within=40)
    mine, by = theirs(world).escalation.id, world.staff_id(CLEO)
    world.phones(Behaviour.IGNORES, world.cleo)
    assert world.change(lambda tx: threads.hand_over(tx, mine, world.staff_id(DEV), by)) is None
    other = world.person("+16175552001", label="other")
    other.calls().presses("1")
    world.dev.answers(within=30).hears("Emergency waiting").presses("1").meets(other)
    other.hangs_up()
    world.dev.hears("Is this emergency closed?").presses("1")
    world.dev.answers(within=60).hears("Cleo asks you to take over").presses("1")
    world.passes(2)
    assert theirs(world).escalation.accepted_by == world.staff_id(DEV)


def test_who_is_on_the_phone_and_says_yes_by_text_reads_whose_it_stays_until_then(by_text: World) -> None:
    """Nobody else is paged for what a colleague has."""
    world = by_text
    world.person("+16175552001", label="other").calls().presses("1")
    world.dev.answers(within=30).presses("1")
    writes(world.dev, code_of(world.dev))
    assert "Until then it stays with Cleo" in world.dev.last_text


def test_who_has_handed_over_in_the_talk_is_asked_nothing_when_they_leave(helped: World) -> None:
    """It isn't theirs to close any more, while the other one talks with the caller."""
    world = helped
    offers(world)
    world.change(lambda tx: coordinator.accept(tx, the_emergency(world).escalation.id, world.staff_id(DEV)))
    world.passes(2)
    assert the_emergency(world).escalation.accepted_by == world.staff_id(DEV)
    world.cleo.presses("*").presses("9").hears("Thank you. Goodbye")
    assert not world.cleo.has_heard("Is this emergency closed")
    assert all_talk(world.mia, world.dev)


def test_who_is_asked_how_it_ended_closes_nothing_that_somebody_has_taken_meanwhile(world: World) -> None:
    """While the question is asked a supervisor takes it over: the key is too late, and nobody hears "Saved"."""
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    world.passes(30)
    world.mia.hangs_up()
    world.cleo.hears("Is this emergency closed")
    emergency, sue = the_emergency(world).escalation.id, world.staff_id(SUE)
    world.change(lambda tx: coordinator.take_over(tx, emergency, sue))
    world.cleo.presses("1").hears("Thank you. Goodbye")
    assert not world.cleo.has_heard("Saved")
    assert the_emergency(world).escalation.accepted_by == sue
