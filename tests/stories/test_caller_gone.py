"""An emergency whose caller hung up and withheld the number: told once to everybody, closed by a key, never lost."""

from __future__ import annotations

import pytest

from hotline.model import Outcome
from hotline.operations.console import coordinator
from hotline.simulator import Behaviour
from tests.operations.texting import confirms
from tests.stories.records import emergencies, last_outcome, the_emergency
from tests.stories.test_attention import kim, wants_a_call
from tests.stories.world import CLEO, DEV, SUE, World


@pytest.fixture
def gone(world: World) -> World:
    """Mia has hung up before anybody took her emergency, and hidden her number."""
    world.phones(Behaviour.IGNORES, *world.staff)
    world.mia.calls(withheld=True).presses("1").hears("Put the phone on speaker", within=20).hangs_up()
    return world


def rung(world: World) -> int:
    return sum(len(world.calls_to(one.phone.number)) for one in world.staff)


def test_phones_ring_through_once_more_and_then_it_is_the_supervisors(gone: World) -> None:
    """Whoever is on call hears that the caller is gone; nobody's phone rings all night for what nobody can do."""
    gone.cleo.reads("number withheld: nobody can be called", within=60)
    gone.sue.reads("nobody has closed it", within=180)
    so_far = rung(gone)
    gone.passes(minutes=60)
    assert rung(gone) == so_far
    assert len([one for one in gone.texts_to(SUE) if "nobody has closed it" in one]) == 1
    still = the_emergency(gone).escalation
    assert (still.accepted_by, still.ringing) == (None, frozenset())
    (shown,) = gone.board().emergencies
    assert shown.gone
    assert last_outcome(gone) is Outcome.EMERGENCY


def test_whoever_answers_hears_so_and_closes_it_by_key(gone: World) -> None:
    """1, and 1 again: nothing more is to be done, and only a human has said so."""
    gone.phones(Behaviour.RINGS, gone.cleo)
    gone.until(lambda: gone.cleo.rings, within=60)
    gone.cleo.answers().hears("withheld the number. Nobody can be called").presses("1")
    gone.cleo.hears("Is this emergency closed").presses("1").hears("Saved")
    assert emergencies(gone) == []


def test_whoever_takes_it_and_does_nothing_isn_t_paged_again(gone: World) -> None:
    """It stays theirs, and the supervisors are told once."""
    gone.phones(Behaviour.RINGS, gone.cleo)
    gone.until(lambda: gone.cleo.rings, within=60)
    gone.cleo.answers().presses("1").hears("Is this emergency closed").presses("2").hangs_up()
    so_far = rung(gone)
    gone.passes(minutes=50)
    assert rung(gone) == so_far
    assert the_emergency(gone).escalation.accepted_by == gone.staff_id(CLEO)
    assert len([one for one in gone.texts_to(SUE) if "nobody has closed it" in one]) == 1


def test_done_closes_it(gone: World) -> None:
    """Who has it texts DONE with the code, and presses 1 on the call that asks whether it was them."""
    gone.phones(Behaviour.RINGS, gone.dev)
    gone.until(lambda: gone.dev.rings, within=60)
    gone.dev.answers().presses("1").hears("Is this emergency closed").presses("2").hangs_up()
    code = next(one for one in gone.texts_to(DEV) if "Code " in one).split("Code ")[1].split(".")[0]
    confirms(gone.dev, f"DONE {code}")
    assert emergencies(gone) == []


def test_whoever_calls_again_is_a_new_emergency(gone: World) -> None:
    """Nothing ties the two calls together, and the second one rings every phone as if it were the first."""
    gone.sue.reads("nobody has closed it", within=180)
    gone.phones(Behaviour.RINGS, gone.cleo)
    gone.mia.calls(withheld=True).presses("1")
    gone.cleo.answers(within=10).hears("Emergency waiting").presses("1").meets(gone.mia)
    assert len(emergencies(gone)) == 2


def test_what_nobody_can_do_anything_about_keeps_nobodys_phone_from_others(gone: World) -> None:
    """Before, an emergency that rested kept every coordinator from every callback until somebody closed it."""
    gone.sue.reads("nobody has closed it", within=180)
    wants_a_call(gone, kim(gone))
    gone.phones(Behaviour.RINGS, gone.ana)
    gone.until(lambda: gone.ana.rings, within=300)
    gone.ana.answers().hears("A call back is due")


def test_whoever_took_it_on_the_board_keeps_it_though_their_phone_rang_in_vain(world: World) -> None:
    """They hung up while it rang: nobody else is paged for what one of us has, and nobody can do anything about."""
    world.phones(Behaviour.IGNORES, *world.staff)
    world.mia.calls(withheld=True).presses("1").hears("Put the phone on speaker", within=20)
    emergency, cleo = the_emergency(world).escalation.id, world.staff_id(CLEO)
    world.change(lambda transaction: coordinator.accept(transaction, emergency, cleo))
    world.mia.hangs_up()
    so_far = len(world.texts_to(DEV))
    world.passes(minutes=3)
    assert the_emergency(world).escalation.accepted_by == cleo
    assert not any("nobody can be called" in one for one in world.texts_to(DEV)[so_far:])
