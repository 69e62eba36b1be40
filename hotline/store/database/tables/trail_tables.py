"""What makes the audit trail hold."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table

from hotline.store.database.tables.columns import a_moment, a_text, maybe_text, metadata

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
