"""Phrases kept as a tree of their words: one walk over a sentence finds all that begin at one of its words.

A part of a phrase is a whole word, a stem (`a*`, every word that begins so), or `..`, up to three words of any kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Generic, TypeVar

from hotline.triage.reading.words import Word

GAP: Final = ".."
_WIDEST_GAP: Final = 3

_Meaning = TypeVar("_Meaning")


class _Node:
    """Where one has come to after the same parts."""

    __slots__ = ("ends", "gap", "stems", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Node] = {}
        self.stems: dict[str, _Node] = {}
        """Without their `*`."""
        self.gap: _Node | None = None
        self.ends: tuple[int, ...] = ()
        """The phrases that are whole here, by their number."""


class PhraseTree(Generic[_Meaning]):
    """Phrases and what each means. One that begins with a gap is never found."""

    def __init__(self) -> None:
        self._root: Final = _Node()
        self._meanings: Final[list[_Meaning]] = []

    def add(self, parts: Sequence[str], meaning: _Meaning) -> None:
        """One more phrase. Of those that begin at one word, the first added is found first."""
        node = self._root
        for part in parts:
            node = _after(node, part)
        node.ends = (*node.ends, len(self._meanings))
        self._meanings.append(meaning)

    def begun(self, said: Sequence[str], at: int, until: int) -> Iterator[tuple[_Meaning, int]]:
        """What the phrases mean that begin at word `at`, and where each ends: at `until` at most, the shortest way."""
        ends: dict[int, int] = {}
        left = [(node, at + 1) for node in self._first(said[at])]
        while left:
            node, at = left.pop()
            for number in node.ends:
                if ends.get(number, at) >= at:
                    ends[number] = at
            if node.gap is not None:
                farthest = min(at + _WIDEST_GAP, until)
                left += [(node.gap, further) for further in range(at, farthest + 1)]
            if at == until:
                continue
            if (following := node.words.get(said[at])) is not None:
                left.append((following, at + 1))
            for stem, following in node.stems.items():
                if said[at].startswith(stem):
                    left.append((following, at + 1))
        for number in sorted(ends):
            yield self._meanings[number], ends[number]

    def _first(self, word: str) -> Iterator[_Node]:
        """Where phrases go on that begin with this word, or with a stem of it: there are too many stems to try each."""
        if word in self._root.words:
            yield self._root.words[word]
        for length in range(1, len(word) + 1):
            if word[:length] in self._root.stems:
                yield self._root.stems[word[:length]]


def _after(node: _Node, part: str) -> _Node:
    if part == GAP:
        if node.gap is None:
            node.gap = _Node()
        return node.gap
    if part[-1] == "*":
        return node.stems.setdefault(part[:-1], _Node())
    return node.words.setdefault(part, _Node())


def sentence_ends(words: Sequence[Word]) -> list[int]:
    """Of each word, where its sentence ends: the number of the word after it."""
    ends = [len(words)] * len(words)
    for at in range(len(words) - 2, -1, -1):
        ends[at] = ends[at + 1] if words[at].sentence == words[at + 1].sentence else at + 1
    return ends
