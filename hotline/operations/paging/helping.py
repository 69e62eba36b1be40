"""Help in an emergency: what it is for, who asks for it, who is called to help and who has come."""

from __future__ import annotations

from hotline.model import RoomName, StaffId, Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.operations import staff_member
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts
from hotline.store.cases.escalations import EscalationRow
from hotline.store.overviews import conference


def emergency_of(transaction: Transaction, row: EscalationRow) -> EscalationRow | None:
    """The open emergency that somebody asks for help with."""
    return conference.open_escalation(transaction.tx, row.room, Subject.EMERGENCY)


def with_emergency(transaction: Transaction, row: EscalationRow) -> EscalationRow | None:
    """The open emergency in whose thread a text waits for a person: whoever has that has the text, too."""
    return emergency_of(transaction, row) if _waits(row) else None


def rests_beside(transaction: Transaction, row: EscalationRow) -> EscalationRow | None:
    """The open emergency in this text's thread, or another one of its number: no phone rings for the text meanwhile.

    In another thread or call it may be somebody else who has that phone: anybody may take the text on the board.
    """
    if not _waits(row):
        return None
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    here = emergency_of(transaction, row)
    if here is not None or origin is None or origin.caller is None:
        return here
    return conference.open_emergency_of(transaction.tx, origin.caller)


def _waits(row: EscalationRow) -> bool:
    """Whether it is a text that waits for a person."""
    rule = row.escalation
    return rule.subject is Subject.THREAD and rule.status is EscalationStatus.REACHING


def who_asks(transaction: Transaction, row: EscalationRow) -> str:
    """The first name of whoever has the emergency that help is asked for with."""
    emergency = emergency_of(transaction, row)
    owner = emergency.escalation.accepted_by if emergency is not None else None
    return staff_member.first_name(transaction, owner) if owner is not None else "A colleague"


def in_it(transaction: Transaction, row: EscalationRow) -> frozenset[StaffId]:
    """Whoever has this emergency, or has come to help with it."""
    helpers = (one.escalation.accepted_by for one in called_into(transaction, row.room))
    return frozenset(one for one in (row.escalation.accepted_by, *helpers) if one is not None)


def asked_beside(transaction: Transaction, room: RoomName) -> EscalationRow | None:
    """What is being done to bring somebody to whoever has the emergency of this room; None: nobody is asked."""
    found = called_into(transaction, room)
    return next((one for one in found if one.escalation.status is EscalationStatus.REACHING), None)


def called_into(transaction: Transaction, room: RoomName) -> list[EscalationRow]:
    """What brings help into this room, and isn't over."""
    there = conference.open_escalations(transaction.tx, room)
    return [one for one in there if one.escalation.subject is Subject.HELP]
