"""Cases are searched: indices of what is over, which nothing that goes on moves.

Revision: 0037
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

_CALLBACKS = "closed_at IS NOT NULL"
_CONTACTS = "ended_at IS NOT NULL AND callback_id IS NULL AND NOT outbound"
_INDICES = (
    ("ix_contacts_found", "contacts", ("opened_at", "line", "language", "channel"), _CONTACTS),
    ("ix_contacts_outcome", "contacts", ("outcome", "opened_at", "line", "language"), _CONTACTS),
    ("ix_contacts_language", "contacts", ("language", "opened_at", "line"), _CONTACTS),
    ("ix_callbacks_found", "callbacks", ("opened_at", "line", "language"), _CALLBACKS),
    ("ix_callbacks_owner", "callbacks", ("owner", "opened_at", "outcome", "line", "language"), _CALLBACKS),
    ("ix_callbacks_outcome", "callbacks", ("outcome", "opened_at", "line", "language"), _CALLBACKS),
    ("ix_callbacks_language", "callbacks", ("language", "opened_at", "line"), _CALLBACKS),
    ("ix_escalations_had", "escalations", ("accepted_by", "opened_at"), _CALLBACKS),
)


def upgrade() -> None:
    """None of them is touched by a turn of a call or text that goes on."""
    for name, table, columns, where in _INDICES:
        only = sa.text(where)
        op.create_index(name, table, list(columns), sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    """Searching is slow again."""
    for name, table, _, _ in reversed(_INDICES):
        op.drop_index(name, table_name=table)
