"""Story 9, the database locked for 20 s: telephones are answered, nothing is promised, and nothing is lost."""

from __future__ import annotations

import pytest

from hotline.model import Line
from hotline.simulator import Behaviour
from tests.operations.outages import goes_by, locked
from tests.stories.conftest import Building
from tests.stories.records import callbacks_of, contact_of, emergencies, the_callback
from tests.stories.world import FAILSAFE, LINE, MIA, SHORT, World

SENTENCE = "If someone won't wake up or can't breathe, hang up and dial 9-1-1. Please stay on the line."


@pytest.fixture
def world(building: Building) -> World:
    """A house that does not wait long for its database."""
    return building(patience=SHORT)


def said_to(world: World) -> list[str]:
    return world.mia.phone.captions


def test_a_caller_is_answered_with_the_911_sentence_and_the_failsafe_number(world: World) -> None:
    """From their own leg; whoever answers there presses 1, and they talk. Afterwards the call is in our books."""
    with locked(world.here):
        world.mia.phone.calls(LINE)
        goes_by(world, 13)
        assert said_to(world) == [SENTENCE + " I am getting a person for you."]
        assert world.failsafe.rings
        world.failsafe.phone.answer()
        goes_by(world, 2)
        assert not world.failsafe.talks_with(world.mia)
        world.failsafe.phone.presses("1")
        goes_by(world, 10)
        assert world.failsafe.talks_with(world.mia)
        assert len(world.here.journal.files()) == 1
    world.passes(2)
    assert world.failsafe.talks_with(world.mia)
    assert world.here.journal.files() == []
    assert contact_of(world).caller is not None


def test_who_hung_up_in_the_outage_is_owed_a_callback_that_is_made(world: World) -> None:
    """Twenty seconds without a database, and then a coordinator's phone rings for it."""
    world.phones(Behaviour.IGNORES, world.failsafe)
    with locked(world.here):
        world.mia.phone.calls(LINE)
        goes_by(world, 12)
        world.mia.phone.hangs_up()
        goes_by(world, 8)
    world.passes(1)
    owed = the_callback(world)
    assert owed.callback.line is Line.PERSON
    world.ana.answers(within=30).presses("1")
    world.mia.answers(within=30).hears("You asked for a call").presses("1").meets(world.ana)


def test_key_1_in_the_outage_pages_as_soon_as_it_is_over(world: World) -> None:
    """The failsafe number rings at once; clinicians' phones within two seconds of the database's return."""
    world.mia.calls().hears("9-1-1")
    world.phones(Behaviour.IGNORES, world.failsafe)
    with locked(world.here):
        world.mia.phone.presses("1")
        goes_by(world, 13)
        assert said_to(world)[-1].startswith(SENTENCE)
        assert world.failsafe.rings
        goes_by(world, 7)
    world.until(lambda: all(clinician.rings for clinician in world.clinicians), within=2)
    world.mia.hears("Narcan", within=60)
    world.cleo.answers().presses("1").meets(world.mia)


def test_key_1_counts_for_somebody_who_hung_up_in_the_outage(world: World) -> None:
    """The emergency is open, and a clinician's key dials them."""
    world.mia.calls().hears("9-1-1")
    with locked(world.here):
        world.mia.phone.presses("1")
        goes_by(world, 3)
        world.mia.phone.hangs_up()
        goes_by(world, 17)
    world.passes(1)
    assert len(emergencies(world)) == 1
    world.dev.answers().presses("1")
    world.mia.answers(within=200).hears("We are calling you back").presses("1").meets(world.dev)


def test_the_failsafe_loop_goes_on_with_the_call_when_the_database_is_back(world: World) -> None:
    """Nobody answers the failsafe number: it rings again, and the next time round the menu is there."""
    world.phones(Behaviour.IGNORES, world.failsafe)
    with locked(world.here):
        world.mia.phone.calls(LINE)
        goes_by(world, 50)
        assert len(world.calls_to(FAILSAFE)) == 2
    world.mia.hears("For treatment, press 2", within=40).presses("2").hears("getting a person")
    world.ben.answers().presses("1").meets(world.mia)
    assert len(callbacks_of(world)) == 0


