"""How it ended, on the page of a case: of the callback that the viewer has, of the talk that is over, or put right of
the callback that is closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.console.frame.asking import current_application
from hotline.console.frame.rights import Right, may
from hotline.console.frame.signed_in import Person
from hotline.console.page_words import CALLBACKS, CALLS_OWED, CORRECTIONS, TALKS, of_callback, of_talk
from hotline.model import CallbackId, ContactId, Line, Outcome
from hotline.operations import flow_state
from hotline.operations.console import live_talks
from hotline.operations.texts.threads import Thread
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """What may be said of it, and of what."""

    callback: CallbackId | None
    talk: ContactId | None
    about: str
    choices: Mapping[Outcome, str]
    mine: bool = True
    """Else it is to be claimed first; nobody has it."""
    was: Outcome | None = None
    """How it ended, as somebody has said already, or as a hang-up after a talk says."""


def seen(person: Person, thread: Thread) -> CaseOutcome | None:
    """What this person may say on this page; None: nothing."""
    if not may(person.roles, Right.WORK):
        return None
    return current_application().look(lambda transaction: _seen(transaction, person, thread))


def _seen(transaction: Transaction, person: Person, thread: Thread) -> CaseOutcome | None:
    owed = callbacks.get(transaction.tx, thread.owed) if thread.owed else None
    if owed is not None and owed.callback.line is not Line.EMERGENCY:
        about = CALLBACKS[owed.callback.line]
        if owed.callback.owner in (None, person.id):
            mine = owed.callback.owner == person.id
            decides = may(person.roles, Right.TAKE_OVER)
            offered = of_callback(owed.callback.attempts, decides=decides)
            return CaseOutcome(owed.callback.id, None, about, offered, mine=mine)
        return None
    found = live_talks.outcome_of(transaction, thread.contact)
    if found is None:
        return _closed(transaction, thread.contact)
    talk, was = found
    about = TALKS.get(talk.line or Line.PERSON, TALKS[Line.PERSON])
    return CaseOutcome(None, talk.id, about, of_talk(flow_state.reachable_at(talk)), was=was)


def _closed(transaction: Transaction, contact: ContactId) -> CaseOutcome | None:
    """What was owed to whoever this page is about and closed last, to be put right as on the board."""
    over = [
        row
        for row in callbacks.of_contact(transaction.tx, contact)
        if row.closed_at is not None
        and row.callback.line is not Line.EMERGENCY
        and not row.callback.is_closed_by_itself
    ]
    last = max(over, key=lambda row: row.closed_at or row.callback.opened_at, default=None)
    if last is None:
        return None
    about = CALLS_OWED.get(last.callback.kind, CALLBACKS[last.callback.line])
    return CaseOutcome(last.callback.id, None, about, CORRECTIONS, was=last.callback.outcome)
