"""How a talk ended that came about live: asked of whoever had it, seen, put right and taken back on the board."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.callbacks.callback import CallbackStatus
from hotline.model import ContactId, Outcome, StaffId
from hotline.operations.console import coordinator, live_talks
from hotline.operations.console.live_talks import Talk
from hotline.operations.transaction import Transaction
from hotline.simulator import Behaviour
from tests.stories.records import callbacks_of, the_callback
from tests.stories.world import ANA, BEN, MIA, World

ASKED = "Hotline: your talk was over at 15:00. How did it end? Say so on the board, under Yours."


@pytest.fixture
def talking(world: World) -> World:
    """Mia and Ben have talked for a while."""
    world.phones(Behaviour.OFF, world.ana)
    world.mia.calls().presses("2")
    world.ben.answers().presses("1").meets(world.mia)
    world.passes(40)
    return world


@pytest.fixture
def left(talking: World) -> World:
    """Ben has hung up first, and then Mia."""
    talking.ben.hangs_up()
    talking.mia.hears("The other person has left the call").hangs_up()
    talking.passes(3)
    return talking


def talk_of(world: World, viewer: str = BEN) -> Talk:
    (talk,) = world.board(viewer).talks
    return talk


def says(world: World, outcome: Outcome, who: str = BEN) -> bool:
    """They say so on the board."""
    talk, by = talk_of(world).talk, world.staff_id(who)
    done: bool = world.change(lambda transaction: live_talks.set_outcome(transaction, talk, outcome, by))
    return done


def takes_back(world: World, who: str = BEN) -> bool:
    talk, by = talk_of(world).talk, world.staff_id(who)
    done: bool = world.change(lambda transaction: live_talks.undo(transaction, talk, by))
    return done


def test_whoever_hangs_up_first_is_asked_by_text_once(left: World) -> None:
    """Two minutes later, without a word about the caller; it stands on the board meanwhile."""
    shown = talk_of(left)
    assert (shown.owner, shown.mine, shown.outcome, shown.number is not None) == (
        "Ben Ortiz",
        True,
        None,
        True,
    )
    left.passes(minutes=1.5)
    assert ASKED not in left.texts_to(BEN)
    left.passes(minutes=1)
    assert left.texts_to(BEN).count(ASKED) == 1
    left.passes(minutes=60)
    assert left.texts_to(BEN).count(ASKED) == 1
    assert ASKED not in left.texts_to(ANA)


def test_whoever_said_it_on_the_board_is_not_asked(left: World) -> None:
    """Nor is anybody called again."""
    assert says(left, Outcome.BOOKED_INTAKE)
    left.passes(minutes=5)
    assert ASKED not in left.texts_to(BEN)
    assert talk_of(left).outcome is Outcome.BOOKED_INTAKE
    assert callbacks_of(left) == []


def test_what_was_pressed_after_a_talk_stands_on_the_board(talking: World) -> None:
    """And is asked for no more."""
    talking.mia.hangs_up()
    talking.ben.hears("How did it end").presses("5").hears("Saved")
    talking.passes(minutes=5)
    assert talk_of(talking).outcome is Outcome.REFERRED
    assert ASKED not in talking.texts_to(BEN)


def test_whoever_presses_nothing_is_asked_by_text(talking: World) -> None:
    """They talked: that much is known, and stands there."""
    talking.mia.hangs_up()
    talking.ben.hears("How did it end").hangs_up()
    talking.passes(minutes=3)
    assert talking.texts_to(BEN).count(ASKED) == 1
    assert talk_of(talking).outcome is None


def test_what_was_said_with_star_before_the_end_counts(talking: World) -> None:
    """Ben left with * and 9 and said how it ended; Mia hung up afterwards."""
    talking.ben.presses("*").presses("9").hears("How did it end").presses("2").hears("Saved")
    talking.mia.hears("The other person has left the call").hangs_up()
    talking.passes(minutes=5)
    assert talk_of(talking).outcome is Outcome.BOOKED_INTAKE
    assert ASKED not in talking.texts_to(BEN)


def test_the_text_and_the_board_name_the_same_time(talking: World) -> None:
    """When it was over: a talk may last for longer than the minute in which it began."""
    talking.passes(minutes=4)
    talking.mia.hangs_up()
    talking.ben.hears("How did it end").hangs_up()
    talking.passes(minutes=3)
    (shown,) = talking.board(BEN).talks
    over = shown.closed_at.astimezone(ZoneInfo("America/New_York"))
    assert ASKED.replace("15:00", f"{over:%H:%M}") in talking.texts_to(BEN)
    assert f"{over:%H:%M}" != "15:00"


def test_it_is_corrected_and_taken_back_within_five_minutes(left: World) -> None:
    """By a colleague, too; what was said before holds again."""
    says(left, Outcome.DECLINED)
    left.passes(minutes=1)
    says(left, Outcome.BOOKED_INTAKE, ANA)
    assert talk_of(left).outcome is Outcome.BOOKED_INTAKE
    assert talk_of(left).may_be_undone
    assert takes_back(left)
    assert talk_of(left).outcome is Outcome.DECLINED
    left.passes(minutes=5)
    assert not talk_of(left).may_be_undone
    assert not takes_back(left)
    assert talk_of(left).outcome is Outcome.DECLINED


@pytest.mark.parametrize(
    ("outcome", "delay"),
    [(Outcome.CALL_LATER, timedelta(hours=1)), (Outcome.NO_ANSWER, timedelta(minutes=15))],
)
def test_who_is_to_be_called_again_stands_among_the_callbacks(
    left: World, outcome: Outcome, delay: timedelta
) -> None:
    """And beside them, as a talk, as long as that can be taken back; then the callback says how it goes on."""
    assert says(left, outcome)
    owed = the_callback(left).callback
    assert owed.status is CallbackStatus.WAITING
    assert owed.due_at is not None
    assert abs(owed.due_at - left.clock.now - delay) < timedelta(seconds=10)
    shown = talk_of(left)
    assert (shown.outcome, shown.goes_on_in, shown.may_be_undone) == (outcome, owed.id, True)
    left.passes(minutes=5)
    assert left.board(BEN).talks == ()
    assert not left.change(lambda transaction: live_talks.undo(transaction, shown.talk, left.staff_id(BEN)))
    assert ASKED not in left.texts_to(BEN)


def test_that_somebody_is_to_be_called_again_is_taken_back(left: World) -> None:
    """What was said before holds again, nobody is called, and no closed callback stands beside the talk."""
    says(left, Outcome.REFERRED)
    left.passes(minutes=1)
    assert says(left, Outcome.CALL_LATER)
    assert takes_back(left)
    assert not the_callback(left).callback.is_open
    shown = talk_of(left)
    assert (shown.outcome, shown.goes_on_in) == (Outcome.REFERRED, None)
    board = left.board(BEN)
    assert (board.callbacks, board.done) == ((), ())
    assert says(left, Outcome.CALL_LATER)
    assert sorted(row.callback.is_open for row in callbacks_of(left)) == [False, True]


def test_whom_somebody_is_about_to_call_again_is_called(left: World) -> None:
    """Ana has claimed the callback: Ben can't take it from under her."""
    says(left, Outcome.CALL_LATER)
    owed, ana = the_callback(left).callback.id, left.staff_id(ANA)
    left.change(lambda transaction: coordinator.claim(transaction, owed, ana))
    assert not talk_of(left).may_be_undone
    assert not takes_back(left)
    assert the_callback(left).callback.is_open


