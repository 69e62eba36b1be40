"""Two clocks run beside each other, as after a careless restart: both are harmless."""

from tests.stories.world import ANA, BEN, World
from workers.clock import tick


def with_a_second_clock(world: World) -> World:
    """Whatever the one clock does, another does again at every moment of the story."""
    world.between = lambda: tick(world.here, world.clock_carries_out)
    return world


def test_nobody_is_rung_twice_for_one_callback(world: World) -> None:
    """The callback that both clocks find is rung once on each staff phone, and the caller is dialled once."""
    with_a_second_clock(world)
    world.mia.calls().presses("2")
    world.until(lambda: world.ana.rings, within=12)
    before = len(world.calls_to(ANA)), len(world.calls_to(BEN))
    world.mia.hangs_up()
    world.until(lambda: len(world.calls_to(ANA)) > before[0] and world.ana.rings, within=60)
    world.passes(3)
    assert (len(world.calls_to(ANA)), len(world.calls_to(BEN))) == (before[0] + 1, before[1] + 1)
    world.ana.answers().presses("1").hears("call back")
    world.until(lambda: world.mia.rings, within=10)
    world.mia.answers().presses("1").meets(world.ana)
    assert len(world.calls_to(world.mia.phone.number)) == 1


def test_an_emergency_pages_everybody_once_a_rung(world: World) -> None:
    """Two clocks do not make two pages of one."""
    with_a_second_clock(world)
    world.mia.calls().presses("1")
    world.passes(20)
    for clinician in world.clinicians:
        assert len(world.calls_to(clinician.phone.number)) == 1
        assert sum("emergency waiting" in text for text in world.texts_to(clinician.phone.number)) == 1
