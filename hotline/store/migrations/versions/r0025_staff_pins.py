"""Staff may have a PIN, with which the staff line opens to their phone.

Revision: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Nobody has one yet."""
    op.create_table(
        "staff_pins",
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("pin", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tries_since", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_pins_staff_id"),
        sa.PrimaryKeyConstraint("staff_id", name="pk_staff_pins"),
    )


def downgrade() -> None:
    """The staff line opens to nobody."""
    op.drop_table("staff_pins")
