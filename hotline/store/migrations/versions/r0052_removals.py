"""What was removed, and what must not be.

Revision: 0052
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    """Nothing was removed yet."""
    op.create_table(
        "removals",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("things", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by_staff", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_removals"),
    )
    op.create_index("ix_removals_at", "removals", ["at"])
    op.create_table(
        "removed_cases",
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("removal_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_removed_cases_contact_id"),
        sa.ForeignKeyConstraint(["removal_id"], ["removals.id"], name="fk_removed_cases_removal_id"),
        sa.PrimaryKeyConstraint("contact_id", name="pk_removed_cases"),
    )
    op.create_index("ix_removed_cases_removal_id", "removed_cases", ["removal_id"])
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("number_lookup", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=False),
        sa.Column("placed_by", sa.Text(), nullable=True),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.Column("released_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_legal_holds"),
    )
    op.create_index("ix_legal_holds_number_lookup", "legal_holds", ["number_lookup"])


def downgrade() -> None:
    """What was removed stays away; what was held isn't held any more."""
    op.drop_table("legal_holds")
    op.drop_table("removed_cases")
    op.drop_table("removals")
