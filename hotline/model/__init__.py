"""The vocabulary that everybody shares: ids, the words of the field, and the words that are kept for people to read."""

from __future__ import annotations

from hotline.model.kept_words import AuditAction, AuditKind, TimelineWord
from hotline.model.vocabulary import (
    ASIDE,
    HELD,
    WITH_POLICY,
    CallbackId,
    Channel,
    ContactId,
    Danger,
    EscalationId,
    How,
    Language,
    Line,
    OutboxId,
    Outcome,
    PageId,
    PhoneNumber,
    Role,
    RoomName,
    StaffId,
    Subject,
    When,
)

__all__ = [
    "ASIDE",
    "HELD",
    "WITH_POLICY",
    "AuditAction",
    "AuditKind",
    "CallbackId",
    "Channel",
    "ContactId",
    "Danger",
    "EscalationId",
    "How",
    "Language",
    "Line",
    "OutboxId",
    "Outcome",
    "PageId",
    "PhoneNumber",
    "Role",
    "RoomName",
    "StaffId",
    "Subject",
    "TimelineWord",
    "When",
]
