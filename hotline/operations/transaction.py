"""The application: the one object that holds what operations need, and the transaction at which one transaction is
done."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from hotline.callbacks.promise import CallbackPlan
from hotline.effects import Effect, Origin, Urgency
from hotline.model import (
    AuditAction,
    AuditKind,
    CallbackId,
    Channel,
    ContactId,
    EscalationId,
    Language,
    Line,
    OutboxId,
    PhoneNumber,
    StaffId,
    TimelineWord,
)
from hotline.model.event_kinds import KINDS, WITH_DETAIL
from hotline.prompts import Prompts
from hotline.settings.load import Settings
from hotline.store.cases import timeline
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.timeline import TimelineRow
from hotline.store.database import Database, Tx
from hotline.store.people import audit
from hotline.store.traffic import outbox, outgoing_events
from hotline.store.traffic.outbox import OutboxRow, WakeUp
from hotline.store.traffic.outgoing_events import OutgoingEvent
from hotline.triage.contact import ContactState
from hotline.triage.numbers import written

T = TypeVar("T")


class WakeUps(Protocol):
    """Tells the workers that something waits in the outbox. Never raises; never waits long."""

    def ring(self, waiting: Sequence[WakeUp]) -> None:
        """One wake-up hint per row. A hint that is lost costs seconds, never a row."""

    @property
    def is_quiet(self) -> bool:
        """Whether it could not ring a moment ago."""


@dataclass(frozen=True, slots=True)
class Application:
    """Everything that operations need. One per process."""

    settings: Settings
    database: Database
    prompts: Prompts
    wake_ups: WakeUps
    clock: Callable[[], datetime]
    """The time now, aware, UTC."""
    machine: str = ""
    """As what this machine is known beside others, if it is."""

    def change(self, work: Callable[[Transaction], T]) -> T:
        """One transaction; after its commit the wake-up queue rings for what it put into the outbox.

        Raises what `Database.transact` raises. `work` may run several times and must touch only its transaction.
        """
        rung: list[WakeUp] = []

        def run(tx: Tx) -> T:
            tx.at = self.clock()
            transaction = Transaction(tx, self, tx.at)
            result = work(transaction)
            rung[:] = transaction.rung
            return result

        result = self.database.transact(run)
        if rung:
            self.wake_ups.ring(rung)
        return result

    def look(self, work: Callable[[Transaction], T]) -> T:
        """A reading transaction. Raises Unavailable."""
        with self.database.read() as tx:
            tx.at = self.clock()
            return work(Transaction(tx, self, tx.at))

    def glance(self, work: Callable[[Transaction], T]) -> T:
        """The same for what asks one statement, and often. Raises Unavailable."""
        with self.database.glance() as tx:
            tx.at = self.clock()
            return work(Transaction(tx, self, tx.at))


@dataclass(slots=True)
class Transaction:
    """One transaction at work: the rows, the time it happens at, and what it puts into the outbox."""

    tx: Tx
    application: Application
    now: datetime
    rung: list[WakeUp] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        """The centre's settings."""
        return self.application.settings

    def our_number(self, used: str) -> PhoneNumber:
        """The number that somebody used to reach us; the first one if it is ours no more."""
        return self.settings.centre.line.used(used)

    def known_for(self, used: str) -> str:
        """What that number of ours is known for, as staff see it; empty: for everything."""
        published = self.settings.centre.line.known_for(used)
        return published.name if published is not None else ""

    @property
    def plan(self) -> CallbackPlan:
        """What the centre has decided about ringing back."""
        centre = self.settings.centre
        return CallbackPlan(
            promises={
                Line.PERSON: centre.promises.person,
                Line.ADMISSIONS: centre.promises.admissions,
                Line.FAMILY: centre.promises.family,
            },
            no_answer=centre.retries.no_answer,
            busy=centre.retries.busy,
            emergency=centre.retries.emergency_callback,
            asked_later=centre.retries.asked_later,
            zones=(ZoneInfo(centre.line.timezone),),
        )

    def text(self, key: str, language: Language = Language.EN, ours: str = "", **values: str) -> str:
        """A text message's words; `ours` is the number of ours that it names if it names one."""
        known = {"NUMBER": written(self.our_number(ours)), **values}
        return self.application.prompts.text(key, Channel.TEXT, language, known.items())

    def send(
        self,
        effect: Effect,
        *,
        about: Origin,
        urgency: Urgency = Urgency.URGENT,
        to_caller: bool = False,
        due_at: datetime | None = None,
    ) -> OutboxId:
        """Put an effect into the outbox, to leave after the commit (or at `due_at`)."""
        row = OutboxRow(
            id=OutboxId(new_id()),
            effect=effect,
            urgency=urgency,
            origin=about,
            to_caller=to_caller,
            due_at=due_at or self.now,
            created_at=self.now,
        )
        outbox.add(self.tx, row)
        if due_at is None or due_at <= self.now:
            self.rung.append(WakeUp(row.id, urgency))
        return row.id

    def note(
        self,
        what: TimelineWord | ContactState,
        *,
        contact: ContactId | None = None,
        callback: CallbackId | None = None,
        escalation: EscalationId | None = None,
        detail: str | None = None,
        by: StaffId | None = None,
    ) -> None:
        """A line on the timeline. Whatever a person said or is goes into `detail`, sealed."""
        self._noted(TimelineRow(self.now, what.value, contact, callback, escalation, detail, by))

    def note_all(self, what: TimelineWord, about: Iterable[EscalationRow], *, by: StaffId) -> None:
        """The same line about each of these."""
        for row in about:
            self._noted(TimelineRow(self.now, what.value, row.contact_id, None, row.escalation.id, None, by))

    def _noted(self, line: TimelineRow) -> None:
        timeline.add(self.tx, line)
        kind = KINDS.get(line.what)
        if kind is not None and self.settings.centre.events.address:
            outgoing_events.add(self.tx, _told_outside(line, kind))

    def audit(
        self,
        action: AuditAction,
        kind: AuditKind,
        subject: str,
        *,
        by: StaffId | None = None,
        detail: str = "",
    ) -> None:
        """An entry in the audit trail: what somebody did to what has the id `subject`; None: the system, or a command.

        `detail`: a word of ours on how or what; never a person's.
        """
        audit.add(self.tx, self.now, by, action, kind, subject, detail=detail)


def _told_outside(line: TimelineRow, kind: str) -> OutgoingEvent:
    return OutgoingEvent(
        id=f"evt_{new_id()}",
        kind=kind,
        case=line.callback_id or line.escalation_id or line.contact_id or "",
        at=line.at,
        contact_id=line.contact_id,
        callback_id=line.callback_id,
        escalation_id=line.escalation_id,
        by_staff=line.by_staff,
        detail=line.detail if kind in WITH_DETAIL else None,
    )


def new_id() -> str:
    """An opaque id: 80 random bits, lower case, safe in addresses and room names."""
    return secrets.token_hex(10)
