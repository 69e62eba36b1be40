"""The outbox: effects that were promised in a transaction and are carried out after it.

    waiting -> claimed -> sent | failed | dropped
                  |-----> waiting   (again, later)
                  |-----> unsure    (it may have happened) -> looked up -> sent | failed | waiting

A claim is a lease: it is won by exactly one, and counted. Whoever settles a row says which claim it held, and
one that lost its row meanwhile changes nothing and is told so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, get_args

from pydantic import TypeAdapter
from sqlalchemy import Select, Update, bindparam, case, func, not_, or_, select, update

from hotline.carrier_words import UNREACHABLE
from hotline.effects import Effect, Origin, OriginKind, PlaceCall, Urgency
from hotline.model import KeptWord, OutboxId, as_kept
from hotline.store.database import Tx, UtcMicros, rows
from hotline.store.database.tables import outbox

_BODY = "outbox.body"
_KINDS: dict[str, TypeAdapter[Any]] = {kind.__name__: TypeAdapter(kind) for kind in get_args(Effect)}
_RANK = {urgency.value: rank for rank, urgency in enumerate(Urgency)}
PRESSING_FIRST = case(_RANK, value=outbox.c.urgency, else_=len(_RANK))
_IS_CALL = outbox.c.kind == PlaceCall.__name__
IS_KNOWN = outbox.c.kind.in_(sorted(_KINDS))
"""This version can carry it out: what a later one sends otherwise, that one's workers see to."""


class EffectStatus(KeptWord):
    """Where an effect stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    UNSURE = "unsure"
    FAILED = "failed"
    DROPPED = "dropped"
    """No longer wanted; it never left."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """An effect in the outbox. All times are UTC."""

    id: OutboxId
    effect: Effect
    urgency: Urgency
    origin: Origin
    to_caller: bool
    """It reaches a caller: when in doubt it is looked up, and not repeated."""
    due_at: datetime
    created_at: datetime
    status: EffectStatus = EffectStatus.WAITING
    lease_until: datetime | None = None
    claims: int = 0
    """How often it was claimed; the number of the present claim."""
    provider_sid: str | None = None
    error: str | None = None
    """The provider's code, or a word of ours; never a person's."""
    claimed_at: datetime | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WakeUp:
    """What the wake-up queue needs to know: nothing but this goes to Redis."""

    id: OutboxId
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits past its time, and since when the oldest does."""

    urgency: Urgency
    waiting: int
    oldest_due_at: datetime


def add(tx: Tx, row: OutboxRow) -> None:
    """Promise an effect. Raises Duplicate if its id is known."""
    kind = type(row.effect).__name__
    values = {
        "id": row.id,
        "kind": kind,
        "urgency": row.urgency.value,
        "body": tx.keys.seal(rows.written(_KINDS[kind], row.effect), _BODY, row.id),
        "status": row.status.value,
        "due_at": row.due_at,
        "lease_until": row.lease_until,
        "claims": row.claims,
        "provider_sid": row.provider_sid,
        "error": row.error,
        "subject_kind": row.origin.kind.value,
        "subject_id": row.origin.id,
        "to_caller": row.to_caller,
        "created_at": row.created_at,
        "claimed_at": row.claimed_at,
        "settled_at": row.settled_at,
    }
    rows.add(tx, outbox, values)


def get(tx: Tx, outbox_id: OutboxId) -> OutboxRow | None:
    """The row, or None."""
    found = rows.by_id(tx, outbox, outbox_id)
    return None if found is None else _row(tx, found)


_ABOUT: Final = (
    select(outbox)
    .where(outbox.c.subject_id == bindparam("id"), outbox.c.subject_kind == bindparam("kind"))
    .order_by(outbox.c.created_at, outbox.c.id)
)


def about(tx: Tx, origin: Origin) -> list[OutboxRow]:
    """Everything that was ever promised about this, the oldest first."""
    given = {"id": origin.id, "kind": origin.kind}
    return [_row(tx, found) for found in rows.many(tx, _ABOUT, given)]


def is_known(tx: Tx, provider_sid: str) -> bool:
    """Whether a settled row already stands for this call or message."""
    query = select(outbox.c.id).where(outbox.c.provider_sid == provider_sid).limit(1)
    return tx.execute(query).first() is not None


def troubled(tx: Tx, since: datetime, limit: int) -> list[OutboxRow]:
    """What was promised since then and could not be done, is being tried again, or left and was reported as not
    having arrived; the newest first."""
    query = select(outbox).where(
        outbox.c.error.is_not(None),
        outbox.c.created_at >= since,
        outbox.c.status != EffectStatus.DROPPED.value,
    )
    return _many(tx, query.order_by(outbox.c.created_at.desc(), outbox.c.id).limit(limit))


