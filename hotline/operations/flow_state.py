"""What the flow knows of a contact, as it is kept with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from pydantic import TypeAdapter

from hotline.model import Channel, ContactId, Danger, Language, Line, PhoneNumber, RoomName, is_known
from hotline.store.cases.contacts import ContactRow
from hotline.store.database import rows
from hotline.triage.call.hearing import IN_EMERGENCY
from hotline.triage.contact import Contact, ContactState

_CONTACT: Final = TypeAdapter(Contact)
_AT_ONCE: Final = timedelta(seconds=2)
"""Digits of a number come so soon after each other; who chooses a language listens first."""
_FLAGS: Final = {Danger.SUICIDE: '"suicide":true', Danger.BY_OTHERS: '"by_others":true'}
"""How the version before this one kept, and reads, what an emergency is: they run side by side in a deploy (ADR 65)."""


def read(row: ContactRow) -> Contact:
    """The flow's own state of a contact."""
    contact = rows.read_as(_CONTACT, row.data)
    return contact if '"danger":' in row.data else replace(contact, danger=_of_before(row.data))


def for_a_turn(contact: Contact) -> Contact:
    """The same, as far as this version knows its words: a turn is taken with what it knows.

    Whoever stands where only a later version knows the way is asked what they want, as at the beginning, and wants a
    person if only that one knows for what they called; they are spoken to in English if only it speaks their language.
    """
    begins = ContactState.TEXT_MENU if contact.channel is Channel.TEXT else ContactState.MENU
    return replace(
        contact,
        state=contact.state if is_known(contact.state) else begins,
        line=contact.line if contact.line is None or is_known(contact.line) else Line.PERSON,
        language=contact.language if is_known(contact.language) else Language.EN,
        danger=contact.danger if is_known(contact.danger) else Danger.UNSAID,
        when=contact.when if contact.when is None or is_known(contact.when) else None,
        left_open=contact.left_open if contact.left_open is None or is_known(contact.left_open) else None,
        ended_from=contact.ended_from if contact.ended_from is None or is_known(contact.ended_from) else None,
    )


def after_a_turn(before: Contact, after: Contact) -> Contact:
    """`after` a turn that was taken `for_a_turn`: what a later version has kept, and the turn left as it was, stays."""
    taken = for_a_turn(before)
    return replace(
        after,
        line=before.line if after.line == taken.line else after.line,
        language=before.language if after.language == taken.language else after.language,
        danger=before.danger if after.danger == taken.danger else after.danger,
        when=before.when if after.when == taken.when else after.when,
    )


def follows_at_once(row: ContactRow, now: datetime) -> bool:
    """Whether what comes now (UTC) comes right after the last turn of this contact."""
    return now - row.last_turn_at <= _AT_ONCE


def counted(row: ContactRow, before: Contact, after: Contact, now: datetime, *, keyed: bool) -> Contact:
    """`after` a turn at this time (UTC), with what tells a number that is typed from a key; `keyed`: it was one."""
    if not keyed:
        return replace(after, keys_in_a_row=0, switched_from=None)
    goes_on = before.keys_in_a_row > 0 and follows_at_once(row, now)
    earlier = before.switched_from if goes_on else None
    switched = after.language is not before.language and before.state in IN_EMERGENCY
    if switched:
        earlier = before.language if earlier is None else None
    return replace(after, keys_in_a_row=before.keys_in_a_row + 1 if goes_on else 1, switched_from=earlier)


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


def is_unconfirmed(row: ContactRow) -> bool:
    """Whether they typed that number, and did not confirm it when it was read back."""
    return row.caller is None and read(row).unconfirmed


def known_at(row: ContactRow) -> PhoneNumber | None:
    """The same, where it says who they are; None also while a number that they typed may be a stranger's."""
    return None if is_unconfirmed(row) else reachable_at(row)


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
