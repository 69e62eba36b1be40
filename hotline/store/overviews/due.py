"""What the clock must look at now, in every room of the house: one statement, whatever is open.

Each part looks into an index for what is due, and reads nothing that isn't. A part that only says that something waits
for a decision (a caller in the hold, a callback that is due) is a single row; who decides reads the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    text,
    union_all,
)

from hotline.callbacks.callback import CallbackStatus
from hotline.effects import PlaceCall, Urgency
from hotline.model import HELD, Channel, EscalationId, How, RoomName, StaffId, Subject, as_kept
from hotline.oncall.escalation import EscalationStatus
from hotline.store.cases.pages import PageState
from hotline.store.database import Tx, UtcMicros, rows
from hotline.store.database.constants import with_constants
from hotline.store.database.tables import (
    BOOKED,
    HANDED_OVER,
    LINE_OPEN,
    LISTENS,
    OF_INTERPRETERS,
    PICKED_UP,
    beats,
    callbacks,
    calls_seen,
    contacts,
    escalations,
    hand_offs,
    intakes,
    listeners,
    outbox,
    pages,
    staff,
)
from hotline.store.overviews import phones
from hotline.store.traffic import calls_seen as calls_seen_of
from hotline.store.traffic.outbox import IS_KNOWN, PRESSING_FIRST, EffectStatus
from hotline.triage.contact import ContactState

_AT_MOST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Before when something must have been to be due. All UTC."""

    now: datetime
    untouched: datetime
    """An emergency that somebody has."""
    not_taken: datetime
    """A ring to their own phone about it that they didn't take, and have done nothing since."""
    resting: datetime
    """A text that somebody has."""
    asked: datetime
    """A question to a texter."""
    long_ago: datetime
    """The last text of a thread that waits for nothing."""
    ring: datetime
    """A ring of a staff phone."""
    alone: datetime
    """Anything heard in a room in which somebody waits."""
    call: datetime
    """A turn of a call..."""
    dial: datetime
    """...that has dialled for somebody..."""
    talk: datetime
    """...and of one with a human."""
    quiet: datetime
    """Anything heard of a call."""
    question: datetime
    """The last question to the carrier about a call."""
    settled: datetime
    """What somebody was rung for, while their line may be open."""
    beat: datetime
    """The clock's own sign of life..."""
    clock: str
    """...and as what it shows itself."""


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect that is due. Nothing of it is opened."""

    id: str
    urgency: Urgency
    is_call: bool
    unsure: bool
    due_at: datetime
    created_at: datetime
    error: str | None


@dataclass(frozen=True, slots=True)
class Unheard:
    """A call of which nothing was heard for a while: a page's, a contact's, an interpreter's, or a listener's."""

    kind: str
    whose: str
    sid: str
    last_sign: datetime
    doubted: bool


@dataclass(frozen=True, slots=True)
class Due:
    """What was found."""

    found: Mapping[str, Sequence[rows.Found]]

    def ids(self, kind: str) -> list[str]:
        """The ids of this kind, the oldest first."""
        return [one.id for one in sorted(self.found.get(kind, ()), key=_by_age)]

    def some(self, kind: str) -> bool:
        """Whether there is anything of this kind."""
        return kind in self.found

    @property
    def rungs(self) -> list[tuple[EscalationId, RoomName]]:
        """Escalations whose wait is over, with their rooms, the oldest first."""
        found = sorted(self.found.get(RUNG, ()), key=_by_age)
        return [(EscalationId(one.id), RoomName(one.word)) for one in found]

    @property
    def next_rung(self) -> datetime | None:
        """When the next wait of an escalation is over (UTC); None if nothing waits."""
        return next((one.at2 for one in self.found.get(NEXT, ())), None)

    @property
    def expired(self) -> list[tuple[str, int]]:
        """Effects whose claimer has let the lease pass, with the number of that claim."""
        return [(one.id, int(one.word)) for one in self.found.get(EXPIRED, ())]

    @property
    def effects(self) -> list[Effect]:
        """Effects to be looked up at the provider, and those that wait, the most pressing first."""
        return [
            Effect(one.id, as_kept(Urgency, one.word), bool(one.n), kind == UNSURE, one.at, one.at2, one.sid)
            for kind in (UNSURE, WAITING)
            for one in self.found.get(kind, ())
        ]

    @property
    def untold(self) -> list[tuple[StaffId, How]]:
        """For whose phone, and whose next text, something waits."""
        return sorted((StaffId(one.id), as_kept(How, one.word)) for one in self.found.get(UNTOLD, ()))

    @property
    def quiet(self) -> list[Unheard]:
        """Calls of which nothing was heard for a while, the quietest first."""
        found = [
            Unheard(one.word, one.id, one.sid, max(filter(None, (one.at, one.at2, one.at3))), bool(one.n))
            for one in self.found.get(QUIET, ())
            if one.sid is not None
        ]
        return sorted(found, key=lambda one: one.last_sign)


EXPIRED, WAITING, UNSURE = "expired", "waiting", "unsure"
RUNG, UNTOUCHED, RESTING, HOLDS, SILENT, REACHED_FOR = (
    "rung",
    "untouched",
    "resting",
    "holds",
    "silent",
    "reached for",
)
LEASES, LATE, CALLBACKS, INTAKES = "leases", "late", "callbacks", "intakes"
THREADS, RINGS, ALONE, CALLS = "threads", "rings", "alone", "calls"
UNTOLD, QUIET, BEATEN, NEXT = "untold", "quiet", "beaten", "next"


def look(tx: Tx, times: Times, asked: Collection[ContactState], idle: Collection[ContactState]) -> Due:
    """What is due by these times.

    `asked`, `idle`: where a thread stands whose texter was asked something, or that waits for nothing.
    """
    given = {name: getattr(times, name) for name in Times.__slots__}
    found: dict[str, list[rows.Found]] = {}
    for one in tx.execute(_due(frozenset(asked), frozenset(idle)), given):
        found.setdefault(one.kind, []).append(one)
    return Due(found)


def _by_age(found: rows.Found) -> tuple[bool, datetime | None, str]:
    return found.at is None, found.at, found.id


@cache
def _time(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=UtcMicros)


def _part(
    kind: str,
    row: ColumnElement[Any],
    *,
    at: ColumnElement[Any] | None = None,
    at2: ColumnElement[Any] | None = None,
    at3: ColumnElement[Any] | None = None,
    word: ColumnElement[Any] | None = None,
    sid: ColumnElement[Any] | None = None,
    n: ColumnElement[Any] | None = None,
) -> rows.Query:
    return select(
        literal(kind).label("kind"),
        row.label("id"),
        _or_null(at, UtcMicros).label("at"),
        _or_null(at2, UtcMicros).label("at2"),
        _or_null(at3, UtcMicros).label("at3"),
        _or_null(word, Text).label("word"),
        _or_null(sid, Text).label("sid"),
        (literal(0) if n is None else n).label("n"),
    )


def _or_null(column: ColumnElement[Any] | None, kind: Any) -> ColumnElement[Any]:
    return cast(null(), kind) if column is None else column


def _limited(query: rows.Query) -> rows.Query:
    """A part with an order or a limit of its own."""
    return select(query.subquery())


_NOW = _time("now")
_EFFECT = {
    "at": outbox.c.due_at,
    "at2": outbox.c.created_at,
    "word": outbox.c.urgency,
    "sid": outbox.c.error,
    "n": case((outbox.c.kind == PlaceCall.__name__, 1), else_=0),
}


def _effects() -> list[rows.Query]:
    expired = _part(EXPIRED, outbox.c.id, word=cast(outbox.c.claims, Text)).where(
        outbox.c.status == EffectStatus.CLAIMED.value, outbox.c.lease_until <= _NOW
    )
    unsure = _part(UNSURE, outbox.c.id, **_EFFECT).where(
        outbox.c.status == EffectStatus.UNSURE.value, outbox.c.due_at <= _NOW, IS_KNOWN
    )
    waiting = _part(WAITING, outbox.c.id, **_EFFECT).where(
        outbox.c.status == EffectStatus.WAITING.value, outbox.c.due_at <= _NOW, IS_KNOWN
    )
    return [
        _limited(expired.order_by(PRESSING_FIRST, outbox.c.lease_until, outbox.c.id).limit(100)),
        _limited(unsure.order_by(outbox.c.due_at, outbox.c.id).limit(_AT_MOST)),
        _limited(waiting.order_by(PRESSING_FIRST, outbox.c.due_at, outbox.c.id).limit(_AT_MOST)),
    ]


def _escalations() -> list[rows.Query]:
    row = escalations.c
    reaching, accepted = (
        row.status == EscalationStatus.REACHING.value,
        row.status == EscalationStatus.ACCEPTED.value,
    )

    def touched(kind: str, subject: Subject, before: str) -> list[rows.Query]:
        theirs = (accepted, row.subject == subject.value)
        part = _part(kind, row.id, at=row.opened_at).where(*theirs)
        never = part.where(row.touched_at.is_(None), row.accepted_at < _time(before))
        return [part.where(row.touched_at < _time(before)), never]

    last = func.coalesce(row.touched_at, row.accepted_at)
    not_taken = _part(UNTOUCHED, row.id, at=row.opened_at).where(
        accepted,
        row.subject == Subject.EMERGENCY.value,
        row.not_taken_at < _time("not_taken"),
        last <= row.not_taken_at,
        last >= _time("untouched"),  # the others are found already
    )
    held = [subject.value for subject in HELD]
    silent = (reaching, row.subject == Subject.CALLBACK.value, row.ringing == "[]")
    return [
        _part(RUNG, row.id, at=row.opened_at, at2=row.next_at, word=row.room).where(
            reaching, row.next_at <= _NOW
        ),
        _limited(
            _part(NEXT, row.id, at2=row.next_at)
            .where(reaching, row.next_at > _NOW)
            .order_by(row.next_at)
            .limit(1)
        ),
        *touched(UNTOUCHED, Subject.EMERGENCY, "untouched"),
        not_taken,
        *touched(RESTING, Subject.THREAD, "resting"),
        _limited(_part(HOLDS, row.id).where(reaching, row.subject.in_(held)).limit(1)),
        _limited(_part(SILENT, row.id).where(*silent).limit(1)),
        _limited(_part(REACHED_FOR, row.id).where(reaching).limit(1)),
    ]


def _callbacks() -> list[rows.Query]:
    """A callback that has neither a lease nor a time at all can't come about by the rules; an older version, or a hand
    in the database, may have left one."""
    row = callbacks.c
    waits = row.status == CallbackStatus.WAITING.value
    open_ones = [status.value for status in CallbackStatus if status is not CallbackStatus.CLOSED]
    taken = [
        status.value
        for status in CallbackStatus
        if status not in (CallbackStatus.CLOSED, CallbackStatus.WAITING)
    ]
    forgotten = (
        waits,
        row.due_at.is_(None),
        row.attempts == 0,
        or_(row.lease_until.is_(None), row.lease_until > _NOW),
    )
    return [
        _part(LEASES, row.id, at=row.promised_at).where(row.status.in_(open_ones), row.lease_until <= _NOW),
        _part(LEASES, row.id, at=row.promised_at).where(*forgotten),
        _part(LEASES, row.id, at=row.promised_at).where(row.status.in_(taken), row.lease_until.is_(None)),
        _part(LATE, row.id, at=row.promised_at).where(
            row.status.in_(open_ones), row.told_supervisor.is_(False), row.promised_at < _NOW
        ),
        _limited(_part(CALLBACKS, row.id).where(waits, row.due_at <= _NOW).limit(1)),
        _part(INTAKES, intakes.c.id, at=intakes.c.due_at).where(BOOKED, intakes.c.due_at <= _NOW),
    ]


def _calls(asked: Collection[ContactState], idle: Collection[ContactState]) -> list[rows.Query]:
    """Calls of which the end was not heard, rings and threads that are over by themselves."""
    page, row, seen = pages.c, contacts.c, calls_seen.c
    rings = [PageState.PLACED.value, PageState.RINGING.value, PageState.ANSWERED.value]
    somebody = exists().where(
        row.room == escalations.c.room, row.ended_at.is_(None), row.state == ContactState.IN_ROOM.value
    )
    lately = exists().where(row.room == escalations.c.room, row.last_turn_at >= _time("alone"))
    alone = (
        page.state == PageState.ACCEPTED.value,
        func.coalesce(page.answered_at, page.placed_at) < _time("alone"),
        ~somebody,
        ~lately,
    )
    silent_for = case(
        (row.state == ContactState.IN_ROOM.value, _time("talk")),
        (row.dialled_at == row.last_turn_at, _time("dial")),
        else_=_time("call"),
    )
    lost = (
        *_ONGOING_CALL,
        row.last_turn_at < _time("call"),
        row.last_turn_at < silent_for,
        or_(seen.at.is_(None), seen.at < silent_for),
    )
    theirs = calls_seen.c.call_sid == row.provider_sid
    return [
        _part(RINGS, page.id, at=page.placed_at).where(
            LINE_OPEN, page.state.in_(rings), page.placed_at < _time("ring")
        ),
        _part(ALONE, page.id, at=page.placed_at)
        .select_from(pages.join(escalations, escalations.c.id == page.escalation_id))
        .where(LINE_OPEN, *alone),
        _part(CALLS, row.id, at=row.opened_at)
        .select_from(contacts.outerjoin(calls_seen, theirs))
        .where(*lost),
        *(
            _part(THREADS, row.id, at=row.opened_at).where(
                text("contacts.ended_at IS NULL AND contacts.channel = 'text'"),
                row.state.in_(sorted(state.value for state in states)),
                row.last_turn_at < _time(before),
            )
            for states, before in ((asked, "asked"), (idle, "long_ago"))
        ),
    ]


_ONGOING_CALL = (contacts.c.ended_at.is_(None), contacts.c.channel == Channel.VOICE.value)


def _quiet() -> list[rows.Query]:
    """Calls after which the carrier may have to be asked; see `quiet_calls`."""
    page, row, seen, heard = pages.c, contacts.c, calls_seen.c, listeners.c
    doubted = func.coalesce(seen.asked_at == calls_seen_of.DOUBTED, false())

    def of(
        whose: str, row_id: ColumnElement[Any], sid: ColumnElement[Any], *signs: ColumnElement[Any]
    ) -> rows.Query:
        before = _time("quiet")
        silent = and_(
            or_(seen.at.is_(None), seen.at <= before),
            *(or_(sign.is_(None), sign <= before) for sign in signs),
        )
        unasked = or_(seen.asked_at.is_(None), seen.asked_at < _time("question"))
        last = (*signs, cast(null(), UtcMicros))[:2]
        part = _part(
            QUIET,
            row_id,
            at=last[0],
            at2=last[1],
            at3=seen.at,
            word=literal(whose),
            sid=sid,
            n=case((doubted, 1), else_=0),
        )
        return part.where(seen.final_status.is_(None), unasked, or_(silent, doubted))

    settled = (PICKED_UP, page.ended_at >= _time("settled"))
    of_pages = pages.outerjoin(calls_seen, seen.call_sid == page.provider_sid)
    of_contacts = contacts.outerjoin(calls_seen, seen.call_sid == row.provider_sid)
    # An outer join, so that it begins with the calls that run: they are few.
    theirs = and_(outbox.c.subject_id == row.id, OF_INTERPRETERS)
    interpreters = contacts.outerjoin(outbox, theirs).outerjoin(
        calls_seen, seen.call_sid == outbox.c.provider_sid
    )
    signs = (page.placed_at, page.answered_at)
    called_off = page.state.in_(
        [PageState.PLACED.value, PageState.RINGING.value, PageState.ANSWERED.value, PageState.ACCEPTED.value]
    )
    return [
        of("page", page.id, page.provider_sid, *signs).select_from(of_pages).where(LINE_OPEN, called_off),
        of("page", page.id, page.provider_sid, *signs).select_from(of_pages).where(*settled),
        of("contact", row.id, row.provider_sid, row.last_turn_at)
        .select_from(of_contacts)
        .where(*_ONGOING_CALL),
        of("hand_off", hand_offs.c.id, hand_offs.c.provider_sid, hand_offs.c.asked_at)
        .select_from(hand_offs.outerjoin(calls_seen, seen.call_sid == hand_offs.c.provider_sid))
        .where(HANDED_OVER),
        of("interpreter", row.id, outbox.c.provider_sid, outbox.c.created_at)
        .select_from(interpreters)
        .where(*_ONGOING_CALL),
        of("listener", heard.id, heard.call_sid, heard.asked_at, heard.joined_at)
        .select_from(listeners.outerjoin(calls_seen, seen.call_sid == heard.call_sid))
        .where(LISTENS, heard.call_sid.is_not(None)),
    ]


@cache
def _due(asked: frozenset[ContactState], idle: frozenset[ContactState]) -> CompoundSelect[Any]:
    return with_constants(
        union_all(
            *_effects(),
            *_escalations(),
            *_callbacks(),
            *_calls(asked, idle),
            _part(UNTOLD, staff.c.id, word=literal(How.CALL.value)).where(phones.CALL_WAITS),
            _part(UNTOLD, staff.c.id, word=literal(How.TEXT.value)).where(phones.TEXT_WAITS),
            *_quiet(),
            _part(BEATEN, beats.c.name).where(beats.c.name == bindparam("clock"), beats.c.at > _time("beat")),
        )
    )
