"""Whoever said by key that somebody was referred is asked to whom.

Revision: 0059
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"


def upgrade() -> None:
    """Who is asked, until they have said it."""
    op.add_column("referrals", sa.Column("asked_of", sa.Text))
    asked = sa.text("asked_of IS NOT NULL")
    op.create_index(
        "ix_referrals_asked", "referrals", ["asked_of"], sqlite_where=asked, postgresql_where=asked
    )


def downgrade() -> None:
    """Nobody is asked; who was is known no more."""
    op.drop_index("ix_referrals_asked", "referrals")
    op.drop_column("referrals", "asked_of")
