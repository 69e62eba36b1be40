"""A caller withholds their number, and tells it to whoever talks with them: from then on they can be called there, and
are neither texted nor left a message."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.callbacks.callback import CallbackKind, CallbackStatus
from hotline.dialling import Refusal
from hotline.model import AuditKind, Outcome, PhoneNumber, TimelineWord
from hotline.operations import flow_state
from hotline.operations.callbacks import booking, consent, stopping, told_number
from hotline.operations.callbacks.consent import NoCalls
from hotline.operations.callbacks.told_number import NotToBeTold
from hotline.operations.console import coordinator, live_talks
from hotline.operations.console.coordinator import Planned
from hotline.operations.texts import threads
from hotline.simulator import Behaviour
from hotline.store.cases import intakes, timeline
from hotline.store.cases.intakes import IntakeState
from hotline.store.people import audit
from tests.stories.records import callbacks_of, contact_of, the_callback
from tests.stories.world import BEN, CLEO, LINE, MIA, World

HERS = PhoneNumber(MIA)


@pytest.fixture
def talking(world: World) -> World:
    """Mia, whose number is withheld, and Ben talk."""
    world.phones(Behaviour.OFF, world.ana)
    world.mia.calls(withheld=True).presses("2")
    world.ben.answers().presses("1").meets(world.mia)
    world.passes(30)
    return world


def writes(world: World, typed: str, *, agreed: bool = False) -> object:
    """Ben has read it back, and writes it down on her page."""
    contact, ben = contact_of(world).id, world.staff_id(BEN)
    return world.change(lambda t: told_number.write_down(t, contact, typed, ben, agreed=agreed))


def ends(world: World, key: str) -> None:
    """Mia hangs up, and Ben says how it ended."""
    world.mia.hangs_up()
    world.ben.hears("How did it end").presses(key).hears("Saved")
    world.passes(2)


@pytest.mark.both_databases
def test_call_later_by_key_calls_them_at_the_number_they_told(talking: World) -> None:
    """An hour later, with nothing left on a machine and nothing texted; it stands on her page who wrote it down."""
    assert writes(talking, "617 555 0142") == HERS
    ends(talking, "3")
    owed = the_callback(talking)
    assert (owed.number, owed.callback.status) == (HERS, CallbackStatus.WAITING)
    assert (owed.callback.message_safe, owed.callback.text_safe) == (False, False)
    contact, ben = contact_of(talking), talking.staff_id(BEN)
    assert contact.caller is None
    page = talking.look(lambda t: threads.look(t, contact.id, ben))
    assert (page.number, page.typed) == (HERS, True)
    told = talking.look(lambda t: timeline.of(t.tx, contact_id=contact.id))
    assert [one.by_staff for one in told if one.what == TimelineWord.NUMBER_TOLD] == [ben]
    noted = talking.look(lambda t: audit.about(t.tx, AuditKind.CONTACT, contact.id))
    assert "number told" in {one.action for one in noted}
    talking.passes(minutes=62)
    talking.ben.answers(within=60).presses("1")
    talking.until(lambda: talking.mia.rings, within=60)
    (call,) = talking.calls_to(MIA)
    assert call.from_ == LINE
    assert talking.texts_to(MIA) == []


def test_call_later_on_the_board_after_the_talk(talking: World) -> None:
    """The talk's card offers it once the number is there; a time of theirs is planned from the page as well."""
    talking.ben.hangs_up()
    talking.mia.hangs_up()
    talking.passes(3)
    (card,) = talking.board(BEN).talks
    assert (card.withheld, card.number) == (True, None)
    assert writes(talking, "+1 (617) 555-0142") == HERS
    (card,) = talking.board(BEN).talks
    assert (card.withheld, card.number) == (True, HERS)
    contact, ben = contact_of(talking).id, talking.staff_id(BEN)
    assert talking.change(lambda t: live_talks.set_outcome(t, contact, Outcome.CALL_LATER, ben))
    assert the_callback(talking).number == HERS
    at = talking.clock.now + timedelta(hours=3)
    assert talking.change(lambda t: coordinator.plan_call(t, contact, at, ben)) == Planned()
    assert the_callback(talking).callback.due_at == at


