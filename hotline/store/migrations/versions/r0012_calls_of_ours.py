"""Calls to callers are counted by the day, whatever number of calls comes in.

Revision: 0012
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_contacts_outbound",
        "contacts",
        ["opened_at"],
        sqlite_where=text("outbound = 1"),
        postgresql_where=text("outbound"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_contacts_outbound", "contacts")
