"""Pages: one attempt each to reach one member of staff in one way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import and_, bindparam, func, or_, select

from hotline.model import EscalationId, How, KeptWord, PageId, StaffId, as_kept
from hotline.store.database import Tx, rows
from hotline.store.database.tables import escalations, pages


class PageState(KeptWord):
    """Where a page stands."""

    PLACED = "placed"
    """Promised; it may not have left yet."""
    RINGING = "ringing"
    ANSWERED = "answered"
    """Somebody or something picked up, and has not pressed a key."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNREACHED = "unreached"
    CALLED_OFF = "called_off"
    COVERED = "covered"
    """Their phone rings, or is in use, for something just as pressing: what waits is said there, or is next. Of a text:
    one that left a moment ago stands for it, or the next one will."""


class Purpose(KeptWord):
    """What the key on a call is for."""

    JOIN = "join"
    """To accept, and to be connected."""
    CLOSE = "close"
    """To close an emergency, or a thread, that a text from their phone says is over."""
    WRITE = "write"
    """To send the first words that a text from their phone has for a caller."""


OPEN = frozenset(
    {PageState.PLACED, PageState.RINGING, PageState.ANSWERED, PageState.ACCEPTED, PageState.COVERED}
)
"""In these the phone is theirs for this page, until `ended_at`."""


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page. All times are UTC."""

    id: PageId
    escalation_id: EscalationId
    staff_id: StaffId
    how: How
    reference: str
    """Their code for what it is about, with which they answer by text; every page of theirs about it has the same."""
    placed_at: datetime
    state: PageState = PageState.PLACED
    purpose: Purpose = Purpose.JOIN
    pressing: bool = False
    """It is about an emergency, or for a key that they have asked for."""
    regards: str | None = None
    """The id of the message of theirs that is to be sent on."""
    provider_sid: str | None = None
    sent_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    """When the call was over, or the text void."""
    version: int = 0
    """0 until it is added."""


def add(tx: Tx, row: PageRow) -> PageRow:
    """Add a page. Raises Duplicate if its id is known."""
    (made,) = add_all(tx, [row])
    return made


def add_all(tx: Tx, made: Sequence[PageRow]) -> list[PageRow]:
    """Add many pages at once. Raises Duplicate if one's id is known."""
    kept = [replace(row, version=1) for row in made]
    with _kept_up(tx, kept):
        rows.add_all(tx, pages, [{"id": row.id, "version": 1, **_values(row)} for row in made])
    tx.board_changed = tx.board_changed or bool(made)
    return kept


def save(tx: Tx, row: PageRow) -> PageRow:
    """Save a changed page, with its next version. Raises Stale."""
    (saved,) = save_all(tx, [row])
    return saved


def save_all(tx: Tx, changed: Sequence[PageRow]) -> list[PageRow]:
    """Save many changed pages at once. Raises Stale if anybody else has saved one of them."""
    saved = [replace(row, version=row.version + 1) for row in changed]
    with _kept_up(tx, saved):
        rows.save_all(tx, pages, [({"id": row.id}, row.version, _values(row)) for row in changed])
    tx.board_changed = tx.board_changed or bool(changed)
    return saved


_OF, _WAITING = "of", "waiting"


@contextmanager
def _kept_up(tx: Tx, changed: Sequence[PageRow]) -> Iterator[None]:
    """What is known of their escalations' pages goes on to be known: with these as they are written."""
    asked = {(kind, row.escalation_id) for row in changed for kind in (_OF, _WAITING)}
    known = {one: rows.known(tx, (pages,), one) for one in asked}
    yield
    for (kind, about), found in known.items():
        if found is not None:
            theirs = {one.id: one for one in found}
            theirs.update({row.id: row for row in changed if row.escalation_id == about})
            still = [one for one in theirs.values() if kind == _OF or one.ended_at is None]
            in_order = sorted(still, key=lambda one: (one.placed_at, one.id))
            rows.remember(tx, (pages,), (kind, about), in_order)


