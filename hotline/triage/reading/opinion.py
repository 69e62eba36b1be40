"""A second opinion: how likely a message is dangerous, learned from invented messages and from ordinary real talk.

It raises, doubts and orders what the grammar found, sends what it alone finds dangerous to a person, and settles which
line an ordinary message is for. Alone it pages nobody and ends no messages. One small network adds up what it knows of
the features, lets a few units fire or not, and weighs them for each label; so what a feature has spoken for can be told
exactly, word by word. Its weights (`weights.bin`) are made by `tools/learn_urgency.py`; features stand in them only as
checksums, so that nobody's words can be read out of them.
"""

from __future__ import annotations

import math
import re
import struct
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate, combinations, pairwise
from operator import add, mul
from typing import Final

from hotline.triage.reading.concepts import UnderstoodMessage
from hotline.triage.reading.kept import closed, opened
from hotline.triage.reading.spelling import SOUNDS
from hotline.triage.reading.words import NOT

_MOST_WORDS: Final = 300
_MOST_SPANS: Final = 6
"""Of one concept: in how many places it is looked at."""
_OF_RULES: Final = frozenset({"REAL", "AGAIN", "OPTION", "OPT_WORD", "OPT_TOPIC", "RELIEF", "HELP_WISH"})
"""Concepts that mean something only in a rule: most of them are too wide to mean anything alone."""
URGENT: Final = ("emergency", "suicide")
LEAK: Final = 0.1
"""What a unit that doesn't fire lets through all the same."""
_FEW: Final = 20
"""Features: with no more than these, a message says too little to be sure of."""
_REACH: Final = 3
"""Words that a "not" reaches: after it, "wake" is another feature than elsewhere."""
SOUND: Final = "~"
"""What the feature of a sound begins with."""
_SOUNDS: Final = (
    *SOUNDS[:-1],
    (re.compile(r"ou"), "u"),
    (re.compile(r"oi"), "ua"),
    (re.compile(r"an|en|on|em|am|om"), "N"),
    (re.compile(r"eau|au"), "o"),
    (re.compile(r"e$|es$|s$"), ""),
    SOUNDS[-1],
)
"""Letters that are written for each other, by ear, in the four languages: "mwen" and "moin" are one word."""


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned. Each feature has one row: a small whole number for each unit."""

    labels: tuple[str, ...]
    scale: float
    """What a row's numbers are multiplied with."""
    bias: tuple[float, ...]
    out: tuple[tuple[float, ...], ...]
    """Per label, a weight of each unit."""
    out_bias: tuple[float, ...]
    slope: float
    level: float
    """What makes a probability of the score: `slope` times its log odds, plus `level`."""
    places: Mapping[int, int]
    """Of each feature, by its checksum, the number of its row."""
    rows: bytes
    """Signed bytes, one for each unit, row after row."""

    def row(self, feature: str) -> memoryview | None:
        """What is known of a feature; None of one that nothing is known of."""
        place = self.places.get(checksum(feature))
        if place is None:
            return None
        units = len(self.bias)
        return memoryview(self.rows)[place * units : (place + 1) * units].cast("b")


@dataclass(frozen=True, slots=True)
class Opinion:
    """How likely each label is, adding up to 1; how likely danger is; and what it was made of, for whoever asks why."""

    likely: Mapping[str, float]
    danger: float
    """A probability, where 5 in 100 messages are dangerous: see docs/adr/0012."""
    _model: Model
    _seen: tuple[tuple[str, memoryview], ...]
    _fired: tuple[float, ...]

    def because(self, label: str) -> tuple[str, ...]:
        """The features that speak for this label most, if any do."""
        at = self._model.labels.index(label)
        others = [sum(column) / len(self._model.labels) for column in zip(*self._model.out, strict=True)]
        own = self._model.out[at]
        slopes = list(map(mul, self._fired, (one - other for one, other in zip(own, others, strict=True))))
        ranked = sorted(
            ((sum(map(mul, row, slopes)), one) for one, row in self._seen),
            key=lambda found: (-found[0], found[1]),
        )
        words = [one for weight, one in ranked if weight > 0 and not one.startswith(SOUND)]
        return tuple(words[:3])


def features(message: UnderstoodMessage) -> list[str]:
    """What the model looks at: words, how they sound, pairs of neighbours, the concepts, and which go together."""
    words = ["#" if word.text.isdigit() else word.text for word in message.words[:_MOST_WORDS]]
    sounds = [sound(word) for word in words]
    concepts = [f"<{concept}>" for concept in message.concepts if concept not in _OF_RULES]
    stems = [f"{word[:5]}~" for word in words if len(word) > 6]
    size = "short" if len(words) <= 3 else "long" if len(words) > 15 else "middling"
    every = (
        *words,
        *(f"{one} {other}" for one, other in zip(["^", *words], [*words, "$"], strict=True)),
        *stems,
        *concepts,
        f"<{size}>",
        *(SOUND + one for one in sounds),
        *(f"{SOUND}{one} {other}" for one, other in pairwise(sounds)),
        *(f"\N{NOT SIGN}{word}" for word in _denied(words)),
        *_together(message),
        *(("<?>",) if message.asks else ()),
    )
    return list(dict.fromkeys(every))


