"""One answer for each step of a leg of somebody on the staff: the same again if the webhook comes again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pydantic import TypeAdapter

from hotline.model import PageId
from hotline.operations.transaction import Transaction
from hotline.store.database import rows
from hotline.store.overviews import one_leg
from hotline.store.traffic import staff_turns

T = TypeVar("T")


def once(
    transaction: Transaction,
    call_sid: str,
    step: str,
    kind: TypeAdapter[T],
    work: Callable[[], T],
    page: PageId | None = None,
) -> T:
    """Do this the first time, and record its answer; afterwards only say the same again. Raises what `work` raises.

    `page`: what was paged with this leg, which `work` will ask for.
    """
    if page is not None:
        one_leg.look(transaction.tx, page, call_sid, step)
    recorded = staff_turns.answered(transaction.tx, call_sid, step)
    if recorded is not None:
        return rows.read_as(kind, recorded)
    answer = work()
    staff_turns.record_answer(
        transaction.tx, call_sid, step, kind.dump_json(answer).decode(), transaction.now
    )
    return answer
