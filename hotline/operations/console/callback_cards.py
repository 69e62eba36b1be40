"""The card of a callback that is owed: when it is rung, what was tried, and what whoever calls must know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from hotline.callbacks.admissions import RaiseReason, raise_reasons
from hotline.callbacks.callback import Callback, CallbackKind, CallbackStatus
from hotline.callbacks.promise import Priority, is_late, planned_for, priority
from hotline.model import (
    CallbackId,
    ContactId,
    Language,
    Line,
    Outcome,
    PhoneNumber,
    StaffId,
    TimelineWord,
)
from hotline.operations import flow_state
from hotline.operations.callbacks import consent, emergency_callbacks, ringing_back
from hotline.operations.console import coordinator
from hotline.operations.console.who_is_asked import asked_now, by_name
from hotline.operations.conversation import blocking
from hotline.operations.paging.way_back import is_out
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts, timeline
from hotline.store.cases.admissions_records import AdmissionsRecord
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.overviews.on_the_board import CallOfOurs
from hotline.store.traffic import messages
from hotline.store.traffic.messages import Direction
from hotline.triage.texts.first_lines import first_lines
from hotline.triage.texts.keywords import key_of, kind_of


class Unable(StrEnum):
    """Why no text of ours reaches a number."""

    STOPPED = "stopped"
    """They have asked for no more texts."""
    LANDLINE = "landline"
    """The carrier says that texts can't be had there."""


@dataclass(frozen=True, slots=True)
class CallAttempt:
    """One attempt to call somebody back."""

    at: datetime
    outcome: Outcome | None
    """None: it isn't over."""


@dataclass(frozen=True, slots=True)
class WaitingCallback:
    """An open callback."""

    callback: CallbackId
    contact: ContactId
    """Who asked for it."""
    line: Line
    language: Language
    status: CallbackStatus
    number: PhoneNumber | None
    opened_at: datetime
    due_at: datetime | None
    promised_at: datetime
    late: bool
    attempts: int
    repeats: int
    owner: str | None
    mine: bool
    message_safe: bool
    text_safe: bool | None
    """None: nobody has said."""
    needs_supervisor: bool
    others_asked: bool = False
    """The same number has asked for something else, too: two people may have one telephone."""
    after_emergency: bool = False
    """They are rung back in an emergency: this waits for that."""
    phones_ring: tuple[str, ...] = ()
    """Whose phones ring for it at this moment; between two rounds none does."""
    rings_again_at: datetime | None = None
    """When phones ring for it again."""
    no_texts: Unable | None = None
    """Why no text can reach them, whatever they said."""
    blocked: bool = False
    tries: tuple[CallAttempt, ...] = ()
    """What happened at each call of ours to them, the latest first."""
    wrote: ContactId | None = None
    """Whose page has what they wrote, if they asked for it by text."""
    asked_words: str | None = field(default=None, repr=False)
    asked_short: str | None = field(default=None, repr=False)
    """The first lines of that, if it is long and holds no danger."""
    """What they wrote, if they asked for it by text: their last words before it that are more than a key."""
    page: ContactId | None = None
    """Whose page has the admissions record, if the viewer may open it."""
    may_be_minor: bool = False
    """They have said that they are under 18."""
    kind: CallbackKind = CallbackKind.ASKED
    """Why they are called."""
    said_lately: Outcome | None = None
    """What the viewer has said of it a moment ago, and may correct; it waits for its next try since then."""
    no_calls_since: datetime | None = None
    """When they asked for no calls; they have agreed to this one since, but to no other."""
    of_website: bool = False
    """Nothing but a form tells whose number it is."""
    typed: bool = False
    """They gave another number than the one from which they reached us, or withheld that: it may be anybody's."""
    raised: bool = False
    """They come before others of their line..."""
    raised_for: tuple[RaiseReason, ...] = ()
    """...for these reasons."""
    known_for: str = ""
    """What the number that they used is known for; empty: for everything."""


@dataclass(frozen=True, slots=True)
class ClosedCallback:
    """A callback that was closed a short while ago: its outcome may still be corrected."""

    callback: CallbackId
    line: Line
    outcome: Outcome | None
    closed_at: datetime
    owner: str | None
    number: PhoneNumber | None = None
    may_be_undone: bool = False
    """It was closed so lately that it can be opened again as it was."""
    kind: CallbackKind = CallbackKind.ASKED
    """Why they were to be called."""
    page: ContactId | None = None
    """Whose page has what was written down, if the viewer may open it."""


def call_attempts(calls: Iterable[CallOfOurs]) -> dict[CallbackId, tuple[CallAttempt, ...]]:
    """Our calls for each callback, the latest first."""
    tries: dict[CallbackId, tuple[CallAttempt, ...]] = {}
    for one in calls:
        outcome = one.outcome if one.ended_at else None
        tries[one.callback] = (CallAttempt(one.at, outcome), *tries.get(one.callback, ()))
    return tries


