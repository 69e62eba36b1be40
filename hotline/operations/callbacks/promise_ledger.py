"""What was promised, written down beside the callback that it was promised with."""

from __future__ import annotations

from typing import Final

from hotline.callbacks.callback import CallbackKind
from hotline.callbacks.ledger import Promise, follow, never_talked, talk
from hotline.model import Channel
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, promises
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow

_TELLS: Final = (
    "line",
    "promised_at",
    "attempts",
    "repeats",
    "asked_later",
    "is_open",
    "is_with_caller",
    "outcome",
    "kind",
)
"""What of a callback a promise is about."""


def note(transaction: Transaction, was: CallbackRow | None, row: CallbackRow) -> None:
    """A callback is new (`was` is None) or has changed: write down what that means for what was promised."""
    before, after = was.callback if was else None, row.callback
    if after.kind is not CallbackKind.ASKED and (before is None or before.kind is after.kind):
        return  # They asked for nothing: a call of ours that they agreed to, or that we owe ourselves.
    if before is not None and all(getattr(before, name) == getattr(after, name) for name in _TELLS):
        return
    last = promises.last(transaction.tx, after.id) if was is not None else None
    closed_at = was.closed_at if was is not None else None
    _write(transaction, row, last, follow(last, before, after, transaction.now, closed_at=closed_at))


def they_talk(transaction: Transaction, call: ContactRow) -> None:
    """Whoever called us is with a human from now on: what this number was promised is kept, whatever it was for, for
    they wait for nobody any more; but for a call at a later time, which is still made. A call of ours keeps what it is
    made for."""
    for row in _owed(transaction, call):
        if row.callback.has_a_time_ahead(transaction.now):
            continue
        last = promises.last(transaction.tx, row.callback.id)
        if last is not None:
            _write(transaction, row, last, talk(last, transaction.now))


def they_never_talked(transaction: Transaction, call: ContactRow) -> None:
    """They were gone before whoever was put through to them could speak: what that had kept is still owed."""
    if call.outbound or call.reached_at is None:
        return
    closed = (
        callbacks.closed_at(transaction.tx, call.caller, call.ended_at)
        if call.caller is not None and call.ended_at is not None
        else []
    )
    for row in (*_owed(transaction, call), *closed):
        last = promises.last(transaction.tx, row.callback.id)
        if last is not None:
            settled = never_talked(last, row.callback, call.reached_at, transaction.now)
            _write(transaction, row, last, settled)


def _owed(transaction: Transaction, call: ContactRow) -> list[CallbackRow]:
    """What is open for whoever calls, perhaps to another number than theirs."""
    if call.outbound:
        return []
    own = callbacks.get(transaction.tx, call.callback_id) if call.callback_id is not None else None
    theirs = callbacks.open_for(transaction.tx, call.caller) if call.caller is not None else []
    others = [one for one in theirs if own is None or one.callback.id != own.callback.id]
    return others if own is None or not own.callback.is_open else [own, *others]


def _write(
    transaction: Transaction, row: CallbackRow, last: Promise | None, settled: tuple[Promise, ...]
) -> None:
    for promise in settled:
        if last is not None and not promise.is_open:
            promises.go_on(transaction.tx, row.callback.id, last, promise)
        else:
            promises.write(transaction.tx, row.callback.id, _channel(transaction, row), promise)


def _channel(transaction: Transaction, row: CallbackRow) -> Channel:
    asked = contacts.get(transaction.tx, row.contact_id)
    return asked.channel if asked else Channel.VOICE
