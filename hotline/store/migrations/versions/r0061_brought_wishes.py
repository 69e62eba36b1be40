"""What people said to a system that was here before: that they want no more calls, or no more texts.

Revision: 0061
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"


def upgrade() -> None:
    """Nothing could be brought yet."""
    op.create_table(
        "brought_wishes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_lookup", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("brought_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_brought_wishes"),
    )
    op.create_index("ix_brought_wishes_number_lookup", "brought_wishes", ["number_lookup"])


def downgrade() -> None:
    """The wishes hold still, as `callers` has them; how and when each was said is forgotten."""
    op.drop_table("brought_wishes")
