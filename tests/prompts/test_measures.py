"""How long words take, and how many pieces a text is sent in: letter by letter, as GSM 03.38 has it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.prompts.lengths import beyond_gsm7, placeholders, seconds, segments

ALPHABET = [
    "COMMERCIAL AT", "POUND SIGN", "DOLLAR SIGN", "YEN SIGN", "LATIN SMALL LETTER E WITH GRAVE",
    "LATIN SMALL LETTER E WITH ACUTE", "LATIN SMALL LETTER U WITH GRAVE", "LATIN SMALL LETTER I WITH GRAVE",
    "LATIN SMALL LETTER O WITH GRAVE", "LATIN CAPITAL LETTER C WITH CEDILLA",
    "LATIN CAPITAL LETTER O WITH STROKE", "LATIN SMALL LETTER O WITH STROKE",
    "LATIN CAPITAL LETTER A WITH RING ABOVE", "LATIN SMALL LETTER A WITH RING ABOVE",
    "GREEK CAPITAL LETTER DELTA", "LOW LINE", "GREEK CAPITAL LETTER PHI", "GREEK CAPITAL LETTER GAMMA",
    "GREEK CAPITAL LETTER LAMDA", "GREEK CAPITAL LETTER OMEGA", "GREEK CAPITAL LETTER PI",
    "GREEK CAPITAL LETTER PSI", "GREEK CAPITAL LETTER SIGMA", "GREEK CAPITAL LETTER THETA",
    "GREEK CAPITAL LETTER XI", "LATIN CAPITAL LETTER AE", "LATIN SMALL LETTER AE",
    "LATIN SMALL LETTER SHARP S", "LATIN CAPITAL LETTER E WITH ACUTE", "CURRENCY SIGN",
    "INVERTED EXCLAMATION MARK", "LATIN CAPITAL LETTER A WITH DIAERESIS",
    "LATIN CAPITAL LETTER O WITH DIAERESIS", "LATIN CAPITAL LETTER N WITH TILDE",
    "LATIN CAPITAL LETTER U WITH DIAERESIS", "SECTION SIGN", "INVERTED QUESTION MARK",
    "LATIN SMALL LETTER A WITH DIAERESIS", "LATIN SMALL LETTER O WITH DIAERESIS",
    "LATIN SMALL LETTER N WITH TILDE", "LATIN SMALL LETTER U WITH DIAERESIS",
    "LATIN SMALL LETTER A WITH GRAVE",
]  # fmt: skip
"""The 7-bit alphabet beyond what it shares with ASCII, by name; the order is the standard's."""
SHARED = {chr(code) for code in range(0x20, 0x7F)} - set("@$_`^{}\\[~]|") | {"\n", "\r"}
ESCAPED = set("\f^{}\\[~]|€")
PLAIN = SHARED | {unicodedata.lookup(name) for name in ALPHABET}


def test_the_alphabet_is_that_of_the_standard() -> None:
    """128 places, of which one is the escape; nothing else is a plain letter."""
    assert len(PLAIN) == 127
    everything = {chr(code) for code in range(0x3000)}
    assert everything - set(beyond_gsm7("".join(everything))) == PLAIN | ESCAPED


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("€" * 153, 3),  # 76 to a part: an escape is never cut from its letter
        ("ã" * 70, 1),
        ("a" * 70 + "ã", 2),
        ("ã" * 134, 2),
        ("ã" * 135, 3),
        ("🙏" * 35, 1),
        ("🙏" * 36, 2),
        ("Ç" * 160, 1),
        ("ç" * 160, 3),
    ],
)
def test_a_text_is_sent_in_so_many_parts(text: str, parts: int) -> None:
    assert segments(text) == parts


@given(
    st.text(alphabet=st.sampled_from(sorted(PLAIN | ESCAPED | set("ãÈ🙏"))), max_size=400),
    st.text(max_size=3),
)
def test_more_words_are_never_sent_in_fewer_parts(text: str, more: str) -> None:
    assert segments(text) <= segments(text + more)
    assert (segments(text) - 1) * 66 <= 2 * len(text)


def test_911_is_three_words_and_a_minute_has_150() -> None:
    assert seconds("Dial 9-1-1.") == pytest.approx(1.6)
    assert seconds("word " * 150) == 60


@pytest.mark.parametrize(
    "words", ["{", "}", "{}", "{0}", "{name}", "{NAME!r}", "{NAME:>9}", "{NAME.x}", "{N[0]}"]
)
def test_braces_hold_plain_names_only(words: str) -> None:
    """A sentence is never a way to look into our memory, and never fails in the middle of a call."""
    with pytest.raises(ValueError, match=r"braces|'\{'|'\}'"):
        placeholders(words)


def test_doubled_braces_are_just_braces() -> None:
    assert placeholders("{{NAME}} {MIN} {NAME}") == {"MIN", "NAME"}
