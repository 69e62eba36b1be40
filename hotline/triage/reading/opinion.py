"""A second opinion: a linear model over words, pairs of words and concepts, learned from invented messages.

It only ever raises a message towards urgent, or settles which line an ordinary message is for; it can't lower what
the rules found, and it never makes an opt-out. Its weights are data, made by `tools/learn_urgency.py` from the
corpora in `tests/data`; what it goes by can be read off them, word by word.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from hotline.triage.reading.concepts import Message

_MOST_WORDS: Final = 400
_OF_RULES: Final = frozenset({"REAL", "AGAIN", "OPTION", "OPT_WORD", "OPT_TOPIC"})
"""Concepts so wide that they mean something only beside others, in a rule."""
ALWAYS: Final = "<always>"
"""The feature that every message has."""


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned: per feature one weight for each label, in the order of `labels`."""

    labels: tuple[str, ...]
    weights: Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Opinion:
    """How likely each label is, adding up to 1; and, of each label, the features that speak for it most."""

    likely: Mapping[str, float]
    because: Mapping[str, tuple[str, ...]]


def features(message: Message) -> list[str]:
    """What the model looks at: words, pairs of neighbours, concepts and pairs of concepts in one message."""
    words = ["#" if word.text.isdigit() else word.text for word in message.words[:_MOST_WORDS]]
    pairs = [f"{one} {other}" for one, other in zip(["^", *words], [*words, "$"], strict=True)]
    concepts = [f"<{concept}>" for concept in message.concepts if concept not in _OF_RULES]
    stems = [f"{word[:5]}~" for word in words if len(word) > 6]
    size = "short" if len(words) <= 3 else "long" if len(words) > 15 else "middling"
    return [*dict.fromkeys((*words, *pairs, *stems, *concepts)), f"<{size}>"]


def opinion(message: Message, model: Model | None = None) -> Opinion:
    """What the model thinks of a message, by its own weights or by those given."""
    known = model or _model()
    seen = [feature for feature in features(message) if feature in known.weights]
    likely = likelihoods(known, seen)
    because = {label: _strongest(at, seen, known) for at, label in enumerate(known.labels)}
    return Opinion(dict(zip(known.labels, likely, strict=True)), because)


def likelihoods(model: Model, seen: Sequence[str]) -> list[float]:
    """How likely each label is, given these features, all of which the model knows."""
    norm = norm_of(len(seen))
    sums = list(model.weights[ALWAYS])
    for feature in seen:
        for at, weight in enumerate(model.weights[feature]):
            sums[at] += weight / norm
    highest = max(sums)
    powers = [math.exp(value - highest) for value in sums]
    whole = sum(powers)
    return [power / whole for power in powers]


def norm_of(count: int) -> float:
    """Long messages have more features; without this they would always be sure of themselves."""
    return max(1.0, math.sqrt(count) / 4)


def _strongest(at: int, seen: Iterable[str], model: Model) -> tuple[str, ...]:
    ranked = sorted(seen, key=lambda feature: (-model.weights[feature][at], feature))
    return tuple(feature for feature in ranked[:3] if model.weights[feature][at] > 0)


@cache
def _model() -> Model:
    written = (files("hotline.triage.reading") / "weights.json").read_text(encoding="utf-8")
    loaded = json.loads(written)
    return Model(tuple(loaded["labels"]), loaded["weights"])
