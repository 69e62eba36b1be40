"""Calls that were settled lately, and the last text to each, are found by themselves, however many there were.

Revision: 0039
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0039"
down_revision = "0038"

_PICKED_UP = text("ended_at IS NOT NULL AND how = 'call' AND answered_at IS NOT NULL")
_TEXT = text("how = 'text' AND pressing")
_OVER = text("ended_at IS NOT NULL")


def upgrade() -> None:
    """Among all that was called off in the last minutes these are few."""
    op.drop_index("ix_pages_ended", table_name="pages")
    _index("ix_pages_picked_up", ["ended_at"], _PICKED_UP)
    _index("ix_pages_texts", ["staff_id", "placed_at"], _TEXT)


def downgrade() -> None:
    """They are looked for among all of them again."""
    op.drop_index("ix_pages_texts", table_name="pages")
    op.drop_index("ix_pages_picked_up", table_name="pages")
    _index("ix_pages_ended", ["ended_at"], _OVER)


def _index(name: str, columns: list[str], where: object) -> None:
    op.create_index(name, "pages", columns, sqlite_where=where, postgresql_where=where)
