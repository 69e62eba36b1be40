"""How many statements one thing costs the database, through the entry points that the world uses.

Counted is what runs between a webhook, a beat or a look and its answer, without the BEGIN and COMMIT around it.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.model import Role
from hotline.oncall.schedule import Schedule
from hotline.operations import every_second
from hotline.operations.transaction import Transaction
from hotline.store.cases import escalations, pages
from hotline.store.cases.pages import PageRow
from hotline.store.people import schedules
from tests.observed import open_pages
from tests.operations.crews import employ
from tests.operations.statements import counted
from tests.stories.centre import CENTRE, LINE
from tests.telephony.doorstep import Doorstep, build

MANY = 12
"""Callers who hold, texters who wait and emergencies that are open in a full house: what is asked for each of them once
more is more than any budget leaves room for."""


class Caller:
    """Somebody on the telephone, as the carrier tells us of them."""

    def __init__(self, door: Doorstep, number: int) -> None:
        self._door = door
        self._form = {"CallSid": f"CA{number:032}", "From": f"+1617555{2000 + number}", "To": LINE}
        self._heard = ""

    def calls(self) -> None:
        """The first webhook."""
        self._heard = self._door.post("/twilio/voice", {**self._form, "CallStatus": "ringing"}).text

    def presses(self, key: str) -> None:
        """A key in answer to what is asked."""
        self._next(Digits=key)

    def waits(self) -> None:
        """The next turn of a loop."""
        self._next()

    def _next(self, **more: str) -> None:
        found = re.search(r'action="([^"#]+)', self._heard)
        assert found, self._heard
        form = {**self._form, "CallStatus": "in-progress", **more}
        self._heard = self._door.post(found.group(1).replace("&amp;", "&"), form).text


@pytest.fixture(params=["quiet", "full"])
def door(tmp_path: Path, request: pytest.FixtureRequest) -> Doorstep:
    """A centre with people on duty: a quiet one, and one in which much is open and nobody is free."""
    door = build(tmp_path, centre=CENTRE)
    door.here.application.change(_employ)
    if request.param == "full":
        fill(door)
    return door


def _employ(transaction: Transaction) -> None:
    crew = employ(transaction, Role.CLINICIAN, 6)
    schedules.put(transaction.tx, Schedule(name="clinicians", timezone="America/New_York", always=crew))


def fill(door: Doorstep) -> None:
    """Emergencies, callers who hold, texts that were answered and texts that were not."""
    for number in range(MANY):
        one = Caller(door, 1000 + number)
        one.calls()
        one.presses("1" if number % 2 else "2")
        text(door, f"+1781{number:07d}", "2", f"a{number}")
        text(door, f"+1781{number:07d}", "hmm", f"b{number}")
        door.clock.now += timedelta(milliseconds=100)
    every_second.beat(door.here.application, at_start=True)


def text(door: Doorstep, number: str, words: str, sid: str) -> None:
    """A text comes in."""
    door.texts(words, sid=f"SM{sid:0>32}", caller=number)


def beat(door: Doorstep) -> None:
    """One second's work of the clock."""
    result = every_second.beat(door.here.application)
    assert result.failed == 0


def rest(door: Doorstep) -> None:
    """Let the clock do what is due by now."""
    for _ in range(3):
        beat(door)


def test_the_first_webhook_of_a_call(door: Doorstep) -> None:
    """Who calls, whether they have called before, and their contact."""
    with counted(5):
        Caller(door, 1).calls()


def test_a_caller_s_key(door: Doorstep) -> None:
    """Admissions, with nobody there who could be rung: they hold."""
    one = Caller(door, 1)
    one.calls()
    with counted(12):
        one.presses("2")


def test_the_key_of_an_emergency(door: Doorstep) -> None:
    """Everybody on call is paged, by telephone and by text, which says how many wait, in the same
    transaction; and it is looked whether a text of theirs waits."""
    one = Caller(door, 1)
    one.calls()
    with counted(14):
        one.presses("1")


def test_the_key_of_an_emergency_at_night(door: Doorstep) -> None:
    """It is asked besides who was rung often enough tonight, and who has been told of others that wait."""
    door.clock.now = door.clock.now.replace(hour=6) + timedelta(days=1)
    one = Caller(door, 1)
    one.calls()
    with counted(16):
        one.presses("1")


def test_a_turn_of_the_hold(door: Doorstep) -> None:
    """Every ten seconds, for everybody who holds."""
    one = Caller(door, 1)
    one.calls()
    one.presses("2")
    with counted(5):
        one.waits()


def test_a_text(door: Doorstep) -> None:
    """From somebody new, and the one that asks for a call; whoever has an emergency of theirs would be told."""
    number = "+16175552345"
    with counted(11):
        text(door, number, "2", "n1")
    door.clock.now += timedelta(seconds=20)
    with counted(13):
        text(door, number, "4", "n2")
    door.clock.now += timedelta(seconds=20)
    with counted(17):
        text(door, number, "will it be a woman who calls", "n3")


def test_a_beat_with_nothing_due(door: Doorstep) -> None:
    """Whatever is open. Once in three seconds it shows that the clock is alive, with one more."""
    rest(door)
    with counted(4):
        beat(door)
    door.clock.now += timedelta(seconds=4)
    rest_of_what_is_due = every_second.beat(door.here.application)
    assert rest_of_what_is_due.failed == 0


def _ringing(door: Doorstep) -> PageRow:
    found: list[PageRow] = door.look(lambda transaction: open_pages(transaction.tx))
    return next(one for one in found if one.how == "call" and one.state == pages.PageState.PLACED)


def test_a_press_of_1_on_a_staff_phone(tmp_path: Path) -> None:
    """An emergency is theirs, the others' phones stop ringing, and the caller is fetched."""
    door = build(tmp_path, centre=CENTRE)
    door.here.application.change(_employ)
    one = Caller(door, 1)
    one.calls()
    one.presses("1")
    page = _ringing(door)
    form = {"CallSid": "CA" + "7" * 32, "CallStatus": "in-progress"}
    door.post(f"/twilio/voice/page/{page.id}", form)
    with counted(11):
        door.post(f"/twilio/voice/page/{page.id}/key/0", {**form, "Digits": "1"})
    taken = door.look(lambda transaction: escalations.get(transaction.tx, page.escalation_id))
    assert taken.escalation.accepted_by == page.staff_id


def test_a_callback_that_is_due(tmp_path: Path) -> None:
    """From finding it to the promise of the ring, with a look at their thread: two beats' worth of statements."""
    door = build(tmp_path, centre=CENTRE)
    number = "+16175552345"
    for words in ("2", "4"):
        text(door, number, words, f"d{words}")
        door.clock.now += timedelta(seconds=20)
    with counted(22):
        beat(door)
    assert door.look(lambda transaction: open_pages(transaction.tx))
