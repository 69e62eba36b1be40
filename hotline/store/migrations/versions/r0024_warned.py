"""What somebody was warned of is kept, so that it is told once.

Revision: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Nobody was warned of anything yet."""
    op.create_table(
        "warned",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_warned"),
    )


def downgrade() -> None:
    """What is still so is told again."""
    op.drop_table("warned")
