"""How a text was read, put for those who must decide whether that was right. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from hotline.console.language.speech import Words, gettext
from hotline.store.traffic.readings import Did, Judgement, KeptReading
from hotline.triage.urgency import Label

JUDGEMENTS: Final[Mapping[Judgement, str]] = Words(
    {
        Judgement.EMERGENCY: "This was an emergency",
        Judgement.NO_EMERGENCY: "This was not an emergency",
    }
)
"""What may be said of a text: its buttons, and what stands there afterwards."""
_LABELS: Final[Mapping[str, str]] = Words(
    {
        Label.EMERGENCY: "an emergency",
        Label.SUICIDE: "danger to their own life",
        Label.ASK: "perhaps dangerous",
        Label.OPT_OUT: "a wish for no more texts",
        Label.HELP: "a question who we are",
        Label.ADMISSIONS: "about treatment",
        Label.FAMILY: "about somebody else's use",
        Label.STOP_LIKE: "perhaps a wish for no more texts",
        Label.OTHER: "ordinary",
    }
)
_URGENT: Final = (Label.EMERGENCY, Label.SUICIDE)
_UNSURE: Final = "unsure: "
_LIKE: Final = "reads like "
_MARKS: Final = re.compile(r"[<>^~$]")
"""Of the reader's own on features: where one begins, what concept it is, what it sounds like."""


def reason(kept: KeptReading) -> str:
    """Why this text paged, was put before a person, or neither; it quotes the text."""
    why, score = _plain(kept.why.reason), gettext("score %(score)s", score=f"{kept.why.confidence:.2f}")
    if kept.label == Label.ASK:
        return f"{_who(kept)}: {_doubt(kept.why.reason, score)}."
    if kept.label in _URGENT and kept.did is not Did.PAGED:
        return gettext(
            "%(who)s: perhaps %(labels)s, by a hint and %(score)s: %(why)s.",
            who=_who(kept),
            labels=_LABELS[kept.label],
            score=score,
            why=why,
        )
    what = gettext("Read as %(label)s", label=_LABELS.get(kept.label, kept.label))
    if kept.label in _URGENT:
        if kept.named:
            return gettext("%(what)s, named: %(why)s.", what=what, why=why)
        return gettext("%(what)s, by a hint and %(score)s: %(why)s.", what=what, score=score, why=why)
    if kept.did is Did.ASKED:
        return gettext(
            "A person was asked, as the menu can't answer it. %(what)s; no danger found.", what=what
        )
    return gettext("%(what)s; no danger found.", what=what) if kept.did is Did.OTHER else f"{what}: {why}."


def _who(kept: KeptReading) -> str:
    return gettext("A person was asked") if kept.did is Did.ASKED else gettext("Not paged")


def _doubt(given: str, score: str) -> str:
    found = given.removeprefix(_UNSURE)
    if not given.startswith(_UNSURE):
        return f"{score}, {_plain(given)}"
    if found.startswith(_LIKE):
        return gettext("%(score)s, no named danger. It %(plain)s", score=score, plain=_plain(found))
    return gettext(
        "%(score)s, which speaks against what was found: %(plain)s", score=score, plain=_plain(found)
    )


def _plain(given: str) -> str:
    """Without the reader's own marks; what it calls by a concept's name in small letters."""
    quoted = re.sub(r"“([^”]*)”", lambda seen: f"“{_unmarked(seen[1])}”", given)
    for label in _URGENT:
        quoted = quoted.replace(f"{_LIKE}{label.value}", f"{_LIKE}{_LABELS[label]}")
    return quoted


def _unmarked(feature: str) -> str:
    plain = _MARKS.sub("", feature).strip().replace("_", " ")
    return plain.lower() if plain.isupper() and feature.startswith("<") else plain
