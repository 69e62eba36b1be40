"""What was found when everything was looked over: data, for the command, for JSON and for the page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from hotline.worded import again, kept


class Severity(StrEnum):
    """How bad it is."""

    WRONG = "wrong"
    """Somebody who needs help is, or will be, worse off for it."""
    DOUBTFUL = "doubtful"
    """It may be meant so, or could not be seen from here: a person decides."""
    GOOD = "good"


class Topic(StrEnum):
    """What it is about, in the order in which a call meets it."""

    SETTINGS = "Settings"
    ACCOUNT = "Account at the carrier"
    NUMBERS = "Numbers"
    OUTAGE = "While nothing of ours answers"
    TEXTING = "Texts"
    CALLING = "Our calls to people"
    MACHINE = "This machine"
    DATABASE = "Database"
    BACKUPS = "Backups"
    PEOPLE = "Staff"
    WORDS = "What is said"
    BY_HAND = "What only a person can see"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    topic: Topic
    key: str
    """Which look it was, in a word that stays the same: "number.voice"."""
    severity: Severity
    what: str
    """What is so, in one sentence without anybody's number or name but those of the line and the staff."""
    callers: str = ""
    """What it does to callers; empty when all is well."""
    mend: str = ""
    """How to mend it; empty when all is well."""


def wrong(topic: Topic, key: str, what: str, callers: str, mend: str) -> Finding:
    """Something that must be mended."""
    return Finding(topic, key, Severity.WRONG, what, callers, mend)


def doubtful(topic: Topic, key: str, what: str, callers: str, mend: str) -> Finding:
    """Something that a person should look at."""
    return Finding(topic, key, Severity.DOUBTFUL, what, callers, mend)


def good(topic: Topic, key: str, what: str) -> Finding:
    """Something that is as it should be."""
    return Finding(topic, key, Severity.GOOD, what)


_ORDER: Final = tuple(Severity)
_TOPICS: Final = tuple(Topic)


def worst_first(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """By severity, then by topic; what is alike stays in its order."""
    return tuple(sorted(found, key=lambda one: (_ORDER.index(one.severity), _TOPICS.index(one.topic))))


def is_wrong(found: Iterable[Finding]) -> bool:
    """Whether anything must be mended."""
    return any(one.severity is Severity.WRONG for one in found)


def counted(found: Iterable[Finding]) -> dict[Severity, int]:
    """How many there are of each severity."""
    given = [one.severity for one in found]
    return {severity: given.count(severity) for severity in Severity}


def as_rows(found: Sequence[Finding]) -> list[dict[str, str]]:
    """As plain data, for JSON."""
    return [
        {
            "severity": one.severity.value,
            "topic": one.topic.value,
            "key": one.key,
            "what": one.what,
            "callers": one.callers,
            "mend": one.mend,
        }
        for one in found
    ]


def written(found: Sequence[Finding]) -> str:
    """As it is kept: in English, and how its sentences were made, for readers of other languages."""
    rows = [
        {**row, "made": [kept(words) for words in _said(one)]}
        for row, one in zip(as_rows(found), found, strict=True)
    ]
    return json.dumps(rows, ensure_ascii=False)


def read(text: str) -> tuple[Finding, ...]:
    """What `written` wrote, in this version or in another; what nobody knows any more is left out."""
    known = {one.value for one in Topic}
    return tuple(
        Finding(Topic(one["topic"]), one["key"], Severity(one["severity"]), *_sentences(one))
        for one in json.loads(text)
        if one["topic"] in known
    )


def _said(one: Finding) -> tuple[str, str, str]:
    return one.what, one.callers, one.mend


def _sentences(row: dict[str, Any]) -> tuple[str, str, str]:
    """As they were made; in English alone, if an earlier version has kept them."""
    what, callers, mend = row.get("made") or (row["what"], row["callers"], row["mend"])
    return again(what), again(callers), again(mend)
