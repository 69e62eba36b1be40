"""What the board shows: one statement for each table, however much is open.

What was found is kept for this transaction where the modules of the nouns would look for it. So whoever decides what is
shown asks them as everybody does, and nothing is read again, let alone once for each row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, TypeVar

from sqlalchemy import (
    BindParameter,
    FromClause,
    Text,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from hotline.callbacks.callback import CallbackKind, CallbackStatus
from hotline.model import CallbackId, Channel, ContactId, Language, Line, Outcome, RoomName, Subject, as_kept
from hotline.oncall.escalation import EscalationStatus
from hotline.store.cases import admissions_records as record_rows
from hotline.store.cases import callbacks as callback_rows
from hotline.store.cases import contacts as contact_rows
from hotline.store.cases import escalations as escalation_rows
from hotline.store.cases import follow_ups as follow_up_rows
from hotline.store.cases import intakes as intake_rows
from hotline.store.cases import pages as page_rows
from hotline.store.cases.admissions_records import AdmissionsRecord
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.follow_ups import FollowUpRow
from hotline.store.cases.intakes import SAID, IntakeRow, IntakeState, ReferralRow
from hotline.store.database import Tx, UtcMicros, rows
from hotline.store.database.tables import (
    BOOKED,
    OFFERED,
    UNNAMED,
    admissions_records,
    callbacks,
    contacts,
    escalations,
    follow_ups,
    intakes,
    messages,
    pages,
    referrals,
)
from hotline.store.overviews import many_numbers, telephones
from hotline.store.traffic import messages as message_rows
from hotline.store.traffic import readings as reading_rows

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_OPEN, _CLOSED, _ORIGIN, _CALL, _TALK, _COUNT = "open", "closed", "origin", "call", "talk", "count"
_INTAKE, _FOLLOW_UP, _REFERRAL, _RECORD = "intake_", "follow_up_", "referral_", "record_"
_AT_MOST: BindParameter[int] = bindparam("at_most")


@dataclass(frozen=True, slots=True)
class CallOfOurs:
    """One call of ours for a callback. Times are UTC."""

    callback: CallbackId
    at: datetime
    ended_at: datetime | None
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody wants before them; None is any. No emergency is ever left out."""

    line: Line | None = None
    language: Language | None = None

    @property
    def is_any(self) -> bool:
        """Whether nothing is left out."""
        return self.line is None and self.language is None

    def has(self, line: str | None, languages: Collection[str]) -> bool:
        """Whether it is among it; whoever has chosen no line yet may want any."""
        asked_for = self.line is None or line in (None, self.line)
        return asked_for and (self.language is None or self.language in languages)


ANY: Final = Chosen()


@dataclass(frozen=True, slots=True)
class BoardPart:
    """Which part of the board is read."""

    chosen: Chosen = ANY
    at_most: int | None = None
    """How many of those on the line, in no emergency; None: all."""
    first: frozenset[str] = frozenset()
    """Which of these come first: those in these states, then by when they called."""


WHOLE: Final = BoardPart()


@dataclass(frozen=True, slots=True)
class OnTheBoard:
    """All that is open, and what was closed lately."""

    open: tuple[EscalationRow, ...]
    """The oldest first."""
    closed: tuple[EscalationRow, ...]
    """The latest first."""
    talks: tuple[EscalationRow, ...]
    """For callers who held, were put through, and are owed nothing, or have been owed a call of that talk since
    `promised_after` only: the latest first."""
    ongoing: tuple[ContactRow, ...]
    """Calls and threads that have not ended, the oldest first."""
    owed: tuple[CallbackRow, ...]
    """The earliest promise first."""
    done: tuple[CallbackRow, ...]
    """The latest first; without those of emergencies, which are over with these."""
    calls: tuple[CallOfOurs, ...]
    """Ours for what is owed, the oldest first."""
    intakes: tuple[IntakeRow, ...]
    """Booked, and nobody has said whether they came; the next first."""
    marked: tuple[IntakeRow, ...]
    """Of which somebody has said since `promised_after` whether they came; the latest first."""
    follow_ups: tuple[FollowUpRow, ...]
    """Offered, and nobody has said whether they are wanted; the oldest first."""
    unnamed: tuple[ReferralRow, ...]
    """Of which nobody has said to whom, and somebody is asked; the oldest first."""
    records: Mapping[ContactId, AdmissionsRecord]
    """Of what is owed and raised, by the contact with which it began."""
    more_on_line: int = 0
    """How many calls beside these have not ended, and are in no emergency."""
    other_calls: int = 0
    """How many calls in no emergency are not among what was chosen; those with staff were read all the same."""
    other_callbacks: int = 0
    """How many callbacks are owed that are not among it; those that somebody has were read all the same."""


