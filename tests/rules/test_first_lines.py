"""A long text stands among others by its first lines, and no danger in it is left out of sight."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.model import Language
from hotline.triage.texts.first_lines import first_lines

ORDINARY = "I called last week about the day programme and wanted to ask what I need to bring with me. "
DANGER = {
    Language.EN: "he is not breathing and his lips are blue",
    Language.ES: "no respira y tiene los labios azules",
    Language.PT: "ele não respira e está com os lábios roxos",
    Language.HT: "li p ap respire, bouch li vin ble",
}


def test_a_long_text_is_told_by_its_beginning() -> None:
    """Whole words of it."""
    long = ORDINARY * 20
    short = first_lines(long)
    assert short is not None
    assert long.startswith(short + " ")
    assert 200 < len(short) <= 240


def test_many_short_lines_are_long_too() -> None:
    """Five of them stand for all."""
    short = first_lines("\n".join(f"bring item {n}" for n in range(30)))
    assert short is not None
    assert len(short.splitlines()) == 5


@given(st.text(max_size=399).filter(lambda words: len(words.splitlines()) <= 10))
def test_what_is_short_stands_there_whole(words: str) -> None:
    """Nobody presses for three lines."""
    assert first_lines(words) is None


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("place", [0, 5, 19])
def test_danger_is_never_out_of_sight(language: Language, place: int) -> None:
    """Wherever in it."""
    sentences = [ORDINARY] * 20
    sentences[place] = f"{DANGER[language]}. "
    assert first_lines("".join(sentences), language) is None
