"""On call: who is on, where nobody is, and what is otherwise for a while; changed by whoever looks after people."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from hotline.oncall.schedule import Schedule
from hotline.operations import roster
from hotline.operations.paging import duty
from hotline.operations.shifts import fair_shares
from hotline.store.duty import shift_changes
from hotline.store.people import schedules
from tests.console.centre import Centre, press

SCHEDULES: dict[str, Any] = {
    "schedule": [
        {
            "name": "coordinators",
            "timezone": "America/New_York",
            "rotation": [
                {
                    "turns": ["Ana Lima", "Ben Ortiz"],
                    "every": "1d",
                    "starts": datetime(2025, 1, 1, 7),
                    "hours": ["07:00-19:00"],
                }
            ],
        }
    ]
}


@pytest.fixture
def by_turns(centre: Centre) -> Centre:
    """Coordinators take turns by day, and nobody is on at night."""
    centre.application.change(lambda transaction: roster.load(transaction.tx, SCHEDULES, transaction.now))
    return centre


def text(page: str) -> str:
    """What is read, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_everybody_on_the_staff_sees_who_is_on_and_where_nobody_is(by_turns: Centre) -> None:
    """A supervisor can change it; a coordinator can't, and is shown no form that would be refused."""
    page = by_turns.signed_in("Ana Lima").get("/on-call").text
    said = text(page)
    assert re.search(r"On now .* Coordinators (Ana Lima|Ben Ortiz|Nobody)", said)
    assert re.search(r"Nobody, or too few, on 1[45]", said)
    assert "The next two weeks" in said
    soon, later = page.split('data-key="later-holes"')
    assert re.search(r"1[12] more, from Thu 5 Mar 19:00 on", said)
    assert (soon.count('class="card hole"'), later.count('class="card hole"')) == (3, 11)
    assert 'class="hatch"' in page
    assert "07:00–19:00" in said
    assert "/on-call/changes" not in page
    assert "/on-call/changes" in by_turns.signed_in("Eve Stone").get("/on-call").text


def test_too_few_of_those_needed_are_shown_with_what_they_are_needed_for(by_turns: Centre) -> None:
    """As a card, hatched in the day's bar, and in words beside it."""
    need = {"name": "Portuguese", "line": "admissions", "languages": ["pt"]}
    by_turns.application.change(
        lambda transaction: roster.load(transaction.tx, {"need": [need]}, transaction.now)
    )
    page = by_turns.signed_in("Ana Lima").get("/on-call").text
    assert "Coordinators too few for Portuguese" in text(page)
    assert "07:00–19:00 too few for Portuguese" in text(page)
    assert 'class="hatch few"' in page


def test_an_empty_centre_is_told_what_to_do(centre: Centre) -> None:
    centre.application.change(
        lambda transaction: roster.load(
            transaction.tx,
            {
                "schedule": [
                    {"name": one, "timezone": "UTC"} for one in ("coordinators", "clinicians", "supervisors")
                ]
            },
            transaction.now,
        )
    )
    said = text(centre.signed_in("Ana Lima").get("/on-call").text)
    assert "Coordinators Nobody for the next two weeks" in said
    assert "Nobody , at every hour of the next two weeks." in said


def test_every_page_that_names_who_is_on_leaves_out_the_same_people(by_turns: Centre) -> None:
    """Ben has left, and Eve's phone isn't verified: nobody is rung for the plan that still names them."""
    named = tuple(by_turns.people[one] for one in ("Ana Lima", "Ben Ortiz", "Eve Stone"))
    every_hour = Schedule(name="coordinators", timezone="America/New_York", always=named)
    by_turns.application.change(lambda transaction: schedules.put(transaction.tx, every_hour))
    ana = by_turns.signed_in("Ana Lima")
    assert "Coordinators Ana Lima, Ben Ortiz, Eve Stone" in text(ana.get("/board").text)
    by_turns.change_person("Ben Ortiz", active=False)
    by_turns.change_person("Eve Stone", verified=False)
    assert re.search(r"Coordinators Ana Lima(?!,)", text(ana.get("/board").text))
    assert "Coordinators Ana Lima for the next two weeks" in text(ana.get("/on-call").text)
    assert by_turns.application.look(duty.on_shift)["coordinators"] == ("Ana Lima",)


