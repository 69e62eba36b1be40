"""The honest wait: never less than most have waited, and nothing if too little is known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.triage.honest_minutes import FEWEST, LONGEST, honest_minutes

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
waits = st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=3))


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [
        ([], None),
        ([30, 30, 30, 30], None),
        ([30, 30, 30, 30, 30], 1),
        ([0, 0, 0, 0, 0], 1),
        ([60, 60, 60, 60, 60], 1),
        ([61, 61, 61, 61, 61], 2),
        ([20, 20, 20, 20, 900], 1),  # one in five may have waited longer
        ([20, 20, 20, 150, 900], 3),
        ([20] * 8 + [300, 300], 1),
        ([20] * 7 + [300] * 3, 5),
        ([7200] * 5, 60),
    ],
)
def test_examples_that_were_reckoned_by_hand(seconds: list[int], minutes: int | None) -> None:
    assert honest_minutes([one * SECOND for one in seconds]) == minutes


@given(st.lists(waits, max_size=FEWEST - 1))
def test_of_too_few_answers_nothing_is_said(few: list[timedelta]) -> None:
    assert honest_minutes(few) is None


@given(st.lists(waits, min_size=FEWEST, max_size=40))
def test_four_in_five_have_not_waited_longer_than_is_said(known: list[timedelta]) -> None:
    """Unless it is over an hour; and no minute more is said than is needed for that."""
    said = honest_minutes(known)
    assert said is not None
    assert 1 <= said <= LONGEST

    def within(minutes: int) -> bool:
        return 5 * sum(wait <= minutes * MINUTE for wait in known) >= 4 * len(known)

    assert said == LONGEST or within(said)
    assert said == 1 or not within(said - 1)


@given(st.lists(waits, min_size=FEWEST, max_size=20), st.data())
def test_a_longer_wait_never_makes_it_sound_shorter(known: list[timedelta], data: st.DataObject) -> None:
    """And the order in which they were answered doesn't matter."""
    said = honest_minutes(known)
    which = data.draw(st.integers(0, len(known) - 1))
    longer = [*known]
    longer[which] += data.draw(waits)
    more = honest_minutes(data.draw(st.permutations(longer)))
    assert said is not None
    assert more is not None
    assert more >= said
