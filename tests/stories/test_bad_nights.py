"""Nights on which what everybody counts on isn't there: phones, supervisors, and a phone in the wrong hands."""

from __future__ import annotations

import pytest

from hotline.model import Language, RoomName, Subject
from hotline.operations.at_work import pins
from hotline.operations.paging import reaching
from hotline.operations.people import lost_phone
from hotline.operations.transaction import Transaction
from hotline.simulator import Behaviour
from hotline.store.people import staff, stray_codes
from hotline.store.people.staff import StaffRow
from tests.operations.texting import code_of, takes, writes
from tests.stories.records import emergencies, the_emergency
from tests.stories.world import CLEO, DEV, LINE, SUE, World


def row_of(transaction: Transaction, world: World, number: str) -> StaffRow:
    """Whoever has this number."""
    found = staff.get(transaction.tx, world.staff_id(number))
    assert found is not None
    return found


def lost(world: World, number: str) -> None:
    """A supervisor presses the button."""
    sue = world.staff_id(SUE)
    world.change(
        lambda transaction: lost_phone.take_off(transaction, row_of(transaction, world, number), sue)
    )


def test_everybodys_phone_is_off_while_somebody_texts_in_danger(world: World) -> None:
    """They are told at once to call 911; every phone is tried again and again, and the first that is on gets it."""
    world.phones(Behaviour.OFF, *world.staff)
    writes(world.mia, "he is not breathing")
    world.mia.reads("Call 911 now.")
    world.passes(15)
    assert the_emergency(world).escalation.next_at is not None
    world.phones(Behaviour.RINGS, world.sue)
    world.until(lambda: world.sue.rings, within=90)
    world.sue.answers().presses("1")
    assert the_emergency(world).escalation.accepted_by == world.staff_id(SUE)


@pytest.mark.parametrize(
    ("behaviour", "taken_for"),
    [
        (Behaviour.VOICEMAIL, ""),
        (Behaviour.SCREENED, ""),
        (Behaviour.ANSWERS, "machine_end_beep"),
        (Behaviour.ANSWERS, "fax"),
    ],
)
def test_no_machine_on_a_staff_phone_accepts_an_emergency(
    world: World, behaviour: Behaviour, taken_for: str
) -> None:
    """A box, an assistant that asks who calls, a fax, somebody who says nothing: only a key is a human."""
    staff = (*world.clinicians, world.sue)
    world.phones(behaviour, *staff)
    for one in staff:
        one.phone.detected_as = taken_for
    world.mia.calls().presses("1")
    world.passes(100)
    (case,) = emergencies(world)
    assert (case.escalation.status, case.escalation.accepted_by) == ("reaching", None)
    assert not any(one.phone.talking_with for one in staff)
    assert len(world.calls_to(CLEO)) > 1


def test_a_supervisor_who_can_t_be_reached_is_asked_again_until_she_says_so(world: World) -> None:
    """What has nobody rings Sue in vain, rests for a quarter of an hour, and rings her again."""
    world.phones(Behaviour.OFF, world.sue)
    about = reaching.About(RoomName("nobodys"), None, Language.EN)
    world.change(lambda transaction: reaching.open_for(transaction, Subject.SUPERVISOR, about))
    world.passes(minutes=5)
    tried = len(world.calls_to(SUE))
    assert tried >= 2
    world.phones(Behaviour.RINGS, world.sue)
    world.passes(minutes=11)
    world.until(lambda: world.sue.rings, within=5 * 60)
    assert len(world.calls_to(SUE)) == tried + 1
    world.sue.answers().presses("1").hears("on the page Readiness")


def test_a_stolen_phone_is_off_at_once_in_the_middle_of_an_emergency(world: World) -> None:
    """It stops ringing and others are rung; its codes, texts and PIN do nothing, and supervisors read of them."""
    world.change(lambda transaction: pins.choose(transaction, row_of(transaction, world, DEV), "482913"))
    writes(world.mia, "he is not breathing")
    code = code_of(world.dev)
    assert world.dev.rings
    lost(world, DEV)
    world.until(lambda: not world.dev.rings, within=12)
    before = len(world.calls_to(DEV))
    for words in (code, f"on it {code}", f"DONE {code}"):
        writes(world.dev, words)
    assert all(row.escalation.coming == frozenset() for row in emergencies(world))
    world.sue.reads("a code that was given to Dev came by text from a phone that nobody here has")
    assert [one.times for one in world.look(lambda transaction: stray_codes.unseen(transaction.tx))] == [3]
    world.dev.calls(LINE).presses("*")
    assert not world.dev.has_heard("PIN")
    world.dev.leaves()
    world.passes(20)
    assert len(world.calls_to(DEV)) == before
    world.cleo.answers(within=60).presses("1")
    assert the_emergency(world).escalation.accepted_by is not None


def test_what_its_owner_had_is_asked_of_others_and_they_work_on_when_it_is_theirs_again(world: World) -> None:
    """Dev has the emergency when his phone is stolen: everybody else is paged anew, and Mia isn't forgotten."""
    writes(world.mia, "he is not breathing")
    takes(world.dev, "3")
    world.until(lambda: not world.cleo.rings, within=12)
    lost(world, DEV)
    world.until(lambda: world.cleo.rings, within=20)
    assert not world.dev.rings
    world.cleo.answers().presses("3")
    assert the_emergency(world).escalation.accepted_by == world.staff_id("+16175550103")