def change(centre: Centre, **more: str) -> dict[str, str]:
    """A form for tomorrow."""
    tomorrow = date.fromordinal(centre.clock().date().toordinal() + 1)
    return {
        "kind": "instead",
        "person": centre.people["Ben Ortiz"],
        "instead_of": centre.people["Ana Lima"],
        "schedule": "coordinators",
        "starts": f"{tomorrow}T07:00",
        "ends": f"{tomorrow}T19:00",
        **more,
    }


def test_a_supervisor_changes_it_for_a_while_and_takes_it_back(by_turns: Centre) -> None:
    """It is kept who did so."""
    sue = by_turns.signed_in("Eve Stone")
    answer = press(sue, "/on-call/changes", script=True, **change(by_turns))
    assert answer.json == {"said": "It is so, and whoever it concerns is told by text.", "good": True}
    page = sue.get("/on-call").text
    assert "Ben Ortiz is on instead of Ana Lima" in text(page)
    assert "by Eve Stone" in text(page)
    (undo,) = re.findall(r'action="(/on-call/changes/[^"]+/undo)"', page)
    assert press(sue, undo, script=True).json == {
        "said": "It is taken back, and whoever it concerns is told by text.",
        "good": True,
    }
    assert "Everybody is on as it was planned." in text(sue.get("/on-call").text)
    assert not by_turns.application.look(lambda transaction: shift_changes.counting(transaction.tx))
    assert press(sue, undo, script=True).json == {"said": "It is taken back already.", "good": False}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "x"}, "Choose what is otherwise."),
        ({"starts": "soon"}, "From: write a day and a time."),
        ({"ends": ""}, "Until: write a day and a time."),
        ({"ends": "2020-01-01T07:00"}, "Until must be after From."),
        ({"instead_of": ""}, "Say instead of whom they are on."),
        ({"schedule": "nurses"}, 'There is no schedule "nurses"; there are'),
        ({"person": "nobody"}, "They are not on the staff."),
        ({"person": ""}, "They are not on the staff."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_changed(
    by_turns: Centre, wrong: dict[str, str], said: str
) -> None:
    sue = by_turns.signed_in("Eve Stone")
    answer = press(sue, "/on-call/changes", script=True, **change(by_turns, **wrong))
    assert answer.status_code == 200
    told = answer.json or {}
    assert told["said"].startswith(said)
    assert not told["good"]
    assert not by_turns.application.look(lambda transaction: shift_changes.counting(transaction.tx))


def test_the_living_part_is_unchanged_until_something_changes(by_turns: Centre) -> None:
    sue = by_turns.signed_in("Eve Stone")
    tag = sue.get("/on-call").headers["ETag"]
    assert sue.get("/on-call/live", headers={"If-None-Match": tag}).status_code == 304
    press(sue, "/on-call/changes", script=True, **change(by_turns))
    assert sue.get("/on-call/live", headers={"If-None-Match": tag}).status_code == 200


def test_days_on_which_clocks_are_set_are_drawn_whole(by_turns: Centre) -> None:
    """Each bar is full, whatever the day's length."""
    page = by_turns.signed_in("Eve Stone").get("/on-call").text
    for bar in re.findall(r'<svg class="bar".*?</svg>', page, re.DOTALL):
        widths = [float(one) for one in re.findall(r'<rect [^>]*?width="([\d.]+)"', bar)]
        assert abs(sum(widths) - 960) < 1


def test_a_rotation_that_came_later_leaves_nobody_alone_this_morning(by_turns: Centre) -> None:
    """What is over is drawn as it was noted then; of what nobody noted, nothing is claimed."""
    for minutes in (0, 60):
        by_turns.clock.pass_by(timedelta(minutes=minutes))
        fair_shares.keep(by_turns.application)
    later: dict[str, Any] = {
        "schedule": [
            {
                "name": "coordinators",
                "timezone": "America/New_York",
                "rotation": [{"turns": ["Ben Ortiz"], "every": "1d", "starts": datetime(2026, 3, 2, 15)}],
            }
        ]
    }
    by_turns.application.change(lambda transaction: roster.load(transaction.tx, later, transaction.now))
    page = by_turns.signed_in("Ana Lima").get("/on-call").text
    today = text(page.split('aria-current="date"')[1].split("</li>")[0])
    assert "00:00–13:00 over, not noted" in today
    assert re.search(r"13:00–14:00 (Ana Lima|Ben Ortiz)", today), "as it was noted"
    assert "14:00–15:00 Nobody" in today, "that is still to come"
    assert "15:00–24:00 Ben Ortiz" in today
    assert 'class="unknown"' in page
