"""How far the carrier's own lists have been read, and what was taken up from them because nothing else told of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, delete, func, select

from hotline.carrier_words import FINAL_RANK
from hotline.model import KeptWord
from hotline.store.database import Tx, rows
from hotline.store.database.tables import carrier_lists, contacts, legs, messages, outbox, taken_up

_READ, _FIRST = "read", "first"
_AT_ONCE: Final = 400
"""Ids in one statement."""
KEPT: Final = timedelta(days=30)


class TakenUpKind(KeptWord):
    """What was taken up."""

    CALL = "call"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class TakenUp:
    """How much was taken up. Times are UTC."""

    calls: int = 0
    texts: int = 0
    hidden: int = 0
    """Of the calls, those with a withheld number."""
    since: datetime | None = None
    """When the first of them called or wrote; None if there was nothing."""


@dataclass(frozen=True, slots=True)
class ListMark:
    """How far the lists have been read. Times are UTC."""

    read_to: datetime
    """Everything of before has been seen to."""
    first_at: datetime
    """When they were read for the first time: what is older is nothing of ours."""
    looked_at: datetime


def mark(tx: Tx) -> ListMark | None:
    """How far they have been read; None: never yet."""
    found = {one.name: one for one in rows.many(tx, select(carrier_lists))}
    if _READ not in found:
        return None
    return ListMark(found[_READ].read_to, found[_FIRST].read_to, found[_READ].looked_at)


def read_to(tx: Tx, until: datetime, now: datetime) -> None:
    """Everything of before `until` has been seen to."""
    values = {"read_to": until, "looked_at": now}
    if rows.add_if_new(tx, carrier_lists, {"name": _READ, **values}):
        rows.add_if_new(tx, carrier_lists, {"name": _FIRST, **values})
    else:
        rows.change(tx, carrier_lists, [carrier_lists.c.name == _READ], values)


def unknown(tx: Tx, sids: Collection[str]) -> frozenset[str]:
    """Those calls and messages that nothing here stands for."""
    known: set[str] = set()
    for column in (contacts.c.provider_sid, messages.c.provider_sid, legs.c.call_sid):
        known |= _among(tx, select(column), column, sids)
    return frozenset(sids) - known


def unsettled(tx: Tx, sids: Collection[str]) -> frozenset[str]:
    """Those texts to callers whose end has not been heard of."""
    column = messages.c.provider_sid
    return frozenset(_among(tx, select(column).where(messages.c.status_rank < FINAL_RANK), column, sids))


def untroubled(tx: Tx, sids: Collection[str]) -> frozenset[str]:
    """Those that were sent, to staff too, and of which no trouble is known: of a text to staff only that is kept."""
    column = outbox.c.provider_sid
    return frozenset(_among(tx, select(column).where(outbox.c.error.is_(None)), column, sids))


def _among(tx: Tx, query: Select[tuple[str]], column: rows.Condition, sids: Collection[str]) -> set[str]:
    asked = list(sids)
    parts = [asked[first : first + _AT_ONCE] for first in range(0, len(asked), _AT_ONCE)]
    return {one[0] for some in parts for one in tx.execute(query.where(column.in_(some))).all()}


def note(tx: Tx, sid: str, kind: TakenUpKind, at: datetime, now: datetime, *, hidden: bool = False) -> bool:
    """It is taken up in this very transaction; False if it was already: then leave it."""
    values = {"sid": sid, "kind": kind.value, "at": at, "taken_at": now, "hidden": hidden, "told": False}
    return rows.add_if_new(tx, taken_up, values)


def untold(tx: Tx) -> TakenUp:
    """What was taken up and nobody has been told of."""
    return _counted(tx, taken_up.c.told.is_(False))


def tell(tx: Tx, now: datetime) -> None:
    """Somebody has been told of all of it. What is long ago is forgotten."""
    rows.change(tx, taken_up, [taken_up.c.told.is_(False)], {"told": True})
    tx.execute(delete(taken_up).where(taken_up.c.taken_at < now - KEPT))


def since(tx: Tx, then: datetime) -> TakenUp:
    """What was taken up since then (UTC)."""
    return _counted(tx, taken_up.c.taken_at >= then)


def _counted(tx: Tx, which: rows.Condition) -> TakenUp:
    query = select(
        taken_up.c.kind, taken_up.c.hidden, func.count().label("n"), func.min(taken_up.c.at).label("at")
    )
    found = rows.many(tx, query.where(which).group_by(taken_up.c.kind, taken_up.c.hidden))
    return TakenUp(
        calls=sum(one.n for one in found if one.kind == TakenUpKind.CALL),
        texts=sum(one.n for one in found if one.kind == TakenUpKind.TEXT),
        hidden=sum(one.n for one in found if one.hidden),
        since=min((one.at for one in found), default=None),
    )
