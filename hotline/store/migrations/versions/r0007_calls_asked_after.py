"""When the carrier was last asked how a call stands of which nothing was heard.

Revision: 0007
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nobody has asked yet."""
    op.add_column("calls_seen", Column("asked_at", BigInteger()))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("calls_seen", "asked_at")
