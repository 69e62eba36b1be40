"""When the canary's call had heard our first words, and when the carrier had delivered the answer to her text.

Revision: 0057
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"


def upgrade() -> None:
    """Of those before, nobody asked."""
    op.add_column("canary_runs", sa.Column("heard_at", sa.BigInteger(), nullable=True))
    op.add_column("canary_runs", sa.Column("reply_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Only that they came in is known again."""
    with op.batch_alter_table("canary_runs") as batch:
        batch.drop_column("reply_at")
        batch.drop_column("heard_at")
