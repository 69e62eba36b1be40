"""On the page On call people ask each other, say yes or no, take back, and take over at once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from hotline.effects import SendText
from hotline.model import Role
from hotline.oncall.schedule import Schedule
from hotline.operations import roster
from hotline.store.duty import shift_changes
from hotline.store.overviews.crew import crew
from hotline.store.people import schedules
from tests.console.centre import EPOCH, Centre, press
from tests.console.test_on_call_page import text
from tests.observed import waiting_to_leave

DAY = timedelta(days=1)
SCHEDULES: dict[str, Any] = {
    "schedule": [
        {
            "name": "coordinators",
            "timezone": "America/New_York",
            "rotation": [
                {
                    "turns": ["Ana Lima", "Ben Ortiz"],
                    "every": "1d",
                    "starts": datetime(2026, 3, 2, 7),
                    "hours": ["07:00-19:00"],
                }
            ],
        }
    ]
}
"""Ana has Monday 2 March, 13:00 in Boston, Wednesday and so on; Ben the days between."""


@pytest.fixture
def by_turns(centre: Centre) -> Centre:
    """Coordinators take turns by day; Cora is a coordinator, too, and on by no plan."""
    centre.add_person("Cora Diaz", frozenset({Role.COORDINATOR}))
    centre.application.change(lambda transaction: roster.load(transaction.tx, SCHEDULES, transaction.now))
    return centre


def on(centre: Centre, at: datetime) -> set[str]:
    """Who is on at this moment."""

    def work(transaction: Any) -> set[str]:
        here = crew(transaction.tx)
        found = next(one for one in here.schedules if one.name == "coordinators")
        return {one.name for one in here.on(found, at)}

    return centre.application.look(work)


def wednesday(centre: Centre, to: str) -> dict[str, str]:
    """Ana's form."""
    return {"schedule": "coordinators", "starts": "2026-03-04T07:00", "ends": "2026-03-04T19:00", "to": to}


def acts(client: FlaskClient, what: str) -> list[str]:
    """The addresses of such buttons on the page."""
    return re.findall(rf'action="(/on-call/[^"]*{what})"', client.get("/on-call").text)


def test_a_shift_is_given_away_and_the_first_yes_has_it(by_turns: Centre) -> None:
    """Only those who could have it are asked, and only they may answer; then it can be taken back until it begins."""
    ana, cora = by_turns.signed_in("Ana Lima"), by_turns.signed_in("Cora Diaz")
    assert "Your next shifts" in text(ana.get("/on-call").text)
    said = press(ana, "/on-call/asks", script=True, **wednesday(by_turns, "anybody")).json or {}
    assert said["good"], said
    assert "you are asked" in text(cora.get("/on-call").text)
    assert acts(by_turns.signed_in("Chloe Baptiste"), "answer") == []
    (address, _) = acts(cora, "answer")
    eve = by_turns.signed_in("Eve Stone")
    refused = press(eve, address, script=True, answer="yes").json or {}
    assert refused == {"said": "Nobody has asked you that.", "good": False}
    assert press(cora, address, script=True, answer="yes").json == {
        "said": "It is yours, and whoever asked is told.",
        "good": True,
    }
    noon = EPOCH + 2 * DAY
    assert on(by_turns, noon) == {"Cora Diaz"}
    assert "taken by Cora Diaz" in text(ana.get("/on-call").text)
    ben = by_turns.signed_in("Ben Ortiz")
    (back,) = acts(ana, "withdraw")
    assert press(ben, back).status_code == 403
    assert (press(ana, back, script=True).json or {})["good"]
    assert on(by_turns, noon) == {"Ana Lima"}


def test_the_rest_of_a_shift_that_runs_is_given_away_too(by_turns: Centre) -> None:
    """Ana is on until seven in the evening, and asks at one who could have it from three on."""
    ana = by_turns.signed_in("Ana Lima")
    own = ana.get("/on-call").text.split('id="own-1"')[1].split('id="own-2"')[0]
    assert "now, until Mon 2 Mar 19:00" in text(own)
    assert "Give away or swap" in own
    form = {
        "schedule": "coordinators",
        "starts": "2026-03-02T15:00",
        "ends": "2026-03-02T19:00",
        "to": "anybody",
    }
    assert (press(ana, "/on-call/asks", script=True, **form).json or {})["good"]
    too_late = press(ana, "/on-call/asks", script=True, **{**form, "starts": "2026-03-02T12:00"}).json or {}
    assert too_late["said"] == "It has begun: somebody can take over at once."


