"""What Hotline keeps about itself."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table, Text, text

from hotline.store.database.tables.columns import a_moment, maybe_text, metadata, sealed

beats = Table(
    "beats",
    metadata,
    Column("name", Text, primary_key=True),
    a_moment("at"),
    maybe_text("key_id"),  # the public name of the key that this process seals with
)

warned = Table("warned", metadata, Column("key", Text, primary_key=True), a_moment("at"))

tallies = Table(
    "tallies",
    metadata,
    Column("name", Text, primary_key=True),
    Column("n", BigInteger, nullable=False),
)

canary = Table(
    "canary",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    sealed("words"),
)

revision = Table(
    "revision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("n", BigInteger, nullable=False, server_default=text("0")),
)

oldest_program = Table(
    "oldest_program",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", Text, nullable=False),
)
"""One row: the revision of the oldest program that may use this database; see ADR 65."""
