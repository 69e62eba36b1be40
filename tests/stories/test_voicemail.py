"""A machine may have answered, says the carrier: a hint that may be late, wrong or repeated, and hangs up on nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.callbacks.callback import CallbackStatus, DetailsGiven
from hotline.effects import RedirectCall
from hotline.model import PhoneNumber
from hotline.operations.callbacks import ringing_back
from hotline.operations.transaction import Transaction
from hotline.simulator import Behaviour
from hotline.store.cases import callbacks
from hotline.store.people import callers
from tests.stories.conftest import Building
from tests.stories.records import the_callback
from tests.stories.safe_contact import (
    BUSINESS,
    ELSE_KEY,
    MESSAGE,
    NEUTRAL,
    TEXT,
    discreet_texts,
    heard,
    kept_text,
    mia_is_dialled,
    owing,
)
from tests.stories.world import LINE, MIA, World


@pytest.fixture
def safe(building: Building) -> World:
    """A world in which a message and a text are safe for Mia, whose telephone has a person at it."""
    return owing(building, message=True, text=True)


def over(world: World) -> bool:
    return the_callback(world).callback.status is CallbackStatus.WAITING


@pytest.mark.both_databases
def test_the_message_follows_the_beep_and_the_attempt_counts_as_one(safe: World) -> None:
    """Ana is told that nobody took it; the next attempt comes when one after a message is due."""
    safe.mia.phone.behaviour, safe.mia.phone.after = Behaviour.VOICEMAIL, 4
    safe.mia.phone.mailbox.greeting = 9.0
    mia_is_dialled(safe)
    safe.ana.hears("They did not answer", within=90)
    assert safe.mia.phone.recorded[-1] == MESSAGE
    owed = the_callback(safe).callback
    assert (owed.status, owed.attempts, owed.outcome) == (CallbackStatus.WAITING, 1, None)
    assert owed.due_at is not None
    assert owed.due_at >= safe.clock.now + timedelta(minutes=14)


def test_somebody_taken_for_a_machine_presses_1(safe: World) -> None:
    """They hear the message, which says who calls; their key connects them."""
    safe.mia.phone.detected_as = "machine_end_beep"
    mia_is_dialled(safe)
    safe.mia.answers().hears(MESSAGE).presses("1").meets(safe.ana)
    safe.passes(30)
    assert safe.mia.talks_with(safe.ana)


def test_somebody_taken_for_a_machine_while_they_talk(safe: World) -> None:
    """The hint comes long after the key: nothing changes."""
    safe.mia.phone.detected_as, safe.mia.phone.detected_after = "machine_end_silence", 14.0
    mia_is_dialled(safe)
    safe.mia.answers().hears(NEUTRAL).presses("1").meets(safe.ana)
    safe.passes(30)
    assert safe.mia.talks_with(safe.ana)
    assert MESSAGE not in heard(safe)


def test_the_redirect_arrives_after_the_key(safe: World) -> None:
    """It was on its way when they pressed 1, and takes them out of the room: they hold, and get her or another."""
    mia_is_dialled(safe)
    safe.mia.answers().hears(NEUTRAL).presses("1").meets(safe.ana)
    call = safe.calls_to(MIA)[-1]
    contact = the_callback(safe).call_contact_id
    safe.phones(Behaviour.RINGS, safe.ben)
    safe.here.carrier.perform(RedirectCall(call.sid, f"/twilio/voice/voicemail/{contact}"))
    safe.until(lambda: not safe.mia.talks_with(safe.ana), within=2)
    safe.until(lambda: safe.mia.talks_with(safe.ana) or safe.ben.rings, within=90)
    assert safe.mia.in_call
    assert MESSAGE not in heard(safe)


def test_the_redirect_arrives_just_before_the_key(safe: World) -> None:
    """Both at once: they hear the beginning of the message, and are connected."""
    safe.mia.phone.detected_as = "machine_end_beep"
    mia_is_dialled(safe)
    safe.mia.answers()
    safe.until(lambda: "voicemail" in safe.sim.webhooks[-1].url, within=10)
    safe.mia.presses("1").meets(safe.ana)


@pytest.mark.parametrize("twice_in", [0.0, 3.0, 8.0])
def test_a_hint_told_twice_leaves_one_message(safe: World, twice_in: float) -> None:
    """At once, while the message is spoken, and after it."""
    safe.mia.phone.behaviour, safe.mia.phone.after = Behaviour.VOICEMAIL, 4
    if twice_in:
        safe.sim.faults.duplicate_later(twice_in, kind="machine")
    else:
        safe.sim.faults.duplicate(3, kind="machine")
    safe.sim.faults.duplicate_later(5.0, kind="voice", url_part="/voicemail/")
    mia_is_dialled(safe)
    safe.until(lambda: over(safe), within=90)
    safe.passes(15)
    assert safe.mia.phone.recorded.count(MESSAGE) == 1


@pytest.mark.parametrize("seed", range(4))
def test_reports_in_any_order_end_alike(safe: World, seed: int) -> None:
    """The hint before the answer was told, after the end, and between: one message at most, and tried again."""
    safe.sim.faults.reorder(seed=seed, spread=12.0)
    safe.mia.phone.behaviour, safe.mia.phone.after = Behaviour.VOICEMAIL, 4
    mia_is_dialled(safe)
    safe.until(lambda: over(safe), within=120)
    safe.passes(30)
    assert heard(safe) <= {BUSINESS, NEUTRAL, "If this call is for someone else, press 3.", MESSAGE}
    left = MESSAGE in heard(safe)
    assert discreet_texts(safe) == ([] if left else [TEXT])


def test_a_hint_that_is_lost_leaves_no_message_and_the_text_goes_out(safe: World) -> None:
    """As if nobody had answered."""
    safe.mia.phone.behaviour, safe.mia.phone.after = Behaviour.VOICEMAIL, 4
    safe.sim.faults.lose(kind="machine")
    mia_is_dialled(safe)
    safe.until(lambda: over(safe), within=90)
    assert MESSAGE not in heard(safe)
    safe.mia.reads(TEXT)


def test_a_no_that_comes_while_it_rings_is_heeded(safe: World) -> None:
    """The consent is looked up when the machine answers, and not only when the telephone was dialled."""
    safe.mia.phone.behaviour, safe.mia.phone.after = Behaviour.VOICEMAIL, 8
    mia_is_dialled(safe)

    def says_no(transaction: Transaction) -> None:
        row = callbacks.get(transaction.tx, the_callback(safe).callback.id)
        assert row is not None
        ringing_back.change(transaction, row, DetailsGiven(message_safe=False, text_safe=False))

    safe.change(says_no)
    safe.until(lambda: over(safe), within=90)
    safe.passes(5)
    assert MESSAGE not in heard(safe)
    assert discreet_texts(safe) == []


def test_one_text_and_then_no_more(building: Building) -> None:
    """The second attempt in vain texts nobody; the text is in the thread, delivered."""
    world = owing(building, text=True)
    world.phones(Behaviour.BUSY, world.mia)
    mia_is_dialled(world)
    world.mia.reads(TEXT)
    world.until(lambda: world.ana.rings, within=400)
    world.ana.answers().presses("1")
    world.until(lambda: the_callback(world).callback.attempts == 2 and over(world), within=60)
    world.passes(10)
    assert discreet_texts(world) == [TEXT]
    kept = kept_text(world)
    assert kept is not None
    assert kept.status == "delivered"


def test_whoever_told_only_the_carrier_to_stop_is_not_texted_and_we_learn_of_it(building: Building) -> None:
    """21610: the text never arrives, the opt-out is ours from now on, and the call back is owed as before."""
    world = owing(building, text=True)
    world.sim.post_office.blocked.add((MIA, LINE))
    world.phones(Behaviour.BUSY, world.mia)
    mia_is_dialled(world)
    world.until(lambda: (kept := kept_text(world)) is not None and kept.status == "failed", within=30)
    kept = kept_text(world)
    assert kept is not None
    assert kept.error == "21610"
    assert not world.mia.has_read(TEXT)
    assert world.board().callbacks
    assert (
        world.look(lambda transaction: callers.get(transaction.tx, PhoneNumber(MIA)).opted_out_at) is not None
    )


def test_whoever_has_texted_stop_to_us_is_not_texted(building: Building) -> None:
    """STOP after the call: the yes of before it holds no more; the call that was asked for comes."""
    world = owing(building, text=True)
    world.mia.texts("STOP")
    world.phones(Behaviour.BUSY, world.mia)
    mia_is_dialled(world)
    world.until(lambda: over(world), within=60)
    world.passes(10)
    assert discreet_texts(world) == []


def test_the_text_s_answer_is_lost_and_it_is_not_sent_twice(building: Building) -> None:
    """Looked up at the carrier before anything is repeated."""
    world = owing(building, text=True)
    world.phones(Behaviour.BUSY, world.mia)
    world.sim.faults.drop_after("messages")
    mia_is_dialled(world)
    world.mia.reads(TEXT)
    world.passes(60)
    assert discreet_texts(world) == [TEXT]
    kept = kept_text(world)
    assert kept is not None
    assert kept.provider_sid is not None


def test_an_emergency_leaves_nothing(building: Building) -> None:
    """A yes that was given before it turned into one is no yes for it: from the beep on nothing is said, and no text
    is sent."""
    world = owing(building, message=True, text=True)
    world.phones(Behaviour.OFF, *world.clinicians)
    world.mia.calls().presses("1")
    world.mia.hears("hang up now and dial 9-1-1")
    world.passes(4)
    world.mia.hangs_up()
    world.mia.phone.heard.clear()
    world.mia.phone.behaviour, world.mia.phone.after = Behaviour.VOICEMAIL, 4
    world.until(lambda: len(world.calls_to(MIA)) > 0, within=200)
    world.passes(60)
    assert MESSAGE not in heard(world)
    assert world.mia.phone.recorded == []
    assert heard(world) <= {BUSINESS, "We are calling you back. Press 1.", ELSE_KEY}
    assert discreet_texts(world) == []


@pytest.mark.parametrize("greeting", [2.0, 5.0, 9.0])
def test_a_box_keeps_nothing_of_whose_call_it_was_in_an_emergency(
    building: Building, greeting: float
) -> None:
    """Nobody who hung up in an emergency had said that a message is safe: a partner who listens to it learns nothing.
    Whoever answers in person is asked as ever."""
    world = building()
    world.phones(Behaviour.RINGS, *world.staff)
    world.mia.calls().presses("1").hears("9-1-1")
    world.passes(12)
    world.mia.hangs_up()
    world.mia.phone.behaviour, world.mia.phone.after = Behaviour.VOICEMAIL, 4
    world.mia.phone.mailbox.greeting = greeting
    world.until(lambda: len(world.calls_to(MIA)) > 0, within=180)
    world.passes(60)
    kept = " ".join(world.mia.phone.recorded)
    assert not any(part in kept for part in ("Care Line", "6 1 7", "9-1-1", "Narcan"))
    world.mia.phone.behaviour = Behaviour.RINGS
    world.mia.answers(within=400).hears("We are calling you back. Press 1.").presses("1").hears("9-1-1")
