"""Which sentence each recording was made for: noted when Hotline first starts with the recording, or without it.

A recording is known by its sound. Its sentence may change after that, by the centre or with a new version of Hotline,
and the recording goes on saying what was said before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hotline.model import AuditAction, AuditKind, Channel, Language
from hotline.operations.transaction import Transaction
from hotline.prompts import version_of
from hotline.store.people import audit

RecordingKey = tuple[Language, str]
GONE_LATELY: Final = timedelta(days=14)
"""So long it is told that a recording is there no more: whoever took it out knows."""
_GONE: Final = "gone"
"""In place of the sound: there is none."""
_NO_WORD: Final = re.compile(r"[\W_]+")


def note(transaction: Transaction) -> int:
    """Note each recording that sounds otherwise than at the last start, and of what words it is, and each that is there
    no more; how many these are."""
    here = {key: sound.digest for key, sound in transaction.application.prompts.recordings.items()}
    known = {key: noted.sound for key, noted in _noted(transaction).items()}
    now = {**dict.fromkeys(known, _GONE), **here}
    new = sorted((key, sound) for key, sound in now.items() if known.get(key) != sound)
    for key, sound in new:
        words = f" {_words(transaction, key)}" if key in here else ""
        transaction.audit(
            AuditAction.RECORDING_CHANGED, AuditKind.SETTINGS, _id(key), detail=f"{sound}{words}"
        )
    return len(new)


def gone(transaction: Transaction) -> list[RecordingKey]:
    """Recordings that were there, and were missing at a start of the last two weeks and since."""
    since = transaction.now - GONE_LATELY
    return sorted(
        key for key, noted in _noted(transaction).items() if noted.sound == _GONE and noted.at >= since
    )


def outdated(transaction: Transaction) -> list[RecordingKey]:
    """Recordings whose sentence had other words when they were noted; another comma is no other word."""
    noted = _noted(transaction)
    return [
        key
        for key, sound in sorted(transaction.application.prompts.recordings.items())
        if key in noted and noted[key].sound == sound.digest and noted[key].words != _words(transaction, key)
    ]


@dataclass(frozen=True, slots=True)
class _Noted:
    sound: str
    words: str
    at: datetime


def _noted(transaction: Transaction) -> dict[RecordingKey, _Noted]:
    """Of each sentence that was ever recorded, its sound and the words that was of, as noted last."""
    spoken = transaction.application.prompts.sentences
    keys = {
        _id((language, key)): (language, key) for language, channel, key in spoken if channel is Channel.VOICE
    }
    begins = f"{AuditAction.RECORDING_CHANGED} "
    last: dict[RecordingKey, _Noted] = {}
    for entry in audit.about_any(transaction.tx, AuditKind.SETTINGS, keys):
        if entry.action.startswith(begins):
            sound, _, words = entry.action.removeprefix(begins).partition(" ")
            last[keys[entry.subject_id]] = _Noted(sound, words, entry.at)
    return last


def _words(transaction: Transaction, key: RecordingKey) -> str:
    language, name = key
    said = transaction.application.prompts.sentences[(language, Channel.VOICE, name)]
    return version_of(" ".join(_NO_WORD.sub(" ", said.casefold()).split()))


def _id(key: RecordingKey) -> str:
    language, name = key
    return f"{language.value}.recording.{name}"
