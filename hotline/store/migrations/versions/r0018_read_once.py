"""What a turn, a page and a second of the clock need is found by itself, and not among all that is open.

When a caller was last put into the room, told that somebody is fetched for them or has left them, or dialled for,
stands with their contact; whether a page is pressing stands with the page.

Revision: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0018"
down_revision = "0017"

_TIMES = ("joined_at", "fetching_at", "left_alone_at", "dialled_at")
_LINE = text("ended_at IS NULL AND how = 'call' AND state <> 'covered'")
_COVERED = text("ended_at IS NULL AND state = 'covered'")
_OPEN = text("ended_at IS NULL")
_LESS = text("ended_at IS NULL AND state = 'covered' AND (NOT pressing OR purpose <> 'join')")
_INTERPRETERS = text("subject_kind = 'interpreter' AND status = 'sent'")
_OVER = text("ended_at IS NOT NULL")
_QUIET = text("ended_at IS NULL AND channel = 'text'")
_BY_ITSELF = text("direction = 'out' AND contact_id IS NOT NULL AND by_staff IS NULL")
_INDEXES = (
    ("ix_contacts_quiet", "contacts", ["state", "last_turn_at"], _QUIET),
    ("ix_callbacks_promised", "callbacks", ["status", "told_supervisor", "promised_at"], None),
    ("ix_escalations_touched", "escalations", ["status", "subject", "touched_at"], None),
    ("ix_pages_lines", "pages", ["placed_at"], _LINE),
    ("ix_pages_covered", "pages", ["staff_id", "how", "pressing", "purpose", "sent_at"], _COVERED),
    ("ix_pages_less", "pages", ["placed_at"], _LESS),
    ("ix_pages_ended", "pages", ["ended_at"], _OVER),
    ("ix_outbox_interpreters", "outbox", ["subject_id"], _INTERPRETERS),
    ("ix_messages_by_itself", "messages", ["at"], _BY_ITSELF),
)


def upgrade() -> None:
    """Add the columns, fill them as far as is known, and make the indexes."""
    for name in _TIMES:
        op.add_column("contacts", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("pages", sa.Column("pressing", sa.Boolean(), nullable=False, server_default=sa.false()))
    # Of calls that are going on at this moment, the first talk is known.
    op.execute("UPDATE contacts SET joined_at = reached_at WHERE ended_at IS NULL")
    op.execute(
        "UPDATE pages SET pressing = (purpose <> 'join' OR EXISTS (SELECT 1 FROM escalations"
        " WHERE escalations.id = pages.escalation_id AND escalations.subject = 'emergency'))"
    )
    op.execute(
        "UPDATE escalations SET touched_at = accepted_at WHERE touched_at IS NULL AND accepted_at IS NOT NULL"
    )
    op.drop_index("ix_pages_open", table_name="pages")
    for name, table, columns, where in _INDEXES:
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take all that away again."""
    for name, table, _, _ in reversed(_INDEXES):
        op.drop_index(name, table_name=table)
    op.create_index("ix_pages_open", "pages", ["how"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.drop_column("pages", "pressing")
    for name in _TIMES:
        op.drop_column("contacts", name)
