"""Removing what was said at the provider, once it has arrived there: we keep it sealed, and nobody else should keep it.

Only with `[texts] redact_at_provider`. A text is emptied when its final state is known; if that news is lost, an hour
later, when the provider itself refuses it unless it is final. Files that came with a text are deleted when a thread
would have gone quiet: until then somebody may have to look at them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hotline.carrier_words import FINAL_RANK, TextStatus
from hotline.effects import DeleteMedia, Effect, Origin, OriginKind, RedactMessage, SendText, Urgency
from hotline.operations.conversation.caller import IncomingText
from hotline.operations.transaction import Transaction
from hotline.store.traffic import messages, outbox
from hotline.store.traffic.outbox import EffectStatus, OutboxRow

NEWS_IS_LOST: Final = timedelta(hours=1)
"""How long the news of a text's final state is waited for."""
_PAUSES: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
_THEN: Final = timedelta(hours=1)
TRIES: Final = 80
"""About three days; then it is given up, and stands on the page of what was not delivered."""
_OPEN: Final = (EffectStatus.WAITING, EffectStatus.CLAIMED, EffectStatus.UNSURE)


def is_one(effect: Effect) -> bool:
    """Whether an effect removes something at the provider: it may take days, and nobody waits for it."""
    return isinstance(effect, RedactMessage | DeleteMedia)


def pause(claims: int) -> timedelta:
    """How long to wait after the try of this number."""
    return _PAUSES[claims - 1] if claims <= len(_PAUSES) else _THEN


def arrived(transaction: Transaction, text: IncomingText) -> None:
    """A text has come in: its words are here now."""
    if not transaction.settings.centre.texts.redact_at_provider:
        return
    _promise(transaction, text.sid, final=True)
    files = tuple(one.sid for one in text.media if one.sid is not None)
    if files:
        later = transaction.now + transaction.settings.centre.texts.thread_quiet
        about = Origin(OriginKind.MEDIA, text.sid)
        transaction.send(DeleteMedia(text.sid, files), about=about, urgency=Urgency.ORDINARY, due_at=later)


def reported(transaction: Transaction, message_sid: str, own_id: str, *, final: bool) -> None:
    """The provider says how far a text of ours is. `own_id`: of the message or page that it is, if it says so.

    The report proves that the text exists, if that was in doubt: only then may its words go, by which it would have
    been looked for.
    """
    settled = all(
        _prove(transaction, row, message_sid)
        for kind in (OriginKind.MESSAGE, OriginKind.PAGE)
        for row in _unsettled(transaction, kind, own_id)
    )
    if transaction.settings.centre.texts.redact_at_provider:
        _promise(transaction, message_sid, final=final and settled)


def left(transaction: Transaction, row: OutboxRow, message_sid: str) -> None:
    """The provider has taken a text. The news of its arrival may have been quicker than this."""
    if transaction.settings.centre.texts.redact_at_provider:
        known = messages.get(transaction.tx, row.origin.id) if row.origin.kind is OriginKind.MESSAGE else None
        _promise(transaction, message_sid, final=known is not None and known.status_rank >= FINAL_RANK)


def _unsettled(transaction: Transaction, kind: OriginKind, own_id: str) -> list[OutboxRow]:
    found = outbox.about(transaction.tx, Origin(kind, own_id)) if own_id else []
    return [row for row in found if isinstance(row.effect, SendText) and row.status in _OPEN]


def _prove(transaction: Transaction, row: OutboxRow, message_sid: str) -> bool:
    """Whether it is settled now. What a worker has in hand at this moment it settles itself."""
    if row.status is not EffectStatus.UNSURE or not outbox.sent(
        transaction.tx, row, transaction.now, message_sid
    ):
        return False
    if row.origin.kind is OriginKind.MESSAGE:
        messages.sent(transaction.tx, row.origin.id, message_sid, TextStatus.QUEUED, TextStatus.QUEUED.rank)
    return True


def _promise(transaction: Transaction, message_sid: str, *, final: bool) -> None:
    about = Origin(OriginKind.REDACTION, message_sid)
    if not outbox.about(transaction.tx, about):
        due_at = None if final else transaction.now + NEWS_IS_LOST
        transaction.send(RedactMessage(message_sid), about=about, urgency=Urgency.ORDINARY, due_at=due_at)
    elif final:
        transaction.rung += outbox.hasten(transaction.tx, about, transaction.now)
