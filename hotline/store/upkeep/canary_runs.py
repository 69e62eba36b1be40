"""The line's calls and texts to itself: when each began, when it came in, and what was wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Column, delete, select

from hotline.store.database import Tx, rows
from hotline.store.database.tables import canary_runs

_KEPT: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CanaryRun:
    """One call and one text. Times are UTC."""

    id: str
    began_at: datetime
    call_at: datetime | None = None
    """When the call came in; None: it has not."""
    text_at: datetime | None = None
    heard_at: datetime | None = None
    """When its call had heard our first words to their end."""
    reply_at: datetime | None = None
    """When the carrier was seen to have delivered our answer to its text."""
    refused: str | None = None
    """What the carrier said when one of them could not leave."""
    judged_at: datetime | None = None
    trouble: str | None = None
    """What was wrong, in words; None: nothing, or it isn't known yet."""


def begin(tx: Tx, run_id: str, now: datetime, every: timedelta) -> bool:
    """Begin one, unless another began within that time; what is long ago is forgotten."""
    rows.hold(tx, "canary")
    last = newest(tx)
    if last is not None and now - last.began_at < every:
        return False
    tx.execute(delete(canary_runs).where(canary_runs.c.began_at < now - _KEPT))
    rows.add(tx, canary_runs, {"id": run_id, "began_at": now})
    return True


def newest(tx: Tx) -> CanaryRun | None:
    """The last that began, or None."""
    return _one(tx, select(canary_runs))


def newest_judged(tx: Tx) -> CanaryRun | None:
    """The last of which is known how it went, or None."""
    return _one(tx, select(canary_runs).where(canary_runs.c.judged_at.is_not(None)))


def refused(tx: Tx, run_id: str, why: str) -> None:
    """The carrier did not take it."""
    rows.change(tx, canary_runs, [canary_runs.c.id == run_id], {"refused": why})


def called(tx: Tx, run_id: str, now: datetime) -> None:
    """Its call came in; the first time counts."""
    _note(tx, run_id, canary_runs.c.call_at, now)


def texted(tx: Tx, run_id: str, now: datetime) -> None:
    """Its text came in; the first time counts."""
    _note(tx, run_id, canary_runs.c.text_at, now)


def heard(tx: Tx, run_id: str, now: datetime) -> None:
    """Its call has heard our first words; the first time counts."""
    _note(tx, run_id, canary_runs.c.heard_at, now)


def answered(tx: Tx, run_id: str, now: datetime) -> None:
    """Our answer to its text was delivered; the first time counts."""
    _note(tx, run_id, canary_runs.c.reply_at, now)


def judge(tx: Tx, run_id: str, trouble: str | None, now: datetime) -> bool:
    """It is known how it went; False if it was already."""
    values = {"judged_at": now, "trouble": trouble}
    return (
        rows.change(tx, canary_runs, [canary_runs.c.id == run_id, canary_runs.c.judged_at.is_(None)], values)
        == 1
    )


def _note(tx: Tx, run_id: str, moment: Column[Any], now: datetime) -> None:
    rows.change(tx, canary_runs, [canary_runs.c.id == run_id, moment.is_(None)], {moment.name: now})


def _one(tx: Tx, query: rows.Query) -> CanaryRun | None:
    found = rows.one(tx, query.order_by(canary_runs.c.began_at.desc()).limit(1))
    if found is None:
        return None
    return CanaryRun(
        found.id,
        found.began_at,
        call_at=found.call_at,
        text_at=found.text_at,
        heard_at=found.heard_at,
        reply_at=found.reply_at,
        refused=found.refused,
        judged_at=found.judged_at,
        trouble=found.trouble,
    )
