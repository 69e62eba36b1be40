"""How shifts stand in texts to the staff, and who gets them."""

from __future__ import annotations

from hotline.model import Language, StaffId
from hotline.oncall.staffing.shift_ask import Shift
from hotline.oncall.wall_clock import said_span, zone
from hotline.operations import staff_member
from hotline.operations.transaction import Transaction
from hotline.store.overviews import crew


def said(transaction: Transaction, shift: Shift, but: str | None = None) -> str:
    """As it stands in a text: with its schedule, unless that is `but`."""
    span = said_span(shift.starts, shift.ends, zone(transaction.settings.centre.line.timezone))
    return span if shift.schedule == but else f"{shift.schedule}, {span}"


def first(transaction: Transaction, person: StaffId) -> str:
    """How colleagues are told who it is."""
    return staff_member.first_name(transaction, person)


def name_of(transaction: Transaction, person: StaffId) -> str:
    """Their whole name, while they are on the staff."""
    here = crew.crew(transaction.tx).members
    return next((one.name for one in here if one.id == person), "That person")


def tell(transaction: Transaction, person: StaffId, key: str, **values: str) -> None:
    """A text to somebody, if their phone is known to be theirs."""
    member = crew.member(transaction.tx, person)
    if member is not None and member.active and member.verified:
        staff_member.text(transaction, person, transaction.text(key, Language.EN, **values))
