"""The time at which somebody wants to be called, as they wrote or said it, by their own clock."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.callbacks.daytime import in_daytime
from hotline.model import Language, PhoneNumber
from hotline.operations.callbacks.ringing_back import zones_of
from hotline.operations.transaction import Transaction
from hotline.triage.open_callback import Hour
from hotline.triage.texts import times


@dataclass(frozen=True, slots=True)
class NamedTime:
    """A moment that words name."""

    hour: Hour
    by_hour: bool
    """They named an hour, and not only a part of a day."""


def named_time(
    transaction: Transaction, number: PhoneNumber, words: str, language: Language
) -> NamedTime | None:
    """The time that the words name, moved into the daytime unless they mean the night; None if they name none."""
    zones = zones_of(transaction, number)
    named = times.understood(words, transaction.now, zones, language)
    if named is None:
        return None
    at = named.at if named.meant else in_daytime(named.at, zones)
    return NamedTime(Hour(at, named.zone), named.by_hour)
