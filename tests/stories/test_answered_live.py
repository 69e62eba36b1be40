"""Story 1: somebody asks for treatment and is answered live."""

from tests.stories.world import World


def test_ben_answers_and_the_others_stop_ringing(world: World) -> None:
    """Ana's and Ben's phones ring together; whoever presses 1 first talks with the caller, in one room."""
    world.mia.calls().hears("9-1-1").hears("For treatment, press 2").presses("2").hears("getting a person")
    world.until(lambda: world.ana.rings and world.ben.rings, within=5)
    world.ben.answers().hears("A caller is waiting").presses("1").hears("Admissions")
    world.passes(2)
    assert world.ben.talks_with(world.mia)
    assert not world.ana.rings
    world.passes(60)
    world.mia.hangs_up()
    world.ben.hears("How did it end").presses("1").hears("Saved")
    world.passes(3)
    board = world.board()
    assert not board.callers and not board.callbacks
