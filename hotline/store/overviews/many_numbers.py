"""What is known of many numbers, for a page that shows them all: one statement.

What was found is kept for this transaction where `callers`, `blocks` and `messages` would look for it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Text,
    bindparam,
    exists,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy import cast as as_type

from hotline.carrier_words import LANDLINE
from hotline.model import PhoneNumber
from hotline.store.database import Tx, UtcMicros, rows
from hotline.store.database.tables import PHONE, blocks, callers, messages
from hotline.store.people import blocks as block_rows
from hotline.store.people import callers as caller_rows
from hotline.store.traffic import messages as message_rows
from hotline.store.traffic.messages import Direction

_LOOKUPS: BindParameter[Any] = bindparam("lookups", expanding=True)
_NOW = bindparam("now", type_=UtcMicros)
_CALLER, _BLOCK, _LETTER = "caller", "block", "letter"
_later = messages.alias("later")


def _part(
    kind: str,
    lookup: ColumnElement[Any],
    *,
    word: ColumnElement[Any] | None = None,
    at: ColumnElement[Any] | None = None,
    known: bool = False,
) -> rows.Query:
    return select(
        literal(kind).label("kind"),
        lookup.label("found_by"),
        (as_type(null(), Text) if word is None else word).label("word"),
        (as_type(null(), UtcMicros) if at is None else at).label("at"),
        *((column if known else as_type(null(), column.type).label(column.name)) for column in callers.c),
    ).where(lookup.in_(_LOOKUPS))


_IS_LAST = ~exists().where(
    _later.c.number_lookup == messages.c.number_lookup,
    _later.c.direction == Direction.OUT.value,
    or_(
        _later.c.at > messages.c.at,
        (_later.c.at == messages.c.at) & (_later.c.id < messages.c.id),
    ),
)
_MANY = union_all(
    _part(_CALLER, callers.c.number_lookup, known=True),
    _part(_BLOCK, blocks.c.number_lookup, word=blocks.c.id).where(
        or_(blocks.c.expires_at.is_(None), blocks.c.expires_at > _NOW)
    ),
    _part(_LETTER, messages.c.number_lookup, word=messages.c.error, at=messages.c.at).where(
        messages.c.direction == Direction.OUT.value, _IS_LAST
    ),
)


def look(tx: Tx, numbers: Collection[PhoneNumber], now: datetime) -> None:
    """Who of these has ended texts, is on the block list now (UTC), or can't be texted."""
    if not numbers:
        return
    whose = {lookup: one for one in set(numbers) for lookup in tx.keys.lookups(one.e164, PHONE)}
    found: dict[tuple[PhoneNumber, str], list[Any]] = {}
    for one in tx.execute(_MANY, {"lookups": sorted(whose), "now": now}):
        found.setdefault((whose[one.found_by], one.kind), []).append(one)
    for number in set(numbers):
        kept = max(found.get((number, _CALLER), ()), key=lambda one: one.version, default=None)
        caller_rows.remember(tx, number, kept)
        block = next((one.word for one in found.get((number, _BLOCK), ())), None)
        block_rows.remember(tx, number, now, block)
        last = max(found.get((number, _LETTER), ()), key=lambda one: one.at, default=None)
        message_rows.remember_landline(tx, number, is_landline=last is not None and last.word == LANDLINE)
