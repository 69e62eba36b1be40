"""Learn the second opinion's weights (`hotline/triage/reading/weights.json`) from the corpora in `tests/data`.

    python -m tools.learn_urgency           learn from all but the held-out part, and write the weights
    python -m tools.learn_urgency --cross   five-fold cross-validation instead; writes nothing

Plain Python and no chance in it: the same corpora give the same weights. Multinomial logistic regression, AdaGrad.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hotline.model import Language
from hotline.triage.reading.concepts import understood
from hotline.triage.reading.opinion import ALWAYS, Model, features, likelihoods, norm_of, opinion

ROOT = Path(__file__).parents[1]
WEIGHTS = ROOT / "hotline" / "triage" / "reading" / "weights.json"
ROUNDS = 20
PACE = 0.15
SHRINK = 0.005
RAREST_PAIR = 2
"""A pair of words that fewer messages hold tells of that message, and not of the language."""
FAINTEST = 0.06
URGENT = ("emergency", "suicide")


@dataclass(frozen=True)
class Example:
    """One labelled message, as the model sees it."""

    text: str
    language: Language
    label: str
    features: tuple[str, ...]


def examples() -> list[Example]:
    """Every message that may be learned from."""
    found = []
    for path in sorted((ROOT / "tests" / "data").glob("urgency-*.jsonl")):
        if "heldout" in path.name:
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            language = Language(row["language"])
            seen = tuple(features(understood(row["text"], language)))
            found.append(Example(row["text"], language, row["label"], seen))
    return found


def learn(given: Sequence[Example]) -> Model:
    """The model that fits these examples."""
    counts = Counter(feature for example in given for feature in example.features)
    kept = {feature for feature, count in counts.items() if count >= RAREST_PAIR or " " not in feature}
    labels = tuple(sorted({example.label for example in given}))
    weights = {feature: [0.0] * len(labels) for feature in (*sorted(kept), ALWAYS)}
    squares = {feature: [1e-6] * len(labels) for feature in weights}
    model = Model(labels, weights)
    rows = [
        ([one for one in example.features if one in kept], labels.index(example.label)) for example in given
    ]
    for turn in range(ROUNDS):
        step = 7 + 4 * turn
        while math.gcd(step, len(rows)) != 1:
            step += 1
        for at in range(len(rows)):
            seen, label = rows[(at * step) % len(rows)]
            _correct(model, weights, squares, seen, label)
    rounded = {feature: [round(weight, 2) for weight in of] for feature, of in weights.items()}
    return Model(
        labels, {one: of for one, of in rounded.items() if one == ALWAYS or max(map(abs, of)) >= FAINTEST}
    )


def _correct(
    model: Model,
    weights: dict[str, list[float]],
    squares: dict[str, list[float]],
    seen: list[str],
    label: int,
) -> None:
    norm = norm_of(len(seen))
    for at, likely in enumerate(likelihoods(model, seen)):
        miss = likely - (at == label)
        if abs(miss) < 0.002:
            continue
        for feature in (*seen, ALWAYS):
            slope = miss / (norm if feature != ALWAYS else 1) + SHRINK * weights[feature][at]
            squares[feature][at] += slope * slope
            weights[feature][at] -= PACE * slope / math.sqrt(squares[feature][at])


def cross() -> None:
    """Five times: learn from four parts, judge the fifth; prints how much is found at each threshold."""
    every = examples()
    judged = []
    for part in range(5):
        model = learn([one for at, one in enumerate(every) if at % 5 != part])
        for at, one in enumerate(every):
            if at % 5 == part:
                thought = opinion(understood(one.text, one.language), model)
                urgent = sum(thought.likely[label] for label in URGENT)
                judged.append((one, urgent, max(thought.likely, key=lambda label: thought.likely[label])))
    right = sum(one.label == best for one, _, best in judged)
    sys.stdout.write(f"labels right: {right / len(judged):.3f} of {len(judged)}\n")
    for language in Language:
        own = [row for row in judged if row[0].language is language]
        for limit in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
            alarms = [row[1] >= limit for row in own if row[0].label in URGENT]
            calm = [row[1] >= limit for row in own if row[0].label not in URGENT]
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
    lines = ",\n".join(
        f"{json.dumps(feature, ensure_ascii=False)}: {json.dumps(of)}"
        for feature, of in sorted(model.weights.items())
    )
    labels = json.dumps(model.labels)
    WEIGHTS.write_text(f'{{"labels": {labels},\n"weights": {{\n{lines}\n}}}}\n', encoding="utf-8")
    sys.stdout.write(f"{len(model.weights)} features\n")


if __name__ == "__main__":
    main()
