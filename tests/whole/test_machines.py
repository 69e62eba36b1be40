"""Two machines, one PostgreSQL with a standby, one Redis: what dies in the middle of everything, and nobody notices.

The carrier asks them in turns, so that hardly two turns of a call come to the same one.
"""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from random import Random
from urllib.parse import quote_plus

import pytest
from flask import Flask, Response, session

from hotline.console import console_wiring
from hotline.console.frame import signed_in
from hotline.console.sign_in import devices
from hotline.model import Role
from hotline.settings.environment import CONNECTIONS
from hotline.store.people import staff
from tests.chaos import audit, centre
from tests.chaos.application import Machine
from tests.chaos.centre import CENTRE, LINE
from tests.chaos.day import Day, Plan, running
from tests.chaos.people import Person, watch
from tests.running.application import eventually

pytestmark = [pytest.mark.process, pytest.mark.postgres, pytest.mark.slow, pytest.mark.proof]

_PATIENT = CENTRE.replace(
    'staff_ring = "12s"\ncaller_ring = "12s"', 'staff_ring = "30s"\ncaller_ring = "30s"'
)
_A_TALK = timedelta(seconds=2.5)
"""Longer than what counts for one here."""
_CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
_OF_ONE_MACHINE = 5 * CONNECTIONS
"""With one web process; docs/scaling.md has the sum."""
_TWO = Plan(coordinators=2, clinicians=2, machines=2, webs=1, centre=_PATIENT)
COORDINATORS = centre.COORDINATORS[: _TWO.coordinators]
CLINICIANS = centre.CLINICIANS[: _TWO.clinicians]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """Both machines are ready; nobody has called yet."""
    with running(_TWO, audit.left, tmp_path_factory.mktemp("machines")) as day:
        for number in (*COORDINATORS, *CLINICIANS):
            day.person(number, Random(0), "staff")
        day.stage.begin(watch(day.people))
        yield day


def test_a_machine_a_database_and_redis_die_and_everybody_reaches_their_human(day: Day) -> None:
    """One after the other, each in the middle of calls, and none of those who called hears of it."""
    mia, rosa, tom, una, ben = (_caller(day, name) for name in ("mia", "rosa", "tom", "una", "ben"))

    # While mia's phone rings, a clinician is paged for rosa, and tom is in the menu.
    _call(day, mia)
    _asks_to_be_rung_back(day, mia)
    coordinator = _rings_back(day, mia)
    _call(day, rosa, tom)
    rosa.presses("1")
    _until(day, lambda: bool(_ringing(day, CLINICIANS)), "nobody is paged")
    asked = {machine for body, machine in day.front.answered if mia.phone.call_log[0].sid in body}
    assert asked == {"a", "b"}, "one call's turns come to both"
    first, second = day.application.machines
    first.dies()
    _answers(day, mia)
    _meet(day, mia, coordinator)
    clinician = _takes(day, CLINICIANS)
    _meet(day, rosa, clinician)
    tom.presses("2")
    other = _takes(day, COORDINATORS)
    _meet(day, tom, other)
    board = _board(day, second)
    assert f"Clinician {CLINICIANS.index(clinician.number) + 1} is on the line with them" in board
    for talking in (coordinator, other):
        assert f"With Coordinator {COORDINATORS.index(talking.number) + 1}" in board

    # The database's first server dies while they talk, and una calls.
    primary, standby = day.postgres
    primary.kill()
    standby.control("promote")
    _call(day, una)
    una.presses("2")
    una.hangs_up()  # who would hold, and hangs up, is rung back

    # And Redis, until the end of ben's call.
    day.application.redis.held = True
    day.application.redis.send(signal.SIGKILL)
    began = time.monotonic()
    ben.phone.texts(LINE, "overdose")
    _until(day, lambda: bool(_ringing(day, CLINICIANS)), "nobody is paged without Redis")
    assert time.monotonic() - began < 5
    paged = _takes(day, CLINICIANS)
    _answers(day, ben)
    _meet(day, ben, paged)
    assert all(one.talks_now() for one in (mia, rosa, tom)), "nobody was cut off"
    _until(day, lambda: bool(ben.talks) and ben.talks[-1].lasted > _A_TALK, "ben's talk ends at once")

    # Everything is back, and what waited for somebody who is free is done.
    day.application.redis.held = False
    first.returns()
    day.board.tidies_up()  # emergencies that somebody has are closed
    for one in (mia, rosa, tom, ben, coordinator, other, clinician, paged):
        one.hangs_up()
    free = _rings_back(day, una)
    _answers(day, una)
    _meet(day, una, free)
    _until(day, day.application.ready, "not everything is well again", 90)
    _audited(day, {mia: 1, una: 1, ben: 1, rosa: 0, tom: 0})


