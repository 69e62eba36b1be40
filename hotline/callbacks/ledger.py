"""The ledger of promises: what was promised when, and what became of it. It is written once and never corrected.

Theory of operation
-------------------
A callback changes as long as it is open: another line, another time, an emergency. What was said to somebody doesn't,
so each promise that was made is an entry of its own, for the line and the time that it named:

    made      when it was said; a callback that is opened, or is to be made at another time or for another line than
              promised so far, is a new promise, and replaces the one before if that is still open.
    tried     the first attempt since it was made: the caller's telephone rang, or they called by themselves, on
              whatever line, and talk with a human: from the moment in which they do, however long it takes.
    ended     there is nothing to be tried any more, before anything was: they withdrew it, it was replaced, or they
              are in an emergency now, which has times of its own. One that nothing but a word has kept ("they called
              themselves, and we talked") ends, too, when that word is taken back: until then it was told as kept.
              So it is when they were gone before whoever was put through to them could speak.
    goes on   what had ended it, or a word that had kept it, was undone: it is the same promise, made when it was and
              for the same time. Until then it is told by the entry that ended, from then on by one more entry instead
              (`stands_until`, `stands_from`): at any moment by exactly one of them.
    merged    with another callback of the same person: what the one that stays is due by replaces both. Given back, the
              other goes on, and the one that stayed is due when it was.

What became of a promise follows from these times alone, at any moment that is asked about (`became`), so that a
report about a day in the past is the same tomorrow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from hotline.callbacks.callback import Callback, CallbackKind
from hotline.model import KeptWord, Line, Outcome

_TALKED = frozenset({Outcome.REACHED, Outcome.BOOKED_INTAKE, Outcome.NOT_ADMITTED, Outcome.REFERRED})
"""Closed so without an attempt of ours: they called themselves, and talked with somebody."""


class End(KeptWord):
    """Why nothing was to be tried any more."""

    WITHDRAWN = "withdrawn"
    """They asked for nothing more, or staff closed it untried."""
    REPLACED = "replaced"
    """Another time or another line was promised instead."""
    EMERGENCY = "emergency"
    """They are in an emergency, and are rung back as such."""


class Became(StrEnum):
    """What became of a promise."""

    KEPT = "kept"
    LATE = "late"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One promise to ring somebody back. Every datetime is aware and in UTC."""

    line: Line
    made_at: datetime
    promised_at: datetime
    """The time by which they were to be rung."""
    tried_at: datetime | None = None
    ended_at: datetime | None = None
    ended: End | None = None
    stands_from: datetime | None = None
    """From when on it is told by this entry; None: since it was made."""
    stands_until: datetime | None = None
    """From when on it is told by a later entry instead; None: by no other."""

    @property
    def is_open(self) -> bool:
        """Whether it has been neither tried nor ended."""
        return self.tried_at is None and self.ended_at is None

    @property
    def was_in_time(self) -> bool:
        """Whether it was tried, or ended untried, by the time that was promised."""
        over_at = self.tried_at or self.ended_at
        return over_at is not None and over_at <= self.promised_at


def follow(
    last: Promise | None,
    before: Callback | None,
    after: Callback,
    now: datetime,
    *,
    closed_at: datetime | None = None,
) -> tuple[Promise, ...]:
    """What to write down when a callback goes from `before` (None: it is new) to `after` at `now`.

    `last` is the callback's newest entry; `closed_at` is when `before` was closed, if it was. The first of the result
    is `last` as it stands then, if it has changed: it is open no more. One that is open is new.
    """
    asked = after.kind is CallbackKind.ASKED
    if last is None:
        return (_made(after, now),) if asked and after.is_open and after.line is not Line.EMERGENCY else ()
    if not asked:
        # It was theirs by being merged only, and is again what we owe ourselves.
        return (_ended(last, End.REPLACED, now),) if last.is_open else ()
    if last.is_open:
        return _go_on(last, before, after, now)
    by_a_word = closed_at is not None and last.tried_at == closed_at and last.ended_at is None
    if by_a_word and last.was_in_time and _is_taken_back(before, after):
        return _goes_on(last, now) if after.is_open else (_ended(last, End.WITHDRAWN, now),)
    if _is_new(last, before, after):
        return (_made(after, now),)
    return _goes_on(last, now) if _is_undone(last, before, after) else ()


