"""No failure of ours ends a talk: whoever is out of the room for a moment is put back into it by the address alone."""

from __future__ import annotations

import pytest

from hotline.model import Outcome
from hotline.simulator import Behaviour
from tests.operations.outages import goes_by, locked
from tests.stories.conftest import Building
from tests.stories.records import contact_of, emergencies, last_outcome
from tests.stories.test_staff_star import ALONE, all_talk, with_ben
from tests.stories.test_warm_hand_off import handed, rings_harbor, tells_harbor, with_directory
from tests.stories.world import DEV, SHORT, World

NO_KEY = "No key works just now"


@pytest.fixture
def world(building: Building) -> World:
    """A house that does not wait long for its database."""
    return building(patience=SHORT)


@pytest.fixture
def emergency(world: World) -> World:
    """Mia and Cleo talk; nobody else can come."""
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    world.until(lambda: not world.dev.rings and not world.eva.rings, within=12)
    world.phones(Behaviour.OFF, *(one for one in world.staff if one is not world.cleo))
    return world


@pytest.mark.both_databases
def test_who_is_told_that_nobody_comes_is_back_with_her(emergency: World) -> None:
    """Cleo is fetched out of the talk to be told so, and just then the database is away: she hears it, and goes on with
    Mia."""
    world = emergency
    world.cleo.presses("*").presses("1").meets(world.mia)
    world.sim.faults.slow(6, url_part="/told/")
    world.until(lambda: not world.cleo.talks_with(world.mia), within=180)
    with locked(world.here):
        goes_by(world, 12)
        assert world.cleo.has_heard("Nobody can come now")
        assert world.cleo.talks_with(world.mia)
    world.passes(10)
    assert world.cleo.talks_with(world.mia)
    assert not world.mia.has_heard(ALONE)
    world.cleo.presses("*").hears("Clinician, press 1").presses("0").meets(world.mia)


def test_the_same_when_the_web_is_gone_for_it(emergency: World) -> None:
    """The carrier asks at the fallback address what that was about: with the database, and without."""
    world = emergency
    world.cleo.presses("*").presses("1").meets(world.mia)
    world.sim.faults.unreachable(url_part="/told/", times=3)
    world.sim.faults.slow(6, url_part="/fallback/staff")
    world.until(lambda: not world.cleo.talks_with(world.mia), within=180)
    with locked(world.here):
        goes_by(world, 20)
        assert world.cleo.has_heard("Nobody can come now")
        assert world.cleo.talks_with(world.mia)


@pytest.mark.parametrize("at", ["star", "key"])
def test_a_key_that_can_t_be_looked_up_puts_him_back(world: World, at: str) -> None:
    """He hears that it did nothing; when Mia hangs up later it ends as any talk does."""
    with_ben(world)
    if at == "key":
        world.ben.presses("*").hears("Clinician, press 1")
    with locked(world.here):
        world.ben.phone.presses("*" if at == "star" else "1")
        goes_by(world, 8)
        assert world.ben.has_heard(NO_KEY)
        assert world.ben.talks_with(world.mia)
    world.passes(30)
    assert world.ben.talks_with(world.mia)
    assert not world.mia.has_heard(ALONE)
    world.mia.hangs_up()
    world.ben.hears("How did it end").presses("1")
    assert last_outcome(world) is Outcome.REACHED


def test_who_is_put_back_where_she_has_hung_up_is_told_to_do_so_too(world: World) -> None:
    """Nobody can know it then; nothing tells him to wait for her."""
    with_ben(world)
    with locked(world.here):
        world.mia.phone.hangs_up()
        goes_by(world, 12)
        assert world.ben.has_heard("If they have hung up, please hang up, too")
        assert not world.ben.has_heard("Please stay on the line")
    world.ben.hears("How did it end", within=20)


