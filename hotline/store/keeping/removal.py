"""Taking people out of cases: numbers, words, notes and the carrier's ids go, what is counted stays.

A row stays where it is, with its times, its line and how it ended, so that no report of a year that is over changes. In
the place of a number is one of nobody's, the same in all that is removed together: whoever called twice counts as one
who called twice. Nobody can go back from it to the number.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Table, and_, delete, exists, false, func, or_, select, true

from hotline.model import CallbackId, ContactId, EscalationId, KeptWord, PhoneNumber, StaffId, as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.tables import (
    PHONE,
    admissions_records,
    brought_wishes,
    callbacks,
    callers,
    calls_seen,
    contacts,
    escalations,
    hand_offs,
    intakes,
    journal_read,
    legs,
    look_reasons,
    messages,
    outbox,
    referrals,
    removals,
    removed_cases,
    sign_ins,
    spent_challenges,
    taken_up,
    timeline,
    turns,
    website_asks,
)
from hotline.store.keeping import legal_holds
from hotline.store.traffic import readings

BATCH: Final = 50
"""Cases in one transaction: some 50 ms, so that no caller waits for it."""


class RemovalKind(KeptWord):
    """What is kept for how long, each by a setting of its own; and a caller who is forgotten."""

    CASES = "cases"
    PASSING = "passing"
    ACCOUNTS = "accounts"
    SIGN_INS = "sign_ins"
    MECHANICS = "mechanics"
    CALLER = "caller"


@dataclass(frozen=True, slots=True)
class RemovalRow:
    """One time that something was removed. `at` is UTC."""

    id: str
    at: datetime
    kind: RemovalKind
    things: int
    """Cases, or rows."""
    mark: str | None = None
    """Of a caller who was forgotten; who has their number can tell that it is this one, and nobody else can."""
    reason: str | None = field(default=None, repr=False)
    by: StaffId | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """One case, and all that hangs on it."""

    contact: ContactId
    callbacks: tuple[CallbackId, ...]
    escalations: tuple[EscalationId, ...]


def stand_in() -> PhoneNumber:
    """A number of nobody's, in whose place no other one will be."""
    return PhoneNumber(f"+0{secrets.randbelow(10**14):014d}")


# --- which ---------------------------------------------------------------------------------------------------------

_OPEN_CALLBACK = exists().where(callbacks.c.contact_id == contacts.c.id, callbacks.c.closed_at.is_(None))
_OPEN_ESCALATION = exists().where(
    escalations.c.contact_id == contacts.c.id, escalations.c.closed_at.is_(None)
)
_REMOVED = exists().where(removed_cases.c.contact_id == contacts.c.id)
_IS_OVER: Final = (contacts.c.ended_at.is_not(None), ~_OPEN_CALLBACK, ~_OPEN_ESCALATION)


def _is_held(tx: Tx) -> ColumnElement[bool]:
    """Under whatever key their look-up was made: numbers are compared, not hashes."""
    held = legal_holds.holds(tx)
    if any(one.number is None for one in held):
        return true()
    numbers = [one.number for one in held if one.number is not None]
    lookups = [lookup for number in numbers for lookup in tx.keys.lookups(number.e164, PHONE)]
    owed = select(callbacks.c.contact_id).where(callbacks.c.number_lookup.in_(lookups))
    return or_(func.coalesce(contacts.c.caller_lookup.in_(lookups), false()), contacts.c.id.in_(owed))


def _outlived(tx: Tx, before: datetime, *, passing: bool) -> list[ColumnElement[bool]]:
    """Cases that were over by then: those of people whom nobody of ours reached and nobody owed anything, or the
    others."""
    later = exists().where(callbacks.c.contact_id == contacts.c.id, callbacks.c.closed_at >= before)
    nobody_came = and_(
        contacts.c.callback_id.is_(None),
        contacts.c.reached_at.is_(None),
        ~exists().where(callbacks.c.contact_id == contacts.c.id),
        ~exists().where(escalations.c.contact_id == contacts.c.id),
        ~contacts.c.outbound,
    )
    return [
        *_IS_OVER,
        contacts.c.ended_at < before,
        ~later,
        ~_REMOVED,
        ~_is_held(tx),
        nobody_came if passing else ~nobody_came,
    ]


