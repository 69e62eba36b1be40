"""A talk that came about live: the caller was put through, and hung up being owed nothing.

How it ended is asked of whoever had it, as after a callback: by key while they stay on the line; else by text, once,
and the board takes the answer. What was said last holds. Without a word it stays what it was: they talked.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from hotline import paths
from hotline.callbacks.callback_moves import POSTPONING
from hotline.effects import Origin, OriginKind, SendText, Urgency
from hotline.model import Channel, ContactId, How, Line, Outcome, StaffId, TimelineWord, as_kept
from hotline.operations import staff_member
from hotline.operations.callbacks import ringing_back
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, escalations, pages, timeline
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.pages import PageState
from hotline.store.cases.timeline import TimelineRow

SAID: Final = (TimelineWord.OUTCOME, TimelineWord.OUTCOME_UNDONE)


@dataclass(frozen=True, slots=True)
class SaidOutcome:
    """How a talk ended, as somebody of the staff said. `at` is UTC."""

    outcome: Outcome
    at: datetime
    by: StaffId | None


def is_one(row: ContactRow) -> bool:
    """Whether this contact is one: over, and nothing but this says how it ended."""
    return _was_live(row) and row.callback_id is None


def _was_live(row: ContactRow) -> bool:
    live = row.channel is Channel.VOICE and not row.outbound and row.line is not Line.EMERGENCY
    return live and row.outcome is Outcome.REACHED and row.reached_at is not None


def goes_on(transaction: Transaction, row: ContactRow) -> CallbackRow | None:
    """The open callback in which this talk goes on, for somebody has said that they are to be called again; or None."""
    if row.callback_id is None or not _was_live(row):
        return None
    found = callbacks.get(transaction.tx, row.callback_id)
    last = said(transaction, [row]).get(row.id) if found is not None and found.contact_id == row.id else None
    if found is None or last is None or not found.callback.is_open or last.outcome not in POSTPONING:
        return None
    # What the caller had asked for themselves isn't of the staff's saying.
    return found if found.callback.opened_at == last.at else None


def who_had_it(transaction: Transaction, row: ContactRow) -> StaffId | None:
    """With whom the caller talked last; None if nobody of the staff was rung for it."""
    about = escalations.get(transaction.tx, row.escalation_id) if row.escalation_id else None
    if about is None:
        return None
    if about.escalation.accepted_by is not None:
        return about.escalation.accepted_by
    came = [
        one.staff_id
        for one in pages.of_escalation(transaction.tx, about.escalation.id)
        if one.state is PageState.ACCEPTED and one.how is How.CALL
    ]
    return came[-1] if came else None


def said(transaction: Transaction, talks: Collection[ContactRow]) -> dict[ContactId, SaidOutcome]:
    """What was said last of each of these talks; those of which nothing was said are left out. What was said of a
    callback that came of one is that callback's."""
    return {contact: stack[-1] for contact, stack in _stands(transaction, talks).items() if stack}


def said_before(transaction: Transaction, row: ContactRow) -> SaidOutcome | None:
    """What holds of this talk again once what was said last is undone; None if that is nothing."""
    stack = _stands(transaction, [row]).get(row.id, [])
    return stack[-2] if len(stack) > 1 else None


def _stands(transaction: Transaction, talks: Collection[ContactRow]) -> dict[ContactId, list[SaidOutcome]]:
    """What was said of each, in its order, without what was undone."""
    began = {row.id: row.joined_at for row in talks}
    told: dict[ContactId, list[SaidOutcome]] = {}
    for line in timeline.of_kinds(transaction.tx, began, SAID):
        contact = line.contact_id
        if contact is None or line.at < (began[contact] or line.at) or _came_of_it(transaction, line):
            continue
        stack = told.setdefault(contact, [])
        if line.what == TimelineWord.OUTCOME and line.detail is not None:
            stack.append(SaidOutcome(as_kept(Outcome, line.detail), line.at, line.by_staff))
        elif stack:
            stack.pop()
    return told


def _came_of_it(transaction: Transaction, line: TimelineRow) -> bool:
    """Whether this line is of a callback that began with the same contact: that has an end of its own."""
    owed = callbacks.get(transaction.tx, line.callback_id) if line.callback_id else None
    return owed is not None and owed.contact_id == line.contact_id


def ask(transaction: Transaction, row: ContactRow) -> None:
    """It is over: unless its owner says how it ended, they are asked by text in a while."""
    person = who_had_it(transaction, row)
    if person is None:
        return
    zone = ZoneInfo(transaction.settings.centre.line.timezone)
    # The time under which the board has it.
    over = (row.ended_at or transaction.now).astimezone(zone)
    words = transaction.text("how_did_it_end", TIME=f"{over:%H:%M}")
    transaction.send(
        SendText(staff_member.known(transaction, person).phone, words, paths.SMS_STATUS),
        about=Origin(OriginKind.TALK, row.id),
        urgency=Urgency.ORDINARY,
        due_at=transaction.now + ringing_back.ASKED_AFTER,
    )


def is_to_be_asked(transaction: Transaction, contact_id: ContactId) -> bool:
    """Whether nobody has said by now how it ended."""
    row = contacts.get(transaction.tx, contact_id)
    return row is not None and contact_id not in said(transaction, [row])
