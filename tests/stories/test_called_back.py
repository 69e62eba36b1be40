"""Story 2, second half: the promise is kept. Staff are rung, then the caller, who must press 1."""

from datetime import timedelta

import pytest

from hotline.callbacks.callback import CallbackStatus
from hotline.model import Outcome
from hotline.operations.console import coordinator
from hotline.simulator import Behaviour
from tests.stories.conftest import Building
from tests.stories.records import the_callback
from tests.stories.world import AFTERNOON, ANA, CENTRE, LINE, MIA, World

NEUTRAL = "You asked for a call. Press 1."
QUESTION = {
    "Hello, this is Care Line, 6 1 7, 5 5 5, 0 1 0 0.",
    NEUTRAL,
    "If this call is for someone else, press 3.",
}


@pytest.fixture
def owing(building: Building) -> World:
    """A world in which Mia has asked for a call and hung up; Ana's phone rings for it."""
    world = building(centre=CENTRE + '[waits]\nlive_answer = "0s"\n')
    owe(world)
    return world


def owe(world: World) -> None:
    """Mia asks for a call: no message, no text."""
    world.phones(Behaviour.OFF, world.ben, world.sue)
    world.mia.calls().presses("2").hears("A coordinator will call you back", within=90).presses("4")
    world.mia.hears("message").presses("5").hears("text").presses("5").hears("as soon as we can").presses("4")
    world.mia.hears("You are in line").hangs_up()
    world.until(lambda: world.ana.rings)


def ana_takes_it(world: World) -> None:
    """Ana presses 1 and hears the whisper; Mia's phone is dialled."""
    world.ana.answers().hears("A call back is due").presses("1")
    world.ana.hears("Admissions call back").hears("Attempt 1")


def tried_again_in(world: World) -> timedelta:
    """How long until Mia's callback is due again."""
    owed = the_callback(world).callback
    assert owed.status is CallbackStatus.WAITING
    assert owed.due_at is not None
    return timedelta(seconds=round((owed.due_at - world.clock.now).total_seconds(), -1))


@pytest.mark.both_databases
def test_the_promise_is_kept(owing: World) -> None:
    """Ana presses 1, Mia's phone rings from our number, she presses 1, and they talk; the outcome by key."""
    ana_takes_it(owing)
    owing.until(lambda: owing.mia.rings, within=10)
    assert owing.mia.phone.shows == LINE
    owing.mia.answers().hears(NEUTRAL).presses("1").meets(owing.ana)
    owing.passes(30)
    owing.mia.hangs_up()
    owing.ana.hears("How did it end").presses("2").hears("Saved")
    owing.passes(2)
    kept = the_callback(owing).callback
    assert (kept.status, kept.outcome, kept.attempts) == (CallbackStatus.CLOSED, Outcome.BOOKED_INTAKE, 1)
    assert len(owing.calls_to(MIA)) == 1


def test_the_coordinator_hangs_up_first(owing: World) -> None:
    """No key, no outcome from her: they talked, so the callback is kept."""
    ana_takes_it(owing)
    owing.mia.answers().presses("1").meets(owing.ana)
    owing.passes(30)
    owing.ana.hangs_up()
    owing.mia.hears("The other person has left").hangs_up()
    owing.passes(2)
    assert the_callback(owing).callback.outcome is Outcome.REACHED


def test_call_later_is_a_new_promise(owing: World) -> None:
    """The caller hangs up after "call me tomorrow"; the key that says so comes after the call is over, and counts."""
    ana_takes_it(owing)
    owing.mia.answers().presses("1").meets(owing.ana)
    owing.passes(30)
    owing.mia.hangs_up()
    owing.passes(3)
    owing.ana.presses("3").hears("Saved")
    assert tried_again_in(owing) == timedelta(hours=1)


def test_the_outcome_is_set_on_the_board(owing: World) -> None:
    """A coordinator who claims a callback and settles it by other means says so on the board."""
    callback_id = owing.board().callbacks[0].callback
    ana = owing.staff_id(ANA)
    owing.change(lambda transaction: coordinator.claim(transaction, callback_id, ana))
    owing.change(lambda transaction: coordinator.set_outcome(transaction, callback_id, Outcome.REFERRED, ana))
    owing.until(lambda: not owing.ana.rings, within=10)
    assert the_callback(owing).callback.outcome is Outcome.REFERRED
    assert owing.board().callbacks == ()


