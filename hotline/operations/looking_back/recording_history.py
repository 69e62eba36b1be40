"""Which sentence each recording was made for: noted when Hotline first starts with the recording.

A recording is known by its sound. Its sentence may change after that, by the centre or with a new version of Hotline,
and the recording goes on saying what was said before.
"""

from __future__ import annotations

import re
from typing import Final

from hotline.model import AuditAction, AuditKind, Channel, Language
from hotline.operations.transaction import Transaction
from hotline.prompts import version_of
from hotline.store.people import audit

RecordingKey = tuple[Language, str]
_NO_WORD: Final = re.compile(r"[\W_]+")


def note(transaction: Transaction) -> int:
    """Note each recording that sounds otherwise than at the last start, and of what words it is; how many do."""
    known = _noted(transaction)
    new = [
        (key, sound.digest)
        for key, sound in sorted(transaction.application.prompts.recordings.items())
        if known.get(key, ("", ""))[0] != sound.digest
    ]
    for key, digest in new:
        transaction.audit(
            AuditAction.RECORDING_CHANGED,
            AuditKind.SETTINGS,
            _id(key),
            detail=f"{digest} {_words(transaction, key)}",
        )
    return len(new)


def outdated(transaction: Transaction) -> list[RecordingKey]:
    """Recordings whose sentence had other words when they were noted; another comma is no other word."""
    noted = _noted(transaction)
    return [
        key
        for key, sound in sorted(transaction.application.prompts.recordings.items())
        if key in noted and noted[key][0] == sound.digest and noted[key][1] != _words(transaction, key)
    ]


def _noted(transaction: Transaction) -> dict[RecordingKey, tuple[str, str]]:
    """Of each recording that is there and was noted, its sound and the words it is of, as noted last."""
    keys = {_id(key): key for key in transaction.application.prompts.recordings}
    begins = f"{AuditAction.RECORDING_CHANGED} "
    last: dict[RecordingKey, tuple[str, str]] = {}
    for entry in audit.about_any(transaction.tx, AuditKind.SETTINGS, keys) if keys else ():
        if entry.action.startswith(begins):
            digest, _, words = entry.action.removeprefix(begins).partition(" ")
            last[keys[entry.subject_id]] = (digest, words)
    return last


def _words(transaction: Transaction, key: RecordingKey) -> str:
    language, name = key
    said = transaction.application.prompts.sentences[(language, Channel.VOICE, name)]
    return version_of(" ".join(_NO_WORD.sub(" ", said.casefold()).split()))


def _id(key: RecordingKey) -> str:
    language, name = key
    return f"{language.value}.recording.{name}"
