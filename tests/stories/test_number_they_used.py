"""Callers are rung back and written to from the number that they used, and the words say that number."""

from __future__ import annotations

import pytest

from hotline.model import PhoneNumber
from hotline.operations.callbacks import ringing_back
from hotline.operations.console import coordinator
from hotline.operations.texts import threads
from hotline.simulator import Behaviour
from hotline.store.cases import callbacks
from hotline.store.people import callers
from tests.operations.texting import answers_to, code_of, confirms, takes, thread_of, writes
from tests.stories.conftest import Building
from tests.stories.world import ANA, CENTRE, LINE, MIA, World

OTHER = "+18575550100"
SPOKEN, WRITTEN = "8 5 7, 5 5 5, 0 1 0 0", "857-555-0100"
TWO = CENTRE.replace(f'numbers = ["{LINE}"]', f'numbers = ["{LINE}", "{OTHER}"]')
AT_ONCE = '[waits]\nlive_answer = "0s"\n'


@pytest.fixture
def two(building: Building) -> World:
    """A line with two numbers, whose callers are offered a call at once."""
    world = building(centre=TWO + AT_ONCE)
    world.phones(Behaviour.OFF, world.ben, world.sue)
    return world


def owe(world: World, *, text: bool = False) -> None:
    """Mia asks for a call by the second number, and hears where it will come from."""
    world.mia.calls(OTHER).presses("2").hears("A coordinator will call you back", within=90).presses("4")
    world.mia.hears("message").presses("5").hears("text").presses("4" if text else "5")
    world.mia.hears("as soon as we can").presses("4")
    world.mia.hears(f"from {SPOKEN}").hangs_up()


def sent_from(world: World) -> set[str]:
    """From which of our numbers texts to Mia came by now."""
    return {message.from_ for message in world.sim.messages if message.to == MIA}


def ana_calls_back(world: World) -> None:
    """Ana takes what rings her phone, until Mia's rings."""
    world.ana.answers().presses("1")
    world.until(lambda: world.mia.rings, within=20)


def test_a_call_comes_from_the_number_that_was_called(two: World) -> None:
    """Mia's phone shows the number that she dialled; staff are rung from the line's first one."""
    owe(two)
    two.until(lambda: two.ana.rings)
    assert two.ana.phone.shows == LINE
    ana_calls_back(two)
    assert two.mia.phone.shows == OTHER


def test_after_a_text_the_call_comes_from_the_number_that_was_texted(two: World) -> None:
    """So say the words that promise it, and so says the phone when it rings; so do later words about it."""
    writes(two.mia, "hi")
    two.mia.texts("2", OTHER).reads("safe").texts("4", OTHER).reads(f"We will call from {WRITTEN}")
    two.mia.texts("status", OTHER).reads(f"The call comes from {WRITTEN}")
    ana_calls_back(two)
    assert two.mia.phone.shows == OTHER


def test_whoever_asks_by_another_number_is_rung_from_that_one(two: World) -> None:
    """The newest contact counts: that number is the one which their phone knows as dialled a moment ago."""
    owe(two, text=True)
    two.until(lambda: two.ana.rings)
    two.ana.declines()
    two.mia.texts("status", LINE).reads("617-555-0100")
    two.until(lambda: two.ana.rings, within=600)
    ana_calls_back(two)
    assert two.mia.phone.shows == LINE


def test_while_the_call_rings_the_words_name_where_it_comes_from(two: World) -> None:
    """Whatever number they text meanwhile."""
    owe(two, text=True)
    two.until(lambda: two.ana.rings)
    ana_calls_back(two)
    two.mia.texts("status", LINE).reads(f"We are calling you now, from {WRITTEN}")


def test_the_discreet_text_comes_from_the_number_that_was_called(two: World) -> None:
    """And names it."""
    owe(two, text=True)
    two.phones(Behaviour.BUSY, two.mia)
    two.ana.answers(within=60).presses("1")
    two.mia.reads(f"Call {WRITTEN} at a good time", within=60)
    assert sent_from(two) == {OTHER}


def test_a_coordinator_writes_from_the_number_that_was_texted_last(two: World) -> None:
    """Words at hand name that number, too."""
    writes(two.mia, "is the side door open")
    two.mia.texts("hello?", OTHER)
    (thread,) = two.board().threads
    ana = two.staff_id(ANA)
    two.change(lambda transaction: coordinator.accept(transaction, thread.escalation, ana))
    contact = thread_of(two).id
    shown = two.look(lambda transaction: threads.look(transaction, contact, ana))
    at_hand = f"Call {WRITTEN} at a good time for you."
    assert at_hand in [one.words for one in shown.neutral]
    two.change(lambda transaction: threads.write(transaction, contact, at_hand, ana, "k1"))
    two.mia.reads(at_hand)
    assert two.mia.phone.inbox[-1].from_ == OTHER


def test_a_clinicians_words_come_from_the_number_that_was_texted(two: World) -> None:
    """In an emergency, by the answer to a page, and the keys that prove who wrote."""
    two.mia.texts("i want to die", OTHER).reads("988")
    two.cleo.reads("Reply")
    takes(two.cleo, "3")
    confirms(two.cleo, f"{code_of(two.cleo)} Are you alone?")
    two.mia.reads("Are you alone?")
    assert sent_from(two) == {OTHER}


def test_an_emergency_that_hung_up_is_rung_back_from_the_number_that_was_called(two: World) -> None:
    """Before the 911 sentence was over: at once."""
    two.mia.calls(OTHER).presses("1").hangs_up()
    two.cleo.answers().presses("1")
    two.until(lambda: two.mia.rings, within=200)
    assert two.mia.phone.shows == OTHER


def test_help_names_the_number_that_was_texted(two: World) -> None:
    """As does everything else that names one."""
    two.sim.post_office.answers_help = False
    two.mia.texts("HELP", OTHER).reads(f"Call {WRITTEN} any time")
    assert "617-555-0100" not in answers_to(two.mia)[-1]


def test_whoever_begins_again_at_one_number_is_written_to_from_that_one_only(two: World) -> None:
    """The carrier keeps the stop at the other number: what fails there doesn't undo their START at this one."""
    two.mia.texts("STOP", OTHER).texts("START", LINE).reads("Texts are back on")
    before = len(answers_to(two.mia))
    two.mia.texts("hi", OTHER)
    two.passes(5)
    assert len(answers_to(two.mia)) == before
    two.mia.texts("hi", LINE).reads("Reply 1 emergency")
    known = two.look(lambda transaction: callers.get(transaction.tx, PhoneNumber(MIA)))
    assert (known.is_out(OTHER), known.is_out(LINE)) == (True, False)


def test_a_number_that_is_ours_no_more_gives_way_to_the_first(two: World) -> None:
    """Callbacks asked for by it are still made; the line's first number is shown."""
    owe(two)
    gone = "+18575550177"
    two.change(
        lambda transaction: ringing_back.used(transaction, callbacks.all_open(transaction.tx)[0], gone)
    )
    ana_calls_back(two)
    assert two.mia.phone.shows == LINE
