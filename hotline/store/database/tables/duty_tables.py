"""Who is on when, what was changed of it, whom to page, and whether phones were tried."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, Table, Text, text

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

schedules = Table(
    "schedules",
    metadata,
    Column("name", Text, primary_key=True),
    a_text("timezone"),
    a_text("always"),  # JSON
    Column("plan", Text, nullable=False, server_default="{}"),  # JSON: rotations and holidays
)

shift_changes = Table(
    "shift_changes",
    metadata,
    an_id(),
    maybe_text("schedule"),  # of every schedule, if none
    a_text("kind"),
    a_text("person"),
    maybe_text("instead_of"),
    a_moment("starts_at"),
    a_moment("ends_at"),
    maybe_text("made_by"),
    a_moment("made_at"),
    maybe_text("undone_by"),
    maybe_a_moment("undone_at"),
    a_flag("counts"),  # neither undone nor long over
    maybe_text("ask", index=True),  # what has come of it
    sealed("overruled", maybe=True),  # why it may break a limit
)
_counts = text("counts")
Index("ix_shift_changes_counts", shift_changes.c.made_at, sqlite_where=_counts, postgresql_where=_counts)

shift_asks = Table(
    "shift_asks",
    metadata,
    an_id(),
    a_text("kind"),
    a_text("schedule"),
    maybe_text("person"),
    a_moment("starts_at"),
    a_moment("ends_at"),
    maybe_text("colleague"),
    maybe_text("back_schedule"),
    maybe_a_moment("back_starts_at"),
    maybe_a_moment("back_ends_at"),
    maybe_text("need"),
    maybe_text("asked_by"),
    a_moment("asked_at"),
    a_text("state"),
    maybe_text("decided_by"),
    maybe_a_moment("decided_at"),
    a_number("version"),
)
Index("ix_shift_asks_state", shift_asks.c.state, shift_asks.c.starts_at)

shift_ask_codes = Table(
    "shift_ask_codes",
    metadata,
    Column("ask_id", Text, ForeignKey("shift_asks.id"), nullable=False),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    a_text("code"),  # a one-time code to answer with by text
    maybe_text("answer"),
    maybe_a_moment("answered_at"),
    PrimaryKeyConstraint("ask_id", "staff_id"),
)
Index("ix_shift_ask_codes_code", shift_ask_codes.c.staff_id, shift_ask_codes.c.code)

calendar_feeds = Table(
    "calendar_feeds",
    metadata,
    an_id(),  # a hash of what the address holds
    Column("owner", Text, ForeignKey("staff.id"), nullable=False, index=True),
    maybe_text("schedule"),  # their own shifts on all of them, if none
    maybe_text("made_by"),
    a_moment("made_at"),
)

duty_stretches = Table(
    "duty_stretches",
    metadata,
    a_text("schedule"),
    a_text("person"),
    a_moment("starts_at"),
    a_moment("ends_at", index=True),
    PrimaryKeyConstraint("schedule", "person", "starts_at"),
)

duty_noted = Table(
    "duty_noted",
    metadata,
    Column("schedule", Text, primary_key=True),
    a_moment("since"),
    a_moment("until"),
)

holes_told = Table(
    "holes_told",
    metadata,
    Column("key", Text, primary_key=True),
    a_moment("told_at"),
)

needs = Table(
    "needs",
    metadata,
    Column("name", Text, primary_key=True),
    a_text("need"),  # JSON
)

phone_tests = Table(
    "phone_tests",
    metadata,
    an_id(),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    a_text("kind"),
    maybe_text("escalation_id", index=True),
    a_moment("begun_at"),
    maybe_a_moment("ended_at"),
    maybe_text("result"),
    maybe_a_moment("shift_starts_at"),
    maybe_a_moment("shift_ends_at"),
    a_flag("watched"),  # something follows from it still: at once, or at the end of the shift
    maybe_a_moment("dealt_at"),
)
Index("ix_phone_tests_staff", phone_tests.c.staff_id, phone_tests.c.begun_at)
_watched = text("watched")
Index("ix_phone_tests_watched", phone_tests.c.begun_at, sqlite_where=_watched, postgresql_where=_watched)

policies = Table(
    "policies",
    metadata,
    Column("subject", Text, primary_key=True),
    a_text("policy"),  # JSON
)
