"""Emergencies are few among all cases, and are found by that.

Revision: 0042
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"

_OVER = {
    "contacts": "ended_at IS NOT NULL AND callback_id IS NULL AND NOT outbound AND line = 'emergency'",
    "callbacks": "closed_at IS NOT NULL AND line = 'emergency'",
}


def upgrade() -> None:
    """Of those that are over."""
    for table, where in _OVER.items():
        only = sa.text(where)
        name = f"ix_{table}_danger"
        op.create_index(name, table, ["opened_at"], sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    """They are looked for among all."""
    for table in _OVER:
        op.drop_index(f"ix_{table}_danger", table_name=table)
