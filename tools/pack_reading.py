"""Put together what the reading reads: `lexicon.bin` and `optouts.bin`, from what is written in `lexicon/*.toml` and
`optouts.toml`. After each change of one of those:

    python -m tools.pack_reading
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from hotline.model import Language
from hotline.triage.reading import lexicon, optouts
from hotline.triage.reading.lexicon import Expression, Lexicon, spell_out
from hotline.triage.reading.optouts import SHORTEST_HEARD, Grammar
from hotline.triage.reading.phrase_tree import PhraseTree, is_whole
from hotline.triage.reading.spelling import by_ear, cuts, skeleton
from hotline.triage.reading.words import bare

READING: Final = Path(__file__).parents[1] / "hotline" / "triage" / "reading"
_SHORTEST_STEM: Final = 3
"""Letters that a phrase's first stem has at least."""

_Phrase = tuple[tuple[str, ...], Expression]


def written_lexicon() -> Lexicon:
    """What `lexicon/*.toml` say now."""
    phrases: list[_Phrase] = []
    said: dict[str, set[str]] = {}
    slang: dict[Language, dict[str, tuple[str, ...]]] = {}
    languages: dict[str, set[Language]] = {}
    small: dict[Language, frozenset[str]] = {}
    for language in Language:
        source = READING / "lexicon" / f"{language.value}.toml"
        data = tomllib.loads(source.read_text(encoding="utf-8"))
        small[language] = frozenset(data["small_words"].split())
        slang[language] = {
            bare(short.strip()): tuple(bare(long).split())
            for short, long in (line.split("=") for line in data["slang"].strip().splitlines())
        }
        for word in (*small[language], *slang[language], *data["common"].split()):
            languages.setdefault(word, set()).add(language)
        for concept, choices in data["concepts"].items():
            means = Expression(concept, language)
            rows = dict.fromkeys(
                tuple(part for word in plain for part in slang[language].get(word, (word,)))
                for one in bare(choices).replace("\n", ",").split(",")
                for plain in spell_out(one)
            )
            phrases += [(row, means) for row in rows if row]
            whole = set(filter(is_whole, set().union(*rows)))
            said.setdefault(concept, set()).update(whole)
            for word in whole:
                languages.setdefault(word, set()).add(language)
    return Lexicon(
        phrases=_tree(phrases),
        said={concept: frozenset(found) for concept, found in said.items()},
        slang=slang,
        languages={word: frozenset(found) for word, found in languages.items()},
        small=small,
        words=frozenset(languages).union(*slang.values()),
    )


def _tree(phrases: Sequence[_Phrase]) -> PhraseTree[Expression]:
    """The phrases, the surer ones first: a whole word before a stem, a long stem after a short one."""

    def order(phrase: _Phrase) -> tuple[int, bool]:
        parts = phrase[0]
        return (0 if is_whole(parts[0]) else len(parts[0]), len(parts) > 1 and is_whole(parts[1]))

    return PhraseTree.of(
        [
            (parts, means)
            for parts, means in sorted(phrases, key=order)
            if is_whole(parts[0]) or len(parts[0]) > _SHORTEST_STEM
        ]
    )


def written_grammars() -> Mapping[Language, Grammar]:
    """What `optouts.toml` says now."""
    written = tomllib.loads((READING / "optouts.toml").read_text(encoding="utf-8"))
    return {language: _grammar(written[language.value]) for language in Language}


def _grammar(written: Mapping[str, str]) -> Grammar:
    every = [
        (row, name)
        for name, said in written.items()
        for one in bare(said).replace("\n", ",").split(",")
        for row in dict.fromkeys(spell_out(one))
        if row
    ]
    plain = [(row, name) for row, name in every if row[0][-1] != "*"]
    words = sorted({part for row, _ in plain for part in row})
    # Of words that look the same in haste ("mandan", "manden"), what asks for no more is meant.
    words += sorted({part for row, name in plain if name == "SEND" for part in row})
    long = [word for word in words if len(word) >= SHORTEST_HEARD]
    heard = {skeleton(word): word for word in long} | {by_ear(word): word for word in long}
    slips: dict[str, set[str]] = {}
    for word in words:
        for cut in cuts(word) if len(word) > SHORTEST_HEARD else ():
            slips.setdefault(cut, set()).add(word)
    return Grammar(
        PhraseTree.of(sorted(every, key=lambda one: one[0][0][-1] == "*")),
        heard,
        {cut: tuple(sorted(near)) for cut, near in sorted(slips.items())},
        frozenset(words),
    )


if __name__ == "__main__":
    for name, kept in (
        ("lexicon.bin", lexicon.packed(written_lexicon())),
        ("optouts.bin", optouts.packed(written_grammars())),
    ):
        (READING / name).write_bytes(kept)
        sys.stdout.write(f"{name} has {len(kept)} bytes.\n")
