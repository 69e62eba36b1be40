"""What was found wrong twice in a row is told to supervisors by text: by day, and once a week while it stays so."""

from __future__ import annotations

from collections.abc import Sequence

from hotline.model import Language
from hotline.operations import staff_member
from hotline.operations.checkup.finding import Finding, Severity, Topic
from hotline.operations.paging import duty, night_guard
from hotline.operations.transaction import Transaction
from hotline.store.upkeep import warned


def tell(transaction: Transaction, before: Sequence[Finding], found: Sequence[Finding]) -> bool:
    """`before`: what was found the last time. Whether anybody was told.

    What was wrong only once may have been a line that was cut for a minute; what is found at night waits for the day.
    """
    starts, ends = night_guard.last(transaction)
    if starts <= transaction.now < ends:
        return False
    stays = {one.key for one in before if one.severity is Severity.WRONG}
    wrong = [one for one in found if one.severity is Severity.WRONG and one.key in stays]
    week = f"{transaction.now:%G-W%V}"
    new = [
        one
        for one in wrong
        if warned.add_if_new(transaction.tx, f"checkup {one.key} {week}", transaction.now)
    ]
    if not new:
        return False
    words = transaction.text("supervisor_checkup", Language.EN, WHAT=_topics(new))
    for person in duty.supervisors(transaction):
        staff_member.text(transaction, person, words)
    return True


def _topics(found: Sequence[Finding]) -> str:
    """Two at most: the text must fit into one piece."""
    named = [topic for topic in Topic if any(one.topic is topic for one in found)]
    more = f" and {len(named) - 2} more" if len(named) > 2 else ""
    return ", ".join(topic.value for topic in named[:2]) + more
