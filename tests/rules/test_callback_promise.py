"""How soon somebody is rung back, when they are tried again, and who comes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.callbacks.callback import Callback, CallbackStatus
from hotline.callbacks.callback_moves import open_callback
from hotline.callbacks.daytime import in_daytime
from hotline.callbacks.promise import (
    COUNTED_REPEATS,
    REPEAT_LEAD,
    CallbackPlan,
    is_late,
    minutes_for,
    priority,
    promised_at,
    retry_at,
)
from hotline.model import CallbackId, Language, Line, Outcome

BOSTON = ZoneInfo("America/New_York")
NOON = datetime(2025, 3, 4, 17, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
PROMISES = {Line.PERSON: 10 * MINUTE, Line.ADMISSIONS: 15 * MINUTE, Line.FAMILY: 30 * MINUTE}
PLAN = CallbackPlan(
    promises=PROMISES,
    no_answer=(15 * MINUTE, HOUR, 4 * HOUR, 24 * HOUR),
    busy=(5 * MINUTE,),
    emergency=(2 * MINUTE, 5 * MINUTE, 10 * MINUTE),
    asked_later=HOUR,
    zones=(BOSTON,),
)


def a_callback(
    line: Line = Line.ADMISSIONS,
    opened_at: datetime = NOON,
    name: str = "cb",
    *,
    repeats: int = 0,
    attempts: int = 0,
) -> Callback:
    """One that waits since `opened_at`."""
    fresh = open_callback(CallbackId(name), line, Language.EN, opened_at, PLAN, due_at=opened_at)
    return replace(fresh, repeats=repeats, attempts=attempts)


def in_boston(*written: int) -> datetime:
    """A local time of the centre, in UTC."""
    year, month, day, hour, minute = written
    return datetime(year, month, day, hour, minute, tzinfo=BOSTON).astimezone(UTC)


@pytest.mark.parametrize(("line", "promise"), [*PROMISES.items(), (Line.EMERGENCY, 2 * MINUTE)])
def test_each_line_has_its_promise(line: Line, promise: timedelta) -> None:
    """An emergency without a promise of its own is promised its first time."""
    assert promised_at(line, NOON, PLAN) == NOON + promise
    assert minutes_for(line, PLAN) == promise // MINUTE


@given(st.timedeltas(timedelta(0), timedelta(days=2)))
def test_nobody_hears_a_promise_shorter_than_the_one_we_keep(promise: timedelta) -> None:
    """Minutes are rounded up, and are never none."""
    said = minutes_for(Line.FAMILY, replace(PLAN, promises={**PROMISES, Line.FAMILY: promise}))
    assert said * MINUTE >= promise
    assert said == 1 or (said - 1) * MINUTE < promise


def test_a_plan_without_a_promise_or_an_emergency_time_is_refused() -> None:
    """Nobody is put in a line without a promise."""
    with pytest.raises(ValueError, match="no promise for admissions, family"):
        replace(PLAN, promises={Line.PERSON: HOUR})
    with pytest.raises(ValueError, match="emergency"):
        replace(PLAN, emergency=())


@pytest.mark.parametrize(
    ("attempts", "ended_after", "next_after"),
    [
        (1, 0.5, 2),  # called back at once, in vain
        (1, 2.5, 5),
        (2, 5.5, 10),
        (3, 10.5, None),
        (1, 6, 10),  # staff were late for the call at five minutes
        (1, 11, 13),  # ... and for all others: there are still as many attempts
        (2, 14, 16),
        (3, 17, None),
    ],
)
def test_a_dropped_emergency_is_tried_at_its_times_counted_from_the_hang_up(
    attempts: int, ended_after: float, next_after: float | None
) -> None:
    """At 2, 5 and 10 minutes, in the middle of the night too; then a supervisor decides."""
    hung_up = in_boston(2025, 3, 4, 3, 0)
    callback = a_callback(Line.EMERGENCY, hung_up, attempts=attempts)
    expected = None if next_after is None else hung_up + next_after * MINUTE
    for outcome in (Outcome.NO_ANSWER, Outcome.BUSY, Outcome.LEFT_MESSAGE):
        assert retry_at(callback, outcome, hung_up + ended_after * MINUTE, PLAN) == expected


@pytest.mark.parametrize(
    ("ended", "again"),
    [
        ((2025, 3, 4, 20, 44), (2025, 3, 4, 20, 59)),
        ((2025, 3, 4, 20, 45), (2025, 3, 5, 8, 0)),
        ((2025, 3, 4, 23, 50), (2025, 3, 5, 8, 0)),
        ((2025, 3, 5, 4, 0), (2025, 3, 5, 8, 0)),
        ((2025, 3, 5, 7, 45), (2025, 3, 5, 8, 0)),
        ((2025, 3, 8, 22, 0), (2025, 3, 9, 8, 0)),  # the night in which the clocks go forward
        ((2025, 11, 1, 22, 0), (2025, 11, 2, 8, 0)),  # ... and back
    ],
)
def test_nobody_is_woken_by_a_retry(ended: tuple[int, ...], again: tuple[int, ...]) -> None:
    """A retry at night is made at eight in the morning, where the callers live."""
    callback = a_callback(attempts=1)
    assert retry_at(callback, Outcome.NO_ANSWER, in_boston(*ended), PLAN) == in_boston(*again)


def test_who_asked_for_now_is_tried_at_night() -> None:
    """They said when."""
    night = in_boston(2025, 3, 4, 23, 50)
    callback = replace(a_callback(attempts=1), wanted_now=True)
    assert retry_at(callback, Outcome.NO_ANSWER, night, PLAN) == night + 15 * MINUTE


def test_who_asked_for_later_is_tried_later_however_often_they_ask() -> None:
    """Asking for later uses up no attempt."""
    assert retry_at(a_callback(attempts=99), Outcome.CALL_LATER, NOON, PLAN) == NOON + HOUR


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),
    st.sampled_from(["America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "UTC"]),
)
def test_a_time_moved_into_daytime_is_in_daytime_and_within_a_night(naive: datetime, zone: str) -> None:
    """In every zone and across clock changes: never earlier, and by twelve hours at most."""
    at, there = naive.replace(tzinfo=UTC), ZoneInfo(zone)
    moved = in_daytime(at, (there,))
    assert time(8) <= moved.astimezone(there).time() < time(21)
    assert timedelta(0) <= moved - at <= 12 * HOUR
    assert in_daytime(moved, (there,)) == moved


@given(
    st.sampled_from(Line), st.sampled_from(Outcome), st.integers(0, 9), st.integers(0, 10**6), st.booleans()
)
def test_a_retry_is_never_in_the_past(
    line: Line, outcome: Outcome, attempts: int, seconds: int, wanted_now: bool
) -> None:
    """For every line, outcome, number of attempts and time there is an answer."""
    now = NOON + timedelta(seconds=seconds)
    callback = replace(a_callback(line, attempts=attempts), wanted_now=wanted_now)
    again = retry_at(callback, outcome, now, PLAN)
    assert again is None or again > now


def test_lines_are_rung_in_order() -> None:
    """Dropped emergencies, a person, admissions, family; even if the lower line asked a little earlier."""
    opened = [a_callback(line, NOON - index * MINUTE, line) for index, line in enumerate(Line)]
    order = [callback.line for callback in sorted(opened, key=lambda each: priority(each, NOON))]
    assert order == [Line.EMERGENCY, Line.PERSON, Line.ADMISSIONS, Line.FAMILY]


@given(st.sampled_from(Line), st.integers(0, 10**5), st.integers(1, 10**5), st.integers(0, 9))
def test_within_a_line_the_earlier_promise_comes_first(
    line: Line, since: int, later: int, repeats: int
) -> None:
    """At every moment."""
    one = a_callback(line, NOON, "one", repeats=repeats)
    other = a_callback(line, NOON + timedelta(seconds=later), "other", repeats=repeats)
    now = other.opened_at + timedelta(seconds=since)
    assert priority(one, now) < priority(other, now)


def test_a_repeat_contact_comes_before_others_of_its_line() -> None:
    """Calling again helps."""
    asked_again = a_callback(Line.FAMILY, NOON + 9 * MINUTE, "again", repeats=1)
    assert priority(asked_again, NOON + 10 * MINUTE) < priority(a_callback(Line.FAMILY), NOON + 10 * MINUTE)


@pytest.mark.parametrize("line", [Line.PERSON, Line.ADMISSIONS, Line.FAMILY])
def test_what_is_late_is_rung_before_what_has_time_left_whatever_its_line(line: Line) -> None:
    """From the second after its promise on; until then a line above comes first."""
    old = a_callback(Line.FAMILY, NOON, "old")
    new = a_callback(line, old.promised_at - MINUTE, "new", repeats=1)
    assert (priority(new, old.promised_at) < priority(old, old.promised_at)) == (line is not Line.FAMILY)
    late = old.promised_at + timedelta(seconds=1)
    assert priority(old, late) < priority(replace(new, repeats=0), late)
    assert priority(a_callback(Line.EMERGENCY, late, "urgent"), late) < priority(old, late)


def test_of_two_that_are_late_the_earlier_promise_comes_first() -> None:
    """Whichever line they are on."""
    family, person = a_callback(Line.FAMILY, NOON, "family"), a_callback(Line.PERSON, NOON, "person")
    later = replace(person, promised_at=family.promised_at + MINUTE)
    assert priority(person, NOON + HOUR) < priority(family, NOON + HOUR) < priority(later, NOON + HOUR)


@given(
    st.sampled_from([Line.PERSON, Line.ADMISSIONS, Line.FAMILY]),
    st.sampled_from([Line.PERSON, Line.ADMISSIONS, Line.FAMILY]),
    st.integers(0, 200),
    st.integers(0, 10**5),
)
def test_nobody_starves(old_line: Line, new_line: Line, repeats: int, seconds: int) -> None:
    """After a bounded time nothing newly opened is put first, however often the new caller calls."""
    old = a_callback(old_line, NOON, "old")
    bound = old.promised_at + COUNTED_REPEATS * REPEAT_LEAD
    new = a_callback(new_line, bound + timedelta(seconds=seconds), "new", repeats=repeats)
    for later in (timedelta(0), HOUR, 24 * HOUR):
        assert priority(old, new.opened_at + later) < priority(new, new.opened_at + later)


@given(
    st.lists(
        st.tuples(st.sampled_from([Line.PERSON, Line.ADMISSIONS, Line.FAMILY]), st.integers(0, 99)),
        min_size=30,
        max_size=30,
    )
)
def test_a_family_callback_is_served_however_many_others_keep_coming(
    arrivals: list[tuple[Line, int]],
) -> None:
    """Every ten minutes one is served and another one comes: the first is served in under three hours."""
    first = a_callback(Line.FAMILY, NOON, "first")
    waiting, now = [first], NOON
    for index, (line, repeats) in enumerate(arrivals):
        waiting.append(a_callback(line, now, str(index), repeats=repeats))
        waiting.remove(min(waiting, key=lambda callback, at=now: priority(callback, at)))  # type: ignore[misc]
        if first not in waiting:
            break
        now += 10 * MINUTE
    assert first not in waiting
    assert now - NOON < 3 * HOUR


@given(st.integers(0, 10**6), st.integers(0, 50))
def test_age_never_lowers_a_callback(seconds: int, repeats: int) -> None:
    """Waiting longer or asking again never moves anybody back, nor before a dropped emergency."""
    callback = a_callback(Line.FAMILY, repeats=repeats)
    now = NOON + timedelta(seconds=seconds)
    assert priority(callback, now + HOUR) <= priority(callback, now)
    assert priority(replace(callback, repeats=repeats + 1), now) <= priority(callback, now)
    assert priority(a_callback(Line.EMERGENCY, now), now) < priority(callback, now)


def test_an_emergency_is_late_a_minute_after_the_second_in_which_it_is_to_be_dialled() -> None:
    """Its promise is the time of its call: the clock needs a moment to make that."""
    urgent = a_callback(Line.EMERGENCY, NOON)
    assert not is_late(urgent, urgent.promised_at + timedelta(minutes=1))
    assert is_late(urgent, urgent.promised_at + timedelta(seconds=61))


@pytest.mark.parametrize("status", CallbackStatus)
def test_late_is_what_is_past_its_promise_and_not_with_the_caller(status: CallbackStatus) -> None:
    """What is being made, or is closed, isn't late; the promised second itself is still in time."""
    callback = replace(a_callback(), status=status)
    counts = status in (CallbackStatus.WAITING, CallbackStatus.RINGING, CallbackStatus.TAKEN)
    assert not is_late(callback, callback.promised_at)
    assert is_late(callback, callback.promised_at + timedelta(seconds=1)) == counts
