"""Noting that somebody got in, or was refused, and from where."""

from __future__ import annotations

from hotline.console.sign_in import browser_place
from hotline.model import AuditAction, StaffId
from hotline.operations.sign_in import tried
from hotline.operations.sign_in.tried import Way
from hotline.operations.transaction import Transaction

__all__ = ["Way", "note"]


def note(transaction: Transaction, person: StaffId, action: AuditAction, way: Way, session: str = "") -> None:
    """In the audit trail and in their history, with the place of the present request."""
    tried.note(transaction, person, action, way, browser_place.here(), session)
