"""The audit trail is sealed behind those who write into it, once a minute; its head is told once a day.

The head is told in the log, and to whoever reads `/metrics`: kept outside the database, it shows that nothing was cut
off the trail's end later. It is a number and a digest, and says nothing of anybody.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import structlog

from hotline.oncall.wall_clock import shown
from hotline.operations.paging import duty
from hotline.operations.transaction import Application, Transaction
from hotline.store.database import Duplicate
from hotline.store.upkeep import audit_chain, warned

_log = structlog.get_logger("hotline.audit")
_BATCHES: Final = 60
"""At most, one after the other, so that everything else of the minute gets its turn: a long trail from before the
chain is sealed over some minutes."""


def keep(application: Application) -> int:
    """Seal what was written since; how many entries that were. To be called every minute or so; two clocks are
    harmless. Raises StoreError."""
    sealed, first = 0, application.change(_is_first_today)
    since = application.look(lambda transaction: audit_chain.strays(transaction.tx)) if first else None
    for _ in range(_BATCHES):
        try:
            one = application.change(partial(_seal, since=since))
        except Duplicate:
            break  # another clock seals
        sealed += one
        if one < audit_chain.BATCH:
            break
    if first:
        head = application.look(lambda transaction: audit_chain.head(transaction.tx))
        _log.info("audit trail's head", place=head.place, digest=head.digest)
    return sealed


def _seal(transaction: Transaction, since: int | None) -> int:
    return audit_chain.seal(transaction.tx, transaction.now, since=since)


def _is_first_today(transaction: Transaction) -> bool:
    today = shown(transaction.now, duty.clock_of(transaction)).date()
    return warned.add_if_new(transaction.tx, f"audit head {today}", transaction.now)
