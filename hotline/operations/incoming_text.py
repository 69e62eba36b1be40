"""A text came in: from a caller, or from the phone of somebody on the staff answering a page."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.carrier_words import TextStatus
from hotline.model import TimelineWord
from hotline.operations.answers import Answer
from hotline.operations.by_text import misdirected, staff_phone
from hotline.operations.conversation import caller, text_facts
from hotline.operations.conversation.caller import IncomingText
from hotline.operations.texts import redaction, relay
from hotline.operations.transaction import Transaction
from hotline.store.overviews.crew import crew
from hotline.store.traffic import messages
from hotline.store.traffic.messages import Direction, MessageRow


@dataclass(frozen=True, slots=True)
class Reply:
    """What a text is answered: a turn of the flow, plain words to staff, or (both None) nothing."""

    message: str
    """The id under which the reply's delivery is reported."""
    answer: Answer | None = None
    words: str | None = None


def receive(transaction: Transaction, text: IncomingText) -> Reply:
    """Answer a text: the same way if it comes again, and never a machine or ourselves: two would never stop."""
    reply = f"reply-{text.sid}"
    before = text_facts.letters_before(transaction, text.sender, text.sid)
    known = before.known
    if known is None:
        redaction.arrived(transaction, text)
    if text.sender in transaction.settings.centre.line.own:
        _keep(transaction, text)
        return Reply(reply)
    if known is not None and known.contact_id is None:
        said = messages.get(transaction.tx, reply)
        return Reply(reply, words=said.body if said is not None else None)
    # Whoever wrote this as a caller has not answered a page with it, even if a page has come of it.
    member = crew(transaction.tx).by_phone(text.sender) if known is None and text.is_sms else None
    if member is not None and not member.verified:
        # A new phone that no code has come back from yet, or one that was lost: it is nobody's.
        member = None
    words = None
    if member is not None:
        words = staff_phone.answer(transaction, member.id, text)
    if member is not None and words is not None:
        _keep(transaction, text)
        _keep_reply(transaction, text, reply, words)
        transaction.note(TimelineWord.STAFF_TEXT, by=member.id)
        return Reply(reply, words=words)
    if known is None and member is None:
        misdirected.from_outside(transaction, text.body)
    answered = caller.receive_text(transaction, text, before)
    if known is None:
        relay.from_caller(transaction, text)
    return Reply(reply, answer=answered)


def _keep(transaction: Transaction, text: IncomingText) -> None:
    """So that a webhook that comes again is known, and accepts nothing a second time."""
    messages.add(transaction.tx, caller.received(transaction, text, text.sid, None))


def _keep_reply(transaction: Transaction, text: IncomingText, reply: str, words: str) -> None:
    said = MessageRow(
        id=reply,
        contact_id=None,
        direction=Direction.OUT,
        number=text.sender,
        body=words,
        status=TextStatus.QUEUED,
        status_rank=TextStatus.QUEUED.rank,
        at=transaction.now,
    )
    messages.add(transaction.tx, said)