def look(
    tx: Tx,
    now: datetime,
    *,
    closed_after: datetime,
    promised_after: datetime,
    subjects: Collection[Subject],
    held: Collection[Subject],
    at_most: int,
    part: BoardPart = WHOLE,
) -> OnTheBoard:
    """The board at this moment (UTC). Of what of these kinds was closed after `closed_after`, of talks (for which
    callers had `held`) that ended after it, and of callbacks that are closed, the latest `at_most` each. `part`: of
    calls in no emergency only the first so many. What was not chosen is left where it is and counted: calls, what is
    open for those who hold, and callbacks; but for what somebody of the staff has, what hangs together with anything
    that is read, and follow-ups."""
    chosen = part.chosen
    given = {
        "closed_after": closed_after,
        "promised_after": promised_after,
        "subjects": sorted(subject.value for subject in subjects),
        "held": sorted(subject.value for subject in held),
        "at_most": at_most,
        **_asked(chosen),
    }
    open_ones, closed, talks, after = _escalations(tx, given, chosen)
    booked, offered, unnamed = after.booked, after.offered, after.unnamed
    # Callers who hold are read with all who are on the line.
    about = _contacts_of(one for one in open_ones if chosen.is_any or one.escalation.subject not in held)
    of_escalations = [one.callback_id for one in open_ones]
    of_intakes = [one for row in booked for one in (row.callback_id, row.again)]
    of_referrals = [row.callback_id for row in unnamed]
    named = [one for one in (*of_escalations, *of_intakes, *of_referrals) if one is not None]
    owed, done, records, other_callbacks = _callbacks(tx, named, about, at_most, chosen)
    asked = [row.contact_id for row in owed]
    followed = [
        *(row.contact_id for row in booked),
        *(row.contact_id for row in offered),
        *(row.contact_id for row in unnamed),
    ]
    whose = [*about, *asked, *followed, *_contacts_of((*closed, *talks))]
    in_danger = {one.room for one in open_ones if one.escalation.subject is Subject.EMERGENCY}
    known, ongoing, calls, more, other_calls = _contacts(tx, whose, owed, in_danger, part)
    _who_came(tx, talks)
    _rooms(tx, known.values(), ongoing, open_ones)
    wrote = dict.fromkeys(one for one in (*about, *asked) if one in known)
    _threads(tx, [one for one in wrote if known[one].channel is Channel.TEXT])
    kept = (callback_rows.get(tx, one) for one in of_intakes if one is not None)
    _numbers(tx, now, known.values(), ongoing, (*owed, *done, *(row for row in kept if row is not None)))
    _pages(tx, open_ones)
    return OnTheBoard(
        open=tuple(open_ones),
        closed=tuple(closed),
        talks=tuple(talks),
        ongoing=tuple(ongoing),
        owed=tuple(owed),
        done=tuple(done),
        calls=tuple(calls),
        intakes=tuple(row for row in booked if row.state is IntakeState.BOOKED),
        marked=tuple(row for row in booked if row.state is not IntakeState.BOOKED),
        follow_ups=tuple(offered),
        unnamed=tuple(unnamed),
        records=records,
        more_on_line=more,
        other_calls=other_calls,
        other_callbacks=other_callbacks,
    )


_LINE, _LANGUAGE = bindparam("line", type_=Text), bindparam("language", type_=Text)
"""What was chosen; empty: any."""


def _asked(chosen: Chosen) -> dict[str, str]:
    if chosen.is_any:
        return {}
    return {
        "line": chosen.line.value if chosen.line else "",
        "language": chosen.language.value if chosen.language else "",
    }


def _is_other(table: FromClause) -> rows.Condition:
    """Whether a row is for another line, or in another language; without a line, it may be for any."""
    other_line = and_(_LINE != "", table.c.line.is_not(None), table.c.line != _LINE)
    return or_(other_line, and_(_LANGUAGE != "", table.c.language != _LANGUAGE))