def test_call_now_rings_her_own_phone_and_then_the_caller(owing: World) -> None:
    """The button on the board: one's own phone, 1, the caller's phone, 1."""
    owing.phones(Behaviour.IGNORES, owing.ana)
    owing.until(lambda: not owing.ana.rings, within=60)
    owing.phones(Behaviour.RINGS, owing.ana)
    callback_id = owing.board().callbacks[0].callback
    ana = owing.staff_id(ANA)
    owing.change(lambda transaction: coordinator.call_now(transaction, callback_id, ana))
    owing.ana.answers().presses("1")
    owing.mia.answers().hears(NEUTRAL).presses("1").meets(owing.ana)


def test_call_now_while_her_phone_is_in_use_can_be_clicked_again(owing: World) -> None:
    """The first click finds her phone busy, with our own goodbye; the second one rings it."""
    owing.ana.answers().presses("2")
    callback_id = owing.board().callbacks[0].callback
    ana = owing.staff_id(ANA)
    owing.change(lambda transaction: coordinator.call_now(transaction, callback_id, ana))
    owing.until(lambda: not owing.ana.in_call, within=15)
    owing.passes(2)
    owing.change(lambda transaction: coordinator.call_now(transaction, callback_id, ana))
    owing.ana.answers().presses("1")
    owing.mia.answers().hears(NEUTRAL).presses("1").meets(owing.ana)


def test_nobody_takes_it_and_it_goes_round(owing: World) -> None:
    """Every phone rings in vain: a pause, and they ring again; the callback is never lost on the way."""
    owing.phones(Behaviour.IGNORES, owing.ana)
    owing.passes(minutes=3)
    assert len(owing.calls_to(ANA)) > 1
    owing.phones(Behaviour.RINGS, owing.ana)
    owing.until(lambda: owing.ana.rings and owing.ana.phone.behaviour is Behaviour.RINGS, within=120)
    owing.passes(1)
    owing.ana.answers(within=90).presses("1")
    owing.mia.answers().presses("1").meets(owing.ana)


@pytest.mark.both_databases
def test_past_its_promise_the_supervisor_is_told_and_rung(owing: World) -> None:
    """After 15 minutes the supervisor has a text, and her phone rings along with the coordinators'."""
    owing.phones(Behaviour.IGNORES, owing.ana)
    owing.phones(Behaviour.RINGS, owing.sue)
    owing.passes(minutes=14)
    assert not owing.sue.has_read("past its promise")
    owing.passes(minutes=3)
    assert [body for body in owing.texts_to(owing.sue.phone.number) if "past its promise" in body] != []
    owing.until(lambda: owing.sue.rings, within=120)
    owing.sue.answers().presses("1")
    owing.mia.answers().presses("1").meets(owing.sue)


@pytest.mark.parametrize(
    ("behaviour", "delay"),
    [
        (Behaviour.IGNORES, timedelta(minutes=15)),
        (Behaviour.BUSY, timedelta(minutes=5)),
        (Behaviour.OFF, timedelta(minutes=15)),
    ],
)
def test_an_attempt_in_vain_is_made_again(owing: World, behaviour: Behaviour, delay: timedelta) -> None:
    """No answer and dead phones: 15 minutes; busy: 5. Ana is told, and let go."""
    owing.phones(behaviour, owing.mia)
    ana_takes_it(owing)
    owing.ana.hears("They did not answer", within=60)
    owing.until(lambda: not owing.ana.in_call, within=30)
    assert tried_again_in(owing) == delay
    assert len(owing.calls_to(MIA)) == 1


def test_the_second_attempt_comes_when_it_is_due(owing: World) -> None:
    """Five minutes after a busy line Ana's phone rings again, and she hears that it is the second attempt."""
    owing.phones(Behaviour.BUSY, owing.mia)
    ana_takes_it(owing)
    owing.ana.hears("They did not answer", within=60)
    owing.phones(Behaviour.RINGS, owing.mia)
    owing.passes(minutes=4)
    assert not owing.ana.rings
    owing.until(lambda: owing.ana.rings, within=90)
    owing.ana.answers().presses("1").hears("Attempt 2")
    owing.mia.answers().presses("1").meets(owing.ana)


