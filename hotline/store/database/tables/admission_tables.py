"""What an admissions line writes down of those who call: sealed, but for what is counted."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table, Text

from hotline.store.database.tables.columns import a_number, metadata, sealed

admissions_records = Table(
    "admissions_records",
    metadata,
    Column("id", Text, ForeignKey("contacts.id"), primary_key=True),
    sealed("answers"),  # JSON: of each who gave it when, and what others wrote there before
    a_number("version"),
)
