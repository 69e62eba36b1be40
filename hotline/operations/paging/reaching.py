"""Reaching a human: one mechanism for emergencies, live calls, callbacks and texts that a person must read.

The rules say whom to page and when to go on (`oncall.escalation_moves`); here that is recorded, and the calls and texts
that follow from it are put into the outbox.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, assert_never

from hotline.model import (
    AuditAction,
    AuditKind,
    CallbackId,
    ContactId,
    EscalationId,
    How,
    Language,
    Line,
    RoomName,
    StaffId,
    Subject,
    TimelineWord,
)
from hotline.oncall.attention import StaffCall, Stage
from hotline.oncall.escalation import (
    NOBODY,
    Acknowledged,
    AskSecond,
    CancelPage,
    Closed,
    Escalation,
    EscalationStatus,
    Event,
    Opened,
    Page,
    PagingRequest,
    People,
    Rested,
    Ring,
    SecondOver,
    Summoned,
    TellHandedOver,
    TellNotTaken,
    TellTaken,
    Unreached,
    WaitOver,
    open_escalation,
)
from hotline.oncall.escalation_moves import asks_who_is_on, step
from hotline.oncall.policy import Policy, second_policy
from hotline.operations import staff_member
from hotline.operations.paging import (
    calling_off,
    duty,
    helping,
    one_ring,
    page_codes,
    pager,
    telling_staff,
    whom_to_ask,
)
from hotline.operations.paging.pager import ToPage
from hotline.operations.transaction import Transaction, new_id
from hotline.store.cases import contacts, escalations, pages
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageRow, PageState, Purpose
from hotline.store.overviews import conference

_TEXTS_REST: Final = timedelta(minutes=15)
"""How often it is looked whether the emergency is still open in whose thread a text waits for a person."""
_SECOND_AFTER: Final = timedelta(seconds=10)
"""How long the phones that rang for something need to be free again, before a second is asked to know of it."""


@dataclass(frozen=True, slots=True)
class About:
    """What a human is to be reached for."""

    room: RoomName
    line: Line | None
    language: Language
    contact: ContactId | None = None
    callback: CallbackId | None = None


def open_for(
    transaction: Transaction,
    subject: Subject,
    about: About,
    policy: Policy | None = None,
    summon: StaffId | None = None,
    *,
    ring_after: timedelta = timedelta(0),
) -> EscalationRow:
    """Open an escalation; its first pages are in the outbox when this returns. `summon` is paged before anybody.

    `ring_after`: how long whoever is rung needs to put their phone down.
    """
    page_codes.draw_ahead(transaction)
    rule = open_escalation(
        EscalationId(new_id()), policy or duty.policy_for(transaction, subject), transaction.now
    )
    row = EscalationRow(rule, about.room, about.language, about.line, about.contact, about.callback)
    event = Opened() if summon is None else Summoned(summon)
    rests = helping.rests_beside(transaction, row) is not None
    crew = NOBODY
    if rests:
        row = replace(row, escalation=replace(rule, next_at=transaction.now + _TEXTS_REST))
    elif asks_who_is_on(rule, event):
        crew = whom_to_ask.crew_for(transaction, row)
    row = escalations.add(transaction.tx, row)
    pages.remember_of(transaction.tx, rule.id, ())
    transaction.note(
        TimelineWord.REACHING,
        contact=about.contact,
        callback=about.callback,
        escalation=rule.id,
        detail=subject,
    )
    if rests:
        return row
    opened = tell(transaction, row, event, ring_after=ring_after, crew=crew)
    if subject is Subject.EMERGENCY:
        rest_texts(transaction, opened)
    return opened


def rest_texts(transaction: Transaction, emergency: EscalationRow) -> None:
    """It is open: a text of its number that waits for a person is with whoever has it, and no phone rings for that."""
    for one in _texts_of(transaction, emergency):
        rest(transaction, one)


def rest(transaction: Transaction, text: EscalationRow) -> None:
    """No phone rings for this text; whether its emergency is still open is looked at again by the clock."""
    tell(transaction, text, Rested(transaction.now + _TEXTS_REST))


def ring_for_texts(transaction: Transaction, emergency: EscalationRow) -> None:
    """It is over: texts of its number that nobody has taken in other threads, and no other emergency of it keeps at
    rest, are rung for again."""
    for one in _texts_of(transaction, emergency):
        if one.room != emergency.room and helping.rests_beside(transaction, one) is None:
            begin_anew(transaction, one)


def _texts_of(transaction: Transaction, emergency: EscalationRow) -> list[EscalationRow]:
    origin = contacts.get(transaction.tx, emergency.contact_id) if emergency.contact_id else None
    if origin is not None and origin.caller is not None:
        return conference.unread_texts_of(transaction.tx, origin.caller)
    there = conference.open_escalations(transaction.tx, emergency.room)
    unread = [one for one in there if one.escalation.status is EscalationStatus.REACHING]
    return [one for one in unread if one.escalation.subject is Subject.THREAD]


def begin_anew(transaction: Transaction, row: EscalationRow) -> EscalationRow:
    """What rested is rung for again, from the first rung on."""
    fresh = replace(row, escalation=replace(row.escalation, rung=-1, next_at=transaction.now))
    return tell(transaction, fresh, WaitOver())


def _asked(transaction: Transaction, row: EscalationRow) -> People:
    """Who is on, of whom some are about to be paged."""
    page_codes.draw_ahead(transaction)
    return whom_to_ask.crew_for(transaction, row)


def tell(
    transaction: Transaction,
    row: EscalationRow,
    event: Event,
    *,
    ring_after: timedelta = timedelta(0),
    crew: People | None = None,
) -> EscalationRow:
    """Let something happen to an escalation, and carry out what follows from it.

    `ring_after`: how long whoever is rung for their key needs to put their phone down. `crew`: who is on for it, if
    that has been asked.
    """
    if crew is None:
        crew = _asked(transaction, row) if asks_who_is_on(row.escalation, event) else NOBODY
    after, requests = step(row.escalation, event, crew, transaction.now)
    in_vain = _in_vain(after, event)
    if in_vain:
        after, requests = step(row.escalation, Closed(None), crew, transaction.now)
    if after == row.escalation and not requests:
        return row
    closed = transaction.now if not after.is_open and row.closed_at is None else row.closed_at
    anew = after.accepted_by is not None and after.accepted_by != row.escalation.accepted_by
    touched = transaction.now if anew else row.touched_at
    saved = escalations.save(
        transaction.tx, replace(row, escalation=after, closed_at=closed, touched_at=touched)
    )
    if row.escalation.status is EscalationStatus.REACHING and after.status is not EscalationStatus.REACHING:
        telling_staff.settle_texts(transaction, saved, event, requests)
    telling_staff.settle_offer(transaction, row, saved, event)
    _carry_out(transaction, saved, requests, ring_after)
    if not after.is_open:
        calling_off.call_everybody_off(transaction, saved)
        if after.subject is Subject.EMERGENCY:
            for helped in helping.called_into(transaction, row.room):
                tell(transaction, helped, Closed(None))
    if in_vain and not isinstance(event, Opened):
        telling_staff.tell_in_vain(transaction, saved)
    return saved


def acknowledge(transaction: Transaction, row: EscalationRow, by: StaffId) -> EscalationRow:
    """Somebody knows of it beside the one who has it, and nobody else is asked to. What comes late changes nothing.

    Only for what proves who it is: a key on a call to their verified phone, or the console.
    """
    if not row.escalation.lacks_second or by in row.escalation.knows:
        return row
    transaction.audit(AuditAction.ACKNOWLEDGED, AuditKind.ESCALATION, row.escalation.id, by=by)
    transaction.note(
        TimelineWord.SECOND_KNOWS,
        contact=row.contact_id,
        callback=row.callback_id,
        escalation=row.escalation.id,
        by=by,
    )
    return tell(transaction, row, Acknowledged(by))


def _ask_second(transaction: Transaction, row: EscalationRow) -> None:
    """The clock pages the first of them in a moment: who has it already is on the telephone with us."""
    rule = open_escalation(EscalationId(new_id()), second_policy(row.escalation.policy), transaction.now)
    rule = replace(rule, next_at=transaction.now + _SECOND_AFTER)
    asks = EscalationRow(rule, row.room, row.language, row.line, second_of=row.escalation.id)
    escalations.add(transaction.tx, asks)
    transaction.note(
        TimelineWord.SECOND_ASKED,
        contact=row.contact_id,
        callback=row.callback_id,
        escalation=row.escalation.id,
    )


def _second_over(transaction: Transaction, row: EscalationRow) -> None:
    asks = escalations.asks_second_of(transaction.tx, row.escalation.id)
    if asks is not None:
        tell(transaction, asks, Closed(None))


def unreached(transaction: Transaction, person: StaffId, paged: Sequence[one_ring.Waiting]) -> None:
    """This person's phone rang in vain for all of these. Where others are asked still, that is all."""
    over = [replace(one, state=PageState.UNREACHED, ended_at=transaction.now) for one, _ in paged]
    pages.save_all(transaction.tx, over)
    transaction.note_all(TimelineWord.UNREACHED, [about for _, about in paged], by=person)
    event = Unreached(person)
    # Two pages may be about the same: it is told once.
    about_each = {about.escalation.id: about for _, about in paged}.values()
    # Whoever has it and asked them to take it over is to be told, too.
    told = [
        about
        for about in about_each
        if asks_who_is_on(about.escalation, event) or about.escalation.offered_to == person
    ]
    others = [about for about in about_each if about not in told]
    left = [(about, step(about.escalation, event, NOBODY, transaction.now)[0]) for about in others]
    escalations.save_all(
        transaction.tx,
        [replace(about, escalation=after) for about, after in left if after != about.escalation],
    )
    for about in told:
        fresh = escalations.get(transaction.tx, about.escalation.id)
        tell(transaction, fresh or about, event)