def test_whoever_asks_us_to_stop_is_called_there_no_more(talking: World) -> None:
    """What was promised to that number before is over with it."""
    writes(talking, MIA)
    contact, ben = contact_of(talking).id, talking.staff_id(BEN)
    talking.change(lambda t: coordinator.plan_call(t, contact, t.now + timedelta(hours=3), ben))
    ends(talking, "0")
    assert not the_callback(talking).callback.is_open
    assert talking.look(lambda t: consent.no_calls_since(t, HERS)) is not None
    talking.leaps(minutes=5 * 60)
    assert talking.calls_to(MIA) == []


def test_who_misses_their_intake_is_called_there(talking: World) -> None:
    """As is everybody else of whom somebody says that they didn't come."""
    writes(talking, MIA)
    ends(talking, "2")
    contact, ben = contact_of(talking).id, talking.staff_id(BEN)
    (row,), _ = talking.look(lambda t: intakes.of_case(t.tx, contact))
    assert talking.change(lambda t: booking.mark(t, row.id, ben, IntakeState.MISSED))
    owed = the_callback(talking)
    assert (owed.number, owed.callback.kind) == (HERS, CallbackKind.MISSED_INTAKE)


def test_one_that_is_wrong_is_put_right(talking: World) -> None:
    """The last one counts; what they had said of another telephone holds for none that they tell."""
    writes(talking, "617 555 0143")
    writes(talking, MIA)
    contact = contact_of(talking)
    assert flow_state.reachable_at(contact) == HERS
    state = flow_state.read(contact)
    assert (state.message_safe, state.text_safe) == (None, None)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("911", Refusal.EMERGENCY),
        ("988", Refusal.LIFELINE),
        ("12", Refusal.NOT_A_NUMBER),
        ("+44 20 7946 0018", Refusal.COUNTRY),
        ("1 900 555 0142", Refusal.NOT_PLAIN),
        (LINE, Refusal.OURS),
    ],
)
def test_it_is_looked_at_as_one_that_a_caller_types(talking: World, typed: str, why: Refusal) -> None:
    """Nothing is kept of what we would not call."""
    assert writes(talking, typed) is why
    assert flow_state.reachable_at(contact_of(talking)) is None


def test_a_number_that_wants_no_calls_is_asked_once_more(talking: World) -> None:
    """Whoever has it said so, and may not be whoever talks with us now."""
    talking.change(lambda t: stopping.stop(t, HERS, None, None))
    assert isinstance(writes(talking, MIA), NoCalls)
    assert writes(talking, MIA, agreed=True) == HERS
    ends(talking, "3")
    assert the_callback(talking).callback.is_open


def test_whose_number_is_known_is_told_nothing(world: World) -> None:
    """There it is what the carrier has shown, and nobody writes over that."""
    world.phones(Behaviour.OFF, world.ana)
    world.mia.calls().presses("2")
    world.ben.answers().presses("1").meets(world.mia)
    assert writes(world, "617 555 0143") is NotToBeTold.KNOWN
    assert callbacks_of(world) == []


def test_whoever_is_lost_in_an_emergency_is_rung_back_there(world: World) -> None:
    """A clinician has asked for it while they talked, and then the line is cut."""
    world.mia.calls(withheld=True).presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    contact, cleo = contact_of(world).id, world.staff_id(CLEO)
    assert world.change(lambda t: told_number.write_down(t, contact, MIA, cleo)) == HERS
    world.mia.hangs_up()
    world.passes(3)
    (card,) = world.board(CLEO).emergencies
    assert (card.caller, card.typed, card.gone) == (HERS, True, False)
    world.change(lambda t: coordinator.ring_emergency_back(t, card.escalation, cleo))
    world.until(lambda: world.mia.rings, within=60)
