"""How often the carrier's own requests were refused, and why.

Revision: 0014
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, PrimaryKeyConstraint, Text

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "refusals",
        Column("cause", Text, nullable=False),
        Column("times", Integer, nullable=False),
        Column("at", BigInteger, nullable=False),
        PrimaryKeyConstraint("cause", name="pk_refusals"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("refusals")
