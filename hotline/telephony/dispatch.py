"""One effect, from the outbox to the carrier and back: claim, perform outside of any transaction, settle."""

from __future__ import annotations

import structlog

from hotline.model import OutboxId
from hotline.operations import asking, delivery
from hotline.operations.delivery import Job, NeverHappened, Result, Sent, TryAgain
from hotline.operations.house import House
from hotline.operations.lanes import Paced
from hotline.store.quiet_calls import QuietCall
from hotline.telephony.carrier import Carrier

_log = structlog.get_logger("hotline.delivery")


def deliver(house: House, carrier: Carrier, outbox_id: OutboxId) -> bool:
    """Carry this effect out if it waits, is due and is still wanted; whether there was anything to do now.

    A call that must wait for the account, or for a more pressing one, is left in the outbox.

    Raises StoreError if the database can't be reached: the row, or its lease, is found by the clock later.
    """
    try:
        job = house.change(lambda desk: delivery.claim(desk, outbox_id))
    except Paced:
        return False
    if job is None:
        return False
    result = (
        _look_up(house, carrier, job)
        if job.look_up
        else carrier.perform(job.row.effect, to_caller=job.row.to_caller)
    )
    house.change(lambda desk: delivery.settle(desk, job, result))
    _log.info(
        "delivered" if isinstance(result, Sent) else "not delivered",
        outbox=outbox_id,
        kind=type(job.row.effect).__name__,
        result=type(result).__name__,
        error=getattr(result, "error", None),
    )
    if isinstance(result, NeverHappened):
        # Whoever looked it up carries it out: nobody else has to be waited for.
        deliver(house, carrier, outbox_id)
    return True


def ask(house: House, carrier: Carrier, call: QuietCall) -> None:
    """Ask the carrier how this call stands, outside of any transaction, and note what it says.

    Raises StoreError if the database can't be reached: the clock asks again.
    """
    standing = carrier.standing(call.sid)
    if isinstance(standing, TryAgain):
        _log.info("no answer about a call", error=standing.error)
        return
    house.change(lambda desk: asking.told(desk, call, standing))
    if standing.over:
        _log.info("an end that was not heard of", whose=call.whose.kind)


def _look_up(house: House, carrier: Carrier, job: Job) -> Result:
    """It may have happened: find it among what the provider knows and we don't."""
    found = carrier.look_up(job.row.effect, job.row.claimed_at or job.row.created_at)
    if isinstance(found, TryAgain):
        return found
    unknown = house.look(lambda desk: delivery.unknown(desk, found))
    return Sent(unknown[0]) if unknown else NeverHappened()
