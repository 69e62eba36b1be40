"""Schedules have rotations and holidays, and people change them for a while.

Revision: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0019"
down_revision = "0018"

_COUNTS = text("counts")


def upgrade() -> None:
    """Who was on at every hour stays so."""
    op.add_column("schedules", sa.Column("plan", sa.Text(), nullable=False, server_default="{}"))
    op.create_table(
        "shift_changes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("instead_of", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shift_changes"),
    )
    op.create_index(
        "ix_shift_changes_counts",
        "shift_changes",
        ["made_at"],
        sqlite_where=_COUNTS,
        postgresql_where=_COUNTS,
    )
    op.create_table(
        "holes_told",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_holes_told"),
    )


def downgrade() -> None:
    """Only who is on at every hour is left: whoever was on by turns is on by no schedule."""
    op.drop_table("holes_told")
    op.drop_index("ix_shift_changes_counts", table_name="shift_changes")
    op.drop_table("shift_changes")
    op.drop_column("schedules", "plan")
