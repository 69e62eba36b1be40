"""No message is left without a yes: every call back with every hint, and whatever happens in between.

Each case is one transaction that is undone afterwards; what is looked at is what would have left the building.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest

from hotline.callbacks.callback import DetailsGiven
from hotline.effects import PlaceCall, RedirectCall
from hotline.model import ContactId, Line, Outcome
from hotline.operations.conversation import caller
from hotline.operations.conversation.caller import IncomingCall
from hotline.operations.outbox import delivery
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks
from hotline.store.traffic.outbox import OutboxRow
from hotline.telephony.webhooks import status_reports
from hotline.triage.caller_events import Pressed, Silent
from tests.observed import waiting_to_leave
from tests.operations.attempts import (
    EITHER,
    NUMBER,
    OTHER,
    Attempt,
    becomes_emergency,
    closed,
    picked_up,
    undone,
)
from tests.stories.centre import LINE
from tests.telephony.doorstep import Doorstep, build

ENDED = ("machine_end_beep", "machine_end_silence", "machine_end_other")
TAKEN_FOR = (
    *ENDED,
    "human",
    "machine_start",
    "fax",
    "unknown",
    "",
    "machine_end",
    "MACHINE_END_BEEP",
    "hologram",
)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Doorstep:
    return build(tmp_path_factory.mktemp("consent"))


def hint(attempt: Attempt, taken_for: str = "machine_end_beep", sid: str = "CA1") -> list[OutboxRow]:
    """What the carrier's report leads to."""
    status_reports.machine(attempt.transaction, {"CallSid": sid, "AnsweredBy": taken_for}, attempt.call.id)
    return attempt.redirects()


def spoken(attempt: Attempt) -> set[str]:
    """What is said where the leg is taken."""
    return {one.prompt for one in caller.machine_answered(attempt.transaction, attempt.call.id).say}


@pytest.mark.parametrize("line", Line)
def test_a_machine_is_spoken_to_only_where_that_is_safe(door: Doorstep, line: Line) -> None:
    """Every consent with every hint: without a yes, our question ends at the beep, and nothing is said after it."""
    for message, text, taken_for in product(EITHER, EITHER, TAKEN_FOR):

        def case(
            transaction: Transaction, message: bool = message, text: bool = text, taken_for: str = taken_for
        ) -> None:
            attempt = picked_up(transaction, line, message=message, text=text)
            safe = message and line is not Line.EMERGENCY
            assert attempt.placed().machine_path == f"/twilio/voice/machine/{attempt.call.id}"
            leads = [row.effect for row in hint(attempt, taken_for)]
            wanted = RedirectCall("CA1", f"/twilio/voice/voicemail/{attempt.call.id}")
            taken = taken_for in ENDED if safe else taken_for == "machine_end_beep"
            assert leads == ([wanted] if taken else [])
            assert spoken(attempt) == ({"business", "voicemail"} if safe else set())

        undone(door, case)


def test_calls_to_staff_never_look_for_machines(door: Doorstep) -> None:
    """Only a key proves that one of us is there, and nothing is left for them but the page."""

    def case(transaction: Transaction) -> list[PlaceCall]:
        first = caller.answer(transaction, IncomingCall("CA7", NUMBER, LINE))
        caller.hear(transaction, first.contact, first.next_turn, Pressed("1"))
        effects = [row.effect for row in waiting_to_leave(transaction.tx, transaction.now)]
        return [effect for effect in effects if isinstance(effect, PlaceCall)]

    assert {call.machine_path for call in undone(door, case)} == {None}


Meanwhile = Callable[[Attempt], None]


def _confirmed(attempt: Attempt) -> None:
    caller.hear(attempt.transaction, attempt.call.id, attempt.call.turn, Pressed("1"), "CA1")


def _hung_up(attempt: Attempt) -> None:
    caller.hung_up(attempt.transaction, attempt.call)


def _withdrawn(attempt: Attempt) -> None:
    attempt.change(DetailsGiven(message_safe=False, text_safe=True))


def _another_number(attempt: Attempt) -> None:
    callbacks.save(attempt.transaction.tx, replace(attempt.now().row, number=OTHER))


