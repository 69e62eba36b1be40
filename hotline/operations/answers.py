"""What a telephone leg is answered, as data: decided here, rendered by `telephony.twiml`, recorded for repeats."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import TypeAdapter

from hotline.model import ContactId, Language, PageId, PhoneNumber, RoomName, StaffId
from hotline.triage.contact import Spoken, Wait


class Then(StrEnum):
    """What follows the words."""

    LISTEN = "listen"
    LISTEN_NUMBER = "listen_number"
    JOIN = "join"
    DIAL = "dial"
    END = "end"
    REST = "rest"


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


@dataclass(frozen=True, slots=True)
class StaffAnswer:
    """The answer to a leg of a member of staff."""

    page: PageId
    say: tuple[Spoken, ...]
    then: Then
    asks_outcome: bool = False
    """LISTEN is for the outcome menu, not for accepting."""
    tries: int = 0
    room: RoomName | None = None


ANSWERS = TypeAdapter(Answer)
"""An answer as JSON and back."""
