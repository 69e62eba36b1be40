"""Which sentence of the line said what, and since when: noted when Hotline starts with other words than before.

Whoever changes `hotline.toml` changes a file, and isn't known here; when it held, and what stood there before, is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hotline.model import AuditAction, AuditKind, Channel, Language
from hotline.operations.transaction import Transaction
from hotline.prompts import Prompts
from hotline.store.people import audit

_AS_IT_CAME: Final = "as it came"
SentenceKey = tuple[Language, Channel, str]


@dataclass(frozen=True, slots=True)
class HeldSentence:
    """What a sentence said from this start on (UTC)."""

    since: datetime
    words: str | None
    """None: as it came with Hotline."""


def note(transaction: Transaction) -> int:
    """Note each sentence that says something else than at the last start; how many do."""
    held = transaction.settings.wording.sentences
    before = _last(transaction)
    changed = 0
    for key in sorted({*held, *before}):
        words = held.get(key)
        if words == before.get(key):
            continue
        changed += 1
        transaction.audit(
            AuditAction.SENTENCE_CHANGED, AuditKind.SETTINGS, _id(key), detail=words or _AS_IT_CAME
        )
    return changed


def look(transaction: Transaction, prompts: Prompts) -> Mapping[SentenceKey, tuple[HeldSentence, ...]]:
    """Of each sentence that was ever in the centre's words, what it said and since when, the latest first."""
    found: dict[SentenceKey, tuple[HeldSentence, ...]] = {}
    for key, one in _noted(transaction, prompts):
        found[key] = (one, *found.get(key, ()))
    return found


def _last(transaction: Transaction) -> dict[SentenceKey, str]:
    last = {key: one.words for key, one in _noted(transaction, transaction.application.prompts)}
    return {key: words for key, words in last.items() if words is not None}


def _noted(transaction: Transaction, prompts: Prompts) -> Iterator[tuple[SentenceKey, HeldSentence]]:
    keys = {_id(key): key for key in (*prompts.sentences, *transaction.settings.wording.sentences)}
    begins = f"{AuditAction.SENTENCE_CHANGED} "
    for entry in audit.about_any(transaction.tx, AuditKind.SETTINGS, keys):
        words = entry.action.removeprefix(begins)
        yield keys[entry.subject_id], HeldSentence(entry.at, None if words == _AS_IT_CAME else words)


def _id(key: SentenceKey) -> str:
    language, channel, name = key
    return f"{language}.{channel}.{name}"
