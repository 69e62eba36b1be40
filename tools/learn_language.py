"""Learn what tells languages apart (`triage/texts/language_marks.txt`) from the invented messages in `tests/data`.

    python -m tools.learn_language

Each message is looked at whole and in three pieces of one to six words, as texts are short; the held-out part isn't
looked at. One layer, AdaGrad; the same corpora on the same machine give the same marks. Less than a minute.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hotline.model import Language
from hotline.triage.texts.language_of import STEP, marks, words_of

ROOT: Final = Path(__file__).parents[1]
MARKS: Final = ROOT / "hotline" / "triage" / "texts" / "language_marks.txt"
LANGUAGES: Final = tuple(Language)
PIECES: Final = 3
LONGEST_PIECE: Final = 6
RAREST: Final = 6
"""A mark that fewer pieces hold tells of these messages, and not of the language."""
KEPT: Final = 6000
ROUNDS: Final = 4
PACE: Final = 0.3

Floats = NDArray[np.float64]


def main() -> int:
    """Learn, and write the marks down."""
    draw = np.random.default_rng(1)
    pieces = _pieces(draw)
    counted = Counter(mark for found, _ in pieces for mark in found)
    known = {
        mark: n for n, mark in enumerate(sorted(one for one, times in counted.items() if times >= RAREST))
    }
    weights = _learn([(_columns(found, known), language) for found, language in pieces], len(known), draw)
    middle = weights - weights.mean(axis=1, keepdims=True)
    worth = np.abs(middle).max(axis=1) * np.sqrt([counted[mark] for mark in known])
    kept = set(np.argsort(-worth, kind="stable")[:KEPT].tolist())
    rows = [
        f"{mark} {' '.join(str(int(one)) for one in np.round(middle[n] * STEP))}"
        for mark, n in known.items()
        if n in kept
    ]
    note = "# Learned by tools/learn_language.py; not to be edited. A mark, and eighths for: "
    MARKS.write_text("\n".join((note + " ".join(LANGUAGES), *rows)) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(pieces)} pieces, {len(rows)} marks\n")
    return 0


def _pieces(draw: np.random.Generator) -> list[tuple[set[str], int]]:
    pieces = []
    for number, language in enumerate(LANGUAGES):
        for corpus in sorted((ROOT / "tests" / "data").glob(f"urgency-*-{language}.jsonl")):
            if "heldout" in corpus.name:
                continue
            for line in corpus.read_text(encoding="utf-8").splitlines():
                words = words_of(json.loads(line)["text"])
                pieces += [(marks(piece), number) for piece in _cut(words, draw)]
    return pieces


def _cut(words: list[str], draw: np.random.Generator) -> list[list[str]]:
    if not words:
        return []
    cuts = []
    for _ in range(PIECES):
        size, at = draw.integers(1, LONGEST_PIECE + 1), draw.integers(len(words))
        cuts.append(words[at : at + size])
    return [words, *cuts]


def _columns(found: set[str], known: dict[str, int]) -> NDArray[np.int32]:
    return np.array(sorted(known[mark] for mark in found if mark in known), dtype=np.int32)


def _learn(pieces: list[tuple[NDArray[np.int32], int]], size: int, draw: np.random.Generator) -> Floats:
    weights: Floats = np.zeros((size, len(LANGUAGES)))
    seen: Floats = np.full((size, len(LANGUAGES)), 1e-8)
    for _ in range(ROUNDS):
        for n in draw.permutation(len(pieces)):
            columns, language = pieces[n]
            if not len(columns):
                continue
            share = 1 / np.sqrt(len(columns))
            score = weights[columns].sum(axis=0) * share
            wrong = np.exp(score - score.max())
            wrong /= wrong.sum()
            wrong[language] -= 1
            step = np.tile(wrong * share, (len(columns), 1))
            seen[columns] += step * step
            weights[columns] -= PACE * step / np.sqrt(seen[columns])
    return weights


if __name__ == "__main__":
    sys.exit(main())
