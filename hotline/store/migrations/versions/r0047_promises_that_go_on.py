"""From when until when an entry of the ledger tells of its promise: what is undone goes on as one more entry.

Revision: 0047
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"

_COLUMNS = ("stands_from", "stands_until")


def upgrade() -> None:
    """Those that were undone before stay told as they were: withdrawn, and made anew."""
    for name in _COLUMNS:
        op.add_column("promises", sa.Column(name, sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """What went on is told as a promise of its own, and what had ended as withdrawn."""
    with op.batch_alter_table("promises") as table:
        for name in reversed(_COLUMNS):
            table.drop_column(name)
