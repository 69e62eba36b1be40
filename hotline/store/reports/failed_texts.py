"""Whom of the staff no text of ours reaches: since when, and by which code of the carrier's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, select

from hotline.effects import OriginKind, SendText
from hotline.model import StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import outbox, pages
from hotline.store.traffic.outbox import EffectStatus


@dataclass(frozen=True, slots=True)
class FailedTexts:
    """The texts to one person that failed after the last one that did not. Times are UTC."""

    since: datetime
    last_at: datetime
    texts: int
    error: str | None
    """Of the last one: the carrier's code, or a word of ours."""


def since(tx: Tx, at: datetime) -> dict[StaffId, FailedTexts]:
    """Whose last text since then failed, or is reported as not having arrived. Two statements; one if none failed."""
    person = case(
        (outbox.c.subject_kind == OriginKind.PAGE.value, pages.c.staff_id), else_=outbox.c.subject_id
    ).label("person")
    kinds = outbox.c.subject_kind.in_([OriginKind.PAGE.value, OriginKind.STAFF.value])
    texts = and_(outbox.c.kind == SendText.__name__, kinds, outbox.c.created_at >= at)
    table = outbox.outerjoin(pages, pages.c.id == outbox.c.subject_id)
    sent = outbox.c.status == EffectStatus.SENT.value
    failed = outbox.c.error.is_not(None) & (sent | (outbox.c.status == EffectStatus.FAILED.value))
    in_vain = rows.many(
        tx,
        select(person, outbox.c.created_at, outbox.c.error)
        .select_from(table)
        .where(texts, failed)
        .order_by(outbox.c.created_at, outbox.c.id),
    )
    if not in_vain:
        return {}
    arrived = select(person, func.max(outbox.c.created_at).label("last")).select_from(table)
    arrived = arrived.where(texts, sent, outbox.c.error.is_(None)).group_by(person)
    last = {one.person: one.last for one in rows.many(tx, arrived)}
    theirs: dict[str, list[rows.Found]] = {}
    for one in in_vain:
        if one.person not in last or one.created_at > last[one.person]:
            theirs.setdefault(one.person, []).append(one)
    return {
        StaffId(who): FailedTexts(
            several[0].created_at, several[-1].created_at, len(several), several[-1].error
        )
        for who, several in theirs.items()
    }