def test_a_swap_is_chosen_from_a_list_of_theirs(by_turns: Centre) -> None:
    ana, ben = by_turns.signed_in("Ana Lima"), by_turns.signed_in("Ben Ortiz")
    page = ana.get("/on-call").text
    choices = re.findall(r'<option value="([^"]+\|[^"]+\|[^"]+)">', page)
    thursday = next(one for one in choices if "2026-03-05" in one)
    said = press(ana, "/on-call/asks", script=True, **wednesday(by_turns, thursday)).json or {}
    assert said["good"], said
    assert press(ana, "/on-call/asks", script=True, **wednesday(by_turns, thursday)).json == {
        "said": "That is asked already: take it back first.",
        "good": False,
    }
    (address, _) = acts(ben, "answer")
    assert (press(ben, address, script=True, answer="yes").json or {})["good"]
    assert (on(by_turns, EPOCH + 2 * DAY), on(by_turns, EPOCH + 3 * DAY)) == ({"Ben Ortiz"}, {"Ana Lima"})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"starts": "2026-03-02T07:00"}, "It has begun: somebody can take over at once."),
        (
            {"starts": "2026-03-05T07:00", "ends": "2026-03-05T19:00"},
            "Ana Lima is not on coordinators for all",
        ),
        ({"schedule": "nurses"}, 'There is no schedule "nurses"'),
        ({"to": ""}, "They are not on the staff."),
        ({"to": "p0|"}, "Choose somebody else."),
        ({"to": "p1|soon"}, "Choose from the list."),
        ({"to": "p2|"}, "Chloe Baptiste has not the role of those who are on coordinators."),
        ({"ends": "2026-03-04T06:00"}, "Until must be after From."),
    ],
)
def test_what_cannot_be_asked_is_said(by_turns: Centre, wrong: dict[str, str], said: str) -> None:
    ana = by_turns.signed_in("Ana Lima")
    told = press(ana, "/on-call/asks", script=True, **{**wednesday(by_turns, "anybody"), **wrong}).json or {}
    assert told["said"].startswith(said)
    assert not told["good"]


def test_a_supervisor_offers_a_hole_and_a_coordinator_fills_it(by_turns: Centre) -> None:
    eve, cora = by_turns.signed_in("Eve Stone"), by_turns.signed_in("Cora Diaz")
    assert "/on-call/offer" not in cora.get("/on-call").text
    tonight = EPOCH + timedelta(hours=7)
    hole = {"starts": tonight.isoformat(), "ends": (tonight + timedelta(hours=6)).isoformat()}
    form = {"schedule": "coordinators", "need": "", **hole}
    assert press(cora, "/on-call/offer", script=False, **form).status_code == 403
    assert (press(eve, "/on-call/offer", script=True, **form).json or {})["good"]
    (address, _) = acts(cora, "answer")
    assert (press(cora, address, script=True, answer="yes").json or {})["good"]
    assert on(by_turns, tonight) == {"Cora Diaz"}


def test_somebody_takes_over_at_once_and_a_supervisor_may_put_anybody_on(by_turns: Centre) -> None:
    cora, eve = by_turns.signed_in("Cora Diaz"), by_turns.signed_in("Eve Stone")
    ana, ben = by_turns.people["Ana Lima"], by_turns.people["Ben Ortiz"]
    form = {"schedule": "coordinators", "of": ana}
    assert "Take over at once" in text(cora.get("/on-call").text)
    assert "Take over at once" not in text(by_turns.signed_in("Chloe Baptiste").get("/on-call").text)
    assert press(cora, "/on-call/take-over", script=False, person=ben, **form).status_code == 403
    assert (press(cora, "/on-call/take-over", script=True, **form).json or {})["good"]
    assert on(by_turns, EPOCH) == {"Cora Diaz"}
    again = press(cora, "/on-call/take-over", script=True, **form).json or {}
    assert again == {
        "said": "Ana Lima is not on coordinators now: look who is, and choose again.",
        "good": False,
    }
    cora_is = {"schedule": "coordinators", "of": by_turns.people["Cora Diaz"], "person": ben}
    assert (press(eve, "/on-call/take-over", script=True, **cora_is).json or {})["good"]
    assert on(by_turns, EPOCH) == {"Ben Ortiz"}


