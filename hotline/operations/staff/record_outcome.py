"""How a talk ended, as a member of staff has said: what it does to what is owed."""

from __future__ import annotations

from dataclasses import replace

from hotline.callbacks.callback import OutcomeSet
from hotline.callbacks.callback_moves import POSTPONING
from hotline.model import Channel, Line, Outcome, PhoneNumber, StaffId, TimelineWord
from hotline.oncall import escalation as reach
from hotline.operations import flow_state
from hotline.operations.callbacks import admissions_talk, booking, ringing_back, stopping
from hotline.operations.callbacks.booking import NOTHING_MORE, OutcomeDetails, TalkOf
from hotline.operations.conversation import handing_off
from hotline.operations.paging import reaching
from hotline.operations.staff import connect
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageRow
from hotline.triage.turn import PromiseCallback


def by_key(transaction: Transaction, row: EscalationRow, outcome: Outcome, page: PageRow) -> None:
    """As somebody says by key when they have left the talk. To whom they referred the caller is known, if they have put
    them through; else the board asks them."""
    handed = handing_off.handed_from(transaction, row.room, page.id) if outcome is Outcome.REFERRED else ""
    record(
        transaction, row, outcome, page.staff_id, OutcomeDetails(to_whom=handed) if handed else NOTHING_MORE
    )


def number_of(transaction: Transaction, row: EscalationRow) -> PhoneNumber | None:
    """Where they could be called later; None: nowhere."""
    found = connect.callback_of(transaction, row)
    if found is not None and found.number is not None:
        return found.number
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    return flow_state.reachable_at(origin) if origin is not None else None


def record(
    transaction: Transaction,
    row: EscalationRow,
    outcome: Outcome,
    by: StaffId,
    details: OutcomeDetails = NOTHING_MORE,
) -> CallbackRow | None:
    """What was talked about is over, and this is how it ended; what is owed goes on accordingly, and is returned."""
    if row.escalation.is_open:
        reaching.tell(transaction, row, reach.Closed(by))
    found = connect.callback_of(transaction, row)
    _follow_through(transaction, row, found, outcome, by, details)
    if outcome is Outcome.ASKED_TO_STOP:
        _stop(transaction, row, by)
    if found is None and outcome in POSTPONING and not _has_a_time(transaction, row, outcome):
        found = _promise(transaction, row, by)
    if found is not None and found.callback.line is not Line.EMERGENCY:
        found = ringing_back.change(transaction, found, OutcomeSet(outcome, by))
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    if found is None and origin is not None and _is_call_of_theirs(origin):
        contacts.say_outcome(transaction.tx, origin.id, outcome)
    transaction.note(
        TimelineWord.OUTCOME, contact=row.contact_id, callback=row.callback_id, detail=outcome, by=by
    )
    return found


def _follow_through(
    transaction: Transaction,
    row: EscalationRow,
    found: CallbackRow | None,
    outcome: Outcome,
    by: StaffId,
    details: OutcomeDetails,
) -> None:
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    if found is not None and found.callback.line is not Line.EMERGENCY:
        talk = TalkOf(found.contact_id, found.callback.id, found.callback.opened_at)
    elif origin is not None:
        talk = TalkOf(origin.id, None, origin.opened_at)
    else:
        return
    booking.said(transaction, talk, outcome, by, details)


def _stop(transaction: Transaction, row: EscalationRow, by: StaffId) -> None:
    number = number_of(transaction, row)
    if number is not None:
        stopping.stop(transaction, number, row.contact_id, by)


def _is_call_of_theirs(row: ContactRow) -> bool:
    """Whether somebody called us, and not in an emergency: how that one ended is no outcome of a talk."""
    return row.channel is Channel.VOICE and not row.outbound and row.line is not Line.EMERGENCY


def _has_a_time(transaction: Transaction, row: EscalationRow, outcome: Outcome) -> bool:
    """Whether they have a call at a time of theirs anyway: it stays at that, unless they have just named another."""
    number = number_of(transaction, row)
    owed = callbacks.open_for(transaction.tx, number) if number is not None else []
    return outcome is not Outcome.CALL_LATER and any(
        one.callback.has_a_time_ahead(transaction.now) for one in owed
    )


def _promise(transaction: Transaction, row: EscalationRow, by: StaffId) -> CallbackRow | None:
    """They called themselves, and are to be called again: a promise of its own. What was owed before is kept."""
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    number = number_of(transaction, row)
    if origin is None or number is None:
        return None
    ringing_back.kept_live(transaction, origin)
    wanted = PromiseCallback(row.line or Line.PERSON, number, ready=True)
    promised = ringing_back.promise(transaction, origin, wanted)
    # From now on that says how it goes on: their talk isn't over for good.
    saved = contacts.save(transaction.tx, replace(origin, callback_id=promised.callback.id))
    admissions_talk.raise_owed(transaction, saved, by)
    return callbacks.get(transaction.tx, promised.callback.id)
