"""What coordinators and clinicians do on the board: as the pages do it, in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random

from hotline.callbacks.callback import CallbackStatus
from hotline.model import CallbackId, Outcome, Role, StaffId, Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.console import coordinator
from hotline.operations.transaction import Application, Transaction
from hotline.store.cases import callbacks, escalations
from hotline.store.database import StoreError
from hotline.store.people import staff

_OUTCOMES = (Outcome.REACHED, Outcome.CALL_LATER, Outcome.NO_ANSWER, Outcome.DECLINED)


@dataclass
class Board:
    """Somebody at the board, whoever they are."""

    application: Application
    dice: Random
    said: set[CallbackId] = field(default_factory=set)
    """Callbacks of which the board has said how they ended."""

    def __call__(self) -> str | None:
        """Do one thing; what it was, or None if there was nothing to do or the database was away."""
        act = self.dice.choice((self._claim, self._call, self._release, self._outcome, self._accept))
        try:
            return act()
        except StoreError:
            return None

    def tidies_up(self) -> None:
        """Every text that waits for a person is taken; whoever has an emergency or a text closes it, and whoever has
        talked says how it ended."""
        for owed in self.application.look(lambda transaction: callbacks.all_open(transaction.tx)):
            if owed.callback.status is CallbackStatus.UNSAID and owed.callback.owner is not None:
                self._ended(owed.callback.id, Outcome.REACHED, owed.callback.owner)
        for row in self.application.look(lambda transaction: escalations.all_open(transaction.tx)):
            rule = row.escalation
            if rule.subject is Subject.THREAD and rule.status is EscalationStatus.REACHING:
                by = self._somebody(Role.COORDINATOR)
                self.application.change(partial(coordinator.accept, escalation_id=rule.id, by=by))
            elif rule.subject in (Subject.EMERGENCY, Subject.THREAD) and rule.accepted_by is not None:
                self.application.change(
                    partial(coordinator.close, escalation_id=rule.id, by=rule.accepted_by)
                )

    def _somebody(self, role: Role) -> StaffId:
        everyone = self.application.look(lambda transaction: staff.active(transaction.tx))
        return self.dice.choice([one for one in everyone if role in one.roles]).id

    def _one(self, *statuses: CallbackStatus) -> callbacks.CallbackRow | None:
        rows = self.application.look(lambda transaction: callbacks.all_open(transaction.tx))
        found = [row for row in rows if row.callback.status in statuses]
        return self.dice.choice(found) if found else None

    def _do(self, name: str, work: Callable[[Transaction], object]) -> str:
        return f"{name}: {type(self.application.change(work)).__name__}"

    def _claim(self) -> str | None:
        row = self._one(CallbackStatus.WAITING, CallbackStatus.RINGING)
        if row is None:
            return None
        by = self._somebody(Role.COORDINATOR)
        return self._do(
            f"claim {row.callback.id}",
            lambda transaction: coordinator.claim(transaction, row.callback.id, by),
        )

    def _call(self) -> str | None:
        row = self._one(CallbackStatus.WAITING, CallbackStatus.TAKEN)
        if row is None:
            return None
        by = row.callback.owner or self._somebody(Role.COORDINATOR)
        return self._do(
            f"call {row.callback.id}",
            lambda transaction: coordinator.call_now(transaction, row.callback.id, by),
        )

    def _release(self) -> str | None:
        row = self._one(CallbackStatus.TAKEN)
        if row is None or row.callback.owner is None:
            return None
        by = row.callback.owner
        return self._do(
            f"release {row.callback.id}",
            lambda transaction: coordinator.release(transaction, row.callback.id, by),
        )

    def _outcome(self) -> str | None:
        row = self._one(CallbackStatus.TAKEN, CallbackStatus.UNSAID)
        if row is None or row.callback.owner is None:
            return None
        return self._ended(row.callback.id, self.dice.choice(_OUTCOMES), row.callback.owner)

    def _ended(self, callback: CallbackId, outcome: Outcome, by: StaffId) -> str:
        self.said.add(callback)
        how = partial(coordinator.set_outcome, callback_id=callback, outcome=outcome, by=by)
        return self._do(f"outcome {outcome} of {callback}", how)

    def _accept(self) -> str | None:
        rows = self.application.look(lambda transaction: escalations.all_open(transaction.tx))
        waiting = [row for row in rows if row.escalation.status is EscalationStatus.REACHING]
        waiting = [row for row in waiting if row.escalation.subject is not Subject.CALLBACK]
        if not waiting:
            return None
        row = self.dice.choice(waiting)
        emergency = row.escalation.subject is Subject.EMERGENCY
        by = self._somebody(Role.CLINICIAN if emergency else Role.COORDINATOR)
        return self._do(
            f"accept {row.escalation.id}",
            lambda transaction: coordinator.accept(transaction, row.escalation.id, by),
        )
