"""Escalations: the rule's own object, with what it is about."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select

from hotline.model import (
    CallbackId,
    ContactId,
    EscalationId,
    Language,
    Line,
    RoomName,
    StaffId,
    Subject,
    as_kept,
)
from hotline.oncall.escalation import Escalation, EscalationStatus
from hotline.oncall.policy import Policy, to_json
from hotline.oncall.policy import as_kept as policy_as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.tables import escalations

_REACHING = EscalationStatus.REACHING.value
OPEN = escalations.c.status.in_(
    [status.value for status in EscalationStatus if status is not EscalationStatus.CLOSED]
)


@dataclass(frozen=True, slots=True)
class EscalationRow:
    """An escalation as it is kept. All times are UTC."""

    escalation: Escalation
    room: RoomName
    language: Language
    line: Line | None = None
    contact_id: ContactId | None = None
    callback_id: CallbackId | None = None
    touched_at: datetime | None = None
    """When the human who accepted last did anything about it."""
    closed_at: datetime | None = None
    version: int = 0
    """0 until it is added."""
    second_of: EscalationId | None = None
    """What a second person is asked to know of by this one; in the same room."""
    not_taken_at: datetime | None = None
    """When whoever has it last didn't take the call to their own phone that was to connect them."""


def add(tx: Tx, row: EscalationRow) -> EscalationRow:
    """Add an escalation. Raises Duplicate if its id is known."""
    made = replace(row, version=1)
    with _kept_up(tx, [made]):
        rows.add(tx, escalations, {"id": row.escalation.id, "version": 1, **_values(row)})
    tx.board_changed = True
    return made


def save(tx: Tx, row: EscalationRow) -> EscalationRow:
    """Save a changed escalation, with its next version; its room is held. Raises Stale."""
    rows.hold(tx, row.room)
    saved = replace(row, version=row.version + 1)
    with _kept_up(tx, [saved]):
        rows.save(tx, escalations, {"id": row.escalation.id}, row.version, _values(row))
    tx.board_changed = True
    return saved


def save_all(tx: Tx, changed: Sequence[EscalationRow]) -> None:
    """Save many changed escalations at once, with all their rooms held: two who settle the same ones, each in an order
    of their own, must not wait for each other. Raises Stale if anybody else has saved one of them."""
    rows.hold_all(tx, [row.room for row in changed])
    each = [({"id": row.escalation.id}, row.version, _values(row)) for row in changed]
    with _kept_up(tx, [replace(row, version=row.version + 1) for row in changed]):
        rows.save_all(tx, escalations, each)
    tx.board_changed = tx.board_changed or bool(changed)


@contextmanager
def _kept_up(tx: Tx, changed: Sequence[EscalationRow]) -> Iterator[None]:
    """What is known to be open in their rooms goes on to be known: with these as they are written."""
    known = {row.room: rows.known(tx, (escalations,), ("in", row.room)) for row in changed}
    yield
    for room, found in known.items():
        if found is not None:
            theirs = {one.escalation.id: one for one in found}
            theirs.update({row.escalation.id: row for row in changed if row.room == room})
            still = [one for one in theirs.values() if one.escalation.is_open]
            remember_in(
                tx, room, sorted(still, key=lambda one: (one.escalation.opened_at, one.escalation.id))
            )


def get(tx: Tx, escalation_id: EscalationId) -> EscalationRow | None:
    """The escalation, or None. Its room is held."""
    found = rows.settled(tx, lambda: rows.by_id(tx, escalations, escalation_id))
    return None if found is None else of_row(found)


def get_in(tx: Tx, room: RoomName, escalation_id: EscalationId) -> EscalationRow | None:
    """The escalation of this room, or None: held first, it is read once."""
    rows.hold(tx, room)
    return get(tx, escalation_id)


def open_for_callback(tx: Tx, callback_id: CallbackId) -> EscalationRow | None:
    """The oldest open escalation of this callback, or None."""
    return _one(tx, escalations.c.callback_id == callback_id, OPEN)


