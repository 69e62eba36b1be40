"""Events that another system of the centre's is told of.

Revision: 0050
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"

_COUNTER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """What happened before is told to nobody."""
    op.create_table(
        "outgoing_events",
        sa.Column("number", _COUNTER, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=True),
        sa.Column("callback_id", sa.Text(), nullable=True),
        sa.Column("escalation_id", sa.Text(), nullable=True),
        sa.Column("by_staff", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_outgoing_events"),
        sa.UniqueConstraint("id", name="uq_outgoing_events_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outgoing_events_case", "outgoing_events", ["status", "about", "number"])


def downgrade() -> None:
    """They are told to nobody."""
    op.drop_index("ix_outgoing_events_case", table_name="outgoing_events")
    op.drop_table("outgoing_events")
