"""What staff ask of each other by text about their shifts: the grammar, and what it never takes for a wish."""

from __future__ import annotations

from datetime import date

import pytest

from hotline.prompts.word_lists import all_words
from hotline.triage.texts.shift_wishes import HalfWish, ShiftPart, ShiftWish, WhichShift, wished

MONDAY = date(2026, 3, 2)
NAMES = ["ana", "ana lima", "ben", "ben ortiz", "jose maria cruz", "jose"]
SATURDAY, SUNDAY = date(2026, 3, 7), date(2026, 3, 8)


def asks(words: str) -> ShiftWish | HalfWish | None:
    return wished(words, MONDAY, NAMES)


@pytest.mark.parametrize("phrase", sorted(set(all_words("shift_words", "cover"))))
def test_every_way_to_ask_everybody(phrase: str) -> None:
    """In every language with the days of every other: whoever works here mixes them."""
    for day in ("saturday", "sabado", "samdi", "sat"):
        assert asks(f"{phrase} {day}") == ShiftWish(WhichShift(SATURDAY))
        assert asks(f"Hi team, {phrase} my {day} night please?") == ShiftWish(
            WhichShift(SATURDAY, ShiftPart.NIGHT)
        )
        assert asks(f"{day}: {phrase}") == ShiftWish(WhichShift(SATURDAY))


@pytest.mark.parametrize("phrase", sorted(set(all_words("shift_words", "swap"))))
def test_every_way_to_ask_one(phrase: str) -> None:
    """With what is given for it, or without."""
    mine, theirs = WhichShift(SATURDAY, ShiftPart.NIGHT), WhichShift(SUNDAY)
    assert asks(f"{phrase} sat night with Ana") == ShiftWish(mine, "ana")
    assert asks(f"{phrase} sat night with Ana Lima for sunday") == ShiftWish(mine, "ana lima", theirs)
    assert asks(f"{phrase} my sat night with Ben's Sunday") == ShiftWish(mine, "ben", theirs)
    assert asks(f"{phrase} with ben sat night for his sunday") == ShiftWish(mine, "ben", theirs)


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("can somebody take Saturday", ShiftWish(WhichShift(SATURDAY))),
        ("swap sat night with ana?", ShiftWish(WhichShift(SATURDAY, ShiftPart.NIGHT), "ana")),
        ("Can Ana take my Wednesday?", ShiftWish(WhichShift(date(2026, 3, 4)), "ana")),
        ("cover tonight", ShiftWish(WhichShift(MONDAY, ShiftPart.NIGHT))),
        ("cover today", ShiftWish(WhichShift(MONDAY))),
        ("cover tomorrow morning", ShiftWish(WhichShift(date(2026, 3, 3), ShiftPart.MORNING))),
        ("cover next friday", ShiftWish(WhichShift(date(2026, 3, 13)))),
        ("cover march 7th", ShiftWish(WhichShift(SATURDAY))),
        ("cover 7 de marzo", ShiftWish(WhichShift(SATURDAY))),
        ("cover 3/7 night", ShiftWish(WhichShift(SATURDAY, ShiftPart.NIGHT))),
        ("cover jan 2", ShiftWish(WhichShift(date(2026, 1, 2)))),
        ("cambiar sábado con José María Cruz", ShiftWish(WhichShift(SATURDAY), "jose maria cruz")),
    ],
)
def test_as_people_write_it(words: str, wish: ShiftWish) -> None:
    assert asks(words) == wish


@pytest.mark.parametrize(
    "words",
    [
        "can somebody take you on saturday", "can somebody take saturday but not sunday", "I can't take saturday",
        "who took saturday", "ben swapped saturday with ana yesterday", "take care on saturday", "saturday", "ana",
        "cover your mouth on saturday", "can I take my medicine saturday", "swap", "cover", "", "yes", "1", "tomorrow",
        "don't cover saturday", "never swap saturday with ana", "cover saturday for mia", "cover 2/30", "cover 13/45",
        "she needs cover", "saturday night is bad", "can somebody take him to the hospital saturday", "a " * 30,
    ],
)  # fmt: skip
def test_what_says_something_else_asks_for_nothing(words: str) -> None:
    assert asks(words) is None


@pytest.mark.parametrize("words", ["swap saturday", "swap with ana", "cover ana", "swap ana ben saturday"])
def test_half_of_it_is_told_how_to_write(words: str) -> None:
    """It is about a shift, and a guess would ask the wrong people."""
    assert asks(words) == HalfWish()
