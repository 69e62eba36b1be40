"""Who is rung at night however often.

Revision: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Everybody is let sleep after some pages in a night, if others are there, until they say otherwise."""
    op.add_column("staff", sa.Column("every_page", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Everybody is rung however often."""
    op.drop_column("staff", "every_page")
