"""The telephone of whoever a caller is handed to: they pick up, press a key, are told, and join. Nothing is theirs.

Only a key proves a person there, as everywhere; where the directory says that a phone menu answers first, whoever hands
over is put through to it at once, and hears for themselves who is there.
"""

from __future__ import annotations

from dataclasses import replace

from hotline.effects import Origin, OriginKind
from hotline.model import ContactId, RoomName
from hotline.operations.conversation import handing_off, interpreter
from hotline.operations.transaction import Transaction
from hotline.referral.hand_off import HandOffEvent, HandOffStatus
from hotline.store.cases import hand_offs
from hotline.store.cases.hand_offs import HandOffRow
from hotline.store.people import directory
from hotline.triage.turn import Spoken


def picked_up(transaction: Transaction, hand_off_id: str, call_sid: str) -> Spoken | RoomName | None:
    """What they hear who pick up, or the room that they join at once; None if nobody waits for them any more."""
    row = _seen(transaction, hand_off_id, call_sid)
    if row is None or row.status not in (HandOffStatus.RINGING, HandOffStatus.ANSWERED):
        return None
    entry = directory.get(transaction.tx, row.entry)
    if entry is not None and entry.phone_menu:
        return pressed(transaction, hand_off_id, call_sid)
    return Spoken("hand_off_screen", (("WHO", transaction.settings.centre.line.business),))


def pressed(transaction: Transaction, hand_off_id: str, call_sid: str) -> RoomName | None:
    """They have pressed 1: the room in which they are told; None if nobody waits for them any more."""
    row = _seen(transaction, hand_off_id, call_sid)
    if row is None:
        return None
    row = handing_off.tell(transaction, row, HandOffEvent.ANSWERED)
    return row.aside if row.status in (HandOffStatus.ANSWERED, HandOffStatus.ASIDE) else None


def together(transaction: Transaction, hand_off_id: str) -> RoomName | None:
    """They are brought to the caller: that room; None if it is over."""
    row = hand_offs.get(transaction.tx, hand_off_id)
    return row.room if row is not None and row.status is HandOffStatus.JOINED else None


def placed(transaction: Transaction, hand_off_id: str, call_sid: str) -> None:
    """The carrier has made the call. Where it is wanted no more, it is ended."""
    row = _seen(transaction, hand_off_id, call_sid)
    if row is not None and row.ended_at is not None:
        handing_off.let_go(transaction, row)


def leg_over(transaction: Transaction, hand_off_id: str, call_sid: str | None = None) -> None:
    """The call to them is over, or was never made (None)."""
    row = hand_offs.get(transaction.tx, hand_off_id)
    if row is not None and (call_sid is None or row.provider_sid in (None, call_sid)):
        handing_off.tell(transaction, row, HandOffEvent.THEIR_LEG_OVER)


def outsiders_leg_over(transaction: Transaction, whose: Origin, call_sid: str) -> None:
    """The call to somebody outside is over: to an interpreter, or to whom a caller is handed."""
    if whose.kind is OriginKind.INTERPRETER:
        interpreter.leg_over(transaction, ContactId(whose.id), call_sid)
    else:
        leg_over(transaction, whose.id, call_sid)


def _seen(transaction: Transaction, hand_off_id: str, call_sid: str) -> HandOffRow | None:
    """The webhook may know the call before our own REST answer did."""
    row = hand_offs.get(transaction.tx, hand_off_id)
    if row is None or row.provider_sid is not None:
        return row
    return hand_offs.save(transaction.tx, replace(row, provider_sid=call_sid))
