"""What is kept of signing in beside passwords and second steps: links, passkeys, names elsewhere, and every try."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, Text

from hotline.store.database.tables.columns import (
    PROVIDER_NAME,
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

passkeys = Table(
    "passkeys",
    metadata,
    an_id(),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False, index=True),
    a_text("credential", unique=True),
    a_text("public_key"),
    sealed("name"),
    Column("sign_count", BigInteger, nullable=False),
    a_moment("created_at"),
    maybe_a_moment("used_at"),
    maybe_a_moment("stopped_at"),
    a_number("version"),
)

provider_names = Table(
    "provider_names",
    metadata,
    Column("staff_id", Text, ForeignKey("staff.id"), primary_key=True),
    sealed("name"),
    lookup("name_lookup", "name", space=PROVIDER_NAME, unique=True),
    maybe_text("account"),  # a hash
    a_number("version"),
)

spent_challenges = Table(
    "spent_challenges",
    metadata,
    an_id(),  # a hash
    a_moment("at", index=True),
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
