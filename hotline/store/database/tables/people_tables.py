"""Callers by their numbers, staff with what they sign in with, and who looked at whom."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, PrimaryKeyConstraint, Table, Text, false

from hotline.store.database.tables.columns import (
    COUNTER,
    NAME,
    a_flag,
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

staff = Table(
    "staff",
    metadata,
    an_id(),
    sealed("name"),
    lookup("name_lookup", "name", space=NAME, unique=True),
    sealed("phone"),
    lookup("phone_lookup", "phone", unique=True),
    a_flag("verified"),
    a_text("roles"),  # JSON
    a_text("languages"),  # JSON
    maybe_text("password_hash"),
    a_flag("active"),
    a_number("session_epoch"),
    a_number("version"),
    Column("every_page", Boolean, nullable=False, server_default=false()),
    Column("listens", Boolean, nullable=False, server_default=false()),
    maybe_text("page_language"),
)

sessions = Table(
    "sessions",
    metadata,
    an_id(),  # a hash of what the browser holds
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False, index=True),
    a_moment("begun_at"),
    a_moment("touched_at", index=True),
    maybe_text("how"),
    sealed("place", maybe=True),
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("id", Text, ForeignKey("staff.id"), primary_key=True),
    sealed("secret"),
    a_moment("begun_at"),
    maybe_a_moment("confirmed_at"),
    a_number("last_step"),
    a_number("version"),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    a_text("code"),  # a hash
    maybe_a_moment("used_at"),
    PrimaryKeyConstraint("staff_id", "code"),
)

sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("key", Text, primary_key=True),  # a keyed hash of whom, and from where
    a_number("failures"),
    a_moment("last_at", index=True),
)

callers = Table(
    "callers",
    metadata,
    lookup("number_lookup", "number", primary_key=True),
    sealed("number", maybe=True),  # of those who were kept before this column was, only the look-up is known
    maybe_a_moment("opted_out_at"),
    maybe_a_moment("no_calls_at"),
    maybe_text("stopped"),  # JSON: numbers of ours
    maybe_text("started"),  # JSON: numbers of ours
    maybe_text("language"),
    a_number("replies"),
    maybe_a_moment("replies_since"),
    a_number("version"),
)

blocks = Table(
    "blocks",
    metadata,
    an_id(),
    sealed("number"),
    lookup("number_lookup", "number", index=True),
    sealed("reason"),
    maybe_text("by_staff"),
    a_moment("created_at"),
    maybe_a_moment("expires_at"),
)

brought_wishes = Table(
    "brought_wishes",
    metadata,
    an_id(),
    sealed("number"),
    lookup("number_lookup", "number", index=True),
    a_text("what"),  # texts, calls, both
    a_moment("said_at"),
    sealed("how"),
    a_moment("brought_at"),
)

phone_codes = Table(
    "phone_codes",
    metadata,
    Column("staff_id", Text, ForeignKey("staff.id"), primary_key=True),
    sealed("code"),  # the number that it went to, a space, and the code
    a_moment("sent_at"),
    a_moment("until_at"),
    a_number("tries"),
    a_number("sent"),  # since `sent_since`
    a_moment("sent_since"),
)

staff_pins = Table(
    "staff_pins",
    metadata,
    Column("staff_id", Text, ForeignKey("staff.id"), primary_key=True),
    sealed("pin"),
    a_number("tries"),
    maybe_a_moment("tries_since"),
)

stray_codes = Table(
    "stray_codes",
    metadata,
    an_id(),
    maybe_text("given_to"),
    maybe_text("sent_by"),
    a_number("times"),
    a_moment("last_at"),
    maybe_a_moment("told_at"),
    maybe_text("seen_by"),
    maybe_a_moment("seen_at"),
    a_number("version"),
)
Index("ix_stray_codes_seen", stray_codes.c.seen_at)

audit = Table(
    "audit",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    a_moment("at", index=True),
    maybe_text("staff_id"),
    a_text("action"),
    a_text("subject_kind"),
    a_text("subject_id"),
    sqlite_autoincrement=True,
)
Index("ix_audit_subject", audit.c.subject_id)
Index("ix_audit_staff", audit.c.staff_id, audit.c.subject_kind, audit.c.id)