def asks_second_of(tx: Tx, escalation_id: EscalationId) -> EscalationRow | None:
    """The open one by which a second person is asked to know of this, or None."""
    return _one(tx, escalations.c.second_of == escalation_id, OPEN)


def open_in(tx: Tx, room: RoomName) -> list[EscalationRow]:
    """Every open escalation of this room, the oldest first."""

    def read() -> list[EscalationRow]:
        return [of_row(one) for one in tx.execute(_OPEN_IN, {"room": room})]

    return rows.once(tx, (escalations,), ("in", room), read)


def remember_in(tx: Tx, room: RoomName, found: Sequence[EscalationRow]) -> None:
    """What is open in this room, the oldest first, as another question has found it; nobody need ask again."""
    rows.remember(tx, (escalations,), ("in", room), list(found))


def remember_found_in(tx: Tx, room: RoomName, found: Sequence[rows.Found], prefix: str) -> None:
    """The same, among what a statement has found about this room: their columns have this before their names."""
    theirs = rows.parts(found, escalations, prefix)
    for one in theirs:
        rows.keep(tx, escalations, one)
    remember_in(tx, room, [of_row(one) for one in sorted(theirs, key=lambda one: (one.opened_at, one.id))])


_OPEN_IN = (
    select(escalations)
    .where(escalations.c.room == bindparam("room"), OPEN)
    .order_by(escalations.c.opened_at, escalations.c.id)
)


def accepted_by(tx: Tx, staff_id: StaffId) -> list[EscalationRow]:
    """What this member of staff has accepted and not closed, the oldest first."""
    return _many(
        tx, escalations.c.status == EscalationStatus.ACCEPTED.value, escalations.c.accepted_by == staff_id
    )


def offered_to(tx: Tx, staff_id: StaffId) -> list[EscalationRow]:
    """What a colleague has and asks this member of staff to take over, the oldest first."""
    return _many(
        tx, escalations.c.status == EscalationStatus.ACCEPTED.value, escalations.c.offered_to == staff_id
    )


def theirs_since(tx: Tx, staff_id: StaffId, since: datetime) -> list[EscalationRow]:
    """What was accepted by this member of staff and is open, or was closed since then (UTC), the oldest first."""
    lately = or_(OPEN, escalations.c.closed_at >= since)
    return _many(tx, escalations.c.accepted_by == staff_id, lately)


def reaching(tx: Tx, subjects: Iterable[Subject]) -> list[EscalationRow]:
    """Those that nobody has taken yet, of these subjects, the oldest first."""
    wanted = sorted(subject.value for subject in subjects)
    which = escalations.c.status == _REACHING, escalations.c.subject.in_(wanted)
    return rows.once(tx, (escalations,), ("reaching", *wanted), lambda: _many(tx, *which))


def policies_reaching(tx: Tx, subjects: Iterable[Subject], now: datetime) -> list[Policy]:
    """The policies of those of these subjects for which phones ring, or will within their own waits: each once.

    Not of what rests: what is looked at again only hours later (`Rested`) needs nobody's phone meanwhile.
    """
    wanted = frozenset(subject.value for subject in subjects)

    def read() -> list[tuple[str, str, datetime | None]]:
        return [(one.subject, one.policy, one.next_at) for one in rows.many(tx, _POLICIES_REACHING)]

    found = rows.once(tx, (escalations,), "policies", read)
    each = ((_policy(policy), at) for subject, policy, at in found if subject in wanted)
    return list(dict.fromkeys(policy for policy, at in each if at is None or at <= now + policy.longest_wait))


_POLICIES_REACHING: Select[Any] = (
    select(escalations.c.subject, escalations.c.policy, func.min(escalations.c.next_at).label("next_at"))
    .where(escalations.c.status == _REACHING)
    .group_by(escalations.c.subject, escalations.c.policy)
)
"""What staff are looked for at this moment."""


