"""What an admissions line writes down, and what comes after a talk: sealed, but for what is counted."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text, text

from hotline.store.database.tables.columns import (
    a_moment,
    a_number,
    a_text,
    an_id,
    maybe_a_moment,
    maybe_text,
    metadata,
    sealed,
)

admissions_records = Table(
    "admissions_records",
    metadata,
    Column("id", Text, ForeignKey("contacts.id"), primary_key=True),
    sealed("answers"),  # JSON: of each who gave it when, and what others wrote there before
    a_number("version"),
)

intakes = Table(
    "intakes",
    metadata,
    an_id(),
    a_text("contact_id", index=True),
    maybe_text("callback_id"),
    a_moment("asked_at"),
    a_moment("booked_at", index=True),
    a_text("booked_by"),
    maybe_a_moment("starts_at"),
    sealed("place", maybe=True),
    a_text("state"),
    maybe_a_moment("due_at"),
    maybe_a_moment("marked_at"),
    maybe_text("marked_by"),
    maybe_text("again"),
    a_number("version"),
)
_booked = text("state = 'booked'")
Index("ix_intakes_marked_at", intakes.c.marked_at)
Index("ix_intakes_due", intakes.c.due_at, sqlite_where=_booked, postgresql_where=_booked)

referrals = Table(
    "referrals",
    metadata,
    an_id(),
    a_text("contact_id", index=True),
    maybe_text("callback_id"),
    a_text("outcome"),
    maybe_text("reason"),
    sealed("to_whom"),
    sealed("why", maybe=True),
    a_moment("said_at", index=True),
    a_text("said_by"),
    maybe_a_moment("taken_back_at"),
    maybe_text("asked_of"),  # while it is to be said to whom
)
_asked = text("asked_of IS NOT NULL")
Index("ix_referrals_asked", referrals.c.asked_of, sqlite_where=_asked, postgresql_where=_asked)

follow_ups = Table(
    "follow_ups",
    metadata,
    an_id(),  # that of the emergency
    a_text("contact_id", index=True),
    a_moment("offered_at", index=True),
    a_text("closed_by"),
    a_text("state"),
    maybe_a_moment("said_at"),
    maybe_text("said_by"),
    maybe_text("callback_id"),
    a_number("version"),
)
_offered = text("state = 'offered'")
Index("ix_follow_ups_offered", follow_ups.c.state, sqlite_where=_offered, postgresql_where=_offered)
BOOKED = text("intakes.state = 'booked'")
OFFERED = text("follow_ups.state = 'offered'")
UNNAMED = text("referrals.asked_of IS NOT NULL")
