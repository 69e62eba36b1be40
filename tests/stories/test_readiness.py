"""Readiness: whose phone it is, whether it can be reached, and who must know in time that it can't."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from hotline.model import How, PhoneNumber
from hotline.oncall.at_work.readiness import State
from hotline.oncall.schedule import Change, ChangeKind
from hotline.operations.at_work import shift_watch, verifying, who_is_ready
from hotline.operations.at_work.verifying import CannotVerify, CodeCheck
from hotline.operations.paging import trial_pages
from hotline.operations.people import members
from hotline.operations.shifts import changing_shifts
from hotline.operations.transaction import Transaction
from hotline.simulator import Behaviour
from hotline.store.people import staff
from hotline.store.people.staff import StaffRow
from tests.stories.centre import STAFF
from tests.stories.conftest import Building
from tests.stories.people import Person
from tests.stories.world import ANA, BEN, CLEO, DEV, World

NEW = "+16175550177"


def of(world: World, number: str) -> StaffRow:
    """Whoever of the staff has this number."""
    found: StaffRow | None = world.look(lambda transaction: staff.get(transaction.tx, world.staff_id(number)))
    assert found is not None
    return found


def state_of(world: World, number: str) -> State:
    """How they stand on the page Readiness."""
    found = world.look(who_is_ready.look)
    states = {one.member.phone.e164: one.readiness.state for one in found.people}
    return State(states[number])


def page_now(world: World, number: str) -> None:
    """They, or a supervisor, ask for a test page."""
    who = world.staff_id(number)
    world.change(lambda transaction: trial_pages.ask(transaction, who, who))
    world.passes(1)


# --- whose phone it is -----------------------------------------------------------------------------------------


def other_phone(world: World) -> Person:
    """Cleo has another number: it is nobody's until a code came back from it."""
    row, phone = of(world, CLEO), PhoneNumber(NEW)
    world.change(lambda transaction: members.set_phone(transaction, row, phone, verified=False))
    return world.person(NEW, label="Cleo's new phone")


def send(world: World, how: How) -> None:
    world.change(lambda transaction: verifying.send(transaction, of_new(transaction), how))
    world.passes(1)


def of_new(transaction: Transaction) -> StaffRow:
    found = staff.by_phone(transaction.tx, PhoneNumber(NEW))
    assert found is not None
    return found


def check(world: World, code: str) -> CodeCheck:
    found: CodeCheck = world.change(
        lambda transaction: verifying.check(transaction, of_new(transaction), code)
    )
    return found


@pytest.mark.both_databases
def test_a_new_number_is_rung_only_after_a_code_came_back_from_it(world: World) -> None:
    """A text with six digits; a wrong one is refused; the right one counts once."""
    cleo = other_phone(world)
    world.mia.calls().presses("1")
    world.until(lambda: world.dev.rings, within=12)
    assert not cleo.rings
    send(world, How.TEXT)
    cleo.reads("is the code for your phone")
    code = re.findall(r"\d{6}", cleo.reads("is the code").last_text)[0]
    assert check(world, "1" if code != "000001" else "2") is CodeCheck.WRONG
    assert check(world, f" {code[:3]} {code[3:]} ") is CodeCheck.RIGHT
    assert check(world, code) is CodeCheck.NONE
    world.until(lambda: cleo.rings, within=60)


def test_a_code_is_read_out_to_a_human_only(world: World) -> None:
    """A box that picks up hears no digits; whoever presses 1 hears them twice."""
    cleo = other_phone(world)
    send(world, How.CALL)
    cleo.answers().hears("To hear the code for your phone, press 1")
    assert not cleo.has_heard("Your code is")
    cleo.presses("1").hears("Your code is")
    said = next(one.text for one in cleo.phone.heard if "Your code is" in one.text)
    code = "".join(re.findall(r"\d", said)[:6])
    assert check(world, code) is CodeCheck.RIGHT


def test_a_code_is_read_out_only_to_the_phone_that_it_went_to(world: World) -> None:
    """Whoever still listens to a call to the number before it hears nothing of the next code."""
    cleo = other_phone(world)
    send(world, How.CALL)
    cleo.answers()
    newer = PhoneNumber("+16175550178")

    def mended(transaction: Transaction) -> None:
        members.set_phone(transaction, of_new(transaction), newer, verified=False)
        row = staff.by_phone(transaction.tx, newer)
        assert row is not None
        verifying.send(transaction, row, How.TEXT)

    world.change(mended)
    cleo.presses("1").hears("There is no code for this phone now")


def test_a_code_is_too_old_after_ten_minutes_and_void_after_five_wrong_ones(world: World) -> None:
    """It can't be guessed, and nobody's phone gets one after the other."""
    cleo = other_phone(world)
    send(world, How.TEXT)
    world.passes(minutes=10)
    assert check(world, re.findall(r"\d{6}", cleo.reads("is the code").last_text)[0]) is CodeCheck.NONE
    send(world, How.TEXT)
    code = re.findall(r"\d{6}", cleo.reads("is the code").last_text)[0]
    assert [check(world, "no") for _ in range(6)] == [CodeCheck.WRONG] * 5 + [CodeCheck.NONE]
    assert check(world, code) is CodeCheck.NONE
    for _ in range(3):
        send(world, How.TEXT)
    with pytest.raises(CannotVerify, match="5 codes"):
        send(world, How.TEXT)


