"""What staff have merged with a case: whose page it has, what happened there, and which merging can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hotline.model import Channel, ContactId, Line, PhoneNumber, StaffId, Subject
from hotline.operations import flow_state
from hotline.operations.callbacks import one_person
from hotline.operations.texts import case_story
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.timeline import TimelineRow
from hotline.store.overviews import conference


@dataclass(frozen=True, slots=True)
class MergedCase:
    """One case that is merged with another. `at` is UTC: when it began."""

    contact: ContactId
    at: datetime
    channel: Channel
    line: Line | None
    clinical: bool
    """It was an emergency, or is one."""
    number: PhoneNumber | None = field(repr=False)
    happened: tuple[tuple[TimelineRow, str | None], ...] = field(repr=False)
    """What happened there, the oldest first, and by whom of the staff."""
    readable: bool = True
    """Whoever looks may see it."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Everything that is merged with one case."""

    cases: tuple[MergedCase, ...]
    last: str
    """The merging that can be undone now: the last one."""
    last_cases: tuple[ContactId, ContactId]
    """Which two it merged."""
    at: datetime
    by: str | None
    """When that was, and who did it."""


def of(transaction: Transaction, row: ContactRow, names: Mapping[StaffId, str]) -> Merged | None:
    """What is merged with the case of this contact; None: nothing is."""
    standing = one_person.merges_of(transaction, row)
    if not standing:
        return None
    others = dict.fromkeys(case for one in standing for case in one.cases if case != row.id)
    rows = [found for case in others if (found := contacts.get(transaction.tx, case)) is not None]
    last = standing[-1]
    return Merged(
        tuple(case(transaction, one, names) for one in rows),
        last.id,
        last.cases,
        last.merged_at,
        names.get(last.merged_by),
    )


def case(transaction: Transaction, row: ContactRow, names: Mapping[StaffId, str]) -> MergedCase:
    """The case of this contact, as it stands beside another."""
    running = conference.open_escalations(transaction.tx, row.room)
    happened = case_story.of(transaction, row)
    return MergedCase(
        contact=row.id,
        at=row.opened_at,
        channel=row.channel,
        line=row.line,
        clinical=row.line is Line.EMERGENCY
        or any(one.escalation.subject is Subject.EMERGENCY for one in running),
        number=flow_state.reachable_at(row),
        happened=tuple((one, names.get(one.by_staff) if one.by_staff else None) for one in happened),
    )
