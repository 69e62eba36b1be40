"""What the last check-up found, and who has signed what no program can see.

Revision: 0046
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    """Nothing was looked at yet."""
    op.create_table(
        "checkups",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("begun_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_checkups"),
    )
    op.create_table(
        "sign_offs",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_sign_offs_staff_id"),
        sa.PrimaryKeyConstraint("key", name="pk_sign_offs"),
    )


def downgrade() -> None:
    """All of it can be looked at again."""
    op.drop_table("sign_offs")
    op.drop_table("checkups")
