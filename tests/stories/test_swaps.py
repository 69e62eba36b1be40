"""People change each other's nights: by asking, by text with a code, and at once when somebody has to run."""

from __future__ import annotations

import re
import threading
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from hotline.model import StaffId
from hotline.oncall.schedule import Change, ChangeKind, who_is_on
from hotline.oncall.staffing.shift_ask import AskState, Shift, ShiftAsk
from hotline.operations import roster
from hotline.operations.shifts import (
    answering_asks,
    asking_for_shifts,
    changing_shifts,
    holes_ahead,
    taking_over,
)
from hotline.operations.shifts.answering_asks import AskResult
from hotline.operations.shifts.changing_shifts import CannotChange
from hotline.operations.watching import each_minute, holes_watch
from hotline.store.duty import shift_asks, shift_changes
from hotline.store.overviews.crew import crew
from tests.store.threads import in_threads
from tests.stories.people import Person
from tests.stories.test_shifts import named
from tests.stories.world import AFTERNOON, STAFF, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TURNS: dict[str, Any] = {
    "staff": [
        {**one, "languages": ["en", "es"] if one["name"] == "Cleo Park" else ["en"]} for one in STAFF["staff"]
    ],
    "schedule": [
        *(one for one in STAFF["schedule"] if one["name"] != "clinicians"),
        {
            "name": "clinicians",
            "timezone": "America/New_York",
            "rotation": [
                {
                    "turns": ["Cleo Park", "Dev Rao", "Eva Stone"],
                    "every": "1d",
                    "starts": datetime(2026, 3, 1, 7),
                    "hours": ["07:00-19:00"],
                },
                {
                    "turns": ["Sue Hall"],
                    "every": "1d",
                    "starts": datetime(2026, 3, 1, 7),
                    "hours": ["19:00-07:00"],
                },
            ],
        },
    ],
}
"""By day Cleo has 1, 4 and 7 March, Dev the 2nd, 5th and 8th, Eva the 3rd and 6th; it is the 2nd, 15:00."""
WEDNESDAY = Shift("clinicians", AFTERNOON + 2 * DAY - 8 * HOUR, AFTERNOON + 2 * DAY + 4 * HOUR)
"""Cleo's."""
THURSDAY = Shift("clinicians", WEDNESDAY.starts + DAY, WEDNESDAY.ends + DAY)
"""Dev's."""


@pytest.fixture
def by_day(world: World) -> World:
    """Three clinicians take turns by day."""
    world.here.application.change(lambda transaction: roster.load(transaction.tx, TURNS, transaction.now))
    return world


def on(world: World, shift: Shift) -> list[str]:
    """Who has it."""

    def work(transaction: Any) -> list[str]:
        here = crew(transaction.tx)
        names = {one.id: one.name for one in here.members}
        schedule = next(one for one in here.schedules if one.name == shift.schedule)
        return [names[person] for person in who_is_on(schedule, shift.starts)]

    return world.here.application.look(work)


def code(person: Person) -> str:
    """The code in the newest text to them."""
    return str(re.findall(r"\b\d{6}\b", person.last_text)[-1])


def swapped(world: World, back: Shift | None = THURSDAY) -> ShiftAsk:
    """Cleo asks Dev to have her Wednesday, for his Thursday."""
    cleo, dev = named(world, "Cleo Park"), named(world, "Dev Rao")
    made = world.here.application.change(
        lambda transaction: asking_for_shifts.swap(transaction, WEDNESDAY, cleo, dev, back, cleo)
    )
    world.passes(5)
    return made


