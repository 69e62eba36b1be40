"""The ledger of promises, and what a report looks for.

Revision: 0008
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, PrimaryKeyConstraint, Text, text

revision = "0008"
down_revision = "0007"

_COUNTED = text("what IN ('accepted', 'claimed', 'outcome', 'opted_out', 'opted_in')")
_INDEXES = {
    "ix_promises_callback_id": ("promises", "callback_id", None),
    "ix_promises_made_at": ("promises", "made_at", None),
    "ix_pages_placed_at": ("pages", "placed_at", None),
    "ix_escalations_opened_at": ("escalations", "opened_at", None),
    "ix_timeline_counted": ("timeline", "at", _COUNTED),
}
_KNOWN = """
INSERT INTO promises (callback_id, channel, line, made_at, promised_at, tried_at)
SELECT callbacks.id, COALESCE(contacts.channel, 'voice'), callbacks.line, callbacks.opened_at, callbacks.promised_at,
    CASE WHEN (callbacks.attempts > 0 OR callbacks.closed_at IS NOT NULL) AND NOT EXISTS (
        SELECT 1 FROM timeline WHERE timeline.callback_id = callbacks.id AND timeline.what = 'promise_broken'
    ) THEN callbacks.opened_at END
FROM callbacks LEFT JOIN contacts ON contacts.id = callbacks.contact_id
WHERE callbacks.line <> 'emergency'
"""


def upgrade() -> None:
    """Make the table and the indexes. Of callbacks that are there only what is known of them is written down."""
    op.create_table(
        "promises",
        Column("id", BigInteger().with_variant(Integer, "sqlite"), autoincrement=True, nullable=False),
        Column("callback_id", Text, nullable=False),
        Column("channel", Text, nullable=False),
        Column("line", Text, nullable=False),
        Column("made_at", BigInteger, nullable=False),
        Column("promised_at", BigInteger, nullable=False),
        Column("tried_at", BigInteger),
        Column("ended_at", BigInteger),
        Column("ended", Text),
        PrimaryKeyConstraint("id", name="pk_promises"),
        sqlite_autoincrement=True,
    )
    for name, (table, column, where) in _INDEXES.items():
        op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)
    op.execute(_KNOWN)


def downgrade() -> None:
    """Drop them."""
    for name, (table, _, _) in _INDEXES.items():
        op.drop_index(name, table)
    op.drop_table("promises")
