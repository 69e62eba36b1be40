"""What Hotline keeps about itself."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text, text

from hotline.store.database.tables.columns import (
    a_flag,
    a_moment,
    a_text,
    maybe_a_moment,
    maybe_text,
    metadata,
    sealed,
)

beats = Table(
    "beats",
    metadata,
    Column("name", Text, primary_key=True),
    a_moment("at"),
    maybe_text("key_id"),  # the public name of the key that this process seals with
)

warned = Table("warned", metadata, Column("key", Text, primary_key=True), a_moment("at"))

carrier_lists = Table(
    "carrier_lists",
    metadata,
    Column("name", Text, primary_key=True),
    a_moment("read_to"),
    a_moment("looked_at"),
)

canary_runs = Table(
    "canary_runs",
    metadata,
    Column("id", Text, primary_key=True),
    a_moment("began_at", index=True),
    maybe_a_moment("call_at"),
    maybe_a_moment("text_at"),
    maybe_a_moment("heard_at"),
    maybe_a_moment("reply_at"),
    maybe_text("refused"),  # what the carrier said of the call, and of the text
    maybe_a_moment("judged_at"),
    maybe_text("trouble"),
)

taken_up = Table(
    "taken_up",
    metadata,
    Column("sid", Text, primary_key=True),
    a_text("kind"),
    a_moment("at"),  # when they called or wrote
    a_moment("taken_at", index=True),
    a_flag("hidden"),  # a call whose number is withheld: nobody can call back
    a_flag("told"),
)

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

checkups = Table(
    "checkups",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    maybe_a_moment("asked_at"),
    maybe_a_moment("begun_at"),
    maybe_a_moment("ended_at"),
    sealed("found", maybe=True),
)

sign_offs = Table(
    "sign_offs",
    metadata,
    Column("key", Text, primary_key=True),
    a_text("of"),  # what it was when it was signed
    sealed("who"),
    a_moment("at"),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=True),
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
