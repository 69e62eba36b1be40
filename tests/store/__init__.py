"""The database of record: what it keeps, on SQLite and on PostgreSQL alike."""
