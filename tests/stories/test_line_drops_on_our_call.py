"""We rang them, and whoever of ours talked with them is gone: a person is told and met again, a box hears nothing."""

from __future__ import annotations

import pytest

from hotline.callbacks.callback import CallbackStatus
from hotline.simulator import Behaviour
from tests.operations.texting import writes
from tests.stories.conftest import Building
from tests.stories.records import the_callback, the_emergency
from tests.stories.test_person_first import NO_HOLD, ana_takes_it, owe, spoken_to_mia
from tests.stories.test_staff_gone import QUESTION
from tests.stories.world import PERSON_FIRST, World

GONE = "The other person has left the call"


def cleo_rings_mia(world: World) -> None:
    """An emergency by text: Cleo, whom alone a call reaches, takes it; Mia's telephone rings."""
    world.phones(Behaviour.OFF, world.dev, world.eva)
    writes(world.mia, "I took 40 pills and want to die")
    world.cleo.answers().presses("1")
    world.until(lambda: world.mia.rings, within=20)


@pytest.fixture
def rung(building: Building) -> World:
    """Mia is in danger and is rung; nobody but Cleo can come."""
    world = building(centre=PERSON_FIRST)
    cleo_rings_mia(world)
    return world


@pytest.mark.both_databases
def test_in_an_emergency_they_ask_and_are_told_and_met_again(rung: World) -> None:
    """Nobody asks them for a key or hangs up; the guidance runs until Cleo, who is rung first, is back."""
    rung.mia.answers().meets(rung.cleo)
    rung.passes(10)
    rung.cleo.phone.hangs_up()
    rung.passes(3)
    rung.mia.says("Hello? Are you still there?").hears(GONE, within=12)
    rung.cleo.answers(within=20).presses("1").meets(rung.mia, within=20)
    assert not rung.mia.has_heard(QUESTION)
    assert the_emergency(rung).escalation.accepted_by is not None


def test_in_an_emergency_who_says_nothing_is_kept_and_met_again(rung: World) -> None:
    """It may be a box: nothing is said. It may be somebody who can't speak: they are kept, and Cleo is rung."""
    rung.mia.answers().meets(rung.cleo)
    rung.passes(10)
    before = spoken_to_mia(rung)
    rung.cleo.phone.hangs_up()
    rung.cleo.answers(within=25).presses("1").meets(rung.mia, within=20)
    assert spoken_to_mia(rung) == before


def test_any_key_shows_the_right_person(rung: World) -> None:
    """As it does before a talk: nobody is to say who it was any more."""
    rung.mia.answers().meets(rung.cleo)
    rung.passes(5)
    rung.cleo.phone.hangs_up()
    rung.passes(3)
    rung.mia.presses("4").hears(GONE, within=12)
    assert the_callback(rung).callback.status is CallbackStatus.TALKING
    rung.cleo.answers(within=30).presses("1").meets(rung.mia, within=20)


def test_who_was_said_to_be_the_right_person_is_told_at_once(rung: World) -> None:
    """Cleo leaves by key and says so, while Mia is still there and silent."""
    rung.mia.answers().meets(rung.cleo)
    rung.passes(25)
    rung.cleo.presses("*").presses("9").presses("2")
    rung.mia.hears(GONE, within=15)


@pytest.mark.both_databases
@pytest.mark.parametrize("greeting", [3.0, 25.0])
def test_a_box_hears_nothing_when_the_clinician_hangs_up_on_it(building: Building, greeting: float) -> None:
    """Neither after its beep nor while it still greets; and not when Cleo comes again, whom its silence fetched."""
    world = building(centre=PERSON_FIRST)
    world.phones(Behaviour.VOICEMAIL, world.mia, after=4)
    world.mia.phone.speaks_first, world.mia.phone.speaks_after = "Hi, leave a message.", 1.0
    world.mia.phone.mailbox.greeting, world.mia.phone.mailbox.patience = greeting, 60.0
    cleo_rings_mia(world)
    world.cleo.hears("leave a message", within=30).hangs_up()
    world.cleo.answers(within=30).presses("1")
    world.passes(5)
    world.cleo.hangs_up()
    world.passes(30)
    assert spoken_to_mia(world) == set()


def test_the_second_human_in_the_room_keeps_them(building: Building) -> None:
    """The first one's line drops: nothing is said to anybody."""
    world = building(centre=PERSON_FIRST)
    cleo_rings_mia(world)
    world.mia.answers().meets(world.cleo)
    world.phones(Behaviour.RINGS, world.dev)
    world.passes(5)
    world.cleo.presses("*").presses("1")
    world.dev.answers(within=60).presses("1")
    world.until(lambda: world.mia.talks_with(world.cleo, world.dev), within=30)
    before = spoken_to_mia(world)
    world.cleo.hangs_up()
    world.passes(20)
    assert world.mia.talks_with(world.dev)
    assert spoken_to_mia(world) == before


def test_a_caller_whom_we_called_back_is_told_and_rung_for(building: Building) -> None:
    """Ana's line drops: Mia asks, hears so, and is put through again when she stays; nothing is "reached" for that."""
    world = building(centre=PERSON_FIRST + '[waits]\nlive_answer = "40s"\n')
    owe(world)
    ana_takes_it(world)
    world.mia.answers().meets(world.ana)
    world.passes(20)
    world.ana.phone.hangs_up()
    world.passes(3)
    world.mia.says("Hello? Is anybody there?").hears(GONE, within=12).hears("getting a person", within=20)
    assert the_callback(world).callback.status is CallbackStatus.ANSWERED
    world.ana.answers(within=30).presses("1").meets(world.mia, within=20)
    assert not world.mia.has_heard(QUESTION)
    world.passes(30)
    world.mia.hangs_up()
    world.ana.hears("Who was it").presses("1").hears("How did it end").presses("1").hears("Saved")
    world.passes(5)
    assert the_callback(world).callback.status is CallbackStatus.CLOSED


def test_a_called_back_caller_who_hangs_up_while_they_hold_is_still_ana_s(building: Building) -> None:
    """She says who it was, and is asked; phones stop ringing."""
    world = building(centre=PERSON_FIRST + '[waits]\nlive_answer = "40s"\n')
    owe(world)
    ana_takes_it(world)
    world.mia.answers().meets(world.ana)
    world.passes(20)
    world.ana.phone.hangs_up()
    world.passes(3)
    world.mia.says("Hello?").hears("getting a person", within=30).hangs_up()
    world.until(lambda: not world.ana.rings, within=10)
    owed = the_callback(world).callback
    assert (owed.status, owed.owner is not None) == (CallbackStatus.UNSAID, True)


def test_a_box_hears_nothing_of_a_callback_either(building: Building) -> None:
    """Ana hangs up on it: it is over, and hers to say."""
    world = building(centre=NO_HOLD)
    owe(world)
    world.phones(Behaviour.VOICEMAIL, world.mia, after=4)
    world.mia.phone.mailbox.patience = 100.0
    ana_takes_it(world)
    world.passes(12)
    world.ana.hangs_up()
    world.until(lambda: not world.mia.in_call, within=25)
    assert spoken_to_mia(world) == set()
    assert the_callback(world).callback.status is CallbackStatus.UNSAID
