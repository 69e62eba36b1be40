"""Why somebody looked at a case that was not theirs: one of a few reasons, and words of their own, sealed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from hotline.model import ContactId, KeptWord, StaffId, as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.tables import look_reasons

_WORDS = "look_reasons.words"


class LookReason(KeptWord):
    """What is offered."""

    HELPING = "helping"
    """A colleague who has it asked for help."""
    CALLER_ASKED = "caller_asked"
    """The caller, or their family, got in touch about it."""
    REVIEW = "review"
    """How it was handled is looked at."""
    LEARNING = "learning"
    COMPLAINT = "complaint"
    """A complaint, or something that went wrong, is looked into."""
    OTHER = "other"
    """In words of their own."""


@dataclass(frozen=True, slots=True)
class GivenReason:
    """One reason that was given. `at` is UTC."""

    id: str
    contact: ContactId
    by: StaffId
    at: datetime
    reason: LookReason
    words: str | None = field(default=None, repr=False)


def add(tx: Tx, one: GivenReason) -> None:
    """Keep it; none is ever changed."""
    values = {
        "id": one.id,
        "contact_id": one.contact,
        "staff_id": one.by,
        "at": one.at,
        "reason": one.reason.value,
        "words": rows.sealed(tx, one.words, _WORDS, one.id),
    }
    rows.add(tx, look_reasons, values)


def last_at(tx: Tx, contact: ContactId, by: StaffId) -> datetime | None:
    """When this person last gave one for this case (UTC)."""
    here = look_reasons.c
    query = (
        select(here.at)
        .where(here.contact_id == contact, here.staff_id == by)
        .order_by(here.at.desc())
        .limit(1)
    )
    found: datetime | None = tx.execute(query).scalar()
    return found


def about(tx: Tx, contacts: Iterable[ContactId]) -> list[GivenReason]:
    """Every reason that was given for one of these, the oldest first."""
    here = look_reasons.c
    query = select(look_reasons).where(here.contact_id.in_(sorted(set(contacts)))).order_by(here.at, here.id)
    return [
        GivenReason(
            one.id,
            ContactId(one.contact_id),
            StaffId(one.staff_id),
            one.at,
            as_kept(LookReason, one.reason),
            rows.opened(tx, one.words, _WORDS, one.id),
        )
        for one in rows.many(tx, query)
    ]
