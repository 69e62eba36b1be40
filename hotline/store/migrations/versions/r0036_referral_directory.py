"""The referral directory, and warm hand-offs to whoever is in it.

Revision: 0036
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

_RUNNING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Nobody is in it, and nobody was handed over."""
    op.create_table(
        "directory_entries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("towns", sa.Text(), nullable=False),
        sa.Column("hand_offs", sa.Boolean(), nullable=False),
        sa.Column("phone_menu", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_directory_entries"),
        sa.UniqueConstraint("folded", name="uq_directory_entries_folded"),
    )
    op.create_table(
        "hand_offs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("page_id", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("to_whom", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("provider_sid", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("aside_at", sa.BigInteger(), nullable=True),
        sa.Column("joined_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hand_offs"),
    )
    op.create_index("ix_hand_offs_contact_id", "hand_offs", ["contact_id"])
    op.create_index(
        "ix_hand_offs_running", "hand_offs", ["room"], sqlite_where=_RUNNING, postgresql_where=_RUNNING
    )


def downgrade() -> None:
    """The directory is gone, and who was handed over stays on the timelines."""
    op.drop_table("hand_offs")
    op.drop_table("directory_entries")
