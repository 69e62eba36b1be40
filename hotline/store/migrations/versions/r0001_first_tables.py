"""The first tables.

Revision: 0001
"""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)

revision = "0001"
down_revision = None

_COUNTER = BigInteger().with_variant(Integer, "sqlite")
_ONGOING = text("ended_at IS NULL")


def upgrade() -> None:
    """Make every table."""
    _audit()
    _beats()
    _callbacks()
    _callers()
    _calls_seen()
    _contacts()
    _escalations()
    _journal_read()
    _messages()
    _outbox()
    _policies()
    _revision()
    _schedules()
    _staff()
    _timeline()
    _pages()
    _turns()
    op.execute("INSERT INTO revision (id, n) VALUES (1, 0)")


def downgrade() -> None:
    """Drop every table."""
    for name in (
        "turns",
        "pages",
        "timeline",
        "staff",
        "schedules",
        "revision",
        "policies",
        "outbox",
        "messages",
        "journal_read",
        "escalations",
        "contacts",
        "calls_seen",
        "callers",
        "callbacks",
        "beats",
        "audit",
    ):
        op.drop_table(name)


def _text(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=null)


def _number(name: str) -> Column[Any]:
    return Column(name, Integer, nullable=False, autoincrement=False)


def _flag(name: str) -> Column[Any]:
    return Column(name, Boolean, nullable=False)


def _at(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, BigInteger, nullable=null)


def _contacts() -> None:
    op.create_table(
        "contacts",
        _text("id"),
        _text("channel"),
        _flag("outbound"),
        _text("provider_sid", null=True),
        _text("caller_number", null=True),
        _text("caller_lookup", null=True),
        _text("our_number"),
        _text("room"),
        _text("state"),
        _text("line", null=True),
        _text("language"),
        _number("turn"),
        _text("data"),
        _text("stir", null=True),
        _at("opened_at"),
        _at("last_turn_at"),
        _at("ended_at", null=True),
        _text("outcome", null=True),
        _text("callback_id", null=True),
        _text("escalation_id", null=True),
        _number("version"),
        PrimaryKeyConstraint("id", name="pk_contacts"),
        UniqueConstraint("provider_sid", name="uq_contacts_provider_sid"),
    )
    op.create_index("ix_contacts_caller", "contacts", ["caller_lookup", "channel", "ended_at"])
    op.create_index(
        "ix_contacts_ongoing", "contacts", ["channel"], sqlite_where=_ONGOING, postgresql_where=_ONGOING
    )
    op.create_index("ix_contacts_opened_at", "contacts", ["opened_at"])
    op.create_index("ix_contacts_room", "contacts", ["room", "ended_at"])


def _turns() -> None:
    op.create_table(
        "turns",
        _text("contact_id"),
        _text("turn_key"),
        _text("answer"),
        _at("at"),
        PrimaryKeyConstraint("contact_id", "turn_key", name="pk_turns"),
        ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_turns_contact_id"),
        sqlite_with_rowid=False,
    )


def _callbacks() -> None:
    op.create_table(
        "callbacks",
        _text("id"),
        _text("contact_id"),
        _text("room"),
        _text("number", null=True),
        _text("number_lookup", null=True),
        _text("line"),
        _text("language"),
        _text("status"),
        _at("opened_at"),
        _at("due_at", null=True),
        _at("promised_at"),
        _number("attempts"),
        _text("owner", null=True),
        _at("lease_until", null=True),
        _text("outcome", null=True),
        _number("repeats"),
        _flag("message_safe"),
        _flag("text_safe"),
        _flag("wanted_now"),
        _flag("asked_later"),
        _text("call_contact_id", null=True),
        _text("escalation_id", null=True),
        _flag("told_supervisor"),
        _at("closed_at", null=True),
        _number("version"),
        PrimaryKeyConstraint("id", name="pk_callbacks"),
    )
    op.create_index("ix_callbacks_contact_id", "callbacks", ["contact_id"])
    op.create_index("ix_callbacks_due", "callbacks", ["status", "due_at"])
    op.create_index("ix_callbacks_lease", "callbacks", ["status", "lease_until"])
    op.create_index("ix_callbacks_number", "callbacks", ["number_lookup", "status"])


def _escalations() -> None:
    op.create_table(
        "escalations",
        _text("id"),
        _text("subject"),
        _text("contact_id", null=True),
        _text("callback_id", null=True),
        _text("room"),
        _text("policy"),
        _text("status"),
        _number("rung"),
        _number("round"),
        _at("next_at", null=True),
        _at("opened_at"),
        _text("accepted_by", null=True),
        _at("accepted_at", null=True),
        _at("touched_at", null=True),
        _text("queue"),
        _text("ringing"),
        _text("passed_over"),
        _flag("nobody"),
        _text("line", null=True),
        _text("language"),
        _at("closed_at", null=True),
        _number("version"),
        PrimaryKeyConstraint("id", name="pk_escalations"),
    )
    op.create_index("ix_escalations_callback_id", "escalations", ["callback_id"])
    op.create_index("ix_escalations_contact_id", "escalations", ["contact_id"])
    op.create_index("ix_escalations_due", "escalations", ["status", "next_at"])
    op.create_index("ix_escalations_room", "escalations", ["room", "status"])