def reported(tx: Tx, provider_sid: str, error: str) -> bool:
    """The provider says afterwards that this call or message did not arrive; whether it is one of ours."""
    ours = rows.change(tx, outbox, [outbox.c.provider_sid == provider_sid], {"error": error}) > 0
    tx.board_changed |= ours
    return ours


def hasten(tx: Tx, origin: Origin, now: datetime) -> list[WakeUp]:
    """What waits about this needs to wait no longer; the wake-ups to send for it."""
    where = [
        outbox.c.subject_id == origin.id,
        outbox.c.subject_kind == origin.kind,
        outbox.c.status == EffectStatus.WAITING.value,
        outbox.c.due_at > now,
    ]
    found = rows.many(tx, select(outbox.c.id, outbox.c.urgency).where(*where))
    rows.change(tx, outbox, where, {"due_at": now})
    return [WakeUp(one.id, as_kept(Urgency, one.urgency)) for one in found]


def doubt(tx: Tx, now: datetime) -> None:
    """Of what is to leave for callers nobody knows whether it has left: it is looked up at the provider first."""
    before = [EffectStatus.WAITING.value, EffectStatus.CLAIMED.value]
    values = {"status": EffectStatus.UNSURE.value, "lease_until": None, "error": "put back from a backup"}
    rows.change(tx, outbox, [outbox.c.to_caller, outbox.c.status.in_(before), outbox.c.due_at <= now], values)


# --- who carries it out -------------------------------------------------------------------------------


_CLAIM: Final = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("which"),
        outbox.c.status == EffectStatus.WAITING.value,
        outbox.c.due_at <= bindparam("now"),
        IS_KNOWN,
    )
    .values(
        status=EffectStatus.CLAIMED.value,
        lease_until=bindparam("until"),
        claimed_at=bindparam("now"),
        first_claimed_at=func.coalesce(outbox.c.first_claimed_at, bindparam("now")),
        claims=outbox.c.claims + 1,
    )
)


def claim(tx: Tx, outbox_id: OutboxId, now: datetime, lease: timedelta) -> OutboxRow | None:
    """Claim a waiting row that is due; None if it is not there to be had. Exactly one claimer gets it."""
    given = {"which": outbox_id, "now": now, "until": now + lease}
    return get(tx, outbox_id) if rows.change_by(tx, outbox, _CLAIM, given) else None


def claim_unsure(tx: Tx, outbox_id: OutboxId, now: datetime, lease: timedelta) -> OutboxRow | None:
    """Claim an unsure row whose time has come, to look it up; it stays unsure. Exactly one gets it."""
    where = [
        outbox.c.id == outbox_id,
        outbox.c.status == EffectStatus.UNSURE.value,
        outbox.c.due_at <= now,
        IS_KNOWN,
    ]
    values = {"due_at": now + lease, "claims": outbox.c.claims + 1}
    return get(tx, outbox_id) if rows.change(tx, outbox, where, values) else None


def waiting(tx: Tx, lane: Urgency, now: datetime, limit: int, *, calls: bool) -> tuple[OutboxId, ...]:
    """What waits in this lane and is due, the longest due first: calls, or everything but calls. Nothing is opened."""
    query = select(outbox.c.id).where(
        outbox.c.status == EffectStatus.WAITING.value,
        outbox.c.due_at <= now,
        outbox.c.urgency == lane.value,
        _IS_CALL if calls else not_(_IS_CALL),
    )
    found = rows.many(tx, query.order_by(outbox.c.due_at, outbox.c.id).limit(limit))
    return tuple(OutboxId(one.id) for one in found)


def more_pressing_call_waits(tx: Tx, lane: Urgency, now: datetime) -> bool:
    """Whether a call of a more pressing lane than this one is due."""
    ahead = [urgency.value for urgency in Urgency if _RANK[urgency.value] < _RANK[lane.value]]
    if not ahead:
        return False
    query = select(outbox.c.id).where(
        outbox.c.status == EffectStatus.WAITING.value,
        outbox.c.due_at <= now,
        outbox.c.urgency.in_(ahead),
        _IS_CALL,
    )
    return bool(rows.many(tx, query.limit(1)))


def backlog(tx: Tx, now: datetime) -> list[Backlog]:
    """What waits past its time, per urgency; nothing for an urgency in which nothing does."""
    query = (
        select(outbox.c.urgency, func.count().label("waiting"), func.min(outbox.c.due_at).label("oldest"))
        .where(outbox.c.status == EffectStatus.WAITING.value, outbox.c.due_at <= now)
        .group_by(outbox.c.urgency)
        .order_by(outbox.c.urgency)
    )
    return [Backlog(as_kept(Urgency, one.urgency), one.waiting, one.oldest) for one in rows.many(tx, query)]


