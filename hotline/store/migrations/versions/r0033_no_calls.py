"""Since when somebody wants no calls: until now that was known only of what it had closed.

Revision: 0033
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Of those before this only that they want no texts is known."""
    op.add_column("callers", sa.Column("no_calls_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Their wish for no texts stays."""
    with op.batch_alter_table("callers") as table:
        table.drop_column("no_calls_at")
