"""The audit trail is chained.

Entries from before are chained by the clock, in short batches, as soon as it runs.

Revision: 0034
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """A table of its own: whoever writes into the audit trail does as before, and waits for nobody."""
    op.create_table(
        "audit_chain",
        sa.Column("place", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("place", name="pk_audit_chain"),
        sa.UniqueConstraint("entry_id", name="uq_audit_chain_entry_id"),
    )


def downgrade() -> None:
    """The entries stay; that nobody has changed them can't be shown any more."""
    op.drop_table("audit_chain")