# --- how it ended: each says whether the claim of `row` still counted ---------------------------------


def sent(tx: Tx, row: OutboxRow, now: datetime, provider_sid: str | None) -> bool:
    """It left. Counts even after the lease, as long as nobody has claimed the row since."""
    values = {"provider_sid": provider_sid, "error": None}
    return _settle(tx, row, EffectStatus.SENT, now, values, also=(EffectStatus.WAITING,))


def failed(tx: Tx, row: OutboxRow, now: datetime, error: str) -> bool:
    """It can't be done, and is not tried again."""
    return _settle(tx, row, EffectStatus.FAILED, now, {"error": error})


def dropped(tx: Tx, row: OutboxRow, now: datetime, reason: str) -> bool:
    """It is not wanted any more, found so after it was claimed."""
    return _settle(tx, row, EffectStatus.DROPPED, now, {"error": reason})


def again(tx: Tx, row: OutboxRow, due_at: datetime, error: str) -> bool:
    """It certainly has not left, or may leave twice: it waits until `due_at`."""
    return _settle(tx, row, EffectStatus.WAITING, None, {"error": error, "due_at": due_at})


def unsure(tx: Tx, row: OutboxRow, look_up_at: datetime, error: str) -> bool:
    """It may have left: to be looked up at the provider from `look_up_at` on."""
    return _settle(tx, row, EffectStatus.UNSURE, None, {"error": error, "due_at": look_up_at})


def _settle(
    tx: Tx,
    row: OutboxRow,
    status: EffectStatus,
    settled_at: datetime | None,
    values: Mapping[str, object],
    also: tuple[EffectStatus, ...] = (),
) -> bool:
    always = {"status": status.value, "lease_until": None, "settled_at": settled_at}
    given = {f"to_{name}": value for name, value in {**always, **values}.items()}
    statement = _settled((*always, *values), also)
    return rows.change_by(tx, outbox, statement, {"which": row.id, "claim": row.claims, **given}) == 1


@cache
def _settled(names: tuple[str, ...], also: tuple[EffectStatus, ...]) -> Update:
    from_ = [one.value for one in (EffectStatus.CLAIMED, EffectStatus.UNSURE, *also)]
    return (
        update(outbox)
        .where(
            outbox.c.id == bindparam("which"),
            outbox.c.claims == bindparam("claim"),
            or_(*(outbox.c.status == one for one in from_)),
        )
        .values({name: bindparam(f"to_{name}") for name in names})
    )


def lost_since() -> Select[Any]:
    """When the carrier was first asked in vain since it last took anything from us (UTC), however often the same was
    tried again since; nothing where it takes what we send, or was asked in vain once. To be asked for beside other
    things, with `lost_after`: how far back to look (UTC)."""
    after = bindparam("lost_after", type_=UtcMicros)
    taken = outbox.alias("taken")
    last = (
        select(func.max(taken.c.settled_at))
        .where(taken.c.status == EffectStatus.SENT.value, taken.c.due_at > after)
        .scalar_subquery()
    )
    tried = func.min(func.coalesce(outbox.c.first_claimed_at, outbox.c.claimed_at))
    return (
        select(case((last > tried, last), else_=tried))
        .where(
            or_(*(outbox.c.error == one for one in sorted(UNREACHABLE))),
            outbox.c.created_at > after,
            outbox.c.status != EffectStatus.SENT.value,
            or_(last.is_(None), outbox.c.claimed_at > last),
        )
        .having(func.sum(outbox.c.claims) > 1)
    )


LOST_LATELY = timedelta(hours=1)
"""How long what was tried in vain tells anything of the carrier, while nothing else is tried."""


def carrier_lost_since(tx: Tx, now: datetime) -> datetime | None:
    """Since when nothing of ours has reached the carrier (UTC); None if it does, as far as is known."""
    found: datetime | None = tx.execute(lost_since(), {"lost_after": now - LOST_LATELY}).scalar()
    return found


def _many(tx: Tx, query: rows.Query) -> list[OutboxRow]:
    return [_row(tx, found) for found in rows.many(tx, query)]


def _row(tx: Tx, found: rows.Found) -> OutboxRow:
    return OutboxRow(
        id=found.id,
        effect=rows.read_as(_KINDS[found.kind], tx.keys.open(found.body, _BODY, found.id)),
        urgency=as_kept(Urgency, found.urgency),
        origin=Origin(as_kept(OriginKind, found.subject_kind), found.subject_id),
        to_caller=found.to_caller,
        due_at=found.due_at,
        created_at=found.created_at,
        status=as_kept(EffectStatus, found.status),
        lease_until=found.lease_until,
        claims=found.claims,
        provider_sid=found.provider_sid,
        error=found.error,
        claimed_at=found.claimed_at,
        settled_at=found.settled_at,
    )
