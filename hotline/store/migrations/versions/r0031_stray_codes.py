"""Codes that came from another phone than they were given to, or that were given to nobody.

Revision: 0031
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """None is known of before this."""
    op.create_table(
        "stray_codes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("given_to", sa.Text(), nullable=True),
        sa.Column("sent_by", sa.Text(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("seen_by", sa.Text(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stray_codes"),
    )
    op.create_index("ix_stray_codes_seen", "stray_codes", ["seen_at"])


def downgrade() -> None:
    """They are forgotten."""
    op.drop_index("ix_stray_codes_seen", table_name="stray_codes")
    op.drop_table("stray_codes")
