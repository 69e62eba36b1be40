"""Learn the second opinion's weights (`hotline/triage/reading/weights.bin`) from the corpora and from real talk.

    python -m tools.learn_urgency CHAT          learn from all but the held-out part, and write the weights
    python -m tools.learn_urgency CHAT --cross  only tell how well messages that were not learned from are read
    python -m tools.learn_urgency CHAT --also F learn from F too, a file of `hotline classify --review --export`
    python -m tools.learn_urgency CHAT --more M learn from a second folder of talk too

CHAT and M are folders of ordinary real messages (`<language>.jsonl`), none of which is dangerous. They are no part of
this project: only checksums of features that several messages have in common get into the weights. The lines of CHAT
were read, and say how often ordinary talk is dangerous; those of M were only sifted by words, and say what is ordinary.

The same corpora and talk on the same machine give the same weights. AdaGrad, with two fifths of the features hidden at
each look (dropout), so that none is relied on alone. The score becomes a probability by what four-fold cross-validation
gives to messages that were not learned from, weighed as in life: `SHARE` of them dangerous, most of the others ordinary
talk.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hotline.model import Language
from hotline.triage.reading.concepts import understood
from hotline.triage.reading.opinion import (
    LEAK,
    URGENT,
    Model,
    checksum,
    features,
    odds_of,
    packed,
    share_of,
)
from hotline.triage.urgency import Label

ROOT: Final = Path(__file__).parents[1]
WEIGHTS: Final = ROOT / "hotline" / "triage" / "reading" / "weights.bin"
LABELS: Final = tuple(sorted(label.value for label in Label if label is not Label.ASK))
UNITS: Final = 10
ROUNDS: Final = 8
BATCH: Final = 64
PACE: Final = 0.05
FADE: Final = 0.001
"""How fast weights that nothing bears out go back to nothing (L2)."""
HIDDEN: Final = 0.4
RAREST: Final = 3
RAREST_PAIR: Final = 5
"""A word, or a pair of words, that fewer messages hold tells of that message, and not of the language."""
MOST: Final = 51_000
"""Features that are kept, those that weigh most: the weights lie in every process, and in the wheel."""
MAIN: Final = 0.7
"""How much of a message belongs to its own label where others are right too."""
WEIGHT: Final = {
    "tune": 1.0,
    "taught": 2.0,
    "taught2": 4.0,
    "taught3": 4.0,
    "taught4": 4.0,
    "taught5": 4.0,
    "taught6": 2.0,
    "talk": 16.0,
    "more talk": 8.0,
    "reviewed": 2.0,
}
"""Nobody who wrote the taught ones knew the rules; of the kinds that had failed there are few. Ordinary texts outnumber
danger by far in life."""
MOST_RAISED: Final = 3.0
"""How much more, at most, a line of talk counts in a language of which there is little."""
SHARE: Final = 0.05
"""Of dangerous ones among the messages for which the score is a probability."""
TALK: Final = 0.9
"""Of ordinary talk among the others; the rest is invented to be mistaken."""
FOLDS: Final = 4

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Example:
    """One labelled message, as the model sees it."""

    language: Language
    label: str
    also: tuple[str, ...]
    features: tuple[str, ...]
    origin: str
    fold: int

    @property
    def urgent(self) -> bool:
        """Whether somebody must be paged."""
        return self.label in URGENT


_LEFT_OUT: Final = re.compile(r"\[(?:word|number|address)\]")
"""What stands for names and numbers in reviewed messages: nothing to be learned from."""


def examples(chat: Path, reviewed: Sequence[Path] = (), more: Sequence[Path] = ()) -> list[Example]:
    """Every message that may be learned from; `reviewed`: files of those that a centre's staff have judged."""
    ours = sorted((ROOT / "tests" / "data").glob("urgency-t*.jsonl"))
    return [
        *(one for path in ours for one in examples_of([path], path.name.split("-")[1])),
        *examples_of(_talk_of(chat), "talk"),
        *(one for folder in more for one in examples_of(_talk_of(folder), "more talk")),
        *examples_of(reviewed, "reviewed"),
    ]


def _talk_of(folder: Path) -> list[Path]:
    return [folder / f"{language.value}.jsonl" for language in Language]


def examples_of(files: Sequence[Path], origin: str) -> list[Example]:
    """The messages of these files that may be learned from."""
    found = []
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if origin.endswith("talk") and is_held_back(row["text"]):
                continue
            language, label = Language(row["language"]), row.get("label", "other")
            named = re.findall(r"\balt=(\w+)", row.get("note") or "")
            also = tuple(one for one in named if one in LABELS and one != label)
            words = _LEFT_OUT.sub(" ", row["text"]) if origin == "reviewed" else row["text"]
            seen = tuple(features(understood(words, language)))
            fold = hashlib.sha256(row["text"].encode()).digest()[1] % FOLDS
            found.append(Example(language, label, also, seen, origin, fold))
    return found