def test_a_code_says_nothing_of_another_number(world: World) -> None:
    cleo = other_phone(world)
    send(world, How.TEXT)
    code = re.findall(r"\d{6}", cleo.reads("is the code").last_text)[0]
    again = PhoneNumber("+16175550178")
    world.change(lambda transaction: staff.save(transaction.tx, replace(of_new(transaction), phone=again)))
    found = world.change(
        lambda transaction: verifying.check(
            transaction, staff.by_phone(transaction.tx, again) or of_new(transaction), code
        )
    )
    assert found is CodeCheck.NONE


# --- page me now -----------------------------------------------------------------------------------------------


def test_who_asks_to_be_paged_is_and_presses_1(world: World) -> None:
    """Nobody else is; nothing is on the board; and it is known from then on that they can be reached."""
    assert state_of(world, CLEO) is State.UNTRIED
    page_now(world, CLEO)
    world.cleo.reads("a test, nobody waits")
    assert not world.dev.rings
    world.cleo.answers().hears("This is a test. Nobody waits").presses("1").hears("You can be reached")
    assert state_of(world, CLEO) is State.READY
    board = world.board()
    assert not any((board.emergencies, board.callers, board.callbacks, board.threads))


def test_the_code_of_a_test_shows_that_texts_arrive(world: World) -> None:
    """The phone stops ringing; whether a call would have woken them is not known. Anything else proves nothing."""
    page_now(world, CLEO)
    code = re.findall(r"\d{6}", world.cleo.reads("a test").last_text)[0]
    world.cleo.texts("1").reads("your phone rings now")
    assert world.cleo.rings
    world.cleo.texts(code).reads("Your texts arrive")
    world.until(lambda: not world.cleo.rings, within=12)
    assert state_of(world, CLEO) is State.UNTRIED
    found = world.look(who_is_ready.look)
    last = next(one.readiness.last for one in found.people if one.member.phone.e164 == CLEO)
    assert last.text_answered_at is not None


def test_an_emergency_takes_the_phone_from_a_test(world: World) -> None:
    """And `1` by text is about the emergency, though both are on the screen."""
    page_now(world, CLEO)
    world.until(lambda: world.cleo.rings, within=12)
    world.mia.calls().presses("1")
    world.cleo.answers(within=20).hears("Emergency waiting")
    world.cleo.texts("1").reads("your phone rings now")
    world.cleo.presses("1").meets(world.mia)


def test_a_test_that_nobody_answers_is_told_on_readiness(world: World) -> None:
    """Since when, too."""
    world.phones(Behaviour.IGNORES, world.cleo)
    page_now(world, CLEO)
    world.passes(minutes=3)
    assert state_of(world, CLEO) is State.UNREACHED
    world.phones(Behaviour.RINGS, world.cleo)
    page_now(world, CLEO)
    world.cleo.answers().presses("1")
    assert state_of(world, CLEO) is State.READY


# --- a shift begins --------------------------------------------------------------------------------------------

SHIFTS: dict[str, Any] = {
    **STAFF,
    "schedule": [
        STAFF["schedule"][0],
        {
            "name": "clinicians",
            "timezone": "America/New_York",
            "rotation": [
                {
                    "turns": ["Cleo Park", "Dev Rao", "Eva Stone"],
                    "every": "12h",
                    "starts": datetime(2026, 3, 2, 15, 1),
                }
            ],
        },
        STAFF["schedule"][2],
    ],
}
"""Cleo's shift begins a minute after the story does, and Dev's follows."""


@pytest.fixture
def shifts(building: Building) -> World:
    """A centre in which clinicians take turns."""
    return building(document=SHIFTS)


def watched(world: World, **time: float) -> World:
    """So much time passes, and shifts are watched at its end."""
    world.passes(**time)
    shift_watch.watch(world.here.application)
    return world.passes(1)


@pytest.mark.both_databases
def test_whose_shift_begins_is_told_what_is_open_and_tested_once(shifts: World) -> None:
    """Who presses 1 hears nothing more; at the end they are told what is theirs still."""
    world = shifts
    assert shift_watch.watch(world.here.application) == 0
    world.mia.calls().presses("2").presses("4")
    watched(world, minutes=1)
    world.cleo.reads("your shift begins: clinicians, until Tue 3 Mar 03:01. Open: 1 call back")
    world.cleo.reads("Your next: Wed 4 Mar 03:01")
    world.cleo.answers().hears("This is a test").presses("1")
    assert shift_watch.watch(world.here.application) == 0
    watched(world, minutes=11)
    assert not world.cleo.rings
    assert not world.sue.has_read("start of a shift")
    world.leaps(minutes=12 * 60)
    shift_watch.watch(world.here.application)
    world.passes(1)
    world.cleo.reads("your shift is over. Still yours: nothing")
    world.dev.reads("your shift begins: clinicians")


