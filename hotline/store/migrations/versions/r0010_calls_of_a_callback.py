"""Our calls for a callback are found by it.

Revision: 0010
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0010"
down_revision = "0009"

_OURS = text("outbound")


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_contacts_callback", "contacts", ["callback_id"], sqlite_where=_OURS, postgresql_where=_OURS
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_contacts_callback", "contacts")
