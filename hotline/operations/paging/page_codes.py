"""The codes that pages are answered with by text: one for each person and what waits, as long as it does, however often
they are paged for it; never the same for two people, or for two things that one person is asked.

A code says what is meant. It is no proof of who wrote it: that is a key on a call to the verified phone, or the
console.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final

from hotline.model import How, PageId, StaffId
from hotline.operations.transaction import Transaction, new_id
from hotline.store.cases import pages
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageRow, PageState

_LEAST, _MOST = 100_000, 999_999
_AHEAD: Final = 24
"""As many as the first pages of an emergency need where a dozen are on call; drawing one more takes a microsecond."""


def draw_ahead(transaction: Transaction) -> None:
    """Somebody is about to be paged: whether anybody ever had one of these codes is asked when it is looked whose
    phones are in use, and need not be asked by itself."""
    if not pages.drawn(transaction.tx):
        pages.draw(transaction.tx, _drawn(_AHEAD))


def _drawn(many: int) -> list[str]:
    return [str(_LEAST + secrets.randbelow(_MOST - _LEAST + 1)) for _ in range(many)]


def given(transaction: Transaction, row: EscalationRow, people: Sequence[StaffId]) -> list[str]:
    """A code for each of these pages to come: whoever has been paged for this before keeps the one that they have."""
    theirs = pages.codes_of(transaction.tx, row.escalation.id)
    new = list(dict.fromkeys(person for person in people if person not in theirs))
    theirs |= zip(new, fresh(transaction, new), strict=True)
    return [theirs[person] for person in people]


def fresh(transaction: Transaction, people: Sequence[StaffId]) -> list[str]:
    """A new code for each of these: nothing else that the same person was paged for has it, or ever had."""
    made: list[str] = []
    while len(made) < len(people):
        needed = len(people) - len(made)
        candidates = pages.drawn(transaction.tx)[:needed] or _drawn(needed)
        theirs = pages.references(transaction.tx, candidates)
        pages.draw(transaction.tx, pages.drawn(transaction.tx)[needed:])
        for code in candidates:
            person = people[len(made)]
            if (person, code) not in theirs and code not in made:
                made.append(code)
    return made


def known_to(transaction: Transaction, row: EscalationRow, person: StaffId) -> str:
    """How this person knows it: the code on their screen, or a new one if none of theirs is about it."""
    theirs = [one for one in pages.of_escalation(transaction.tx, row.escalation.id) if one.staff_id == person]
    texts = [one for one in theirs if one.how is How.TEXT]
    read = [one for one in texts if one.sent_at is not None] or texts or theirs
    if read:
        return read[-1].reference
    (code,) = given(transaction, row, [person])
    shown = PageRow(
        id=PageId(new_id()),
        escalation_id=row.escalation.id,
        staff_id=person,
        how=How.TEXT,
        reference=code,
        placed_at=transaction.now,
        state=PageState.ACCEPTED,
        ended_at=transaction.now,
    )
    return pages.add(transaction.tx, shown).reference
