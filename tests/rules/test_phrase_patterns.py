"""Phrases as translators write them: choices, words that may be missing, and names for what comes often."""

from __future__ import annotations

import re

import pytest

from hotline.triage.texts.phrase_patterns import any_of

NAMED = {"me": ["me", "this number"]}


@pytest.mark.parametrize(
    ("line", "fits", "not_these"),
    [
        ("call/phone {me}", ["call me", "phone this number"], ["call", "call phone me", "callme"]),
        ("(please) call ({me}) (now)", ["call", "please call me", "call now"], ["please", "call please"]),
        ("[do not / never] call", ["do not call", "never call"], ["do call", "not call"]),
        ("call ([me / my phone])", ["call", "call my phone"], ["call my"]),
        ("[stop it / to be called ({me})]", ["stop it", "to be called", "to be called me"], ["stop it me"]),
        ("llam* ya", ["llamen ya", "llamar ya"], ["llam ya", "llamen"]),
    ],
)
def test_a_line_fits_what_it_says_and_nothing_else(line: str, fits: list[str], not_these: list[str]) -> None:
    """As whole messages."""
    whole = re.compile(any_of([line, "something else"], NAMED))
    assert all(whole.fullmatch(words) for words in [*fits, "something else"])
    assert not any(whole.fullmatch(words) for words in not_these)


@pytest.mark.parametrize("line", ["call (me", "call me)", "[call / phone", "(me) (now)", ""])
def test_what_can_t_be_read_is_refused(line: str) -> None:
    """A bracket too many, or a line that fits everything."""
    with pytest.raises(ValueError, match="a phrase"):
        any_of([line], NAMED)
