"""Copies that were made of the database."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table

from hotline.store.database.tables.columns import (
    a_moment,
    a_text,
    an_id,
    maybe_a_moment,
    maybe_text,
    metadata,
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
