"""Calls that are taken for running, and when each was last heard of. Nothing here is locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select

from hotline.effects import Origin, OriginKind
from hotline.model import Channel, How
from hotline.store.cases.pages import OPEN
from hotline.store.database import Tx, rows
from hotline.store.database.tables import LISTENS, calls_seen, contacts, hand_offs, listeners, outbox, pages
from hotline.store.traffic import calls_seen as calls_seen_of
from hotline.store.traffic.outbox import EffectStatus

_LONGEST = timedelta(hours=4)
"""A call at the carrier lasts no longer, if it isn't told otherwise."""


@dataclass(frozen=True, slots=True)
class QuietCall:
    """One call. Times are UTC."""

    sid: str
    whose: Origin
    """A page's, a contact's, an interpreter's for a contact, a listener's, or a hand-off's."""
    last_sign: datetime
    doubted: bool = False
    """Something has said that it is over, if not when, or how."""


def running(tx: Tx, asked_before: datetime, settled_since: datetime) -> list[QuietCall]:
    """Every call whose end was not heard of, and after which nobody has asked since `asked_before`; the quietest first.

    Of staff who said how it ended, or heard who has it, those since `settled_since`.
    """
    open_pages = (pages.c.state.in_([state.value for state in OPEN]), pages.c.ended_at.is_(None))
    still_on = (pages.c.ended_at >= settled_since, pages.c.answered_at.is_not(None))
    staff = _outer(
        select(pages.c.id, pages.c.provider_sid, pages.c.placed_at, pages.c.answered_at), pages.c.provider_sid
    ).where(pages.c.how == How.CALL.value, or_(_all(open_pages), _all(still_on)))
    callers = _outer(
        select(contacts.c.id, contacts.c.provider_sid, contacts.c.last_turn_at), contacts.c.provider_sid
    ).where(contacts.c.ended_at.is_(None), contacts.c.channel == Channel.VOICE.value)
    interpreters = (
        _outer(select(outbox.c.subject_id, outbox.c.provider_sid, outbox.c.created_at), outbox.c.provider_sid)
        .join(contacts, contacts.c.id == outbox.c.subject_id)
        .where(
            contacts.c.ended_at.is_(None),
            outbox.c.subject_kind == OriginKind.INTERPRETER.value,
            outbox.c.status == EffectStatus.SENT.value,
            outbox.c.created_at > settled_since - _LONGEST,
        )
    )
    heard = _outer(
        select(listeners.c.id, listeners.c.call_sid, listeners.c.asked_at, listeners.c.joined_at),
        listeners.c.call_sid,
    ).where(LISTENS)
    handed = _outer(
        select(hand_offs.c.id, hand_offs.c.provider_sid, hand_offs.c.asked_at), hand_offs.c.provider_sid
    ).where(hand_offs.c.ended_at.is_(None))
    found = [
        QuietCall(sid, Origin(kind, whose), max(filter(None, signs)), asked_at == calls_seen_of.DOUBTED)
        for kind, query in (
            (OriginKind.PAGE, staff),
            (OriginKind.CONTACT, callers),
            (OriginKind.INTERPRETER, interpreters),
            (OriginKind.LISTENER, heard),
            (OriginKind.HAND_OFF, handed),
        )
        for whose, sid, *signs, asked_at in map(tuple, rows.many(tx, query))
        if sid is not None and (asked_at is None or asked_at < asked_before)
    ]
    return sorted(found, key=lambda call: call.last_sign)


def _outer(query: rows.Query, sid: ColumnElement[str]) -> rows.Query:
    """With what was heard of each, as far as its end wasn't; the time of the last question stands last."""
    seen = query.add_columns(calls_seen.c.at, calls_seen.c.asked_at)
    return seen.outerjoin(calls_seen, calls_seen.c.call_sid == sid).where(calls_seen.c.final_status.is_(None))


def _all(conditions: tuple[ColumnElement[bool], ...]) -> ColumnElement[bool]:
    first, *others = conditions
    for one in others:
        first &= one
    return first