def _together(message: UnderstoodMessage) -> Iterator[str]:
    """Pairs of concepts in one sentence: they say the same in every language, and who and when with what."""
    found: dict[int, set[str]] = {}
    for concept, spans in message.concepts.items():
        if concept not in _OF_RULES:
            for span in spans[:_MOST_SPANS]:
                found.setdefault(message.words[span.start].sentence, set()).add(concept)
    for concepts in found.values():
        yield from (f"<{one}&{other}>" for one, other in combinations(sorted(concepts), 2))


def _denied(words: Sequence[str]) -> Iterator[str]:
    reach = 0
    for word in words:
        if reach:
            yield word
        reach = _REACH if word in NOT else max(0, reach - 1)


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """How a word sounds, roughly and in any of the languages: the same for spellings that are written by ear."""
    for letters, heard in _SOUNDS:
        word = letters.sub(heard, word)
    return word


def checksum(feature: str) -> int:
    """By which a feature is known: 32 bits, of which nobody reads the word."""
    return zlib.crc32(feature.encode())


def opinion(message: UnderstoodMessage, model: Model | None = None) -> Opinion:
    """What the model thinks of a message, by its own weights or by those given."""
    known = model or _model()
    rows = ((feature, known.row(feature)) for feature in features(message))
    seen = tuple((feature, row) for feature, row in rows if row is not None)
    sums: Sequence[float] = [0] * len(known.bias)
    for _, row in seen:
        sums = list(map(add, sums, row))
    share = known.scale * share_of(len(seen))
    levels = [share * one + bias for one, bias in zip(sums, known.bias, strict=True)]
    fired = tuple(1.0 if level > 0 else LEAK for level in levels)
    heights = list(map(mul, levels, fired))
    powers = [sum(map(mul, heights, row)) + bias for row, bias in zip(known.out, known.out_bias, strict=True)]
    likely = dict(zip(known.labels, _likely(powers), strict=True))
    return Opinion(likely, danger_of(likely, known.slope, known.level), known, seen, fired)


def danger_of(likely: Mapping[str, float], slope: float, level: float) -> float:
    """The probability of danger by these shares."""
    return 1 / (1 + math.exp(-(slope * odds_of(likely) + level)))


def odds_of(likely: Mapping[str, float]) -> float:
    """The log odds of danger by these shares; within what can be told apart."""
    urgent = min(max(sum(likely[label] for label in URGENT), 1e-6), 1 - 1e-6)
    return math.log(urgent / (1 - urgent))


def share_of(count: int) -> float:
    """What each of so many features counts for: long messages would always be sure, and single words too."""
    return 2 / math.sqrt(count + _FEW)


def _likely(heights: Sequence[float]) -> list[float]:
    highest = max(heights)
    powers = [math.exp(height - highest) for height in heights]
    whole = sum(powers)
    return [power / whole for power in powers]


def packed(model: Model) -> bytes:
    """The model as it is kept: a checksum, then, compressed, its head as JSON, its features in order, its rows."""
    head = {
        "labels": model.labels,
        "scale": model.scale,
        "bias": model.bias,
        "out": model.out,
        "out_bias": model.out_bias,
        "slope": model.slope,
        "level": model.level,
        "features": len(model.places),
    }
    known = sorted(model.places)
    steps = array("I", (one - other for one, other in zip(known, [0, *known], strict=False)))
    units = len(model.bias)
    rows = b"".join(model.rows[model.places[one] * units : (model.places[one] + 1) * units] for one in known)
    return closed(head, _bytes_of(steps) + rows)


def unpacked(kept: bytes) -> Model:
    """The model that was kept so. Raises ValueError if a bit of it is another."""
    head, rest = opened(kept, "weights.bin", "learn_urgency")
    steps = struct.unpack(f"<{head['features']}I", rest.read(4 * head["features"]))
    places = {one: place for place, one in enumerate(accumulate(steps))}
    rows = rest.read()
    bias, out, out_bias = tuple(head["bias"]), tuple(map(tuple, head["out"])), tuple(head["out_bias"])
    return Model(
        tuple(head["labels"]), head["scale"], bias, out, out_bias, head["slope"], head["level"], places, rows
    )


def _bytes_of(numbers: array[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)


@cache
def _model() -> Model:
    return unpacked((files("hotline.triage.reading") / "weights.bin").read_bytes())