def _in_vain(escalation: Escalation, event: Event) -> bool:
    """Somebody is at work on it meanwhile: others are asked once, and whoever asked for them is told if none comes.

    Help is asked for by text, too: there whoever didn't take the call has until the last wait is over.
    """
    calls_only = escalation.subject is Subject.CLINICIAN or isinstance(event, Opened)
    over = escalation.round > 1 or (calls_only and not escalation.ringing)
    asked = escalation.subject in (Subject.CLINICIAN, Subject.HELP)
    return asked and escalation.status is EscalationStatus.REACHING and over


def _carry_out(
    transaction: Transaction, row: EscalationRow, requests: Sequence[PagingRequest], ring_after: timedelta
) -> None:
    """Whoever isn't to be rung any more first, then whoever is."""
    pages_wanted = [one for one in requests if isinstance(one, Page)]
    wanted = {(one.staff, way): one for one in pages_wanted for way in one.how}
    over = [request.staff for request in requests if isinstance(request, CancelPage)]
    if over:
        kept = {(one.staff_id, one.how) for one in _still_waits(transaction, row, wanted)}
        calling_off.call_off(transaction, row, *over, but=kept)
        wanted = {one: request for one, request in wanted.items() if one not in kept}
    for request in requests:
        match request:
            case Page() | CancelPage():
                pass
            case Ring(person):
                ring(transaction, row, person, after=ring_after)
            case TellTaken(person, by):
                telling_staff.tell_taken(transaction, row, person, by)
            case TellHandedOver(person, to):
                telling_staff.text_about(
                    transaction, row, person, "page_handed", WHO=staff_member.first_name(transaction, to)
                )
            case TellNotTaken(person, to):
                telling_staff.text_about(
                    transaction, row, person, "page_kept", WHO=staff_member.first_name(transaction, to)
                )
            case AskSecond():
                _ask_second(transaction, row)
            case SecondOver():
                _second_over(transaction, row)
            case _:
                assert_never(request)
    rung = dict.fromkeys(person for person, way in wanted if way is How.CALL)
    less = calling_off.less_pressing(transaction, row, rung) if rung else {}
    pager.page_all(
        transaction,
        row,
        [
            ToPage(person, way, calling_off.due_at(transaction, less.get(person, ()), ring_after))
            for person, way in wanted
        ],
    )
    for person, calls in less.items():
        take_from_less(transaction, person, calls)