def test_who_does_not_answer_is_reminded_and_then_the_next_one_is_put_on(shifts: World) -> None:
    """The supervisor is told by whom; an emergency rings both."""
    world = shifts
    world.phones(Behaviour.IGNORES, world.cleo)
    watched(world, minutes=1)
    first = len(world.calls_to(CLEO))
    watched(world, minutes=6)
    assert len(world.calls_to(CLEO)) == first + 1
    assert not world.sue.has_read("start of a shift")
    watched(world, minutes=5)
    world.sue.reads("Cleo Park did not answer at the start of a shift: clinicians. Dev Rao is on as well")
    world.dev.reads("Dev Rao is on: clinicians")
    assert shift_watch.watch(world.here.application) <= 1
    world.mia.calls().presses("1")
    world.until(lambda: world.dev.rings and world.cleo.rings, within=12)
    assert not world.eva.rings


def test_who_is_off_is_not_put_on_for_somebody_else(shifts: World) -> None:
    """Dev had to leave, and somebody has said so: the next one after him is."""
    world = shifts
    world.phones(Behaviour.IGNORES, world.cleo)
    ends = world.clock.now + timedelta(hours=20)
    dev = world.staff_id(world.dev.phone.number)
    off = Change(kind=ChangeKind.OFF, person=dev, starts=world.clock.now, ends=ends)
    world.change(lambda transaction: changing_shifts.make(transaction, off, None))
    watched(world, minutes=1)
    watched(world, minutes=12)
    world.sue.reads("Cleo Park did not answer at the start of a shift: clinicians. Eva Stone is on as well")


def test_the_end_of_a_week_s_turn_is_told_and_whose_test_fails_is_stood_in_for_for_a_while(
    building: Building,
) -> None:
    """Not the end of what was looked at; a stand-in has no week of it."""
    rotation = {**SHIFTS["schedule"][1]["rotation"][0], "every": "7d"}
    weeks = [SHIFTS["schedule"][0], {**SHIFTS["schedule"][1], "rotation": [rotation]}, SHIFTS["schedule"][2]]
    world = building(document={**SHIFTS, "schedule": weeks})
    world.phones(Behaviour.IGNORES, world.cleo)
    watched(world, minutes=1)
    world.cleo.reads("your shift begins: clinicians, until Mon 9 Mar 15:01")
    watched(world, minutes=12)
    world.sue.reads("Dev Rao is on as well, until Wed 4 Mar 03:1")


def test_who_cannot_is_replaced(shifts: World) -> None:
    """By key 2, or by 2 and the code."""
    world = shifts
    watched(world, minutes=1)
    world.cleo.answers().hears("2 if you can't work").presses("2").hears("A supervisor is told")
    watched(world, minutes=1)
    world.sue.reads("Cleo Park can't work at the start of a shift: clinicians. Dev Rao is on as well")
    world.mia.calls().presses("1")
    world.until(lambda: world.dev.rings, within=12)
    assert not world.cleo.rings


def test_where_nobody_can_be_put_on_the_supervisor_is_asked_to(building: Building) -> None:
    """An unverified phone is told at once: it is never rung."""
    document = {
        **SHIFTS,
        "schedule": [
            SHIFTS["schedule"][0],
            {
                **SHIFTS["schedule"][1],
                "rotation": [{**SHIFTS["schedule"][1]["rotation"][0], "turns": ["Cleo Park", []]}],
            },
            SHIFTS["schedule"][2],
        ],
    }
    world = building(document=document)
    other_phone(world)
    watched(world, minutes=1)
    watched(world, minutes=1)
    world.sue.reads(
        "Cleo Park has no verified phone at the start of a shift: clinicians. Nobody could be put on"
    )
    assert world.texts_to(NEW) == []


def test_who_talks_with_a_caller_when_the_shift_begins_need_not_answer(building: Building) -> None:
    """Their phone is in use, and they are at work."""
    document = {**SHIFTS, "schedule": [*SHIFTS["schedule"]]}
    rota = SHIFTS["schedule"][1]
    early = {
        "turns": ["Cleo Park"],
        "every": "12h",
        "starts": datetime(2026, 3, 2, 13),
        "ends": datetime(2026, 3, 2, 15, 0, 30),
    }
    document["schedule"][1] = {**rota, "rotation": [early, *rota["rotation"]]}
    world = building(document=document)
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    watched(world, minutes=1)
    watched(world, minutes=12)
    assert not world.sue.has_read("start of a shift")


def test_two_clocks_begin_a_shift_once(shifts: World) -> None:
    world = shifts
    world.passes(minutes=1)
    found = [shift_watch.watch(world.here.application) for _ in range(2)]
    assert found == [1, 0]
    world.passes(2)
    assert len(world.texts_to(CLEO)) == 2
    assert [world.texts_to(number) for number in (ANA, BEN, DEV)] == [[], [], []]
