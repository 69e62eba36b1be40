"""The canary: the line calls and texts itself through the carrier, and nobody notices until it fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from hotline.operations.checkup import found_at_once
from hotline.operations.watching import line_canary
from hotline.simulator.asking.web import Web, WebReply
from hotline.store.cases import contacts
from hotline.store.database.tables import metadata
from hotline.store.upkeep import tallies
from hotline.telephony.rest.listing import NotListed
from tests.stories.conftest import Building
from tests.stories.test_taken_up import look
from tests.stories.world import CENTRE, LINE, World
from workers.canary_flights import CanaryFlights

CANARY = "+16175550177"
WITH_CANARY = CENTRE + f'[canary]\nnumber = "{CANARY}"\n'


@pytest.fixture
def world(building: Building) -> World:
    """A line with a second number that nobody knows."""
    world = building(centre=WITH_CANARY)
    world.sim.number(CANARY)
    return world


def flies(world: World, *, seconds: float = 190, lost: Any = None) -> None:
    """One flies, and so many seconds later it is known how that went. `lost`: which of its webhooks never come."""
    if lost is not None:
        world.sim.faults.lose(kind=lost, times=1000)
    flights = CanaryFlights(world.here)
    assert flights.look()
    world.clock.let_pass(world.sim, seconds)
    flights.listen()
    if lost is not None:
        world.sim.faults.clear()
    line_canary.judge(world.here.application)
    world.passes(5)


def state(world: World) -> line_canary.CanaryState:
    """How it stands."""
    found: line_canary.CanaryState = world.look(line_canary.state)
    return found


@pytest.mark.both_databases
def test_a_line_that_is_well_answers_its_own_call_and_text_and_nobody_hears_of_it(building: Building) -> None:
    """No contact, no page, no text to anybody: only that it went well, and when."""
    world = building(centre=WITH_CANARY)
    world.sim.number(CANARY)
    flies(world, seconds=40)
    found = state(world)
    assert (found.is_on, found.amiss) == (True, None)
    assert found.last is not None
    assert None not in (found.last.call_at, found.last.text_at, found.last.heard_at, found.last.reply_at)
    assert world.look(lambda transaction: contacts.many(transaction.tx)) == []
    assert world.sue.phone.inbox == []
    assert set(world.texts_to(CANARY)) == {f"heard: canary {found.last.id}"}  # as it left, and as it arrived
    board = world.board()
    assert not board.callbacks
    assert not board.threads
    world.sim.calls.clear()
    world.sim.messages.clear()


def test_it_flies_once_an_hour_however_many_clocks_there_are(world: World) -> None:
    """The second clock finds that the first has let it go."""
    assert CanaryFlights(world.here).look()
    assert not CanaryFlights(world.here).look()
    world.leaps(minutes=61)
    assert CanaryFlights(world.here).look()
    world.passes(30)
    world.sim.calls.clear()
    world.sim.messages.clear()


@pytest.mark.parametrize(
    ("lost", "said"), [("voice", "its call never reached us"), ("sms", "its text never reached us")]
)
def test_what_never_came_is_told_once_for_an_outage(world: World, lost: str, said: str) -> None:
    """A supervisor reads what failed, and their phone rings; an hour later nothing more is said."""
    world.sim.kernel.numbers[LINE].voice_fallback_url = ""
    world.sim.kernel.numbers[LINE].status_callback = ""
    flies(world, lost=lost)
    assert state(world).amiss == said
    world.sue.reads(said).answers(within=60).hears("nobody who sees to it").presses("1")
    told = len(world.sue.phone.inbox)
    world.leaps(minutes=60)
    flies(world, lost=lost)
    assert len(world.sue.phone.inbox) == told
    assert world.look(lambda transaction: tallies.every(transaction.tx))["canary failed"] == 2
    assert world.look(lambda transaction: contacts.many(transaction.tx)) == []
    world.leaps(minutes=60)
    flies(world)
    assert state(world).amiss is None
    world.sim.calls.clear()
    world.sim.messages.clear()


def test_a_carrier_that_takes_neither_is_named(world: World) -> None:
    """With its own code."""
    world.sim.faults.error(400, times=2)
    flies(world)
    assert "the carrier did not take its call" in (state(world).amiss or "")


def test_a_slip_in_its_number_rings_nobody(building: Building) -> None:
    """It is said at once what is meant, and that callers meet nothing of it: a text, and no phone in the night."""
    world = building(centre=WITH_CANARY)
    flies(world, seconds=5)
    assert "is no number of this account" in (state(world).amiss or "")
    world.sue.reads("is no number of this account")
    assert world.sim.calls == []
    (found,) = world.look(lambda transaction: list(found_at_once.canary(transaction)))
    assert found.key == "canary.failed"
    assert found.callers.startswith("None by itself")
    assert "Correct [canary] number" in found.mend


def test_one_that_is_late_is_told(world: World) -> None:
    """How many seconds it took: a supervisor reads it, and is rung."""
    world.sim.faults.slow(45, kind="sms")
    flies(world)
    assert "its text took 4" in (state(world).amiss or "")
    world.sue.reads("its text took 4").answers(within=60).hears("nobody who sees to it").presses("1")
    world.sim.calls.clear()
    world.sim.messages.clear()


@dataclass
class Garbling:
    """What stands before us, and spoils each answer to requests at some addresses on its way back."""

    inner: Web
    at: str
    answer: WebReply

    def post(self, url: str, headers: Mapping[str, str], body: str, timeout: float) -> WebReply:
        """Ours hears the request, the carrier not the answer."""
        answered = self.inner.post(url, headers, body, timeout)
        return self.answer if urlsplit(url).path == self.at else answered


RUBBISH = WebReply(200, {"content-type": "text/html"}, "<html>Sign in to the guest network</html>")
EMPTY = WebReply(200, {"content-type": "text/xml"}, "<Response/>")
BROKEN = WebReply(500, {"content-type": "text/html"}, "no")


@pytest.mark.parametrize("answer", [RUBBISH, EMPTY, BROKEN], ids=["rubbish", "empty", "broken"])
@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("/twilio/voice", "its call came in, but our first words were not heard to their end"),
        ("/twilio/sms", "its text came in, but no answer to it was delivered"),
    ],
)
def test_a_line_that_takes_it_and_answers_nonsense_is_told(
    world: World, at: str, said: str, answer: WebReply
) -> None:
    """Callers would hear "application error", or nothing: a supervisor reads so, and is rung."""
    for number in (LINE, CANARY):
        world.sim.kernel.numbers[number].voice_fallback_url = ""
        world.sim.kernel.numbers[number].sms_fallback_url = ""
    whole = world.sim.kernel.web
    world.sim.kernel.web = Garbling(whole, at, answer)
    flies(world)
    assert state(world).amiss == said
    world.sim.kernel.web = whole
    world.sue.reads(said).answers(within=60).hears("nobody who sees to it").presses("1")
    world.sim.violations.clear()
    world.sim.calls.clear()
    world.sim.messages.clear()


def test_an_answer_that_the_networks_drop_is_told_with_their_code(world: World) -> None:
    """Texters of that line read nothing either."""
    flights = CanaryFlights(world.here)
    assert flights.look()
    world.sim.kernel.numbers.pop(CANARY)
    world.sim.phone(CANARY).sms = "undelivered:30034"
    world.clock.let_pass(world.sim, 30)
    flights.listen()
    flights.listen()
    line_canary.judge(world.here.application)
    assert state(world).amiss == "the answer to its text was not delivered (30034)"
    world.sim.calls.clear()
    world.sim.messages.clear()


def test_a_carrier_that_tells_nothing_of_the_answer_is_asked_again(world: World) -> None:
    """Until she is taken for lost."""
    flights = CanaryFlights(world.here)
    assert flights.look()
    world.clock.let_pass(world.sim, 30)
    world.sim.faults.lists_fail(500)
    with pytest.raises(NotListed):
        flights.listen()
    line_canary.judge(world.here.application)
    assert state(world).last is None
    world.sim.faults.clear()
    flights.listen()
    line_canary.judge(world.here.application)
    assert state(world).amiss is None
    world.sim.calls.clear()
    world.sim.messages.clear()


def counted(world: World) -> dict[str, int]:
    """How many rows each table has."""
    found: dict[str, int] = world.look(
        lambda transaction: {
            table.name: transaction.tx.execute(select(func.count()).select_from(table)).scalar()
            for table in metadata.sorted_tables
        }
    )
    return found


def test_she_is_in_no_report_no_flood_and_no_count_of_what_was_spent(building: Building) -> None:
    """A day of them on a line that takes one contact an hour of a number: no table but her own has a row more."""
    world = building(centre=WITH_CANARY)
    world.sim.number(CANARY)
    world.passes(minutes=5)
    before = counted(world)
    for _ in range(24):
        flies(world, seconds=40)
        assert state(world).amiss is None
        world.leaps(minutes=60)
    after = counted(world)
    assert after.pop("canary_runs") == 24
    before.pop("canary_runs")
    assert {name: n for name, n in after.items() if n != before[name]} == {}
    world.sim.calls.clear()
    world.sim.messages.clear()


def test_a_clock_that_lets_none_go_is_seen(world: World) -> None:
    """After two periods without one, it says so by itself."""
    flies(world, seconds=40)
    world.leaps(minutes=130)
    assert "none has left" in (state(world).amiss or "")
    world.sim.calls.clear()
    world.sim.messages.clear()


def test_it_is_not_taken_up_from_the_carriers_lists(world: World) -> None:
    """What was lost of it is its own matter, and no caller's."""
    look(world)
    world.sim.faults.lose(times=1000)
    assert CanaryFlights(world.here).look()
    world.clock.let_pass(world.sim, 60)
    found = look(world)
    assert (found.calls, found.texts) == (0, 0)
    world.sim.calls.clear()
    world.sim.messages.clear()


def test_without_a_number_nothing_flies(building: Building) -> None:
    """As it is shipped."""
    plain = building()
    assert not CanaryFlights(plain.here).look()
    assert state(plain) == line_canary.CanaryState(is_on=False)