def outlived(tx: Tx, before: datetime, *, passing: bool) -> int:
    """How many cases there are to remove."""
    query = select(func.count()).select_from(contacts).where(*_outlived(tx, before, passing=passing))
    return int(tx.execute(query).scalar_one())


def held(tx: Tx) -> int:
    """How many cases a legal hold keeps."""
    query = select(func.count()).select_from(contacts).where(~_REMOVED, _is_held(tx))
    return int(tx.execute(query).scalar_one())


def next_outlived(tx: Tx, before: datetime, *, passing: bool) -> list[rows.Found]:
    """The next of them, the oldest first."""
    query = select(contacts).where(*_outlived(tx, before, passing=passing))
    return list(rows.many(tx, query.order_by(contacts.c.ended_at, contacts.c.id).limit(BATCH)))


def of_caller(tx: Tx, number: PhoneNumber) -> list[rows.Found]:
    """Every case of theirs that isn't removed yet: what came from the number, and what was promised to it."""
    lookups = tx.keys.lookups(number.e164, PHONE)
    owed = select(callbacks.c.contact_id).where(callbacks.c.number_lookup.in_(lookups))
    theirs = or_(contacts.c.caller_lookup.in_(lookups), contacts.c.id.in_(owed))
    return list(rows.many(tx, select(contacts).where(theirs, ~_REMOVED).order_by(contacts.c.id)))


def numbers(tx: Tx) -> set[PhoneNumber]:
    """Of everybody who is in a case that isn't removed."""
    query = select(contacts.c.id, contacts.c.caller_number).where(
        contacts.c.caller_number.is_not(None), ~_REMOVED
    )
    tokens = rows.many(tx, query)
    return {PhoneNumber(tx.keys.open(one.caller_number, "contacts.caller_number", one.id)) for one in tokens}


def are_over(tx: Tx, number: PhoneNumber) -> bool:
    """Whether nothing of theirs goes on, and nobody owes them anything."""
    lookups = tx.keys.lookups(number.e164, PHONE)
    mine = or_(
        contacts.c.caller_lookup.in_(lookups),
        exists().where(callbacks.c.contact_id == contacts.c.id, callbacks.c.number_lookup.in_(lookups)),
    )
    going = select(contacts.c.id).where(mine, ~and_(*_IS_OVER)).limit(1)
    return rows.one(tx, going) is None


# --- removing ------------------------------------------------------------------------------------------------------


def note(tx: Tx, row: RemovalRow) -> None:
    """Keep that something was removed."""
    values = {
        "id": row.id,
        "at": row.at,
        "kind": row.kind.value,
        "things": row.things,
        "mark": row.mark,
        "reason": rows.sealed(tx, row.reason, "removals.reason", row.id),
        "by_staff": row.by,
    }
    rows.add(tx, removals, values)


def more(tx: Tx, removal_id: str, things: int) -> bool:
    """So many more were removed by it; False if it isn't there."""
    so_far = {"things": removals.c.things + things}
    return rows.change(tx, removals, [removals.c.id == removal_id], so_far) == 1


def noted(tx: Tx, at_most: int | None) -> list[RemovalRow]:
    """What was removed, the latest first. `at_most`: None for all."""
    query = select(removals).order_by(removals.c.at.desc(), removals.c.id).limit(at_most)
    return [
        RemovalRow(
            one.id,
            one.at,
            as_kept(RemovalKind, one.kind),
            one.things,
            one.mark,
            rows.opened(tx, one.reason, "removals.reason", one.id),
            StaffId(one.by_staff) if one.by_staff else None,
        )
        for one in rows.many(tx, query)
    ]


def marks(tx: Tx) -> list[str]:
    """Of everybody who was forgotten."""
    query = select(removals.c.mark).where(removals.c.mark.is_not(None)).order_by(removals.c.at)
    return [one.mark for one in rows.many(tx, query)]


def is_removed(tx: Tx, contact: ContactId) -> bool:
    """Whether a case holds nobody any more."""
    query = select(removed_cases.c.contact_id).where(removed_cases.c.contact_id == contact)
    return rows.one(tx, query) is not None


