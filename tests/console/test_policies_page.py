"""Policies on a page: each subject's ladder in words, with who is meant by name now, and a dry run of any of them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from hotline.model import WITH_POLICY, Role
from hotline.operations import roster
from hotline.operations.policies.policy_words import SUBJECTS
from hotline.store.traffic import outbox
from tests.console.centre import PEOPLE, Centre

BY_HOURS: dict[str, Any] = {
    "policy": [
        {
            "subject": "emergency",
            "acknowledge": 2,
            "rung": [
                {
                    "who": ["schedule:clinicians"],
                    "how": ["call", "text"],
                    "wait": "30s",
                    "hours": ["Mon-Fri 08:00-18:00"],
                },
                {
                    "who": ["role:supervisor", "staff:Ben Ortiz"],
                    "how": ["call"],
                    "together": False,
                    "wait": "90s",
                },
                {"who": ["everyone"], "how": ["call", "text"], "wait": "30s"},
            ],
        }
    ]
}
TRY = "/on-call/policies?subject=emergency&at={at}&language=en"


@pytest.fixture
def by_hours(centre: Centre) -> Centre:
    """By day the clinicians are rung first; it is Monday, one o'clock in the afternoon in Boston."""
    centre.application.change(lambda transaction: roster.load(transaction.tx, BY_HOURS, transaction.now))
    return centre


