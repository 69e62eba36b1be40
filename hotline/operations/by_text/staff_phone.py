"""A staff phone is somebody, also when nothing is open for it: what its texts are answered, and whose it is.

As long as a page was theirs, and a day on, a text of theirs is an answer to us: a late 1 makes nobody a caller. Words
that speak of a danger to life are the exception: staff may need help too, and nothing ever blocks that.
"""

from __future__ import annotations

from hotline.model import StaffId
from hotline.operations.by_text import asked_beside, asked_shifts, late_replies, text_replies
from hotline.operations.conversation.caller import IncomingText
from hotline.operations.shifts import shift_replies
from hotline.operations.texts import staff_words
from hotline.operations.transaction import Transaction
from hotline.triage import meaning


def answer(transaction: Transaction, person: StaffId, text: IncomingText) -> str | None:
    """The reply to a text from this person's phone; None if they wrote it as anybody does who needs help."""
    if meaning.is_carrier_keyword(text.body):
        return None
    return (
        shift_replies.answer(transaction, person, text.body)
        or asked_shifts.answer(transaction, person, text)
        or text_replies.text_reply(transaction, person, text.body)
        or asked_beside.hint(transaction, person, text.body)
        or staff_words.from_staff(transaction, person, text)
        or late_replies.answer(transaction, person, text.body)
    )