def test_a_voicemail_box_hears_nothing_that_tells_anything(owing: World) -> None:
    """The neutral sentence at most, and silence at its beep; nobody is put through to it; the callback goes back."""
    owing.phones(Behaviour.VOICEMAIL, owing.mia, after=5)
    heard_before = len(owing.mia.phone.heard)
    ana_takes_it(owing)
    owing.ana.hears("They did not answer", within=90)
    assert {one.text for one in owing.mia.phone.heard[heard_before:]} <= QUESTION
    assert set(owing.mia.phone.recorded) <= QUESTION
    assert tried_again_in(owing) == timedelta(minutes=15)


def test_somebody_who_picks_up_and_presses_nothing(owing: World) -> None:
    """It may be anybody: they hear the neutral sentence and are let go, and the callback goes back."""
    heard_before = len(owing.mia.phone.heard)
    ana_takes_it(owing)
    owing.mia.answers()
    owing.until(lambda: not owing.mia.in_call, within=60)
    owing.ana.hears("They did not answer", within=30)
    assert {one.text for one in owing.mia.phone.heard[heard_before:]} == QUESTION
    assert tried_again_in(owing) == timedelta(minutes=15)


def test_the_called_person_hangs_up_instead(owing: World) -> None:
    """As if nobody had picked up."""
    ana_takes_it(owing)
    owing.mia.answers().hangs_up()
    owing.ana.hears("They did not answer", within=30)
    assert tried_again_in(owing) == timedelta(minutes=15)


def test_ana_is_gone_when_the_caller_presses_1(owing: World) -> None:
    """The person who asked for the call isn't left alone: they hold, and Ana's phone rings first."""
    ana_takes_it(owing)
    owing.mia.answers()
    owing.ana.hangs_up()
    owing.mia.presses("1").hears("getting a person")
    owing.ana.answers(within=60).presses("1").meets(owing.mia)


def test_the_owner_does_nothing_and_loses_it(owing: World) -> None:
    """A claim on the board with nothing done about it: after 15 minutes it is rung again."""
    callback_id = owing.board().callbacks[0].callback
    ana = owing.staff_id(ANA)
    owing.change(lambda transaction: coordinator.claim(transaction, callback_id, ana))
    owing.passes(minutes=14)
    assert the_callback(owing).callback.status is CallbackStatus.TAKEN
    owing.passes(minutes=2)
    assert the_callback(owing).callback.owner is None


def test_at_night_the_second_attempt_waits_for_the_morning(building: Building) -> None:
    """Somebody who did not answer at nine in the evening isn't rung out of their sleep."""
    ten_to_nine = AFTERNOON + timedelta(hours=5, minutes=50)
    world = building(centre=CENTRE + '[waits]\nlive_answer = "0s"\n', now=ten_to_nine)
    world.phones(Behaviour.OFF, world.ben, world.sue)
    world.mia.calls().presses("2").hears("A coordinator will call you back").presses("4").hears("message")
    world.mia.hangs_up()
    world.until(lambda: world.ana.rings)
    world.phones(Behaviour.IGNORES, world.mia)
    world.ana.answers().presses("1").hears("They did not answer", within=60)
    owed = the_callback(world).callback
    assert owed.due_at is not None
    assert owed.due_at == ten_to_nine.replace(day=3, hour=13, minute=0)


def test_who_asks_for_it_while_their_phone_has_nearly_rung_out_is_rung_anew(owing: World) -> None:
    """The board has said that it rings now: it rings until they can have taken it up."""
    owing.passes(22)
    assert owing.ana.rings
    callback, ana = the_callback(owing).callback.id, owing.staff_id(ANA)
    owing.change(lambda transaction: coordinator.call_now(transaction, callback, ana))
    owing.passes(15)
    assert owing.ana.rings
    ana_takes_it(owing)
    owing.until(lambda: owing.mia.rings, within=10)
    owing.mia.answers().hears(NEUTRAL).presses("1").meets(owing.ana)
