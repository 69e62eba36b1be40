"""What did not arrive is taken off the list by whoever has seen to it.

Revision: 0041
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    """Everything stays on the list until somebody takes it off, or it is a week old."""
    op.create_table(
        "settled_troubles",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_settled_troubles"),
    )


def downgrade() -> None:
    """It is all on the list again."""
    op.drop_table("settled_troubles")
