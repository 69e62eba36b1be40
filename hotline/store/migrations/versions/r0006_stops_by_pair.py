"""The carrier keeps a stop for each pair of numbers: which of ours somebody has stopped, and begun again.

Revision: 0006
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nothing is known of anybody yet: a stop is for all of our numbers, as it was."""
    for name in ("stopped", "started"):
        op.add_column("callers", Column(name, Text()))


def downgrade() -> None:
    """Drop them."""
    for name in ("stopped", "started"):
        op.drop_column("callers", name)