def rung_in_order(transaction: Transaction, rule: Callback) -> tuple[bool, datetime, Priority]:
    """What is due comes first, in the order in which phones ring for it; then what is for later, by its time."""
    at = rule.due_at or _planned(transaction, rule)
    later = at is not None and at > transaction.now
    return later, at if at is not None and later else transaction.now, priority(rule, transaction.now)


def _planned(transaction: Transaction, rule: Callback) -> datetime | None:
    """For when the call is planned that somebody has taken before its time."""
    at = planned_for(rule, transaction.plan)
    return at if rule.is_taken and at > transaction.now else None


def _no_texts(transaction: Transaction, row: CallbackRow) -> Unable | None:
    if row.number is None:
        return None
    if is_out(transaction, row.number, row.our_number):
        return Unable.STOPPED
    return Unable.LANDLINE if messages.is_landline(transaction.tx, row.number) else None


def callback_card(
    transaction: Transaction,
    row: CallbackRow,
    viewer: StaffId,
    names: dict[StaffId, str],
    rung: EscalationRow | None,
    tries: tuple[CallAttempt, ...],
) -> WaitingCallback:
    """The card of this callback; `rung`: what staff phones ring by for it, `tries`: our calls so far."""
    rule = row.callback
    thread = contacts.open_thread(transaction.tx, row.number) if row.number is not None else None
    asked = _asked_words(transaction, row)
    return WaitingCallback(
        callback=rule.id,
        contact=row.contact_id,
        line=rule.line,
        language=rule.language,
        status=rule.status,
        number=row.number,
        opened_at=rule.opened_at,
        due_at=rule.due_at or _planned(transaction, rule),
        promised_at=rule.promised_at,
        late=is_late(rule, transaction.now),
        attempts=rule.attempts,
        repeats=rule.repeats,
        owner=names.get(rule.owner) if rule.owner else None,
        mine=rule.owner == viewer,
        message_safe=rule.message_safe,
        text_safe=consent.texts_are_safe(transaction, row.number) if row.number is not None else False,
        needs_supervisor=rule.needs_supervisor,
        others_asked=ringing_back.others_asked(transaction, row),
        after_emergency=emergency_callbacks.holds_up(transaction, row, [thread] if thread else []),
        phones_ring=by_name(asked_now(transaction, rung).rung, names),
        rings_again_at=rung.escalation.next_at if rung is not None else None,
        no_texts=_no_texts(transaction, row),
        blocked=blocking.is_blocked(transaction, row.number),
        tries=tries,
        wrote=row.contact_id if contacts.is_text(transaction.tx, row.contact_id) else None,
        asked_words=asked,
        asked_short=_short(transaction, asked, rule.language) if asked else None,
        page=row.contact_id,
        raised=rule.raised,
        may_be_minor=_may_be_minor(transaction, row),
        kind=rule.kind,
        said_lately=coordinator.said_lately(transaction, row, viewer),
        no_calls_since=consent.no_calls_since(transaction, row.number),
        of_website=ringing_back.is_of_website(transaction, row),
        typed=_is_typed(transaction, row),
        known_for=transaction.known_for(row.our_number),
    )


def _asked_words(transaction: Transaction, row: CallbackRow) -> str | None:
    """A question that a call is to answer is before whoever makes it, and not behind a link."""
    if row.callback.kind is not CallbackKind.ASKED or not contacts.is_text(transaction.tx, row.contact_id):
        return None
    spoken = row.callback.language
    said = [
        one.body
        for one in messages.of_contact(transaction.tx, row.contact_id)
        if one.direction is Direction.IN and one.at <= row.callback.opened_at
    ]
    full = (body for body in reversed(said) if kind_of(body, spoken) is None and key_of(body, spoken) is None)
    return next(full, None)


def _short(transaction: Transaction, words: str, language: Language) -> str | None:
    return first_lines(words, language, transaction.settings.centre.reading.phrases)


def _is_typed(transaction: Transaction, row: CallbackRow) -> bool:
    asked = contacts.get(transaction.tx, row.contact_id)
    return asked is not None and asked.caller != row.number


def _may_be_minor(transaction: Transaction, row: CallbackRow) -> bool:
    asked = contacts.get(transaction.tx, row.contact_id)
    return asked is not None and flow_state.read(asked).may_be_minor


def with_reasons(one: WaitingCallback, record: AdmissionsRecord | None) -> WaitingCallback:
    """The same card, with why they come before others, if their admissions record says so."""
    return replace(one, raised_for=raise_reasons(record.answers)) if record is not None else one


def who_blocked(transaction: Transaction, done: Iterable[CallbackRow]) -> dict[CallbackId, StaffId]:
    """Who blocked the number, of callbacks that a block has closed: they need not have had them."""
    closed = {row.contact_id for row in done if row.callback.outcome is Outcome.BLOCKED}
    told = timeline.of_kinds(transaction.tx, sorted(closed), [TimelineWord.BLOCKED]) if closed else []
    return {one.callback_id: one.by_staff for one in told if one.callback_id and one.by_staff}
