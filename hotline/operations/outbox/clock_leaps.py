"""The machine's clock was set: found by a clock that only goes forward, and mended at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import structlog

from hotline.operations.transaction import Application, Transaction
from hotline.store.upkeep import leaps

_log = structlog.get_logger("hotline.leaps")

LEAP: Final = timedelta(seconds=5)
"""A smaller step is no matter: everything that waits would have waited so long for a busy machine."""
UNSEEN: Final = timedelta(seconds=60)
"""While no clock of ours ran: so far behind what it last wrote, the time has been set back."""


def leapt(application: Application, by: timedelta) -> bool:
    """The time on the wall is `by` from what it should be; whether what is open was moved along. Raises StoreError."""
    return application.change(lambda transaction: _leapt(transaction, by))


def at_start(application: Application) -> bool:
    """The first look of a process; whether the time was set back while none ran. Raises StoreError."""
    unseen: timedelta = application.look(lambda transaction: leaps.ahead(transaction.tx, transaction.now))
    return unseen >= UNSEEN and leapt(application, -unseen)


def _leapt(transaction: Transaction, by: timedelta) -> bool:
    database = leaps.database_time(transaction.tx)
    if database is not None and abs(database - transaction.now) > abs(by) / 2:
        # The others, who share this database, have the right time: theirs is not to be moved by our mistake.
        _log.critical("this machine's clock is wrong: set it", seconds=int(by.total_seconds()))
        return False
    if not leaps.noticed(transaction.tx, transaction.now, by):
        return False
    leaps.move(transaction.tx, transaction.now, by)
    transaction.tx.board_changed = True
    _log.warning("the clock was set: what is open moves along", seconds=int(by.total_seconds()))
    return True