_OTHER_CALL = and_(
    contacts.c.ended_at.is_(None),
    contacts.c.channel == Channel.VOICE.value,
    or_(contacts.c.line.is_(None), contacts.c.line != Line.EMERGENCY.value),
    _is_other(contacts),
)


def _grouped(several: Iterable[V], by: Callable[[V], K]) -> dict[K, list[V]]:
    found: dict[K, list[V]] = {}
    for one in several:
        found.setdefault(by(one), []).append(one)
    return found


def _contacts_of(several: Iterable[EscalationRow]) -> list[ContactId]:
    return list(dict.fromkeys(one.contact_id for one in several if one.contact_id is not None))


# --- escalations -------------------------------------------------------------------------------------------------


def _lately(kind: str, *which: rows.Condition) -> Any:
    query = select(literal(kind).label("kind"), *escalations.c).where(
        escalations.c.closed_at > bindparam("closed_after", type_=UtcMicros), *which
    )
    return query.order_by(escalations.c.closed_at.desc(), escalations.c.id).limit(_AT_MOST).subquery()


_IS_TALK = exists().where(
    contacts.c.id == escalations.c.contact_id,
    contacts.c.reached_at.is_not(None),
    or_(
        contacts.c.callback_id.is_(None),
        exists().where(
            callbacks.c.id == contacts.c.callback_id,
            callbacks.c.contact_id == contacts.c.id,
            callbacks.c.opened_at > bindparam("promised_after", type_=UtcMicros),
            callback_rows.OPEN,
        ),
    ),
)
_TALKS = _lately(_TALK, escalations.c.subject.in_(bindparam("held", expanding=True)), _IS_TALK)
_LAST_OF_THEM = select(contacts.c.escalation_id).where(contacts.c.id.in_(select(_TALKS.c.contact_id)))
_NO_INTAKE, _NO_FOLLOW_UP = rows.nothing(intakes, _INTAKE), rows.nothing(follow_ups, _FOLLOW_UP)
_NO_REFERRAL = rows.nothing(referrals, _REFERRAL)
_NEITHER = (*_NO_INTAKE, *_NO_FOLLOW_UP, *_NO_REFERRAL)
_AN_INTAKE = (*rows.prefixed(intakes, _INTAKE), *_NO_FOLLOW_UP, *_NO_REFERRAL)
_A_FOLLOW_UP = (*_NO_INTAKE, *rows.prefixed(follow_ups, _FOLLOW_UP), *_NO_REFERRAL)
_A_REFERRAL = (*_NO_INTAKE, *_NO_FOLLOW_UP, *rows.prefixed(referrals, _REFERRAL))
_NO_ESCALATION = rows.nothing(escalations, "")
_danger = escalations.alias("danger")
_HELD_ELSEWHERE = and_(
    escalations.c.subject.in_(bindparam("held", expanding=True)),
    escalations.c.accepted_by.is_(None),
    escalations.c.contact_id.in_(select(contacts.c.id).where(_OTHER_CALL)),
    ~exists().where(
        _danger.c.room == escalations.c.room,
        _danger.c.status != EscalationStatus.CLOSED.value,
        _danger.c.subject == Subject.EMERGENCY.value,
    ),
)
"""Somebody holds who isn't among what was chosen, and nobody has them yet."""


@cache
def _escalations_query(every: bool) -> Any:
    which = [escalation_rows.OPEN] if every else [escalation_rows.OPEN, ~_HELD_ELSEWHERE]
    subjects = escalations.c.subject.in_(bindparam("subjects", expanding=True))
    return union_all(
        select(literal(_OPEN).label("kind"), *escalations.c, *_NEITHER).where(*which),
        select(_lately(_CLOSED, subjects), *_NEITHER),
        select(_TALKS, *_NEITHER),
        select(literal(_ORIGIN), *escalations.c, *_NEITHER).where(escalations.c.id.in_(_LAST_OF_THEM)),
        # What follows talks is a handful of rows, and not worth a statement of its own.
        select(literal(_INTAKE), *_NO_ESCALATION, *_AN_INTAKE).where(BOOKED),
        select(literal(_INTAKE), *_NO_ESCALATION, *_AN_INTAKE).where(
            intakes.c.marked_at > bindparam("promised_after", type_=UtcMicros),
            intakes.c.state.in_([one.value for one in SAID]),
        ),
        select(literal(_FOLLOW_UP), *_NO_ESCALATION, *_A_FOLLOW_UP).where(OFFERED),
        select(literal(_REFERRAL), *_NO_ESCALATION, *_A_REFERRAL).where(UNNAMED),
    )


