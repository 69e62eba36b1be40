"""Whom a yes or a no without a code is for, where somebody has an emergency: us, or its caller.

While something waits for them, or did a moment ago, it is an answer to that, whatever else is theirs: a "can't" that is
meant for us must never be read by somebody in danger. The code of what is theirs, before it, makes it words for its
caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from hotline.model import How, StaffId, Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.staff.dialled_in import LATE
from hotline.operations.texts import staff_words
from hotline.operations.transaction import Transaction
from hotline.store.cases import escalations, pages
from hotline.store.cases.escalations import EscalationRow

Coded = tuple[EscalationRow, str]
"""Something, and the code that they know it by."""
ONLY_WHERE_NOTHING_WAITS: Final = (Subject.TEST, Subject.SECOND)
"""A bare 1 is about these only where nothing else is on their screen: nobody waits for an answer to them."""
_STILL_ANSWERED: Final = timedelta(minutes=2)
"""So long after somebody else has it, or they have said no, what they write may be about it still."""


def just_over(transaction: Transaction, person: StaffId) -> list[Coded]:
    """What was on their screen a moment ago and isn't theirs: the last of it."""
    since = transaction.now - _STILL_ANSWERED
    for one in reversed(pages.of_staff_since(transaction.tx, person, since)):
        row = escalations.get(transaction.tx, one.escalation_id)
        was_read = one.how is How.TEXT and one.sent_at is not None
        is_over = one.ended_at is not None and one.ended_at >= since
        if row is None or not (was_read and is_over) or row.escalation.subject is Subject.TEST:
            continue
        if row.escalation.accepted_by != person:
            return [(row, one.reference)]
    return []


def asked_before(transaction: Transaction, person: StaffId) -> list[Coded]:
    """What they were texted about within a day and nobody has yet, though others are asked by now: they may still take
    it, as by its code."""
    found: dict[str, Coded] = {}
    for one in pages.of_staff_since(transaction.tx, person, transaction.now - LATE):
        row = escalations.get(transaction.tx, one.escalation_id)
        if row is None or one.how is not How.TEXT or one.sent_at is None:
            continue
        still = row.escalation.status is EscalationStatus.REACHING
        if still and row.escalation.subject not in ONLY_WHERE_NOTHING_WAITS:
            found[row.escalation.id] = row, one.reference
    return list(found.values())


def answers_our_question(
    transaction: Transaction, person: StaffId, words: str, waiting: Sequence[Coded]
) -> bool:
    """Whether this is the yes to "send to the caller?", asked since they have read of what waits."""
    asked = {row.escalation.id for row, _ in waiting}
    read = [
        one.sent_at
        for one in pages.open_of_staff(transaction.tx, person)
        if one.escalation_id in asked and one.how is How.TEXT and one.sent_at is not None
    ]
    return staff_words.answers_ask(transaction, person, words, max(read, default=None))


def refused(transaction: Transaction, theirs: Sequence[Coded], person: StaffId) -> str | None:
    """A no while nothing waits: it is said whose what they have is. None for whoever writes with its caller: that may
    be their answer."""
    if not theirs or _written_with(transaction, theirs, person) is not None:
        return None
    return transaction.text("page_yours_refused", REF=theirs[-1][1])


def beside(transaction: Transaction, theirs: Sequence[Coded], person: StaffId) -> str:
    """What is added for whoever writes with a caller: that these words have not gone to them."""
    ref = _written_with(transaction, theirs, person)
    return "" if ref is None else " " + transaction.text("page_not_for_caller", REF=ref)


def _written_with(transaction: Transaction, theirs: Sequence[Coded], person: StaffId) -> str | None:
    """The code of the emergency with whose caller they write."""
    return next((ref for row, ref in theirs if staff_words.is_proven(transaction, row, person)), None)