@pytest.mark.both_databases
def test_she_meets_whoever_came_for_her(world: World) -> None:
    """Cleo has pressed 1, and Mia's leg is on the way to her when the database goes: they talk all the same, and it is
    in the books as soon as they can be written."""
    world.mia.calls().presses("1").hears("9-1-1")
    world.sim.faults.slow(4, url_part="/voice/room/")
    world.cleo.answers().presses("1").hears("Emergency. Waiting less than a minute", within=3)
    goes_by(world, 2)
    with locked(world.here):
        goes_by(world, 14)
        assert world.cleo.talks_with(world.mia)
        assert not world.failsafe.rings
    world.passes(10)
    assert contact_of(world).state == "in_room"
    world.cleo.presses("*").hears("Clinician, press 1").presses("0").meets(world.mia)
    world.cleo.hangs_up()
    world.mia.hears(ALONE)


def test_whoever_is_fetched_to_the_other_side_stays_with_her(world: World) -> None:
    """Harbor has answered, and Ben is on the way aside: he is with Mia, who never held."""
    with_ben(with_directory(world))
    them = rings_harbor(world)
    world.sim.faults.slow(4, url_part="/aside/")
    them.answers().presses("1")
    world.until(lambda: not world.ben.talks_with(world.mia), within=20)
    with locked(world.here):
        goes_by(world, 10)
        assert world.ben.talks_with(world.mia)
    assert handed(world).status == "answered"


def test_she_who_is_to_hold_is_put_back_and_he_comes_to_her(world: World) -> None:
    """Ben is aside. Mia waits in the room, where no failsafe phone rings, until everybody is together."""
    with_ben(with_directory(world))
    them = rings_harbor(world)
    world.sim.faults.slow(15, url_part="/voice/hold/")
    them.answers().presses("1")
    world.until(lambda: world.ben.talks_with(them), within=20)
    with locked(world.here):
        goes_by(world, 25)
        assert not world.failsafe.rings
        assert world.mia.in_call
    world.ben.presses("*").hears("To bring everybody together, press 1").presses("1")
    world.until(lambda: all_talk(world.mia, world.ben, them), within=20)


def test_a_key_aside_that_can_t_be_looked_up_goes_on_with_them(world: World) -> None:
    """Mia holds; Ben and Harbor talk on."""
    with_ben(with_directory(world))
    them = tells_harbor(world)
    with locked(world.here):
        world.ben.phone.presses("*")
        goes_by(world, 6)
        assert world.ben.talks_with(them)
    world.ben.presses("*").hears("To bring everybody together, press 1").presses("1")
    world.until(lambda: all_talk(world.mia, world.ben, them), within=20)


def test_whoever_is_brought_to_her_comes_without_a_database(world: World) -> None:
    """Harbor's leg is on its way into the room; so are Ben's and Mia's."""
    with_ben(with_directory(world))
    them = tells_harbor(world)
    world.sim.faults.slow(4, url_part="/together/")
    world.ben.presses("*").hears("To bring everybody together, press 1").presses("1")
    world.until(lambda: not world.ben.talks_with(them), within=20)
    with locked(world.here):
        goes_by(world, 10)
    world.until(lambda: all_talk(world.mia, world.ben, them), within=20)


def test_whose_phone_her_own_leg_rang_is_connected_by_their_key(world: World) -> None:
    """No page can leave, and Mia's leg dials Dev. He presses 1 without a database: they talk, and it is his as soon as
    that can be written down."""
    world.worker = lambda *_: None
    world.mia.calls().presses("1")
    world.until(lambda: world.dev.rings, within=60)
    world.dev.answers().hears("Emergency waiting")
    with locked(world.here):
        world.dev.phone.presses("1")
        goes_by(world, 3)
        assert world.dev.talks_with(world.mia)
    world.passes(5)
    (row,) = emergencies(world)
    assert row.escalation.accepted_by == world.staff_id(DEV)
    assert world.dev.talks_with(world.mia)
