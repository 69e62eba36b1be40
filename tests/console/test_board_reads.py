"""What the board costs the database: who has it open asks again every few seconds, however much is on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest

from hotline.model import CallbackId, EscalationId, Outcome, PhoneNumber, StaffId
from hotline.operations.console import coordinator
from hotline.operations.console.board import Board, board
from hotline.operations.console.callback_cards import Unable
from hotline.operations.console.emergency_cards import emergency
from hotline.operations.conversation import blocking
from hotline.operations.transaction import Transaction
from hotline.store.people import callers
from tests.console.centre import Centre, open_centre
from tests.console.test_live_talks import talked
from tests.operations.statements import counted

POLL = {"X-Board": "1"}
TOUCH = {**POLL, "X-Touched": "1"}
EVE = "Eve Stone"
BLOCKED, STOPPED = PhoneNumber("+16175555003"), PhoneNumber("+16175555004")
UNCHANGED, REDRAWN, TOUCHED, LOADED = 1, 11, 12, 13


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """Some two hundred rows of every kind."""
    centre = open_centre(tmp_path_factory.mktemp("full"))
    _fill(centre)
    yield centre
    centre.application.database.dispose()


def _fill(centre: Centre) -> None:
    for name in ("Ana Lima", "Ben Ortiz"):
        talked(centre, f"+1617555700{len(name)}", name)
    for nth in range(42):
        centre.calls_in(f"+1617555{1000 + nth}", "1")
        centre.hangs_up(centre.calls_in(f"+1617555{2000 + nth}", "1"))
        centre.texts("my son is not breathing", f"+1617555{3000 + nth}")
        centre.calls_in(f"+1617555{4000 + nth}", "2")
        centre.asks_for_callback(f"+1617555{5000 + nth % 24}", "3" if nth < 20 else "2")
        centre.texts("2", f"+1617555{6000 + nth}")
        centre.texts("will it be a woman who calls", f"+1617555{6000 + nth}")
        centre.clock.pass_by(timedelta(milliseconds=200))
    shown = _look(centre)
    over = [one.escalation for one in shown.emergencies[:10]] + [one.escalation for one in shown.threads[:10]]
    for escalation in over:
        centre.application.change(partial(_close, which=escalation, by=centre.people[EVE]))
    for owed in shown.callbacks[-10:]:
        centre.application.change(partial(_reached, which=owed.callback, by=centre.people[EVE]))
    centre.application.change(_refuse)


def _close(transaction: Transaction, which: EscalationId, by: StaffId) -> None:
    assert coordinator.close(transaction, which, by)


def _reached(transaction: Transaction, which: CallbackId, by: StaffId) -> None:
    assert coordinator.set_outcome(transaction, which, Outcome.BOOKED_INTAKE, by)


def _refuse(transaction: Transaction) -> None:
    blocking.block(transaction.tx, BLOCKED, "threats", transaction.now, lasting=timedelta(days=1))
    known = callers.get(transaction.tx, STOPPED)
    callers.save(transaction.tx, known.opted_out(transaction.now))


def _look(centre: Centre) -> Board:
    return centre.application.look(lambda transaction: board(transaction, centre.people[EVE]))


def test_a_board_on_which_nothing_has_changed_costs_one_question(full: Centre) -> None:
    """Who asks, whether they still may, and whether anything is new are one look into indexes."""
    client = full.signed_in(EVE)
    etag = client.get("/board/live", headers=POLL).headers["ETag"]
    with counted(UNCHANGED):
        answer = client.get("/board/live", headers={**POLL, "If-None-Match": etag})
    assert answer.status_code == 304


def test_a_full_board_costs_eleven_statements(full: Centre) -> None:
    """Not one for each row: drawn anew or covered, by whoever has looked at it before. That somebody has touched it is
    written besides; a page that is loaded has the names of the directory, too, to choose from."""
    shown = _look(full)
    rows = (shown.emergencies, shown.callers, shown.callbacks, shown.threads, shown.done, shown.closed)
    assert min(map(len, rows)) >= 10
    assert sum(map(len, rows)) >= 200
    assert len(shown.talks) == 2
    assert min(len(shown.intakes), len(shown.follow_ups)) >= 10
    client = full.signed_in(EVE)
    client.get("/board/live", headers=POLL)
    with counted(REDRAWN):
        assert "5003" in client.get("/board/live", headers=POLL).text
    full.clock.pass_by(timedelta(seconds=30))
    with counted(TOUCHED):
        assert client.get("/board/live", headers=TOUCH).status_code == 200
    full.clock.pass_by(timedelta(seconds=30))
    with counted(LOADED):
        assert client.get("/board").status_code == 200
    full.clock.pass_by(timedelta(hours=1))
    with counted(REDRAWN):
        assert client.get("/board/live", headers=POLL).headers["X-Locked"] == "1"


def test_what_was_read_for_all_is_what_is_so_of_each(full: Centre) -> None:
    """An emergency by itself, and what is known of one number, are asked for in another way, and told the same."""
    shown = _look(full)
    for one in shown.emergencies:
        alone = full.application.look(
            partial(emergency, escalation_id=one.escalation, viewer=full.people[EVE])
        )
        assert alone == one
    by_number = {one.number: one for one in shown.callbacks}
    assert by_number[BLOCKED].blocked
    assert by_number[STOPPED].no_texts is Unable.STOPPED
    others = [one for number, one in by_number.items() if number not in (BLOCKED, STOPPED)]
    assert not any(one.blocked or one.no_texts for one in others)
    assert {one.others_asked for one in shown.callbacks} == {True, False}
