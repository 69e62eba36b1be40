"""How each text was read, why, what came of it, and what staff say that it was.

Revision: 0016
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, PrimaryKeyConstraint, Text

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the table. How earlier texts were read isn't known any more."""
    op.create_table(
        "readings",
        Column("message_id", Text, nullable=False),
        Column("contact_id", Text, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("language", Text, nullable=False),
        Column("label", Text, nullable=False),
        Column("named", Boolean, nullable=False),
        Column("did", Text, nullable=False),
        Column("why", Text, nullable=False),
        Column("judged", Text, nullable=True),
        Column("judged_by", Text, nullable=True),
        Column("judged_at", BigInteger, nullable=True),
        PrimaryKeyConstraint("message_id", name="pk_readings"),
    )
    op.create_index("ix_readings_contact_id", "readings", ["contact_id"])
    op.create_index("ix_readings_at", "readings", ["at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("readings")
