"""The database itself: how it is opened, what a transaction promises, its tables and rows, and what is sealed in them.

Here is what everybody needs of it. Within this room, modules import one another.
"""

from __future__ import annotations

from hotline.store.database.failures import (
    Contended,
    Duplicate,
    Moved,
    Newer,
    Refused,
    Stale,
    StoreError,
    Unavailable,
)
from hotline.store.database.sealed import WRONG_KEY, Keyring, Unsealable
from hotline.store.database.transactions import Database, Tx
from hotline.store.database.utc_micros import UtcMicros

__all__ = [
    "WRONG_KEY",
    "Contended",
    "Database",
    "Duplicate",
    "Keyring",
    "Moved",
    "Newer",
    "Refused",
    "Stale",
    "StoreError",
    "Tx",
    "Unavailable",
    "Unsealable",
    "UtcMicros",
]