def test_a_swap_is_agreed_by_text_with_its_code(by_day: World) -> None:
    """Until then nothing changes; then both have the other's, and it is taken back for both or for nobody."""
    world = by_day
    ask = swapped(world)
    world.dev.reads(
        "Cleo asks: take clinicians, Wed 4 Mar 07:00-19:00, give Thu 5 Mar 07:00-19:00. Reply YES"
    )
    assert on(world, WEDNESDAY) == ["Cleo Park"]
    world.dev.texts(f"Yes, {code(world.dev)}").reads("clinicians, Wed 4 Mar 07:00-19:00 is yours")
    world.cleo.reads("Dev agrees: takes clinicians, Wed 4 Mar 07:00-19:00. You have Thu 5 Mar 07:00-19:00.")
    assert (on(world, WEDNESDAY), on(world, THURSDAY)) == (["Dev Rao"], ["Cleo Park"])
    world.here.application.change(
        lambda transaction: answering_asks.withdraw(transaction, ask.id, named(world, "Cleo Park"))
    )
    world.dev.reads("taken back")
    assert (on(world, WEDNESDAY), on(world, THURSDAY)) == (["Cleo Park"], ["Dev Rao"])


def test_a_swap_that_one_side_alone_wants_changes_nothing(by_day: World) -> None:
    """A yes without its code, from the wrong phone or after a no is none; the one who asked is told of the no."""
    world = by_day
    swapped(world)
    asked = code(world.dev)
    world.dev.texts("ok").reads(f"reply YES or NO with a code: {asked}")
    world.dev.texts(asked).reads(f"reply YES or NO with a code: {asked}")
    world.eva.texts(f"yes {asked}")
    assert not world.eva.has_read("is yours")
    world.dev.texts(f"no {asked}").reads("you can't. Thank you.")
    world.cleo.reads("Dev can't take clinicians, Wed 4 Mar 07:00-19:00. It stays as it was.")
    world.dev.texts(f"yes {asked}").reads("is not asked any more")
    assert (on(world, WEDNESDAY), on(world, THURSDAY)) == (["Cleo Park"], ["Dev Rao"])
    assert not world.here.application.look(lambda transaction: shift_changes.counting(transaction.tx))


@pytest.mark.parametrize(
    ("words", "agreed"),
    [
        ("{code} yes", True),
        ("1 {code}", True),
        ("Ok, sure! {code}", True),
        ("sí {code}", True),
        ("{code} no", False),
        ("2 {code}", False),
        ("Sorry, can’t {code}", False),
        ("I can {code}", None),
        ("{code} maybe", None),
        ("no yes {code}", None),
    ],
)
def test_yes_and_no_as_people_write_them(by_day: World, words: str, agreed: bool | None) -> None:
    """What is neither is no answer: nothing changes, and it is asked still."""
    world = by_day
    ask = swapped(world)
    world.dev.texts(words.format(code=code(world.dev)))
    found = world.look(lambda transaction: shift_asks.get(transaction.tx, ask.id))
    states = {True: AskState.TAKEN, False: AskState.DECLINED, None: AskState.OPEN}
    assert found.state is states[agreed]
    assert on(world, WEDNESDAY) == ["Dev Rao" if agreed else "Cleo Park"]


def test_who_can_take_it_is_asked_of_those_who_could_and_the_first_yes_has_it(by_day: World) -> None:
    """Neither of coordinators, nor of Sue, who has the nights around it; whoever is later hears who was first."""
    world = by_day
    cleo = named(world, "Cleo Park")
    world.here.application.change(partial(asking_for_shifts.cover, shift=WEDNESDAY, person=cleo, by=cleo))
    for person in (world.dev, world.eva):
        person.reads("Cleo asks who can take clinicians, Wed 4 Mar 07:00-19:00. The first YES has it")
    assert not any(one.has_read("who can take") for one in (world.ana, world.ben, world.sue, world.cleo))
    late = code(world.dev)
    world.eva.texts(f"YES {code(world.eva)}").reads("is yours. Thank you.")
    world.cleo.reads("Eva takes clinicians, Wed 4 Mar 07:00-19:00.")
    world.dev.reads("Eva has taken clinicians, Wed 4 Mar 07:00-19:00. Thank you.")
    world.dev.texts(f"yes {late}")
    assert "Eva has taken" in world.dev.last_text
    assert on(world, WEDNESDAY) == ["Eva Stone"]


