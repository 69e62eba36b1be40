"""Whom did this record reach? Everybody who looked at a caller's cases, was told of them, or got them in a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hotline.model import (
    NOT_KNOWN,
    AuditAction,
    AuditKind,
    ContactId,
    How,
    Outcome,
    PhoneNumber,
    StaffId,
    TimelineWord,
)
from hotline.operations import flow_state
from hotline.operations.callbacks import one_person
from hotline.operations.referrals import what_was_told
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts, hand_offs, intakes, timeline, whole_case
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.whole_case import WholeCase
from hotline.store.looking_back import exports, look_reasons, whose_record
from hotline.store.looking_back.look_reasons import LookReason
from hotline.store.looking_back.whose_record import WhoseRecord
from hotline.store.overviews import crew
from hotline.store.people import audit
from hotline.store.people.audit import AuditEntry, AuditFilter
from hotline.worded import joined, worded


class ReachedBy(StrEnum):
    """How it reached somebody."""

    LOOKED = "looked"
    READ_RECORD = "read_record"
    SAW_MEDIA = "saw_media"
    REASON = "reason"
    """They said why they looked."""
    WORKED = "worked"
    """They did something about it: by the console, a key or a text."""
    RUNG = "rung"
    """Their phone rang for it; who called was not said."""
    TEXTED = "texted"
    """A text said that something waits; not who, nor what."""
    WORDS_TEXTED = "words_texted"
    SEARCHED = "searched"
    EXPORTED = "exported"
    REFERRED = "referred"
    HANDED_OFF = "handed_off"
    INTERPRETED = "interpreted"
    ACCOUNTED = "accounted"
    """They asked this very question."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One time that it reached somebody. `at` is UTC."""

    at: datetime
    to: str = field(repr=False)
    way: ReachedBy
    detail: str = field(default="", repr=False)
    """Why, or what, in words of ours or in theirs."""


@dataclass(frozen=True, slots=True)
class Accounted:
    """All of them, the oldest first."""

    now: datetime
    contact: ContactId
    number: PhoneNumber | None
    merged: bool
    """Staff have said that other cases are theirs, too: these are among it, and what came from their numbers."""
    cases: int
    """Of how many calls, texts and callbacks."""
    times: tuple[Disclosure, ...]


_WAYS: Final = {
    AuditAction.VIEWED_THREAD: ReachedBy.LOOKED,
    AuditAction.VIEWED_RECORD: ReachedBy.READ_RECORD,
    AuditAction.SAW_MEDIA: ReachedBy.SAW_MEDIA,
    AuditAction.WORDS_TEXTED: ReachedBy.WORDS_TEXTED,
    AuditAction.VIEWED_DISCLOSURES: ReachedBy.ACCOUNTED,
}
_TO_A_COLLEAGUE: Final = f"{AuditAction.HAND_OVER} "
"""Their id follows."""
_LEFT: Final = worded("Somebody who left")
_NOT_NAMED: Final = worded("Not said to whom")
_CLOCK: Final = worded("Hotline itself")
_REASONS: Final[Mapping[LookReason, str]] = {
    LookReason.HELPING: worded("helping"),
    LookReason.CALLER_ASKED: worded("caller asked"),
    LookReason.REVIEW: worded("review"),
    LookReason.LEARNING: worded("learning"),
    LookReason.COMPLAINT: worded("complaint"),
    LookReason.OTHER: worded("other"),
}
_COUNTS_FOR: Final = timedelta(hours=1)


def look(transaction: Transaction, contact: ContactId) -> Accounted | None:
    """Of everything that came from the number of this contact, or was promised to it; of this contact alone if the
    number was withheld, and none was given. So, too, of each case that staff have merged with it, as long as that
    stands. None if there is no such contact."""
    row = contacts.get(transaction.tx, contact)
    if row is None:
        return None
    number = flow_state.reachable_at(row)
    cases = _cases(transaction, row)
    whose = _whose(transaction, cases)
    began = tuple(sorted({*(one.id for one in cases), *whose.contacts}))
    case = whole_case.look(transaction.tx, began, whose.callbacks)
    names = crew.names(transaction.tx)
    times = sorted(_times(transaction, case, whose, names), key=lambda one: one.at)
    return Accounted(transaction.now, contact, number, len(cases) > 1, len(case.contacts), tuple(times))


def looked(transaction: Transaction, contact: ContactId, by: StaffId) -> None:
    """Asking is an entry of its own, once an hour and person."""
    asked = AuditFilter(by=by, action=AuditAction.VIEWED_DISCLOSURES, kind=AuditKind.CONTACT, subject=contact)
    last = audit.find(transaction.tx, asked, 1)
    if not last or transaction.now - last[0].at > _COUNTS_FOR:
        transaction.audit(AuditAction.VIEWED_DISCLOSURES, AuditKind.CONTACT, contact, by=by)


