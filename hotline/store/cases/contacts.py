"""Contacts: one call or one text thread each, and what was answered at each of its turns.

The flow's own state is kept as it was given: a few columns to find and show it by, and `data`, sealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select

from hotline.model import (
    CallbackId,
    Channel,
    ContactId,
    EscalationId,
    Language,
    Line,
    Outcome,
    PhoneNumber,
    RoomName,
    as_kept,
)
from hotline.store.database import Tx, rows
from hotline.store.database.tables import contacts, turns

_ANSWERED = select(turns.c.answer).where(
    turns.c.contact_id == bindparam("contact"), turns.c.turn_key == bindparam("turn")
)
_BY_CALL = select(contacts).where(contacts.c.provider_sid == bindparam("sid"))


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact. All times are UTC."""

    id: ContactId
    channel: Channel
    outbound: bool
    provider_sid: str | None
    """The CallSid, as soon as there is one; None for a text thread."""
    caller: PhoneNumber | None
    """Who called, or whom we called; None if withheld."""
    our_number: str
    room: RoomName
    state: str
    line: Line | None
    language: Language
    turn: int
    data: str = field(repr=False)
    """What else the flow knows, as the caller of this module wrote it. Sealed in the database."""
    stir: str | None
    opened_at: datetime
    last_turn_at: datetime
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    callback_id: CallbackId | None = None
    escalation_id: EscalationId | None = None
    last_prompt: str | None = None
    """Key of the last prompt that the caller was answered with."""
    ended_in: str | None = None
    """The flow's state when the contact ended."""
    reached_at: datetime | None = None
    """When they first were with a human on this contact; once known it stays."""
    joined_at: datetime | None = None
    """When they were last put into the room."""
    fetching_at: datetime | None = None
    """When they were last told that somebody is being fetched."""
    left_alone_at: datetime | None = None
    """When they were last told that whoever was with them has left."""
    dialled_at: datetime | None = None
    """When their own leg last dialled for somebody."""
    version: int = 0
    """0 until it is added."""


def add(tx: Tx, row: ContactRow) -> ContactRow:
    """Add a contact. Raises Duplicate if its id or CallSid is known: the first webhook came twice."""
    # All columns: what was just added needn't be read.
    rows.add(tx, contacts, {"id": row.id, "version": 1, "said": None, **_values(tx, row)})
    tx.board_changed = True
    return replace(row, version=1)


def save(tx: Tx, row: ContactRow, *, seen: bool = True) -> ContactRow:
    """Save a changed contact, with its next version; `seen`: the board would show the change. Raises Stale."""
    version = rows.save(tx, contacts, {"id": row.id}, row.version, _changed(tx, row))
    tx.board_changed |= seen
    return replace(row, version=version)


def move(tx: Tx, row: ContactRow, room: RoomName) -> ContactRow:
    """From now on this call belongs to another room. Written at once; the version changes with the next `save`."""
    rows.change(tx, contacts, [contacts.c.id == row.id], {"room": room})
    return replace(row, room=room)


def say_outcome(tx: Tx, contact_id: ContactId, outcome: Outcome | None) -> None:
    """Keep how this talk ended, as staff say (None: nothing is said any more), where searches find it. Written at once;
    its version stays."""
    rows.change(
        tx, contacts, [contacts.c.id == contact_id], {"said": outcome.value if outcome is not None else None}
    )


def get(tx: Tx, contact_id: ContactId) -> ContactRow | None:
    """The contact, or None. Its room is held."""
    return _one(tx, rows.settled(tx, lambda: rows.by_id(tx, contacts, contact_id)))


def language(tx: Tx, contact_id: ContactId) -> Language | None:
    """What this caller speaks, as far as they have said by now; None for an unknown contact. Nothing is held."""
    found = rows.by_id(tx, contacts, contact_id)
    return None if found is None else as_kept(Language, found.language)


def is_text(tx: Tx, contact_id: ContactId) -> bool:
    """Whether it is a text thread. Nothing is held."""
    found = rows.by_id(tx, contacts, contact_id)
    return found is not None and found.channel == Channel.TEXT.value


def has_been_reached(tx: Tx, contact_id: ContactId) -> bool:
    """Whether the caller has been with a human on this contact. Nothing is held."""
    found = rows.by_id(tx, contacts, contact_id)
    return found is not None and found.reached_at is not None


def by_call(tx: Tx, call_sid: str) -> ContactRow | None:
    """The contact that this call is, or None. Its room is held."""

    def read() -> rows.Found | None:
        return rows.once(
            tx, (contacts,), ("sid", call_sid), lambda: tx.execute(_BY_CALL, {"sid": call_sid}).first()
        )

    return _one(tx, rows.settled(tx, read))


def asking_for(
    tx: Tx, callback_id: CallbackId, first: ContactId, number: PhoneNumber | None
) -> list[ContactRow]:
    """Whoever asked for this callback: who did so first, and what came from the number to which it is since; not our
    own calls for it."""
    theirs = contacts.c.id == first
    if number is not None:
        theirs = or_(theirs, rows.has_number(tx, contacts.c.caller_lookup, number))
    return many(tx, theirs, contacts.c.callback_id == callback_id, contacts.c.outbound.is_(False))


