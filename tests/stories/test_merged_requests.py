"""Several promises to one number: each keeps its own line, time and promise, and none is ever forgotten."""

from datetime import timedelta
from functools import partial

import pytest

from hotline.callbacks.callback import CallbackStatus
from hotline.model import Language, Line, Outcome
from hotline.operations.console import coordinator
from hotline.simulator import Behaviour
from hotline.store.cases.callbacks import CallbackRow
from tests.stories.conftest import Building
from tests.stories.records import callbacks_of, emergencies
from tests.stories.world import ANA, BEN, CENTRE, CLEO, MIA, World

NO_HOLD = CENTRE + '[waits]\nlive_answer = "0s"\n'


@pytest.fixture
def alone(building: Building) -> World:
    """A world in which only clinicians are at their telephones, and nobody holds."""
    world = building(centre=NO_HOLD)
    world.phones(Behaviour.OFF, world.ana, world.ben, world.sue)
    return world


def of_line(world: World, line: Line) -> CallbackRow:
    (found,) = (row for row in callbacks_of(world) if row.callback.line is line)
    return found


def asks_for_admissions(world: World) -> CallbackRow:
    world.mia.calls().presses("2").hears("A coordinator will call you back").hangs_up()
    return of_line(world, Line.ADMISSIONS)


def hangs_up_in_an_emergency(world: World) -> None:
    """After the 911 sentence."""
    world.mia.calls().presses("1").hears("Put the phone on speaker", within=20)
    world.mia.hangs_up()


def test_rung_back_talks_two_seconds_and_hangs_up_again(alone: World) -> None:
    """That was no talk: the callback has its next time, and they are rung again."""
    hangs_up_in_an_emergency(alone)
    alone.cleo.answers().presses("1")
    alone.mia.answers(within=130).presses("1").meets(alone.cleo)
    alone.passes(1)
    alone.mia.hangs_up()
    alone.passes(3)
    owed = of_line(alone, Line.EMERGENCY).callback
    assert owed.status is CallbackStatus.WAITING
    assert owed.due_at is not None
    alone.mia.answers(within=240)


def test_a_clinician_who_presses_1_after_the_last_time_rings_them(alone: World) -> None:
    """The clock has tried for the last time: who hears "we are calling them now" hears the truth."""
    alone.phones(Behaviour.OFF, *alone.clinicians)
    alone.phones(Behaviour.IGNORES, alone.mia)
    hangs_up_in_an_emergency(alone)
    alone.passes(minutes=12)
    assert of_line(alone, Line.EMERGENCY).callback.needs_supervisor
    rung = len(alone.calls_to(MIA))
    alone.phones(Behaviour.RINGS, alone.cleo, alone.mia)
    alone.cleo.answers(within=180).presses("1").hears("We are calling them now")
    alone.mia.answers().presses("1").meets(alone.cleo)
    assert len(alone.calls_to(MIA)) == rung + 1


def test_done_closes_no_request_that_was_open_before(alone: World) -> None:
    """Admissions is still owed, as it was; and nobody spoke, so the emergency was not "reached"."""
    asked = asks_for_admissions(alone).callback
    hangs_up_in_an_emergency(alone)
    alone.phones(Behaviour.IGNORES, alone.mia)
    alone.cleo.answers().presses("1").hears("They hung up")
    emergency, cleo = alone.board().emergencies[0], alone.staff_id(CLEO)
    assert alone.change(lambda transaction: coordinator.close(transaction, emergency.escalation, cleo))
    alone.passes(2)
    assert emergencies(alone) == []
    assert of_line(alone, Line.EMERGENCY).callback.outcome is Outcome.SETTLED
    still = of_line(alone, Line.ADMISSIONS).callback
    assert (still.line, still.opened_at, still.promised_at) == (
        asked.line,
        asked.opened_at,
        asked.promised_at,
    )
    assert still.is_open


def test_a_call_back_that_becomes_an_emergency_is_still_owed(alone: World) -> None:
    """Mia is rung back about treatment, cries for help and hangs up: both are owed, the emergency first."""
    asked = asks_for_admissions(alone).callback
    alone.phones(Behaviour.RINGS, alone.ana)
    alone.phones(Behaviour.OFF, *alone.clinicians)
    alone.ana.answers(within=60).presses("1")
    alone.mia.answers().says("help he is not breathing").hears("hang up now", within=20)
    alone.mia.hangs_up()
    alone.passes(5)
    admissions, emergency = of_line(alone, Line.ADMISSIONS), of_line(alone, Line.EMERGENCY)
    assert admissions.callback.promised_at == asked.promised_at
    assert admissions.callback.is_open
    assert admissions.callback.owner is None
    assert emergency.callback.is_open
    assert alone.mia.rings, "they hung up within the 911 sentence"
    alone.leaps(minutes=1)
    assert not alone.ana.rings, "the emergency comes first"


