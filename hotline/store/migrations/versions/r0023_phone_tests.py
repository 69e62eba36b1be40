"""Staff's phones are verified by a code, and tested by a page. Whoever's was verified until now stays so.

Revision: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0023"
down_revision = "0022"

_WATCHED = text("watched")


def upgrade() -> None:
    """No phone that is in use needs a code."""
    op.create_table(
        "phone_codes",
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("sent_since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_phone_codes_staff_id"),
        sa.PrimaryKeyConstraint("staff_id", name="pk_phone_codes"),
    )
    op.create_table(
        "phone_tests",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("escalation_id", sa.Text(), nullable=True),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("shift_starts_at", sa.BigInteger(), nullable=True),
        sa.Column("shift_ends_at", sa.BigInteger(), nullable=True),
        sa.Column("watched", sa.Boolean(), nullable=False),
        sa.Column("dealt_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_phone_tests_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_phone_tests"),
    )
    op.create_index("ix_phone_tests_escalation_id", "phone_tests", ["escalation_id"])
    op.create_index("ix_phone_tests_staff", "phone_tests", ["staff_id", "begun_at"])
    op.create_index(
        "ix_phone_tests_watched",
        "phone_tests",
        ["begun_at"],
        sqlite_where=_WATCHED,
        postgresql_where=_WATCHED,
    )


def downgrade() -> None:
    """Codes on their way are void."""
    op.drop_index("ix_phone_tests_watched", table_name="phone_tests")
    op.drop_index("ix_phone_tests_staff", table_name="phone_tests")
    op.drop_index("ix_phone_tests_escalation_id", table_name="phone_tests")
    op.drop_table("phone_tests")
    op.drop_table("phone_codes")
