"""How far the carrier's own lists have been read, and what was taken up from them.

Revision: 0051
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    """Nothing was read yet: the first look begins with itself."""
    op.add_column("callbacks", sa.Column("unheard", sa.Boolean(), nullable=True))
    op.create_table(
        "carrier_lists",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("read_to", sa.BigInteger(), nullable=False),
        sa.Column("looked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_carrier_lists"),
    )
    op.create_table(
        "taken_up",
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sid", name="pk_taken_up"),
    )
    op.create_index("ix_taken_up_taken_at", "taken_up", ["taken_at"])


def downgrade() -> None:
    """What was taken up stays; that it was is forgotten."""
    op.drop_table("taken_up")
    op.drop_table("carrier_lists")
    with op.batch_alter_table("callbacks") as table:
        table.drop_column("unheard")