def closed_since(
    tx: Tx,
    since: datetime,
    subjects: Iterable[Subject],
    *,
    limit: int,
    contact_id: ContactId | None = None,
) -> list[EscalationRow]:
    """What of these kinds was closed after `since` (UTC), about this contact if one is given; the latest first."""
    about = [escalations.c.contact_id == contact_id] if contact_id else []
    kinds = [subject.value for subject in subjects]
    closed = (escalations.c.closed_at > since, escalations.c.subject.in_(kinds))
    query = select(escalations).where(*closed, *about)
    query = query.order_by(escalations.c.closed_at.desc(), escalations.c.id).limit(limit)
    return [of_row(found) for found in rows.many(tx, query)]


def all_open(tx: Tx) -> list[EscalationRow]:
    """Every open escalation, the oldest first."""
    return _many(tx, OPEN)


def _one(tx: Tx, *where: rows.Condition) -> EscalationRow | None:
    query = select(escalations).where(*where).order_by(escalations.c.opened_at, escalations.c.id).limit(1)
    found = rows.one(tx, query)
    return None if found is None else of_row(found)


def _many(tx: Tx, *where: rows.Condition) -> list[EscalationRow]:
    query = select(escalations).where(*where).order_by(escalations.c.opened_at, escalations.c.id)
    return [of_row(found) for found in rows.many(tx, query)]


@lru_cache(maxsize=128)
def _policy(written: str) -> Policy:
    """Read once: nearly all escalations have one of a handful of policies."""
    return policy_as_kept(json.loads(written))


def _people(staff: Iterable[StaffId]) -> str:
    return json.dumps(list(staff))


def _values(row: EscalationRow) -> dict[str, object]:
    rule = row.escalation
    return {
        "subject": rule.subject.value,
        "contact_id": row.contact_id,
        "callback_id": row.callback_id,
        "room": row.room,
        "policy": json.dumps(to_json(rule.policy)),
        "status": rule.status.value,
        "rung": rule.rung,
        "round": rule.round,
        "next_at": rule.next_at,
        "opened_at": rule.opened_at,
        "accepted_by": rule.accepted_by,
        "accepted_at": rule.accepted_at,
        "touched_at": row.touched_at,
        "queue": _people(rule.queue),
        "ringing": _people(sorted(rule.ringing)),
        "passed_over": _people(sorted(rule.passed_over)),
        "nobody": rule.nobody,
        "coming": _people(sorted(rule.coming)),
        "offered_to": rule.offered_to,
        "knows": _people(sorted(rule.knows)),
        "second_of": row.second_of,
        "not_taken_at": row.not_taken_at,
        "line": row.line.value if row.line else None,
        "language": row.language.value,
        "closed_at": row.closed_at,
    }


def of_row(found: rows.Found) -> EscalationRow:
    """An escalation as it was found: for the other modules of this floor."""
    return EscalationRow(
        escalation=_rule(found),
        room=found.room,
        language=as_kept(Language, found.language),
        line=as_kept(Line, found.line) if found.line else None,
        contact_id=found.contact_id,
        callback_id=found.callback_id,
        touched_at=found.touched_at,
        closed_at=found.closed_at,
        version=found.version,
        second_of=found.second_of,
        not_taken_at=found.not_taken_at,
    )


def _rule(found: rows.Found) -> Escalation:
    return Escalation(
        id=found.id,
        subject=as_kept(Subject, found.subject),
        policy=_policy(found.policy),
        status=as_kept(EscalationStatus, found.status),
        rung=found.rung,
        round=found.round,
        next_at=found.next_at,
        opened_at=found.opened_at,
        accepted_by=found.accepted_by,
        accepted_at=found.accepted_at,
        queue=tuple(json.loads(found.queue)),
        ringing=frozenset(json.loads(found.ringing)),
        passed_over=frozenset(json.loads(found.passed_over)),
        nobody=found.nobody,
        coming=frozenset(json.loads(found.coming)),
        offered_to=found.offered_to,
        knows=frozenset(json.loads(found.knows)),
    )
