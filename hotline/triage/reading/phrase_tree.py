"""Phrases kept as a tree of their words: one walk over a sentence finds all that begin at one of its words.

A part of a phrase is a whole word, a stem (`a*`, every word that begins so), or `..`, up to three words of any kind.

The tree is a few rows of numbers and no objects: the lexicons' has a quarter of a million places, which as objects took
110 MB of each process, and a second of its start.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from itertools import groupby
from typing import Final, Generic, TypeVar

from hotline.triage.reading.kept import row_closed, row_opened
from hotline.triage.reading.words import Word

GAP: Final = ".."
_WIDEST_GAP: Final = 3
_ROOT: Final = 0
_END: Final = -1
"""In place of a part: before every other."""
_NUMBERS: Final = {"steps": "H", "following": "I", "ends": "I", "whole": "I", "means": "H"}
"""A tree's rows of numbers, in the order in which they are kept, and of which kind each is."""

_Meaning = TypeVar("_Meaning")


@dataclass(frozen=True)
class PhraseTree(Generic[_Meaning]):
    """Phrases and what each means. One that begins with a gap is never found.

    A place in the tree is where one has come to after the same parts. Places are numbered level by level, so that
    those that follow one stand in a row, in the order of the parts by which they are come to.
    """

    parts: tuple[str, ...]
    """Every part that there is: the whole words, then the stems, then the gap."""
    meanings: tuple[_Meaning, ...]
    """Every meaning that there is."""
    steps: array[int]
    """Of each place, the number of the part by which it is come to; the first is where phrases begin."""
    following: array[int]
    """Of each place, the first of those that follow it; the last of them comes before the next one's first."""
    ends: array[int]
    """Of each place, where in `whole` the phrases begin that end there; up to where the next one's begin."""
    whole: array[int]
    """Phrases, by their number."""
    means: array[int]
    """Of each phrase, the number of its meaning."""

    @classmethod
    def of(cls, phrases: Sequence[tuple[Sequence[str], _Meaning]]) -> PhraseTree[_Meaning]:
        """Of these phrases. Of those that begin at one word, the first is found first."""
        parts = sorted({part for row, _ in phrases for part in row}, key=lambda part: (_kind(part), part))
        numbers = {part: number for number, part in enumerate(parts)}
        meanings = {
            meaning: number for number, meaning in enumerate(dict.fromkeys(one for _, one in phrases))
        }
        tree = cls(
            parts=tuple(parts),
            meanings=tuple(meanings),
            **{name: array(kind) for name, kind in _NUMBERS.items()},
        )
        tree.means.extend(meanings[one] for _, one in phrases)
        tree._grow(
            sorted((*(numbers[part] for part in row), _END, at) for at, (row, _) in enumerate(phrases))
        )
        return tree

    def _grow(self, rows: Sequence[tuple[int, ...]]) -> None:
        """Add the places, level by level. `rows`: each phrase's parts, `_END`, and its number; in order."""
        self.steps.append(0)
        places = [(rows, 0)]
        for here, depth in places:
            self.following.append(len(places))
            self.ends.append(len(self.whole))
            for part, those in groupby(here, key=lambda row, depth=depth: row[depth]):  # type: ignore[misc]
                if part == _END:
                    self.whole.extend(row[-1] for row in those)
                else:
                    self.steps.append(part)
                    places.append((list(those), depth + 1))
        self.following.append(len(places))
        self.ends.append(len(self.whole))

    def closed(self) -> bytes:
        """Its numbers, as they are kept beside its parts and meanings."""
        return b"".join(row_closed(getattr(self, name)) for name in _NUMBERS)

    @classmethod
    def opened(
        cls, parts: Iterable[str], meanings: Iterable[_Meaning], numbers: BytesIO
    ) -> PhraseTree[_Meaning]:
        """The tree whose numbers are the next that were kept here."""
        rows = {name: row_opened(numbers, kind) for name, kind in _NUMBERS.items()}
        return cls(parts=tuple(parts), meanings=tuple(meanings), **rows)

    def begun(self, said: Sequence[str], at: int, until: int) -> Iterator[tuple[_Meaning, int]]:
        """What the phrases mean that begin at word `at`, and where each ends: at `until` at most, the shortest way."""
        steps, following, endings = self.steps, self.following, self.ends
        ends: dict[int, int] = {}
        left = [(place, at + 1) for place in self._first(said[at])]
        while left:
            place, at = left.pop()
            if endings[place] != endings[place + 1]:
                for number in self.whole[endings[place] : endings[place + 1]]:
                    if ends.get(number, at) >= at:
                        ends[number] = at
            first, last = following[place], following[place + 1]
            if first == last:
                continue
            if steps[last - 1] == self._gap:
                last -= 1
                farthest = min(at + _WIDEST_GAP, until)
                left += [(last, further) for further in range(at, farthest + 1)]
            if at == until:
                continue
            word = said[at]
            while first < last and (stem := steps[last - 1] - self._stems_from) >= 0:
                last -= 1
                if word.startswith(self._stems[stem]):
                    left.append((last, at + 1))
            if (part := self._words.get(word)) is not None:
                found = bisect_left(steps, part, first, last)
                if found < last and steps[found] == part:
                    left.append((found, at + 1))
        for number in sorted(ends):
            yield self.meanings[self.means[number]], ends[number]

    def _first(self, word: str) -> Iterator[int]:
        """Where phrases go on that begin with this word, or with a stem of it: there are too many stems to try each."""
        if word in self._begin:
            yield self._begin[word]
        for length in range(1, len(word) + 1):
            if word[:length] in self._begin_so:
                yield self._begin_so[word[:length]]

    @cached_property
    def _words(self) -> Mapping[str, int]:
        """The numbers of the whole words."""
        return {part: number for number, part in enumerate(self.parts) if is_whole(part)}

    @cached_property
    def _stems_from(self) -> int:
        """The number of the first stem."""
        return len(self._words)

    @cached_property
    def _stems(self) -> tuple[str, ...]:
        """Without their `*`."""
        return tuple(part[:-1] for part in self.parts[self._stems_from :])

    @cached_property
    def _gap(self) -> int:
        """The number of the gap; where there is none, one that no part has."""
        return len(self.parts) - (GAP in self.parts)

    @cached_property
    def _begin(self) -> Mapping[str, int]:
        """The places where whole words lead that phrases begin with."""
        return {part: place for part, place in self._after_root() if is_whole(part)}

    @cached_property
    def _begin_so(self) -> Mapping[str, int]:
        """Where stems do, without their `*`."""
        return {part[:-1]: place for part, place in self._after_root() if part[-1] == "*"}

    def _after_root(self) -> Iterator[tuple[str, int]]:
        for place in range(self.following[_ROOT], self.following[_ROOT + 1]):
            yield self.parts[self.steps[place]], place


def is_whole(part: str) -> bool:
    """Whether it is a whole word."""
    return part != GAP and part[-1] != "*"


def _kind(part: str) -> int:
    return 2 if part == GAP else 0 if is_whole(part) else 1


def sentence_ends(words: Sequence[Word]) -> list[int]:
    """Of each word, where its sentence ends: the number of the word after it."""
    ends = [len(words)] * len(words)
    for at in range(len(words) - 2, -1, -1):
        ends[at] = ends[at + 1] if words[at].sentence == words[at + 1].sentence else at + 1
    return ends
