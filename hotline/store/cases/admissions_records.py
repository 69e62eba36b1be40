"""Admissions records, as they are kept: all answers of one in one sealed text, with who gave each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import select

from hotline.callbacks.admissions import Answers, RecordField
from hotline.model import ContactId, StaffId
from hotline.store.database import Tx, rows
from hotline.store.database.tables import admissions_records

_ANSWERS: Final = "admissions_records.answers"


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """What stood there before somebody else wrote over it."""

    value: str = field(repr=False)
    by: StaffId
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """An answer, and who wrote it down last. `at` is UTC."""

    value: str = field(repr=False)
    """"": taken out again."""
    by: StaffId
    at: datetime
    before: tuple[EarlierAnswer, ...] = ()
    """The oldest first."""


@dataclass(frozen=True, slots=True)
class AdmissionsRecord:
    """What somebody has said in their talks with us."""

    contact_id: ContactId
    """The contact with which it began."""
    kept: Mapping[RecordField, RecordAnswer] = field(default_factory=dict, repr=False)
    version: int = 0
    """0: nothing has been written down."""

    @property
    def answers(self) -> Answers:
        """What stands there now."""
        return {one: answer.value for one, answer in self.kept.items() if answer.value}


_KEPT: Final = TypeAdapter(dict[RecordField, RecordAnswer])


def get(tx: Tx, contact_id: ContactId) -> AdmissionsRecord:
    """The record that began with this contact; an empty one if there is none."""
    found = rows.by_id(tx, admissions_records, contact_id)
    return of_row(tx, found) if found is not None else AdmissionsRecord(contact_id)


def of(tx: Tx, contacts: Collection[ContactId]) -> dict[ContactId, AdmissionsRecord]:
    """The records that began with any of these."""
    if not contacts:
        return {}
    query = select(admissions_records).where(admissions_records.c.id.in_(sorted(contacts)))
    return {found.id: of_row(tx, found) for found in rows.many(tx, query)}


def put(tx: Tx, record: AdmissionsRecord) -> AdmissionsRecord:
    """Keep it as it is now. Raises Stale, and Duplicate, if somebody else has changed it meanwhile."""
    sealed = tx.keys.seal(_KEPT.dump_json(dict(record.kept)).decode(), _ANSWERS, record.contact_id)
    tx.board_changed = True
    if not record.version:
        rows.add(tx, admissions_records, {"id": record.contact_id, "answers": sealed, "version": 1})
        return replace(record, version=1)
    key = {"id": record.contact_id}
    return replace(
        record, version=rows.save(tx, admissions_records, key, record.version, {"answers": sealed})
    )


def of_row(tx: Tx, found: rows.Found) -> AdmissionsRecord:
    """A record as it was found: for the other modules of this floor."""
    written = tx.keys.open(found.answers, _ANSWERS, found.id)
    answers: dict[RecordField, RecordAnswer] = rows.read_as(_KEPT, written)
    return AdmissionsRecord(found.id, answers, found.version)
