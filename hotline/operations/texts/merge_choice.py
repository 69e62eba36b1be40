"""With which case another may be merged: those of the last days, or those of a reference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from hotline.model import ContactId
from hotline.operations.texts import merge_plan
from hotline.operations.transaction import Transaction
from hotline.store.looking_back import found_cases
from hotline.store.looking_back.found_cases import CaseFilter, FoundCase, Sides

WITHIN: Final = timedelta(days=2)
SHORTEST: Final = 4
"""Letters of a reference that are needed to look for it."""
_AT_MOST: Final = 30


@dataclass(frozen=True, slots=True)
class MergeChoice:
    """What was found."""

    cases: tuple[FoundCase, ...]
    """The latest first, without what is one case with it already."""
    named: bool
    """They have this reference; else they are what came in lately."""
    one_already: bool
    """Something has this reference, and is one case with it already."""


def look(transaction: Transaction, contact: ContactId, reference: str, sides: Sides) -> MergeChoice:
    """What came in lately, or, if so many letters of a reference are named, what has it."""
    named = len(reference) >= SHORTEST and reference.isalnum()
    wanted = CaseFilter(reference=reference) if named else CaseFilter(since=transaction.now - WITHIN)
    page = found_cases.find(transaction.tx, wanted, sides, _AT_MOST)
    others = tuple(one for one in page.cases if not merge_plan.are_one(transaction, contact, one.contact))
    return MergeChoice(others, named, named and len(others) < len(page.cases))
