"""People read their shifts in their own calendars, by an address that nobody can guess and anybody can revoke."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar as ICalendar

from hotline.operations import roster
from hotline.operations.people import members
from hotline.store.people import staff
from tests.console.centre import Centre, press
from tests.console.test_on_call_page import text
from tests.console.test_shift_acts import SCHEDULES


@pytest.fixture
def by_turns(centre: Centre) -> Centre:
    """Coordinators take turns by day."""
    centre.application.change(lambda transaction: roster.load(transaction.tx, SCHEDULES, transaction.now))
    return centre


def address(centre: Centre, name: str, schedule: str = "") -> str:
    """Of a calendar that they make."""
    page = press(centre.signed_in(name), "/on-call/calendar", schedule=schedule).text
    found = re.search(r'value="https?://[^/]+(/calendar/[\w-]+\.ics)"', page)
    assert found is not None
    return found[1]


def events(centre: Centre, where: str) -> list[tuple[str, datetime]]:
    """What a calendar program reads there, signed in nowhere."""
    answer = centre.someone().get(where)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    calendar = ICalendar.from_ical(answer.text)
    return [(str(one["SUMMARY"]), one.decoded("DTSTART")) for one in calendar.walk("VEVENT")]


def test_a_private_address_shows_ones_own_shifts_or_a_whole_schedule(by_turns: Centre) -> None:
    own = events(by_turns, address(by_turns, "Ana Lima"))
    assert {title for title, _ in own} == {"On call: coordinators"}
    assert [at.day for _, at in own][:3] == [2, 4, 6]
    whole = events(by_turns, address(by_turns, "Ana Lima", "coordinators"))
    assert {title for title, _ in whole} == {
        "coordinators: Ana Lima",
        "coordinators: Ben Ortiz",
        "coordinators: NOBODY",
    }


def test_no_caller_is_ever_in_it(by_turns: Centre) -> None:
    """Whatever goes on."""
    by_turns.texts("this is Mia Wong, call me", "+16175550142")
    by_turns.asks_for_callback("+16175550177")
    said = by_turns.someone().get(address(by_turns, "Ana Lima", "coordinators")).text
    told = "\n".join(line for line in said.splitlines() if not line.startswith("UID:"))
    assert not re.search(r"Mia|Wong|555|617", told)


def test_a_calendar_is_sent_again_only_if_it_has_changed(by_turns: Centre) -> None:
    """It may be kept for a quarter of an hour; a change of shifts is another calendar."""
    where, anybody = address(by_turns, "Ana Lima"), by_turns.someone()
    first = anybody.get(where)
    assert first.headers["Cache-Control"] == "private, max-age=900"
    tag = {"If-None-Match": first.headers["ETag"]}
    by_turns.clock.pass_by(timedelta(hours=3))
    assert anybody.get(where, headers=tag).status_code == 304
    form = {
        "kind": "off",
        "person": by_turns.people["Ana Lima"],
        "starts": "2026-03-04T07:00",
        "ends": "2026-03-04T19:00",
    }
    press(by_turns.signed_in("Eve Stone"), "/on-call/changes", script=True, **form)
    again = anybody.get(where, headers=tag)
    assert again.status_code == 200
    assert "20260304" not in again.text


def test_an_address_opens_until_it_is_revoked_renewed_or_its_owner_leaves(by_turns: Centre) -> None:
    """Nobody finds out by guessing whether there is one."""
    ana = by_turns.signed_in("Ana Lima")
    first = address(by_turns, "Ana Lima")
    assert "you have one" in text(ana.get("/on-call").text)
    second = address(by_turns, "Ana Lima")
    assert [by_turns.someone().get(one).status_code for one in (first, second)] == [404, 200]
    press(ana, "/on-call/calendar/revoke", script=False, schedule="")
    assert by_turns.someone().get(second).status_code == 404
    assert "calendar revoked" in by_turns.audited()
    third = address(by_turns, "Ana Lima", "coordinators")

    def leaves(transaction: Any) -> None:
        row = staff.get(transaction.tx, by_turns.people["Ana Lima"])
        assert row is not None
        members.deactivate(transaction, row)

    by_turns.application.change(leaves)
    assert by_turns.someone().get(third).status_code == 404
    assert by_turns.someone().get("/calendar/x.ics").status_code == 404


def test_a_schedule_that_is_not_there_has_none(by_turns: Centre) -> None:
    ana = by_turns.signed_in("Ana Lima")
    assert press(ana, "/on-call/calendar", script=False, schedule="nurses").status_code == 303
    assert "There is no schedule" in text(ana.get("/on-call").text)
