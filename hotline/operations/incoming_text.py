"""A text came in: from a caller, or from the phone of somebody on the staff answering a page."""

from __future__ import annotations

from dataclasses import dataclass

from hotline import paths
from hotline.carrier_words import TextStatus
from hotline.effects import Origin, OriginKind, SendText
from hotline.model import StaffId, TimelineWord
from hotline.oncall.wall_clock import said
from hotline.operations import staff_member
from hotline.operations.answers import Answer
from hotline.operations.by_text import misdirected, staff_phone
from hotline.operations.conversation import caller, text_facts
from hotline.operations.conversation.caller import IncomingText
from hotline.operations.paging import duty
from hotline.operations.staff import second_person
from hotline.operations.texts import redaction, relay
from hotline.operations.transaction import Transaction
from hotline.store.overviews.crew import crew
from hotline.store.traffic import messages, outbox
from hotline.store.traffic.messages import Direction, MessageRow
from hotline.triage import meaning


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
    if known is not None and _is_answered_apart(transaction, reply):
        return Reply(reply)
    if text.sender in transaction.settings.centre.line.own:
        _keep(transaction, text)
        return Reply(reply)
    if known is not None and known.contact_id is None:
        kept = messages.get(transaction.tx, reply)
        return Reply(reply, words=kept.body if kept is not None else None)
    # Whoever wrote this as a caller has not answered a page with it, even if a page has come of it.
    member = crew(transaction.tx).by_phone(text.sender) if known is None and text.is_sms else None
    if member is not None and not member.verified:
        # A new phone that no code has come back from yet, or one that was lost: it is nobody's.
        member = None
    words = None
    if member is not None:
        late = text_facts.came_late(transaction, text.sent_at)
        answer = _too_late if late else staff_phone.answer
        words = answer(transaction, member.id, text)
    if member is not None and words is not None:
        _keep(transaction, text)
        _keep_reply(transaction, text, reply, words)
        transaction.note(TimelineWord.STAFF_TEXT, by=member.id)
        return Reply(reply, words=words)
    if known is None and member is None:
        misdirected.from_outside(transaction, text.body)
    answered = caller.receive_text(transaction, text, before)
    if known is None:
        danger = relay.from_caller(transaction, text)
        if danger is not None:
            second_person.ask_if_they_talk(transaction, danger)
    return Reply(reply, answer=answered)


def answered_afterwards(transaction: Transaction, text: IncomingText, reply: Reply, words: str) -> None:
    """The request that brought this text is over, or never came: what it is answered leaves by itself, once."""
    if not words or _is_answered_apart(transaction, reply.message):
        return
    ours = transaction.our_number(text.ours)
    effect = SendText(text.sender, words, paths.text_status(reply.message), ours)
    transaction.send(effect, about=Origin(OriginKind.MESSAGE, reply.message), to_caller=True)


def never_left(transaction: Transaction, sid: str) -> MessageRow | None:
    """What this text was answered in the answer to its request, if nothing was heard of that since."""
    said = messages.get(transaction.tx, f"reply-{sid}")
    if said is None or said.status is not TextStatus.QUEUED or _is_answered_apart(transaction, said.id):
        return None
    return said


def answer_again(transaction: Transaction, sid: str, ours: str) -> bool:
    """The carrier has thrown away what this text was answered: it leaves by itself. Whether it does; only once.

    `ours`: the number of ours that they wrote to.
    """
    said = never_left(transaction, sid)
    if said is None or not said.body:
        return False
    effect = SendText(said.number, said.body, paths.text_status(said.id), transaction.our_number(ours))
    transaction.send(effect, about=Origin(OriginKind.MESSAGE, said.id), to_caller=said.contact_id is not None)
    return True


def _is_answered_apart(transaction: Transaction, reply: str) -> bool:
    """Whether the reply of this id leaves, or has left, by itself: in the answer to a request it would come twice."""
    return bool(outbox.about(transaction.tx, Origin(OriginKind.MESSAGE, reply)))


def _too_late(transaction: Transaction, person: StaffId, text: IncomingText) -> str | None:
    """What somebody on the staff asked for long ago is not done now; a cry for help is one at any age."""
    if meaning.is_carrier_keyword(text.body) or text.sent_at is None:
        return None
    spoken = staff_member.known(transaction, person).languages
    phrases = transaction.settings.centre.reading.phrases
    if any(meaning.names_danger(text.body, language, phrases) for language in spoken):
        return None
    at = said(text.sent_at, duty.clock_of(transaction))
    return transaction.text("late_from_staff", TIME=at)


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
