"""A member of staff, as operations know them: their row, what colleagues call them, what they are sent and told."""

from __future__ import annotations

from hotline import paths
from hotline.effects import Origin, OriginKind, RedirectCall, SendText, Urgency
from hotline.model import Channel, Language, Line, RoomName, StaffId, is_known
from hotline.operations.transaction import Transaction, new_id
from hotline.store.overviews import conference, crew
from hotline.store.people.staff import StaffRow


def known(transaction: Transaction, person: StaffId) -> StaffRow:
    """The member of staff. They are never deleted, so an unknown id is a fault of ours: raises LookupError."""
    member = crew.member(transaction.tx, person)
    if member is None:
        raise LookupError("no such member of staff")
    return member


def first_name(transaction: Transaction, person: StaffId) -> str:
    """How colleagues are told who it was. Raises LookupError, as `known` does."""
    return known(transaction, person).name.split()[0]


def text(
    transaction: Transaction, person: StaffId, words: str, *, urgency: Urgency = Urgency.ORDINARY
) -> None:
    """Put a text to their phone into the outbox. Raises LookupError, as `known` does."""
    about = Origin(OriginKind.STAFF, person)
    sent = SendText(known(transaction, person).phone, words, paths.SMS_STATUS)
    transaction.send(sent, about=about, urgency=urgency)


def whisper_in(transaction: Transaction, room: RoomName, word: str) -> None:
    """Whisper this prompt to whoever of the staff has been in the room longest; they are back in it at once."""
    for one in conference.staff_in(transaction.tx, room)[:1]:
        if one.provider_sid is not None:
            errand = paths.by_room(room, new_id())
            told = RedirectCall(one.provider_sid, paths.page_told(one.id, word, errand))
            transaction.send(told, about=Origin(OriginKind.PAGE, one.id))


def said_line(transaction: Transaction, line: Line | None) -> str:
    """What staff hear of what somebody called for: a person, if nobody knows, or only a later version does."""
    known_one = line if line is not None and is_known(line) else Line.PERSON
    return transaction.application.prompts.text(f"line_{known_one}", Channel.VOICE)


def said_language(transaction: Transaction, language: Language) -> str:
    """What staff hear of a language: English is spoken to whoever speaks what only a later version knows."""
    known_one = language if is_known(language) else Language.EN
    return transaction.application.prompts.text(f"language_{known_one}", Channel.VOICE)