def _dialled_again(attempt: Attempt) -> None:
    callbacks.save(attempt.transaction.tx, replace(attempt.now().row, call_contact_id=ContactId("c9")))


MEANWHILE: tuple[Meanwhile, ...] = (
    _confirmed, _hung_up, _withdrawn, _another_number, closed, becomes_emergency, _dialled_again,
)  # fmt: skip
OVER: tuple[Meanwhile, ...] = (_confirmed, _hung_up)
"""Nobody is asked any more whose phone it is."""


@pytest.mark.parametrize("meanwhile", MEANWHILE, ids=lambda one: one.__name__.strip("_"))
def test_what_happens_before_the_hint_makes_it_old_news(door: Doorstep, meanwhile: Meanwhile) -> None:
    """A key, a hang-up, a no, another number, an end, an emergency: no message is spoken. Who is asked still hears
    nothing more, and nobody else is taken anywhere."""

    def case(transaction: Transaction) -> None:
        attempt = picked_up(transaction, Line.ADMISSIONS, message=True)
        meanwhile(attempt)
        assert len(hint(attempt)) == (meanwhile not in OVER)
        assert meanwhile in OVER or spoken(attempt) == set()

    undone(door, case)


@pytest.mark.parametrize("meanwhile", MEANWHILE, ids=lambda one: one.__name__.strip("_"))
def test_what_happens_after_the_hint_stops_it_at_the_last_door(door: Doorstep, meanwhile: Meanwhile) -> None:
    """It waits to leave, or has left already: nobody is redirected, and no message is spoken."""

    def case(transaction: Transaction) -> None:
        attempt = picked_up(transaction, Line.ADMISSIONS, message=True)
        (waits,) = hint(attempt)
        meanwhile(attempt)
        assert (delivery.claim(transaction, waits.id) is None) == (meanwhile in OVER)
        assert "voicemail" not in spoken(attempt)

    undone(door, case)


def test_a_hint_that_comes_again_changes_nothing(door: Doorstep) -> None:
    """One redirect; the message is answered the same however often it is asked for, and the turn stays what it was."""

    def case(transaction: Transaction) -> None:
        attempt = picked_up(transaction, Line.FAMILY, message=True)
        for taken_for in (*ENDED, *TAKEN_FOR, *ENDED):
            assert len(hint(attempt, taken_for)) <= 1
        once = caller.machine_answered(transaction, attempt.call.id)
        for _ in range(3):
            hint(attempt)
            assert caller.machine_answered(transaction, attempt.call.id) == once
        assert len(attempt.redirects()) == 1
        assert once.next_turn == attempt.call.turn

    undone(door, case)


def test_a_hint_about_another_call_or_nobody_s_is_none(door: Doorstep) -> None:
    """A second call that was made in doubt is hung up, and not spoken to."""

    def case(transaction: Transaction) -> None:
        attempt = picked_up(transaction, Line.PERSON, message=True)
        assert hint(attempt, sid="CA2") == []
        status_reports.machine(transaction, {"CallSid": "CA1", "AnsweredBy": "machine_end_beep"}, "nobody")
        assert attempt.redirects() == []

    undone(door, case)


def test_who_is_taken_for_a_machine_presses_1_and_is_connected(door: Doorstep) -> None:
    """The message was spoken to a person: their key counts as before."""

    def case(transaction: Transaction) -> set[str]:
        attempt = picked_up(transaction, Line.ADMISSIONS, message=True)
        hint(attempt)
        assert spoken(attempt) == {"business", "voicemail"}
        answer = caller.hear(transaction, attempt.call.id, attempt.call.turn, Pressed("1"), "CA1")
        return {one.prompt for one in answer.say}

    assert undone(door, case) == {"getting_person"}


def test_silence_after_the_message_is_a_message_left(door: Doorstep) -> None:
    """That is how the attempt ended, and it is not texted as well."""

    def case(transaction: Transaction) -> None:
        attempt = picked_up(transaction, Line.ADMISSIONS, message=True, text=True)
        hint(attempt)
        spoken(attempt)
        caller.hear(transaction, attempt.call.id, attempt.call.turn, Silent(), "CA1")
        ended = attempt.now()
        assert ended.call.outcome is Outcome.LEFT_MESSAGE
        assert attempt.texts() == []

    undone(door, case)
