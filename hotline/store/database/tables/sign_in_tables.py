"""One-time links, and every try to sign in: what is kept of signing in beside passwords and second steps."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text

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

one_time_links = Table(
    "one_time_links",
    metadata,
    an_id(),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False, index=True),
    a_text("kind"),
    a_text("code", unique=True),  # a hash
    maybe_text("by_staff"),
    a_moment("issued_at"),
    a_moment("until_at"),
    maybe_a_moment("used_at"),
    maybe_a_moment("revoked_at"),
    a_number("version"),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    an_id(),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    a_moment("at"),
    a_text("how"),
    a_flag("worked"),
    sealed("place"),
)
Index("ix_sign_ins_staff", sign_ins.c.staff_id, sign_ins.c.at)
