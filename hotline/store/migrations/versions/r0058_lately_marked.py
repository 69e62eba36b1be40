"""Intakes of which somebody has said a moment ago whether they came are found.

Revision: 0058
"""

from __future__ import annotations

from alembic import op

revision = "0058"
down_revision = "0057"


def upgrade() -> None:
    """By when that was."""
    op.create_index("ix_intakes_marked_at", "intakes", ["marked_at"])


def downgrade() -> None:
    """They are looked for among all."""
    op.drop_index("ix_intakes_marked_at", "intakes")
