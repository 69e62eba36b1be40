"""Why somebody looked, and what left the house in files.

Revision: 0038
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    """Nobody was asked before, and nothing was exported."""
    op.create_table(
        "look_reasons",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_look_reasons"),
    )
    op.create_index("ix_look_reasons_who", "look_reasons", ["contact_id", "staff_id", "at"])
    op.create_table(
        "exports",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_for", sa.Text(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exports"),
    )
    op.create_table(
        "exported_cases",
        sa.Column("export_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["export_id"], ["exports.id"], name="fk_exported_cases_export_id"),
        sa.PrimaryKeyConstraint("export_id", "contact_id", name="pk_exported_cases"),
    )
    op.create_index("ix_exported_cases_contact_id", "exported_cases", ["contact_id"])


def downgrade() -> None:
    """It isn't known any more."""
    for table in ("exported_cases", "exports", "look_reasons"):
        op.drop_table(table)
