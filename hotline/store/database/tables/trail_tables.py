"""What makes the audit trail hold, why somebody looked, and what left the house in files."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, PrimaryKeyConstraint, Table, Text

from hotline.store.database.tables.columns import (
    a_moment,
    a_number,
    a_text,
    an_id,
    maybe_text,
    metadata,
    sealed,
)

audit_chain = Table(
    "audit_chain",
    metadata,
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column(
        "entry_id", BigInteger, nullable=False, unique=True
    ),  # of the audit trail; no key of it: it may be gone
    a_moment("sealed_at"),
    a_text("digest"),
    maybe_text("mark"),
)

look_reasons = Table(
    "look_reasons",
    metadata,
    an_id(),
    a_text("contact_id"),
    a_text("staff_id"),
    a_moment("at"),
    a_text("reason"),
    sealed("words", maybe=True),
)
Index("ix_look_reasons_who", look_reasons.c.contact_id, look_reasons.c.staff_id, look_reasons.c.at)

exports = Table(
    "exports",
    metadata,
    an_id(),
    a_moment("at"),
    a_text("staff_id"),
    sealed("reason"),
    a_text("asked_for"),
    a_number("cases"),
)

exported_cases = Table(
    "exported_cases",
    metadata,
    Column("export_id", Text, ForeignKey("exports.id"), nullable=False),
    a_text("contact_id", index=True),
    PrimaryKeyConstraint("export_id", "contact_id"),
)