@dataclass(frozen=True, slots=True)
class _AfterTalks:
    """What is to be said after talks."""

    booked: list[IntakeRow]
    """Of which nobody has said whether they came, the next first; then those of which somebody has lately."""
    offered: list[FollowUpRow]
    """Of which nobody has said whether they are wanted, the oldest first."""
    unnamed: list[ReferralRow]
    """Of which nobody has said to whom, the oldest first."""


def _escalations(
    tx: Tx, given: Mapping[str, object], chosen: Chosen
) -> tuple[list[EscalationRow], list[EscalationRow], list[EscalationRow], _AfterTalks]:
    """What is open, closed and talked about, and what is to be said after talks."""
    found = tx.execute(_escalations_query(chosen.is_any), given).all()
    booked = [intake_rows.of_row(tx, one) for one in rows.parts(found, intakes, _INTAKE)]
    offered = [follow_up_rows.of_row(one) for one in rows.parts(found, follow_ups, _FOLLOW_UP)]
    unnamed = [intake_rows.referral_of_row(tx, one) for one in rows.parts(found, referrals, _REFERRAL)]
    unnamed.sort(key=lambda row: (row.said_at, row.id))
    booked.sort(key=lambda row: (row.marked_at is not None, row.due_at or row.booked_at, row.id))
    offered.sort(key=lambda row: (row.offered_at, row.id))
    several = _grouped(found, lambda one: one.kind)
    for kind in (_OPEN, _CLOSED, _TALK, _ORIGIN):
        for one in several.get(kind, ()):
            rows.keep(tx, escalations, one)
    open_ones, closed, talks = (
        [escalation_rows.of_row(one) for one in several.get(kind, ())] for kind in (_OPEN, _CLOSED, _TALK)
    )
    open_ones.sort(key=lambda row: (row.escalation.opened_at, row.escalation.id))
    for over in (closed, talks):
        over.sort(key=lambda row: row.escalation.id)
        over.sort(key=lambda row: row.closed_at or row.escalation.opened_at, reverse=True)
    return open_ones, closed, talks, _AfterTalks(booked, offered, unnamed)


def _who_came(tx: Tx, talks: Sequence[EscalationRow]) -> None:
    """Whose phones rang for what nobody had accepted: who talked with the caller is found among them."""
    ids = [row.escalation.id for row in talks if row.escalation.accepted_by is None]
    found = page_rows.many(tx, pages.c.escalation_id.in_(ids)) if ids else ()
    theirs = _grouped(found, lambda page: page.escalation_id)
    for one in ids:
        page_rows.remember_of(tx, one, theirs.get(one, ()))


# --- callbacks ---------------------------------------------------------------------------------------------------

_DONE = (
    select(literal(_CLOSED).label("kind"), *callbacks.c)
    .where(callback_rows.CLOSED, callbacks.c.line != Line.EMERGENCY.value)
    .order_by(callbacks.c.closed_at.desc(), callbacks.c.id)
    .limit(_AT_MOST)
)
_LEFT = select(contacts.c.callback_id).where(contacts.c.id.in_(bindparam("origins", expanding=True)))
_NO_RECORD = rows.nothing(admissions_records, _RECORD)
_NO_CALLBACK = rows.nothing(callbacks, "")
_theirs = callbacks.alias("theirs")
_SAME_NUMBER = select(_theirs.c.number_lookup).where(
    _theirs.c.status != CallbackStatus.CLOSED.value, _theirs.c.number_lookup.is_not(None), ~_is_other(_theirs)
)
_READ = or_(
    ~_is_other(callbacks),
    callbacks.c.owner.is_not(None),
    callbacks.c.line == Line.EMERGENCY.value,
    callbacks.c.called_for == CallbackKind.FOLLOW_UP.value,
    and_(callbacks.c.number_lookup.is_not(None), callbacks.c.number_lookup.in_(_SAME_NUMBER)),
)
"""What is owed that was chosen, that somebody has, or without which something that was chosen can't be told."""


