"""Story 1: somebody asks for treatment and is answered live."""

from hotline.model import Outcome
from hotline.operations.console import coordinator
from hotline.simulator import Behaviour
from tests.stories.records import callbacks_of, last_outcome
from tests.stories.world import ANA, BEN, MIA, World


def mia_holds(world: World) -> None:
    """Mia presses 2; Ana's and Ben's phones ring together."""
    world.mia.calls().hears("9-1-1").hears("For treatment, press 2").presses("2").hears("getting a person")
    world.until(lambda: world.ana.rings and world.ben.rings, within=12)


def test_ben_answers_and_the_others_stop_ringing(world: World) -> None:
    """Ana's and Ben's phones ring together; whoever presses 1 first talks with the caller, in one room."""
    mia_holds(world)
    world.ben.answers().hears("A caller is waiting").presses("1").hears("Admissions").meets(world.mia)
    world.until(lambda: not world.ana.rings, within=12)
    world.passes(30)
    world.mia.hangs_up()
    world.ben.hears("How did it end").presses("1").hears("Saved")
    world.passes(3)
    assert last_outcome(world) is Outcome.REACHED
    assert world.board().callers == ()
    assert callbacks_of(world) == []


def test_both_phones_are_dialled_on_the_key_press(world: World) -> None:
    """Nobody waits for a clock: the calls leave in the very second in which the key was pressed."""
    world.mia.calls()
    pressed_at = world.clock.now
    world.mia.presses("2")
    assert [call.created_at for number in (ANA, BEN) for call in world.calls_to(number)] == [pressed_at] * 2


def test_ben_declines_and_ana_takes_it(world: World) -> None:
    """2 passes the call on; the colleague whose phone still rings takes it."""
    mia_holds(world)
    world.ben.answers().presses("2").hears("The next person is being called")
    world.until(lambda: not world.ben.in_call)
    world.ana.answers().presses("1").meets(world.mia)


def test_both_decline_and_the_phones_ring_again(world: World) -> None:
    """A caller who holds is not given up because both said no: their phones ring once more, in due time."""
    mia_holds(world)
    world.ben.answers().presses("2")
    world.ana.answers().presses("2")
    world.until(lambda: world.ana.rings, within=50)
    world.ana.answers().presses("1").meets(world.mia)


def test_both_press_1_in_the_same_instant(world: World) -> None:
    """One of them wins; the other hears who has taken it, and is let go."""
    mia_holds(world)
    world.ana.answers()
    world.ben.answers()
    world.ana.phone.presses("1")
    world.ben.phone.presses("1")
    world.passes(1)
    world.ana.meets(world.mia)
    world.ben.hears("Ana has taken it")
    world.until(lambda: not world.ben.in_call)


def test_whoever_has_picked_up_hears_who_took_it(world: World) -> None:
    """Ana is listening to what waits when Ben presses 1: she hears that he has it."""
    mia_holds(world)
    world.ana.answers()
    world.ben.answers().presses("1").meets(world.mia)
    world.ana.hears("Ben has taken it", within=15)
    world.until(lambda: not world.ana.in_call)


def test_a_voicemail_box_never_accepts(world: World) -> None:
    """Ana's box answers her phone and hears the question; Ben, a human, gets the call."""
    world.phones(Behaviour.VOICEMAIL, world.ana, after=2)
    world.mia.calls().presses("2")
    world.passes(20)
    assert world.ana.has_heard("A caller is waiting")
    world.ben.answers().presses("1").meets(world.mia)
    assert not world.ana.has_heard("Admissions. Waiting")
    world.until(lambda: not world.ana.in_call)


def test_the_caller_hangs_up_as_ben_presses_1(world: World) -> None:
    """Ben waits in the room already: the caller is rung back at once, and they talk."""
    mia_holds(world)
    world.ben.answers()
    world.mia.phone.hangs_up()
    world.ben.phone.presses("1")
    world.passes(1)
    world.mia.answers(within=15).hears("You asked for a call. Press 1").presses("1")
    world.ben.meets(world.mia)