def empty(tx: Tx, found: rows.Found, removal_id: str, instead: PhoneNumber, data: str) -> Whole:
    """Take everybody out of a case. `data`: what the flow knows of it from now on."""
    contact = found.id
    whole = _whole(tx, contact)
    _drop_by_sid(tx, _sids(tx, found))
    number = (
        rows.sealed_number(tx, instead, "contacts.caller_number", contact) if found.caller_number else None
    )
    values = {
        "caller_number": number,
        "caller_lookup": rows.lookup(tx, instead) if number else None,
        "provider_sid": None,
        "data": tx.keys.seal(data, "contacts.data", contact),
        "version": found.version + 1,
    }
    rows.change(tx, contacts, [contacts.c.id == contact], values)
    for one in rows.many(tx, select(callbacks).where(callbacks.c.id.in_(whole.callbacks))):
        _empty_callback(tx, one, instead)
    letters = _empty_messages(tx, contact, instead)
    _empty_words(tx, whole)
    said = [contact, *whole.callbacks, *whole.escalations, *letters]
    tx.execute(delete(outbox).where(outbox.c.subject_id.in_(said), outbox.c.settled_at.is_not(None)))
    rows.add(tx, removed_cases, {"contact_id": contact, "removal_id": removal_id})
    return whole


def _whole(tx: Tx, contact: str) -> Whole:
    owed = rows.many(tx, select(callbacks.c.id).where(callbacks.c.contact_id == contact))
    ids = tuple(CallbackId(one.id) for one in owed)
    about = or_(escalations.c.contact_id == contact, escalations.c.callback_id.in_(ids))
    sought = rows.many(tx, select(escalations.c.id).where(about))
    return Whole(ContactId(contact), ids, tuple(EscalationId(one.id) for one in sought))


def _sids(tx: Tx, found: rows.Found) -> set[str]:
    """The carrier's ids of a case's call, its texts and its hand-offs: in the carrier's log they tell the number."""
    sids = {found.provider_sid}
    for table in (messages, hand_offs):
        theirs = select(table.c.provider_sid).where(table.c.contact_id == found.id)
        sids.update(tx.execute(theirs).scalars())
    return {one for one in sids if one is not None}


def _drop_by_sid(tx: Tx, sids: set[str]) -> None:
    if sids:
        _drop(tx, taken_up, taken_up.c.sid.in_(sids))
        _drop(tx, legs, legs.c.call_sid.in_(sids))
        _drop(tx, calls_seen, calls_seen.c.call_sid.in_(sids))


def _empty_callback(tx: Tx, found: rows.Found, instead: PhoneNumber) -> None:
    if found.number is None:
        return
    values = {
        "number": rows.sealed_number(tx, instead, "callbacks.number", found.id),
        "number_lookup": rows.lookup(tx, instead),
        "version": found.version + 1,
    }
    rows.change(tx, callbacks, [callbacks.c.id == found.id], values)


def _empty_messages(tx: Tx, contact: str, instead: PhoneNumber) -> list[str]:
    found = rows.many(tx, select(messages.c.id).where(messages.c.contact_id == contact))
    for one in found:
        values = {
            "number": rows.sealed_number(tx, instead, "messages.number", one.id),
            "number_lookup": rows.lookup(tx, instead),
            "body": tx.keys.seal("", "messages.body", one.id),
            "media": None,
            "provider_sid": None,
        }
        rows.change(tx, messages, [messages.c.id == one.id], values)
    return [one.id for one in found]


def _empty_words(tx: Tx, whole: Whole) -> None:
    lines = or_(
        timeline.c.contact_id == whole.contact,
        timeline.c.callback_id.in_(whole.callbacks),
        timeline.c.escalation_id.in_(whole.escalations),
    )
    rows.change(tx, timeline, [lines, timeline.c.detail.is_not(None)], {"detail": None})
    rows.change(tx, intakes, [intakes.c.contact_id == whole.contact], {"place": None})
    rows.change(tx, hand_offs, [hand_offs.c.contact_id == whole.contact], {"provider_sid": None})
    rows.change(tx, look_reasons, [look_reasons.c.contact_id == whole.contact], {"words": None})
    for one in rows.many(tx, select(referrals.c.id).where(referrals.c.contact_id == whole.contact)):
        nowhere = tx.keys.seal("", "referrals.to_whom", one.id)
        rows.change(
            tx, referrals, [referrals.c.id == one.id], {"to_whom": nowhere, "why": None, "asked_of": None}
        )
    _drop(tx, turns, turns.c.contact_id == whole.contact)
    readings.without_words(tx, whole.contact)
    _drop(tx, website_asks, website_asks.c.contact_id == whole.contact)
    _drop(tx, calls_seen, calls_seen.c.contact_id == whole.contact)
    _drop(tx, admissions_records, admissions_records.c.id == whole.contact)


