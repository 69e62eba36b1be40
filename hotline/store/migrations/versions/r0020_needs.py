"""Lines need people: of a role, who speak some languages, at some hours.

Revision: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Nothing is needed yet."""
    op.create_table(
        "needs",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_needs"),
    )


def downgrade() -> None:
    """What was needed is forgotten."""
    op.drop_table("needs")
