"""People ask each other to swap and to be covered; whoever breaks a limit says why.

Revision: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Nothing is asked yet, and nothing was overruled."""
    op.add_column("shift_changes", sa.Column("ask", sa.Text(), nullable=True))
    op.add_column("shift_changes", sa.Column("overruled", sa.Text(), nullable=True))
    op.create_index("ix_shift_changes_ask", "shift_changes", ["ask"])
    op.create_table(
        "shift_asks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("colleague", sa.Text(), nullable=True),
        sa.Column("back_schedule", sa.Text(), nullable=True),
        sa.Column("back_starts_at", sa.BigInteger(), nullable=True),
        sa.Column("back_ends_at", sa.BigInteger(), nullable=True),
        sa.Column("need", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shift_asks"),
    )
    op.create_index("ix_shift_asks_state", "shift_asks", ["state", "starts_at"])
    op.create_table(
        "shift_ask_codes",
        sa.Column("ask_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["ask_id"], ["shift_asks.id"], name="fk_shift_ask_codes_ask_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_shift_ask_codes_staff_id"),
        sa.PrimaryKeyConstraint("ask_id", "staff_id", name="pk_shift_ask_codes"),
    )
    op.create_index("ix_shift_ask_codes_code", "shift_ask_codes", ["staff_id", "code"])


def downgrade() -> None:
    """What was asked is forgotten; what has come of it stays."""
    op.drop_index("ix_shift_ask_codes_code", table_name="shift_ask_codes")
    op.drop_table("shift_ask_codes")
    op.drop_index("ix_shift_asks_state", table_name="shift_asks")
    op.drop_table("shift_asks")
    op.drop_index("ix_shift_changes_ask", table_name="shift_changes")
    op.drop_column("shift_changes", "overruled")
    op.drop_column("shift_changes", "ask")
