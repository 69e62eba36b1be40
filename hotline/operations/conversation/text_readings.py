"""How texts were read: kept with the text, for staff to see and to judge."""

from __future__ import annotations

from typing import Final

from hotline.model import AuditAction, AuditKind, ContactId, StaffId, Subject, TimelineWord
from hotline.operations.transaction import Transaction
from hotline.store.traffic import readings
from hotline.store.traffic.messages import MessageRow
from hotline.store.traffic.readings import Did, Judged, Judgement, KeptReading, Why
from hotline.triage.caller_events import Texted
from hotline.triage.contact import Contact
from hotline.triage.facts import Facts
from hotline.triage.meaning import reading_of
from hotline.triage.texts.text import in_their_language
from hotline.triage.turn import OptOut, Reach, Turn
from hotline.triage.urgency import Label

_JUDGED: Final = {
    Judgement.EMERGENCY: (TimelineWord.WAS_EMERGENCY, AuditAction.WAS_EMERGENCY),
    Judgement.NO_EMERGENCY: (TimelineWord.WAS_NO_EMERGENCY, AuditAction.WAS_NO_EMERGENCY),
}
_TAKEN_BACK: Final = (TimelineWord.JUDGEMENT_TAKEN_BACK, AuditAction.JUDGEMENT_TAKEN_BACK)
_DOUBTFUL: Final = (Label.EMERGENCY, Label.SUICIDE, Label.ASK)


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
