"""What the clock looks at once a minute: holes, what nobody took, shifts that begin and end, what has nobody, and
the audit trail's seals."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import structlog

from hotline.operations.at_work import long_calls, shift_watch
from hotline.operations.policies import gaps_watch
from hotline.operations.shifts import answering_asks, fair_shares
from hotline.operations.transaction import Application, Transaction
from hotline.operations.watching import holes_watch, line_canary, owners, trail_sealing
from hotline.store.database import StoreError
from hotline.store.duty import shift_asks
from hotline.store.upkeep import heartbeats

_GONE = timedelta(days=1)

_log = structlog.get_logger("hotline.watching")


def look(application: Application) -> None:
    """To be called every minute or so; two clocks are harmless. Raises StoreError.

    If one of these fails otherwise, the others are done all the same.
    """
    looks = (
        holes_watch.watch,
        gaps_watch.watch,
        asks_that_have_begun,
        shift_watch.watch,
        long_calls.watch,
        owners.watch,
        line_canary.judge,
        fair_shares.keep,
        trail_sealing.keep,
        machines_that_are_gone,
    )
    for each in looks:
        try:
            each(application)
        except StoreError:
            raise
        except Exception:
            _log.exception("something was not looked at")


def machines_that_are_gone(application: Application) -> int:
    """Forget the signs of life of machines on which nothing has run for a day; how many these were."""
    return application.change(_forget_machines)


def _forget_machines(transaction: Transaction) -> int:
    return heartbeats.forget_machines(transaction.tx, transaction.now - _GONE)


def asks_that_have_begun(application: Application) -> int:
    """Close what is asked about times that have begun; how many were closed. Each is a transaction of its own."""
    found = application.look(lambda transaction: shift_asks.begun(transaction.tx, transaction.now))
    for ask in found:
        application.change(partial(answering_asks.begun, ask_id=ask))
    return len(found)
