"""Text messages, in and out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, cast

from pydantic import TypeAdapter
from sqlalchemy import Update, bindparam, select, update

from hotline.carrier_words import LANDLINE, NOT_SENT, TextStatus
from hotline.model import ContactId, KeptWord, OutboxId, PhoneNumber, StaffId, as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.tables import messages

_NUMBER, _BODY, _MEDIA = "messages.number", "messages.body", "messages.media"


class Direction(KeptWord):
    """Which way a message goes, as seen from here."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, sound or file that came with a text. It stays at the provider; we keep how to ask for it."""

    content_type: str
    """What the provider says that it is."""
    sid: str | None
    """The provider's id for it; None if the provider named a place that is not our account's: never fetched."""


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One text message. `at` is UTC."""

    id: str
    contact_id: ContactId | None
    direction: Direction
    number: PhoneNumber
    """Theirs."""
    body: str = field(repr=False)
    status: TextStatus
    status_rank: int
    """How far along `status` is: a lower one that comes later is old news."""
    at: datetime
    provider_sid: str | None = None
    error: str | None = None
    outbox_id: OutboxId | None = None
    by_staff: StaffId | None = None
    """Who of the staff wrote it; None for what somebody else did, or we said by ourselves."""
    media: tuple[Media, ...] = ()


_ALL_MEDIA = TypeAdapter(tuple[Media, ...])


def add(tx: Tx, message: MessageRow) -> bool:
    """Keep a message; False if its MessageSid or id is known, and nothing was changed."""
    tx.board_changed = True
    added = rows.add_if_new(tx, messages, _values(tx, message))
    if added:
        _remember(tx, message)
    return added


def add_new(tx: Tx, message: MessageRow) -> None:
    """Keep a message of which is known that it is new. Raises Duplicate (at the end) if it isn't."""
    tx.board_changed = True
    rows.add(tx, messages, _values(tx, message))
    _remember(tx, message)


def _remember(tx: Tx, message: MessageRow) -> None:
    if message.provider_sid is not None:
        tx.found[messages.name, message.provider_sid] = message


def _values(tx: Tx, message: MessageRow) -> dict[str, object]:
    media = rows.written(_ALL_MEDIA, message.media) if message.media else None
    return {
        "id": message.id,
        "contact_id": message.contact_id,
        "direction": message.direction.value,
        "provider_sid": message.provider_sid,
        "number": tx.keys.seal(message.number.e164, _NUMBER, message.id),
        "number_lookup": rows.lookup(tx, message.number),
        "body": tx.keys.seal(message.body, _BODY, message.id),
        "status": message.status.value,
        "status_rank": message.status_rank,
        "error": message.error,
        "at": message.at,
        "outbox_id": message.outbox_id,
        "by_staff": message.by_staff,
        "media": rows.sealed(tx, media, _MEDIA, message.id),
    }


def get(tx: Tx, message_id: str) -> MessageRow | None:
    """The message, or None."""
    return _one(tx, messages.c.id == message_id)


def by_sid(tx: Tx, provider_sid: str) -> MessageRow | None:
    """The message with this MessageSid, or None."""
    known = tx.found.get((messages.name, provider_sid))
    if known is not None:
        return cast("MessageRow", known)
    which = messages.c.provider_sid == provider_sid
    return rows.once(tx, (messages,), ("sid", provider_sid), lambda: _one(tx, which))


def of_contact(tx: Tx, contact_id: ContactId) -> list[MessageRow]:
    """The thread, the oldest first."""
    return rows.once(
        tx, (messages,), ("of", contact_id), lambda: _many(tx, messages.c.contact_id == contact_id)
    )


def remember_of_contact(tx: Tx, contact_id: ContactId, found: Sequence[MessageRow]) -> None:
    """The thread, as another question has found it."""
    rows.remember(tx, (messages,), ("of", contact_id), list(found))


def last_not_arrived(thread: Iterable[MessageRow]) -> MessageRow | None:
    """The last text of ours in a thread (the oldest first), if it did not arrive, or was not sent."""
    last = next((one for one in reversed(list(thread)) if one.direction is Direction.OUT), None)
    return last if last is not None and last.status in NOT_SENT else None


def not_sent(tx: Tx, since: datetime, limit: int) -> list[MessageRow]:
    """Texts to callers since then that did not arrive, the newest first."""
    query = select(messages).where(
        messages.c.status.in_(NOT_SENT),  # as in the index
        messages.c.direction == Direction.OUT.value,
        messages.c.at >= since,
    )
    found = rows.many(tx, query.order_by(messages.c.at.desc(), messages.c.id).limit(limit))
    return [of_row(tx, one) for one in found]