@pytest.mark.both_databases
def test_two_who_say_yes_in_the_same_moment_are_not_both_on(by_day: World) -> None:
    """Whoever is written down first has it, and the other is told who; on PostgreSQL both are at work at once."""
    world = by_day
    here = world.here.application
    cleo, dev, eva = (named(world, name) for name in ("Cleo Park", "Dev Rao", "Eva Stone"))
    ask = here.change(lambda transaction: asking_for_shifts.cover(transaction, WEDNESDAY, cleo, cleo))
    together = threading.Barrier(2)
    results: list[AskResult] = []

    def says_yes(person: StaffId) -> None:
        first = [True]

        def work(transaction: Any) -> AskResult:
            found = answering_asks.answer(transaction, ask.id, person, yes=True)
            if first.pop() if first else False:
                with suppress(threading.BrokenBarrierError):
                    together.wait(1)
            return found.result

        results.append(here.change(work))

    in_threads([partial(says_yes, dev), partial(says_yes, eva)])
    assert sorted(results) == [AskResult.GONE, AskResult.TAKEN]
    assert len(on(world, WEDNESDAY)) == 1


def test_what_nobody_takes_stays_and_is_told_when_it_begins(by_day: World) -> None:
    world = by_day
    cleo = named(world, "Cleo Park")
    world.here.application.change(partial(asking_for_shifts.cover, shift=WEDNESDAY, person=cleo, by=cleo))
    world.dev.reads("who can take")
    world.dev.texts(f"no {code(world.dev)}")
    with pytest.raises(CannotChange, match="asked already"):
        world.here.application.change(partial(asking_for_shifts.cover, shift=WEDNESDAY, person=cleo, by=cleo))
    late = code(world.eva)
    world.leaps(minutes=2 * 24 * 60 - 7 * 60)
    each_minute.look(world.here.application)
    world.cleo.reads("nobody has taken clinicians, Wed 4 Mar 07:00-19:00. It stays as it was.")
    world.eva.texts(f"yes {late}").reads("is not asked any more")


def test_the_only_one_who_speaks_spanish_swaps_away_and_supervisors_are_told(by_day: World) -> None:
    """Two who agree may do so; nobody may be asked at large who would leave the hole."""
    world = by_day
    need = {"name": "Spanish", "line": "emergency", "languages": ["es"], "hours": ["Wed 07:00-19:00"]}
    world.here.application.change(
        lambda transaction: roster.load(transaction.tx, {"need": [need]}, transaction.now)
    )
    holes_watch.watch(world.here.application)
    assert not world.sue.has_read("Wed 4 Mar")
    cleo = named(world, "Cleo Park")
    with pytest.raises(CannotChange, match="Nobody who could have it"):
        world.here.application.change(partial(asking_for_shifts.cover, shift=WEDNESDAY, person=cleo, by=cleo))
    swapped(world)
    world.dev.texts(f"yes {code(world.dev)}").reads("is yours")
    assert holes_watch.watch(world.here.application) == 1
    world.sue.reads("too few are on clinicians for Spanish, Wed 4 Mar 07:00 until Wed 4 Mar 19:00")


def test_a_hole_is_offered_to_those_who_fit_and_filled_by_the_first(by_day: World) -> None:
    """By need: only Cleo speaks Spanish."""
    world = by_day
    need = {"name": "Spanish", "line": "emergency", "languages": ["es"]}
    world.here.application.change(
        lambda transaction: roster.load(transaction.tx, {"need": [need]}, transaction.now)
    )
    sue = named(world, "Sue Hall")
    world.here.application.change(partial(asking_for_shifts.offer, shift=THURSDAY, need="Spanish", by=sue))
    world.cleo.reads("somebody is needed: clinicians, Thu 5 Mar 07:00-19:00. The first YES has it")
    assert not any(one.has_read("first YES") for one in (world.dev, world.eva, world.ana))
    world.cleo.texts(f"yes {code(world.cleo)}").reads("is yours")
    world.sue.reads("Cleo takes clinicians, Thu 5 Mar 07:00-19:00.")
    assert set(on(world, THURSDAY)) == {"Dev Rao", "Cleo Park"}