def forget_if_nothing_is_left(tx: Tx, number: PhoneNumber) -> None:
    """What is remembered of a number whose last case is gone; not that they want no texts, or no calls."""
    lookups = tx.keys.lookups(number.e164, PHONE)
    asked = or_(callers.c.opted_out_at.is_not(None), callers.c.no_calls_at.is_not(None))
    if not of_caller(tx, number):
        _drop(tx, callers, and_(callers.c.number_lookup.in_(lookups), ~asked))
        if not rows.many(tx, select(callers.c.version).where(callers.c.number_lookup.in_(lookups))):
            _drop(tx, brought_wishes, brought_wishes.c.number_lookup.in_(lookups))


def forget_number(tx: Tx, number: PhoneNumber) -> None:
    """What is remembered of a number across cases: language, opt-out, how often we replied."""
    lookups = tx.keys.lookups(number.e164, PHONE)
    _drop(tx, callers, callers.c.number_lookup.in_(lookups))
    _drop(tx, brought_wishes, brought_wishes.c.number_lookup.in_(lookups))
    for one in rows.many(tx, select(messages.c.id).where(messages.c.number_lookup.in_(lookups))):
        # Of no case: whoever is on the block list, or has written what belongs to none.
        values = {
            "number": rows.sealed_number(tx, _NOBODY, "messages.number", one.id),
            "number_lookup": rows.lookup(tx, _NOBODY),
            "body": tx.keys.seal("", "messages.body", one.id),
            "media": None,
            "provider_sid": None,
        }
        rows.change(tx, messages, [messages.c.id == one.id], values)


_NOBODY: Final = PhoneNumber("+000")


# --- what is of nobody ---------------------------------------------------------------------------------------------


def _old(kind: RemovalKind, before: datetime) -> list[tuple[Table, ColumnElement[bool]]]:
    """Whole rows that are removed."""
    if kind is RemovalKind.SIGN_INS:
        return [(sign_ins, sign_ins.c.at < before)]
    if kind is RemovalKind.MECHANICS:
        return [
            (legs, legs.c.at < before),
            (calls_seen, and_(calls_seen.c.at < before, calls_seen.c.final_status.is_not(None))),
            (journal_read, journal_read.c.at < before),
            (website_asks, and_(website_asks.c.at < before, website_asks.c.contact_id.is_(None))),
            (spent_challenges, spent_challenges.c.at < before),
            (taken_up, and_(taken_up.c.taken_at < before, taken_up.c.told)),
        ]
    return []


def old_rows(tx: Tx, kind: RemovalKind, before: datetime) -> int:
    """How many there are to remove."""
    if kind is RemovalKind.ACCOUNTS:
        return sum(
            int(tx.execute(select(func.count()).select_from(one).where(where)).scalar_one())
            for one, where in _accounts(before)
        )
    return sum(
        int(tx.execute(select(func.count()).select_from(table).where(where)).scalar_one())
        for table, where in _old(kind, before)
    )


def _accounts(before: datetime) -> list[tuple[Table, ColumnElement[bool]]]:
    return [(look_reasons, and_(look_reasons.c.at < before, look_reasons.c.words.is_not(None)))]


def remove_old_rows(tx: Tx, kind: RemovalKind, before: datetime) -> int:
    """Remove them; how many there were."""
    if kind is RemovalKind.ACCOUNTS:
        return sum(rows.change(tx, one, [where], {"words": None}) for one, where in _accounts(before))
    return sum(_drop(tx, table, where) for table, where in _old(kind, before))


def _drop(tx: Tx, table: Table, where: ColumnElement[bool]) -> int:
    dropped: int = rows.drop(tx, table, where)
    return dropped