def test_the_machine_that_answered_a_text_of_danger_dies_in_the_second_after_it(day: Day) -> None:
    """The other one pages, hears what a clinician answers by text, and has what the caller writes next; then a
    coordinator's phone rings for a call back as a machine dies."""
    eva, lea = (_caller(day, name) for name in ("eva", "lea"))
    texts_of = {number: len(day.people[number].phone.inbox) for number in CLINICIANS}
    eva.phone.texts(LINE, "overdose")
    _until(day, lambda: bool(eva.phone.inbox), "eva is not answered")
    dead = _answered_by(day, "overdose", eva)
    dead.dies()
    (other,) = (one for one in day.application.machines if one is not dead)
    _until(day, lambda: bool(_told(day, texts_of)), "no clinician is texted")
    clinician = _told(day, texts_of)[0]
    if clinician.phone.ringing:
        clinician.phone.decline()
    clinician.phone.texts(LINE, "1")
    _until(day, lambda: clinician.phone.ringing, "who says by text that they take it is not rung")
    since = len(clinician.phone.heard)
    clinician.phone.answer()
    _until(day, lambda: clinician.has_heard("press 1", since), "they are asked nothing")
    clinician.presses("1")
    _answers(day, eva)
    _meet(day, eva, clinician)
    eva.phone.texts(LINE, "she is breathing again")
    _until(day, lambda: "she is breathing again" in _board(day, other), "what eva writes is not on the board")
    _until(day, lambda: bool(eva.talks) and eva.talks[-1].lasted > _A_TALK, "eva's talk ends at once")
    assert [one.body for one in eva.phone.inbox].count(eva.phone.inbox[0].body) == 1
    dead.returns()
    _until(day, day.application.ready, "not everything is well again", 90)
    day.board.tidies_up()
    for one in (eva, clinician):
        one.hangs_up()

    _call(day, lea)
    _asks_to_be_rung_back(day, lea)
    _until(day, lambda: bool(_ringing(day, COORDINATORS)), "nobody is rung for lea")
    dead.dies()
    coordinator = _rings_back(day, lea)
    _answers(day, lea)
    _meet(day, lea, coordinator)
    _until(day, lambda: bool(lea.talks) and lea.talks[-1].lasted > _A_TALK, "lea's talk ends at once")
    for one in (lea, coordinator):
        one.hangs_up()
    dead.returns()
    _until(day, day.application.ready, "not everything is well again", 90)
    _audited(day, {eva: 1, lea: 1})


def _answered_by(day: Day, words: str, one: Person) -> Machine:
    """Which machine answered their text."""
    number = quote_plus(one.number)
    (name,) = {
        machine
        for body, machine in day.front.answered
        if f"From={number}" in body and f"Body={words}" in body
    }
    return next(machine for machine in day.application.machines if machine.name == name)


def _told(day: Day, before: dict[str, int]) -> list[Person]:
    """Clinicians to whom a text has come since then that says how to take it."""
    return [
        day.people[number]
        for number, texts in before.items()
        if any("Reply 1" in text.body for text in day.people[number].phone.inbox[texts:])
    ]


def _audited(day: Day, rung: dict[Person, int]) -> None:
    """Nobody is lost, doubled, or told what isn't so; and the one database has had no more connections than it was
    told. `rung`: how often each was rung back."""
    found = [one for one in audit.complaints(day) if one.kind != "stuck"]
    assert not found, "\n\n".join(f"{one.kind}: {one.what}\n{audit.story(day, one)}" for one in found)
    for one, times in rung.items():
        told = audit.story(day, audit.Complaint("doubled", "", one))
        assert sum(call.direction == "outbound-api" for call in one.phone.call_log) == times, told
    (counted,) = day.postgres[1].ask(_CONNECTIONS)[0]
    assert int(str(counted)) <= 2 * _OF_ONE_MACHINE