def is_sms(our_number: str) -> bool:
    """Whether a thread is by SMS; another service's name stands before the address, with a colon."""
    return ":" not in our_number


def open_thread(tx: Tx, number: PhoneNumber, *, sms: bool = True) -> ContactRow | None:
    """The newest text thread with this number that has not ended, or None; by SMS, or by other services.

    The number and its room are held.
    """
    rows.hold_number(tx, number)

    def ask() -> rows.Found | None:
        elsewhere = contacts.c.our_number.contains(":")
        query = (
            select(contacts)
            .where(
                rows.has_number(tx, contacts.c.caller_lookup, number),
                contacts.c.channel == Channel.TEXT.value,
                contacts.c.ended_at.is_(None),
                ~elsewhere if sms else elsewhere,
            )
            .order_by(contacts.c.opened_at.desc(), contacts.c.id)
            .limit(1)
        )
        return rows.one(tx, query)

    def read() -> rows.Found | None:
        return rows.once(tx, (contacts,), ("thread", number, sms), ask)

    return _one(tx, rows.settled(tx, read))


def remember_open_thread(tx: Tx, number: PhoneNumber, theirs: Sequence[ContactRow], *, sms: bool) -> None:
    """The newest of these, all of which are threads of theirs that have not ended, and that were read before."""
    in_order = sorted(sorted(theirs, key=lambda row: row.id), key=lambda row: row.opened_at, reverse=True)
    found = rows.by_id(tx, contacts, in_order[0].id) if in_order else None
    rows.remember(tx, (contacts,), ("thread", number, sms), found)


def ongoing(tx: Tx) -> list[ContactRow]:
    """Every contact that has not ended, the oldest first."""
    return many(tx, contacts.c.ended_at.is_(None))


def ongoing_in(tx: Tx, room: RoomName) -> list[ContactRow]:
    """Every call and thread of this room that has not ended, the oldest first."""

    def read() -> list[ContactRow]:
        return many(tx, contacts.c.room == room, contacts.c.ended_at.is_(None), keep=True)

    return rows.once(tx, (contacts,), ("in", room), read)


def remember_in(tx: Tx, room: RoomName, found: Sequence[ContactRow]) -> None:
    """What has not ended in this room, the oldest first, as another question has found it."""
    rows.remember(tx, (contacts,), ("in", room), list(found))


def rooms_on_the_line(tx: Tx, rooms: Iterable[RoomName], but: str) -> frozenset[RoomName]:
    """Those of these rooms with a call that has not ended, and isn't in the state `but`. Nothing is held."""
    query = select(contacts.c.room).where(
        contacts.c.room.in_(sorted(rooms)),
        contacts.c.ended_at.is_(None),
        contacts.c.channel == Channel.VOICE.value,
        contacts.c.state != but,
    )
    return frozenset(found.room for found in rows.many(tx, query))


def ongoing_with(tx: Tx, number: PhoneNumber) -> list[ContactRow]:
    """Every call and thread with this number that has not ended, the oldest first."""
    which = contacts.c.ended_at.is_(None), rows.has_number(tx, contacts.c.caller_lookup, number)
    return rows.once(tx, (contacts,), ("with", number), lambda: many(tx, *which))


def opened_since(tx: Tx, number: PhoneNumber, since: datetime) -> list[ContactRow]:
    """Every call and thread with this number that was opened after then (UTC), the oldest first."""
    return many(tx, contacts.c.opened_at > since, rows.has_number(tx, contacts.c.caller_lookup, number))


def remember_with(tx: Tx, number: PhoneNumber, found: Sequence[rows.Found]) -> None:
    """The same, as another question has found them."""
    in_order = sorted(found, key=lambda one: (one.opened_at, one.id))
    theirs = [row for row in (_one(tx, one) for one in in_order) if row is not None]
    rows.remember(tx, (contacts,), ("with", number), theirs)


def answered(tx: Tx, contact_id: ContactId, turn_key: str) -> str | None:
    """What was answered at this turn already, or None: a webhook that comes again hears it again."""
    key = {"contact": contact_id, "turn": turn_key}
    found = tx.execute(_ANSWERED, key).scalar_one_or_none()
    return rows.opened(tx, found, "turns.answer", rows.row_key(contact_id, turn_key))


def all_answered(tx: Tx, contact_id: ContactId) -> list[tuple[datetime, str]]:
    """Everything this contact was answered, in order, with the time (UTC)."""
    query = (
        select(turns.c.turn_key, turns.c.at, turns.c.answer)
        .where(turns.c.contact_id == contact_id)
        .order_by(turns.c.at, func.length(turns.c.turn_key), turns.c.turn_key)
    )
    return [
        (found.at, tx.keys.open(found.answer, "turns.answer", rows.row_key(contact_id, found.turn_key)))
        for found in rows.many(tx, query)
    ]


