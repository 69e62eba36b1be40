"""Which cases staff have merged, for one person waits for both; and by what numbers that person has reached us."""

from __future__ import annotations

from collections.abc import Iterator

from hotline.model import ContactId, PhoneNumber
from hotline.operations import flow_state
from hotline.operations.callbacks import admissions_talk
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts, merges
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.merges import MergeRow


def merges_of(transaction: Transaction, row: ContactRow) -> list[MergeRow]:
    """What is merged with the case of this contact, the oldest first."""
    return merges.of_cases(transaction.tx, {row.id, admissions_talk.case_of(transaction, row)})


def other_numbers(
    transaction: Transaction, number: PhoneNumber, contact_id: ContactId | None
) -> tuple[PhoneNumber, ...]:
    """From where else whoever has this number, and is this contact, has reached us, as far as staff have said so; and
    what other numbers they have given us, if they withheld their own."""
    known = set(merges.cases_from(transaction.tx, number))
    row = contacts.get(transaction.tx, contact_id) if contact_id is not None else None
    if row is not None:
        known |= {row.id, admissions_talk.case_of(transaction, row)}
    standing = merges.of_cases(transaction.tx, known) if known else []
    said = flow_state.given(row) if row is not None and row.caller is None else ()
    theirs = (*said, *_numbers(transaction, standing))
    return tuple(dict.fromkeys(one for one in theirs if one != number))


def _numbers(transaction: Transaction, standing: list[MergeRow]) -> Iterator[PhoneNumber]:
    for case in dict.fromkeys(one for merge in standing for one in merge.cases):
        row = contacts.get(transaction.tx, case)
        if row is not None:
            yield from flow_state.given(row)
