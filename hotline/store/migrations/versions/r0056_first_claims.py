"""When an effect was tried for the first time.

Revision: 0056
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    """Of what was tried before, the last time is all that is known."""
    op.add_column("outbox", sa.Column("first_claimed_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Only the last time is known again."""
    with op.batch_alter_table("outbox") as batch:
        batch.drop_column("first_claimed_at")
