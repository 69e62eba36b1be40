"""How the carrier says that a call stands, and answers that say nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
import requests

from hotline.model import Outcome
from hotline.operations.outbox.delivery import TryAgain
from hotline.operations.outbox.quiet_calls_asked import CallStanding
from hotline.settings.load import Settings
from tests.telephony.wires import Wire, carrier

SID = "CA" + "1" * 32
ENDED = "Mon, 02 Mar 2026 20:00:05 +0000"


def told(settings: Settings, **call: object) -> CallStanding | TryAgain:
    body = json.dumps({"sid": SID, "end_time": None, **call})
    return carrier(settings, Wire(status=200, body=body)).standing(SID)


@pytest.mark.parametrize("status", ["queued", "ringing", "in-progress"])
def test_a_call_that_runs(settings: Settings, status: str) -> None:
    """Whatever it does."""
    assert told(settings, status=status) == CallStanding(over=False)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("completed", None),
        ("busy", Outcome.BUSY),
        ("no-answer", Outcome.NO_ANSWER),
        ("canceled", Outcome.CALLED_OFF),
        ("failed", Outcome.NO_ANSWER),
    ],
)
def test_a_call_that_is_over(settings: Settings, status: str, outcome: Outcome | None) -> None:
    """How, and since when."""
    ended_at = datetime(2026, 3, 2, 20, 0, 5, tzinfo=UTC)
    found = told(settings, status=status, end_time=ENDED)
    assert found == CallStanding(over=True, ended_at=ended_at, outcome=outcome)


def test_a_call_that_the_account_does_not_know_is_over(settings: Settings) -> None:
    """Nobody can be on it."""
    gone = Wire(status=404, body=json.dumps({"code": 20404, "message": "not found", "status": 404}))
    assert carrier(settings, gone).standing(SID) == CallStanding(over=True)


@pytest.mark.parametrize(
    "wire",
    [
        Wire(status=401, body=json.dumps({"code": 20003, "message": "no", "status": 401})),
        Wire(status=429, body=json.dumps({"code": 20429, "message": "slowly", "status": 429})),
        Wire(status=503, body="<html>a proxy's page</html>"),
        Wire(status=200, body="<html>a proxy's page</html>"),
        Wire(status=200, body="[]"),
        Wire(breaks=requests.ReadTimeout("late")),
        Wire(breaks=requests.ConnectionError("cut")),
    ],
    ids=["a wrong token", "too many", "broken", "a page", "a list", "late", "cut"],
)
def test_no_answer_says_nothing(settings: Settings, wire: Wire) -> None:
    """Nobody is taken for gone because a carrier is."""
    assert isinstance(carrier(settings, wire).standing(SID), TryAgain)