def first_answered_at(tx: Tx, contact_id: ContactId) -> datetime | None:
    """When this contact was first answered anything (UTC); None if it never was."""
    found = rows.one(tx, select(func.min(turns.c.at).label("at")).where(turns.c.contact_id == contact_id))
    return found.at if found is not None else None


def record_answer(tx: Tx, contact_id: ContactId, turn_key: str, answer: str, at: datetime) -> None:
    """Keep what this turn is answered. Raises Duplicate if it has been answered meanwhile."""
    values = {
        "contact_id": contact_id,
        "turn_key": turn_key,
        "answer": tx.keys.seal(answer, "turns.answer", rows.row_key(contact_id, turn_key)),
        "at": at,
    }
    rows.add(tx, turns, values)


def _values(tx: Tx, row: ContactRow) -> dict[str, object]:
    return {
        "channel": row.channel.value,
        "outbound": row.outbound,
        "provider_sid": row.provider_sid,
        "caller_number": rows.sealed_number(tx, row.caller, "contacts.caller_number", row.id),
        "caller_lookup": rows.lookup(tx, row.caller),
        "our_number": row.our_number,
        "room": row.room,
        "stir": row.stir,
        "opened_at": row.opened_at,
        "ended_at": row.ended_at,
        "ended_in": row.ended_in,
        "reached_at": row.reached_at,
        **_moving(tx, row),
    }


def _changed(tx: Tx, row: ContactRow) -> dict[str, object]:
    """What a save writes. A turn of a call writes nothing that an index holds, and seals no number anew."""
    call_goes_on = row.channel is Channel.VOICE and row.ended_at is None
    if not call_goes_on:
        return _values(tx, row)
    # Known only when the carrier, or the first webhook of our own call, has said it.
    sid = {"provider_sid": row.provider_sid} if row.outbound else {}
    reached = {"reached_at": row.reached_at} if row.reached_at else {}
    return {**_moving(tx, row), **sid, **reached}


def _moving(tx: Tx, row: ContactRow) -> dict[str, object]:
    """What changes from turn to turn."""
    return {
        "state": row.state,
        "line": row.line.value if row.line else None,
        "language": row.language.value,
        "turn": row.turn,
        "data": tx.keys.seal(row.data, "contacts.data", row.id),
        "last_turn_at": row.last_turn_at,
        "outcome": row.outcome.value if row.outcome else None,
        "callback_id": row.callback_id,
        "escalation_id": row.escalation_id,
        "last_prompt": row.last_prompt,
        "joined_at": row.joined_at,
        "fetching_at": row.fetching_at,
        "left_alone_at": row.left_alone_at,
        "dialled_at": row.dialled_at,
    }


def met_on(tx: Tx, room: RoomName, callback_id: CallbackId) -> ContactRow | None:
    """The last call of ours for this callback on which whoever answered was with a human in this room, if nobody has
    said of it that it was them."""
    c = contacts.c
    theirs = many(
        tx, c.room == room, c.callback_id == callback_id, c.outbound.is_(True), c.joined_at.is_not(None)
    )
    return theirs[-1] if theirs and theirs[-1].reached_at is None else None


def many(tx: Tx, *where: rows.Condition, keep: bool = False) -> list[ContactRow]:
    """`keep`: so few that each is asked for by its id soon."""
    query = select(contacts).where(*where).order_by(contacts.c.opened_at, contacts.c.id)
    several = rows.many(tx, query)
    for found in several if keep else ():
        rows.keep(tx, contacts, found)
    return [_row(tx, found) for found in several]


def found_as(tx: Tx, found: rows.Found, prefix: str) -> ContactRow | None:
    """The contact among what another question has found: its columns have this before their names."""
    return _one(tx, rows.part(found, contacts, prefix))


def _one(tx: Tx, found: rows.Found | None) -> ContactRow | None:
    if found is None:
        return None
    rows.keep(tx, contacts, found)
    return _row(tx, found)


def _row(tx: Tx, found: rows.Found) -> ContactRow:
    return ContactRow(
        id=found.id,
        channel=as_kept(Channel, found.channel),
        outbound=found.outbound,
        provider_sid=found.provider_sid,
        caller=rows.opened_number(tx, found.caller_number, "contacts.caller_number", found.id),
        our_number=found.our_number,
        room=found.room,
        state=found.state,
        line=as_kept(Line, found.line) if found.line else None,
        language=as_kept(Language, found.language),
        turn=found.turn,
        data=tx.keys.open(found.data, "contacts.data", found.id),
        stir=found.stir,
        opened_at=found.opened_at,
        last_turn_at=found.last_turn_at,
        ended_at=found.ended_at,
        outcome=as_kept(Outcome, found.outcome) if found.outcome else None,
        callback_id=found.callback_id,
        escalation_id=found.escalation_id,
        last_prompt=found.last_prompt,
        ended_in=found.ended_in,
        reached_at=found.reached_at,
        joined_at=found.joined_at,
        fetching_at=found.fetching_at,
        left_alone_at=found.left_alone_at,
        dialled_at=found.dialled_at,
        version=found.version,
    )
