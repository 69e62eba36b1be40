"""How texts were read: kept with the text, for staff to see and to judge."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from hotline.model import AuditAction, AuditKind, ContactId, Language, StaffId, Subject, TimelineWord
from hotline.operations.transaction import Transaction
from hotline.store.traffic import readings
from hotline.store.traffic.messages import MessageRow
from hotline.store.traffic.readings import Did, Judged, Judgement, KeptReading, Why
from hotline.triage.caller_events import Texted
from hotline.triage.contact import Contact
from hotline.triage.facts import Facts
from hotline.triage.meaning import reading_of
from hotline.triage.texts.first_lines import first_lines
from hotline.triage.texts.text import in_their_language
from hotline.triage.turn import OptOut, Reach, Turn
from hotline.triage.urgency import Label

_JUDGED: Final = {
    Judgement.EMERGENCY: (TimelineWord.WAS_EMERGENCY, AuditAction.WAS_EMERGENCY),
    Judgement.NO_EMERGENCY: (TimelineWord.WAS_NO_EMERGENCY, AuditAction.WAS_NO_EMERGENCY),
}
_TAKEN_BACK: Final = (TimelineWord.JUDGEMENT_TAKEN_BACK, AuditAction.JUDGEMENT_TAKEN_BACK)
_URGENT: Final = (Label.EMERGENCY, Label.SUICIDE)
_DOUBTFUL: Final = (*_URGENT, Label.ASK)


def keep(
    transaction: Transaction, message: MessageRow, event: Texted, before: Contact, known: Facts, turn: Turn
) -> None:
    """Keep how a text was read by the turn that it got, in the language that it was read in."""
    if message.contact_id is None:
        return
    language = in_their_language(before, event.words, known).language
    reading = reading_of(event.words, language, known.phrases)
    readings.add(
        transaction.tx,
        KeptReading(
            message_id=message.id,
            contact_id=message.contact_id,
            at=message.at,
            language=language,
            label=reading.label.value,
            named=reading.named,
            did=_did(turn, reading.label, known),
            why=Why(reading.reason, reading.confidence),
        ),
    )


def _did(turn: Turn, label: Label, known: Facts) -> Did:
    reached = {request.subject for request in turn.requests if isinstance(request, Reach)}
    if Subject.EMERGENCY in reached:
        return Did.PAGED
    if any(isinstance(request, OptOut) for request in turn.requests):
        return Did.OPTED_OUT
    with_a_person = known.thread_open and label in _DOUBTFUL
    return Did.ASKED if Subject.THREAD in reached or with_a_person else Did.OTHER


class Doubt(StrEnum):
    """How doubtful it is whether what somebody wrote in a thread is danger: the worse first."""

    WOULD_PAGE = "would_page"
    """In a thread that nobody had it would have paged: whoever has this one is told so at once, by text."""
    FOUND = "found"
    """A rule found danger, and the score speaks against it."""


def would_have_paged(transaction: Transaction, message_id: str) -> bool:
    """Whether this text would have paged in a thread that nobody had."""
    kept = readings.get(transaction.tx, message_id)
    return kept is not None and kept.did is not Did.PAGED and kept.label in _URGENT


def paged(transaction: Transaction, message_id: str) -> bool:
    """Whether this text was read as danger, and was for clinicians."""
    kept = readings.get(transaction.tx, message_id)
    return kept is not None and kept.did is Did.PAGED and kept.label in _URGENT


def doubt_in(transaction: Transaction, contact_id: ContactId) -> Doubt | None:
    """The worst doubt in a thread; None if there is none, or somebody has said of each such text what it was."""
    found = readings.unsettled(transaction.tx, contact_id)
    if any(one.label in _URGENT for one in found):
        return Doubt.WOULD_PAGE
    return Doubt.FOUND if any(one.label == Label.ASK and one.named for one in found) else None


def judge(
    transaction: Transaction, contact_id: ContactId, message_id: str, judgement: Judgement | None, by: StaffId
) -> bool:
    """What a member of staff says that a text of this thread was; None takes back whatever was said.

    The last word counts; each is on the timeline and in the audit trail. False if there is no such text that was read.
    """
    kept = readings.get(transaction.tx, message_id)
    if kept is None or kept.contact_id != contact_id:
        return False
    if (kept.judged.judgement if kept.judged else None) is judgement:
        return True
    readings.judge(transaction.tx, message_id, Judged(judgement, by, transaction.now) if judgement else None)
    what, action = _JUDGED[judgement] if judgement else _TAKEN_BACK
    transaction.note(what, contact=contact_id, by=by)
    transaction.audit(action, AuditKind.MESSAGE, message_id, by=by)
    return True


def shortened(transaction: Transaction, texts: Iterable[str], language: Language) -> dict[str, str]:
    """The first lines of those of these texts that are long, and hold no danger."""
    phrases = transaction.settings.centre.reading.phrases
    found = {words: first_lines(words, language, phrases) for words in texts}
    return {words: short for words, short in found.items() if short is not None}