def is_held_back(text: str) -> bool:
    """Whether this line of talk is of the third that is never learned from, so that it can tell how well it went."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()) % 3 == 0


def learn(given: Sequence[Example], slope: float = 1, level: float = 0) -> Model:
    """The model that fits these examples."""
    counts = Counter(feature for example in given for feature in example.features)
    kept = sorted(
        {checksum(one) for one, n in counts.items() if n >= (RAREST_PAIR if " " in one else RAREST)}
    )
    places = {one: place for place, one in enumerate(kept)}
    seen = [_known(example, places) for example in given]
    wanted = np.stack([_wanted(example) for example in given])
    weights = _weights(given)
    rows, bias, out, out_bias = _trained(len(kept), seen, wanted, weights)
    scale = float(np.percentile(np.abs(rows), 99.99)) / 127
    small = np.clip(np.rint(rows / scale), -127, 127).astype(np.int8)
    most = np.sort(np.argsort(-np.abs(rows).sum(1), kind="stable")[:MOST])
    return Model(
        LABELS,
        scale,
        _plain(bias),
        tuple(map(_plain, out.T)),
        _plain(out_bias),
        slope,
        level,
        {kept[at]: place for place, at in enumerate(most.tolist())},
        small[most].tobytes(),
    )


def _weights(given: Sequence[Example]) -> Floats:
    """What each counts. Talk is raised by the root of how little there is in its language: 1,000 lines in one of them
    must not let everything in it look dangerous beside 17,000 in another."""
    talk = Counter(one.language for one in given if "talk" in one.origin)
    raised = {of: min(MOST_RAISED, (talk.total() / len(Language) / n) ** 0.5) for of, n in talk.items()}
    return np.array(
        [WEIGHT[one.origin] * (raised[one.language] if "talk" in one.origin else 1) for one in given],
        np.float32,
    )


def _known(example: Example, places: Mapping[int, int]) -> NDArray[np.int64]:
    sums = (checksum(one) for one in example.features)
    return np.array([places[one] for one in sums if one in places], dtype=np.int64)


def _wanted(example: Example) -> Floats:
    wanted = np.zeros(len(LABELS), np.float32)
    wanted[LABELS.index(example.label)] = MAIN if example.also else 1
    for label in example.also:
        wanted[LABELS.index(label)] += (1 - MAIN) / len(example.also)
    return wanted


def _trained(
    size: int, seen: Sequence[NDArray[np.int64]], wanted: Floats, weights: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    chance = np.random.default_rng(0)
    rows = (chance.standard_normal((size, UNITS)) * 0.05).astype(np.float32)
    bias = np.zeros(UNITS, np.float32)
    out = (chance.standard_normal((UNITS, len(LABELS))) * 0.3).astype(np.float32)
    out_bias = np.zeros(len(LABELS), np.float32)
    squares = [np.full_like(one, 1e-3) for one in (rows, bias, out, out_bias)]
    for turn in range(ROUNDS):
        pace = PACE * (1 - 0.8 * turn / ROUNDS)
        order = chance.permutation(len(seen))
        for start in range(0, len(order), BATCH):
            batch = [at for at in order[start : start + BATCH] if len(seen[at])]
            shown = [seen[at][chance.random(len(seen[at])) >= HIDDEN] for at in batch]
            batch = [at for at, some in zip(batch, shown, strict=True) if len(some)]
            shown = [some for some in shown if len(some)]
            if not shown:
                continue
            sizes = np.array([len(some) for some in shown])
            together = np.concatenate(shown)
            starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
            share = np.array([share_of(size) for size in sizes], np.float32)[:, None]
            levels = np.add.reduceat(rows[together], starts, axis=0) * share + bias
            gates = np.where(levels > 0, 1, LEAK).astype(np.float32)
            heights = levels * gates
            powers = heights @ out + out_bias
            powers = np.exp(powers - powers.max(1, keepdims=True))
            miss = (powers / powers.sum(1, keepdims=True) - wanted[batch]) * weights[batch][:, None]
            back = (miss @ out.T) * gates
            _step(out, squares[2], heights.T @ miss, pace)
            _step(out_bias, squares[3], miss.sum(0), pace)
            _step(bias, squares[1], back.sum(0), pace)
            which, where = np.unique(together, return_inverse=True)
            slope = np.zeros((len(which), UNITS), np.float32)
            np.add.at(slope, where, np.repeat(back * share, sizes, axis=0))
            slope += FADE * rows[which]
            squares[0][which] += slope * slope
            rows[which] -= pace * slope / np.sqrt(squares[0][which])
    return rows, bias, out, out_bias


def _step(values: Floats, squares: Floats, slope: Floats, pace: float) -> None:
    """In place."""
    squares += slope * slope
    values -= pace * slope / np.sqrt(squares)


def _plain(values: Floats) -> tuple[float, ...]:
    return tuple(round(float(value), 5) for value in values)


def crossed(every: Sequence[Example]) -> Floats:
    """The log odds of danger of each example, by a model that has not learned from it."""
    found = np.zeros(len(every), np.float32)
    for fold in range(FOLDS):
        model = learn([one for one in every if one.fold != fold])
        for at, one in enumerate(every):
            if one.fold == fold:
                found[at] = odds_of(_Seen(one).opinion(model))
    return found


@dataclass(frozen=True)
class _Seen:
    """An example, to be read without being taken apart anew."""

    example: Example

    def opinion(self, model: Model) -> dict[str, float]:
        units = len(model.bias)
        rows = np.frombuffer(model.rows, np.int8).reshape(-1, units)
        at = _known(self.example, model.places)
        levels = rows[at].sum(0) * model.scale * share_of(len(at)) + np.array(model.bias)
        powers = np.array(model.out) @ np.where(levels > 0, levels, LEAK * levels) + np.array(model.out_bias)
        powers = np.exp(powers - powers.max())
        return dict(zip(model.labels, (powers / powers.sum()).tolist(), strict=True))


def in_life(every: Sequence[Example]) -> Floats:
    """How much each counts, so that the whole is as in life; talk that nobody has read counts for nothing."""
    kinds = ["danger" if one.urgent else one.origin if "talk" in one.origin else "calm" for one in every]
    share = {"danger": SHARE, "talk": (1 - SHARE) * TALK, "calm": (1 - SHARE) * (1 - TALK), "more talk": 0.0}
    counts = Counter(zip(kinds, (one.language for one in every), strict=True))
    each = [
        share[kind] / len(Language) / counts[kind, one.language]
        for kind, one in zip(kinds, every, strict=True)
    ]
    return np.array(each, np.float32)


def calibrated(odds: Floats, urgent: Floats, weights: Floats) -> tuple[float, float]:
    """`slope` and `level` that make probabilities of log odds (Platt; Newton's way)."""
    slope, level = 1.0, -2.0
    for _ in range(50):
        p = 1 / (1 + np.exp(-(slope * odds + level)))
        miss, bend = weights * (p - urgent), weights * p * (1 - p)
        gradient = np.array([(miss * odds).sum(), miss.sum()])
        cross = (bend * odds).sum()
        hessian = np.array([[(bend * odds * odds).sum(), cross], [cross, bend.sum()]]) + 1e-9 * np.eye(2)
        slope, level = np.array([slope, level]) - np.linalg.solve(hessian, gradient)
    return round(float(slope), 4), round(float(level), 4)


def tell(every: Sequence[Example], odds: Floats) -> None:
    """How well it is calibrated, where the calibration was fitted to the other half; found and raised at limits."""
    weights = in_life(every)
    urgent = np.array([one.urgent for one in every], np.float32)
    halves = np.array([one.fold % 2 for one in every])
    p = np.zeros(len(every))
    for half in (0, 1):
        slope, level = calibrated(odds[halves != half], urgent[halves != half], weights[halves != half])
        p[halves == half] = 1 / (1 + np.exp(-(slope * odds[halves == half] + level)))
    edges = [0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0001]
    error = 0.0
    for low, high in pairwise(edges):
        inside = (p >= low) & (p < high)
        whole = weights[inside].sum() / weights.sum()
        said, true = (float(np.average(of[inside], weights=weights[inside])) for of in (p, urgent))
        error += whole * abs(said - true)
        sys.stdout.write(f"said {low:.3f}-{high:.3f}: {said:.3f}, was {true:.3f} ({whole:.2%} of all)\n")
    sys.stdout.write(f"expected calibration error {error:.4f}\n")
    for language in Language:
        for limit in (0.01, 0.02, 0.04, 0.1, 0.2, 0.4):
            _tell_at(limit, language, [(one, float(q)) for one, q in zip(every, p, strict=True)])


def _tell_at(limit: float, language: Language, judged: Sequence[tuple[Example, float]]) -> None:
    own = [(one, q >= limit) for one, q in judged if one.language is language]
    danger = np.mean([over for one, over in own if one.urgent])
    talk = np.mean([over for one, over in own if one.origin == "talk"])
    calm = np.mean([over for one, over in own if "talk" not in one.origin and not one.urgent])
    said = f"danger {danger:.3f}, talk {talk:.4f}, invented calm {calm:.3f}"
    sys.stdout.write(f"{language.value} from {limit}: {said}\n")


def main() -> None:
    """Learn and write, or tell only."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("chat", type=Path)
    parser.add_argument("--cross", action="store_true")
    parser.add_argument("--also", type=Path, action="append", default=[])
    parser.add_argument("--more", type=Path, action="append", default=[])
    given = parser.parse_args()
    every = examples(given.chat, given.also, given.more)
    odds = crossed(every)
    tell(every, odds)
    if given.cross:
        return
    urgent = np.array([one.urgent for one in every], np.float32)
    slope, level = calibrated(odds, urgent, in_life(every))
    model = learn(every, slope, level)
    WEIGHTS.write_bytes(packed(model))
    sys.stdout.write(f"{len(model.places)} features, {WEIGHTS.stat().st_size} bytes, {slope=}, {level=}\n")


if __name__ == "__main__":
    main()
