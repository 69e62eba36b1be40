"""What the flow knows of a contact, as it is kept with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from hotline.model import ContactId, Danger, PhoneNumber, RoomName
from hotline.store.cases.contacts import ContactRow
from hotline.triage.contact import Contact

_CONTACT: Final = TypeAdapter(Contact)
_FLAGS: Final = {Danger.SUICIDE: '"suicide":true', Danger.BY_OTHERS: '"by_others":true'}
"""How the version before this one kept, and reads, what an emergency is: they run side by side in a deploy (ADR 65)."""


def read(row: ContactRow) -> Contact:
    """The flow's own state of a contact."""
    contact = _CONTACT.validate_json(row.data)
    return contact if '"danger":' in row.data else replace(contact, danger=_of_before(row.data))


def written(contact: Contact) -> str:
    """The same, to be kept as the row's `data`."""
    data = _CONTACT.dump_json(contact).decode()
    flag = _FLAGS.get(contact.danger)
    return data if flag is None else f"{data[:-1]},{flag}}}"


def _of_before(data: str) -> Danger:
    return next((danger for danger, flag in _FLAGS.items() if flag in data), Danger.UNSAID)


def reachable_at(row: ContactRow) -> PhoneNumber | None:
    """Where they are rung back if they are lost in an emergency (see `Contact.reachable_at`)."""
    return row.caller or read(row).reachable_at


def is_typed(row: ContactRow) -> bool:
    """Whether that is a number which they have typed, or told, for the one from which they call is withheld."""
    return row.caller is None and read(row).reachable_at is not None


def given(row: ContactRow) -> tuple[PhoneNumber, ...]:
    """From where they called or wrote; if that is withheld, each number that they have given us."""
    state = read(row)
    said = (state.told, state.callback_number) if state.told or state.callback_number else (state.typed,)
    numbers = (row.caller,) if row.caller is not None else said
    return tuple(dict.fromkeys(one for one in numbers if one is not None))


def told(row: ContactRow, number: PhoneNumber) -> str:
    """What is kept as `data` once they have told somebody this number. What they said of messages and texts, if they
    did, was about another telephone."""
    return written(replace(read(row), told=number, message_safe=None, text_safe=None))


def begun(contact: Contact, ours: str, contact_id: ContactId, room: RoomName, now: datetime) -> ContactRow:
    """The row of a contact that begins (`now`: UTC) in this state; `ours`: the number of ours that it is about. Nothing
    is kept yet."""
    return ContactRow(
        id=contact_id,
        channel=contact.channel,
        outbound=contact.outbound,
        provider_sid=None,
        caller=contact.caller,
        our_number=ours,
        room=room,
        state=contact.state,
        line=contact.line,
        language=contact.language,
        turn=0,
        data=written(contact),
        stir=None,
        opened_at=now,
        last_turn_at=now,
    )
