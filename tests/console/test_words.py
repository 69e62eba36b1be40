"""How the board puts things."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.console import page_words
from hotline.console.language import dates
from hotline.model import PhoneNumber

NOON = datetime(2026, 3, 8, 16, 0, tzinfo=UTC)
BOSTON = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+16175550142", "617-555-0142"),
        ("+14165550142", "416-555-0142"),
        ("+442079460000", "+44 20 7946 0000"),
        (None, "Number withheld"),
    ],
)
def test_a_number_is_written_as_people_here_write_it(number: str | None, shown: str) -> None:
    """With its country code only if it is from elsewhere."""
    assert page_words.phone(PhoneNumber(number) if number else None, "US") == shown


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "less than a minute"),
        (59, "less than a minute"),
        (60, "1 minute"),
        (3599, "59 minutes"),
        (3600, "1 hour"),
        (2 * 3600 + 60, "2 hours 1 minute"),
        (26 * 3600, "1 day"),
    ],
)
def test_a_wait_is_said_in_whole_units(seconds: int, said: str) -> None:
    """Never in more than two."""
    assert page_words.wait(NOON - timedelta(seconds=seconds), NOON) == said


@pytest.mark.parametrize(
    ("seconds", "shown", "tone"),
    [
        (905, "15:05", "calm"),
        (301, "05:01", "calm"),
        (300, "05:00", "soon"),
        (1, "00:01", "soon"),
        (0, "00:00", "late"),
        (-65, "01:05", "late"),
        (2 * 3600 + 600, "2 h 10 min", "calm"),
    ],
)
def test_a_promise_counts_down_and_then_up(seconds: int, shown: str, tone: str) -> None:
    """Amber in its last five minutes, red from the moment on at which it is broken."""
    until = NOON + timedelta(seconds=seconds)
    assert (page_words.left(until, NOON), page_words.tone(until, NOON)) == (shown, tone)


def test_times_are_those_of_the_centres_wall() -> None:
    """On the morning on which the clocks went forward too; with the weekday if it isn't today."""
    before = datetime(2026, 3, 8, 6, 59, tzinfo=UTC)
    assert dates.clock(before, BOSTON, NOON) == "01:59"
    assert dates.clock(before + timedelta(minutes=1), BOSTON) == "03:00"
    assert dates.clock(before - timedelta(hours=3), BOSTON, NOON) == "Sat 22:59"
    assert dates.clock(NOON + timedelta(days=6), BOSTON, NOON) == "Sat 12:00"
    assert dates.clock(NOON + timedelta(days=7), BOSTON, NOON) == "Sun 15 Mar 12:00"
    assert dates.clock(NOON - timedelta(days=7), BOSTON, NOON) == "Sun 1 Mar 11:00"
    assert dates.full(NOON, BOSTON) == "Sunday 8 March 2026, 12:00:00 EDT"


@pytest.mark.parametrize(
    ("stir", "note"),
    [
        (None, ""),
        ("TN-Validation-Passed-A", ""),
        ("TN-Validation-Passed-C", ""),
        ("TN-Validation-Failed-C", "This number may be false: the carrier's check failed"),
        ("No-TN-Validation", "Number not verified by the carrier"),
        ("something new", ""),
    ],
)
def test_what_the_carrier_says_of_a_number_is_noted_in_plain_words(stir: str | None, note: str) -> None:
    """Where it says nothing, nothing is noted."""
    assert (page_words.doubt(stir) or "") == note


@pytest.mark.parametrize(
    ("words", "drawn"),
    [
        ("Nothing to type.", "Nothing to type."),
        ("Run `hotline doctor`.", "Run <code>hotline doctor</code>."),
        ("`a` and `b <c>`", "<code>a</code> and <code>b &lt;c&gt;</code>"),
        ("<script>", "&lt;script&gt;"),
    ],
)
def test_what_is_to_be_typed_is_set_apart_and_escaped(words: str, drawn: str) -> None:
    """What findings and advice say of commands."""
    assert str(page_words.with_commands(words)) == drawn
