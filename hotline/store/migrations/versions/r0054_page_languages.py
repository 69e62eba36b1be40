"""In which language somebody reads the console.

Revision: 0054
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    """Everybody reads it as their browser asks, until they say otherwise."""
    op.add_column("staff", sa.Column("page_language", sa.Text(), nullable=True))


def downgrade() -> None:
    """Everybody reads it in English."""
    op.drop_column("staff", "page_language")