def text(page: str) -> str:
    """What is read, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def card(page: str, subject: str) -> str:
    """What is read of one ladder."""
    return text(page.split(f'id="policy-{subject}">')[1].split('id="policy-', maxsplit=1)[0])


@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_on_the_staff_sees_every_ladder(centre: Centre, name: str) -> None:
    """The usual ones, too: whom each rung means by name now, how it rings, and where it ends up."""
    page = centre.signed_in(name).get("/on-call/policies").text
    for subject in WITH_POLICY:
        assert SUBJECTS[subject] in text(card(page, subject))
    said = card(page, "emergency")
    assert "As usual" in said
    assert "Call and text, all together; up to 30 seconds Who is on clinicians: Chloe Baptiste" in said
    assert "Who is on supervisors: Eve Stone" in said
    assert "and then the failsafe number." in said
    assert "/on-call/policies" in centre.signed_in(name).get("/on-call").text


def test_a_ladder_of_the_centres_own_is_told_with_its_hours_and_its_second(by_hours: Centre) -> None:
    """Which rung is passed now is said as well."""
    ana = by_hours.signed_in("Ana Lima")
    said = card(ana.get("/on-call/policies").text, "emergency")
    assert "Your own" in said
    assert "Mon-Fri 08:00-18:00" in said
    assert "Call, one after the other; up to 1.5 minutes each" in said
    assert "Every supervisor: Eve Stone" in said
    assert "Everybody on the staff: Adam Cole, Ana Lima" in said
    assert "Two must know of it" in said
    assert "passed now" not in said
    by_hours.clock.pass_by(timedelta(hours=8))
    said = card(by_hours.signed_in("Ana Lima").get("/on-call/policies").text, "emergency")
    assert "Mon-Fri 08:00-18:00: passed now" in said
    assert "Who is on clinicians: not asked now" in said


def test_who_is_on_and_not_asked_for_it_is_not_said_to_be_nobody(centre: Centre) -> None:
    """Clinicians alone are asked into a talk: the supervisors and coordinators are on all the same."""
    said = card(centre.signed_in("Ana Lima").get("/on-call/policies").text, "clinician")
    assert "Who is on clinicians: Chloe Baptiste" in said
    assert "Who is on supervisors: not asked for this" in said
    assert "Who is on coordinators: not asked for this" in said
    assert "obody" not in said.split("If nobody answers")[0]


def test_a_dry_run_tells_whom_it_would_ring_and_rings_nobody(by_hours: Centre) -> None:
    """At three on a Saturday night the first rung is passed; by day it is not."""
    ana = by_hours.signed_in("Ana Lima")
    said = text(ana.get(TRY.format(at="2026-03-07T03:00")).text)
    assert "An emergency, Sat 7 Mar 03:00, in English 0:00 call Eve Stone 0:25 call Ben Ortiz" in said
    assert "Rung 1 is passed: it holds only Mon-Fri 08:00-18:00." in said
    assert "Whoever is paged 3 times in that night is let sleep at first" in said
    said = text(ana.get(TRY.format(at="2026-03-06T12:00")).text)
    assert "0:00 call and text Chloe Baptiste" in said
    assert "is passed" not in said
    assert "0:00 call and text Chloe Baptiste" in text(ana.get(TRY.format(at="")).text)
    assert (
        by_hours.application.look(lambda transaction: outbox.backlog(transaction.tx, transaction.now)) == []
    )


@pytest.mark.parametrize("subject", WITH_POLICY)
def test_every_subject_can_be_tried_out(centre: Centre, subject: str) -> None:
    page = centre.signed_in("Ana Lima").get(f"/on-call/policies?subject={subject}&at=&language=en")
    assert page.status_code == 200
    assert re.search(r" 0:00 (call|text|call and text) \w+", text(page.text))
    ends = subject in ("admissions", "family", "person", "clinician")
    assert ("And so on, until somebody accepts." in text(page.text)) is not ends
    assert f'<option value="{subject}" selected>' in page.text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("subject=weather&at=&language=en", "Choose what happens, and what the caller speaks."),
        ("subject=emergency&at=&language=xx", "Choose what happens, and what the caller speaks."),
        ("subject=emergency&at=tomorrow&language=en", "When: write a day and a time."),
        ("subject=test&at=&language=en", "Choose what happens, and what the caller speaks."),
    ],
)
def test_what_can_not_be_tried_out_is_told_with_what_to_write(centre: Centre, asked: str, said: str) -> None:
    page = centre.signed_in("Ana Lima").get(f"/on-call/policies?{asked}")
    assert page.status_code == 200
    assert said in text(page.text)
    assert "And so on" not in page.text


def test_an_empty_rung_and_an_hour_without_anybody_are_told_with_what_to_do(centre: Centre) -> None:
    """Supervisors have nobody from now on; the emergency goes on with the others, and the supervisors' own doesn't."""
    empty = {
        "schedule": [{"name": one, "timezone": "America/New_York"} for one in ("supervisors", "coordinators")]
    }
    centre.application.change(lambda transaction: roster.load(transaction.tx, empty, transaction.now))
    page = centre.signed_in("Ana Lima").get("/on-call/policies").text
    assert "Nobody is on for this rung now: the next one is rung at once." in card(page, "person")
    assert (
        "It reaches nobody from Monday 2026-03-02 13:00 on: name a schedule on which somebody always is"
        in text(page)
    )
    assert "nobody now" in card(page, "emergency")
    said = text(centre.signed_in("Ana Lima").get("/on-call/policies?subject=person&at=&language=en").text)
    assert "Nobody would be rung." in said
    assert "give the policy a rung that reaches somebody" in said


def test_without_any_schedule_it_is_told_what_to_load(centre: Centre) -> None:
    """The database of a centre that has none yet."""
    centre.forget_schedules()
    assert "There is no schedule yet" in text(centre.signed_in("Ana Lima").get("/on-call/policies").text)


def test_who_looks_on_may_read_them(centre: Centre) -> None:
    """A trainee is meant by no rung."""
    centre.add_person("Tom Young", frozenset({Role.TRAINEE}))
    page = centre.signed_in("Tom Young").get("/on-call/policies?subject=emergency&at=&language=en")
    assert page.status_code == 200
    assert "Tom Young" not in page.text.split('id="content"')[1]


def test_a_dry_run_ends_where_phones_stop_ringing_in_earnest(centre: Centre) -> None:
    """A caller holds for a minute, and a clinician is asked into a talk once."""
    ana = centre.signed_in("Ana Lima")
    said = text(ana.get("/on-call/policies?subject=person&at=&language=en").text)
    held = said.split("A caller who wants a person, ")[1].split("If nobody answers")[0]
    assert re.findall(r"\d:\d\d (?=call)", held) == ["0:00 ", "0:25 ", "0:55 "]
    said = text(ana.get("/on-call/policies?subject=clinician&at=&language=en").text)
    asked = said.split("A clinician is asked into a talk, ")[1].split("If nobody answers")[0]
    assert re.findall(r"\d:\d\d (?=call)", asked) == ["0:00 "]
