"""What callers say of their use, their health and their safety is written down, and brings some of them forward.

Revision: 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Nothing has been written down yet, and nobody is raised."""
    op.create_table(
        "admissions_records",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["contacts.id"], name="fk_admissions_records_id"),
        sa.PrimaryKeyConstraint("id", name="pk_admissions_records"),
    )
    op.add_column("callbacks", sa.Column("raised", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """What was written down is gone, and everybody has their ordinary place."""
    op.drop_column("callbacks", "raised")
    op.drop_table("admissions_records")
