"""Trainees who hear a talk: who may, and who did.

Revision: 0035
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Nobody is called into a talk until their centre says so."""
    op.add_column("staff", sa.Column("listens", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "listeners",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("let_in_by", sa.Text(), nullable=False),
        sa.Column("call_sid", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_listeners"),
    )
    op.create_index("ix_listeners_contact_id", "listeners", ["contact_id"])
    there = sa.text("ended_at IS NULL")
    op.create_index("ix_listeners_there", "listeners", ["room"], sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    """Who heard which talk is forgotten."""
    op.drop_index("ix_listeners_there", table_name="listeners")
    op.drop_index("ix_listeners_contact_id", table_name="listeners")
    op.drop_table("listeners")
    with op.batch_alter_table("staff") as table:
        table.drop_column("listens")
