"""How a talk ended that led to no callback is kept with its call, so that it can be searched for.

Until now it was in the timeline alone, where it is sealed: what was said before this stays there.

Revision: 0062
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"


def upgrade() -> None:
    """Of what was before, searches know that they were reached."""
    op.add_column("contacts", sa.Column("said", sa.Text()))
    known = sa.text("said IS NOT NULL")
    op.create_index(
        "ix_contacts_said", "contacts", ["said", "opened_at"], sqlite_where=known, postgresql_where=known
    )


def downgrade() -> None:
    """The timeline has it still."""
    op.drop_index("ix_contacts_said", "contacts")
    op.drop_column("contacts", "said")
