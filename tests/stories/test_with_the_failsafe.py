"""While the failsafe phone talks with a caller in danger, the board says so, and of nobody else that they do."""

from __future__ import annotations

from hotline.console.page_words import emergency_news
from hotline.console.thread import timeline_words
from hotline.model import How, StaffId
from hotline.operations.console import coordinator
from hotline.operations.console.emergency_cards import Emergency
from hotline.operations.staff import responder, self_dialled
from hotline.operations.texts import threads
from hotline.operations.transaction import Transaction
from hotline.simulator import Behaviour
from hotline.store.cases import pages
from hotline.store.cases.pages import PageRow
from tests.stories.records import contact_of, the_emergency
from tests.stories.world import CLEO, World


def card(world: World) -> Emergency:
    """As Cleo sees it."""
    (one,) = world.board(CLEO).emergencies
    return one


def with_the_failsafe(world: World) -> None:
    """Nobody comes; Mia's own call dials everybody, and then the failsafe phone, where somebody presses 1."""
    world.phones(Behaviour.OFF, *world.staff)
    world.mia.calls().presses("1")
    world.failsafe.answers(within=200).hears("Emergency, on the line now").hears(
        "Nobody has taken it. Press 1"
    )
    assert card(world).failsafe_since is None, "somebody has to press 1 first"
    world.failsafe.presses("1").meets(world.mia)


def test_the_board_and_the_page_say_that_the_failsafe_phone_is_on_the_line(world: World) -> None:
    """Since when; told twice by the carrier it is written down once; and it is over when the talk is."""
    with_the_failsafe(world)
    world.passes(5)
    since = card(world).failsafe_since
    assert since is not None
    assert "with the failsafe phone" in emergency_news(card(world))
    contact = contact_of(world)
    world.change(lambda tx: self_dialled.failsafe_joined(tx, contact.id))
    page = world.look(lambda tx: threads.look(tx, contact.id, world.staff_id(CLEO)))
    said = [one.words for one in timeline_words.lines(page.happened)]
    assert said.count("The failsafe phone was put through to them") == 1
    world.failsafe.hangs_up()
    world.mia.hears("The other person has left the call")
    assert card(world).failsafe_since is None


def test_who_takes_it_meanwhile_is_with_them_when_they_are(world: World) -> None:
    """Until Mia is in the room, Cleo waits there, and is told that she is being put through."""
    with_the_failsafe(world)
    world.phones(Behaviour.RINGS, world.cleo)
    theirs = the_emergency(world).escalation.id
    world.change(lambda tx: coordinator.accept(tx, theirs, world.staff_id(CLEO)))
    world.until(lambda: world.cleo.rings, within=30)
    world.cleo.answers().hears("Emergency")
    # What her key writes down, before a worker has fetched Mia's leg by it.
    (page,) = world.look(lambda tx: _rung(tx, world.staff_id(CLEO)))
    world.change(lambda tx: responder.pressed(tx, page.id, 0, "1", page.provider_sid))
    assert (card(world).with_me, card(world).together) == (True, False)
    world.cleo.presses("1").meets(world.mia)
    assert (card(world).with_me, card(world).together, card(world).failsafe_since) == (True, True, None)


def _rung(transaction: Transaction, person: StaffId) -> list[PageRow]:
    return [one for one in pages.open_of_staff(transaction.tx, person) if one.how is How.CALL]