def _answers(day: Day, one: Person) -> None:
    """They are rung back, and press 1 if they are asked to."""
    _until(day, lambda: one.phone.ringing, f"{one.kind} is not rung")
    since = len(one.phone.heard)
    one.phone.answer()
    _until(day, lambda: one.talks_now() or one.has_heard("press 1", since), f"{one.kind} is asked nothing")
    if not one.talks_now():
        one.presses("1")


def _meet(day: Day, one: Person, other: Person) -> None:
    _until(day, lambda: other.number in one.phone.talking_with, f"{one.kind} and {other.number} do not meet")


def _caller(day: Day, name: str) -> Person:
    one = day.person(f"+1781555{len(day.callers):04}", Random(0), name)
    day.callers.append(one)
    return one


def _until(day: Day, holds: Callable[[], bool], otherwise: str, seconds: float = 20) -> None:
    def told() -> str:
        return "\n".join(
            [otherwise, *(audit.story(day, audit.Complaint("lost", "", one)) for one in day.callers)]
        )

    eventually(holds, told, seconds)


def _call(day: Day, *several: Person) -> None:
    """They hear the menu."""
    for one in several:
        one.phone.calls(LINE)
    for one in several:
        _until(day, partial(one.has_heard, "press 2", 0), f"{one.kind} hears no menu")


def _asks_to_be_rung_back(day: Day, one: Person) -> None:
    one.presses("2")
    _until(day, lambda: one.has_heard("press 4", 0), f"{one.kind} isn't told that they may be rung back")
    for question, key in (
        ("", "4"),
        ("For a call at this number", "4"),
        ("safe to leave a message", "5"),
        ("safe to text", "5"),
        ("as soon as we can", "4"),
    ):
        _until(day, partial(one.has_heard, question, 0), f"{one.kind} isn't asked: {question}")
        one.presses(key)
    _until(day, lambda: not one.phone.in_call or one.hangs_up(), f"{one.kind} can't hang up")


def _ringing(day: Day, numbers: tuple[str, ...]) -> list[Person]:
    return [day.people[number] for number in numbers if day.people[number].phone.ringing]


def _takes(day: Day, numbers: tuple[str, ...]) -> Person:
    """Whoever of them rings first answers, and presses 1."""
    _until(day, lambda: bool(_ringing(day, numbers)), "no phone rings")
    who = _ringing(day, numbers)[0]
    since = len(who.phone.heard)
    who.phone.answer()
    _until(day, lambda: who.has_heard("press 1", since) or not who.phone.in_call, "they are asked nothing")
    who.presses("1")
    return who


def _rings_back(day: Day, one: Person) -> Person:
    """Coordinators answer until it is for this caller; who has it then."""
    who = _takes(day, COORDINATORS)
    _until(day, lambda: one.phone.ringing or not who.phone.in_call, f"{one.kind} is not rung back")
    return who if one.phone.ringing else _rings_back(day, one)


def _board(day: Day, machine: Machine) -> str:
    """The words of the board, as a supervisor sees it on this machine."""
    status, page = machine.get("/board", cookies=_cookies(day, Role.SUPERVISOR))
    assert status == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def _cookies(day: Day, role: Role) -> str:
    """What the browser of somebody who has signed in keeps."""
    application = day.board.application
    app = Flask("cookies")
    console_wiring.install(app, application)
    everyone = application.look(lambda transaction: staff.active(transaction.tx))
    who = next(one for one in everyone if role in one.roles).id
    with app.test_request_context():
        _, secret = application.change(lambda transaction: signed_in.begin(transaction, who))
        signed_in.keep(secret)
        response = Response()
        app.session_interface.save_session(app, session, response)
        devices.remember(response, who)
    return "; ".join(one.split(";")[0] for one in response.headers.getlist("Set-Cookie"))
