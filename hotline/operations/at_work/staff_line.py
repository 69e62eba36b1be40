"""By phone only: what a coordinator without a computer hears, and does, who has opened the staff line with their PIN.

2   how many wait
3   take the next callback: they hang up, and their phone rings
4   who is on
5   go off duty, and on again, as far as the schedule allows
6   say that they run late
1   is a caller's key here too: whoever presses it is a caller like any other
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from hotline.callbacks.callback import CallbackStatus
from hotline.callbacks.promise import priority
from hotline.model import HELD, Line, StaffId, Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.at_work import duty_by_phone, running_late
from hotline.operations.callbacks import due_callbacks
from hotline.operations.console import coordinator
from hotline.operations.console.coordinator import Ringing
from hotline.operations.paging import duty
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, escalations
from hotline.triage.turn import Spoken

_UNTAKEN: Final = (CallbackStatus.WAITING, CallbackStatus.RINGING)
_PUTS_DOWN: Final = timedelta(seconds=8)
"""Longer than our last words to them: then their phone is free for our call."""
_LONGEST: Final = timedelta(hours=12)
"""How long somebody is off, or on as well, by a key: no longer than a shift."""


@dataclass(frozen=True, slots=True)
class DeskWords:
    """What they hear."""

    words: tuple[Spoken, ...]
    over: bool = False
    """They hang up now; else they are asked for the next key."""


def pressed(transaction: Transaction, person: StaffId, key: str | None) -> DeskWords:
    """Do what a key is for; any other one only has the keys told again."""
    match key:
        case "2":
            return DeskWords((_waits(transaction),))
        case "3":
            return _take(transaction, person)
        case "4":
            return DeskWords(_who(transaction))
        case "5":
            return DeskWords((duty_by_phone.off_or_on(transaction, person),))
        case "6":
            return DeskWords((running_late.told(transaction, person),))
        case _:
            return DeskWords(())


def _waits(transaction: Transaction) -> Spoken:
    open_ones = [row.escalation for row in escalations.all_open(transaction.tx)]
    untaken = [rule for rule in open_ones if rule.status is EscalationStatus.REACHING]
    owed = [row.callback for row in callbacks.all_open(transaction.tx)]
    waiting = [rule for rule in owed if rule.status in _UNTAKEN]
    values = (
        ("EMERGENCIES", str(sum(rule.subject is Subject.EMERGENCY for rule in untaken))),
        ("CALLERS", str(sum(rule.subject in HELD for rule in untaken))),
        ("CALLBACKS", str(sum(rule.line is not Line.EMERGENCY for rule in waiting))),
        ("TEXTS", str(sum(rule.subject is Subject.THREAD for rule in untaken))),
    )
    return Spoken("desk_waits", values)


def _take(transaction: Transaction, person: StaffId) -> DeskWords:
    """The next one in the order in which they are rung, or one of their own that they have not called. What waits for
    something else first is passed over, and so is what is owed to this very telephone."""
    rows = [row for row in callbacks.all_open(transaction.tx) if row.callback.line is not Line.EMERGENCY]
    own = [row for row in rows if row.callback.is_taken and row.callback.owner == person]
    waiting = [row for row in rows if row.callback.status in _UNTAKEN]
    in_order = sorted(waiting, key=lambda row: priority(row.callback, transaction.now))
    ready = (
        row
        for row in in_order
        if duty.of_number(transaction, row.number) != person and not due_callbacks.not_now(transaction, row)
    )
    for row in (*own, *ready):
        taken = coordinator.call_now(transaction, row.callback.id, person, ring_after=_PUTS_DOWN)
        if isinstance(taken, Ringing):
            return DeskWords((Spoken("staff_call_back"),), over=True)
    return DeskWords((Spoken("desk_none"),))


def _who(transaction: Transaction) -> tuple[Spoken, ...]:
    found = []
    for schedule, people in duty.on_shift(transaction).items():
        who = ", ".join(people) or "nobody"
        found.append(Spoken("desk_on", (("SCHEDULE", schedule), ("WHO", who))))
    return tuple(found) or (Spoken("desk_no_schedule"),)
