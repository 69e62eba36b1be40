"""What is open and has nobody: neither a person, nor a time at which the clock looks at it again. There should be none.

One statement for the whole house, by indexes of what is open. The clock itself mends within a second much of what is
found here (`overviews.due`): so what is told has been so for minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, exists, literal, or_, select, union_all

from hotline.callbacks.callback import CallbackStatus
from hotline.model import Channel, Outcome, Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.store.database import Tx, UtcMicros, rows
from hotline.store.database.tables import callbacks, contacts, escalations, staff
from hotline.triage.contact import ContactState

GRACE: Final = timedelta(minutes=3)
"""How long anything may be on its way from one owner to the next."""
_LOOKED_BACK: Final = timedelta(hours=6)
"""How long ago a contact may have ended that is looked at."""


class UnownedKind(StrEnum):
    """What has nobody."""

    CONTACT = "contact"
    THREAD = "thread"
    CALLBACK = "callback"
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class Unowned:
    """Something, and in which way it has nobody."""

    kind: UnownedKind
    id: str
    why: str
    """A few words of ours."""
    contact_id: str | None


def look(tx: Tx, now: datetime) -> list[Unowned]:
    """All there is at this moment (UTC)."""
    given = {"before": now - GRACE, "since": now - _LOOKED_BACK}
    return [
        Unowned(UnownedKind(one.kind), one.id, one.why, one.contact)
        for one in tx.execute(_UNOWNED, given).all()
    ]


_BEFORE = bindparam("before", type_=UtcMicros)
_SINCE = bindparam("since", type_=UtcMicros)
_REACHING, _ACCEPTED = EscalationStatus.REACHING.value, EscalationStatus.ACCEPTED.value
_OPEN_STATES: Final = (_REACHING, _ACCEPTED)
_LATER: Final = "only a later version knows what becomes of it"


def _part(
    kind: UnownedKind, why: str, row: ColumnElement[Any], contact: ColumnElement[Any], *where: Any
) -> rows.Query:
    return select(
        literal(kind.value).label("kind"),
        row.label("id"),
        literal(why).label("why"),
        contact.label("contact"),
    ).where(*where)


def _stands_elsewhere(column: ColumnElement[Any], kind: type[StrEnum]) -> ColumnElement[bool]:
    """It holds a word of a later version. By ranges between the words that are known, for which there is an index."""
    known = sorted(one.value for one in kind)
    between = [and_(column > one, column < other) for one, other in pairwise(known)]
    return or_(column < known[0], *between, column > known[-1])


def _works(person: ColumnElement[Any]) -> ColumnElement[bool]:
    return exists().where(staff.c.id == person, staff.c.active.is_(True))


def _escalations() -> list[rows.Query]:
    row = escalations.c
    about = (row.id, row.contact_id)
    twins = escalations.alias("twins")
    return [
        _part(
            UnownedKind.ESCALATION,
            _LATER,
            *about,
            _stands_elsewhere(row.status, EscalationStatus),
            row.closed_at.is_(None),
            row.opened_at < _BEFORE,
        ),
        _part(
            UnownedKind.ESCALATION,
            _LATER,
            *about,
            row.status.in_(_OPEN_STATES),
            row.subject.not_in([one.value for one in Subject]),
            row.opened_at < _BEFORE,
        ),
        _part(
            UnownedKind.ESCALATION,
            "nobody looks at it",
            *about,
            row.status == _REACHING,
            row.next_at.is_(None),
        ),
        _part(
            UnownedKind.ESCALATION,
            "nobody has looked at it",
            *about,
            row.status == _REACHING,
            row.next_at < _BEFORE,
        ),
        _part(
            UnownedKind.ESCALATION,
            "who has it works here no more",
            *about,
            row.status == _ACCEPTED,
            or_(row.accepted_by.is_(None), ~_works(row.accepted_by)),
        ),
        _part(
            UnownedKind.ESCALATION,
            "there are two for one caller",
            *about,
            row.status.in_(_OPEN_STATES),
            row.subject.in_((Subject.EMERGENCY.value, Subject.THREAD.value)),
            row.opened_at < _BEFORE,
            exists().where(
                twins.c.room == row.room,
                twins.c.status.in_(_OPEN_STATES),
                twins.c.subject == row.subject,
                twins.c.id < row.id,
            ),
        ),
    ]


def _callbacks() -> list[rows.Query]:
    row = callbacks.c
    about = (row.id, row.contact_id)
    waiting = row.status == CallbackStatus.WAITING.value
    somebodys = [
        one.value for one in CallbackStatus if one not in (CallbackStatus.WAITING, CallbackStatus.CLOSED)
    ]
    theirs = (CallbackStatus.TAKEN.value, CallbackStatus.CALLING.value)
    return [
        _part(
            UnownedKind.CALLBACK, _LATER, *about, _stands_elsewhere(row.status, CallbackStatus),
            row.closed_at.is_(None), row.opened_at < _BEFORE,
        ),
        _part(
            UnownedKind.CALLBACK, "nobody looks at it", *about, waiting, row.due_at.is_(None), row.attempts == 0,
            row.opened_at < _BEFORE,
        ),
        _part(
            UnownedKind.CALLBACK, "nobody looks at it", *about, row.status.in_(somebodys), row.lease_until.is_(None),
            row.opened_at < _BEFORE,
        ),
        _part(
            UnownedKind.CALLBACK, "nobody has looked at it", *about, row.status.in_(somebodys),
            row.lease_until < _BEFORE
        ),
        _part(
            UnownedKind.CALLBACK,
            "who has it works here no more",
            *about,
            row.status.in_(theirs),
            # The clock itself calls back after an emergency: then nobody has it yet, and the lease holds it.
            or_(
                and_(row.owner.is_(None), row.status == CallbackStatus.TAKEN.value),
                and_(row.owner.is_not(None), ~_works(row.owner)),
            ),
            row.opened_at < _BEFORE,
        ),
    ]  # fmt: skip


def _contacts() -> list[rows.Query]:
    row = contacts.c
    about = (row.id, row.id)
    # By its beginning, which has an index: of a thread that ended so soon after it, the same is known.
    ended = (row.opened_at >= _SINCE, row.ended_at < _BEFORE)
    promised = exists().where(callbacks.c.id == row.callback_id)
    sought = exists().where(escalations.c.room == row.room, escalations.c.subject == Subject.EMERGENCY.value)
    open_here = exists().where(escalations.c.room == row.room, escalations.c.status.in_(_OPEN_STATES))
    promise_open = exists().where(
        callbacks.c.id == row.callback_id, callbacks.c.status != CallbackStatus.CLOSED.value
    )
    with_person = (ContactState.TEXT_WITH_PERSON.value, ContactState.TEXT_EMERGENCY.value)
    return [
        _part(
            UnownedKind.CONTACT, "no callback was kept for it", *about, *ended,
            row.outcome == Outcome.CALLBACK.value, or_(row.callback_id.is_(None), ~promised),
        ),
        _part(
            UnownedKind.CONTACT, "no emergency was kept for it", *about, *ended,
            row.outcome == Outcome.EMERGENCY.value, ~sought,
        ),
        _part(
            UnownedKind.THREAD,
            "it waits for a person, and nobody is asked",
            *about,
            row.ended_at.is_(None),
            row.channel == Channel.TEXT.value,
            row.state.in_(with_person),
            row.last_turn_at < _BEFORE,
            ~open_here,
            or_(row.callback_id.is_(None), ~promise_open),
        ),
    ]  # fmt: skip


_UNOWNED: Any = union_all(*_escalations(), *_callbacks(), *_contacts())
