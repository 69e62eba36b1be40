"""What was sent by the "call me" form: how often, from where, and in which words they agreed.

Revision: 0055
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    """There was no such form."""
    op.create_table(
        "website_asks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sent", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_website_asks"),
    )
    op.create_index("ix_website_asks_at", "website_asks", ["at"])
    op.create_index("ix_website_asks_contact_id", "website_asks", ["contact_id"])


def downgrade() -> None:
    """In which words they agreed is forgotten."""
    op.drop_table("website_asks")
