"""What became of everybody who contacted us: each call, and each text thread, in exactly one row.

It is counted as of the end of the period that is asked about: what happens later doesn't change what is told of a day
that is over. All times are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from hotline.callbacks.callback import CallbackKind
from hotline.model import Channel, Line, Outcome, Subject, as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.periods import Period, in_order
from hotline.store.database.tables import callbacks, contacts, escalations, messages, timeline
from hotline.store.reports.measures import NOT_STAFF, began_in, line_of
from hotline.triage.contact import ContactState

WAITED_IN: Final = (ContactState.HOLDING, ContactState.EMERGENCY, ContactState.DIALLING)
"""Where a caller waits for a human."""
TALKED: Final = (
    Outcome.REACHED,
    Outcome.BOOKED_INTAKE,
    Outcome.NOT_ADMITTED,
    Outcome.REFERRED,
    Outcome.DECLINED,
)
"""A callback that ended so has talked with the person who asked for it."""


class Disposition(StrEnum):
    """What became of a contact."""

    LIVE = "live"
    """With a human on the call itself; or somebody of the staff wrote back."""
    LATER = "later"
    """Not then, but since: rung back, or calling again. Who calls is known by their number."""
    OPEN = "open"
    """A call that goes on, or something is still owed. A thread in which nothing is owed waits for them, not for us."""
    ABANDONED = "abandoned"
    """Hung up while waiting for a human, and has talked with none since. Nobody in an emergency gives up: we tell them
    to hang up and dial 9-1-1."""
    ENDED = "ended"
    """Chose something, and it was closed without a talk; a text that the menu answered is one of these, and so is an
    emergency that a human has closed."""
    LEFT = "left"
    """Over before anything was chosen."""
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Contacts:
    """How many of a line's contacts came to this."""

    line: Line | None
    channel: Channel
    disposition: Disposition
    contacts: int


def dispositions(tx: Tx, period: Period) -> list[Contacts]:
    """What had become, by its end, of those who contacted us in the period."""
    found = (
        select(
            line_asked_for().label("line"),
            contacts.c.channel,
            disposition_by(period.until).label("disposition"),
        )
        .where(*began_in(period), contacts.c.outbound.is_(False), NOT_STAFF)
        .subquery()
    )
    by = (found.c.line, found.c.channel, found.c.disposition)
    query = select(*by, func.count().label("number")).group_by(*by).order_by(*in_order(*by))
    return [
        Contacts(line_of(one.line), as_kept(Channel, one.channel), Disposition(one.disposition), one.number)
        for one in rows.many(tx, query)
    ]


def line_asked_for() -> ColumnElement[str | None]:
    """Of a contact: the emergency, if it is a thread in which there was one, whatever else they asked for there; else
    the line that they chose; else the one for which they are owed a call, or were, last or first."""
    owed_for = select(callbacks.c.line).where(callbacks.c.id == contacts.c.callback_id).scalar_subquery()
    first = (
        select(callbacks.c.line).where(_ASKED_FOR).order_by(callbacks.c.opened_at, callbacks.c.id).limit(1)
    )
    # A thread that goes on once its emergency is over begins anew, and has no line then; and what they wrote may have
    # become part of an emergency that a call of theirs had opened.
    opened = exists().where(
        escalations.c.contact_id == contacts.c.id, escalations.c.subject == Subject.EMERGENCY.value
    )
    joined = exists().where(
        timeline.c.contact_id == contacts.c.id, timeline.c.what == ContactState.TEXT_EMERGENCY.value
    )
    in_danger = and_(contacts.c.channel == Channel.TEXT.value, or_(opened, joined))
    return case(
        (in_danger, Line.EMERGENCY.value),
        else_=func.coalesce(contacts.c.line, owed_for, first.scalar_subquery()),
    )


def asked_for(line: Line, period: Period) -> ColumnElement[bool]:
    """Whether somebody asked for this line in a contact that began in a period, by the end of it; also if it was, or
    became, an emergency."""
    # Those of the period, once: asked of each contact, PostgreSQL takes a third longer for the whole count.
    theirs = select(callbacks.c.contact_id).where(
        callbacks.c.called_for == CallbackKind.ASKED.value,
        callbacks.c.line == line.value,
        callbacks.c.opened_at >= period.since,
        callbacks.c.opened_at < period.until,
    )
    return or_(line_asked_for() == line.value, contacts.c.id.in_(theirs))


_ASKED_FOR: Final = and_(
    callbacks.c.contact_id == contacts.c.id, callbacks.c.called_for == CallbackKind.ASKED.value
)
"""What somebody has asked for in this contact: in a thread there may be an emergency since, with a callback of its own,
or it may have begun anew."""


def abandoned(at: datetime) -> ColumnElement[bool]:
    """Whether a contact was lost while it waited, as far as was known by `at`."""
    return disposition_by(at) == Disposition.ABANDONED.value


def talked_since(at: datetime) -> ColumnElement[bool]:
    """Whether somebody with the number of this contact has talked with a human after it began, on any call, whatever
    line they had chosen there, as far as was known by then. Nobody knows it of a withheld number."""
    contact = contacts.c
    return (
        exists()
        .where(
            _again.c.caller_lookup == contact.caller_lookup,
            _again.c.id != contact.id,
            _again.c.reached_at > contact.opened_at,
            _again.c.reached_at <= at,
        )
        .correlate(contacts)
    )


_again = contacts.alias("again")


def disposition_by(at: datetime) -> ColumnElement[str]:
    """What had become of a contact by then, as far as it was known then."""
    contact = contacts.c
    wrote = exists().where(
        messages.c.contact_id == contact.id, messages.c.by_staff.is_not(None), messages.c.at <= at
    )
    its_callback = or_(callbacks.c.id == contact.callback_id, _ASKED_FOR)
    closed = callbacks.c.closed_at <= at
    said = callbacks.c.outcome.in_([one.value for one in TALKED])
    # Who asked us to stop may have said so to a coordinator, or have texted it.
    told = and_(callbacks.c.outcome == Outcome.ASKED_TO_STOP.value, callbacks.c.attempts > 0)
    talked = exists().where(its_callback, closed, or_(said, told))
    owed = exists().where(
        its_callback, callbacks.c.opened_at <= at, or_(callbacks.c.closed_at.is_(None), ~closed)
    )
    pending = exists().where(
        or_(escalations.c.id == contact.escalation_id, escalations.c.contact_id == contact.id),
        escalations.c.opened_at <= at,
        or_(escalations.c.closed_at.is_(None), escalations.c.closed_at > at),
    )
    waited = and_(
        contact.ended_in.in_([state.value for state in WAITED_IN]),
        func.coalesce(contact.line, "") != Line.EMERGENCY.value,
    )
    over = and_(contact.ended_at.is_not(None), contact.ended_at <= at)
    goes_on = and_(contact.channel == Channel.VOICE.value, ~over)
    chose = or_(waited, line_asked_for().is_not(None))
    return case(
        (and_(contact.reached_at.is_not(None), contact.reached_at <= at), Disposition.LIVE.value),
        (and_(contact.channel == Channel.TEXT.value, wrote), Disposition.LIVE.value),
        (talked, Disposition.LATER.value),
        (or_(goes_on, owed, pending), Disposition.OPEN.value),
        (contact.outcome == Outcome.BLOCKED.value, Disposition.BLOCKED.value),
        (and_(chose, talked_since(at)), Disposition.LATER.value),
        (waited, Disposition.ABANDONED.value),
        (line_asked_for().is_(None), Disposition.LEFT.value),
        else_=Disposition.ENDED.value,
    )
