"""Who wants to be covered, or to swap, says so by text; what was understood is told, and a YES with its code asks."""

from __future__ import annotations

import pytest

from hotline.operations import roster
from hotline.store.duty import shift_asks
from tests.operations.texting import writes
from tests.stories.test_swaps import THURSDAY, TURNS, WEDNESDAY, code, on
from tests.stories.world import World


@pytest.fixture
def by_day(world: World) -> World:
    """Three clinicians take turns by day; Cleo has Wednesday, Dev Thursday; Sue has the nights."""
    world.here.application.change(lambda transaction: roster.load(transaction.tx, TURNS, transaction.now))
    return world


def asked(world: World) -> int:
    """How much is asked now."""
    return len(world.look(lambda transaction: shift_asks.ahead(transaction.tx, transaction.now)))


def test_whoever_can_is_asked_after_a_yes(by_day: World) -> None:
    """Nothing is asked before; then it goes on as from the page: the first yes has it."""
    world = by_day
    said = writes(world.cleo, "can somebody take Wednesday?") or ""
    assert "ask who can take clinicians, Wed 4 Mar 07:00-19:00? Reply YES" in said
    assert asked(world) == 0
    assert "asked. You are told who takes clinicians" in (writes(world.cleo, f"yes {code(world.cleo)}") or "")
    world.eva.reads("Cleo asks who can take clinicians, Wed 4 Mar 07:00-19:00.")
    writes(world.eva, f"YES {code(world.eva)}")
    world.cleo.reads("Eva takes clinicians, Wed 4 Mar 07:00-19:00.")
    assert on(world, WEDNESDAY) == ["Eva Stone"]


def test_a_swap_is_asked_of_one_who_must_agree(by_day: World) -> None:
    """Agreed by one side only it changes nothing."""
    world = by_day
    said = writes(world.cleo, "swap my wed with Dev's thursday") or ""
    assert "ask Dev to take clinicians, Wed 4 Mar 07:00-19:00, give Thu 5 Mar 07:00-19:00?" in said
    writes(world.cleo, f"YES {code(world.cleo)}")
    world.dev.reads("Cleo asks: take clinicians, Wed 4 Mar 07:00-19:00, give Thu 5 Mar 07:00-19:00.")
    assert (on(world, WEDNESDAY), on(world, THURSDAY)) == (["Cleo Park"], ["Dev Rao"])
    writes(world.dev, f"yes {code(world.dev)}")
    assert (on(world, WEDNESDAY), on(world, THURSDAY)) == (["Dev Rao"], ["Cleo Park"])


def test_of_whoever_is_always_on_a_day_of_the_calendar_is_meant(world: World) -> None:
    """At whatever minute they write: a day from that minute on would leave them the morning that they can't."""
    others = [one for one in TURNS["schedule"] if one["name"] != "clinicians"]
    alone = {"name": "clinicians", "timezone": "America/New_York", "always": ["Cleo Park"]}
    rota = {**TURNS, "schedule": [*others, alone]}
    world.here.application.change(lambda transaction: roster.load(transaction.tx, rota, transaction.now))
    said = writes(world.cleo, "can somebody take Saturday?") or ""
    assert "Sat 7 Mar 00:00-Sun 8 Mar 00:00?" in said
    # The clocks are put forward that night: the day has 23 hours.
    said = writes(world.cleo, "can somebody take Sunday?") or ""
    assert "Sun 8 Mar 00:00-Mon 9 Mar 00:00?" in said


@pytest.mark.parametrize("words", ["yes", "ok", "yes 000000", "no {code}"])
def test_without_its_code_or_with_a_no_nothing_is_asked(by_day: World, words: str) -> None:
    """A text with her number may be anybody's: the code went to her phone alone."""
    world = by_day
    writes(world.cleo, "cover wednesday")
    writes(world.cleo, words.format(code=code(world.cleo)))
    assert asked(world) == 0


def test_another_phone_or_a_late_yes_asks_nothing(by_day: World) -> None:
    """It counts for a quarter of an hour, and from the phone that it went to."""
    world = by_day
    writes(world.cleo, "cover wednesday")
    given = code(world.cleo)
    writes(world.eva, f"yes {given}")
    world.passes(minutes=16)
    writes(world.cleo, f"yes {given}")
    assert asked(world) == 0


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("cover friday", "you have no shift that begins on Fri 6 Mar"),
        ("cover wednesday night", "you have no shift that begins on Wed 4 Mar"),
        ("swap wednesday with Eva for thursday", "Eva has no shift that begins on Thu 5 Mar"),
        ("swap wednesday", "write it like this"),
        ("swap wed with eva", "ask Eva to take clinicians, Wed 4 Mar"),
    ],
)
def test_what_cannot_be_is_said_with_what_was_understood(by_day: World, words: str, answer: str) -> None:
    assert answer in (writes(by_day.cleo, words) or "")


def test_what_the_rules_refuse_is_refused_with_the_reason(by_day: World) -> None:
    """Ana is no clinician: she is asked for nothing, and Cleo reads why."""
    world = by_day
    told = writes(world.cleo, "swap wed with ana") or ""
    assert "that can't be asked: Ana Lima has not the role of those who are on" in told
    assert "YES" not in told, "what is refused anyhow is not confirmed first"
    assert asked(world) == 0
