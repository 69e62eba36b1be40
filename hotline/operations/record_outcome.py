"""How a talk ended, as a member of staff has said: what it does to what is owed."""

from __future__ import annotations

from hotline.callbacks.callback import POSTPONING
from hotline.callbacks.events import OutcomeSet
from hotline.model import Line, Outcome, StaffId
from hotline.oncall import events as reach
from hotline.oncall.escalation import Status
from hotline.operations import meeting, reaching, ringing_back, stopping
from hotline.operations.house import Desk
from hotline.store import contacts
from hotline.store.callbacks import CallbackRow
from hotline.store.escalations import EscalationRow
from hotline.triage.turn import PromiseCallback


def record(desk: Desk, row: EscalationRow, outcome: Outcome, by: StaffId) -> None:
    """What was talked about is over, and this is how it ended; what is owed goes on accordingly."""
    if row.escalation.status is not Status.CLOSED:
        reaching.tell(desk, row, reach.Closed(by))
    found = meeting.callback_of(desk, row)
    if outcome is Outcome.ASKED_TO_STOP:
        _stop(desk, row, found, by)
    if found is None and outcome in POSTPONING:
        found = _promise(desk, row)
    if found is not None and found.callback.line is not Line.EMERGENCY:
        ringing_back.change(desk, found, OutcomeSet(outcome, by))
    desk.note("outcome", contact=row.contact_id, callback=row.callback_id, detail=outcome, by=by)


def _stop(desk: Desk, row: EscalationRow, found: CallbackRow | None, by: StaffId) -> None:
    origin = contacts.get(desk.tx, row.contact_id) if row.contact_id else None
    number = found.number if found is not None else origin.caller if origin is not None else None
    if number is not None:
        stopping.stop(desk, number, row.contact_id, by)


def _promise(desk: Desk, row: EscalationRow) -> CallbackRow | None:
    """They called themselves, and are to be called again: a promise of its own. What was owed before is kept."""
    origin = contacts.get(desk.tx, row.contact_id) if row.contact_id else None
    if origin is None or origin.caller is None:
        return None
    ringing_back.kept_live(desk, origin)
    wanted = PromiseCallback(row.line or Line.PERSON, origin.caller, ready=True)
    return ringing_back.promise(desk, origin, wanted)
