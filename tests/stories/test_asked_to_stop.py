""" "Stop calling me", to anybody and in any way: calls and texts end for every purpose, and nobody's next call does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.callbacks.callback import CallbackStatus
from hotline.model import Line, Outcome, PhoneNumber, TimelineWord
from hotline.operations.console import coordinator
from hotline.simulator import Behaviour
from hotline.store.cases import callbacks, timeline
from hotline.store.people import callers
from tests.operations.texting import writes
from tests.stories.conftest import Building
from tests.stories.records import callbacks_of, emergencies
from tests.stories.world import ANA, CENTRE, MIA, World

NO_HOLD = CENTRE + '[waits]\nlive_answer = "0s"\n'


@pytest.fixture
def owing(building: Building) -> World:
    """Two people at Mia's number have asked for a call; nobody has been rung for it yet."""
    world = building(centre=NO_HOLD)
    world.phones(Behaviour.OFF, world.ben, world.sue, world.ana)
    world.mia.calls().presses("2").hears("A coordinator will call you back").hangs_up()
    world.mia.calls().presses("3").hears("call", within=30).hangs_up()
    assert len(callbacks_of(world)) == 2
    return world


def check_that_it_is_over(world: World) -> None:
    """Both callbacks, all texts; no call more, however long one waits."""
    assert {row.callback.outcome for row in callbacks_of(world)} == {Outcome.ASKED_TO_STOP}
    assert (
        world.look(lambda transaction: callers.get(transaction.tx, PhoneNumber(MIA)).opted_out_at) is not None
    )
    placed, sent = len(world.calls_to(MIA)), len(world.texts_to(MIA))
    world.passes(minutes=20)
    assert (len(world.calls_to(MIA)), len(world.texts_to(MIA))) == (placed, sent)


@pytest.mark.parametrize("words", ["please stop calling me", "no me llamen más", "take me off your list"])
def test_texted_it_ends_everything_at_once(owing: World, words: str) -> None:
    """English, Spanish, and in other words; whoever speaks of calls is told that none comes. Whether one was to come is
    told to nobody who hasn't said that texts are safe."""
    said = writes(owing.mia, words) or ""
    both = "no more texts or calls" in said or "Ya no le mandaremos textos ni le llamaremos" in said
    assert both == ("list" not in words)
    check_that_it_is_over(owing)


def test_who_was_promised_a_call_by_text_is_told_that_none_comes(world: World) -> None:
    """Whatever they ended."""
    writes(world.mia, "2")
    writes(world.mia, "4")
    said = writes(world.mia, "take me off your list") or ""
    assert said.startswith("Care Line: You will get no more texts or calls.")
    check_that_it_is_over(world)


def test_nobody_is_told_that_no_call_comes_while_one_may_in_an_emergency(world: World) -> None:
    """They hung up, and are rung back until a human says that it is over."""
    world.mia.calls().presses("1").hears("Please hang up now").hangs_up()
    said = writes(world.mia, "stop calling me") or ""
    assert said.startswith("Care Line: You will get no more texts. In danger?")
    world.mia.answers(within=200)


@pytest.mark.parametrize("words", ["STOP", "QUIT", "CANCEL"])
def test_the_carriers_own_words_end_texts_and_the_call_still_comes(owing: World, words: str) -> None:
    """QUIT may be about heroin, and CANCEL blocks our texts by itself: nobody loses the call they asked for by it."""
    owing.mia.texts(words)
    assert all(row.callback.is_open for row in callbacks_of(owing))
    assert (
        owing.look(lambda transaction: callers.get(transaction.tx, PhoneNumber(MIA)).opted_out_at) is not None
    )


def test_said_to_a_coordinator_it_ends_everything_at_once(owing: World) -> None:
    """On the board: the outcome of one callback ends the other, too."""
    callback_id, ana = owing.board().callbacks[0].callback, owing.staff_id(ANA)
    owing.change(lambda transaction: coordinator.claim(transaction, callback_id, ana))
    assert owing.change(
        lambda transaction: coordinator.set_outcome(transaction, callback_id, Outcome.ASKED_TO_STOP, ana)
    )
    contact = owing.look(lambda transaction: callbacks.get(transaction.tx, callback_id)).contact_id
    lines = owing.look(lambda transaction: timeline.of(transaction.tx, contact_id=contact))
    heard = [(line.by_staff, line.at) for line in lines if line.what == TimelineWord.OPTED_OUT]
    assert heard == [(ana, owing.clock.now)], "who heard it, and when"
    check_that_it_is_over(owing)


