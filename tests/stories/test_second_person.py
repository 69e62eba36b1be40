"""Whoever has an emergency asks for somebody beside them, by text, key or on the console; it stays theirs."""

from __future__ import annotations

import pytest

from hotline.model import Subject
from hotline.operations.console import coordinator
from hotline.operations.staff import second_person
from hotline.operations.texts import threads
from hotline.operations.texts.threads import Held, Wrote
from hotline.simulator import Behaviour
from hotline.store.cases import escalations, timeline
from tests.operations.texting import code_of, confirms, takes, thread_of, writes
from tests.stories.records import emergencies
from tests.stories.test_staff_star import all_talk
from tests.stories.world import CLEO, DEV, World

WANTED = "Cleo has an emergency, and asks for somebody beside them"


@pytest.fixture
def by_text(world: World) -> World:
    """Mia texts that somebody is in danger, and Cleo has it."""
    writes(world.mia, "he is not breathing")
    takes(world.cleo, "3")
    world.passes(5)
    return world


def asked(world: World) -> list[str]:
    """How what was asked stands."""
    rows = world.look(lambda transaction: escalations.all_open(transaction.tx))
    return [row.escalation.status for row in rows if row.escalation.subject is Subject.HELP]


def happened(world: World) -> list[str]:
    """What the timeline of the emergency tells."""
    contact = thread_of(world).id
    return [one.what for one in world.look(lambda tx: timeline.of(tx.tx, contact_id=contact))]


def owner(world: World) -> str | None:
    (row,) = emergencies(world)
    found: str | None = row.escalation.accepted_by
    return found


@pytest.mark.both_databases
def test_the_first_to_come_has_a_share_and_the_owner_is_told_who(by_text: World) -> None:
    """The others are told who comes. What Dev writes on the console goes out; Ana's doesn't."""
    world = by_text
    assert "called now to help you: Dev, Eva" in (writes(world.cleo, "I need help") or "")
    for one in (world.dev, world.eva):
        one.reads(WANTED)
    assert not world.cleo.rings
    world.dev.answers().hears(f"{WANTED}. English").presses("1").hears(
        "Cleo has it, and is told that you come"
    )
    world.cleo.reads("Dev comes to help you. It stays yours.")
    world.eva.reads("was taken by Dev")
    world.until(lambda: not world.eva.rings, within=12)
    assert owner(world) == world.staff_id(CLEO)
    thread, dev, ana = thread_of(world).id, world.staff_id(DEV), world.staff_id("+16175550101")
    wrote = world.change(lambda tx: threads.write(tx, thread, "Is he on his side?", dev, "d1"))
    assert isinstance(wrote, Wrote)
    assert world.change(lambda tx: threads.write(tx, thread, "Hello", ana, "a1")) is Held.NOT_YOURS
    world.mia.reads("Is he on his side?")
    assert {"help_asked", "help_comes"} <= set(happened(world))
    confirms(world.cleo, f"DONE {code_of(world.cleo)}")
    assert emergencies(world) == []
    assert asked(world) == []


def test_one_after_the_other_rung_after_rung(by_text: World) -> None:
    """Dev and Eva can't: the next rung is called, supervisors and coordinators; whoever is in it is called no more."""
    world = by_text
    writes(world.cleo, "send somebody")
    writes(world.dev, "can't")
    writes(world.eva, "no")
    for one in (world.ana, world.ben, world.sue):
        one.reads(WANTED)
    assert not world.cleo.rings
    world.sue.answers().presses("1")
    world.cleo.reads("Sue comes to help you")
    assert "called now to help you" in (writes(world.cleo, "need backup") or "")
    assert not world.sue.rings


def test_when_nobody_can_the_owner_is_told_so_and_keeps_it(by_text: World) -> None:
    """Every rung was called once; nobody is called for ever, and they may ask again."""
    world = by_text
    world.phones(Behaviour.OFF, *(one for one in world.staff if one is not world.cleo))
    writes(world.cleo, "need help")
    world.cleo.reads("nobody can come to help you now. It is still yours.", within=180)
    assert owner(world) == world.staff_id(CLEO)
    assert asked(world) == []
    assert "help_in_vain" in happened(world)
    world.passes(20)
    assert "called now to help you" in (writes(world.cleo, "need help") or "")


def test_a_key_in_the_talk_does_the_same(world: World) -> None:
    """Three talk; Cleo reads who comes, and when Dev leaves she reads that too."""
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    world.until(lambda: not world.dev.rings, within=12)
    world.cleo.presses("*").presses("1").hears("Somebody is being called to you").meets(world.mia)
    world.dev.answers().presses("1").hears("You are joining the call")
    world.until(lambda: all_talk(world.mia, world.cleo, world.dev), within=12)
    world.cleo.reads("Dev comes to help you")
    world.dev.hangs_up()
    world.cleo.reads("Dev helps you no more").meets(world.mia)
    assert owner(world) == world.staff_id(CLEO)


def test_in_the_talk_nobody_can_is_whispered(world: World) -> None:
    """By text as well, for whoever has the phone at their ear reads later."""
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    world.phones(Behaviour.OFF, *(one for one in world.staff if one is not world.cleo))
    world.cleo.presses("*").presses("1").meets(world.mia)
    world.cleo.hears("Nobody can come now", within=180).meets(world.mia)


def test_on_the_console_it_is_asked_accepted_and_left(by_text: World) -> None:
    """Only by whoever is in it; asked twice, it is asked once."""
    world = by_text
    (row,) = emergencies(world)
    cleo, dev = world.staff_id(CLEO), world.staff_id(DEV)
    refused = world.change(lambda tx: second_person.ask(tx, row, dev))
    assert refused.result is second_person.HelpAsked.NOT_YOURS
    results = [
        world.change(lambda tx: second_person.ask(tx, emergency_now(tx), cleo)).result for _ in range(2)
    ]
    assert results == [second_person.HelpAsked.NOW, second_person.HelpAsked.ALREADY]
    (wanted,) = [
        one
        for one in world.look(lambda tx: escalations.all_open(tx.tx))
        if one.escalation.subject is Subject.HELP
    ]
    world.change(lambda tx: coordinator.accept(tx, wanted.escalation.id, dev))
    world.cleo.reads("Dev comes to help you")
    world.until(lambda: not world.dev.rings, within=12)
    accepted = world.look(lambda tx: escalations.get(tx.tx, wanted.escalation.id))
    assert world.change(lambda tx: second_person.leave(tx, accepted, dev))
    world.cleo.reads("Dev helps you no more")
    assert asked(world) == []


def emergency_now(transaction: object) -> escalations.EscalationRow:
    """The one emergency, as it is in this transaction."""
    rows = escalations.all_open(transaction.tx)  # type: ignore[attr-defined]
    return next(one for one in rows if one.escalation.subject is Subject.EMERGENCY)


def test_help_of_whoever_has_none_is_their_own_cry(world: World) -> None:
    """A clinician for whom nothing waits writes "help me": nobody is called to an emergency that there isn't."""
    writes(world.cleo, "help me")
    assert asked(world) == []
    assert not world.cleo.has_read("called now to help you")


def test_help_alone_goes_to_no_caller_and_calls_nobody(by_text: World) -> None:
    """It is the carriers' word: whoever has an emergency is told how to ask."""
    world = by_text
    before = len(world.mia.phone.inbox)
    assert "reply I NEED HELP" in (writes(world.cleo, "HELP") or "")
    assert asked(world) == []
    assert len(world.mia.phone.inbox) == before
