"""Pages are found by their code: many codes are checked at once when a whole rota is paged.

Revision: 0015
"""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_pages_reference", "pages", ["reference", "staff_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_pages_reference", "pages")
