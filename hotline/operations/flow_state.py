"""What the flow knows of a contact, as it is kept with it."""

from __future__ import annotations

from typing import Final

from pydantic import TypeAdapter

from hotline.model import PhoneNumber
from hotline.store.cases.contacts import ContactRow
from hotline.triage.contact import Contact

_CONTACT: Final = TypeAdapter(Contact)


def read(row: ContactRow) -> Contact:
    """The flow's own state of a contact."""
    return _CONTACT.validate_json(row.data)


def written(contact: Contact) -> str:
    """The same, to be kept as the row's `data`."""
    return _CONTACT.dump_json(contact).decode()


def reachable_at(row: ContactRow) -> PhoneNumber | None:
    """Where they are rung back if they are lost in an emergency (see `Contact.reachable_at`)."""
    return row.caller or read(row).reachable_at


def is_typed(row: ContactRow) -> bool:
    """Whether that is a number which they have typed, for the one from which they call is withheld."""
    return row.caller is None and read(row).reachable_at is not None
