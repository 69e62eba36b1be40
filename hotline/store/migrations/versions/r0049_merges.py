"""Cases of one person that staff have merged.

Revision: 0049
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
oldest_program = "0049"
"""Callbacks end in a word that programs of before don't know."""


def upgrade() -> None:
    """Nobody's are."""
    op.create_table(
        "merges",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=False),
        sa.Column("callback_id", sa.Text(), nullable=True),
        sa.Column("other_callback_id", sa.Text(), nullable=True),
        sa.Column("moved", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("merged_at", sa.BigInteger(), nullable=False),
        sa.Column("merged_by", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_merges"),
    )
    op.create_index("ix_merges_contact_id", "merges", ["contact_id"])
    op.create_index("ix_merges_other_id", "merges", ["other_id"])
    op.create_index("ix_merges_callback_id", "merges", ["callback_id"])


def downgrade() -> None:
    """Merged callbacks stay closed, as they are."""
    op.drop_index("ix_merges_callback_id", table_name="merges")
    op.drop_index("ix_merges_other_id", table_name="merges")
    op.drop_index("ix_merges_contact_id", table_name="merges")
    op.drop_table("merges")
