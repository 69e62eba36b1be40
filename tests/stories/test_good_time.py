"""A good time: as soon as we can, or a time of the caller's own day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hotline.simulator import Behaviour
from tests.stories.conftest import Building
from tests.stories.records import the_callback
from tests.stories.world import CENTRE, World

AT_ONCE = CENTRE + '[waits]\nlive_answer = "0s"\n'
FOUR = AT_ONCE.replace("[line]", '[line]\nlanguages = ["en", "es", "pt", "ht"]', 1)
NINE_IN_BOSTON = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
TEN_TO_NOON = datetime(2026, 3, 2, 16, 50, tzinfo=UTC)
HALF_PAST_SEVEN = datetime(2026, 3, 3, 0, 30, tzinfo=UTC)
ANCHORAGE = "+19075550142"


def asked(building: Building, now: datetime, caller: str | None = None, centre: str = AT_ONCE) -> World:
    """Somebody has come as far as the question."""
    world = building(centre=centre, now=now)
    world.phones(Behaviour.OFF, *world.staff)
    person = world.person(caller) if caller else world.mia
    person.calls().presses("2").hears("A coordinator will call you back").presses("4").hears("message")
    person.presses("5").hears("text").presses("5").hears("as soon as we can")
    return world


@pytest.mark.parametrize(
    ("key", "words", "due"),
    [
        ("2", "this afternoon", datetime(2026, 3, 2, 17, 0, tzinfo=UTC)),
        ("3", "this evening", datetime(2026, 3, 2, 22, 0, tzinfo=UTC)),
        ("6", "tomorrow morning", datetime(2026, 3, 3, 13, 0, tzinfo=UTC)),
    ],
)
def test_a_time_of_day_is_kept(building: Building, key: str, words: str, due: datetime) -> None:
    """Promised for when it begins in the caller's own day, and due then."""
    world = asked(building, NINE_IN_BOSTON)
    world.mia.presses("5").hears("For this afternoon, press 2").hears("For tomorrow morning, press 6")
    world.mia.presses(key).hears(f"We will call {words}").hangs_up()
    owed = the_callback(world).callback
    assert owed.due_at == due
    assert owed.promised_at == due + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("key", "said", "read_back", "kept"),
    [
        ("#", "tomorrow at three in the afternoon", "We will call you tomorrow at 3:00 PM", "at that time"),
        ("8", "mañana a las tres de la tarde", "Le llamaremos mañana a las 3:00 PM", "a esa hora"),
        ("9", "amanhã às três da tarde", "Vamos ligar amanhã às 15:00", "nessa hora"),
        ("7", "demen a twazè nan apremidi", "N ap rele w demen a 3:00 PM", "nan lè sa a"),
    ],
)
def test_a_time_that_is_said_is_understood_as_in_a_text(
    building: Building, key: str, said: str, read_back: str, kept: str
) -> None:
    """In each language, by the caller's own clock; it is read back, and kept after a yes."""
    world = asked(building, NINE_IN_BOSTON, centre=FOUR)
    world.mia.presses(key).says(said).hears(read_back).presses("4").hears(kept).hangs_up()
    owed = the_callback(world).callback
    assert owed.due_at == datetime(2026, 3, 3, 20, 0, tzinfo=UTC)


def test_nobody_is_rung_before_it(building: Building) -> None:
    """Staff phones ring when the afternoon begins, and not a minute earlier."""
    world = asked(building, TEN_TO_NOON)
    world.mia.presses("5").presses("2").hears("We will call this afternoon").hangs_up()
    world.phones(Behaviour.RINGS, world.ana)
    world.passes(minutes=8)
    assert not world.ana.rings
    world.ana.answers(within=180).presses("1")
    world.mia.answers().presses("1").meets(world.ana)


def test_times_that_are_over_are_not_offered(building: Building) -> None:
    """At half past seven there are an hour and a half of the evening left, and tomorrow."""
    world = asked(building, HALF_PAST_SEVEN)
    world.mia.presses("5").hears("For this evening, press 3").hears("For tomorrow morning")
    assert not world.mia.has_heard("this afternoon")
    world.mia.presses("2").hears("that key didn't work")


def test_the_day_is_the_callers_own(building: Building) -> None:
    """At half past seven in Boston it is afternoon in Alaska; the evening is that of the Aleutians, also 907."""
    world = asked(building, HALF_PAST_SEVEN, ANCHORAGE)
    caller = world.person(ANCHORAGE)
    caller.presses("5").hears("For this afternoon").presses("3").hears("We will call this evening").hangs_up()
    assert the_callback(world).callback.due_at == datetime(2026, 3, 3, 3, 0, tzinfo=UTC)


def test_as_soon_as_we_can_is_at_night_too(building: Building) -> None:
    """Who asked for now is tried again at night; who said nothing is tried in the morning."""
    midnight = datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
    world = asked(building, midnight)
    world.mia.presses("4").hears("You are in line").hangs_up()
    owed = the_callback(world).callback
    assert owed.wanted_now
    assert owed.due_at is not None
    assert owed.due_at <= world.clock.now


def test_it_may_be_said(building: Building) -> None:
    """One word will do, at either question."""
    world = asked(building, NINE_IN_BOSTON)
    world.mia.says("tomorrow please").hears("We will call tomorrow morning")
    assert the_callback(world).callback.due_at == datetime(2026, 3, 3, 13, 0, tzinfo=UTC)
