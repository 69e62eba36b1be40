"""Messages without what could tell whose they are."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.triage.anonymous import ADDRESS, NUMBER, WORD, anonymous


@pytest.mark.parametrize(
    ("written", "left"),
    [
        (
            "Marisol took 10 pills at 42 Oak Street, call me 617-555-0142",
            f"{WORD} took 10 pills at 42 {WORD} {WORD}, call me {NUMBER}",
        ),
        ("my name is rose and i need help", f"my name is {WORD} and i need help"),
        ("me llamo juan perez, mi hermano no respira", f"me llamo {WORD} {WORD}, mi hermano no respira"),
        ("mwen rele Jean Baptiste, m bezwen èd", f"mwen rele {WORD} {WORD}, m bezwen èd"),
        ("My sister Hope is blue", f"My sister {WORD} is blue"),
        ("chloe never called back", f"{WORD} never called back"),
        ("IM NOT BREATHING CALL 911", "IM NOT BREATHING CALL 911"),
        ("he's at www.example.com or pat@example.com", f"he's at {ADDRESS} or {ADDRESS}"),
        ("took 150 mg at 2:30", "took 150 mg at 2:30"),
        ("born 03/04/1988, +1 (617) 555 0142", f"born {NUMBER}, {NUMBER}"),
        ("", ""),
    ],
)
def test_names_numbers_and_addresses_go_and_danger_stays(written: str, left: str) -> None:
    """Of staff too, however they are written."""
    assert anonymous(written, ["Chloe Baptiste"]) == left


@given(st.text(max_size=200))
def test_no_long_number_is_left_in_anything(written: str) -> None:
    """Whatever is written: no four digits in a row but of an amount."""
    left = re.sub(r"\d{1,4}\s?(mg|mcg|ml)\b", "", anonymous(written), flags=re.IGNORECASE)
    assert not re.search(r"\d{4}", left)


@given(st.from_regex(r"\A[+]?1?[ .-]?[(]?617[)]?[ .-]?555[ .-]?01[0-9]{2}\Z"))
def test_a_telephone_number_goes_however_it_is_typed(number: str) -> None:
    left = anonymous(f"call me at {number} please")
    assert not re.search(r"\d", left)


@pytest.mark.timed
@pytest.mark.parametrize("piece", ["1 ", "a@", "a.b", "'a", "a-", "((", "no ", "www."])
def test_hostile_messages_take_no_longer_than_others(piece: str) -> None:
    """At the most that is read."""
    began = time.process_time()
    anonymous(piece * 5000)
    assert time.process_time() - began < 1