def test_until_when_and_who_is_left_alone_is_said_before_it_is_done_and_told_after(by_turns: Centre) -> None:
    """Ana, who is on beside Ben, lets him go: for a day at most, and she ends it herself. The plan names Adam, too, who
    was put off the staff: he is no company."""
    named = tuple(by_turns.people[one] for one in ("Ana Lima", "Ben Ortiz", "Adam Cole"))
    by_turns.change_person("Adam Cole", active=False)
    both = Schedule(name="coordinators", timezone="America/New_York", always=named)
    by_turns.application.change(lambda transaction: schedules.put(transaction.tx, both))
    ana, eve = by_turns.signed_in("Ana Lima"), by_turns.signed_in("Eve Stone")
    page = text(ana.get("/on-call").text)
    assert "Ben Ortiz, until Tue 3 Mar 13:00" in page
    assert "You are on already: they are off then, and you are on alone." in page
    assert "Ben Ortiz, on already: alone then" in text(eve.get("/on-call").text)
    form = {"schedule": "coordinators", "of": by_turns.people["Ben Ortiz"]}
    said = press(ana, "/on-call/take-over", script=True, **form).json or {}
    assert said == {
        "said": "It is so from now on, until Tue 3 Mar 13:00. Both are told by text.",
        "good": True,
    }
    shift = "coordinators, Mon 2 Mar 13:00-Tue 3 Mar 13:00."
    assert sorted(texts(by_turns)) == [
        f"Hotline: Ana takes over from Ben at once: {shift}",
        f"Hotline: Ben is off at once, and Ana is on alone: {shift}",
        f"Hotline: Ben is off at once, and you are on alone: {shift}",
    ]
    (undo,) = acts(ana, "/undo")
    assert acts(by_turns.signed_in("Chloe Baptiste"), "/undo") == []
    assert press(by_turns.signed_in("Ben Ortiz"), undo, script=True).status_code == 403
    assert (press(ana, undo, script=True).json or {})["good"]
    assert on(by_turns, EPOCH) == {"Ana Lima", "Ben Ortiz"}


def texts(centre: Centre) -> list[str]:
    """What was written to the staff."""
    with centre.application.database.read() as tx:
        effects = [row.effect for row in waiting_to_leave(tx, centre.clock.now)]
    return [one.body for one in effects if isinstance(one, SendText)]


@pytest.mark.parametrize("who", ["Eve Stone", "Ana Lima"])
def test_nobody_is_first_in_both_lists_of_who_goes_and_who_comes(by_turns: Centre, who: str) -> None:
    """Where several are on at once: what stands there before anything is chosen can be done."""
    by_turns.change_person(who, roles=frozenset({Role.COORDINATOR, Role.SUPERVISOR}))
    named = tuple(by_turns.people[one] for one in ("Ana Lima", "Ben Ortiz"))
    both = Schedule(name="coordinators", timezone="America/New_York", always=named)
    by_turns.application.change(lambda transaction: schedules.put(transaction.tx, both))
    client = by_turns.signed_in(who)
    page = client.get("/on-call").text
    goes, comes = (_first_choice(page, f"{one}-coordinators") for one in ("of", "by"))
    assert goes != comes
    form = {"schedule": "coordinators", "of": goes, "person": goes}
    refused = press(client, "/on-call/take-over", script=True, **form).json or {}
    assert refused["said"].endswith("is on already: choose who is to be on instead of them.")


def _first_choice(page: str, field: str) -> str:
    (first, *_) = re.findall(r'<option value="([^"]*)"', page[page.index(f'id="{field}"') :])
    return str(first)


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ({"to": "p2|"}, "Ask somebody else, or about a time at which it can be."),
        ({"starts": "2026-03-05T07:00", "ends": "2026-03-05T19:00"}, "keep within the shift."),
    ],
)
def test_a_refusal_says_what_to_do(by_turns: Centre, wrong: dict[str, str], advice: str) -> None:
    """And not only why it can't be."""
    ana = by_turns.signed_in("Ana Lima")
    told = press(ana, "/on-call/asks", script=True, **{**wednesday(by_turns, "anybody"), **wrong}).json or {}
    assert told["said"].endswith(advice)