@cache
def _callbacks_query(every: bool) -> Any:
    joined = admissions_records.c.id == callbacks.c.contact_id
    record, none = rows.prefixed(admissions_records, _RECORD), literal(0)
    open_ones = select(literal(_OPEN).label("kind"), none.label("many"), *callbacks.c, *record).outerjoin(
        admissions_records, and_(joined, callbacks.c.raised)
    )
    by_id = or_(callbacks.c.id.in_(bindparam("named", expanding=True)), callbacks.c.id.in_(_LEFT))
    others = select(literal(_ORIGIN), none, *callbacks.c, *_NO_RECORD)
    done = _DONE.subquery()
    closed = select(done.c.kind, none, *(done.c[one.name] for one in callbacks.c), *_NO_RECORD)
    if every:
        return union_all(
            open_ones.where(callback_rows.OPEN), closed, others.where(callback_rows.CLOSED, by_id)
        )
    left_out = callback_rows.OPEN, callbacks.c.line != Line.EMERGENCY.value, _is_other(callbacks)
    return union_all(
        open_ones.where(callback_rows.OPEN, _READ),
        closed,
        others.where(or_(callback_rows.CLOSED, ~_READ), by_id),
        select(literal(_COUNT), func.count(), *_NO_CALLBACK, *_NO_RECORD)
        .select_from(callbacks)
        .where(*left_out),
    )


def _callbacks(
    tx: Tx, named: Sequence[CallbackId], about: Sequence[ContactId], at_most: int, chosen: Chosen
) -> tuple[list[CallbackRow], list[CallbackRow], dict[ContactId, AdmissionsRecord], int]:
    given = {"at_most": at_most, "origins": about, "named": named, **_asked(chosen)}
    several = _grouped(tx.execute(_callbacks_query(chosen.is_any), given), lambda one: one.kind)
    (others,) = [one.many for one in several.pop(_COUNT, ())] or [0]
    found = [one for ones in several.values() for one in ones]
    for one in found:
        rows.keep(tx, callbacks, one)
    owed = [callback_rows.of_row(tx, one) for one in several.get(_OPEN, ())]
    done = [callback_rows.of_row(tx, one) for one in several.get(_CLOSED, ())]
    owed.sort(key=lambda row: (row.callback.promised_at, row.callback.id))
    records = [record_rows.of_row(tx, one) for one in rows.parts(found, admissions_records, _RECORD)]
    return owed, done, {one.contact_id: one for one in records}, others


# --- contacts ----------------------------------------------------------------------------------------------------

_ORIGINS: BindParameter[Any] = bindparam("origins", expanding=True)


@cache
def _contacts_query(every: bool) -> Any:
    none = literal(0)
    ongoing = select(literal(_OPEN).label("kind"), none.label("many"), *contacts.c)
    origins = select(literal(_ORIGIN), none, *contacts.c).where(
        contacts.c.id.in_(_ORIGINS), contacts.c.ended_at.is_not(None)
    )
    calls = select(literal(_CALL), none, *contacts.c).where(
        contacts.c.callback_id.in_(bindparam("owed", expanding=True)), contacts.c.outbound
    )
    if every:
        return union_all(ongoing.where(contacts.c.ended_at.is_(None)), origins, calls)
    is_read = or_(
        ~_OTHER_CALL, contacts.c.id.in_(_ORIGINS), contacts.c.room.in_(bindparam("rooms", expanding=True))
    )
    left_out = _OTHER_CALL, contacts.c.room.not_in(bindparam("in_danger", expanding=True))
    return union_all(
        ongoing.where(contacts.c.ended_at.is_(None), is_read),
        origins,
        calls,
        select(literal(_COUNT), func.count(), *rows.nothing(contacts, ""))
        .select_from(contacts)
        .where(*left_out),
    )


def _contacts(
    tx: Tx,
    about: Sequence[ContactId],
    owed: Sequence[CallbackRow],
    in_danger: Collection[RoomName],
    part: BoardPart,
) -> tuple[dict[ContactId, ContactRow], list[ContactRow], list[CallOfOurs], int, int]:
    chosen = part.chosen
    given: dict[str, object] = {"origins": about, "owed": [row.callback.id for row in owed], **_asked(chosen)}
    if not chosen.is_any:
        with_staff = {one.room for one in telephones.look(tx, every=True).talking()}
        rooms = {*in_danger, *with_staff, *(row.room for row in owed)}
        given |= {"rooms": sorted(rooms), "in_danger": sorted(in_danger)}
    several = _grouped(tx.execute(_contacts_query(chosen.is_any), given), lambda one: one.kind)
    (others,) = [one.many for one in several.get(_COUNT, ())] or [0]
    known: dict[ContactId, ContactRow] = {}
    every = several.get(_OPEN, [])
    shown = _first_on_line(every, in_danger, part)
    for found in (*shown, *several.get(_ORIGIN, ())):
        row = contact_rows.found_as(tx, found, "")
        if row is not None:
            known[row.id] = row
    ongoing = [row for row in known.values() if row.ended_at is None]
    ongoing.sort(key=lambda row: (row.opened_at, row.id))
    calls = sorted(several.get(_CALL, ()), key=lambda one: (one.opened_at, one.id))
    return known, ongoing, [_call(one) for one in calls], len(every) - len(shown), others


