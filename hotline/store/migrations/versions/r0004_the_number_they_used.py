"""From which of our numbers a callback is placed: the one that its caller used last.

Revision: 0004
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text

revision = "0004"
down_revision = "0003"

_AS_ASKED = """
UPDATE callbacks
SET our_number = (SELECT contacts.our_number FROM contacts WHERE contacts.id = callbacks.contact_id)
"""


def upgrade() -> None:
    """Those that are there are placed from the number by which they were asked for."""
    op.add_column("callbacks", Column("our_number", Text()))
    op.execute(_AS_ASKED)


def downgrade() -> None:
    """Drop it."""
    op.drop_column("callbacks", "our_number")
