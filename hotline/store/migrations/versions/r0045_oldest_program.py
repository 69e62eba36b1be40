"""Which programs of before may go on with a database that a later one has changed.

Revision: 0045
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
oldest_program = "0045"


def upgrade() -> None:
    """Programs of before this one don't look, and refuse what they don't know."""
    table = op.create_table(
        "oldest_program",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_oldest_program"),
    )
    op.bulk_insert(table, [{"id": 1, "revision": revision}])


def downgrade() -> None:
    """Then every later change is refused again."""
    op.drop_table("oldest_program")