def test_who_asked_us_to_stop_is_called_and_texted_no_more(left: World) -> None:
    """That is undone by nobody but them."""
    assert says(left, Outcome.ASKED_TO_STOP)
    assert talk_of(left).outcome is Outcome.ASKED_TO_STOP
    assert not takes_back(left)
    left.passes(minutes=5)
    assert left.texts_to(MIA) == []


def test_a_talk_that_keeps_a_callback_stands_there_once(world: World) -> None:
    """Mia had asked for a call, and was answered live when she called again."""
    world.phones(Behaviour.OFF, world.ana, world.sue)
    world.mia.calls().presses("2").presses("4").presses("4").hears("message").presses("5").hangs_up()
    world.passes(2)
    world.mia.calls().presses("2")
    world.ben.answers(within=60).presses("1").meets(world.mia)
    world.passes(40)
    world.mia.hangs_up()
    world.ben.hears("How did it end").presses("2").hears("Saved")
    world.passes(3)
    board = world.board(BEN)
    assert [one.outcome for one in board.talks] == [Outcome.BOOKED_INTAKE]
    assert board.done == ()


def test_after_a_day_it_stands_there_no_more(left: World) -> None:
    """What is older is in the report."""
    left.leaps(minutes=23.9 * 60)
    assert talk_of(left).owner == "Ben Ortiz"
    left.leaps(minutes=10)
    assert left.board(BEN).talks == ()


def test_what_is_no_such_talk_is_left_as_it_is(talking: World) -> None:
    """A call that goes on, or that never was."""
    by: StaffId = talking.staff_id(BEN)
    (call,) = talking.board(BEN).callers
    for contact in (call.contact, ContactId("none")):

        def undo(transaction: Transaction, contact: ContactId = contact) -> bool:
            return live_talks.undo(transaction, contact, by)

        def say(transaction: Transaction, contact: ContactId = contact) -> bool:
            return live_talks.set_outcome(transaction, contact, Outcome.REACHED, by)

        assert not talking.change(undo)
        assert not talking.change(say)


def test_who_withheld_their_number_is_not_called_later_by_a_key(world: World) -> None:
    """There is nobody whom anybody could call: that is said, and how else it ended is asked."""
    world.phones(Behaviour.OFF, world.ana)
    world.mia.calls(withheld=True).presses("2")
    world.ben.answers().presses("1").meets(world.mia)
    world.passes(30)
    world.mia.hangs_up()
    world.ben.hears("How did it end").presses("3").hears("nobody can be called").hears("How did it end")
    world.ben.presses("1").hears("Saved")
