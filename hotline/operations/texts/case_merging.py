"""Merging two cases of one person, and undoing that.

What is decided stands in `callbacks.merging`; here it is looked up, written down, and given back. Nobody's conversation
is touched: contacts, threads, records and notes stay where they are, and the pages of both show both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from hotline.callbacks.callback import Callback, CallbackStatus, OutcomeSet, PutBack
from hotline.callbacks.merging import BeforeMerging, ToldSafe, merge, stricter, unmerge
from hotline.model import AuditAction, AuditKind, CallbackId, ContactId, Outcome, StaffId, TimelineWord
from hotline.operations import flow_state
from hotline.operations.callbacks import consent, promise_ledger, ringing_back
from hotline.operations.texts.merge_plan import CaseSide, MergePlan, NotMerged, plan
from hotline.operations.transaction import Transaction, new_id
from hotline.store.cases import callbacks, contacts, merges
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.merges import MergeRow
from hotline.store.database import rows
from hotline.store.people import callers


@dataclass(frozen=True, slots=True)
class ToldChange:
    """What was written down of a telephone by merging."""

    contact: ContactId
    before: ToldSafe
    after: ToldSafe


@dataclass(frozen=True, slots=True)
class StopChange:
    """A number that holds to what was said of another: which of the two, and what was known of it before."""

    contact: ContactId
    no_calls: tuple[datetime | None, datetime | None]
    opted_out: tuple[datetime | None, datetime | None]
    started: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergeUndo:
    """Everything that giving both back needs."""

    callbacks: BeforeMerging | None = None
    told: tuple[ToldChange, ...] = ()
    stops: tuple[StopChange, ...] = ()


_UNDO: Final = TypeAdapter(MergeUndo)


def do(
    transaction: Transaction, one: ContactId, another: ContactId, keep: ContactId | None, by: StaffId
) -> MergeRow | NotMerged | None:
    """Merge the cases of these two contacts, as `plan` says. Whose right it is, the caller has checked."""
    planned = plan(transaction, one, another, keep, by)
    if not isinstance(planned, MergePlan):
        return planned
    kept, other = planned.kept, planned.other
    mine = any(side.owed is not None and side.owed.callback.owner == by for side in (kept, other))
    stops = tuple(_stop(transaction, planned))
    before: BeforeMerging | None = None
    moved: tuple[ContactId, ...] = ()
    if kept.owed is not None:
        before, moved = _merge_callbacks(transaction, planned, kept.owed, by)
    told = tuple(_write_told(transaction, planned))
    if mine and kept.owed is not None:
        stays = callbacks.get(transaction.tx, kept.owed.callback.id)
        if stays is not None and stays.callback.status is CallbackStatus.WAITING:
            ringing_back.take(transaction, stays, by)
    row = MergeRow(
        id=new_id(),
        contact_id=kept.case,
        other_id=other.case,
        callback_id=_id(kept.owed),
        other_callback_id=_id(other.owed),
        moved=moved,
        before=_UNDO.dump_json(MergeUndo(before, told, stops)).decode(),
        merged_at=transaction.now,
        merged_by=by,
    )
    _note(transaction, row, TimelineWord.MERGED, AuditAction.MERGE, by)
    return merges.add(transaction.tx, row)


def _id(row: CallbackRow | None) -> CallbackId | None:
    return row.callback.id if row is not None else None


def _note(
    transaction: Transaction, row: MergeRow, what: TimelineWord, action: AuditAction, by: StaffId
) -> None:
    for case, owed in ((row.contact_id, row.callback_id), (row.other_id, row.other_callback_id)):
        transaction.note(what, contact=case, callback=owed, by=by)
        transaction.audit(action, AuditKind.CONTACT, case, by=by)


def _merge_callbacks(
    transaction: Transaction, planned: MergePlan, owed: CallbackRow, by: StaffId
) -> tuple[BeforeMerging, tuple[ContactId, ...]]:
    kept = _waits(transaction, owed, by)
    other = _waits(transaction, planned.other.owed, by) if planned.other.owed is not None else None
    before = BeforeMerging(
        kept.callback,
        other.callback if other is not None else None,
        planned.stopped_at,
        planned.told[0],
    )
    merged, closed = merge(before)
    _put(transaction, kept, merged)
    if other is None or closed is None:
        return before, ()
    _put(transaction, other, closed)
    return before, tuple(_moved(transaction, other, kept.callback.id))


def _waits(transaction: Transaction, row: CallbackRow, by: StaffId) -> CallbackRow:
    """Phones that ring for it stop, and whoever has it has put it back."""
    if row.callback.status is CallbackStatus.WAITING:
        return row
    ringing_back.settle_escalation(transaction, row, by)
    return ringing_back.change(transaction, row, PutBack("merged"))


def _put(transaction: Transaction, row: CallbackRow, after: Callback) -> CallbackRow:
    if after == row.callback:
        return row
    closed_at = None if after.is_open else row.closed_at or transaction.now
    saved = callbacks.save(transaction.tx, replace(row, callback=after, closed_at=closed_at))
    promise_ledger.note(transaction, row, saved)
    if after.status is not row.callback.status:
        word = TimelineWord(f"callback_{after.status}")
        transaction.note(word, contact=row.contact_id, callback=after.id, detail=after.outcome)
    return saved


def _moved(transaction: Transaction, row: CallbackRow, to: CallbackId) -> Iterator[ContactId]:
    """Whoever waited for this one waits for that."""
    theirs = contacts.asking_for(transaction.tx, row.callback.id, row.contact_id, row.number)
    for one in theirs:
        contacts.save(transaction.tx, replace(one, callback_id=to))
        yield one.id


def _write_told(transaction: Transaction, planned: MergePlan) -> Iterator[ToldChange]:
    """A no that was said of one telephone is written down of the other, wherever somebody looks for it."""
    for side, told in zip((planned.kept, planned.other), planned.told, strict=True):
        for contact_id in _pages_of(transaction, side):
            row = contacts.get(transaction.tx, contact_id)
            if row is not None and (change := _tell(transaction, row, told)) is not None:
                yield change


def _pages_of(transaction: Transaction, side: CaseSide) -> Iterable[ContactId]:
    thread = contacts.open_thread(transaction.tx, side.number) if side.number is not None else None
    origin = side.owed.contact_id if side.owed is not None else side.case
    return dict.fromkeys((side.contact.id, side.case, origin, *((thread.id,) if thread else ())))


def _tell(transaction: Transaction, row: ContactRow, told: ToldSafe) -> ToldChange | None:
    said = flow_state.read(row)
    was = ToldSafe(said.message_safe, said.text_safe)
    after = stricter(was, [told])
    if after == was:
        return None
    _save_told(transaction, row, after)
    return ToldChange(row.id, was, after)


def _save_told(transaction: Transaction, row: ContactRow, told: ToldSafe) -> None:
    said = replace(flow_state.read(row), message_safe=told.message, text_safe=told.text)
    contacts.save(transaction.tx, replace(row, data=flow_state.written(said)))


def _stop(transaction: Transaction, planned: MergePlan) -> Iterator[StopChange]:
    """What one number has asked of us holds for the other, from when it was asked."""
    for side in (planned.kept, planned.other):
        if side.number is None:
            continue
        known = callers.get(transaction.tx, side.number)
        after = known
        if planned.opted_out_at is not None and known.opted_out_at is None:
            after = after.opted_out(planned.opted_out_at)
        if planned.stopped_at is not None and known.no_calls_at is None:
            after = after.called_no_more(planned.stopped_at)
        if after != known:
            callers.save(transaction.tx, after)
            yield StopChange(
                side.contact.id,
                (known.no_calls_at, after.no_calls_at),
                (known.opted_out_at, after.opted_out_at),
                tuple(sorted(known.started)),
            )


# --- undoing it ------------------------------------------------------------------------------------------------


def undo(transaction: Transaction, merge_id: str, by: StaffId) -> MergeRow | NotMerged:
    """Give both back as they were; what has happened since has happened. Whose right it is, the caller has checked."""
    row = merges.get(transaction.tx, merge_id)
    if row is None or row.undone_at is not None:
        return NotMerged.OVER
    if merges.of_cases(transaction.tx, row.cases)[-1].id != row.id:
        return NotMerged.LATER
    before = rows.read_as(_UNDO, row.before)
    for stop in before.stops:
        _take_stop_back(transaction, stop)
    for told in before.told:
        _take_told_back(transaction, told)
    if before.callbacks is not None:
        _give_back(transaction, before.callbacks, row.moved, by)
    _note(transaction, row, TimelineWord.UNMERGED, AuditAction.UNMERGE, by)
    return merges.save(transaction.tx, replace(row, undone_at=transaction.now, undone_by=by))


def _give_back(
    transaction: Transaction, before: BeforeMerging, moved: tuple[ContactId, ...], by: StaffId
) -> None:
    kept = callbacks.get(transaction.tx, before.kept.id)
    if kept is None:
        return
    own, waits = unmerge(kept.callback, before)
    if kept.callback.status is CallbackStatus.RINGING and own.status is CallbackStatus.WAITING:
        ringing_back.settle_escalation(transaction, kept, by)
    _wait_again(transaction, kept, own)
    other = callbacks.get(transaction.tx, waits.id) if waits is not None else None
    if other is None or waits is None:
        return
    for contact_id in moved:
        one = contacts.get(transaction.tx, contact_id)
        if one is not None and one.callback_id == own.id:
            contacts.save(transaction.tx, replace(one, callback_id=waits.id))
    _wait_again(transaction, other, waits)


def _wait_again(transaction: Transaction, row: CallbackRow, after: Callback) -> None:
    given = _put(transaction, row, after)
    if given.callback.is_open and consent.refuses_calls(transaction, given):
        ringing_back.change(transaction, given, OutcomeSet(Outcome.ASKED_TO_STOP, by=None))


def _take_told_back(transaction: Transaction, change: ToldChange) -> None:
    row = contacts.get(transaction.tx, change.contact)
    if row is None:
        return
    said = flow_state.read(row)
    message = change.before.message if said.message_safe is change.after.message else said.message_safe
    text = change.before.text if said.text_safe is change.after.text else said.text_safe
    if (message, text) != (said.message_safe, said.text_safe):
        _save_told(transaction, row, ToldSafe(message, text))


def _take_stop_back(transaction: Transaction, change: StopChange) -> None:
    row = contacts.get(transaction.tx, change.contact)
    number = flow_state.reachable_at(row) if row is not None else None
    if number is None:
        return
    known = callers.get(transaction.tx, number)
    after = known
    if known.no_calls_at == change.no_calls[1]:
        after = replace(after, no_calls_at=change.no_calls[0])
    if known.opted_out_at == change.opted_out[1]:
        after = replace(after, opted_out_at=change.opted_out[0], started=known.started | set(change.started))
    if after != known:
        callers.save(transaction.tx, after)
