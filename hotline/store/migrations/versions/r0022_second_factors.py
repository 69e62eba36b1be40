"""A second proof at sign-in, and the codes for whoever has lost it.

Revision: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Nobody has one yet."""
    op.create_table(
        "second_factors",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["staff.id"], name="fk_second_factors_id"),
        sa.PrimaryKeyConstraint("id", name="pk_second_factors"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_recovery_codes_staff_id"),
        sa.PrimaryKeyConstraint("staff_id", "code", name="pk_recovery_codes"),
    )
    op.create_index("ix_audit_staff", "audit", ["staff_id", "subject_kind", "id"])


def downgrade() -> None:
    """Everybody signs in with a password alone again."""
    op.drop_index("ix_audit_staff", table_name="audit")
    op.drop_table("recovery_codes")
    op.drop_table("second_factors")
