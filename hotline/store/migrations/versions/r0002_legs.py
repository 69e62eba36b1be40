"""What the legs of staff were answered.

Revision: 0002
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, PrimaryKeyConstraint, Text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "legs",
        Column("call_sid", Text, nullable=False),
        Column("step", Text, nullable=False),
        Column("answer", Text, nullable=False),
        Column("at", BigInteger, nullable=False),
        PrimaryKeyConstraint("call_sid", "step", name="pk_legs"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("legs")