def get(tx: Tx, page_id: PageId) -> PageRow | None:
    """The page, or None. Its room is held."""
    found = rows.by_id(tx, pages, page_id)
    if found is not None and rows.holds(tx):
        about = rows.by_id(tx, escalations, found.escalation_id)
        if about is not None and rows.hold(tx, about.room):
            found = rows.by_id(tx, pages, page_id)
    return None if found is None else of_row(found)


def glance(tx: Tx, page_id: PageId) -> PageRow | None:
    """The page as it is at this moment, or None. Its room isn't held: for what is decided from this row alone."""
    found = rows.by_id(tx, pages, page_id)
    return None if found is None else of_row(found)


_NEWEST: Final = select(pages).order_by(pages.c.placed_at.desc(), pages.c.id).limit(1)
_BY_SID: Final = _NEWEST.where(pages.c.provider_sid == bindparam("sid"))


def by_sid(tx: Tx, provider_sid: str) -> PageRow | None:
    """The page that this call or message is, or None."""
    found = rows.one(tx, _BY_SID, {"sid": provider_sid})
    return None if found is None else of_row(found)


def by_reference(tx: Tx, staff_id: StaffId, reference: str) -> PageRow | None:
    """The newest page of this member of staff with this reference (any capitals), or None."""
    return _one(tx, pages.c.staff_id == staff_id, pages.c.reference == reference.upper())


def codes_of(tx: Tx, escalation_id: EscalationId) -> dict[StaffId, str]:
    """The reference that each member of staff who was paged for this has: of several, the newest."""
    every: list[PageRow] | None = rows.known(tx, (pages,), (_OF, escalation_id))
    if every is not None:
        return {one.staff_id: one.reference for one in every}
    newest = func.max(pages.c.placed_at)
    query = (
        select(pages.c.staff_id, pages.c.reference)
        .where(pages.c.escalation_id == escalation_id)
        .group_by(pages.c.staff_id, pages.c.reference)
        .order_by(newest, pages.c.reference)
    )
    return {StaffId(one.staff_id): one.reference for one in rows.many(tx, query)}


def codes_of_each(tx: Tx, ids: Collection[EscalationId]) -> dict[EscalationId, dict[StaffId, str]]:
    """As `codes_of`, of several at once: those for which nobody was paged are not among them."""
    newest = func.max(pages.c.placed_at)
    query = (
        select(pages.c.escalation_id, pages.c.staff_id, pages.c.reference)
        .where(pages.c.escalation_id.in_(ids))
        .group_by(pages.c.escalation_id, pages.c.staff_id, pages.c.reference)
        .order_by(newest, pages.c.reference)
    )
    found: dict[EscalationId, dict[StaffId, str]] = {}
    for one in rows.many(tx, query) if ids else ():
        found.setdefault(EscalationId(one.escalation_id), {})[StaffId(one.staff_id)] = one.reference
    return found


def references(tx: Tx, codes: Iterable[str]) -> frozenset[tuple[StaffId, str]]:
    """Who has, or ever had, a page with one of these references."""
    wanted = frozenset(codes)
    drawn, taken = rows.known(tx, (pages,), _TAKEN) or (frozenset(), frozenset())
    if wanted <= drawn:
        return frozenset(one for one in taken if one[1] in wanted)
    query = select(pages.c.staff_id, pages.c.reference).where(pages.c.reference.in_(sorted(wanted)))
    return frozenset((one.staff_id, one.reference) for one in rows.many(tx, query))


def given(tx: Tx, reference: str, since: datetime) -> list[StaffId]:
    """Whose pages since then (UTC) have this reference, the newest first."""
    query = select(pages.c.staff_id).where(pages.c.reference == reference, pages.c.placed_at >= since)
    found = rows.many(tx, query.order_by(pages.c.placed_at.desc(), pages.c.id))
    return list(dict.fromkeys(StaffId(one.staff_id) for one in found))


_TAKEN, _DRAWN = "taken", "drawn"


def draw(tx: Tx, codes: Iterable[str]) -> None:
    """References that may be given soon: whoever looks at the telephones asks for these, too (see `references`)."""
    rows.remember(tx, (), _DRAWN, list(codes))


def drawn(tx: Tx) -> list[str]:
    """Those that were not given yet."""
    return list(rows.known(tx, (), _DRAWN) or ())


