"""Writing to somebody who texts, in words of a member of staff: whether that is safe, and the text itself.

Whoever holds the caller's phone reads what we send. Until they have said that texting there is safe, free words go
out only as the one answer to what they have just written, or because somebody says explicitly that they must.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from hotline import paths
from hotline.carrier_words import NOT_SENT, TextStatus
from hotline.effects import Origin, OriginKind, SendText, Urgency
from hotline.model import Channel, StaffId, Subject
from hotline.operations import flow_state
from hotline.operations.callbacks import consent, emergency_callbacks
from hotline.operations.paging import way_back
from hotline.operations.paging.way_back import WayBack
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts
from hotline.store.cases.contacts import ContactRow
from hotline.store.overviews import conference
from hotline.store.traffic import messages
from hotline.store.traffic.messages import Direction, MessageRow

JUST_NOW: Final = timedelta(minutes=15)
"""How long the phone is taken to be still in the hand that wrote to us."""
LONGEST: Final = 1600
"""Characters that the carrier takes in one message; it refuses more (21617)."""


class Safe(StrEnum):
    """Whether free words may go to somebody's phone."""

    YES = "yes"
    """They have said that texting there is safe."""
    ANSWER = "answer"
    """They wrote a moment ago: one answer to that."""
    DANGER = "danger"
    """They texted about a danger to life, and no human has closed that emergency."""
    UNKNOWN = "unknown"
    """They haven't said."""
    NO = "no"
    """They have said that it is not safe."""
    OPTED_OUT = "opted_out"
    """They have ended texts: the carrier would deliver nothing. Call only."""
    LANDLINE = "landline"
    """Our last text did not arrive: the carrier says that none can be had there."""
    NO_NUMBER = "no_number"
    """The number was withheld."""
    ELSEWHERE = "elsewhere"
    """They wrote by another service than SMS. Call only."""
    OUT_OF_REACH = "out_of_reach"
    """A short code, or a number that this line neither rings nor texts."""


FREELY: Final = frozenset({Safe.YES, Safe.ANSWER, Safe.DANGER})
"""In these, nothing is asked before sending."""
NEVER: Final = frozenset({Safe.OPTED_OUT, Safe.NO_NUMBER, Safe.ELSEWHERE, Safe.OUT_OF_REACH})
"""In these, nothing can be sent at all."""


def safe_to_text(transaction: Transaction, row: ContactRow, said: Sequence[MessageRow] | None = None) -> Safe:
    """How things stand now. `said`: the contact's messages, if they have been read already."""
    never = _never(transaction, row)
    if never is not None or row.caller is None:
        return never or Safe.NO_NUMBER
    landline = messages.is_landline(transaction.tx, row.caller)
    if (
        row.channel is Channel.TEXT
        and not landline
        and conference.open_escalation(transaction.tx, row.room, Subject.EMERGENCY)
    ):
        return Safe.DANGER
    told = (flow_state.read(row).text_safe, consent.texts_are_safe(transaction, row.caller))
    if False in told:
        return Safe.NO
    if landline:
        return Safe.LANDLINE
    if True in told or _callback_says_yes(transaction, row):
        return Safe.YES
    said = messages.of_contact(transaction.tx, row.id) if said is None else said
    return Safe.ANSWER if awaits_answer(said, transaction, within=JUST_NOW) else Safe.UNKNOWN


def _never(transaction: Transaction, row: ContactRow) -> Safe | None:
    """Why nothing can be sent to them at all, if so."""
    if row.caller is None:
        return Safe.NO_NUMBER
    match way_back.way_back(transaction, row):
        case WayBack.NONE:
            return Safe.OUT_OF_REACH
        case WayBack.CALL_ONLY:
            return Safe.ELSEWHERE
        case None:
            pass
    return Safe.OPTED_OUT if way_back.is_out(transaction, row.caller, row.our_number) else None


def _callback_says_yes(transaction: Transaction, row: ContactRow) -> bool:
    """What they answered when they asked to be called in this contact, also if that is over."""
    theirs = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    return theirs is not None and theirs.number == row.caller and theirs.callback.text_safe


def awaits_answer(
    said: Sequence[MessageRow], transaction: Transaction, within: timedelta | None = None
) -> bool:
    """Whether they have written (`within` this time), and nobody on the staff has answered since."""
    for one in reversed(said):
        if one.direction is Direction.IN:
            return within is None or transaction.now - one.at <= within
        if one.by_staff is not None and one.status not in NOT_SENT:
            return False
    return False


def send(
    transaction: Transaction,
    row: ContactRow,
    words: str,
    by: StaffId,
    message_id: str,
    *,
    urgent: bool = False,
) -> bool:
    """Promise a text to the caller, from the number that they used; False if this one has been promised already.

    Lost answers are looked up at the carrier before it is repeated, and it isn't sent if they opt out meanwhile.
    """
    if row.caller is None or messages.get(transaction.tx, message_id) is not None:
        return False
    text = SendText(row.caller, words, paths.text_status(message_id), transaction.our_number(row.our_number))
    urgency = Urgency.URGENT if urgent else Urgency.ORDINARY
    outbox_id = transaction.send(
        text, about=Origin(OriginKind.MESSAGE, message_id), urgency=urgency, to_caller=True
    )
    kept = MessageRow(
        id=message_id,
        contact_id=row.id,
        direction=Direction.OUT,
        number=row.caller,
        body=words,
        status=TextStatus.ACCEPTED,
        status_rank=TextStatus.ACCEPTED.rank,
        at=transaction.now,
        outbox_id=outbox_id,
        by_staff=by,
    )
    emergency_callbacks.they_write(transaction, row.caller)
    _asks_no_more(transaction, row)
    return messages.add(transaction.tx, kept)


def _asks_no_more(transaction: Transaction, row: ContactRow) -> None:
    """A key that they write from now on may answer a person, and none of our questions before."""
    state = flow_state.read(row)
    if state.left_open is not None:
        data = flow_state.written(replace(state, left_open=None))
        contacts.save(transaction.tx, replace(row, data=data))
