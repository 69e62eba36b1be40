"""The machine's clock was set: found by a clock that only goes forward, and mended at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import structlog

from hotline.operations.house import Desk, House
from hotline.store import leaps

_log = structlog.get_logger("hotline.leaps")

LEAP: Final = timedelta(seconds=5)
"""A smaller step is no matter: everything that waits would have waited so long for a busy machine."""
UNSEEN: Final = timedelta(seconds=60)
"""While no clock of ours ran: so far behind what it last wrote, the time has been set back."""


def leapt(house: House, by: timedelta) -> bool:
    """The time on the wall is `by` from what it should be; whether what is open was moved along. Raises StoreError."""
    return house.change(lambda desk: _leapt(desk, by))


def at_start(house: House) -> bool:
    """The first look of a process; whether the time was set back while none ran. Raises StoreError."""
    unseen: timedelta = house.look(lambda desk: leaps.ahead(desk.tx, desk.now))
    return unseen >= UNSEEN and leapt(house, -unseen)


def _leapt(desk: Desk, by: timedelta) -> bool:
    database = leaps.database_time(desk.tx)
    if database is not None and abs(database - desk.now) > abs(by) / 2:
        # The others, who share this database, have the right time: theirs is not to be moved by our mistake.
        _log.critical("this machine's clock is wrong: set it", seconds=int(by.total_seconds()))
        return False
    if not leaps.noticed(desk.tx, desk.now, by):
        return False
    leaps.move(desk.tx, desk.now, by)
    desk.tx.seen = True
    _log.warning("the clock was set: what is open moves along", seconds=int(by.total_seconds()))
    return True
