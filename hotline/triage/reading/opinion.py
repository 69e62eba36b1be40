"""A second opinion: small networks over words, their sounds, pairs and concepts, learned from invented messages.

It only ever raises a message towards urgent, doubts a rule of which nothing else in the message speaks, or settles
which line an ordinary message is for; it never makes an opt-out. Its weights are data, made by
`tools/learn_urgency.py` from the corpora in `tests/data`. Each network adds up what it knows of the features, lets
sixteen units fire or not, and weighs them for each label; so what a feature has spoken for can be told exactly, word
by word, and is told to whoever is paged.
"""

from __future__ import annotations

import json
import math
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from operator import add, mul
from typing import Final

from hotline.triage.reading.concepts import Message
from hotline.triage.reading.spelling import SOUNDS
from hotline.triage.reading.words import NOT

_MOST_WORDS: Final = 300
_OF_RULES: Final = frozenset({"REAL", "AGAIN", "OPTION", "OPT_WORD", "OPT_TOPIC"})
"""Concepts so wide that they mean something only beside others, in a rule."""
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
class Network:
    """What one network makes of the sums: a bias and, per label, a weight of each unit."""

    bias: tuple[float, ...]
    out: tuple[tuple[float, ...], ...]
    """Per label, in the order of the model's labels."""
    out_bias: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned. Each feature has one row: a small whole number for each unit of each network."""

    labels: tuple[str, ...]
    scale: float
    """What a row's numbers are multiplied with."""
    networks: tuple[Network, ...]
    rows: Mapping[str, str]
    """Signed bytes, written as base 64."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """How likely each label is, adding up to 1; and what it was made of, for whoever asks why."""

    likely: Mapping[str, float]
    _model: Model
    _seen: tuple[str, ...]
    _fired: tuple[tuple[float, ...], ...]

    def because(self, label: str) -> tuple[str, ...]:
        """The features that speak for this label most, if any do."""
        at = self._model.labels.index(label)
        slopes: list[float] = []
        for network, fired in zip(self._model.networks, self._fired, strict=True):
            others = [sum(column) / len(self._model.labels) for column in zip(*network.out, strict=True)]
            slopes += map(
                mul, fired, (own - other for own, other in zip(network.out[at], others, strict=True))
            )
        ranked = sorted(
            ((sum(map(mul, _row(self._model.rows[one]), slopes)), one) for one in self._seen),
            key=lambda found: (-found[0], found[1]),
        )
        words = [one for weight, one in ranked if weight > 0 and not one.startswith(SOUND)]
        return tuple(words[:3])


def features(message: Message) -> list[str]:
    """What the model looks at: words, how they sound, pairs of neighbours, and the concepts of one message."""
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
        *(("<?>",) if message.asks else ()),
    )
    return list(dict.fromkeys(every))


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


def opinion(message: Message, model: Model | None = None) -> Opinion:
    """What the model thinks of a message, by its own weights or by those given."""
    known = model or _model()
    seen = tuple(feature for feature in features(message) if feature in known.rows)
    units = len(known.networks[0].bias)
    sums: Sequence[float] = [0] * (units * len(known.networks))
    for feature in seen:
        sums = list(map(add, sums, _row(known.rows[feature])))
    share = known.scale * share_of(len(seen))
    whole = [0.0] * len(known.labels)
    fired = []
    for at, network in enumerate(known.networks):
        own = sums[at * units : (at + 1) * units]
        levels = [share * one + bias for one, bias in zip(own, network.bias, strict=True)]
        gates = tuple(1.0 if level > 0 else LEAK for level in levels)
        heights = list(map(mul, levels, gates))
        likely = _likely(
            [
                sum(map(mul, heights, row)) + bias
                for row, bias in zip(network.out, network.out_bias, strict=True)
            ]
        )
        whole = list(map(add, whole, likely))
        fired.append(gates)
    shares = [one / len(known.networks) for one in whole]
    return Opinion(dict(zip(known.labels, shares, strict=True)), known, seen, tuple(fired))


def share_of(count: int) -> float:
    """What each of so many features counts for: long messages would always be sure, and single words too."""
    return 2 / math.sqrt(count + _FEW)


def _likely(heights: Sequence[float]) -> list[float]:
    highest = max(heights)
    powers = [math.exp(height - highest) for height in heights]
    whole = sum(powers)
    return [power / whole for power in powers]


@lru_cache(maxsize=20_000)
def _row(written: str) -> memoryview:
    return memoryview(b64decode(written)).cast("b")


@cache
def _model() -> Model:
    written = (files("hotline.triage.reading") / "weights.json").read_text(encoding="utf-8")
    loaded = json.loads(written)
    networks = tuple(
        Network(tuple(one["bias"]), tuple(map(tuple, one["out"])), tuple(one["out_bias"]))
        for one in loaded["networks"]
    )
    return Model(tuple(loaded["labels"]), loaded["scale"], networks, loaded["rows"])
