"""What was closed lately is found by when: it may be opened again for a day.

Revision: 0017
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0017"
down_revision = "0016"

_CLOSED = text("closed_at IS NOT NULL")


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_escalations_closed",
        "escalations",
        ["closed_at"],
        sqlite_where=_CLOSED,
        postgresql_where=_CLOSED,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_escalations_closed", table_name="escalations")
