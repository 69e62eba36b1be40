"""Copies that were made of the database, what was removed from it, and what must not be."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, Text

from hotline.store.database.tables.columns import (
    a_moment,
    a_number,
    a_text,
    an_id,
    lookup,
    maybe_a_moment,
    maybe_text,
    metadata,
    sealed,
)

backups = Table(
    "backups",
    metadata,
    an_id(),
    a_text("file"),
    a_text("status"),
    a_moment("begun_at"),
    maybe_a_moment("lease_until"),
    maybe_a_moment("ended_at"),
    maybe_a_moment("removed_at"),
    maybe_text("problem"),  # a word of ours
    a_text("data_keys"),  # JSON: the public names of the keys that open what is in it
    Column("bytes", BigInteger, nullable=True),
    maybe_text("digest"),
)
Index("ix_backups_status", backups.c.status, backups.c.begun_at)

removals = Table(
    "removals",
    metadata,
    an_id(),
    a_moment("at", index=True),
    a_text("kind"),
    a_number("things"),
    maybe_text("mark"),  # of a caller who is forgotten: "KEY.HMAC" of their number
    sealed("reason", maybe=True),
    maybe_text("by_staff"),
)

removed_cases = Table(
    "removed_cases",
    metadata,
    Column("contact_id", Text, ForeignKey("contacts.id"), primary_key=True),
    Column("removal_id", Text, ForeignKey("removals.id"), nullable=False, index=True),
)

legal_holds = Table(
    "legal_holds",
    metadata,
    an_id(),
    sealed("number", maybe=True),  # of every caller, if none
    lookup("number_lookup", "number", nullable=True, index=True),
    sealed("reason"),
    a_moment("placed_at"),
    maybe_text("placed_by"),
    maybe_a_moment("released_at"),
    maybe_text("released_by"),
)
