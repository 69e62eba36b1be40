"""Removing what was said at the provider, once it has arrived there: we keep it sealed, and nobody else should keep it.

Only with `[texts] redact_at_provider`. A text is emptied when its final state is known; if that news is lost, an hour
later, when the provider itself refuses it unless it is final. Files that came with a text are deleted when a thread
would have gone quiet: until then somebody may have to look at them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hotline.effects import DeleteMedia, Effect, RedactMessage, SendText, Urgency
from hotline.operations.caller import IncomingText
from hotline.operations.house import Desk
from hotline.store import messages, outbox
from hotline.store.outbox import Origin, OutboxRow, Status

NEWS_IS_LOST: Final = timedelta(hours=1)
"""How long the news of a text's final state is waited for."""
_PAUSES: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
_THEN: Final = timedelta(hours=1)
TRIES: Final = 80
"""About three days; then it is given up, and stands on the page of what was not delivered."""
_OPEN: Final = (Status.WAITING, Status.CLAIMED, Status.UNSURE)


def is_one(effect: Effect) -> bool:
    """Whether an effect removes something at the provider: it may take days, and nobody waits for it."""
    return isinstance(effect, RedactMessage | DeleteMedia)


def pause(claims: int) -> timedelta:
    """How long to wait after the try of this number."""
    return _PAUSES[claims - 1] if claims <= len(_PAUSES) else _THEN


def arrived(desk: Desk, text: IncomingText) -> None:
    """A text has come in: its words are here now."""
    if not desk.settings.centre.texts.redact_at_provider:
        return
    _promise(desk, text.sid, final=True)
    files = tuple(one.sid for one in text.media if one.sid is not None)
    if files:
        later = desk.now + desk.settings.centre.texts.thread_quiet
        about = Origin("media", text.sid)
        desk.send(DeleteMedia(text.sid, files), about=about, urgency=Urgency.ORDINARY, due_at=later)


def reported(desk: Desk, message_sid: str, own_id: str, *, final: bool) -> None:
    """The provider says how far a text of ours is. `own_id`: of the message or page that it is, if it says so.

    The report proves that the text exists, if that was in doubt: only then may its words go, by which it would have
    been looked for.
    """
    settled = all(
        _prove(desk, row, message_sid)
        for kind in ("message", "page")
        for row in _unsettled(desk, kind, own_id)
    )
    if desk.settings.centre.texts.redact_at_provider:
        _promise(desk, message_sid, final=final and settled)


def left(desk: Desk, row: OutboxRow, message_sid: str) -> None:
    """The provider has taken a text. The news of its arrival may have been quicker than this."""
    if desk.settings.centre.texts.redact_at_provider:
        known = messages.get(desk.tx, row.origin.id) if row.origin.kind == "message" else None
        _promise(desk, message_sid, final=known is not None and known.status_rank >= messages.FINAL_RANK)


def _unsettled(desk: Desk, kind: str, own_id: str) -> list[OutboxRow]:
    found = outbox.about(desk.tx, Origin(kind, own_id)) if own_id else []
    return [row for row in found if isinstance(row.effect, SendText) and row.status in _OPEN]


def _prove(desk: Desk, row: OutboxRow, message_sid: str) -> bool:
    """Whether it is settled now. What a worker has in hand at this moment it settles itself."""
    if row.status is not Status.UNSURE or not outbox.sent(desk.tx, row, desk.now, message_sid):
        return False
    if row.origin.kind == "message":
        messages.sent(desk.tx, row.origin.id, message_sid, "queued", 1)
    return True


def _promise(desk: Desk, message_sid: str, *, final: bool) -> None:
    about = Origin("redaction", message_sid)
    if not outbox.about(desk.tx, about):
        due_at = None if final else desk.now + NEWS_IS_LOST
        desk.send(RedactMessage(message_sid), about=about, urgency=Urgency.ORDINARY, due_at=due_at)
    elif final:
        desk.rung += outbox.hasten(desk.tx, about, desk.now)
