"""One's own next shifts on the page On call: when each ends, and nothing offered that would be refused."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest

from hotline.model import Role
from hotline.operations import roster
from tests.console.centre import Centre, press
from tests.console.test_on_call_page import text

WEEKLY: dict[str, Any] = {
    "schedule": [
        {
            "name": "coordinators",
            "timezone": "America/New_York",
            "rotation": [
                {
                    "turns": ["Ana Lima", "Ben Ortiz", "Cora Diaz"],
                    "every": "7d",
                    "starts": datetime(2026, 3, 2, 7),
                }
            ],
        }
    ]
}
"""Ana has the week from Monday 2 March on, at 13:00 now, and every third one; Ben and Cora follow."""


@pytest.fixture
def by_weeks(centre: Centre) -> Centre:
    """Coordinators take turns by the week, as docs/staff-file.md has it."""
    centre.add_person("Cora Diaz", frozenset({Role.COORDINATOR}))
    centre.application.change(lambda transaction: roster.load(transaction.tx, WEEKLY, transaction.now))
    return centre


def form(page: str, number: int) -> str:
    """What can be done about one of one's own shifts."""
    return page.split(f'id="own-{number}"')[1].split("</li>", maxsplit=1)[0]


def choices(part: str) -> list[tuple[str, str]]:
    """What can be chosen: its value, and what is read."""
    return re.findall(r'<option value="([^"]+\|[^"]*)">([^<]+)</option>', part)


def asked(part: str, to: str) -> dict[str, str]:
    """The form as it stands, with this choice."""
    (starts, ends) = re.findall(r'type="datetime-local" required value="([^"]+)"', part)
    return {"schedule": "coordinators", "starts": starts, "ends": ends, "to": to}


@pytest.mark.parametrize("who", ["Ana Lima", "Ben Ortiz", "Cora Diaz"])
def test_a_turn_of_a_week_has_its_own_end_however_far_ahead(by_weeks: Centre, who: str) -> None:
    """What begins within six weeks, and ends after them, ends when it ends."""
    page = by_weeks.signed_in(who).get("/on-call").text
    for number in range(1, page.count('id="own-') + 1):
        assert re.search(r"until Mon \d+ \w+ 07:00", text(form(page, number))), form(page, number)
    assert "with no end in the next two months" not in page


@pytest.mark.parametrize("who", ["Ana Lima", "Ben Ortiz", "Cora Diaz"])
def test_whatever_is_offered_can_be_asked(by_weeks: Centre, who: str) -> None:
    """Whole weeks are swapped for whole weeks, though no more than 24 hours may be added at once."""
    client = by_weeks.signed_in(who)
    page = client.get("/on-call").text
    offered = [
        (form(page, number), value)
        for number in range(1, page.count('id="own-') + 1)
        if "now, until" not in text(form(page, number))
        for value, words in choices(form(page, number))
        if not words.startswith("Give a part")
    ]
    assert any("|2026" in value for _, value in offered)
    for part, value in offered:
        said = press(client, "/on-call/asks", script=True, **asked(part, value)).json or {}
        assert said["good"], (asked(part, value), said)
        (back,) = re.findall(r'action="(/on-call/[^"]*withdraw)"', client.get("/on-call").text)
        assert (press(client, back, script=True).json or {})["good"]
