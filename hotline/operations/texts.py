"""A text came in: from a caller, or from the phone of somebody on the staff answering a page."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.model import StaffId
from hotline.operations import caller, text_replies
from hotline.operations.answers import Answer
from hotline.operations.caller import IncomingText
from hotline.operations.house import Desk
from hotline.store import messages, staff
from hotline.store.messages import Direction, Message


@dataclass(frozen=True, slots=True)
class Reply:
    """What a text is answered: a turn of the flow, plain words to staff, or (both None) nothing."""

    message: str
    """The id under which the reply's delivery is reported."""
    answer: Answer | None = None
    words: str | None = None


def receive(desk: Desk, text: IncomingText) -> Reply:
    """Answer a text: the same way if it comes again, and never our own numbers, lest two machines talk for ever."""
    reply = f"reply-{text.sid}"
    if text.sender in desk.settings.centre.line.numbers:
        return Reply(reply)
    if messages.by_sid(desk.tx, text.sid) is not None and messages.get(desk.tx, reply) is not None:
        said = messages.get(desk.tx, reply)
        if said is not None and said.contact_id is None:
            return Reply(reply, words=said.body)
    member = staff.by_phone(desk.tx, text.sender)
    words = text_replies.text_reply(desk, member.id, text.body) if member and member.active else None
    if member is not None and words is not None:
        _keep(desk, text, member.id, reply, words)
        return Reply(reply, words=words)
    return Reply(reply, answer=caller.receive_text(desk, text))


def _keep(desk: Desk, text: IncomingText, person: StaffId, reply: str, words: str) -> None:
    """So that a webhook that comes again is answered the same, and accepts nothing a second time."""
    received = Message(
        id=text.sid,
        contact_id=None,
        direction=Direction.IN,
        number=text.sender,
        body=text.body,
        status="received",
        status_rank=9,
        at=desk.now,
        provider_sid=text.sid,
    )
    said = Message(
        id=reply,
        contact_id=None,
        direction=Direction.OUT,
        number=text.sender,
        body=words,
        status="queued",
        status_rank=1,
        at=desk.now,
    )
    messages.add(desk.tx, received)
    messages.add(desk.tx, said)
    desk.note("staff_text", by=person)
