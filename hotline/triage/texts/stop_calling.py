"""Words that end our calls as well as our texts: "stop calling me", as the whole message, in four languages.

A list that can be read, like the carrier's own keywords: learned reading takes "don't call me anymore" for a goodbye,
and 47 CFR 64.1200(a)(10) lets people revoke in any reasonable words. About somebody else ("stop calling my mom"), or
about this one call ("cancel my call"), are other sentences.
"""

from __future__ import annotations

import re
from typing import Final

from hotline.prompts.word_lists import all_words, word_lists
from hotline.triage.meaning import plain
from hotline.triage.texts.phrase_patterns import any_of

_LISTS: Final = "stop_calling"
_OF: Final = word_lists(_LISTS)["of"]
_UNLESS: Final = word_lists(_LISTS)["kept_unless"]
_AROUND: Final = any_of(("{around}",), _OF)
_WHOLE: Final = re.compile(rf"(?:{_AROUND} )*{any_of(all_words(_LISTS, 'said'), _OF)}(?: {_AROUND})*")
_NAMED: Final = re.compile(rf"\b{any_of(all_words(_LISTS, 'named'), _OF)}\b")
_KEPT: Final = re.compile(
    rf"\b{any_of(all_words(_LISTS, 'kept'), _OF)}\b(?! {any_of(_UNLESS['denied_after'], _OF)}\b)"
)
_DENIED: Final = frozenset(_UNLESS["denied"])
"""Right before it, they say the opposite."""
_LONGEST: Final = 120
"""Characters of a message that says nothing else."""


def stops_calls(words: str) -> bool:
    """Whether the whole message says that we must not call any more."""
    return len(words) < _LONGEST and _WHOLE.fullmatch(plain(words)) is not None


def names_calls(words: str) -> bool:
    """Whether a message that ends texts, in whatever words, speaks of calls too."""
    return stops_calls(words) or _NAMED.search(plain(words)) is not None


def keeps_calls(words: str) -> bool:
    """Whether a message that ends texts asks for calls all the same: "no texts please, just call me"."""
    said = plain(words)
    return any(
        _DENIED.isdisjoint(said[: found.start()].split()[-1:]) for found in _KEPT.finditer(said)
    ) and not stops_calls(words)
