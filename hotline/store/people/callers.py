"""What is remembered of a number across contacts: opt-out, language, how often we replied.

The number itself is kept sealed, only so that it can be found again when the keys are changed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from pydantic import TypeAdapter
from sqlalchemy import select

from hotline.model import Language, PhoneNumber, as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.tables import PHONE, callers

_NUMBER = "callers.number"

_OURS = TypeAdapter(list[str])


@dataclass(frozen=True, slots=True)
class Caller:
    """A number that has called or texted. All times are UTC."""

    lookup: str
    number: PhoneNumber = field(repr=False)
    opted_out_at: datetime | None = None
    """They want no texts, from whatever number of ours."""
    no_calls_at: datetime | None = None
    """They have asked us to call no more, and haven't asked for a call themselves since."""
    stopped: frozenset[str] = frozenset()
    """Numbers of ours from which the carrier lets no text through to them, as it has told us."""
    started: frozenset[str] = frozenset()
    """Numbers of ours to which they have written that they want texts (again)."""
    language: Language | None = None
    replies: int = 0
    """Non-emergency text replies since `replies_since`."""
    replies_since: datetime | None = None
    version: int = 0
    """0: nothing is kept yet."""

    def is_out(self, ours: str) -> bool:
        """Whether no text may, or can, go to them from this number of ours."""
        return self.opted_out_at is not None or ours in self.stopped

    def opted_out(self, at: datetime) -> Caller:
        """They have told us to stop: that holds for all of our numbers."""
        return replace(self, opted_out_at=self.opted_out_at or at, started=frozenset())

    def called_no_more(self, at: datetime) -> Caller:
        """They have told us to stop, calls too."""
        return replace(self.opted_out(at), no_calls_at=at)

    def opted_in(self, ours: str) -> Caller:
        """They have told this number of ours to begin again. At the others the carrier holds on to their stop."""
        return replace(self, opted_out_at=None, stopped=self.stopped - {ours}, started=self.started | {ours})

    def refused(self, ours: str, at: datetime) -> Caller:
        """The carrier let no text through from this number, for they had stopped it there.

        So they want none from us at all, unless they have begun again at another number of ours since.
        """
        here = replace(self, stopped=self.stopped | {ours}, started=self.started - {ours})
        return here if here.started else replace(here, opted_out_at=self.opted_out_at or at)


def get(tx: Tx, number: PhoneNumber) -> Caller:
    """What is known of this number, which is held; an empty one if nothing is."""
    rows.hold_number(tx, number)
    known = tx.found.get((callers.name, number.e164))
    if known is None:
        known = tx.found[callers.name, number.e164] = _read(tx, number)
    return cast("Caller", known)


def _read(tx: Tx, number: PhoneNumber) -> Caller:
    query = (
        select(callers)
        .where(rows.has_number(tx, callers.c.number_lookup, number))
        .order_by(callers.c.version.desc())
        .limit(1)
    )
    return _caller(tx, number, rows.one(tx, query))


def several(tx: Tx, numbers: Collection[PhoneNumber]) -> dict[PhoneNumber, Caller]:
    """What is known of each of these, in one statement; nothing is held."""
    whose = {lookup: number for number in numbers for lookup in tx.keys.lookups(number.e164, PHONE)}
    found = {number: _caller(tx, number, None) for number in numbers}
    query = select(callers).where(callers.c.number_lookup.in_(list(whose))).order_by(callers.c.version)
    for one in rows.many(tx, query) if whose else ():
        number = whose[one.number_lookup]
        found[number] = _caller(tx, number, one)
    return found


def remember(tx: Tx, number: PhoneNumber, found: rows.Found | None, prefix: str = "") -> None:
    """What another question has found of this number, if anything: its columns have this before their names."""
    values = (
        {}
        if found is None
        else {f"{column.name}": getattr(found, f"{prefix}{column.name}") for column in callers.c}
    )
    row = SimpleNamespace(**values) if values.get("number_lookup") is not None else None
    tx.found[callers.name, number.e164] = _caller(tx, number, row)


def _caller(tx: Tx, number: PhoneNumber, found: Any) -> Caller:
    if found is None:
        return Caller(tx.keys.lookup(number.e164, PHONE), number)
    return Caller(
        lookup=found.number_lookup,
        number=number,
        opted_out_at=found.opted_out_at,
        no_calls_at=found.no_calls_at,
        stopped=frozenset(_OURS.validate_json(found.stopped or "[]")),
        started=frozenset(_OURS.validate_json(found.started or "[]")),
        language=as_kept(Language, found.language) if found.language else None,
        replies=found.replies,
        replies_since=found.replies_since,
        version=found.version,
    )


def save(tx: Tx, caller: Caller) -> Caller:
    """Keep what is known. Raises Stale, or Duplicate if somebody else kept it first: start again."""
    values = {
        "number": rows.sealed_number(tx, caller.number, _NUMBER, caller.lookup),
        "opted_out_at": caller.opted_out_at,
        "no_calls_at": caller.no_calls_at,
        "stopped": rows.written(_OURS, sorted(caller.stopped)) if caller.stopped else None,
        "started": rows.written(_OURS, sorted(caller.started)) if caller.started else None,
        "language": caller.language.value if caller.language else None,
        "replies": caller.replies,
        "replies_since": caller.replies_since,
    }
    if caller.version == 0:
        rows.add(tx, callers, {"number_lookup": caller.lookup, "version": 1, **values})
    else:
        rows.save(tx, callers, {"number_lookup": caller.lookup}, caller.version, values)
    kept = replace(caller, version=caller.version + 1)
    tx.found[callers.name, caller.number.e164] = kept
    return kept
