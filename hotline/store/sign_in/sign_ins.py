"""Every try to sign in as a member of staff: when, how, whether it worked, and from where, coarsely and sealed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, func, select

from hotline.model import StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import sign_ins

_PLACE = "sign_ins.place"


@dataclass(frozen=True, slots=True)
class SignIn:
    """One try. `at` is UTC."""

    id: str
    staff_id: StaffId
    at: datetime
    how: str
    """A word of ours."""
    worked: bool
    place: str = field(repr=False)
    """The kind of browser, and the network; never a whole address."""


def add(tx: Tx, one: SignIn) -> None:
    """Keep it."""
    values = {
        "id": one.id,
        "staff_id": one.staff_id,
        "at": one.at,
        "how": one.how,
        "worked": one.worked,
        "place": tx.keys.seal(one.place, _PLACE, one.id),
    }
    rows.add(tx, sign_ins, values)


def of(tx: Tx, staff_id: StaffId, at_most: int) -> list[SignIn]:
    """Theirs, the newest first."""
    query = select(sign_ins).where(sign_ins.c.staff_id == staff_id)
    found = rows.many(tx, query.order_by(sign_ins.c.at.desc(), sign_ins.c.id).limit(at_most))
    return [
        SignIn(one.id, one.staff_id, one.at, one.how, one.worked, tx.keys.open(one.place, _PLACE, one.id))
        for one in found
    ]


def last(tx: Tx, people: Collection[StaffId]) -> dict[StaffId, datetime]:
    """When each of these signed in last (UTC); not those of whom nothing is known."""
    worked = (sign_ins.c.staff_id.in_(sorted(people)), sign_ins.c.worked.is_(True))
    query = select(sign_ins.c.staff_id, func.max(sign_ins.c.at).label("at")).where(*worked)
    return {one.staff_id: one.at for one in rows.many(tx, query.group_by(sign_ins.c.staff_id))}


def drop_old(tx: Tx, staff_id: StaffId, before: datetime) -> None:
    """Forget theirs from before."""
    tx.execute(delete(sign_ins).where(sign_ins.c.staff_id == staff_id, sign_ins.c.at < before))
