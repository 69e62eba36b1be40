"""The RQ job: one outbox id, and nothing else."""

from __future__ import annotations

from hotline.model import OutboxId
from hotline.telephony import dispatch
from workers.house import opened


def deliver(outbox_id: str) -> None:
    """Carry out this effect, if it still waits. Raises StoreError: the clock finds the row later."""
    here = opened()
    dispatch.deliver(here.house, here.carrier, OutboxId(outbox_id))
