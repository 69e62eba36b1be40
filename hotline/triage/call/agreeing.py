"""Yes and no as they are said: "yeah sure", "sí, claro", "yes, it is safe", "no, please don't".

An answer is one only if every word of it agrees, or every word refuses, beside words that say neither. Whatever else is
in it ("yes but not at night", "not sure") makes it no answer: it is asked for again, for a wrong yes leaves a message
where nobody may hear it.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from hotline.prompts.word_lists import all_words
from hotline.triage.meaning import plain

_LONGEST: Final = 12
"""Words; more than that is no plain yes or no."""
_YES: Final = (("keywords", "yes"), ("choices", "agrees"))
_NO: Final = (("keywords", "no"), ("choices", "refuses"))


def agreed(words: str) -> bool | None:
    """True for a yes, False for a no, None for anything else: in whichever of the line's languages it is said."""
    said = plain(words.replace("'", "").replace("’", "")).split()
    if not 0 < len(said) <= _LONGEST:
        return None
    yes, no = (_made_of(said, _pieces(*kinds)) for kinds in (_YES, _NO))
    return yes if yes is not no else None


@cache
def _pieces(*lists: tuple[str, str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(plain(one).split()) for name, kind in lists for one in all_words(name, kind))


def _made_of(said: list[str], telling: frozenset[tuple[str, ...]]) -> bool:
    """Whether these words fall apart into pieces that tell, at least one, and pieces that say neither."""
    beside = _pieces(("choices", "beside_an_answer"))
    reached: dict[int, set[bool]] = {0: {False}}
    for start in range(len(said)):
        for end in range(start + 1, len(said) + 1):
            piece = tuple(said[start:end])
            if piece in telling or piece in beside:
                told = {one or piece in telling for one in reached.get(start, ())}
                reached.setdefault(end, set()).update(told)
    return True in reached.get(len(said), ())
