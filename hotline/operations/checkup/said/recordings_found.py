"""Recordings: those that are missing where no voice can stand in for them, those that are gone, and those that say what
was said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from hotline.operations.checkup.finding import Finding, Topic, doubtful
from hotline.operations.looking_back import recording_history
from hotline.operations.looking_back.recording_history import RecordingKey
from hotline.operations.transaction import Transaction
from hotline.settings.sentences import UNSPOKEN, unrecorded
from hotline.worded import worded, worded_many

_NAMED: Final = 8
"""At most so many are named."""


def recordings(transaction: Transaction) -> Iterator[Finding]:
    """Of the languages that are on. A recording is old if other words were to be said when Hotline first started
    with it."""
    said, languages = transaction.application.prompts, transaction.settings.centre.line.languages
    yield from _old(transaction)
    yield from _gone(transaction)
    for language in UNSPOKEN:
        if language not in languages or language not in {one for one, _ in said.recordings}:
            continue  # without a single one it is told elsewhere
        lacking = unrecorded(said, language)
        if lacking:
            yield doubtful(
                Topic.WORDS,
                "words.recordings_missing",
                worded_many(
                    "%(num)s sentence has no recording in a language for which the carrier has no voice: %(which)s.",
                    "%(num)s sentences have no recording in a language for which the carrier has no voice: %(which)s.",
                    len(lacking),
                    which=_named((language, key) for key in lacking),
                ),
                worded("A French voice reads them: some who chose Creole will not understand what to do."),
                worded(
                    "Have them recorded: docs/languages.md says how, and `hotline prompts check` names each."
                ),
            )


def _old(transaction: Transaction) -> Iterator[Finding]:
    if old := recording_history.outdated(transaction):
        yield doubtful(
            Topic.WORDS,
            "words.recordings_old",
            worded_many(
                "%(num)s sentence has changed since it was recorded: %(which)s.",
                "%(num)s sentences have changed since they were recorded: %(which)s.",
                len(old),
                which=_named(old),
            ),
            worded("Callers hear what was said before: a key or a number in it may be no longer so."),
            worded("Record what is said now, or take the old recording out, then restart."),
        )


def _gone(transaction: Transaction) -> Iterator[Finding]:
    if gone := recording_history.gone(transaction):
        yield doubtful(
            Topic.WORDS,
            "words.recordings_gone",
            worded_many(
                "%(num)s recording is gone: %(which)s.",
                "%(num)s recordings are gone: %(which)s.",
                len(gone),
                which=_named(gone),
            ),
            worded("The carrier's voice reads these sentences to callers instead."),
            worded(
                "Put the files back into the folder that [voices] recordings names, on each machine, and restart. If "
                "you took them out yourself, nothing is to be done: this is told for two weeks."
            ),
        )


def _named(keys: Iterable[RecordingKey]) -> str:
    every = [f"{language.value}/{key}" for language, key in keys]
    return ", ".join((*every[:_NAMED], *(("...",) if every[_NAMED:] else ())))
