"""What a leg of a member of staff was answered at each step, so that a webhook that comes again hears it again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from hotline.store.database import Tx, rows
from hotline.store.database.tables import legs

_ANSWER = "legs.answer"


def answered(tx: Tx, call_sid: str, step: str) -> str | None:
    """What this leg was answered at this step already, or None."""
    query = select(legs.c.answer).where(legs.c.call_sid == call_sid, legs.c.step == step)
    found = rows.once(tx, (legs,), (call_sid, step), lambda: tx.execute(query).scalar_one_or_none())
    return rows.opened(tx, found, _ANSWER, rows.row_key(call_sid, step))


def remember(tx: Tx, call_sid: str, step: str, sealed: str | None) -> None:
    """The same, as another question has found it in the table; None: nothing yet."""
    rows.remember(tx, (legs,), (call_sid, step), sealed)


def record_answer(tx: Tx, call_sid: str, step: str, answer: str, at: datetime) -> None:
    """Keep what it is answered (`at` in UTC). Raises Duplicate if it has been answered meanwhile."""
    sealed = tx.keys.seal(answer, _ANSWER, rows.row_key(call_sid, step))
    rows.add(tx, legs, {"call_sid": call_sid, "step": step, "answer": sealed, "at": at})
