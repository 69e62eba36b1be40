"""How many people a line needs, against figures that others have published."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.oncall.staffing import erlang
from hotline.oncall.staffing.erlang import Demand

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("calls", "talk", "people", "within", "waits", "in_time", "wait"),
    [
        # "Erlang C Formula - Made Simple with an Easy Worked Example" (Call Centre Helper): 100 calls in half an hour.
        (200, 180, 14, 20, 0.1741, 0.888, 7.8),
        # The worked example of mitan.co.uk ("The Erlang C formula"): 360 calls in half an hour, 55 agents.
        (720, 240, 55, 15, 0.239, 0.846, 8.2),
        # Gans, Koole and Mandelbaum, "Telephone Call Centers", 2003: 48 calls a minute, 50 agents, 90 % in 58.1 s.
        (48 * 60, 60, 50, 58.1, 0.694, 0.900, 20.8),
    ],
)
def test_erlang_c_tells_what_published_examples_tell(
    calls: float, talk: float, people: int, within: float, waits: float, in_time: float, wait: float
) -> None:
    """Who has to wait, who is answered in time, and how long the wait is on average."""
    demand = Demand(calls, talk * SECOND)
    assert erlang.waits_chance(demand.load, people) == pytest.approx(waits, abs=0.0006)
    assert erlang.answered_within(demand, people, within * SECOND) == pytest.approx(in_time, abs=0.0006)
    found = erlang.average_wait(demand, people)
    assert found is not None
    assert found / SECOND == pytest.approx(wait, abs=0.06)


def test_erlang_a_tells_what_published_examples_tell() -> None:
    """Gans, Koole and Mandelbaum, 2003, and Mandelbaum and Zeltyn, 2007: with a patience of two minutes 3.1 % give up,
    the rest of the table as above; the wait falls from 20.8 to 3.7 seconds."""
    demand = Demand(48 * 60, MINUTE, 2 * MINUTE)
    assert erlang.given_up(demand, 50) == pytest.approx(0.031, abs=0.0005)
    found = erlang.average_wait(demand, 50)
    assert found is not None
    assert found / SECOND == pytest.approx(3.7, abs=0.05)


@given(
    calls=st.floats(0.5, 200), talk=st.floats(30, 1200), people=st.integers(1, 40), within=st.floats(1, 120)
)
def test_callers_with_endless_patience_are_those_of_erlang_c(
    calls: float, talk: float, people: int, within: float
) -> None:
    """The two formulas meet where nobody gives up."""
    patient = Demand(calls, talk * SECOND)
    if people < patient.load * 1.05 + 0.2:
        return
    nearly = Demand(calls, talk * SECOND, timedelta(days=2000))
    one, other = (erlang.answered_within(each, people, within * SECOND) for each in (patient, nearly))
    assert one == pytest.approx(other, abs=0.002)


@given(
    calls=st.floats(0.5, 120), talk=st.floats(60, 900), people=st.integers(0, 30), patience=st.floats(20, 900)
)
def test_one_more_person_never_makes_it_worse(
    calls: float, talk: float, people: int, patience: float
) -> None:
    """Shares stay shares, and grow."""
    demand = Demand(calls, talk * SECOND, patience * SECOND)
    now, more = (erlang.answered_within(demand, n, 20 * SECOND) for n in (people, people + 1))
    assert 0 <= now <= more + 1e-9 <= 1 + 2e-9
    assert 0 <= erlang.given_up(demand, people + 1) <= erlang.given_up(demand, people) + 1e-9 <= 1 + 2e-9


def test_the_fewest_who_keep_the_promise_are_needed() -> None:
    """With one fewer it isn't kept; of nobody who calls nobody is needed."""
    demand = Demand(200, 180 * SECOND)
    people = erlang.needed(demand, 0.8, 20 * SECOND)
    assert people == 14
    assert erlang.answered_within(demand, 13, 20 * SECOND) < 0.8
    assert erlang.needed(Demand(0, MINUTE), 0.9, SECOND) == 0
    assert erlang.answered_within(Demand(0, MINUTE), 0, SECOND) == 1
    assert erlang.average_wait(Demand(0, MINUTE), 0) == timedelta(0)
    with pytest.raises(ValueError, match="share"):
        erlang.needed(demand, 1.0, SECOND)
    with pytest.raises(ValueError, match="500"):
        erlang.needed(Demand(100_000, timedelta(hours=1)), 0.9, SECOND)


def test_too_few_people_never_catch_up() -> None:
    """Without patience, the queue grows for ever; nobody on is nobody answered."""
    demand = Demand(60, 5 * MINUTE)
    assert erlang.waits_chance(demand.load, 5) == 1
    assert erlang.answered_within(demand, 5, MINUTE) == 0
    assert erlang.average_wait(demand, 5) is None
    assert erlang.answered_within(demand, 0, MINUTE) == 0
    assert erlang.given_up(Demand(60, MINUTE, MINUTE), 0) == 1


def test_patience_is_all_waiting_over_how_many_gave_up() -> None:
    """And unknown as long as nobody has given up."""
    assert erlang.patience_of(10 * MINUTE, 4) == 150 * SECOND
    assert erlang.patience_of(10 * MINUTE, 0) is None
