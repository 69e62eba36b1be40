"""How each text that came in was read, why, what came of it; and what staff say that it was."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import func, select

from hotline.model import ByWord, ContactId, KeptWord, Language, StaffId, as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.periods import Period
from hotline.store.database.tables import readings

_WHY = "readings.why"


class Did(KeptWord):
    """What came of a text: each has one."""

    PAGED = "paged"
    """It was read as an emergency. One that is open already gets it: nobody is rung anew for it."""
    ASKED = "asked"
    """A person was asked to read it, or had the thread already when it was doubtful."""
    OPTED_OUT = "opted_out"
    OTHER = "other"
    """It was answered by the menu, or is part of a talk."""


class Judgement(KeptWord):
    """What a member of staff says of a text, having read it."""

    EMERGENCY = "emergency"
    NO_EMERGENCY = "no_emergency"


@dataclass(frozen=True, slots=True)
class Why:
    """Why it was read so: as private as the text itself."""

    reason: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Judged:
    """Who said what it was, and when (UTC)."""

    judgement: Judgement
    by: StaffId
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptReading:
    """One text's. `at` is UTC: when the text came."""

    message_id: str
    contact_id: ContactId
    at: datetime
    language: Language
    label: str
    """One of `triage.urgency.Label`."""
    named: bool
    did: Did
    why: Why = field(repr=False)
    judged: Judged | None = None

    @property
    def disputed(self) -> bool:
        """Whether staff say the opposite of what came of it."""
        paged = self.did is Did.PAGED
        return self.judged is not None and paged is not (self.judged.judgement is Judgement.EMERGENCY)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What a text was read as (one of `triage.urgency.Label`), and whether that is named."""

    label: str
    named: bool


@dataclass(frozen=True, slots=True)
class Read:
    """So many texts in one language that came to the same, and are judged the same (None: not judged)."""

    language: Language
    did: Did
    judged: Judgement | None
    messages: int


_WHYS = TypeAdapter(Why)


def add(tx: Tx, reading: KeptReading) -> bool:
    """Keep how a text was read; False if that is known, and nothing was changed."""
    why = tx.keys.seal(rows.written(_WHYS, reading.why), _WHY, reading.message_id)
    values = {
        "message_id": reading.message_id,
        "contact_id": reading.contact_id,
        "at": reading.at,
        "language": reading.language.value,
        "label": reading.label,
        "named": reading.named,
        "did": reading.did.value,
        "why": why,
    }
    return rows.add_if_new(tx, readings, values)


def get(tx: Tx, message_id: str) -> KeptReading | None:
    """How this text was read; None if it wasn't, or that isn't known."""
    found = rows.one(tx, select(readings).where(readings.c.message_id == message_id))
    return None if found is None else _reading(tx, found)


def without_words(tx: Tx, contact_id: ContactId) -> None:
    """Nothing is left that quotes them; how sure the reader was, and what came of it, is counted."""
    for found in rows.many(tx, select(readings).where(readings.c.contact_id == contact_id)):
        why = replace(_reading(tx, found).why, reason="")
        token = tx.keys.seal(rows.written(_WHYS, why), _WHY, found.message_id)
        rows.change(tx, readings, [readings.c.message_id == found.message_id], {"why": token})


def of_contact(tx: Tx, contact_id: ContactId) -> list[KeptReading]:
    """Those of a thread, the oldest first."""
    query = select(readings).where(readings.c.contact_id == contact_id)
    return [_reading(tx, one) for one in rows.many(tx, query.order_by(readings.c.at, readings.c.message_id))]


def unsettled(tx: Tx, contact_id: ContactId) -> list[Unsettled]:
    """What the texts of a thread were read as that paged nobody, and of which nobody has said what they were."""
    return rows.once(
        tx, (readings,), ("unsettled", contact_id), lambda: unsettled_in(tx, [contact_id]).get(contact_id, [])
    )


def unsettled_in(tx: Tx, threads: Collection[ContactId]) -> dict[ContactId, list[Unsettled]]:
    """The same of several threads, in one statement: those of which nothing is unsettled are left out."""
    query = select(readings.c.contact_id, readings.c.label, readings.c.named).where(
        readings.c.contact_id.in_(threads), readings.c.did != Did.PAGED.value, readings.c.judged.is_(None)
    )
    found: dict[ContactId, list[Unsettled]] = {}
    for one in rows.many(tx, query.distinct()):
        found.setdefault(ContactId(one.contact_id), []).append(Unsettled(one.label, one.named))
    return found


def remember_unsettled(tx: Tx, contact_id: ContactId, found: list[Unsettled]) -> None:
    """The same, as another question has found it."""
    rows.remember(tx, (readings,), ("unsettled", contact_id), found)


def judge(tx: Tx, message_id: str, judged: Judged | None) -> bool:
    """Keep what staff say of it, in place of what was said before; None takes that back. False if it is unknown."""
    values = {
        "judged": judged.judgement.value if judged else None,
        "judged_by": judged.by if judged else None,
        "judged_at": judged.at if judged else None,
    }
    changed = rows.change(tx, readings, [readings.c.message_id == message_id], values) == 1
    tx.board_changed |= changed
    return changed


def between(tx: Tx, period: Period, *, judged_only: bool = False) -> list[KeptReading]:
    """Of the texts that came in a period, the oldest first."""
    query = select(readings).where(readings.c.at >= period.since, readings.c.at < period.until)
    if judged_only:
        query = query.where(readings.c.judged.is_not(None))
    return [_reading(tx, one) for one in rows.many(tx, query.order_by(readings.c.at, readings.c.message_id))]


def counted(tx: Tx, period: Period) -> list[Read]:
    """How many texts of a period came to what, by language and by what staff say of them: each is in one row."""
    by = readings.c.language, readings.c.did, readings.c.judged
    query = (
        select(*by, func.count().label("messages"))
        .where(readings.c.at >= period.since, readings.c.at < period.until)
        .group_by(*by)
    )
    found = [
        Read(
            as_kept(Language, one.language),
            as_kept(Did, one.did),
            as_kept(Judgement, one.judged) if one.judged else None,
            one.messages,
        )
        for one in rows.many(tx, query)
    ]
    place = ByWord({did: n for n, did in enumerate(Did)}, len(Did))
    return sorted(found, key=lambda one: (one.language, place[one.did], one.judged or ""))


def _reading(tx: Tx, found: rows.Found) -> KeptReading:
    judged = None
    if found.judged is not None:
        judged = Judged(as_kept(Judgement, found.judged), found.judged_by, found.judged_at)
    return KeptReading(
        message_id=found.message_id,
        contact_id=found.contact_id,
        at=found.at,
        language=as_kept(Language, found.language),
        label=found.label,
        named=found.named,
        did=as_kept(Did, found.did),
        why=rows.read_as(_WHYS, tx.keys.open(found.why, _WHY, found.message_id)),
        judged=judged,
    )
