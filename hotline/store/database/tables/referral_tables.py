"""Whom callers may be sent to, and who was handed over to whom. What is in the directory is public, and not sealed."""

from __future__ import annotations

from sqlalchemy import Index, Table, text

from hotline.store.database.tables.columns import (
    a_flag,
    a_moment,
    a_number,
    a_text,
    an_id,
    maybe_a_moment,
    maybe_text,
    metadata,
    sealed,
)

directory_entries = Table(
    "directory_entries",
    metadata,
    an_id(),
    a_text("name"),
    a_text("folded", unique=True),  # the name, whatever its capitals and spaces
    a_text("kinds"),  # JSON
    a_text("numbers"),  # JSON
    a_text("hours"),  # JSON
    a_text("timezone"),
    a_text("languages"),  # JSON
    a_text("towns"),  # JSON
    a_flag("hand_offs"),
    a_flag("phone_menu"),
    a_text("notes"),
    a_text("source"),
    a_flag("active"),
    a_moment("changed_at"),
    maybe_text("changed_by"),
    a_number("version"),
)

hand_offs = Table(
    "hand_offs",
    metadata,
    an_id(),
    a_text("contact_id", index=True),
    a_text("room"),
    a_text("page_id"),  # the leg of whoever hands over
    sealed("entry"),  # its id
    sealed("to_whom"),
    a_text("status"),
    maybe_text("provider_sid"),
    a_text("asked_by"),
    a_moment("asked_at"),
    maybe_a_moment("answered_at"),
    maybe_a_moment("aside_at"),
    maybe_a_moment("joined_at"),
    maybe_a_moment("ended_at"),
    a_number("version"),
)
_running = text("ended_at IS NULL")
HANDED_OVER = text("hand_offs.ended_at IS NULL")
Index("ix_hand_offs_running", hand_offs.c.room, sqlite_where=_running, postgresql_where=_running)
