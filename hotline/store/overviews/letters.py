"""What went to and fro with a number before a text of theirs came, and how much of that has left by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from hotline.model import PhoneNumber
from hotline.store.database import Tx, UtcMicros, rows
from hotline.store.database.tables import BY_ITSELF, OUTBOUND, PHONE, contacts, messages
from hotline.store.traffic import messages as messages_of
from hotline.store.traffic.messages import Direction, MessageRow


@dataclass(frozen=True, slots=True)
class Letters:
    """What went to and fro with a number before a text of theirs came."""

    known: MessageRow | None
    """That text, if it has come before."""
    received: tuple[MessageRow, ...]
    """The newest texts of theirs within the time asked about, the latest first."""
    told: tuple[MessageRow, ...]
    """The newest texts to them, the latest first."""
    replies: int
    """How many of those that we wrote by ourselves went to them within the time asked about."""


_LATELY, _BEFORE = bindparam("lately", type_=UtcMicros), bindparam("before", type_=UtcMicros)
_THEIRS = messages.c.number_lookup.in_(bindparam("lookups", expanding=True))


def _newest(kind: str, direction: Direction, since: BindParameter[datetime], most: str) -> Select[Any]:
    several = (
        select(literal(kind).label("kind"), *messages.c)
        .where(_THEIRS, messages.c.direction == direction.value, messages.c.at >= since)
        .order_by(messages.c.at.desc(), messages.c.id)
        .limit(bindparam(most))
    )
    return select(several.subquery())


_REPLIES = (
    select(messages.c.id)
    .where(
        _THEIRS,
        messages.c.direction == Direction.OUT.value,
        messages.c.contact_id.is_not(None),
        messages.c.by_staff.is_(None),
        messages.c.at >= _LATELY,
    )
    .limit(bindparam("most_replies"))
)


@dataclass(frozen=True, slots=True)
class Spent:
    """What has left by itself, counted no further than is asked for."""

    calls: int
    texts: int
    texts_lately: int


def _counted(some: Select[Any]) -> Any:
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


def _by_itself(since: str, most: str) -> Select[Any]:
    which = (BY_ITSELF, messages.c.at >= bindparam(since, type_=UtcMicros))
    return select(literal(1)).select_from(messages).where(*which).limit(bindparam(most))


_CALLS = (
    select(literal(1))
    .select_from(contacts)
    .where(OUTBOUND, contacts.c.opened_at >= bindparam("day", type_=UtcMicros))
    .limit(bindparam("most_calls"))
)
_DAY, _HOUR = _by_itself("day", "most_texts"), _by_itself("hour", "most_hour")
_SPENT: Select[Any] = select(
    _counted(_CALLS).label("calls"), _counted(_DAY).label("texts"), _counted(_HOUR).label("hour")
)
_LETTERS: CompoundSelect[Any] = union_all(
    select(literal("known").label("kind"), *messages.c).where(messages.c.provider_sid == bindparam("sid")),
    _newest("received", Direction.IN, _LATELY, "most_received"),
    _newest("told", Direction.OUT, _BEFORE, "most_told"),
    select(
        literal("counted"),
        *(cast(_counted(some), Text) for some in (_REPLIES, _CALLS, _DAY, _HOUR)),
        *(null() for _ in range(len(messages.c) - 4)),
    ),
)


@dataclass(frozen=True, slots=True)
class Caps:
    """Since when what left by itself is counted (UTC), and up to how much."""

    day: datetime
    hour: datetime
    calls: int
    texts: int
    texts_lately: int

    @property
    def given(self) -> dict[str, object]:
        """For the statements."""
        return {
            "day": self.day,
            "hour": self.hour,
            "most_calls": self.calls,
            "most_texts": self.texts,
            "most_hour": self.texts_lately,
        }


def spent(tx: Tx, caps: Caps) -> Spent:
    """Calls to callers and texts of ours within the day, and texts within the hour."""
    found = tx.execute(_SPENT, caps.given).one()
    return Spent(found.calls, found.texts, found.hour)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far back (UTC), and how many of each."""

    lately: datetime
    """For texts of theirs, and our replies..."""
    before: datetime
    """...and for what we have written there."""
    received: int
    told: int
    replies: int


def letters(tx: Tx, number: PhoneNumber, sid: str, bounds: Bounds, caps: Caps) -> tuple[Letters, Spent]:
    """What there is, and what has left by itself to whomever, with one statement. The number is held: of a text that
    comes twice at once, the second is known. Raises OutOfTurn."""
    rows.hold_number(tx, number)
    given = {
        "lookups": tx.keys.lookups(number.e164, PHONE),
        "sid": sid,
        "lately": bounds.lately,
        "before": bounds.before,
        "most_received": bounds.received,
        "most_told": bounds.told,
        "most_replies": bounds.replies,
        **caps.given,
    }
    kinds: dict[str, list[MessageRow]] = {"known": [], "received": [], "told": []}
    counted: list[int] = []
    for one in tx.execute(_LETTERS, given):
        if one.kind == "counted":
            counted = [int(one[place]) for place in range(1, 5)]
        else:
            kinds[one.kind].append(messages_of.of_row(tx, one))
    known, (ours, calls, texts, texts_lately) = next(iter(kinds["known"]), None), counted
    found = Letters(known, tuple(kinds["received"]), tuple(kinds["told"]), ours)
    return found, Spent(calls, texts, texts_lately)
