"""Work that the clock has found: one transaction for each thing that is due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from hotline.operations.transaction import Transaction

Work = Callable[[Transaction], None]
Key = TypeVar("Key")


def each(act: Callable[[Transaction, Key], None], found: Sequence[Key]) -> list[Work]:
    """One piece of work per key."""

    def one(key: Key) -> Work:
        return lambda transaction: act(transaction, key)

    return [one(key) for key in found]
