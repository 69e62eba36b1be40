"""Who knows of an emergency beside the one who has it.

Revision: 0030
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Of what was opened before, nobody else need know."""
    op.add_column(
        "escalations", sa.Column("knows", sa.Text(), nullable=False, server_default=sa.text("'[]'"))
    )
    op.add_column("escalations", sa.Column("second_of", sa.Text(), nullable=True))
    op.create_index("ix_escalations_second_of", "escalations", ["second_of"])


def downgrade() -> None:
    """Nobody is asked to know of anything."""
    op.execute(
        "UPDATE escalations SET subject = 'supervisor', status = 'closed', next_at = NULL WHERE subject = 'second'"
    )
    op.drop_index("ix_escalations_second_of", "escalations")
    op.drop_column("escalations", "second_of")
    op.drop_column("escalations", "knows")
