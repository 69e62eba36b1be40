"""What Alembic runs: on the connection, and in the transaction, that `migrate` hands in."""

from __future__ import annotations

from alembic import context

from hotline.store.database.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_server_default=True,
    render_as_batch=True,  # SQLite can't alter a column in place
    transactional_ddl=True,
)
context.run_migrations()