def talk(last: Promise, now: datetime) -> tuple[Promise, ...]:
    """They called by themselves, and are with a human from `now` on. Nothing, if something was settled before."""
    return (replace(last, tried_at=now),) if last.is_open else ()


def never_talked(last: Promise, after: Callback, at: datetime, now: datetime) -> tuple[Promise, ...]:
    """The talk that began `at` was none: they were gone. What it has kept goes on; if the talk had closed the callback
    (`after`), another promise takes its place."""
    if last.tried_at != at or last.ended_at is not None or not last.was_in_time:
        return ()
    return _goes_on(last, now) if after.is_open else (_ended(last, End.REPLACED, now),)


def _made(callback: Callback, now: datetime) -> Promise:
    return Promise(line=callback.line, made_at=now, promised_at=max(now, callback.promised_at))


def _go_on(last: Promise, before: Callback | None, after: Callback, now: datetime) -> tuple[Promise, ...]:
    if after.is_with_caller or _was_tried(before, after):
        return (replace(last, tried_at=now),)
    if not after.is_open:
        if after.outcome in _TALKED:
            return (replace(last, tried_at=now),)
        merged = after.outcome is Outcome.MERGED
        return (_ended(last, End.REPLACED if merged else End.WITHDRAWN, now),)
    if after.line is Line.EMERGENCY:
        return (_ended(last, End.EMERGENCY, now),)
    same = after.line is last.line and after.promised_at == (before.promised_at if before else None)
    return () if same else (_ended(last, End.REPLACED, now), _made(after, now))


def _goes_on(last: Promise, now: datetime) -> tuple[Promise, ...]:
    anew = Promise(line=last.line, made_at=last.made_at, promised_at=last.promised_at, stands_from=now)
    return replace(last, stands_until=now), anew


def _was_tried(before: Callback | None, after: Callback) -> bool:
    """An attempt takes it somewhere else; where it stays, attempts of old were only given back to it."""
    return before is None or (after.attempts > before.attempts and after.status is not before.status)


def _ended(last: Promise, why: End, now: datetime) -> Promise:
    return replace(last, ended=why, ended_at=now)


def _is_taken_back(before: Callback | None, after: Callback) -> bool:
    """Whether it isn't so that they have talked: it is open again as it was, or was closed for another reason."""
    if before is None or before.is_open:
        return False
    return after.promised_at == before.promised_at if after.is_open else after.outcome not in _TALKED


def _is_new(last: Promise, before: Callback | None, after: Callback) -> bool:
    """Whether they have been promised something since it was tried or ended: they asked again, or for a time of theirs.

    That it is tried again by itself after an attempt in vain was promised to nobody.
    """
    if before is None or not after.is_open or after.is_with_caller or after.line is Line.EMERGENCY:
        return False
    asked = after.repeats > before.repeats
    chose = after.asked_later and (not before.asked_later or after.promised_at != before.promised_at)
    return asked or chose


def _is_undone(last: Promise, before: Callback | None, after: Callback) -> bool:
    """Whether it is open again, for it was closed by mistake: as it was, or to be tried later (a wrong number was
    none, and nobody answered there). What they had been promised is still what they had been promised."""
    if before is None or before.is_open or not after.is_open or after.line is Line.EMERGENCY:
        return False
    if before.outcome is Outcome.MERGED and last.ended is End.REPLACED:
        return last.was_in_time and after.promised_at == before.promised_at
    return last.ended is End.WITHDRAWN and last.was_in_time
