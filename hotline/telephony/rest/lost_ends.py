"""Ends that were not heard of, settled from the carrier's own lists: nobody waits for a long time-out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from hotline.carrier_words import FINAL_RANK, NOT_SENT, TextStatus
from hotline.operations.outbox import quiet_calls_asked
from hotline.operations.outbox.quiet_calls_asked import CallStanding
from hotline.operations.transaction import Application, Transaction
from hotline.store.overviews import quiet_calls, telephones
from hotline.store.overviews.quiet_calls import QuietCall
from hotline.store.upkeep import carrier_lists
from hotline.telephony.rest.listing import OnList
from hotline.telephony.webhooks import incoming, status_reports

_FINAL: Final = frozenset(one.value for one in TextStatus if one.rank >= FINAL_RANK)


def of_calls(application: Application, ended: Sequence[OnList]) -> int:
    """As when the carrier is asked about each; how many there were. Raises StoreError."""
    over = {one.sid: one for one in ended}
    running = application.look(_running) if over else ()
    lost = [call for call in running if call.sid in over]
    for call in lost:
        standing = CallStanding(
            over=True, ended_at=over[call.sid].over_at, outcome=incoming.outcome(over[call.sid].form)
        )
        application.change(partial(quiet_calls_asked.told, call=call, standing=standing))
    return len(lost)


def _running(transaction: Transaction) -> Sequence[QuietCall]:
    since = transaction.now - telephones.LATELY
    return quiet_calls.running(transaction.tx, transaction.now, since)


def of_texts(application: Application, reported: Sequence[OnList]) -> int:
    """Texts of ours that have arrived, or have not; how many there were. Raises StoreError."""
    final = [one for one in reported if one.status in _FINAL]
    failed = [one.sid for one in final if one.status in NOT_SENT]

    def unheard(transaction: Transaction) -> frozenset[str]:
        unsettled = carrier_lists.unsettled(transaction.tx, [one.sid for one in final])
        return unsettled | carrier_lists.untroubled(transaction.tx, failed)

    sids = application.look(unheard)
    lost = [one for one in final if one.sid in sids]
    for one in lost:
        application.change(partial(status_reports.text_status, form=one.form))
    return len(lost)
