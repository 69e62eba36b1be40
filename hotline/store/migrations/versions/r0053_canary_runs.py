"""The line's calls and texts to itself, and how each went.

Revision: 0053
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    """There was none yet."""
    op.create_table(
        "canary_runs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("call_at", sa.BigInteger(), nullable=True),
        sa.Column("text_at", sa.BigInteger(), nullable=True),
        sa.Column("refused", sa.Text(), nullable=True),
        sa.Column("judged_at", sa.BigInteger(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_canary_runs"),
    )
    op.create_index("ix_canary_runs_began_at", "canary_runs", ["began_at"])


def downgrade() -> None:
    """How they went is forgotten."""
    op.drop_table("canary_runs")
