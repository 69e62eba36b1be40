"""A key that comes after the board: what was closed there, and opened again, stays open."""

from __future__ import annotations

from pathlib import Path

from hotline.model import EscalationId, StaffId, Subject
from hotline.operations.console import coordinator, reopening
from hotline.operations.staff import closing
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts, escalations
from hotline.store.cases.escalations import EscalationRow
from hotline.store.people import staff
from tests.stories.centre import MIA
from tests.telephony.doorstep import Doorstep, build


def _running(door: Doorstep, subject: Subject) -> EscalationRow:
    (found,) = door.look(lambda transaction: escalations.reaching(transaction.tx, [subject]))
    row: EscalationRow = found
    return row


def _taken_closed_and_reopened(door: Doorstep, row: EscalationRow, by: StaffId) -> None:
    def close(transaction: Transaction) -> None:
        coordinator.accept(transaction, row.escalation.id, by)
        _close(transaction, row.escalation.id, by)

    door.here.application.change(close)
    reopened = door.here.application.change(
        lambda transaction: reopening.reopen(transaction, row.escalation.id, by)
    )
    assert isinstance(reopened, reopening.Reopened)
    assert reopened.contact == row.contact_id


def _close(transaction: Transaction, escalation_id: EscalationId, by: StaffId) -> None:
    row = escalations.get(transaction.tx, escalation_id)
    assert row is not None
    if row.escalation.subject is Subject.EMERGENCY:
        closing.close_emergency(transaction, row, by)
    else:
        closing.close_thread(transaction, row, by)


def _goes_on_after_a_late_key(tmp_path: Path, words: str, subject: Subject) -> None:
    door = build(tmp_path)
    door.texts(words)
    cleo = door.look(lambda transaction: staff.by_name(transaction.tx, "Cleo Park"))
    by = StaffId(cleo.id)
    row = _running(door, subject)
    contact_id = row.contact_id
    assert contact_id is not None
    _taken_closed_and_reopened(door, row, by)
    door.here.application.change(lambda transaction: _close(transaction, row.escalation.id, by))
    contact = door.look(lambda transaction: contacts.get(transaction.tx, contact_id))
    assert contact.ended_at is None
    open_now = door.look(lambda transaction: escalations.open_in(transaction.tx, contact.room))
    assert [(one.escalation.subject, one.escalation.accepted_by) for one in open_now] == [(subject, by)]
    door.texts("5 Main Street, second floor", sid="SM2", caller=MIA)
    after = door.look(lambda transaction: escalations.all_open(transaction.tx))
    assert [one.escalation.id for one in after] == [one.escalation.id for one in open_now]


def test_an_emergency_that_was_opened_again_is_closed_by_no_late_key(tmp_path: Path) -> None:
    """What they write next is its owner's to read, and asks for nobody else."""
    _goes_on_after_a_late_key(tmp_path, "he is not breathing", Subject.EMERGENCY)


def test_a_thread_that_was_opened_again_is_closed_by_no_late_text(tmp_path: Path) -> None:
    """The same."""
    _goes_on_after_a_late_key(tmp_path, "is the side door open", Subject.THREAD)
