"""A walk through: somebody on the staff hears what a caller hears whom we ring back, and nothing comes of it."""

from __future__ import annotations

import pytest

from hotline.operations.at_work import walk_through
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts
from hotline.store.people import staff
from tests.stories.conftest import Building
from tests.stories.world import LINE, PERSON_FIRST, SUE, World


def ask(world: World) -> None:
    """Sue wants to hear it."""

    def work(transaction: Transaction) -> None:
        row = next(one for one in staff.everyone(transaction.tx) if one.phone.e164 == SUE)
        walk_through.ask(transaction, row, row.id)

    world.change(work)
    world.passes(2)


def test_a_supervisor_hears_what_a_caller_hears(world: World) -> None:
    """From the number that callers know; 1 is answered as a caller's is, and nobody is rung."""
    ask(world)
    world.sue.answers().hears("This is a walk through").hears("You asked for a call. Press 1.").presses("1")
    world.sue.hears("I am getting a person for you").hears("That is all of the walk through")
    (call,) = world.calls_to(SUE)
    assert call.from_ == LINE
    world.passes(10)
    assert world.look(lambda transaction: contacts.many(transaction.tx)) == []
    assert not any(one.rings for one in world.staff)


@pytest.mark.parametrize(("key", "said"), [("3", "No message, thank you"), ("7", "You asked for a call")])
def test_every_key_is_answered(world: World, key: str, said: str) -> None:
    """As a caller's is."""
    ask(world)
    world.sue.answers().hears("press 3").presses(key).hears(said)


def test_a_box_is_not_spoken_to_for_ever(building: Building) -> None:
    """Three times, and it is over; where a colleague speaks first, that is said."""
    world = building(centre=PERSON_FIRST)
    ask(world)
    world.sue.answers().hears("First they hear your colleague").hears(
        "That is all of the walk through", within=120
    )
    world.passes(10)
    assert not world.sue.in_call
