"""What a message is about, for a centre that has phrases of its own: the reader's answer, raised or doubted.

`must_page` is a witness that can be named, like any rule. `must_never_page` is weaker than every witness: it holds back
only what a hint and a score ask for, and only if nothing is left of that without the phrase; then a person reads it. No
phrase takes away a cry or a rule, an opt-out stays one unless a phrase pages, and what is a keyword as a whole, or a
telephone's note about a reaction, is nobody's phrase.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from hotline.model import Language
from hotline.phrases import NONE, Phrase, Phrases
from hotline.triage.reading.own_phrases import standing, without
from hotline.triage.texts.auto_replies import is_reaction
from hotline.triage.texts.keywords import key_of, kind_of
from hotline.triage.urgency import Label, Reading, classify

_SURE: Final = 0.97


def read_for(phrases: Phrases, text: str, language: Language | None = None) -> Reading:
    """What this text is about at a centre with these phrases. Never raises, whatever the text is."""
    reading = classify(text, language)
    if phrases == NONE or (reading.urgent and reading.named) or _is_no_speech(text, language):
        return reading
    raised = standing(phrases.must_page, text, language)
    if raised:
        label = reading.label if reading.urgent else Label.EMERGENCY
        return Reading(label, _SURE, f"the centre's own phrase: {_quoted(raised)}", named=True)
    doubted = standing(phrases.must_never_page, text, language) if reading.urgent else []
    if not doubted or classify(without(doubted, text), language).urgent:
        return reading
    why = f"the centre's phrase {_quoted(doubted)} holds back a page; without it: {reading.reason}"
    return replace(reading, label=Label.ASK, reason=why)


def _is_no_speech(text: str, language: Language | None) -> bool:
    spoken = language or Language.EN
    return kind_of(text, spoken) is not None or key_of(text, spoken) is not None or is_reaction(text)


def _quoted(found: Sequence[Phrase]) -> str:
    return ", ".join(f"“{one.words}”" for one in found[:3])
