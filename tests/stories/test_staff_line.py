"""By phone only: a staff phone and its PIN open the staff line; neither does alone."""

from __future__ import annotations

from functools import partial

import pytest

from hotline.operations.at_work import pins, staff_line
from hotline.operations.at_work.pins import PinCheck, TooSimple
from hotline.operations.transaction import Transaction
from hotline.simulator import Behaviour
from hotline.store.people import staff
from tests.stories.centre import CENTRE, RETRY
from tests.stories.conftest import Building
from tests.stories.records import the_callback
from tests.stories.world import ANA, BEN, LINE, SITE, World

DESK, PIN = "+16175550111", "482913"


def chooses(world: World, number: str = ANA, pin: str = PIN) -> None:
    """They have a PIN."""

    def work(transaction: Transaction) -> None:
        row = staff.get(transaction.tx, world.staff_id(number))
        assert row is not None
        pins.choose(transaction, row, pin)

    world.change(work)


@pytest.fixture
def desk(building: Building) -> World:
    """A centre with a number for staff, of whom Ana has a PIN."""
    world = building(centre=f'{CENTRE}staff_number = "{DESK}"\n')
    world.sim.number(
        DESK,
        voice_url=f"{SITE}/twilio/voice{RETRY}",
        voice_fallback_url=f"{SITE}/twilio/voice/fallback",
        status_callback=f"{SITE}/twilio/voice/status{RETRY}",
        sms_url=f"{SITE}/twilio/sms{RETRY}",
    )
    chooses(world)
    return world


def opened(world: World) -> World:
    """Ana is in."""
    world.ana.calls(DESK).hears("Please type your PIN").presses(PIN).hears("How many wait, press 2")
    return world


@pytest.mark.both_databases
def test_with_their_phone_and_their_pin_they_hear_how_many_wait_and_take_the_next(desk: World) -> None:
    """They hang up, their phone rings, 1 connects them with whoever is owed a call."""
    world = desk
    world.phones(Behaviour.OFF, world.ana, world.ben)
    world.mia.calls().presses("2").presses("4").hangs_up()
    world.passes(20)
    world.phones(Behaviour.RINGS, world.ana)
    opened(world)
    world.ana.presses("2").hears("Waiting: emergencies, 0. Callers on the line, 0. Call backs, 1. Texts, 0")
    world.ana.presses("3").hears("Your phone rings in a few seconds").leaves()
    world.ana.answers(within=20).presses("1")
    world.mia.answers(within=20).presses("1").meets(world.ana)
    assert the_callback(world).callback.owner == world.staff_id(ANA)


def test_who_is_on_is_said(desk: World) -> None:
    opened(desk).ana.presses("4").hears("On coordinators: Ana Lima, Ben Ortiz").hears(
        "On supervisors: Sue Hall"
    )


def test_off_duty_and_on_again_as_far_as_the_schedule_allows(desk: World) -> None:
    """The last one on a schedule can't leave it by a key."""
    world = desk
    chooses(world, BEN)
    opened(world).ana.presses("5").hears("You are off duty until 3:00 AM").leaves()
    world.ana.reads("by phone, with your PIN: off duty until 3:00 AM")
    world.mia.calls().presses("2")
    world.ben.answers().presses("1").meets(world.mia)
    assert world.calls_to(ANA) == []
    world.mia.hangs_up()
    world.ben.hears("How did it end").presses("1").leaves()
    world.ben.calls(DESK).presses(PIN).presses("5").hears("You are the only one on coordinators")
    opened(world).ana.presses("5").hears("You are on duty again")


def test_running_late_is_told_to_whoever_waits_to_be_relieved(desk: World) -> None:
    opened(desk).ana.presses("6").hears("Your colleagues and a supervisor are told")
    desk.ben.reads("Ana Lima runs late: coordinators, 3:00 PM")
    desk.sue.reads("Ana Lima runs late")


def test_a_staff_phone_opens_it_on_the_line_itself_with_a_star(world: World) -> None:
    """For everybody else the star is a wrong key; 1 is a caller's key at every place."""
    chooses(world)
    world.ana.calls(LINE).presses("*").hears("Please type your PIN").presses(PIN).hears("How many wait")
    world.ana.presses("1").hears("9-1-1").leaves()
    world.mia.calls().presses("*")
    assert not world.mia.has_heard("PIN")


def test_neither_a_number_nor_a_pin_is_enough(desk: World) -> None:
    """From another phone there is no question; a stranger is told where help is; three wrong ones end the call."""
    world = desk
    world.mia.calls(DESK).hears("This number is for staff phones only").hears("dial 9-1-1")
    world.ben.calls(DESK).hears("This number is for staff phones only")
    world.ana.calls(DESK)
    for _ in range(2):
        world.ana.presses("111112").hears("That is not your PIN")
    world.ana.presses("111112").hears("That is not possible now")
    assert not world.ana.has_heard("How many wait")


def test_a_pin_can_not_be_guessed(world: World) -> None:
    """After five wrong ones within an hour the right one opens nothing; they are told, and so are supervisors."""
    chooses(world)
    ana = world.look(lambda transaction: staff.get(transaction.tx, world.staff_id(ANA)))
    tried = partial(pins.check, row=ana)
    found = [world.change(lambda transaction: tried(transaction, given="000001")) for _ in range(5)]
    assert found == [PinCheck.WRONG] * 5
    assert world.change(lambda transaction: tried(transaction, given=PIN)) is PinCheck.SHUT
    world.passes(2)
    world.ana.reads("wrong PINs were tried")
    world.sue.reads("wrong PINs were tried on the staff line, from the phone of Ana Lima")
    world.passes(minutes=61)
    assert world.change(lambda transaction: tried(transaction, given=PIN)) is PinCheck.RIGHT
    for pin in ("123456", "777777", "12345", "abcdef"):
        with pytest.raises(TooSimple):
            chooses(world, pin=pin)


def test_silence_has_the_keys_told_again(world: World) -> None:
    said = world.change(lambda transaction: staff_line.pressed(transaction, world.staff_id(ANA), None))
    assert said == staff_line.DeskWords(())
