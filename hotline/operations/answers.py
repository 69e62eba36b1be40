"""What a telephone leg is answered, as data: decided here, rendered by `telephony.twiml`, recorded for repeats."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from pydantic import TypeAdapter

from hotline.model import ContactId, KeptWord, Language, PageId, PhoneNumber, RoomName, StaffId
from hotline.operations.transaction import Transaction
from hotline.settings.centre import WaitsTable
from hotline.store.cases import contacts
from hotline.store.cases.contacts import ContactRow
from hotline.store.database import rows
from hotline.triage.turn import Spoken, Wait


class Then(KeptWord):
    """What follows the words."""

    LISTEN = "listen"
    LISTEN_NUMBER = "listen_number"
    JOIN = "join"
    DIAL = "dial"
    END = "end"
    REST = "rest"
    WAIT = "wait"
    """The words and a pause: what somebody hears who is alone in a room."""


BRIEF: Final = timedelta(seconds=1)
"""The loop comes round again at once."""


def silence(wait: Wait, waits: WaitsTable) -> timedelta:
    """How long is listened after the words, if nothing comes."""
    match wait:
        case Wait.MENU:
            return waits.menu_silence
        case Wait.BRIEF:
            return BRIEF
        case Wait.HOLD:
            return waits.hold_loop
        case Wait.CONFIRM:
            return waits.confirm_silence


@dataclass(frozen=True, slots=True)
class Dialled:
    """One phone that a caller's own leg dials; `staff` is None for the failsafe number."""

    staff: StaffId | None
    number: PhoneNumber


@dataclass(frozen=True, slots=True)
class AskedConsent:
    """A question about consent, as it was heard or read."""

    prompt: str
    language: Language
    words: str
    recording: str = ""
    """The digest of the recording that was played in place of the words; empty: they were spoken, or written."""


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
    consent: AskedConsent | None = None
    """The question about consent that is among the words."""


class Question(KeptWord):
    """What a member of staff is asked; the word in the address to which the key goes."""

    ACCEPT = "key"
    OUTCOME = "outcome"
    WHO = "who"
    """Who it was that answered a call of ours."""
    STAR = "star"
    """What they want who have pressed * in a talk."""
    DIRECTORY = "directory"
    """To whom the caller is to be handed over."""
    ASIDE = "aside"
    """What they want who have pressed * while they speak with the other side of a hand-off."""


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
    offered: str = ""
    """With DIRECTORY: the ids of the entries that were named, in the order of their keys."""


NAMES_STAR: Final = frozenset({"whisper_listener", "hand_off_aside", "hand_off_together"})
"""What staff are told on the way into a room that names *: it counts while they are told it, too. Of other words it
doesn't: to listen for a key would keep each caller waiting for a second more."""
ANSWERS = TypeAdapter(Answer)


def as_answered(recorded: str) -> Answer:
    """An answer as it was recorded, perhaps by a later version: words of its may be unknown."""
    return rows.read_as(ANSWERS, recorded)


"""An answer as JSON and back."""


# --- what was answered so far -----------------------------------------------------------------------------------


def marked(row: ContactRow, answer: Answer, at: datetime) -> ContactRow:
    """The contact that is answered so at this time (UTC), with what is asked about it later."""
    match answer.then:
        case Then.JOIN:
            return replace(row, joined_at=at)
        case Then.DIAL:
            return replace(row, dialled_at=at)
        case Then.LISTEN:
            said = {one.prompt for one in answer.say}
            row = replace(row, fetching_at=at) if "getting_person" in said else row
            return replace(row, left_alone_at=at) if "left_alone" in said else row
        case _:
            return row


def history(transaction: Transaction, row: ContactRow) -> list[tuple[datetime, Answer]]:
    """Every answer this contact was given, in order, with its time (UTC)."""
    return [(at, as_answered(answer)) for at, answer in contacts.all_answered(transaction.tx, row.id)]


def first_together(transaction: Transaction, row: ContactRow) -> datetime:
    """When somebody on a call of ours was put together with a human (UTC): a hand-off or an interpreter puts them
    together once more, and the first time counts."""
    together = [at for at, answer in history(transaction, row) if answer.then is Then.JOIN]
    return min((*together, row.joined_at or transaction.now))
