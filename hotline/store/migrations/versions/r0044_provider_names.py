"""By which names a provider of single sign-on vouches for staff.

Revision: 0044
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    """Nobody has one yet."""
    op.create_table(
        "provider_names",
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_lookup", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_provider_names_staff_id"),
        sa.PrimaryKeyConstraint("staff_id", name="pk_provider_names"),
        sa.UniqueConstraint("name_lookup", name="uq_provider_names_name_lookup"),
    )


def downgrade() -> None:
    """They are forgotten; passwords and passkeys go on."""
    op.drop_table("provider_names")
