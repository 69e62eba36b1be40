"""What else has come from somebody's number lately: when, with whom they talked and for how long, and what came of it.

A number is not a person: it is shown as what came from this telephone, and nothing is carried over from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from hotline.callbacks.admissions import RecordField, dangers
from hotline.model import Channel, ContactId, EscalationId, Line, Outcome, StaffId
from hotline.operations.callbacks import admissions_talk
from hotline.operations.conversation import live_talk
from hotline.operations.transaction import Transaction
from hotline.store.cases import admissions_records, callbacks, contacts, whole_case
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.pages import PageRow
from hotline.store.overviews import crew

WITHIN: Final = timedelta(days=90)
_AT_MOST: Final = 12
_LATELY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class EarlierContact:
    """One call or text of theirs. `at` is UTC."""

    contact: ContactId | None
    """Whose page it has, if the viewer may open it."""
    at: datetime
    channel: Channel
    line: Line | None
    who: str | None = None
    """Who talked with them, or had their text."""
    talked: timedelta | None = None
    outcome: Outcome | None = None
    wanted: str = field(default="", repr=False)
    """What they want, as it stands in their record."""
    dangers: tuple[RecordField, ...] = field(default=(), repr=False)
    """What in that record speaks of danger."""
    recorded: bool = False
    """It has an admissions record of its own."""
    still_open: bool = False
    """It was an emergency, and no human has closed it."""
    has_it: str | None = None
    """Who has that, or had it, if anybody."""
    lately: bool = False
    """It was less than a day ago."""

    @property
    def must_be_known(self) -> bool:
        """Whether it was an emergency that is open, or was less than a day ago: whoever talks with them now is told
        that there was one, and whose, also where nothing else of it is theirs to see."""
        return self.clinical and (self.lately or self.still_open)

    @property
    def clinical(self) -> bool:
        """It was an emergency."""
        return self.line is Line.EMERGENCY


def look(transaction: Transaction, contact_id: ContactId) -> tuple[EarlierContact, ...]:
    """The latest first."""
    row = contacts.get(transaction.tx, contact_id)
    if row is None or row.caller is None:
        return ()
    here = (row.id, admissions_talk.case_of(transaction, row))
    found = whole_case.earlier(transaction.tx, row.caller, transaction.now - WITHIN, here, _AT_MOST)
    names = crew.names(transaction.tx)
    had = whole_case.owners(transaction.tx, [one.escalation_id for one in found if one.escalation_id])
    said = live_talk.said(transaction, [one for one in found if live_talk.is_one(one)])
    records = admissions_records.of(transaction.tx, [one.id for one in found])
    ours = whole_case.calls_for(transaction.tx, [one.callback_id for one in found if one.callback_id])
    promised = callbacks.several(transaction.tx, {one.callback_id for one in found if one.callback_id})
    talks_of = {call.callback for call in ours if call.reached_at is not None}
    spoken = {one.room for one in found if one.reached_at is not None or one.callback_id in talks_of}
    legs = whole_case.legs_in(transaction.tx, spoken)
    told = []
    for one in found:
        owed = promised.get(one.callback_id) if one.callback_id else None
        owner, is_open = had.get(one.escalation_id or EscalationId(""), (None, False))
        has_it = _name(names, owner)
        talks = [call for call in ours if call.callback == one.callback_id and call.reached_at is not None]
        talk = _talk(one.reached_at, one.ended_at)
        if talk is None and talks:
            talk, owner = _talk(talks[-1].reached_at, talks[-1].ended_at), None
        if talk is not None and owner is None and owed is not None:
            owner = owed.callback.owner
        talked = _talked(talk, [leg for leg in legs.get(one.room, ()) if leg.staff_id == owner])
        last = said.get(one.id)
        told.append(
            EarlierContact(
                contact=one.id,
                at=one.opened_at,
                channel=one.channel,
                line=one.line,
                who=_name(names, owner),
                talked=talked,
                outcome=last.outcome if last else owed.callback.outcome if owed else None,
                wanted=_wanted(records, one),
                dangers=dangers(records[one.id].answers) if one.id in records else (),
                recorded=one.id in records,
                still_open=is_open and one.line is Line.EMERGENCY,
                has_it=has_it,
                lately=transaction.now - one.last_turn_at < _LATELY,
            )
        )
    return tuple(told)


_Talk = tuple[datetime, datetime]
"""From when to when."""


def _talk(since: datetime | None, until: datetime | None) -> _Talk | None:
    return (since, until) if since is not None and until is not None else None


def _talked(talk: _Talk | None, legs: Sequence[PageRow]) -> timedelta | None:
    """How long whoever had these legs was in it. They may have left before: the other side of a hand-off stays."""
    if talk is None:
        return None
    since, until = talk
    left = [leg.ended_at for leg in legs if leg.answered_at and leg.answered_at <= until]
    return min(until, max((at for at in left if at is not None and at > since), default=until)) - since


def _name(names: Mapping[StaffId, str], owner: StaffId | None) -> str | None:
    return names.get(owner) if owner is not None else None


def _wanted(records: Mapping[ContactId, admissions_records.AdmissionsRecord], row: ContactRow) -> str:
    record = records.get(row.id)
    return record.answers.get(RecordField.WANTS, "") if record is not None else ""
