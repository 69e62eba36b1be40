"""Who it really was: a text is proof of nobody, so what it claims waits for a key; and what each call's key is for.

Revision: 0013
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text, text

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the columns. What is there stays as it is."""
    op.add_column("escalations", Column("coming", Text, nullable=False, server_default=text("'[]'")))
    op.add_column("escalations", Column("offered_to", Text))
    op.add_column("pages", Column("purpose", Text, nullable=False, server_default=text("'join'")))
    op.add_column("pages", Column("regards", Text))


def downgrade() -> None:
    """Drop them."""
    for table, names in {"escalations": ("coming", "offered_to"), "pages": ("purpose", "regards")}.items():
        for name in names:
            op.drop_column(table, name)