def test_two_lines_asked_for_from_one_number_are_two_callbacks(building: Building) -> None:
    """By one person or two, which nobody can know: the coordinator hears that there is more, and the board shows it."""
    world = building(centre=NO_HOLD)
    world.phones(Behaviour.OFF, world.ben, world.sue, world.ana)
    asks_for_admissions(world)
    world.passes(60)
    world.mia.calls().presses("3").hears("call", within=30).hangs_up()
    assert {row.callback.line for row in callbacks_of(world)} == {Line.ADMISSIONS, Line.FAMILY}
    assert all(one.others_asked for one in world.board().callbacks)
    world.phones(Behaviour.RINGS, world.ana)
    world.ana.answers(within=60).presses("1").hears("Something else was asked for from this number, too")


@pytest.fixture
def two_owed(building: Building) -> World:
    """Admissions and family are owed to one telephone, and two coordinators are about to be rung for them."""
    world = building(centre=NO_HOLD)
    world.phones(Behaviour.OFF, world.ben, world.sue, world.ana)
    asks_for_admissions(world)
    world.mia.calls().presses("3").hears("call", within=30).hangs_up()
    world.passes(minutes=2)
    world.phones(Behaviour.RINGS, world.ana, world.ben)
    return world


def rung_for(world: World) -> list[Line]:
    """For which of them staff phones ring now."""
    return [one.line for one in world.board().callbacks if one.phones_ring]


def test_what_two_asked_from_one_telephone_is_rung_one_after_the_other(two_owed: World) -> None:
    """Both are due in the same minute. Ben rings for one; Ana, who comes off a talk with somebody else meanwhile, isn't
    rung for the other, for two of us who call one phone would only hear that it is busy."""
    world = two_owed
    ana, at = world.staff_id(ANA), world.clock.now + timedelta(minutes=20)
    for owed in callbacks_of(world):
        world.change(partial(coordinator.claim, callback_id=owed.callback.id, by=ana))
        later = partial(coordinator.set_outcome, outcome=Outcome.CALL_LATER, by=ana, later=at)
        world.change(partial(later, callback_id=owed.callback.id))
    world.phones(Behaviour.OFF, world.ben)
    tom = world.person("+16175550151")
    tom.calls().presses("2").hears("A coordinator will call you back").hangs_up()
    world.ana.answers(within=60).presses("1")
    tom.answers(within=60).presses("1").meets(world.ana)
    world.until(lambda: world.clock.now > at - timedelta(seconds=20), within=1200)
    world.phones(Behaviour.RINGS, world.ben)
    world.until(lambda: world.ben.rings, within=60)
    tom.hangs_up()
    world.ana.hears("How did it end").presses("1").hangs_up()
    for _ in range(8):
        world.passes(1)
        assert len(rung_for(world)) == 1
    world.ben.answers().presses("1")
    world.until(lambda: world.mia.rings, within=30)
    world.mia.answers().presses("1").meets(world.ben)
    assert rung_for(world) == []
    world.mia.hangs_up()
    world.until(lambda: world.ana.rings, within=60)


def test_who_calls_now_while_a_colleague_calls_them_is_told_so(two_owed: World) -> None:
    """It stays in line, and the telephone is rung once."""
    world = two_owed
    world.phones(Behaviour.OFF, world.ben)
    world.ana.answers(within=120).presses("1")
    world.until(lambda: world.mia.rings, within=30)
    (other,) = (one.callback for one in world.board().callbacks if one.owner is None)
    world.phones(Behaviour.RINGS, world.ben)
    ben = world.staff_id(BEN)
    world.change(lambda transaction: coordinator.call_now(transaction, other, ben))
    world.ben.answers(within=20).presses("1").hears("A colleague calls them right now")
    assert len(world.calls_to(MIA)) == 1
    world.mia.answers().presses("1").meets(world.ana)
    assert [one.owner for one in world.board().callbacks if one.callback == other] == [None]


def test_the_same_line_again_is_the_same_callback_unless_the_language_is_another(building: Building) -> None:
    """Mia speaks Spanish and calls twice; then somebody at her telephone asks for English."""
    languages = NO_HOLD.replace("[line]", '[line]\nlanguages = ["en", "es"]')
    world = building(centre=languages)
    world.phones(Behaviour.OFF, world.ben, world.sue, world.ana)
    world.mia.calls().presses("8").presses("2").hears("coordinador", within=30).hangs_up()
    world.mia.calls().presses("2").hears("coordinador", within=30).hangs_up()
    (first,) = callbacks_of(world)
    assert (first.callback.repeats, first.callback.language) == (1, Language.ES)
    world.mia.calls().says("english").hears("wake up", within=20).presses("2").hears(
        "A coordinator will call you back", within=30
    ).hangs_up()
    assert [row.callback.language for row in callbacks_of(world)] == [Language.ES, Language.EN]
