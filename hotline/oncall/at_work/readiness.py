"""Whether somebody could be reached if something happened now, as far as it is known from the last times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from hotline.model import StaffId

MISSED: Final = 2
"""Calls without an answer, one after the other: nobody is suspected for one that they slept through."""


class State(StrEnum):
    """How somebody stands, the worst first."""

    UNVERIFIED = "unverified"
    """Nobody has shown that the phone is theirs: it is never rung."""
    UNREACHED = "unreached"
    """The last calls, or the last test, went unanswered."""
    CANNOT = "cannot"
    """They said so at the last test."""
    UNTRIED = "untried"
    """They answered no call of ours within the time looked at, and missed too few to tell."""
    READY = "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTimes:
    """What is known of the last times. All of them aware; None: it never was."""

    verified: bool
    answered_at: datetime | None = None
    """A key of theirs on a call of ours."""
    text_answered_at: datetime | None = None
    """The code of a test came back."""
    missed: int = 0
    """Calls without an answer since then."""
    missed_since: datetime | None = None
    rung_at: datetime | None = None
    """When the last call of ours went to them, answered or not."""
    test_unanswered_at: datetime | None = None
    """When the last test ended without an answer, if it did."""
    cannot_since: datetime | None = None
    """When they said at the last test that they can't, if they did."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Somebody's."""

    person: StaffId
    state: State
    since: datetime | None
    """Since when it is so; None: nobody knows, or ever."""
    last: LastTimes


def judge(person: StaffId, last: LastTimes) -> Readiness:
    """How they stand. Whatever was answered last counts: a key is an answer, also to something else."""
    if not last.verified:
        return Readiness(person, State.UNVERIFIED, None, last)
    unanswered = _unless_later(last.test_unanswered_at, last.answered_at, last.text_answered_at)
    if last.missed >= MISSED or unanswered is not None:
        began = [at for at in (last.missed_since, unanswered) if at is not None]
        return Readiness(person, State.UNREACHED, min(began, default=None), last)
    cannot = _unless_later(last.cannot_since, last.text_answered_at)
    if cannot is not None:
        return Readiness(person, State.CANNOT, cannot, last)
    if last.answered_at is None:
        return Readiness(person, State.UNTRIED, None, last)
    return Readiness(person, State.READY, last.answered_at, last)


def _unless_later(at: datetime | None, *later: datetime | None) -> datetime | None:
    """This moment, if none of the others came after it."""
    return at if at is not None and all(one is None or one <= at for one in later) else None
