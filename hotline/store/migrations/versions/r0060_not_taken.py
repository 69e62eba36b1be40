"""When whoever has an emergency last didn't take the ring to their own phone is kept by itself.

Until now the moment at which they last did something about it was set back. Rows of before are read as they were.

Revision: 0060
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"


def upgrade() -> None:
    """Of what was before it isn't known; the moment that was set back says as much."""
    op.add_column("escalations", sa.Column("not_taken_at", sa.BigInteger))


def downgrade() -> None:
    """They have as long as for anything else."""
    op.drop_column("escalations", "not_taken_at")
