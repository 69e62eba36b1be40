"""Sample months: rows that the demo has made up, known by their ids for what they are: these end in a mark. They begin
as any other's, for the first letters are the reference that people read and type."""

from __future__ import annotations

from typing import Final

from sqlalchemy import exists, select

from hotline.store.database import Tx
from hotline.store.database.periods import Period
from hotline.store.database.tables import contacts

MARK: Final = "-sample"
"""What the id of everything ends in that is made up; no other id has a hyphen."""


def any_in(tx: Tx, period: Period) -> bool:
    """Whether a contact that began in the period is made up."""
    made_up = contacts.c.id.contains("-")
    began = contacts.c.opened_at >= period.since, contacts.c.opened_at < period.until
    return bool(tx.execute(select(exists().where(made_up, *began))).scalar_one())