def test_too_little_rest_is_refused_with_the_reason_and_at_once_is_told(by_day: World) -> None:
    """Sue has the nights; Dev's day is taken over by Eva, who has the next one."""
    world = by_day
    cleo, sue = named(world, "Cleo Park"), named(world, "Sue Hall")
    world.change(lambda transaction: roster.load(transaction.tx, _sue_is_a_clinician(), transaction.now))
    with pytest.raises(CannotChange, match=r"Sue Hall would be on for 36 h at once .* 24 h is the most"):
        world.change(partial(asking_for_shifts.swap, shift=WEDNESDAY, person=cleo, colleague=sue, back=None))
    dev, eva = named(world, "Dev Rao"), named(world, "Eva Stone")
    world.change(partial(taking_over.take_over, person=eva, of=dev, schedule="clinicians", by=eva))
    for person in (world.dev, world.eva):
        person.reads("Eva takes over from Dev at once: clinicians, Mon 2 Mar 15:00-19:00.")
    assert on(world, Shift("clinicians", AFTERNOON + HOUR, AFTERNOON + 2 * HOUR)) == ["Eva Stone"]
    until = AFTERNOON + 27 * HOUR
    world.change(
        partial(taking_over.take_over, person=sue, of=eva, schedule="clinicians", by=sue, until=until)
    )
    world.sue.reads("Sue has taken over at once, with too little rest or too many hours")
    (*_, kept) = world.here.application.look(lambda transaction: shift_changes.counting(transaction.tx))
    assert kept.overruled == taking_over.OVERRULED
    with pytest.raises(CannotChange, match="is not on clinicians now"):
        world.change(partial(taking_over.take_over, person=cleo, of=eva, schedule="clinicians"))
    ana: StaffId = named(world, "Ana Lima")
    with pytest.raises(CannotChange, match="has not the role"):
        world.change(partial(taking_over.take_over, person=ana, of=sue, schedule="clinicians"))


def _sue_is_a_clinician() -> dict[str, Any]:
    both = {
        **next(one for one in TURNS["staff"] if one["name"] == "Sue Hall"),
        "roles": ["clinician", "supervisor"],
    }
    return {"staff": [both]}


def test_a_long_hole_is_offered_by_as_much_as_anybody_may_be_on_at_once(by_day: World) -> None:
    """A day, usually; the rest of it is a hole still."""
    world = by_day
    for name in ("Ana Lima", "Ben Ortiz"):
        away = Change(
            kind=ChangeKind.OFF, person=named(world, name), starts=AFTERNOON + DAY, ends=AFTERNOON + 4 * DAY
        )
        world.change(partial(changing_shifts.make, change=away, schedule="coordinators"))
    people = [{"name": "Cora Diaz", "phone": "+16175550108", "verified": True, "roles": ["coordinator"]}]
    world.change(lambda transaction: roster.load(transaction.tx, {"staff": people}, transaction.now))
    hole = Shift("coordinators", AFTERNOON + DAY, AFTERNOON + 4 * DAY)
    world.change(partial(asking_for_shifts.offer, shift=hole))
    cora = world.person("+16175550108")
    cora.reads("somebody is needed: coordinators, Tue 3 Mar 15:00-Wed 4 Mar 15:00. The first YES has it")
    cora.texts(f"yes {code(cora)}").reads("coordinators, Tue 3 Mar 15:00-Wed 4 Mar 15:00 is yours")
    world.sue.reads("Cora takes coordinators, Tue 3 Mar 15:00-Wed 4 Mar 15:00.")
    found = world.look(
        lambda transaction: holes_ahead.ahead(transaction.tx, transaction.now, AFTERNOON + 5 * DAY)
    )
    assert [one.starts for one in found if one.schedule == "coordinators"] == [AFTERNOON + 2 * DAY]