def test_the_caller_hangs_up_just_after_ben_pressed_1(world: World) -> None:
    """The same if the key was first and their lines were not yet joined."""
    mia_holds(world)
    world.ben.answers()
    world.ben.phone.presses("1")
    world.mia.phone.hangs_up()
    world.passes(1)
    world.mia.answers(within=15).hears("You asked for a call. Press 1").presses("1")
    world.ben.meets(world.mia)


def test_who_was_cut_off_takes_their_time_to_answer_and_ben_is_still_there(world: World) -> None:
    """While their phone rings by a call of ours he waits in the room, and is not told that they are gone."""
    mia_holds(world)
    world.ben.answers()
    world.ben.phone.presses("1")
    world.mia.phone.hangs_up()
    world.until(lambda: world.mia.rings, within=15)
    world.passes(14)
    assert not world.ben.has_heard("How did it end")
    world.mia.answers().hears("You asked for a call. Press 1").presses("1")
    world.ben.meets(world.mia)


def with_ben(world: World, seconds: float) -> None:
    """Mia and Ben talk for so long."""
    mia_holds(world)
    world.ben.answers().presses("1").meets(world.mia)
    world.passes(seconds)


def test_the_coordinator_leaves_first_and_the_caller_is_done(world: World) -> None:
    """The caller is told that they are alone; hanging up after a real talk closes the contact as reached."""
    with_ben(world, 40)
    world.ben.hangs_up()
    world.mia.hears("The other person has left the call").hangs_up()
    world.passes(2)
    assert last_outcome(world) is Outcome.REACHED
    assert callbacks_of(world) == []


def test_the_coordinator_is_cut_off_and_the_caller_stays(world: World) -> None:
    """Whoever stays on the line gets a human again; Ben's own phone rings first."""
    with_ben(world, 40)
    world.ben.hangs_up()
    world.mia.hears("The other person has left the call").hears("getting a person")
    world.ben.answers(within=20).presses("1").meets(world.mia)


def test_a_talk_of_a_few_seconds_leaves_a_callback(world: World) -> None:
    """Nobody has been helped in five seconds: the line dropped, and the caller is rung back."""
    with_ben(world, 3)
    world.ben.hangs_up()
    world.mia.hangs_up()
    world.passes(2)
    assert last_outcome(world) is Outcome.CALLBACK
    world.until(lambda: world.ana.rings or world.ben.rings, within=15)


def test_star_asks_how_it_ended_and_the_caller_is_not_left_in_silence(world: World) -> None:
    """With * and 9 the coordinator leaves the room and says how it ended; the caller hears that they are alone."""
    with_ben(world, 40)
    world.ben.presses("*").presses("9").hears("How did it end").presses("2").hears("Saved")
    world.mia.hears("The other person has left the call").hangs_up()
    world.passes(2)
    assert last_outcome(world) is Outcome.REACHED


def test_ana_answers_from_the_board(world: World) -> None:
    """A coordinator takes a holding caller on the board: her own phone rings, and pressing 1 connects them."""
    mia_holds(world)
    world.phones(Behaviour.RINGS, world.ana)
    caller = world.board().callers[0]
    ana = world.staff_id(ANA)
    world.change(lambda transaction: coordinator.answer_holding(transaction, caller.contact, ana))
    world.passes(1)
    assert not world.ben.rings
    world.ana.answers().presses("1").meets(world.mia)


def test_a_talk_that_breaks_off_at_once_rings_the_caller_but_once(world: World) -> None:
    """Cut off after three seconds: Ben is asked how it ended, and is not called back into it in the middle."""
    with_ben(world, 3)
    world.mia.hangs_up()
    world.ben.hears("How did it end")
    world.passes(3)
    assert world.calls_to(MIA) == []
    world.ben.presses("1").hears("Saved")
    world.passes(30)
    assert world.calls_to(MIA) == []
