"""Who was on is noted as it was, for who carries what.

Revision: 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """What was before is not known: plans are changed, and say nothing of the past."""
    op.create_table(
        "duty_stretches",
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("schedule", "person", "starts_at", name="pk_duty_stretches"),
    )
    op.create_index("ix_duty_stretches_ends_at", "duty_stretches", ["ends_at"])
    op.create_table(
        "duty_noted",
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("schedule", name="pk_duty_noted"),
    )


def downgrade() -> None:
    """Who was on is forgotten."""
    op.drop_table("duty_noted")
    op.drop_index("ix_duty_stretches_ends_at", table_name="duty_stretches")
    op.drop_table("duty_stretches")
