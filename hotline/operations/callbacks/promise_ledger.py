"""What was promised, written down beside the callback that it was promised with."""

from __future__ import annotations

from typing import Final

from hotline.callbacks.callback import CallbackKind
from hotline.callbacks.ledger import follow
from hotline.model import Channel
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts, promises
from hotline.store.cases.callbacks import CallbackRow

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
    for promise in follow(last, before, after, transaction.now, closed_at=closed_at):
        if last is not None and not promise.is_open:
            promises.go_on(transaction.tx, after.id, last, promise)
        else:
            promises.write(transaction.tx, after.id, _channel(transaction, row), promise)


def _channel(transaction: Transaction, row: CallbackRow) -> Channel:
    asked = contacts.get(transaction.tx, row.contact_id)
    return asked.channel if asked else Channel.VOICE
