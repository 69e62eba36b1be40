"""What the doors need: sessions, tries to sign in, codes for a new password; the canary, and whose number is kept.

Revision: 0005
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text

revision = "0005"
down_revision = "0004"

_COLUMNS: dict[str, dict[str, type[Text | BigInteger]]] = {
    "staff": {"reset_code": Text, "reset_until": BigInteger},
    "callers": {"number": Text},
    "beats": {"key_id": Text},
}


def upgrade() -> None:
    """Make the tables and the columns. What is there stays as it is; everybody signs in anew."""
    op.create_table(
        "sessions",
        Column("id", Text, nullable=False),
        Column("staff_id", Text, nullable=False),
        Column("begun_at", BigInteger, nullable=False),
        Column("touched_at", BigInteger, nullable=False),
        ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_sessions_staff_id"),
        PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_index("ix_sessions_staff_id", "sessions", ["staff_id"])
    op.create_index("ix_sessions_touched_at", "sessions", ["touched_at"])
    op.create_table(
        "sign_in_tries",
        Column("key", Text, nullable=False),
        Column("failures", Integer, nullable=False),
        Column("last_at", BigInteger, nullable=False),
        PrimaryKeyConstraint("key", name="pk_sign_in_tries"),
    )
    op.create_index("ix_sign_in_tries_last_at", "sign_in_tries", ["last_at"])
    op.create_table(
        "tallies",
        Column("name", Text, nullable=False),
        Column("n", BigInteger, nullable=False),
        PrimaryKeyConstraint("name", name="pk_tallies"),
    )
    op.create_table(
        "canary",
        Column("id", Integer, autoincrement=False, nullable=False),
        Column("words", Text, nullable=False),
        PrimaryKeyConstraint("id", name="pk_canary"),
    )
    for table, columns in _COLUMNS.items():
        for name, kind in columns.items():
            op.add_column(table, Column(name, kind))


def downgrade() -> None:
    """Back to the fourth shape. Open sessions and codes are lost."""
    for table, columns in reversed(_COLUMNS.items()):
        for name in reversed(columns):
            op.drop_column(table, name)
    for table in ("canary", "tallies", "sign_in_tries", "sessions"):
        op.drop_table(table)
