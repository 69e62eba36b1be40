"""What the whole call and the text line keep: blocks, where a call ended, who wrote a text and what came with it.

Revision: 0003
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, PrimaryKeyConstraint, Text, TextClause, text

revision = "0003"
down_revision = "0002"

_REACHED = text("reached_at IS NOT NULL")
_FAILED = text("status IN ('failed', 'undelivered', 'canceled')")
_TROUBLED = text("error IS NOT NULL")
_COLUMNS: dict[str, dict[str, type[Text | BigInteger]]] = {
    "contacts": {"last_prompt": Text, "ended_in": Text, "reached_at": BigInteger},
    "messages": {"by_staff": Text, "media": Text},
}
_INDEXES: dict[str, tuple[str, list[str], TextClause | None]] = {
    "ix_contacts_calls_from": ("contacts", ["caller_lookup", "opened_at"], None),
    "ix_contacts_reached_at": ("contacts", ["reached_at"], _REACHED),
    "ix_callbacks_opened_at": ("callbacks", ["opened_at"], None),
    "ix_outbox_troubled": ("outbox", ["created_at"], _TROUBLED),
    "ix_messages_at": ("messages", ["at"], None),
    "ix_messages_failed": ("messages", ["at"], _FAILED),
}


def upgrade() -> None:
    """Make the table, the columns and the indexes. What is there stays as it is."""
    op.create_table(
        "blocks",
        Column("id", Text, nullable=False),
        Column("number", Text, nullable=False),
        Column("number_lookup", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("by_staff", Text),
        Column("created_at", BigInteger, nullable=False),
        Column("expires_at", BigInteger),
        PrimaryKeyConstraint("id", name="pk_blocks"),
    )
    op.create_index("ix_blocks_number_lookup", "blocks", ["number_lookup"])
    for table, added in _COLUMNS.items():
        for name, kind in added.items():
            op.add_column(table, Column(name, kind()))
    for name, (table, columns, where) in _INDEXES.items():
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Drop them."""
    for name, (table, _, _) in _INDEXES.items():
        op.drop_index(name, table)
    for table, added in _COLUMNS.items():
        for name in added:
            op.drop_column(table, name)
    op.drop_index("ix_blocks_number_lookup", "blocks")
    op.drop_table("blocks")
