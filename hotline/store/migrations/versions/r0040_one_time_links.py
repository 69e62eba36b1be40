"""One-time links instead of one code for each member of staff; every try to sign in; how a session was begun.

Revision: 0040
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"

_CODES_ARE_LINKS = """
    INSERT INTO one_time_links (id, staff_id, kind, code, issued_at, until_at, version)
    SELECT 'of ' || id, id, 'reset', reset_code, reset_until, reset_until, 1 FROM staff
    WHERE reset_code IS NOT NULL AND reset_until IS NOT NULL
"""
_LINKS_ARE_CODES = """
    UPDATE staff SET
    reset_code = (SELECT code FROM one_time_links l WHERE l.staff_id = staff.id AND used_at IS NULL
                  AND revoked_at IS NULL ORDER BY issued_at DESC LIMIT 1),
    reset_until = (SELECT until_at FROM one_time_links l WHERE l.staff_id = staff.id AND used_at IS NULL
                   AND revoked_at IS NULL ORDER BY issued_at DESC LIMIT 1)
"""


def upgrade() -> None:
    """Codes that somebody has still go on. Of tries before this, and of where, nothing is known."""
    op.create_table(
        "one_time_links",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("by_staff", sa.Text(), nullable=True),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_one_time_links_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_one_time_links"),
        sa.UniqueConstraint("code", name="uq_one_time_links_code"),
    )
    op.create_index("ix_one_time_links_staff_id", "one_time_links", ["staff_id"])
    op.execute(_CODES_ARE_LINKS)
    for name in ("reset_code", "reset_until"):
        op.drop_column("staff", name)
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("worked", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_sign_ins_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_ins"),
    )
    op.create_index("ix_sign_ins_staff", "sign_ins", ["staff_id", "at"])
    op.add_column("sessions", sa.Column("how", sa.Text(), nullable=True))
    op.add_column("sessions", sa.Column("place", sa.Text(), nullable=True))


def downgrade() -> None:
    """The newest link of everybody goes on as a code; tries are forgotten."""
    for name in ("how", "place"):
        op.drop_column("sessions", name)
    op.drop_index("ix_sign_ins_staff", table_name="sign_ins")
    op.drop_table("sign_ins")
    op.add_column("staff", sa.Column("reset_code", sa.Text(), nullable=True))
    op.add_column("staff", sa.Column("reset_until", sa.BigInteger(), nullable=True))
    op.execute(_LINKS_ARE_CODES)
    op.drop_index("ix_one_time_links_staff_id", table_name="one_time_links")
    op.drop_table("one_time_links")
