"""Everything that happened about one contact, in one order: calls, keys, texts, pages, outcomes, and who looked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hotline.model import AuditAction, AuditKind, Channel, ContactId, How, TimelineWord
from hotline.operations.callbacks import admissions_talk
from hotline.operations.transaction import Transaction
from hotline.store.cases import timeline, whole_case
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.pages import PageRow
from hotline.store.cases.timeline import TimelineRow
from hotline.store.cases.whole_case import OurCall, WholeCase
from hotline.store.people import audit
from hotline.store.traffic import messages
from hotline.store.traffic.messages import Direction

RANG: Final = "page rang"
TEXTED: Final = "page texted"
WE_CALLED: Final = "we called"
OUR_CALL_OVER: Final = "our call over"
THEY_WROTE: Final = "they wrote"
THEY_SENT: Final = "they sent"
WE_REPLIED: Final = "we replied"
LOOKED: Final = "looked"
LOOKED_AT_RECORD: Final = "looked at record"
CHANGED_RECORD: Final = "changed record"
"""What happened that stands on no timeline of its own."""
_LOOKS: Final = {
    AuditAction.VIEWED_THREAD: LOOKED,
    AuditAction.VIEWED_RECORD: LOOKED_AT_RECORD,
    AuditAction.CHANGED_RECORD: CHANGED_RECORD,
}


def of(transaction: Transaction, row: ContactRow) -> list[TimelineRow]:
    """All of it, the oldest first; of texts their own words, sealed like everything that somebody said."""
    began = dict.fromkeys((admissions_talk.case_of(transaction, row), row.id))
    own = (row.callback_id,) if row.callback_id else ()
    case = whole_case.look(transaction.tx, tuple(began), own)
    ours = {one.contact for one in case.calls}
    told = timeline.of_case(transaction.tx, case.contacts, case.callbacks, case.escalations)
    lines = [
        *(one for one in told if not (one.what == TimelineWord.ENDED and one.contact_id in ours)),
        *_calls(case),
        *(line for page in case.pages for line in _page(page)),
        *_texts(transaction, row),
        *_looks(transaction, case),
    ]
    # Lines that were kept keep their order; of the same moment, their words stand before what followed from them, and
    # everything else behind.
    return sorted(lines, key=lambda one: (one.at, one.what not in (THEY_WROTE, THEY_SENT)))


def _calls(case: WholeCase) -> Iterator[TimelineRow]:
    for one in case.calls:
        yield TimelineRow(one.at, WE_CALLED, one.contact, one.callback)
        if one.ended_at is not None:
            yield TimelineRow(one.ended_at, OUR_CALL_OVER, one.contact, one.callback, detail=_ended(one))


def _ended(call: OurCall) -> str | None:
    return call.outcome.value if call.outcome else None


def _page(page: PageRow) -> Iterator[TimelineRow]:
    if page.sent_at is not None:
        what = RANG if page.how is How.CALL else TEXTED
        yield TimelineRow(page.sent_at, what, escalation_id=page.escalation_id, by_staff=page.staff_id)


def _texts(transaction: Transaction, row: ContactRow) -> Iterator[TimelineRow]:
    if row.channel is not Channel.TEXT:
        return
    for one in messages.of_contact(transaction.tx, row.id):
        if one.direction is Direction.IN:
            bare = bool(one.media) and one.body == "[picture]"
            what, words = (THEY_SENT, None) if bare else (THEY_WROTE, one.body)
            yield TimelineRow(one.at, what, row.id, detail=words)
        elif one.by_staff is None:
            yield TimelineRow(one.at, WE_REPLIED, row.id, detail=one.body)


def _looks(transaction: Transaction, case: WholeCase) -> Iterator[TimelineRow]:
    for entry in audit.about_any(transaction.tx, AuditKind.CONTACT, case.contacts):
        what = next((word for action, word in _LOOKS.items() if entry.action == action), None)
        if what is not None:
            yield TimelineRow(entry.at, what, ContactId(entry.subject_id), by_staff=entry.staff_id)