def remember_references(tx: Tx, codes: Iterable[str], taken: Iterable[tuple[StaffId, str]]) -> None:
    """Who has a page with one of these references, as another question has found it."""
    rows.remember(tx, (pages,), _TAKEN, (frozenset(codes), frozenset(taken)))


def of_escalation(tx: Tx, escalation_id: EscalationId) -> list[PageRow]:
    """Every page of this escalation, the oldest first."""
    return rows.once(
        tx, (pages,), (_OF, escalation_id), lambda: many(tx, pages.c.escalation_id == escalation_id)
    )


def remember_waiting(tx: Tx, escalation_id: EscalationId, found: Sequence[PageRow]) -> None:
    """Those that are not over, the oldest first, as another question has found them."""
    rows.remember(tx, (pages,), (_WAITING, escalation_id), list(found))


def remember_of(tx: Tx, escalation_id: EscalationId, found: Sequence[PageRow]) -> None:
    """The same, as another question has found it."""
    rows.remember(tx, (pages,), (_OF, escalation_id), list(found))


def waiting_of(tx: Tx, escalation_id: EscalationId) -> list[PageRow]:
    """Those of them that are not over, the oldest first: few, however often its rungs were repeated."""
    every: list[PageRow] | None = rows.known(tx, (pages,), (_OF, escalation_id))
    if every is not None:
        return [one for one in every if one.ended_at is None]

    def read() -> list[PageRow]:
        return many(tx, pages.c.escalation_id == escalation_id, pages.c.ended_at.is_(None))

    return rows.once(tx, (pages,), (_WAITING, escalation_id), read)


def open_of_staff(tx: Tx, staff_id: StaffId) -> list[PageRow]:
    """The pages of this member of staff that are not over, the oldest first."""
    return many(tx, pages.c.staff_id == staff_id, *_still_open())


def of_staff_since(tx: Tx, staff_id: StaffId, since: datetime) -> list[PageRow]:
    """The pages of this member of staff that are open, or were placed or over since then (UTC), the oldest first."""
    open_now = and_(*_still_open())
    lately = or_(open_now, pages.c.placed_at >= since, pages.c.ended_at >= since)
    return many(tx, pages.c.staff_id == staff_id, lately)


def _still_open() -> tuple[rows.Condition, ...]:
    return pages.c.state.in_([state.value for state in OPEN]), pages.c.ended_at.is_(None)


def _one(tx: Tx, *where: rows.Condition) -> PageRow | None:
    found = rows.one(tx, _NEWEST.where(*where))
    return None if found is None else of_row(found)


def many(tx: Tx, *where: rows.Condition) -> list[PageRow]:
    """Pages that fit, the oldest first: for the other modules of this floor."""
    query = select(pages).where(*where).order_by(pages.c.placed_at, pages.c.id)
    return [of_row(found) for found in rows.many(tx, query)]


def _values(row: PageRow) -> dict[str, object]:
    return {
        "escalation_id": row.escalation_id,
        "staff_id": row.staff_id,
        "how": row.how.value,
        "state": row.state.value,
        "reference": row.reference.upper(),
        "purpose": row.purpose.value,
        "pressing": row.pressing,
        "regards": row.regards,
        "provider_sid": row.provider_sid,
        "placed_at": row.placed_at,
        "sent_at": row.sent_at,
        "answered_at": row.answered_at,
        "ended_at": row.ended_at,
    }


def of_row(found: rows.Found) -> PageRow:
    """A page as it was found: for the other modules of this floor."""
    return PageRow(
        id=found.id,
        escalation_id=found.escalation_id,
        staff_id=found.staff_id,
        how=as_kept(How, found.how),
        reference=found.reference,
        placed_at=found.placed_at,
        state=as_kept(PageState, found.state),
        purpose=as_kept(Purpose, found.purpose),
        pressing=found.pressing,
        regards=found.regards,
        provider_sid=found.provider_sid,
        sent_at=found.sent_at,
        answered_at=found.answered_at,
        ended_at=found.ended_at,
        version=found.version,
    )
