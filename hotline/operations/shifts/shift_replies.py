"""What staff answer by text to what is asked about shifts: YES or NO, with its code.

A text proves nobody: a yes counts with its one-time code only, which was sent to nobody else, and touches no caller.
Both sides are told of what has come of it at once, and it can be taken back until it begins.
"""

from __future__ import annotations

import re
from typing import Final

from hotline.lettering import folded
from hotline.model import StaffId
from hotline.operations import staff_member
from hotline.operations.shifts import answering_asks, shift_words
from hotline.operations.shifts.answering_asks import AskAnswered, AskResult
from hotline.operations.transaction import Transaction
from hotline.store.cases import escalations, pages
from hotline.store.duty import shift_asks
from hotline.triage.meaning import is_carrier_keyword
from hotline.triage.texts.staff_replies import LOOKS_LIKE_CODE

_YES: Final = frozenset({"yes", "y", "yeah", "yep", "ok", "okay", "sure", "si", "sim", "wi", "1"})
_NO: Final = frozenset({"no", "n", "nope", "nao", "non", "cant", "cannot", "sorry", "2"})
"""1 and 2 as staff answer pages."""
_APOSTROPHES: Final = str.maketrans("", "", "'’")
_WORDS: Final = re.compile(r"[^\W_]+")
_SHOWN: Final = 4
"""Codes in one text."""


def answer(transaction: Transaction, person: StaffId, words: str) -> str | None:
    """The reply to a text from a member of staff's phone; None if it is about nothing that was asked of them.

    A code that is a page's, too, is the page's.
    """
    said = _WORDS.findall(folded(words).translate(_APOSTROPHES))
    codes = [one for one in said if LOOKS_LIKE_CODE.fullmatch(one)]
    rest = [one for one in said if one not in codes]
    yes = bool(rest) and _YES.issuperset(rest)
    if is_carrier_keyword(words) or not (yes or _NO.issuperset(rest)) or len(codes) > 1:
        return None
    if not codes:
        return _which(transaction, person) if rest else None
    asked = shift_asks.by_code(transaction.tx, person, codes[0])
    if asked is None or pages.by_reference(transaction.tx, person, codes[0]) is not None:
        return None
    if not rest:
        return transaction.text("ask_which", CODES=codes[0])
    found = answering_asks.answer(transaction, asked.ask, person, yes=yes, by_text=True)
    return _told(transaction, found, codes[0])


def _which(transaction: Transaction, person: StaffId) -> str | None:
    """A bare yes or no: which codes wait, unless it may be meant for a page or for a caller."""
    waiting = shift_asks.waiting_for(transaction.tx, person)
    if pages.open_of_staff(transaction.tx, person) or escalations.accepted_by(transaction.tx, person):
        return None
    named = ", ".join(one.code for one in waiting[:_SHOWN])
    return transaction.text("ask_which", CODES=named) if waiting else None


def _told(transaction: Transaction, found: AskAnswered, code: str) -> str:
    shift = shift_words.said(transaction, found.ask.shift)
    match found.result:
        case AskResult.TAKEN | AskResult.MINE:
            return transaction.text("shift_yours", SHIFT=shift)
        case AskResult.NOTED:
            return transaction.text("ask_noted", REF=code)
        case AskResult.GONE:
            by = found.by
            who = staff_member.first_name(transaction, by) if by is not None else ""
            return transaction.text("shift_gone", REF=code, WHO=who, SHIFT=shift)
        case AskResult.OVER:
            return transaction.text("ask_over", REF=code, SHIFT=shift)
        case AskResult.REFUSED:
            return transaction.text("ask_refused", REF=code)