def test_only_those_who_could_have_it_can_be_chosen(by_turns: Centre) -> None:
    """To take over, and to be given a shift; where nobody could, it says what to do."""

    def offered(name: str, field: str) -> list[str]:
        page = by_turns.signed_in(name).get("/on-call").text
        found = re.search(rf'<select id="{field}".*?</select>', page, re.DOTALL)
        assert found is not None
        return [
            one for one in re.findall(r">([^<>]+)</option>", found[0]) if ":" not in one or "could" in one
        ]

    def shift(name: str) -> str:
        return by_turns.signed_in(name).get("/on-call").text.split('id="own-2"')[1].split('id="own-3"')[0]

    assert offered("Eve Stone", "by-coordinators") == ["Ben Ortiz", "Cora Diaz"]
    assert offered("Ana Lima", "give-to-2") == [
        "Give it to Ben Ortiz, for nothing",
        "Give it to Cora Diaz, for nothing",
    ]
    assert "Swap with Ben Ortiz: you take Tue 3 Mar 07:00-19:00" in shift("Ana Lima").replace("–", "-")
    for name in ("Ben Ortiz", "Cora Diaz"):
        by_turns.change_person(name, verified=False)
    (said,) = offered("Eve Stone", "by-coordinators")
    assert said.startswith("Nobody else could: ")


def test_a_limit_of_hours_is_overruled_with_a_reason_that_is_kept(by_turns: Centre) -> None:
    """Ana has Monday by day already: the night after it and the next day are too much."""
    eve = by_turns.signed_in("Eve Stone")
    form = {
        "kind": "on",
        "person": by_turns.people["Ana Lima"],
        "schedule": "coordinators",
        "starts": "2026-03-02T19:00",
        "ends": "2026-03-03T19:00",
    }
    told = press(eve, "/on-call/changes", script=True, **form).json or {}
    assert told["said"] == (
        "Ana Lima would be on for 36 h at once from Mon 2 Mar 07:00 on; 24 h is the most. To overrule that, say why."
    )
    assert (press(eve, "/on-call/changes", script=True, overrule="Ben is ill", **form).json or {})["good"]
    (kept,) = by_turns.application.look(lambda transaction: shift_changes.counting(transaction.tx))
    assert kept.overruled == "Ben is ill"
    assert "limit overruled" in by_turns.audited()


def test_a_trainee_sees_all_of_it_and_can_do_nothing(by_turns: Centre) -> None:
    """The board with its callers and words; no button of it works for them."""
    by_turns.add_person("Zoe Quinn", frozenset({Role.TRAINEE}))
    by_turns.texts("is the side door open")
    callback = by_turns.asks_for_callback()
    zoe = by_turns.signed_in("Zoe Quinn")
    board = text(zoe.get("/board").text)
    assert "is the side door open" in board
    assert "Ending 0142" in board
    assert press(zoe, f"/board/callbacks/{callback}/claim").status_code == 403
    assert press(zoe, f"/board/escalations/{by_turns.escalation()}/accept").status_code == 403
    form = {"schedule": "coordinators", "of": by_turns.people["Ana Lima"]}
    said = press(zoe, "/on-call/take-over", script=True, **form).json or {}
    assert said == {
        "said": "Zoe Quinn is a trainee, who looks on, and is never rung. "
        "Choose somebody else, or put somebody on as well for a while.",
        "good": False,
    }


def test_everybody_sees_who_carries_what(by_turns: Centre) -> None:
    """By quarter; one that can't be is nowhere."""
    ana = by_turns.signed_in("Ana Lima")
    assert "/on-call/fairness" in ana.get("/on-call").text
    page = ana.get("/on-call/fairness").text
    assert "Who carries what, 2026-Q1" in text(page)
    assert re.search(r"Cora Diaz 0 0 0 0 0 0 0 0", text(page))
    assert "2026-Q2" in text(ana.get("/on-call/fairness?quarter=2026-Q2").text)
    assert ana.get("/on-call/fairness?quarter=soon").status_code == 404
    assert ana.get("/on-call/fairness/live?quarter=2025-Q4").status_code == 200


def test_whoever_is_on_at_the_same_time_is_offered_nothing_that_must_be_refused(by_turns: Centre) -> None:
    """Where all are always on there is nobody to give to and nothing to swap, and the page says so."""
    always = {
        "schedule": [
            {"name": "coordinators", "timezone": "UTC", "always": ["Ana Lima", "Ben Ortiz", "Cora Diaz"]}
        ]
    }
    by_turns.application.change(lambda transaction: roster.load(transaction.tx, always, transaction.now))
    own = by_turns.signed_in("Ana Lima").get("/on-call").text.split('id="own-1"')[1]
    offered = own.split("</select>")[0]
    assert "Swap with" not in offered
    assert "for nothing" not in offered
    assert "Whoever else could be on coordinators is on then already" in text(own)
