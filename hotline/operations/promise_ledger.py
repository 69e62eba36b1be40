"""What was promised, written down beside the callback that it was promised with."""

from __future__ import annotations

from typing import Final

from hotline.callbacks.callback import Callback
from hotline.callbacks.ledger import follow
from hotline.model import Channel
from hotline.operations.house import Desk
from hotline.store import contacts, promises
from hotline.store.callbacks import CallbackRow

_TELLS: Final = ("line", "promised_at", "attempts", "repeats", "asked_later", "is_open", "is_with_caller")
"""What of a callback a promise is about."""


def note(desk: Desk, before: Callback | None, row: CallbackRow) -> None:
    """A callback is new (`before` is None) or has changed: write down what that means for what was promised."""
    after = row.callback
    if before is not None and all(getattr(before, name) == getattr(after, name) for name in _TELLS):
        return
    last = promises.last(desk.tx, after.id)
    for promise in follow(last, before, after, desk.now):
        if last is not None and last.is_open and promise.made_at == last.made_at and not promise.is_open:
            promises.settle(desk.tx, after.id, promise)
        else:
            promises.write(desk.tx, after.id, _channel(desk, row), promise)


def _channel(desk: Desk, row: CallbackRow) -> Channel:
    asked = contacts.get(desk.tx, row.contact_id)
    return asked.channel if asked else Channel.VOICE
