"""Taking a caller's leg out of what it does: into a room where somebody waits, or out of one that is empty.

Such a redirect is asked for by REST while the leg comes round to us by itself, and the two may cross. So whoever comes
first decides: while a redirect is on its way, the leg's own turn waits for it; and once the turn has done it, the
redirect isn't made any more. One that comes all the same, late, says for which turn it was made: if the leg has moved
on, it hears again what it is being told.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hotline import paths
from hotline.effects import Origin, OriginKind, RedirectCall, Urgency
from hotline.operations.transaction import Transaction, new_id
from hotline.store.cases.contacts import ContactRow
from hotline.store.traffic import outbox
from hotline.store.traffic.outbox import EffectStatus

_ON_ITS_WAY: Final = timedelta(seconds=3)
"""How soon after the carrier has taken a redirect the leg is with us again."""


def into_room(transaction: Transaction, row: ContactRow) -> None:
    """Somebody waits in the room: fetch the caller, if their call is known."""
    if row.provider_sid is not None:
        fetched = RedirectCall(row.provider_sid, paths.room(row.id, _errand(row)))
        transaction.send(fetched, about=Origin(OriginKind.CONTACT, row.id))


def out_of_room(transaction: Transaction, row: ContactRow) -> None:
    """Nobody else is in the room any more: the caller is told."""
    if row.provider_sid is not None:
        alone = RedirectCall(row.provider_sid, paths.alone(row.id, _errand(row)))
        transaction.send(alone, about=Origin(OriginKind.CONTACT, row.id), urgency=Urgency.URGENT)


def on_hold(transaction: Transaction, row: ContactRow) -> None:
    """Whoever talked with them speaks with somebody else for a moment: the caller hears so, and keeps their keys."""
    if row.provider_sid is not None:
        held = RedirectCall(row.provider_sid, paths.on_hold(row.id, _errand(row)))
        transaction.send(held, about=Origin(OriginKind.CONTACT, row.id))


def is_fetched(transaction: Transaction, row: ContactRow) -> bool:
    """Whether the caller is on the way into the room by a redirect, so that their own turn need not take them there."""
    return any(
        isinstance(one.effect, RedirectCall)
        and goes_to_room(one.effect.path)
        and _on_its_way(transaction, one)
        for one in outbox.about(transaction.tx, Origin(OriginKind.CONTACT, row.id))
    )


def goes_to_room(path: str) -> bool:
    """Whether a redirect takes a caller into a room."""
    return path.startswith(paths.ROOM.start)


def _on_its_way(transaction: Transaction, row: outbox.OutboxRow) -> bool:
    if row.status is EffectStatus.CLAIMED:
        return row.lease_until is not None and transaction.now < row.lease_until
    return (
        row.status is EffectStatus.SENT
        and row.settled_at is not None
        and transaction.now < row.settled_at + _ON_ITS_WAY
    )


def _errand(row: ContactRow) -> str:
    return f"{row.turn}-{paths.by_room(row.room, new_id())}"


def is_for_turn(row: ContactRow, errand: str) -> bool:
    """Whether a redirect was made for the turn at which the leg still stands; older ones say nothing of it."""
    turn, dash, _ = errand.partition("-")
    return not dash or turn == str(row.turn)