def latest_with(
    tx: Tx, number: PhoneNumber, direction: Direction, since: datetime, *, at_most: int
) -> list[MessageRow]:
    """What came from a number, or went to it, since then: the latest first, no more than so many."""
    theirs = rows.has_number(tx, messages.c.number_lookup, number)
    query = (
        select(messages)
        .where(theirs, messages.c.at >= since, messages.c.direction == direction.value)
        .order_by(messages.c.at.desc(), messages.c.id)
        .limit(at_most)
    )
    asked = ("latest", number, direction, since, at_most)
    return rows.once(tx, (messages,), asked, lambda: [of_row(tx, found) for found in rows.many(tx, query)])


def is_landline(tx: Tx, number: PhoneNumber) -> bool:
    """Whether the carrier said of our last text to this number that texts can't be had there."""

    def read() -> bool:
        query = (
            select(messages.c.error)
            .where(
                rows.has_number(tx, messages.c.number_lookup, number),
                messages.c.direction == Direction.OUT.value,
            )
            .order_by(messages.c.at.desc(), messages.c.id)
            .limit(1)
        )
        return bool(tx.execute(query).scalar() == LANDLINE)

    return rows.once(tx, (messages,), ("landline", number), read)


def remember_landline(tx: Tx, number: PhoneNumber, *, is_landline: bool) -> None:
    """The same, as another question has found it."""
    rows.remember(tx, (messages,), ("landline", number), is_landline)


def replies_since(tx: Tx, since: datetime, *, at_most: int, number: PhoneNumber | None = None) -> int:
    """How many texts we have written by ourselves since then, to this caller or to all of them; at most `at_most`."""
    theirs = () if number is None else (rows.has_number(tx, messages.c.number_lookup, number),)
    ours = (
        *theirs,
        messages.c.direction == Direction.OUT.value,
        messages.c.contact_id.is_not(None),
        messages.c.by_staff.is_(None),
    )
    query = select(messages.c.id).where(*ours, messages.c.at >= since).limit(at_most)
    counted = ("replies", number, since, at_most)
    return rows.once(tx, (messages,), counted, lambda: len(rows.many(tx, query)))


def sent(tx: Tx, message_id: str, provider_sid: str, status: TextStatus, rank: int) -> None:
    """The provider took it. Its status only moves forward. Raises Duplicate for a MessageSid of another one."""
    rows.change(tx, messages, [messages.c.id == message_id], {"provider_sid": provider_sid})
    _advance(tx, _BY_ID, message_id, status, rank, None)


def advance(tx: Tx, provider_sid: str, status: TextStatus, rank: int, error: str | None = None) -> bool:
    """Move a message's status forward; False if it is there already, further on, or unknown."""
    return _advance(tx, _BY_SID, provider_sid, status, rank, error)


def advance_own(tx: Tx, message_id: str, status: TextStatus, rank: int, error: str | None = None) -> bool:
    """As `advance`, for one that is known by our own id only."""
    return _advance(tx, _BY_ID, message_id, status, rank, error)


_FORWARD: Final = (
    update(messages)
    .where(messages.c.status_rank < bindparam("rank"))
    .values(status=bindparam("to"), status_rank=bindparam("rank"), error=bindparam("wrong"))
)
_BY_ID: Final = _FORWARD.where(messages.c.id == bindparam("which"))
_BY_SID: Final = _FORWARD.where(messages.c.provider_sid == bindparam("which"))


def _advance(tx: Tx, by: Update, which: str, status: TextStatus, rank: int, error: str | None) -> bool:
    given = {"which": which, "to": status.value, "rank": rank, "wrong": error}
    moved = rows.change_by(tx, messages, by, given) == 1
    tx.board_changed |= moved
    return moved


def _one(tx: Tx, where: rows.Condition) -> MessageRow | None:
    found = rows.one(tx, select(messages).where(where))
    return None if found is None else of_row(tx, found)


def _many(tx: Tx, *where: rows.Condition) -> list[MessageRow]:
    query = select(messages).where(*where).order_by(messages.c.at, messages.c.id)
    return [of_row(tx, found) for found in rows.many(tx, query)]


def of_row(tx: Tx, found: rows.Found) -> MessageRow:
    """A message as it was found: for the other modules of this floor."""
    return MessageRow(
        id=found.id,
        contact_id=found.contact_id,
        direction=as_kept(Direction, found.direction),
        number=PhoneNumber(tx.keys.open(found.number, _NUMBER, found.id)),
        body=tx.keys.open(found.body, _BODY, found.id),
        status=as_kept(TextStatus, found.status),
        status_rank=found.status_rank,
        at=found.at,
        provider_sid=found.provider_sid,
        error=found.error,
        outbox_id=found.outbox_id,
        by_staff=found.by_staff,
        media=rows.read_as(_ALL_MEDIA, tx.keys.open(found.media, _MEDIA, found.id)) if found.media else (),
    )
