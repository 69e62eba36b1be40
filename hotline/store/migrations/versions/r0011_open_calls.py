"""Whose telephone is in use is found without reading every page that there ever was.

Revision: 0011
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0011"
down_revision = "0010"

_OPEN = text("ended_at IS NULL")


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_pages_open", "pages", ["how"], sqlite_where=_OPEN, postgresql_where=_OPEN)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_pages_open", "pages")