def _still_waits(
    transaction: Transaction, row: EscalationRow, wanted: Collection[tuple[StaffId, How]]
) -> list[PageRow]:
    """Those of these pages, wanted anew, that wait still until a phone is free or the next text leaves: they keep
    their place and their code. A text of which another one told doesn't: whether it is time to tell it again is asked
    anew."""
    return [
        one
        for one in pages.waiting_of(transaction.tx, row.escalation.id)
        if one.state is PageState.COVERED
        and one.purpose is Purpose.JOIN
        and (one.staff_id, one.how) in wanted
        and (one.how is How.CALL or one.sent_at is None)
    ]


def ring(
    transaction: Transaction, row: EscalationRow, person: StaffId, *, after: timedelta = timedelta(0)
) -> one_ring.Rings:
    """Their phone rings for this now, or as soon as it is free, unless it does already; what it does.

    A ring that is about to end is begun anew: whoever asks for it needs time to take the phone up.
    """
    ends = calling_off.is_about_to_end(transaction, row, person)
    if ends:
        calling_off.call_off(transaction, row, person)
    if one_ring.rings(transaction, row, person) is one_ring.Rings.NOT:
        less = calling_off.less_pressing(transaction, row, [person])[person]
        free_at = calling_off.free_at(transaction, less) or transaction.now + (
            calling_off.FREE_AFTER[Stage.RINGS] if ends else timedelta(0)
        )
        due_at = max(free_at, transaction.now + after)
        pager.page(transaction, row, person, due_at=due_at, waits=not less and not ends)
        take_from_less(transaction, person, less)
    return one_ring.rings(transaction, row, person)


def take_from_less(transaction: Transaction, person: StaffId, calls: Sequence[StaffCall]) -> None:
    """Their phone stops ringing for these, and somebody else is looked for.

    Called when what is more pressing has been paged: whoever it rings is not looked for, nor are they again. Who has
    pressed 1 since it was looked whose phones ring has it, and keeps it.
    """
    for call in calls:
        less = escalations.get(transaction.tx, call.about)
        if less is not None and less.escalation.accepted_by != person:
            calling_off.call_off(transaction, less, person)
            tell(transaction, less, Unreached(person))
