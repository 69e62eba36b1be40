"""Learn the second opinion's weights (`hotline/triage/reading/weights.json`) from the corpora in `tests/data`.

    python -m tools.learn_urgency           learn from all but the held-out part, and write the weights
    python -m tools.learn_urgency --cross   five-fold cross-validation instead; writes nothing

The same corpora on the same machine give the same weights. Three networks that differ in their first weights and in
the order in which they meet the messages; AdaGrad, with two fifths of the features hidden at each look (dropout), so
that none is relied on alone. Less than a minute.
"""

from __future__ import annotations

import json
import re
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hotline.model import Language
from hotline.triage.reading.concepts import understood
from hotline.triage.reading.opinion import LEAK, Model, Network, features, opinion, share_of
from hotline.triage.urgency import Label

ROOT: Final = Path(__file__).parents[1]
WEIGHTS: Final = ROOT / "hotline" / "triage" / "reading" / "weights.json"
LABELS: Final = tuple(sorted(label.value for label in Label))
URGENT: Final = ("emergency", "suicide")
NETWORKS: Final = 3
UNITS: Final = 16
ROUNDS: Final = 6
PACE: Final = 0.05
HIDDEN: Final = 0.4
RAREST: Final = 2
RAREST_PAIR: Final = 3
"""A word, or a pair of words, that fewer messages hold tells of that message, and not of the language."""
MAIN: Final = 0.7
"""How much of a message belongs to its own label where others are right too."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Example:
    """One labelled message, as the model sees it."""

    text: str
    language: Language
    label: str
    also: tuple[str, ...]
    features: tuple[str, ...]
    times: int
    """How often it is looked at in each round."""


def examples() -> list[Example]:
    """Every message that may be learned from."""
    found = []
    for path in sorted((ROOT / "tests" / "data").glob("urgency-*.jsonl")):
        if "heldout" in path.name:
            continue
        # Nobody who wrote these knew the rules: what they say is nearer to what people write.
        times = 2 if "taught" in path.name else 1
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            language = Language(row["language"])
            seen = tuple(_features(row["text"], language))
            named = re.findall(r"\balt=(\w+)", row.get("note") or "")
            also = tuple(one for one in named if one in LABELS and one != row["label"])
            found.append(Example(row["text"], language, row["label"], also, seen, times))
    return found


def _features(text: str, language: Language) -> list[str]:
    message = understood(text, language)
    return features(message)


def learn(given: Sequence[Example]) -> Model:
    """The model that fits these examples."""
    counts = Counter(feature for example in given for feature in example.features)
    kept = sorted(one for one, count in counts.items() if count >= (RAREST_PAIR if " " in one else RAREST))
    at = {feature: place for place, feature in enumerate(kept)}
    seen = [np.array([at[one] for one in example.features if one in at], dtype=np.int64) for example in given]
    wanted = [_wanted(example) for example in given]
    shown = np.repeat(np.arange(len(given)), [example.times for example in given])
    trained = [_trained(seed, len(kept), seen, wanted, shown) for seed in range(NETWORKS)]
    rows = np.concatenate([weights for weights, _ in trained], axis=1)
    scale = float(np.percentile(np.abs(rows), 99.99)) / 127
    small = np.clip(np.rint(rows / scale), -127, 127).astype(np.int8)
    written = {feature: b64encode(small[place].tobytes()).decode() for feature, place in at.items()}
    return Model(LABELS, scale, tuple(network for _, network in trained), written)


def _wanted(example: Example) -> Floats:
    wanted = np.zeros(len(LABELS), np.float32)
    wanted[LABELS.index(example.label)] = MAIN if example.also else 1
    for label in example.also:
        wanted[LABELS.index(label)] += (1 - MAIN) / len(example.also)
    return wanted


def _trained(
    seed: int,
    size: int,
    seen: Sequence[NDArray[np.int64]],
    wanted: Sequence[Floats],
    order: NDArray[np.int64],
) -> tuple[Floats, Network]:
    chance = np.random.default_rng(seed)
    rows = (chance.standard_normal((size, UNITS)) * 0.05).astype(np.float32)
    bias = np.zeros(UNITS, np.float32)
    out = (chance.standard_normal((UNITS, len(LABELS))) * 0.3).astype(np.float32)
    out_bias = np.zeros(len(LABELS), np.float32)
    squares = [np.full_like(one, 1e-3) for one in (rows, bias, out, out_bias)]
    for turn in range(ROUNDS):
        pace = PACE * (1 - 0.8 * turn / ROUNDS)
        for which in chance.permutation(order):
            shown = seen[which][chance.random(len(seen[which])) >= HIDDEN]
            if not len(shown):
                continue
            share = share_of(len(shown))
            levels = rows[shown].sum(0) * share + bias
            gates = np.where(levels > 0, 1, LEAK).astype(np.float32)
            heights = levels * gates
            powers = heights @ out + out_bias
            powers = np.exp(powers - powers.max())
            miss = powers / powers.sum() - wanted[which]
            back = (out @ miss) * gates
            _step(out, squares[2], np.outer(heights, miss), pace)
            _step(out_bias, squares[3], miss, pace)
            _step(bias, squares[1], back, pace)
            slope = back * share
            squares[0][shown] += slope * slope
            rows[shown] -= pace * slope / np.sqrt(squares[0][shown])
    network = Network(_plain(bias), tuple(map(_plain, out.T)), _plain(out_bias))
    return rows, network


def _step(values: Floats, squares: Floats, slope: Floats, pace: float) -> None:
    """In place."""
    squares += slope * slope
    values -= pace * slope / np.sqrt(squares)


def _plain(values: Floats) -> tuple[float, ...]:
    return tuple(round(float(value), 5) for value in values)


def cross() -> None:
    """Five times: learn from four parts, judge the fifth; prints how much is found at each threshold."""
    every = examples()
    judged = []
    for part in range(5):
        model = learn([one for at, one in enumerate(every) if at % 5 != part])
        for at, one in enumerate(every):
            if at % 5 == part:
                message = understood(one.text, one.language)
                thought = opinion(message, model)
                urgent = sum(thought.likely[label] for label in URGENT)
                judged.append((one, urgent, max(thought.likely, key=lambda label: thought.likely[label])))
    right = sum(one.label == best or best in one.also for one, _, best in judged)
    sys.stdout.write(f"labels right: {right / len(judged):.3f} of {len(judged)}\n")
    for language in Language:
        own = [row for row in judged if row[0].language is language]
        for limit in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
            alarms = [row[1] >= limit for row in own if row[0].label in URGENT]
            calm = [
                row[1] >= limit
                for row in own
                if row[0].label not in URGENT and not set(row[0].also) & set(URGENT)
            ]
            sys.stdout.write(
                f"{language.value} from {limit}: urgent found {sum(alarms) / len(alarms):.3f}, "
                f"others taken for urgent {sum(calm) / len(calm):.3f}\n"
            )


def main() -> None:
    """Learn and write, or cross-validate."""
    if "--cross" in sys.argv[1:]:
        cross()
        return
    model = learn(examples())
    rows = ",\n".join(
        f"{json.dumps(feature, ensure_ascii=False)}: {json.dumps(row)}" for feature, row in model.rows.items()
    )
    head = {
        "labels": model.labels,
        "scale": model.scale,
        "networks": [{"bias": one.bias, "out": one.out, "out_bias": one.out_bias} for one in model.networks],
    }
    WEIGHTS.write_text(f'{json.dumps(head)[:-1]},\n"rows": {{\n{rows}\n}}}}\n', encoding="utf-8")
    sys.stdout.write(f"{len(model.rows)} features\n")


if __name__ == "__main__":
    main()
