"""Calls and texts to staff: each is one page, with a code of its own. When phones ring is in `one_ring`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, assert_never

from hotline import paths
from hotline.effects import PlaceCall, SendText, Urgency
from hotline.model import PageId, StaffId, Subject
from hotline.oncall.policy import How
from hotline.operations import codes, one_ring
from hotline.operations.call_only import of_emergency
from hotline.operations.house import Desk, new_id
from hotline.operations.work import Work, each
from hotline.store import escalations, pages, staff
from hotline.store.escalations import EscalationRow
from hotline.store.outbox import Origin
from hotline.store.pages import PageRow, Purpose
from hotline.store.pages import State as PageState

KIND: Final = {
    Subject.EMERGENCY: "emergency",
    Subject.ADMISSIONS: "live",
    Subject.FAMILY: "live",
    Subject.PERSON: "live",
    Subject.CALLBACK: "callback",
    Subject.THREAD: "thread",
    Subject.CLINICIAN: "clinician",
}
"""Which of the page_... prompts tells staff what waits."""
# --- paging ----------------------------------------------------------------------------------------------------


def page(
    desk: Desk,
    row: EscalationRow,
    person: StaffId,
    way: How,
    *,
    purpose: Purpose = Purpose.JOIN,
    regards: str | None = None,
    due_at: datetime | None = None,
    waits: bool = False,
) -> PageRow:
    """Ring or text one person about one escalation: now (or at `due_at`), or when their phone is free.

    `waits`: whatever it rings for, for this is what they have asked for themselves.
    """
    covered = _is_covered(desk, row, person, way, waits=waits or purpose is not Purpose.JOIN)
    made = PageRow(
        id=PageId(new_id()),
        escalation_id=row.escalation.id,
        staff_id=person,
        how=way,
        state=PageState.COVERED if covered else PageState.PLACED,
        reference=codes.fresh(desk, person),
        placed_at=desk.now,
        purpose=purpose,
        regards=regards,
    )
    made = pages.add(desk.tx, made)
    if not covered:
        _send(desk, row, made, due_at)
    return made


def _is_covered(desk: Desk, row: EscalationRow, person: StaffId, way: How, *, waits: bool) -> bool:
    emergency = row.escalation.subject is Subject.EMERGENCY
    if way is How.TEXT:
        return emergency and one_ring.just_texted(desk, person)
    if waits and not one_ring.is_free(desk, row, person):
        return True
    return emergency and one_ring.in_use(desk, person)


def _send(desk: Desk, row: EscalationRow, made: PageRow, due_at: datetime | None = None) -> None:
    member = staff.get(desk.tx, made.staff_id)
    if member is None:
        raise LookupError("no such member of staff")
    about = Origin("page", made.id)
    match made.how:
        case How.CALL:
            seconds = int(desk.settings.centre.waits.staff_ring.total_seconds())
            call = PlaceCall(member.phone, paths.page(made.id), paths.page_status(made.id), seconds)
            desk.send(call, about=about, urgency=_lane(row), due_at=due_at)
        case How.TEXT:
            text = SendText(member.phone, _words(desk, row, made), paths.text_status(made.id))
            desk.send(text, about=about, urgency=_lane(row))
        case _:
            assert_never(made.how)


def _lane(row: EscalationRow) -> Urgency:
    return Urgency.EMERGENCY if row.escalation.subject is Subject.EMERGENCY else Urgency.URGENT


def _words(desk: Desk, row: EscalationRow, made: PageRow) -> str:
    rule = row.escalation
    if rule.offered_to == made.staff_id and rule.accepted_by is not None:
        giver = staff.get(desk.tx, rule.accepted_by)
        who = giver.name.split()[0] if giver else ""
        return desk.text("page_offered", REF=made.reference, WHO=who)
    kind = of_emergency(desk, row) or KIND[rule.subject]
    return desk.text(f"page_{kind}", REF=made.reference)


# --- what comes next -------------------------------------------------------------------------------------------


def found(desk: Desk) -> Sequence[Work]:
    """Whoever's phone is free, or has had no text for a while, and for whom something waits."""
    return each(next_for, sorted({one.staff_id for one in pages.covered(desk.tx) if _is_untold(one)}))


def _is_untold(one: PageRow) -> bool:
    return one.how is How.CALL or one.sent_at is None


def next_for(desk: Desk, person: StaffId) -> None:
    """Ring them for what waits, if their phone is free; and tell them by text, if it is time to."""
    for one in pages.covered(desk.tx, person):
        about = escalations.get(desk.tx, one.escalation_id)
        if about is None or not one_ring.concerns(about, person):
            pages.save(desk.tx, replace(one, state=PageState.CALLED_OFF, ended_at=desk.now))
    calls = one_ring.covered(desk, person, How.CALL)
    if calls and one_ring.is_free(desk, calls[0][1], person):
        one, about = calls[0]
        _send(desk, about, pages.save(desk.tx, _placed(desk, one)))
    texts = [one for one in one_ring.covered(desk, person, How.TEXT) if _is_untold(one[0])]
    if texts and not one_ring.just_texted(desk, person):
        _tell_of(desk, texts)


def _placed(desk: Desk, one: PageRow) -> PageRow:
    return replace(one, state=PageState.PLACED, placed_at=desk.now)


def _tell_of(desk: Desk, texts: Sequence[one_ring.Waiting]) -> None:
    """One text for all of them: it has the code of the most pressing one, and says how many wait."""
    (first, about), *others = texts
    first = pages.save(desk.tx, _placed(desk, first))
    if not others:
        _send(desk, about, first)
        return
    for one, _ in others:
        pages.save(desk.tx, replace(one, sent_at=desk.now))
    member = staff.get(desk.tx, first.staff_id)
    if member is not None:
        words = desk.text("page_emergencies", REF=first.reference, COUNT=str(len(texts)))
        text = SendText(member.phone, words, paths.text_status(first.id))
        desk.send(text, about=Origin("page", first.id), urgency=_lane(about))