def _cases(transaction: Transaction, row: ContactRow) -> tuple[ContactRow, ...]:
    """This one, and each that is merged with it now."""
    merged = {one for merge in one_person.merges_of(transaction, row) for one in merge.cases}
    others = (contacts.get(transaction.tx, one) for one in sorted(merged - {row.id}))
    return row, *(one for one in others if one is not None)


def _whose(transaction: Transaction, cases: Iterable[ContactRow]) -> WhoseRecord:
    numbers = dict.fromkeys(number for one in cases for number in flow_state.given(one))
    found = [whose_record.of_number(transaction.tx, one, AuditKind.NUMBER.value) for one in numbers]
    return WhoseRecord(
        tuple(dict.fromkeys(one for each in found for one in each.contacts)),
        tuple(dict.fromkeys(one for each in found for one in each.callbacks)),
        tuple(one for each in found for one in each.searches),
    )


def _times(
    transaction: Transaction, case: WholeCase, whose: WhoseRecord, names: Mapping[StaffId, str]
) -> Iterator[Disclosure]:
    tx = transaction.tx
    for one in _entries(transaction, case):
        if not one.action.startswith(AuditAction.REASON_GIVEN):
            yield _of_entry(one, names)
    for search in whose.searches:
        yield Disclosure(search.at, _name(names, search.staff_id), ReachedBy.SEARCHED)
    for reason in look_reasons.about(tx, case.contacts):
        said = joined((_REASONS.get(reason.reason, NOT_KNOWN), reason.words or ""), ": ")
        yield Disclosure(reason.at, _name(names, reason.by), ReachedBy.REASON, said)
    for page in case.pages:
        if page.sent_at is not None:
            way = ReachedBy.RUNG if page.how is How.CALL else ReachedBy.TEXTED
            yield Disclosure(page.sent_at, _name(names, page.staff_id), way)
    for export, _ in exports.with_any(tx, case.contacts):
        yield Disclosure(export.at, _name(names, export.by), ReachedBy.EXPORTED, export.reason)
    yield from _outside(transaction, case)


def _outside(transaction: Transaction, case: WholeCase) -> Iterator[Disclosure]:
    """Those who are not on the staff."""
    tx = transaction.tx
    lines = timeline.of_case(tx, case.contacts, case.callbacks, case.escalations)
    for contact in case.contacts:
        for referral in intakes.of_case(tx, contact)[1]:
            if referral.to_whom or referral.outcome is Outcome.REFERRED:
                yield Disclosure(referral.said_at, referral.to_whom or _NOT_NAMED, ReachedBy.REFERRED)
        answered = [
            (one.answered_at, one.to_whom) for one in hand_offs.of_case(tx, contact) if one.answered_at
        ]
        for (at, to_whom), ends in zip(answered, [*(at for at, _ in answered), None][1:], strict=True):
            told = what_was_told.told_at(lines, contact, at, ends)
            yield Disclosure(at, to_whom, ReachedBy.HANDED_OFF, told)
    for line in lines:
        if line.what == TimelineWord.INTERPRETER_JOINED:
            yield Disclosure(line.at, worded("An interpreter"), ReachedBy.INTERPRETED)


def _entries(transaction: Transaction, case: WholeCase) -> Iterator[AuditEntry]:
    tx = transaction.tx
    yield from audit.about_any(tx, AuditKind.CONTACT, case.contacts)
    yield from audit.about_any(tx, AuditKind.CALLBACK, case.callbacks)
    yield from audit.about_any(tx, AuditKind.ESCALATION, case.escalations)
    yield from audit.about_any(tx, AuditKind.INTAKE, intakes.ids_of(tx, case.contacts))


def _of_entry(one: AuditEntry, names: Mapping[StaffId, str]) -> Disclosure:
    way = next((way for action, way in _WAYS.items() if one.action == action), ReachedBy.WORKED)
    detail = one.action if way is ReachedBy.WORKED else ""
    if one.action.startswith(_TO_A_COLLEAGUE):
        detail = f"{AuditAction.HAND_OVER} {_name(names, StaffId(one.action.removeprefix(_TO_A_COLLEAGUE)))}"
    return Disclosure(one.at, _name(names, one.staff_id), way, detail)


def _name(names: Mapping[StaffId, str], person: StaffId | None) -> str:
    return _CLOCK if person is None else names.get(person, _LEFT)
