"""By phone only: a staff phone and its PIN open the staff line; neither does alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest

from hotline.model import Outcome
from hotline.operations.at_work import pins, staff_line
from hotline.operations.at_work.pins import PinCheck, TooSimple
from hotline.operations.transaction import Transaction
from hotline.simulator import Behaviour
from hotline.store.database.periods import Period
from hotline.store.overviews.crew import crew
from hotline.store.people import staff
from hotline.store.reports import dispositions, measures
from hotline.store.reports.dispositions import Disposition
from tests.store.test_side_by_side import Meeting
from tests.store.threads import in_threads
from tests.stories.centre import CENTRE, STAFF
from tests.stories.conftest import Building
from tests.stories.records import callbacks_of, last_outcome, the_callback
from tests.stories.world import AFTERNOON, ANA, BEN, LINE, SUE, World, has_number

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
    has_number(world.sim, DESK)
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


@pytest.mark.parametrize("first", ["", "3"])
def test_staff_who_use_it_are_no_callers_who_left_early(world: World, first: str) -> None:
    """Nothing is counted of their call, and nothing owed for it, also if they pressed a wrong key before; a stranger's
    hang-up counts."""
    chooses(world)
    world.ana.calls(LINE)
    if first:
        world.ana.presses("9")
    world.ana.presses("*").hears("Please type your PIN").presses(PIN).hears("How many wait").hangs_up()
    world.passes(5)
    assert last_outcome(world) is Outcome.STAFF_LINE
    assert callbacks_of(world) == []
    world.mia.calls().hangs_up()
    world.passes(5)
    period = Period(AFTERNOON, AFTERNOON + timedelta(hours=1))
    ended = world.look(lambda transaction: measures.outcomes(transaction.tx, period))
    assert [(one.outcome, one.calls) for one in ended] == [(Outcome.LEFT_EARLY, 1)]
    became = world.look(lambda transaction: dispositions.dispositions(transaction.tx, period))
    assert [(one.disposition, one.contacts) for one in became] == [(Disposition.LEFT, 1)]
    lost = world.look(lambda transaction: measures.drop_offs(transaction.tx, period))
    assert sum(one.calls for one in lost) == 1


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


def test_nobody_leaves_what_comes_later_in_their_shift_to_nobody(building: Building) -> None:
    """A colleague who is on now, too, goes home in half an hour: the hours after that would be nobody's."""
    turn = {"every": "1d", "starts": datetime(2026, 3, 2, 12)}
    until = {**turn, "turns": ["Ben Ortiz"], "ends": datetime(2026, 3, 2, 15, 30)}
    both = {
        "name": "coordinators",
        "timezone": "America/New_York",
        "rotation": [until, {**turn, "turns": ["Ana Lima"]}],
    }
    world = building(document={**STAFF, "schedule": [both, *STAFF["schedule"][1:]]})
    said = world.change(lambda transaction: staff_line.pressed(transaction, world.staff_id(ANA), "5"))
    assert [one.prompt for one in said.words] == ["desk_alone"]
    said = world.change(lambda transaction: staff_line.pressed(transaction, world.staff_id(BEN), "5"))
    assert [one.prompt for one in said.words] == ["desk_off"]


@pytest.mark.both_databases
def test_of_two_who_go_off_in_the_same_moment_one_stays(world: World) -> None:
    """Each has looked at the plan before the other changed it."""
    meets = Meeting()
    said: list[str] = []

    def goes(number: str) -> None:
        person = world.staff_id(number)

        def work(transaction: Transaction) -> str:
            crew(transaction.tx)
            meets()
            return staff_line.pressed(transaction, person, "5").words[0].prompt

        said.append(world.change(work))

    in_threads([partial(goes, ANA), partial(goes, BEN)])
    assert sorted(said) == ["desk_alone", "desk_off"]


@pytest.mark.both_databases
def test_wrong_pins_in_the_same_moment_are_each_counted(world: World) -> None:
    """From however many calls at once."""
    chooses(world)
    ana = world.look(lambda transaction: staff.get(transaction.tx, world.staff_id(ANA)))
    found: list[PinCheck] = []

    def tries() -> None:
        found.append(world.change(lambda transaction: pins.check(transaction, ana, "000001")))

    for _ in range(3):
        in_threads([tries] * 4)
    assert found.count(PinCheck.WRONG) == pins.TRIES


def test_running_late_pressed_again_and_again_is_told_once(desk: World) -> None:
    opened(desk)
    for _ in range(3):
        desk.ana.presses("6").hears("a supervisor are told")
    desk.passes(5)
    assert [sum("runs late" in one for one in desk.texts_to(who)) for who in (SUE, BEN)] == [1, 1]


def test_1_is_a_callers_key_where_the_pin_is_asked_for(desk: World) -> None:
    """Staff may need help, too; and it uses up no try."""
    desk.ana.calls(DESK).hears("Please type your PIN").presses("1").hears("9-1-1", within=15)
    assert not desk.ana.has_heard("That is not your PIN")


def test_star_opens_it_where_something_waits_for_them_too(desk: World) -> None:
    """What waits is told first; the digits of their PIN are no keys of a caller's there, and open no emergency."""
    world = desk
    world.phones(Behaviour.OFF, world.ana, world.ben)
    world.mia.calls().presses("2").presses("4").hangs_up()
    world.passes(20)
    world.phones(Behaviour.RINGS, world.ana)
    world.until(lambda: world.ana.rings, within=120)
    world.ana.leaves()
    world.ana.calls(LINE).hears("waits for you").presses("*").hears("Please type your PIN")
    world.ana.presses(PIN).hears("How many wait, press 2")
    assert len(callbacks_of(world)) == 1


def test_the_next_call_back_is_never_to_ones_own_telephone(desk: World) -> None:
    """They had called from it themselves, and hung up."""
    world = desk
    world.phones(Behaviour.OFF, world.ana, world.ben)
    world.ana.calls(LINE).presses("2").presses("4").leaves()
    world.passes(20)
    assert the_callback(world).callback.is_open
    opened(world).ana.presses("3").hears("No call back is waiting")
