"""How soon the account may start another call, shared by all processes.

Revision: 0009
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, PrimaryKeyConstraint, Text

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "pace",
        Column("name", Text, nullable=False),
        Column("next_at", BigInteger, nullable=False),
        PrimaryKeyConstraint("name", name="pk_pace"),
    )


def downgrade() -> None:
    """Back to the eighth shape."""
    op.drop_table("pace")
