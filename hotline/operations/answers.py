"""What a telephone leg is answered, as data: decided here, rendered by `telephony.twiml`, recorded for repeats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import TypeAdapter

from hotline.model import ContactId, Language, PageId, PhoneNumber, RoomName, StaffId
from hotline.operations.transaction import Transaction
from hotline.store import contacts
from hotline.store.contacts import ContactRow
from hotline.triage.turn import Spoken, Wait


class Then(StrEnum):
    """What follows the words."""

    LISTEN = "listen"
    LISTEN_NUMBER = "listen_number"
    JOIN = "join"
    DIAL = "dial"
    END = "end"
    REST = "rest"
    WAIT = "wait"
    """The words and a pause: what somebody hears who is alone in a room."""


@dataclass(frozen=True, slots=True)
class Dialled:
    """One phone that a caller's own leg dials; `staff` is None for the failsafe number."""

    staff: StaffId | None
    number: PhoneNumber


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one turn of a contact."""

    contact: ContactId
    next_turn: int
    """The number that the next webhook of this contact will carry."""
    language: Language
    say: tuple[Spoken, ...]
    then: Then
    wait: Wait = Wait.MENU
    room: RoomName | None = None
    dial: tuple[Dialled, ...] = ()
    ours: str = ""
    """The number of ours that the words name, in E.164; empty: the first one."""


class Question(StrEnum):
    """What a member of staff is asked; the word in the address to which the key goes."""

    ACCEPT = "key"
    OUTCOME = "outcome"
    WHO = "who"
    """Who it was that answered a call of ours."""
    STAR = "star"
    """What they want who have pressed * in a talk."""


@dataclass(frozen=True, slots=True)
class StaffAnswer:
    """The answer to a leg of a member of staff."""

    page: PageId
    say: tuple[Spoken, ...]
    then: Then
    question: Question = Question.ACCEPT
    """What LISTEN is for."""
    tries: int = 0
    room: RoomName | None = None
    stay: str = ""
    """With JOIN and with a question about it: which stay in the room; another one each time they come into it."""


ANSWERS = TypeAdapter(Answer)
"""An answer as JSON and back."""


# --- what was answered so far -----------------------------------------------------------------------------------


def talk_began(transaction: Transaction, row: ContactRow) -> datetime | None:
    """When the caller was last put into the room (UTC); None if they never were."""
    joined = [at for at, answer in history(transaction, row) if answer.then is Then.JOIN]
    return joined[-1] if joined else None


def history(transaction: Transaction, row: ContactRow) -> list[tuple[datetime, Answer]]:
    """Every answer this contact was given, in order, with its time (UTC)."""
    return [
        (at, ANSWERS.validate_json(answer)) for at, answer in contacts.all_answered(transaction.tx, row.id)
    ]
