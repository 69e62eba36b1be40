"""Make the two lists by which slips are put right: the rare words worth it, and the ordinary ones that lie near them.

    python -m tools.learn_spelling [CHAT]     needs `pip install wordfreq`, which nothing else does

`lexicon/mended.txt`: words of danger and of opt-outs that are rare enough that whoever nearly wrote one meant it.
`lexicon/not_slips.txt`: words that people do write, by wordfreq's count (or at least twice in real messages, if a
folder CHAT of such lies there), and that would be taken for one of those.

Words are those of the packed lexicon: `python -m tools.pack_reading` comes first.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import textwrap
import tomllib
from collections import Counter
from pathlib import Path
from typing import Final

from hotline.model import Language
from hotline.triage.reading import spelling
from hotline.triage.reading.lexicon import lexicon
from hotline.triage.reading.words import bare

READING: Final = Path(__file__).parents[1] / "hotline" / "triage" / "reading"
WIDE: Final = frozenset(
    [
        "TURNED",
        "SELF_PLACE",
        "MEANS",
        "FAREWELL",
        "LEAVE",
        "LIVE",
        "GIVEN",
        "MUCH",
        "NOW",
        "ME",
        "FOREVER",
        "NEG",
        "PERSON",
        "FLOOR",
        "DEMENTED",
        "THREAT",
        "TALK",
        "SMALL_CHILD",
        "CHILD",
        "CRY",
        "BODY",
        "BREATH_ODD",
        "MOVE",
        "WORTHLESS",
        "DEATH",
        "INGEST",
        "USE_ABOUT",
    ]
)
"""Concepts of the rules whose words are everybody's."""
ALSO: Final = ("OPT_OUT", "OPT_WORD", "WANT_STOP")
COMMON: Final = 4.3
"""Zipf value (billion words, log 10) from which a word is too common to be what a slip was meant to be."""
WRITTEN: Final = {"en": 2.6, "es": 2.6, "pt": 2.6, "fr": 3.3}
"""Zipf values from which a word is one that people write. Below lie the commonest misspellings."""
MISSPELT: Final = 3.3
"""The same for what sounds just like a long word of danger: "unconcious"."""
SHORTEST: Final = 6
LONG: Final = 8


def main() -> None:
    """Write both lists."""
    wordfreq = importlib.import_module("wordfreq")
    chat = _counted(Path(sys.argv[1])) if len(sys.argv) > 1 else Counter()

    def commonness(word: str) -> float:
        counted = max(float(wordfreq.zipf_frequency(word, one)) for one in ("en", "es", "pt", "fr"))
        return max(counted, 9.0 if chat[word] >= 10 else 0)

    worth = sorted(word for word in _of_danger() if commonness(word) < COMMON)
    _write("mended.txt", worth)
    spelling.forget()
    known = lexicon().words
    written: dict[str, float] = {}
    for language, least in WRITTEN.items():
        for word in wordfreq.iter_wordlist(language, "large"):
            often = wordfreq.zipf_frequency(word, language)
            if often < least:
                break
            written[bare(word)] = max(often, written.get(bare(word), 0))
    written |= {word: 9.0 for word, count in chat.items() if count >= 2}
    written |= {
        word: 9.0 for word, count in _counted(READING.parents[2] / "tests" / "data").items() if count >= 4
    }
    _write("not_slips.txt", [])
    spelling.forget()
    near = []
    for word, often in sorted(written.items()):
        if word in known or not word.isalpha() or not word.isascii():
            continue
        meant = {spelling.put_right(word, (one, *Language)) for one in Language} - {None}
        if meant and not (
            len(word) >= LONG
            and often < MISSPELT
            and all(spelling.sounds_like(word, one or "") for one in meant)
        ):
            near.append(word)
    _write("not_slips.txt", near)
    sys.stdout.write(f"{len(worth)} words worth mending, {len(near)} near them\n")


def _of_danger() -> set[str]:
    rules = tomllib.loads((READING / "rules.toml").read_text(encoding="utf-8"))["rules"]
    named = {one for rule in rules for said in rule["patterns"] for one in re.findall(r"[A-Z_]+", said)}
    wanted = (named - WIDE) | set(ALSO)
    said = lexicon().said
    return {
        word
        for concept in wanted & said.keys()
        for word in said[concept]
        if word.isalpha() and len(word) >= SHORTEST
    }


def _counted(folder: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for path in sorted(folder.glob("*.jsonl")):
        rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        for row in rows:
            if row.get("label") not in ("emergency", "suicide") and "screened" not in path.name:
                found.update(set(re.findall(r"[a-z]+", bare(row["text"]))))
    return found


def _write(name: str, words: list[str]) -> None:
    text = textwrap.fill(" ".join(words), 118, break_long_words=False, break_on_hyphens=False)
    (READING / "lexicon" / name).write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