def test_a_withheld_number_is_asked_for_when_the_database_is_back(world: World) -> None:
    """Nobody can ring them back: they go on with the call that they are in."""
    world.phones(Behaviour.IGNORES, world.failsafe)
    with locked(world.here):
        world.mia.phone.calls(LINE, withheld=True)
        goes_by(world, 20)
    world.mia.hears("For treatment, press 2", within=40)


@pytest.mark.parametrize("at", ["number", "text"])
def test_nobody_hears_that_they_are_in_line_who_isn_t_in_the_books(world: World, at: str) -> None:
    """Whichever answer of the dialogue falls into the outage, the promise is only spoken when it is kept."""
    world.phones(Behaviour.OFF, world.ana, world.ben, world.sue)
    world.phones(Behaviour.IGNORES, world.failsafe)
    world.mia.calls().presses("2").hears("A coordinator will call you back", within=90)
    if at != "number":
        world.mia.presses("4").hears("message")
    if at == "text":
        world.mia.presses("5").hears("text")
    with locked(world.here):
        world.mia.phone.presses("4")
        goes_by(world, 20)
        assert said_to(world)[-1].startswith(SENTENCE)
        assert not world.mia.has_heard("You are in line")
        world.mia.phone.hangs_up()
        goes_by(world, 1)
    world.passes(5)
    assert the_callback(world).callback.is_open
    assert not world.mia.has_heard("You are in line")


def test_a_staff_leg_in_the_outage_is_let_go_and_nobody_owns_the_case_by_it(world: World) -> None:
    """Ana's key can't be recorded: the phones ring on when the database is back, and Ben takes it."""
    world.mia.calls().presses("2").hears("getting a person")
    world.ana.answers()
    with locked(world.here):
        world.ana.phone.presses("1")
        goes_by(world, 12)
        assert "Nothing is lost" in world.ana.phone.captions[-1]
        assert not world.ana.in_call
    world.ben.answers().presses("1").meets(world.mia)


def test_the_end_of_a_talk_in_the_outage_is_in_the_books_afterwards(world: World) -> None:
    """Status callbacks are kept, too."""
    world.mia.calls().presses("2")
    world.ana.answers().presses("1").meets(world.mia)
    world.passes(40)
    with locked(world.here):
        world.mia.phone.hangs_up()
        goes_by(world, 20)
    world.passes(3)
    assert contact_of(world).ended_at is not None
    assert contact_of(world).outcome == "reached"


# --- texts -----------------------------------------------------------------------------------------------------


def test_a_text_is_answered_at_once_and_properly_afterwards(world: World) -> None:
    """The failsafe words promise nothing; the real reply comes by itself, once."""
    with locked(world.here):
        world.mia.phone.texts(LINE, "hi")
        goes_by(world, 20)
        (first,) = world.texts_to(MIA)
        assert (
            first
            == "Care Line: In danger now? Call 911. In crisis? Call or text 988. To talk, call 617-555-0100."
        )
    world.passes(5)
    assert len(world.texts_to(MIA)) == 2
    world.mia.reads("Reply 1 emergency, 2 call me, 3 family").texts("2").reads("Is it safe").texts("4")
    world.mia.reads("You are in line")


def test_an_emergency_by_text_is_answered_at_once_and_paged_afterwards(world: World) -> None:
    """S02 says that we will call: that is in the journal, and is kept."""
    with locked(world.here):
        world.mia.phone.texts(LINE, "he won't wake up")
        goes_by(world, 20)
        assert world.texts_to(MIA)[0].startswith("Call 911 now.")
    world.until(lambda: world.cleo.rings, within=2)
    world.cleo.answers().presses("1")
    world.mia.answers(within=30).presses("1").meets(world.cleo)


def test_a_page_claimed_by_text_in_the_outage_rings_for_the_key_afterwards(world: World) -> None:
    """Her phone rings from the moment in which the database is back, and 1 makes the thread hers."""
    world.mia.texts("is the side door open")
    world.ana.reads("A text needs a person")
    with locked(world.here):
        world.ana.phone.texts(LINE, "1")
        goes_by(world, 20)
    world.passes(5)
    world.ana.reads("your phone rings now")
    world.ana.answers().presses("1").hears("The text is yours")
    assert world.board().threads[0].accepted_by == "Ana Lima"
