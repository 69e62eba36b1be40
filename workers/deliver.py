"""The RQ job: one outbox id, and nothing else."""

from __future__ import annotations

import structlog

from hotline.model import OutboxId
from hotline.store.failures import StoreError
from hotline.telephony import dispatch
from workers.house import opened

_log = structlog.get_logger("workers.deliver")


def deliver(outbox_id: str) -> None:
    """Carry out this effect, if it still waits.

    Never raises, for RQ would keep the exception's words in Redis: the clock finds the row, or its lease, later.
    """
    here = opened()
    try:
        dispatch.deliver(here.house, here.carrier, OutboxId(outbox_id))
    except StoreError as error:
        _log.warning("not delivered now", outbox=outbox_id, reason=type(error).__name__)
    except Exception:
        _log.exception("not delivered", outbox=outbox_id)
