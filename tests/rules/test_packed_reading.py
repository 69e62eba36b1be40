"""What the reading reads is what was written: the packed files say what their sources say, and find what they list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.resources import files
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.triage.reading import lexicon, optouts
from hotline.triage.reading.phrase_tree import GAP, PhraseTree
from tools import pack_reading

PACKED = [
    ("lexicon.bin", lexicon.unpacked, lexicon.packed, pack_reading.written_lexicon),
    ("optouts.bin", optouts.unpacked, optouts.packed, pack_reading.written_grammars),
]
WORDS = ["a", "ab", "abc", "b", "ba", "c"]
PHRASES = st.lists(
    st.lists(st.sampled_from([*WORDS, "a*", "ab*", "c*", GAP]), min_size=1, max_size=4).filter(
        lambda parts: parts[0] != GAP
    ),
    max_size=12,
)


@pytest.mark.parametrize(("name", "unpacked", "packed", "written"), PACKED, ids=["lexicon", "optouts"])
def test_what_is_read_is_what_is_written(
    name: str,
    unpacked: Callable[[bytes], object],
    packed: Callable[[object], bytes],
    written: Callable[[], object],
) -> None:
    """Whoever changes a source packs it: `python -m tools.pack_reading`. A damaged file is refused, and says so."""
    kept = (files("hotline.triage.reading") / name).read_bytes()
    now = written()
    assert unpacked(kept) == now, "run `python -m tools.pack_reading`"
    assert unpacked(packed(now)) == now
    assert len(kept) < 1_500_000
    with pytest.raises(ValueError, match=f"{name} is damaged: .* tools.pack_reading"):
        unpacked(kept[:-1] + bytes([kept[-1] ^ 1]))


@given(PHRASES, st.lists(st.sampled_from([*WORDS, "d", "..", "a*"]), min_size=1, max_size=7), st.data())
def test_the_tree_finds_what_a_look_at_each_phrase_finds(
    phrases: list[list[str]], said: list[str], data: st.DataObject
) -> None:
    """In the phrases' order, each where it is soonest over; the same when kept and opened."""
    at = data.draw(st.integers(0, len(said) - 1))
    until = data.draw(st.integers(at + 1, len(said)))
    tree = PhraseTree.of([(row, number % 3) for number, row in enumerate(phrases)])
    found = [
        (number % 3, min(ends))
        for number, row in enumerate(phrases)
        if (ends := _ends(row, said[:until], at))
    ]
    assert list(tree.begun(said, at, until)) == found
    again = PhraseTree.opened(tree.parts, tree.meanings, BytesIO(tree.closed()))
    assert again == tree
    assert list(again.begun(said, at, until)) == found


def _ends(row: Sequence[str], said: Sequence[str], at: int) -> set[int]:
    """Where this phrase may end that begins at this word."""
    ends = {at}
    for part in row:
        if part == GAP:
            ends = {further for end in ends for further in range(end, min(end + 3, len(said)) + 1)}
        else:
            fits = [
                word.startswith(part[:-1]) if part.endswith("*") else word == part and "*" not in word
                for word in said
            ]
            ends = {end + 1 for end in ends if end < len(said) and fits[end]}
    return ends
