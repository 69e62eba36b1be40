"""A step of a leg of somebody on the staff: what it was answered, its page, and what that is about. One statement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, bindparam, select

from hotline.model import PageId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import escalations, legs, pages
from hotline.store.traffic import staff_turns

_PAGE, _ABOUT = "page_", "about_"
_QUERY: Select[Any] = (
    select(*rows.prefixed(pages, _PAGE), *rows.prefixed(escalations, _ABOUT), legs.c.answer)
    .select_from(
        pages.join(escalations, escalations.c.id == pages.c.escalation_id).outerjoin(
            legs, and_(legs.c.call_sid == bindparam("call"), legs.c.step == bindparam("step"))
        )
    )
    .where(pages.c.id == bindparam("page"))
)


def look(tx: Tx, page_id: PageId, call_sid: str, step: str) -> None:
    """Nobody need ask for any of it any more. The room is held; nothing is known of a page that isn't ours."""
    found = _read(tx, page_id, call_sid, step)
    while found is not None and rows.hold(tx, found.about_room):
        found = _read(tx, page_id, call_sid, step)
    if found is None:
        return
    for table, prefix in ((pages, _PAGE), (escalations, _ABOUT)):
        one = rows.part(found, table, prefix)
        if one is not None:
            rows.keep(tx, table, one)
    staff_turns.remember(tx, call_sid, step, found.answer)


def _read(tx: Tx, page_id: PageId, call_sid: str, step: str) -> Any:
    return tx.execute(_QUERY, {"page": page_id, "call": call_sid, "step": step}).first()
