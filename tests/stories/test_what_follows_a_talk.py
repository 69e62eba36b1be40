"""After the talk: an intake that was booked by key, and a call to which somebody agreed after an emergency."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hotline.callbacks.callback import CallbackKind, CallbackStatus
from hotline.model import ContactId, Line, Outcome
from hotline.operations.callbacks import ringing_back
from hotline.operations.transaction import Transaction
from hotline.simulator import Behaviour
from hotline.store.cases import callbacks, contacts, follow_ups, intakes
from hotline.store.cases.follow_ups import FollowUpState
from hotline.store.database.periods import Period
from hotline.store.reports.follow_through_counts import FollowUpBecame, FollowUpCount, followed_up
from tests.stories.centre import CENTRE
from tests.stories.conftest import Building
from tests.stories.records import callbacks_of, contact_of
from tests.stories.world import MIA, SUE, World

RETRIES = """
[retries]
no_answer = ["5m", "10m"]
"""


def test_an_intake_that_is_booked_by_key_waits_for_its_time_and_place(world: World) -> None:
    """Ben presses 2 after a live talk: the board asks when and where."""
    world.phones(Behaviour.OFF, world.ana)
    world.mia.calls().presses("2")
    world.ben.answers().presses("1").meets(world.mia)
    world.passes(30)
    world.mia.hangs_up()
    world.ben.hears("How did it end").presses("2").hears("Saved")
    (intake,) = world.board().intakes
    assert intake.needs_somebody
    assert intake.number is not None
    row = world.look(lambda transaction: intakes.get(transaction.tx, intake.intake))
    assert row is not None
    assert row.callback_id is None


def test_a_follow_up_is_rung_like_a_callback_with_its_own_words(world: World) -> None:
    """Cleo closes the emergency, and Mia is offered a call; when it is due, Ana hears what it is and what to ask."""
    world.mia.calls().presses("1")
    world.until(lambda: world.cleo.rings, within=12)
    world.cleo.answers().presses("1").meets(world.mia)
    world.passes(30)
    world.cleo.presses("*").presses("9").hears("Is this emergency closed").presses("1").hears("Saved")
    world.mia.hangs_up()
    (offered,) = world.board().follow_ups
    assert offered.number is not None
    contact = contact_of(world)
    world.change(lambda transaction: _agreed_for_now(transaction, contact.id))
    world.phones(Behaviour.OFF, world.ben)
    world.ana.answers(within=60).hears("A call back is due").presses("1")
    world.ana.hears("Follow-up, agreed after an emergency. Attempt 1.")
    world.ana.hears("whether they are safe now", within=30).hears("We are calling them now", within=30)
    world.mia.answers(within=40).presses("1").meets(world.ana)
    world.passes(30)
    world.mia.hangs_up()
    world.ana.hears("How did it end").presses("1").hears("Saved")
    world.passes(2)
    done = [row.callback for row in callbacks_of(world) if row.callback.kind is CallbackKind.FOLLOW_UP]
    assert [(one.status, one.outcome) for one in done] == [(CallbackStatus.CLOSED, Outcome.REACHED)]


def test_a_follow_up_that_nobody_answers_goes_to_a_supervisor_and_stays(building: Building) -> None:
    """It is tried as often as every callback, nothing is left and nothing written there, and it never ends by itself:
    its card says that a supervisor must decide, Sue is told that it is late, and the report has it as not over."""
    world = building(centre=CENTRE + RETRIES)
    world.mia.calls().presses("1")
    world.until(lambda: world.cleo.rings, within=12)
    world.cleo.answers().presses("1").meets(world.mia)
    world.passes(30)
    world.cleo.presses("*").presses("9").hears("Is this emergency closed").presses("1").hears("Saved")
    world.mia.hangs_up()
    contact = contact_of(world)
    world.change(lambda transaction: _agreed_for_now(transaction, contact.id))
    world.phones(Behaviour.OFF, world.ben)
    world.phones(Behaviour.IGNORES, world.mia)
    for attempt, words in (
        (1, "They did not answer"),
        (2, "They did not answer"),
        (3, "That was the last try"),
    ):
        world.ana.answers(within=11 * 60).presses("1").hears(f"Attempt {attempt}.")
        world.ana.hears(words, within=120)
        world.passes(5)
    assert len(world.calls_to(MIA)) == 3
    assert world.texts_to(MIA) == []
    world.leaps(minutes=3 * 24 * 60)
    (card,) = world.board(SUE).callbacks
    assert (card.kind, card.needs_supervisor, card.attempts) == (CallbackKind.FOLLOW_UP, True, 3)
    assert [one.outcome for one in card.tries] == [Outcome.NO_ANSWER] * 3
    assert len(world.calls_to(MIA)) == 3
    told = [one for one in world.texts_to(SUE) if "call back" in one.lower()]
    assert len(told) == 1
    week = Period(world.clock.now - timedelta(days=7), world.clock.now)
    counted = world.look(lambda transaction: followed_up(transaction.tx, week))
    assert counted == [FollowUpCount(FollowUpBecame.AGREED, 1)]


def _agreed_for_now(transaction: Transaction, contact_id: ContactId) -> None:
    row = contacts.get(transaction.tx, contact_id)
    assert row is not None
    assert row.caller is not None
    (offered,) = follow_ups.of_contact(transaction.tx, row.id)
    owed = ringing_back.owe(
        transaction, row, row.caller, Line.PERSON, CallbackKind.FOLLOW_UP, transaction.now
    )
    agreed = replace(offered, state=FollowUpState.AGREED, said_at=transaction.now, said_by=offered.closed_by)
    follow_ups.save(transaction.tx, replace(agreed, callback_id=owed.callback.id))
    # Whatever the hour of the story is.
    callbacks.save(transaction.tx, replace(owed, callback=replace(owed.callback, due_at=transaction.now)))
