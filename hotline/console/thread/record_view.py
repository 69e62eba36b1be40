"""What the page of a call or a text shows of the admissions record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hotline.callbacks import admissions
from hotline.callbacks.admissions import CHOICES, RecordField
from hotline.console.frame import sight
from hotline.console.frame.asking import current_application
from hotline.console.frame.signed_in import Person
from hotline.console.thread.record_words import QUESTIONS, raised
from hotline.model import ContactId, StaffId, Subject
from hotline.operations.callbacks import admissions_talk
from hotline.operations.texts.threads import Thread
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts
from hotline.store.cases.admissions_records import RecordAnswer
from hotline.store.overviews import crew


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """One place of the record, as it is drawn."""

    asked: RecordField
    question: str
    choices: tuple[str, ...]
    """Empty: it is written in words."""
    value: str = field(repr=False)
    """What is kept."""
    who: str = ""
    """Who wrote it last."""
    before: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """What others wrote there earlier, and who."""
    danger: tuple[str, ...] = ()
    """The answers that speak of danger now."""
    typed: str | None = field(default=None, repr=False)
    """What the viewer has typed, and isn't kept: somebody else has written there meanwhile."""


@dataclass(frozen=True, slots=True)
class RecordView:
    """The record, as one member of staff sees it."""

    places: tuple[RecordPlace, ...]
    may_write: bool
    begun: bool
    """Something has been written down."""
    raised: str
    """Why they are called first; empty if they aren't."""
    dangers: tuple[RecordField, ...]
    emergency: bool
    """One is open already."""
    record: ContactId
    """Which one it is, by the contact with which it began..."""
    version: int
    """...and how often it was written: what was drawn before the last time is older than what is kept."""

    def with_typed(self, typed: Mapping[RecordField, str]) -> RecordView:
        """The same, with what the viewer has typed where somebody else has written meanwhile."""
        return replace(self, places=tuple(replace(one, typed=typed.get(one.asked)) for one in self.places))


def view(thread: Thread, person: Person) -> RecordView | None:
    """What of the record this person may see; None: nothing. Each look at one is audited."""
    if not sight.may_read_record(thread, person.roles):
        return None
    application = current_application()
    drawn = application.look(lambda transaction: _drawn(transaction, thread, person))
    if drawn is not None and drawn.begun:
        application.change(lambda transaction: _looked(transaction, thread, person))
    return drawn


def _looked(transaction: Transaction, thread: Thread, person: Person) -> None:
    row = contacts.get(transaction.tx, thread.contact)
    if row is not None:
        admissions_talk.looked(transaction, admissions_talk.look(transaction, row), person.id)


def _drawn(transaction: Transaction, thread: Thread, person: Person) -> RecordView | None:
    row = contacts.get(transaction.tx, thread.contact)
    if row is None:
        return None
    record, names = admissions_talk.look(transaction, row), crew.names(transaction.tx)
    return RecordView(
        tuple(
            _place(asked, record.kept.get(asked), names)
            for asked in QUESTIONS
            if admissions.is_left_to_ask(asked, record.answers)
        ),
        may_write=sight.may_write_record(thread, person.roles),
        begun=bool(record.version),
        raised=raised(admissions.raise_reasons(record.answers)),
        dangers=admissions.dangers(record.answers),
        record=record.contact_id,
        version=record.version,
        emergency=any(one.subject is Subject.EMERGENCY for one in thread.open),
    )


def _place(asked: RecordField, kept: RecordAnswer | None, names: Mapping[StaffId, str]) -> RecordPlace:
    place = RecordPlace(
        asked, QUESTIONS[asked], CHOICES.get(asked, ()), "", danger=admissions.danger_answers(asked)
    )
    if kept is None:
        return place
    before = tuple((one.value, names.get(one.by, "Somebody")) for one in kept.before)
    return replace(place, value=kept.value, who=names.get(kept.by, "Somebody"), before=before)