def _staff() -> None:
    op.create_table(
        "staff",
        _text("id"),
        _text("name"),
        _text("name_lookup"),
        _text("phone"),
        _text("phone_lookup"),
        _flag("verified"),
        _text("roles"),
        _text("languages"),
        _text("password_hash", null=True),
        _flag("active"),
        _number("session_epoch"),
        _number("version"),
        PrimaryKeyConstraint("id", name="pk_staff"),
        UniqueConstraint("name_lookup", name="uq_staff_name_lookup"),
        UniqueConstraint("phone_lookup", name="uq_staff_phone_lookup"),
    )


def _pages() -> None:
    op.create_table(
        "pages",
        _text("id"),
        _text("escalation_id"),
        _text("staff_id"),
        _text("how"),
        _text("state"),
        _text("reference"),
        _text("provider_sid", null=True),
        _at("placed_at"),
        _at("sent_at", null=True),
        _at("answered_at", null=True),
        _at("ended_at", null=True),
        _number("version"),
        PrimaryKeyConstraint("id", name="pk_pages"),
        ForeignKeyConstraint(["escalation_id"], ["escalations.id"], name="fk_pages_escalation_id"),
        ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_pages_staff_id"),
    )
    op.create_index("ix_pages_escalation_id", "pages", ["escalation_id"])
    op.create_index("ix_pages_provider_sid", "pages", ["provider_sid"])
    op.create_index("ix_pages_staff", "pages", ["staff_id", "ended_at"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        _text("id"),
        _text("kind"),
        _text("urgency"),
        _text("body"),
        _text("status"),
        _at("due_at"),
        _at("lease_until", null=True),
        _number("claims"),
        _text("provider_sid", null=True),
        _text("error", null=True),
        _text("subject_kind"),
        _text("subject_id"),
        _flag("to_caller"),
        _at("created_at"),
        _at("claimed_at", null=True),
        _at("settled_at", null=True),
        PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_due", "outbox", ["status", "due_at"])
    op.create_index("ix_outbox_lease", "outbox", ["status", "lease_until"])
    op.create_index("ix_outbox_provider_sid", "outbox", ["provider_sid"])
    op.create_index("ix_outbox_subject_id", "outbox", ["subject_id"])


def _messages() -> None:
    op.create_table(
        "messages",
        _text("id"),
        _text("contact_id", null=True),
        _text("direction"),
        _text("provider_sid", null=True),
        _text("number"),
        _text("number_lookup"),
        _text("body"),
        _text("status"),
        _number("status_rank"),
        _text("error", null=True),
        _at("at"),
        _text("outbox_id", null=True),
        PrimaryKeyConstraint("id", name="pk_messages"),
        UniqueConstraint("provider_sid", name="uq_messages_provider_sid"),
    )
    op.create_index("ix_messages_contact_id", "messages", ["contact_id"])
    op.create_index("ix_messages_number", "messages", ["number_lookup", "at"])
    op.create_index("ix_messages_outbox_id", "messages", ["outbox_id"])


def _callers() -> None:
    op.create_table(
        "callers",
        _text("number_lookup"),
        _at("opted_out_at", null=True),
        _text("language", null=True),
        _number("replies"),
        _at("replies_since", null=True),
        _number("version"),
        PrimaryKeyConstraint("number_lookup", name="pk_callers"),
    )


def _schedules() -> None:
    op.create_table(
        "schedules",
        _text("name"),
        _text("timezone"),
        _text("always"),
        PrimaryKeyConstraint("name", name="pk_schedules"),
    )


def _policies() -> None:
    op.create_table(
        "policies",
        _text("subject"),
        _text("policy"),
        PrimaryKeyConstraint("subject", name="pk_policies"),
    )


def _timeline() -> None:
    op.create_table(
        "timeline",
        Column("id", _COUNTER, primary_key=True, autoincrement=True),
        _text("contact_id", null=True),
        _text("callback_id", null=True),
        _text("escalation_id", null=True),
        _at("at"),
        _text("what"),
        _text("detail", null=True),
        _text("by_staff", null=True),
        PrimaryKeyConstraint("id", name="pk_timeline"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_timeline_callback_id", "timeline", ["callback_id"])
    op.create_index("ix_timeline_contact_id", "timeline", ["contact_id"])
    op.create_index("ix_timeline_escalation_id", "timeline", ["escalation_id"])


def _audit() -> None:
    op.create_table(
        "audit",
        Column("id", _COUNTER, primary_key=True, autoincrement=True),
        _at("at"),
        _text("staff_id", null=True),
        _text("action"),
        _text("subject_kind"),
        _text("subject_id"),
        PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_subject", "audit", ["subject_id"])


def _beats() -> None:
    op.create_table(
        "beats",
        _text("name"),
        _at("at"),
        PrimaryKeyConstraint("name", name="pk_beats"),
    )


def _journal_read() -> None:
    op.create_table(
        "journal_read",
        _text("entry_id"),
        _at("at"),
        PrimaryKeyConstraint("entry_id", name="pk_journal_read"),
    )


def _calls_seen() -> None:
    op.create_table(
        "calls_seen",
        _text("call_sid"),
        _text("contact_id", null=True),
        _text("page_id", null=True),
        _number("last_sequence"),
        _text("final_status", null=True),
        _at("at"),
        PrimaryKeyConstraint("call_sid", name="pk_calls_seen"),
    )


def _revision() -> None:
    op.create_table(
        "revision",
        _number("id"),
        Column("n", BigInteger, nullable=False, server_default=text("0")),
        PrimaryKeyConstraint("id", name="pk_revision"),
    )
