"""Everybody may read their shifts in a calendar of their own.

Revision: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Nobody has an address yet."""
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["staff.id"], name="fk_calendar_feeds_owner"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_feeds"),
    )
    op.create_index("ix_calendar_feeds_owner", "calendar_feeds", ["owner"])


def downgrade() -> None:
    """Every address is dead."""
    op.drop_index("ix_calendar_feeds_owner", table_name="calendar_feeds")
    op.drop_table("calendar_feeds")