def test_said_in_a_talk_the_coordinators_key_0_ends_everything_at_once(owing: World) -> None:
    """By whoever heard it, as soon as the talk is over; the other callback ends, too."""
    owing.phones(Behaviour.RINGS, owing.ana)
    owing.ana.answers(within=60).presses("1")
    owing.mia.answers(within=60).presses("1")
    owing.ana.meets(owing.mia)
    owing.passes(seconds=40)
    owing.mia.hangs_up()
    owing.ana.hears("How did it end").presses("0").hears("Saved")
    opted = owing.look(lambda transaction: callers.get(transaction.tx, PhoneNumber(MIA)))
    assert owing.clock.now - opted.no_calls_at < timedelta(seconds=2)
    check_that_it_is_over(owing)


def test_while_their_telephone_rings_it_stops_ringing(owing: World) -> None:
    """And whoever waited for them hears that it is over, not that we try again."""
    owing.phones(Behaviour.RINGS, owing.ana)
    owing.ana.answers(within=60).presses("1")
    owing.until(lambda: owing.mia.rings)
    owing.mia.texts("stop calling me")
    owing.ana.hears("It is not waiting any more")
    assert not owing.mia.rings
    check_that_it_is_over(owing)


def test_their_own_next_call_is_answered_as_anybody_s(owing: World) -> None:
    """A new wish is a new promise; and an emergency is one."""
    owing.mia.texts("stop calling me")
    owing.mia.calls().presses("2").hears("A coordinator will call you back").hangs_up()
    assert [row.callback.line for row in callbacks_of(owing) if row.callback.is_open] == [Line.ADMISSIONS]
    owing.mia.calls().presses("1").hears("Please hang up now")
    owing.mia.hangs_up()
    owing.mia.texts("stop calling me")
    assert len(emergencies(owing)) == 1
    kept = [row.callback for row in callbacks_of(owing) if row.callback.line is Line.EMERGENCY]
    assert [one.status is CallbackStatus.CLOSED for one in kept] == [False]


def test_once_they_ask_for_a_call_themselves_they_are_called_again(owing: World) -> None:
    """Their own wish is the later one: nothing is refused any more."""
    owing.mia.texts("stop calling me")
    assert wish_of(owing) is not None
    owing.mia.calls().presses("2").hears("A coordinator will call you back").hangs_up()
    assert wish_of(owing) is None
    owing.phones(Behaviour.ANSWERS, owing.ana)
    owing.ana.answers(within=90).presses("1")
    owing.mia.answers(within=60)


def test_a_callback_that_is_opened_again_afterwards_rings_nobody(owing: World) -> None:
    """An outcome of before, corrected to "call later" by a key that came late: they have asked for no calls since."""
    callback_id, ana = owing.board().callbacks[0].callback, owing.staff_id(ANA)
    owing.mia.texts("stop calling me")
    owing.change(
        lambda transaction: coordinator.set_outcome(transaction, callback_id, Outcome.CALL_LATER, ana)
    )
    owing.phones(Behaviour.ANSWERS, owing.ana)
    rung = len(owing.calls_to(ANA))
    owing.passes(minutes=180)
    assert len(owing.calls_to(ANA)) == rung
    check_that_it_is_over(owing)


def test_who_presses_call_now_on_one_that_was_opened_again_dials_nobody(owing: World) -> None:
    """The last look is where the call would leave: their phone stays silent, and Ana hears that it is over."""
    callback_id, ana = owing.board().callbacks[0].callback, owing.staff_id(ANA)
    owing.mia.texts("stop calling me")
    owing.change(
        lambda transaction: coordinator.set_outcome(transaction, callback_id, Outcome.CALL_LATER, ana)
    )
    owing.phones(Behaviour.RINGS, owing.ana)
    owing.change(lambda transaction: coordinator.call_now(transaction, callback_id, ana))
    owing.ana.answers(within=20).presses("1").hears("It is not waiting any more")
    assert owing.calls_to(MIA) == []
    check_that_it_is_over(owing)


def wish_of(world: World) -> object:
    return world.look(lambda transaction: callers.get(transaction.tx, PhoneNumber(MIA)).no_calls_at)
