"""What goes to the carrier and comes from it."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text, text

from hotline.store.database.tables.columns import (
    COUNTER,
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

outbox = Table(
    "outbox",
    metadata,
    an_id(),
    a_text("kind"),
    a_text("urgency"),
    sealed("body"),
    a_text("status"),
    a_moment("due_at"),
    maybe_a_moment("lease_until"),
    a_number("claims"),
    maybe_text("provider_sid", index=True),
    maybe_text("error"),
    a_text("subject_kind"),
    a_text("subject_id", index=True),
    a_flag("to_caller"),
    a_moment("created_at"),
    maybe_a_moment("claimed_at"),
    maybe_a_moment("settled_at"),
    maybe_a_moment("first_claimed_at"),
)
Index("ix_outbox_due", outbox.c.status, outbox.c.due_at)
Index("ix_outbox_lease", outbox.c.status, outbox.c.lease_until)
OF_INTERPRETERS = text("outbox.subject_kind = 'interpreter' AND outbox.status = 'sent'")
_interpreters = text("subject_kind = 'interpreter' AND status = 'sent'")
Index(
    "ix_outbox_interpreters", outbox.c.subject_id, sqlite_where=_interpreters, postgresql_where=_interpreters
)
_troubled = outbox.c.error.is_not(None)
Index("ix_outbox_troubled", outbox.c.created_at, sqlite_where=_troubled, postgresql_where=_troubled)

messages = Table(
    "messages",
    metadata,
    an_id(),
    maybe_text("contact_id", index=True),
    a_text("direction"),
    maybe_text("provider_sid", unique=True),
    sealed("number"),
    lookup("number_lookup", "number"),
    sealed("body"),
    a_text("status"),
    a_number("status_rank"),
    maybe_text("error"),
    a_moment("at"),
    maybe_text("outbox_id", index=True),
    maybe_text("by_staff"),
    sealed("media", maybe=True),
)
BY_ITSELF = text(
    "messages.direction = 'out' AND messages.contact_id IS NOT NULL AND messages.by_staff IS NULL"
)
"""A text that we wrote by ourselves."""
_by_itself = text("direction = 'out' AND contact_id IS NOT NULL AND by_staff IS NULL")
Index("ix_messages_by_itself", messages.c.at, sqlite_where=_by_itself, postgresql_where=_by_itself)
_failed = text("status IN ('failed', 'undelivered', 'canceled')")
Index("ix_messages_failed", messages.c.at, sqlite_where=_failed, postgresql_where=_failed)
Index("ix_messages_number", messages.c.number_lookup, messages.c.at)
Index("ix_messages_at", messages.c.at)

readings = Table(
    "readings",
    metadata,
    Column("message_id", Text, primary_key=True),
    a_text("contact_id", index=True),
    a_moment("at", index=True),
    a_text("language"),
    a_text("label"),
    a_flag("named"),
    a_text("did"),
    sealed("why"),  # JSON; it quotes the message
    maybe_text("judged"),
    maybe_text("judged_by"),
    maybe_a_moment("judged_at"),
)

settled_troubles = Table(
    "settled_troubles",
    metadata,
    an_id(),  # of the message, or of the effect, that did not arrive
    a_text("staff_id"),
    a_moment("at"),
)

pace = Table("pace", metadata, Column("name", Text, primary_key=True), a_moment("next_at"))

refusals = Table(
    "refusals",
    metadata,
    Column("cause", Text, primary_key=True),
    a_number("times"),
    a_moment("at"),
)

journal_read = Table("journal_read", metadata, Column("entry_id", Text, primary_key=True), a_moment("at"))

calls_seen = Table(
    "calls_seen",
    metadata,
    Column("call_sid", Text, primary_key=True),
    maybe_text("contact_id"),
    maybe_text("page_id"),
    a_number("last_sequence"),
    maybe_text("final_status"),
    a_moment("at"),
    maybe_a_moment("asked_at"),
)

outgoing_events = Table(
    "outgoing_events",
    metadata,
    Column("number", COUNTER, primary_key=True, autoincrement=True),  # in the order in which they happened
    a_text("id", unique=True),
    a_text("kind"),
    a_text("about"),
    a_moment("at"),
    maybe_text("contact_id"),
    maybe_text("callback_id"),
    maybe_text("escalation_id"),
    maybe_text("by_staff"),
    maybe_text("detail"),
    a_text("status"),
    a_number("tries"),
    a_moment("next_at"),
    maybe_text("error"),
    maybe_a_moment("settled_at"),
    sqlite_autoincrement=True,
)
Index("ix_outgoing_events_case", outgoing_events.c.status, outgoing_events.c.about, outgoing_events.c.number)
