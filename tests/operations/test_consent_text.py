"""No text is sent without a yes: every call back with every end, opted out or not, and whatever happens in between.

Each case is one transaction that is undone afterwards; what is looked at is what would have left the building.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest

from hotline.callbacks.callback import DetailsGiven
from hotline.effects import SendText, Urgency
from hotline.model import CallbackId, Line, Outcome, PhoneNumber
from hotline.operations.callbacks import consent
from hotline.operations.outbox import delivery
from hotline.operations.outbox.delivery import GiveUp, Sent
from hotline.operations.transaction import Transaction
from hotline.store.cases import timeline
from hotline.store.people import callers
from hotline.store.traffic import messages
from hotline.telephony.webhooks import status_reports
from tests.observed import waiting_to_leave
from tests.operations.attempts import (
    EITHER,
    NUMBER,
    Attempt,
    again,
    ana,
    becomes_emergency,
    closed,
    dialled,
    undone,
)
from tests.stories.centre import LINE
from tests.telephony.doorstep import Doorstep, build


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Doorstep:
    return build(tmp_path_factory.mktemp("consent"))


OUTCOMES = (
    Outcome.NO_ANSWER, Outcome.BUSY, Outcome.LEFT_MESSAGE, Outcome.CALL_LATER, Outcome.WRONG_NUMBER,
    Outcome.NOT_IN_SERVICE, Outcome.REACHED,
)  # fmt: skip


def opt_out(transaction: Transaction) -> None:
    callers.save(transaction.tx, replace(callers.get(transaction.tx, NUMBER), opted_out_at=transaction.now))


@pytest.mark.parametrize("line", Line)
def test_a_text_goes_out_only_where_that_is_safe(door: Doorstep, line: Line) -> None:
    """Every consent, opted out or not, with every end of an attempt: one text, to her, or none."""
    for message, text, out, else_, outcome in product(EITHER, EITHER, EITHER, EITHER, OUTCOMES):

        def case(
            transaction: Transaction,
            message: bool = message,
            text: bool = text,
            out: bool = out,
            else_: bool = else_,
            outcome: Outcome = outcome,
        ) -> None:
            attempt = dialled(transaction, line, message=message, text=text)
            if out:
                opt_out(transaction)
            attempt.fails(outcome, somebody_else=else_)
            nobody = outcome in (Outcome.NO_ANSWER, Outcome.BUSY) and not else_
            wanted = text and not out and line is not Line.EMERGENCY and nobody
            assert [type(row.effect) for row in attempt.texts()] == ([SendText] if wanted else [])
            sent = waiting_to_leave(transaction.tx, transaction.now)
            assert [row for row in sent if isinstance(row.effect, SendText)] == attempt.texts()

        undone(door, case)


def test_the_text_is_neutral_recorded_and_looked_up_before_it_is_repeated(door: Doorstep) -> None:
    """First name and the hotline's number; kept as a message, noted on the timeline, an ordinary effect to a caller."""

    def case(transaction: Transaction) -> None:
        attempt = dialled(transaction, Line.ADMISSIONS, text=True).fails()
        (row,) = attempt.texts()
        words = "Hi, this is Ana. Returning your message. Call 617-555-0100 at a good time for you."
        assert row.effect == SendText(NUMBER, words, "/twilio/sms/status/discreet-cb1", PhoneNumber(LINE))
        assert (row.to_caller, row.urgency) == (True, Urgency.ORDINARY)
        kept = messages.get(transaction.tx, "discreet-cb1")
        assert kept is not None
        assert (kept.body, kept.number, kept.outbox_id) == (words, NUMBER, row.id)
        told = timeline.of(transaction.tx, callback_id=CallbackId("cb1"))
        noted = [(one.contact_id, one.by_staff) for one in told if one.what == "discreet_text"]
        assert noted == [(attempt.call.id, ana(transaction))]

    undone(door, case)


def test_one_text_for_a_callback_however_often_it_is_tried(door: Doorstep) -> None:
    """The news of one end comes several times, and so do attempts."""

    def case(transaction: Transaction) -> None:
        attempt = dialled(transaction, Line.PERSON, text=True).fails().fails(Outcome.BUSY)
        assert len(attempt.texts()) == 1
        second = again(transaction, attempt.row).fails(Outcome.BUSY)
        assert len(second.texts()) == 1

    undone(door, case)


def _opted_out(attempt: Attempt) -> None:
    opt_out(attempt.transaction)


def _text_withdrawn(attempt: Attempt) -> None:
    attempt.change(DetailsGiven(message_safe=True, text_safe=False))


def _talking(attempt: Attempt) -> None:
    again(attempt.transaction, attempt.now().row)


@pytest.mark.parametrize(
    "meanwhile",
    [_opted_out, _text_withdrawn, _talking, closed, becomes_emergency],
    ids=lambda one: one.__name__.strip("_"),
)
def test_a_text_that_waited_too_long_is_not_sent_any_more(
    door: Doorstep, meanwhile: Callable[[Attempt], None]
) -> None:
    """Opted out, a no, a call under way, an end, an emergency: it never leaves, and is kept as called off."""

    def case(transaction: Transaction) -> None:
        attempt = dialled(transaction, Line.ADMISSIONS, text=True).fails()
        (row,) = attempt.texts()
        meanwhile(attempt)
        assert delivery.claim(transaction, row.id) is None
        kept = messages.get(transaction.tx, "discreet-cb1")
        assert kept is not None
        assert kept.status == "canceled"

    undone(door, case)


def test_a_text_that_is_still_wanted_leaves(door: Doorstep) -> None:
    """Claimed, sent, and known by the carrier's id."""

    def case(transaction: Transaction) -> None:
        attempt = dialled(transaction, Line.ADMISSIONS, text=True).fails()
        (row,) = attempt.texts()
        job = delivery.claim(transaction, row.id)
        assert job is not None
        delivery.settle(transaction, job, Sent("SM1"))
        kept = messages.by_sid(transaction.tx, "SM1")
        assert kept is not None
        assert kept.id == "discreet-cb1"

    undone(door, case)


@pytest.mark.parametrize("error", ["21610", "30003", "30034"])
def test_the_carrier_knows_of_a_stop_that_we_have_never_seen(door: Doorstep, error: str) -> None:
    """21610, at once or in a later report: they have opted out, and that is noted. No other error says so."""

    def at_once(transaction: Transaction) -> None:
        attempt = dialled(transaction, Line.ADMISSIONS, text=True).fails()
        job = delivery.claim(transaction, attempt.texts()[0].id)
        assert job is not None
        delivery.settle(transaction, job, GiveUp(error))
        assert_stopped(transaction, "failed")

    def later(transaction: Transaction) -> None:
        dialled(transaction, Line.ADMISSIONS, text=True).fails()
        told = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": error}
        for _ in range(2):
            status_reports.text_status(transaction, told, "discreet-cb1")
        assert_stopped(transaction, "undelivered")

    def assert_stopped(transaction: Transaction, status: str) -> None:
        kept = messages.get(transaction.tx, "discreet-cb1")
        assert kept is not None
        assert (kept.status, kept.error) == (status, error)
        assert (callers.get(transaction.tx, NUMBER).opted_out_at == transaction.now) is (error == "21610")

    undone(door, at_once)
    undone(door, later)


def test_replies_are_not_touched_by_any_of_this(door: Doorstep) -> None:
    """What answers a text that has just come in needs no consent but that text."""
    assert undone(door, lambda transaction: consent.still_allowed(transaction, "reply-SM1"))