def _first_on_line(found: Sequence[Any], in_danger: Collection[RoomName], wanted: BoardPart) -> list[Any]:
    """Every emergency and every text, and of the other calls that were chosen the first."""
    if wanted.at_most is None:
        return list(found)

    def is_call(one: Any) -> bool:
        emergency = one.line == Line.EMERGENCY.value or one.room in in_danger
        listed = one.channel == Channel.VOICE.value and not emergency
        return bool(listed and wanted.chosen.has(one.line, (one.language,)))

    calls = sorted(filter(is_call, found), key=lambda one: (one.state not in wanted.first, one.opened_at))
    return [*(one for one in found if not is_call(one)), *calls[: wanted.at_most]]


def _call(found: Any) -> CallOfOurs:
    outcome = as_kept(Outcome, found.outcome) if found.outcome else None
    return CallOfOurs(found.callback_id, found.opened_at, found.ended_at, outcome)


# --- what is asked of them ---------------------------------------------------------------------------------------


def _pages(tx: Tx, open_ones: Sequence[EscalationRow]) -> None:
    """Who is asked for each, and whose telephones are in use."""
    now = telephones.look(tx, every=True)
    waiting = {one.page.id: one.page for one in now.lines if one.page.ended_at is None}
    theirs = _grouped(waiting.values(), lambda page: page.escalation_id)
    for row in open_ones:
        page_rows.remember_waiting(tx, row.escalation.id, theirs.get(row.escalation.id, ()))


def _rooms(
    tx: Tx, known: Collection[ContactRow], ongoing: Sequence[ContactRow], open_ones: Sequence[EscalationRow]
) -> None:
    """Who is in each room, and what is open in it."""
    there = _grouped(ongoing, lambda row: row.room)
    running = _grouped(open_ones, lambda row: row.room)
    for room in {*(row.room for row in known), *running}:
        contact_rows.remember_in(tx, room, there.get(room, ()))
        escalation_rows.remember_in(tx, room, running.get(room, ()))


def _threads(tx: Tx, theirs: Sequence[ContactId]) -> None:
    """What was written in each."""
    if not theirs:
        return
    query = select(messages).where(messages.c.contact_id.in_(theirs)).order_by(messages.c.at, messages.c.id)
    said = _grouped(
        (message_rows.of_row(tx, one) for one in rows.many(tx, query)), lambda one: one.contact_id
    )
    for contact_id in theirs:
        message_rows.remember_of_contact(tx, contact_id, said.get(contact_id, ()))
    unsettled = reading_rows.unsettled_in(tx, theirs)
    for contact_id in theirs:
        reading_rows.remember_unsettled(tx, contact_id, unsettled.get(contact_id, []))


def _numbers(
    tx: Tx,
    now: datetime,
    known: Collection[ContactRow],
    ongoing: Sequence[ContactRow],
    promised: Sequence[CallbackRow],
) -> None:
    """What is known of each, what is owed to it, and where its owner writes to us."""
    callers = {row.caller for row in known if row.caller is not None}
    numbers = callers | {row.number for row in promised if row.number is not None}
    owed = _grouped((row for row in promised if row.callback.is_open), lambda row: row.number)
    for number in numbers:
        in_order = sorted(owed.get(number, ()), key=lambda row: (row.callback.opened_at, row.callback.id))
        callback_rows.remember_open_for(tx, number, in_order)
    texting = [row for row in ongoing if row.channel is Channel.TEXT]
    threads = _grouped(texting, lambda row: (row.caller, contact_rows.is_sms(row.our_number)))
    for number in numbers:
        for sms in (True, False):
            contact_rows.remember_open_thread(tx, number, threads.get((number, sms), ()), sms=sms)
    many_numbers.look(tx, numbers, now)
