"""Answers to texts that never left: ours came after the carrier had stopped waiting for it, so it was thrown away.

The record says by then what they were answered, 988 or 911 among it, and their phone shows nothing. Only the carrier's
list tells: nothing has gone to them since they wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from hotline.operations import incoming_text
from hotline.operations.transaction import Application, Transaction
from hotline.telephony.rest.listing import OnList

SURELY: Final = timedelta(seconds=45)
"""So long after a text no attempt at its webhook is still waited for (15 s each, two of them at most), and what was
answered is on the list."""
LATEST: Final = timedelta(minutes=10)
"""What answers words of so long ago would be read as an answer to nothing."""


def of_texts(
    application: Application, came_in: Iterable[OnList], went_out: Iterable[OnList], now: datetime
) -> int:
    """Let each leave by itself, once; how many there were. `now` is UTC. Raises StoreError."""
    last = _newest(went_out, "To")
    alone = [
        one
        for who, one in _newest(came_in, "From").items()
        if SURELY <= now - one.at <= LATEST and (who not in last or last[who].at < one.at)
    ]
    lost = application.look(lambda transaction: _unsent(transaction, alone)) if alone else []
    return sum(
        application.change(partial(incoming_text.answer_again, sid=one.sid, ours=one.form["To"]))
        for one in lost
    )


def _newest(texts: Iterable[OnList], which: str) -> dict[str, OnList]:
    """The last one of each person."""
    return {one.form[which]: one for one in sorted(texts, key=lambda one: one.at)}


def _unsent(transaction: Transaction, several: Sequence[OnList]) -> list[OnList]:
    return [one for one in several if incoming_text.never_left(transaction, one.sid) is not None]
