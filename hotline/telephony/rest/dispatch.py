"""One effect, from the outbox to the carrier and back: claim, perform outside of any transaction, settle."""

from __future__ import annotations

import logging

import structlog

from hotline.carrier_words import UNREACHABLE
from hotline.model import OutboxId
from hotline.operations.outbox import delivery, quiet_calls_asked
from hotline.operations.outbox.delivery import Job, NeverHappened, Result, Sent, TryAgain
from hotline.operations.outbox.lanes import Paced
from hotline.operations.transaction import Application
from hotline.store.overviews.quiet_calls import QuietCall
from hotline.telephony.rest.carrier import Carrier

_log = structlog.get_logger("hotline.delivery")


def deliver(application: Application, carrier: Carrier, outbox_id: OutboxId) -> bool:
    """Carry this effect out if it waits, is due and is still wanted; whether there was anything to do now.

    A call that must wait for the account, or for a more pressing one, is left in the outbox.

    Raises StoreError if the database can't be reached: the row, or its lease, is found by the clock later.
    """
    try:
        job = application.change(lambda transaction: delivery.claim(transaction, outbox_id))
    except Paced:
        return False
    if job is None:
        return False
    result = (
        _look_up(application, carrier, job)
        if job.look_up
        else carrier.perform(job.row.effect, to_caller=job.row.to_caller)
    )
    application.change(lambda transaction: delivery.settle(transaction, job, result))
    error = getattr(result, "error", None)
    _log.log(
        logging.ERROR if error in UNREACHABLE else logging.INFO,
        "delivered" if isinstance(result, Sent) else "not delivered",
        outbox=outbox_id,
        kind=type(job.row.effect).__name__,
        result=type(result).__name__,
        error=error,
    )
    if isinstance(result, NeverHappened):
        # Whoever looked it up carries it out: nobody else has to be waited for.
        deliver(application, carrier, outbox_id)
    return True


def ask(application: Application, carrier: Carrier, call: QuietCall) -> None:
    """Ask the carrier how this call stands, outside of any transaction, and note what it says.

    Raises StoreError if the database can't be reached: the clock asks again.
    """
    standing = carrier.standing(call.sid)
    if isinstance(standing, TryAgain):
        _log.info("no answer about a call", error=standing.error)
        return
    application.change(lambda transaction: quiet_calls_asked.told(transaction, call, standing))
    if standing.over:
        _log.info("an end that was not heard of", whose=call.whose.kind)


def _look_up(application: Application, carrier: Carrier, job: Job) -> Result:
    """It may have happened: find it among what the provider knows and we don't."""
    found = carrier.look_up(job.row.effect, job.row.claimed_at or job.row.created_at)
    if isinstance(found, TryAgain):
        return found
    unknown = application.look(lambda transaction: delivery.unknown(transaction, found))
    return Sent(unknown[0]) if unknown else NeverHappened()
