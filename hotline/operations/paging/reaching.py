"""Reaching a human: one mechanism for emergencies, live calls, callbacks and texts that a person must read.

The rules say whom to page and when to go on (`oncall.escalation_moves`); here that is recorded, and the calls and texts
that follow from it are put into the outbox.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from hotline import paths
from hotline.callbacks.promise import is_late
from hotline.effects import HangUp, Origin, OriginKind, RedirectCall
from hotline.model import (
    HELD,
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
from hotline.oncall.attention import Attention, StaffCall, Stage, called_off, wanted
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
    Ring,
    SecondOver,
    Summoned,
    TellHandedOver,
    TellNotTaken,
    TellTaken,
    Unreached,
    open_escalation,
)
from hotline.oncall.escalation_moves import asks_who_is_on, step
from hotline.oncall.policy import Policy, second_policy
from hotline.operations import staff_member
from hotline.operations.paging import duty, hold_order, night_guard, one_ring, page_codes, pager
from hotline.operations.paging.pager import ToPage
from hotline.operations.transaction import Transaction, new_id
from hotline.store.cases import callbacks, escalations, pages
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageRow, PageState, Purpose
from hotline.store.overviews import conference

_LIVE = (*HELD, Subject.CLINICIAN)
COMING = timedelta(seconds=60)
"""How long somebody who accepted by text or on the board may take to be in the room."""
UNANSWERED = (PageState.PLACED, PageState.RINGING, PageState.ANSWERED, PageState.COVERED)
_SECOND_AFTER = timedelta(seconds=10)
"""How long the phones that rang for something need to be free again, before a second is asked to know of it."""
_TIME_TO_TAKE_UP = timedelta(seconds=10)
"""How long a phone still rings at least for somebody who has just asked for it on the board."""
_FREE_AFTER = {Stage.RINGS: timedelta(seconds=1), Stage.PICKED_UP: timedelta(seconds=7)}
"""How long a phone needs to be free again after what it rings for has been called off: that much the carrier takes, and
that long are the words to somebody who has picked up."""


@dataclass(frozen=True, slots=True)
class About:
    """What a human is to be reached for."""

    room: RoomName
    line: Line | None
    language: Language
    contact: ContactId | None = None
    callback: CallbackId | None = None


def is_live(row: EscalationRow) -> bool:
    """Whether it is for a caller on the line, and no emergency: it is over when they hang up."""
    return row.escalation.subject in _LIVE


def wanted_now(transaction: Transaction, row: EscalationRow) -> Attention:
    """Its place in the order for everybody's attention."""
    subject = row.escalation.subject
    owed = (
        callbacks.get(transaction.tx, row.callback_id)
        if subject is Subject.CALLBACK and row.callback_id
        else None
    )
    if owed is None:
        return wanted(subject)
    return wanted(subject, late=is_late(owed.callback, transaction.now), own=owed.callback.owner is not None)


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
    crew = _crew(transaction, row) if asks_who_is_on(rule, event) else NOBODY
    row = escalations.add(transaction.tx, row)
    transaction.note(
        TimelineWord.REACHING,
        contact=about.contact,
        callback=about.callback,
        escalation=rule.id,
        detail=subject,
    )
    return tell(transaction, row, event, ring_after=ring_after, crew=crew)


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
        crew = _crew(transaction, row) if asks_who_is_on(row.escalation, event) else NOBODY
    after, requests = step(row.escalation, event, crew, transaction.now)
    in_vain = _in_vain(after, event)
    if in_vain:
        after, requests = step(row.escalation, Closed(None), crew, transaction.now)
    if after == row.escalation and not requests:
        return row
    closed = (
        transaction.now
        if after.status is EscalationStatus.CLOSED and row.closed_at is None
        else row.closed_at
    )
    anew = after.accepted_by is not None and after.accepted_by != row.escalation.accepted_by
    touched = transaction.now if anew else row.touched_at
    saved = escalations.save(
        transaction.tx, replace(row, escalation=after, closed_at=closed, touched_at=touched)
    )
    if row.escalation.status is EscalationStatus.REACHING and after.status is not EscalationStatus.REACHING:
        _settle_texts(transaction, saved, event, requests)
    _carry_out(transaction, saved, requests, ring_after)
    if after.status is EscalationStatus.CLOSED:
        _call_everybody_off(transaction, saved)
        if after.subject is Subject.EMERGENCY:
            for helped in _help_in(transaction, row.room):
                tell(transaction, helped, Closed(None))
    if in_vain and not isinstance(event, Opened):
        _tell_in_vain(transaction, saved)
    return saved


def _crew(transaction: Transaction, row: EscalationRow) -> People:
    """Who is on for it, and can't be had for it now."""
    case, rule = case_of(transaction, row), row.escalation
    language, wants = duty.language_of(transaction, case), wanted_now(transaction, row)
    but = duty.themselves(transaction, case)
    crew = duty.people(transaction, rule.policy, besides=rule.id, language=language, wants=wants, but=but)
    crew = replace(crew, busy=crew.busy | hold_order.not_for(transaction, row, crew))
    if rule.subject is Subject.SECOND:
        crew = duty.without(crew, case.escalation.knows)
    if rule.subject in (Subject.EMERGENCY, Subject.SECOND) and rule.round == 0:
        crew = replace(crew, on=night_guard.let_sleep(transaction, crew.on, crew.busy))
    if rule.subject is Subject.HELP:
        crew = duty.without(crew, _in_this(transaction, row))
    return crew


def case_of(transaction: Transaction, row: EscalationRow) -> EscalationRow:
    """What it is about in the end: where a second is asked to know of something, that; else it is that itself."""
    about = escalations.get(transaction.tx, row.second_of) if row.second_of is not None else None
    return about or row


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


def _in_this(transaction: Transaction, row: EscalationRow) -> frozenset[StaffId]:
    emergency = pager.emergency_of(transaction, row)
    return in_it(transaction, emergency) if emergency is not None else frozenset()


def in_it(transaction: Transaction, row: EscalationRow) -> frozenset[StaffId]:
    """Whoever has this emergency, or has come to help with it."""
    helpers = (one.escalation.accepted_by for one in _help_in(transaction, row.room))
    return frozenset(one for one in (row.escalation.accepted_by, *helpers) if one is not None)


def asked_beside(transaction: Transaction, room: RoomName) -> EscalationRow | None:
    """What is being done to bring somebody to whoever has the emergency of this room; None: nobody is asked."""
    found = _help_in(transaction, room)
    return next((one for one in found if one.escalation.status is EscalationStatus.REACHING), None)


def _help_in(transaction: Transaction, room: RoomName) -> list[EscalationRow]:
    there = conference.open_escalations(transaction.tx, room)
    return [one for one in there if one.escalation.subject is Subject.HELP]


def unreached(transaction: Transaction, person: StaffId, paged: Sequence[one_ring.Waiting]) -> None:
    """This person's phone rang in vain for all of these. Where others are asked still, that is all."""
    over = [replace(one, state=PageState.UNREACHED, ended_at=transaction.now) for one, _ in paged]
    pages.save_all(transaction.tx, over)
    transaction.note_all(TimelineWord.UNREACHED, [about for _, about in paged], by=person)
    event = Unreached(person)
    # Two pages may be about the same: it is told once.
    about_each = {about.escalation.id: about for _, about in paged}.values()
    others = [about for about in about_each if not asks_who_is_on(about.escalation, event)]
    left = [(about, step(about.escalation, event, NOBODY, transaction.now)[0]) for about in others]
    escalations.save_all(
        transaction.tx,
        [replace(about, escalation=after) for about, after in left if after != about.escalation],
    )
    for about in about_each:
        if asks_who_is_on(about.escalation, event):
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


def _tell_in_vain(transaction: Transaction, row: EscalationRow) -> None:
    """By a whisper, if they talk with the caller; in an emergency, which may be one by text, by text too."""
    if row.escalation.subject is Subject.CLINICIAN:
        tell_room(transaction, row.room, "no_clinician")
        return
    tell_room(transaction, row.room, "no_help")
    transaction.note(TimelineWord.HELP_IN_VAIN, contact=row.contact_id, escalation=row.escalation.id)
    emergency = pager.emergency_of(transaction, row)
    owner = emergency.escalation.accepted_by if emergency is not None else None
    if emergency is not None and owner is not None:
        text_about(transaction, emergency, owner, "help_nobody")


def tell_room(transaction: Transaction, room: RoomName, word: str) -> None:
    """Whisper this prompt to whoever of the staff has been in the room longest; they are back in it at once."""
    for one in conference.staff_in(transaction.tx, room)[:1]:
        if one.provider_sid is not None:
            told = RedirectCall(one.provider_sid, paths.page_told(one.id, word, new_id()))
            transaction.send(told, about=Origin(OriginKind.PAGE, one.id))


def _settle_texts(
    transaction: Transaction, row: EscalationRow, event: Event, requests: Sequence[PagingRequest]
) -> None:
    """Whoever else was asked by text, and not since, is told what became of it: their screen still asks them.

    Their phone has rung in vain, perhaps, and they are not waited for any more; but they have the text before them.
    """
    by = row.escalation.accepted_by or (event.by if isinstance(event, Closed) else None)
    told = {by, *(one.staff for one in requests if isinstance(one, TellTaken))}
    # Whom to tell is found among all its pages, whom to call off among those that are not over: asked for once.
    paged = pages.of_escalation if row.escalation.accepted_by is not None else pages.waiting_of
    asked = dict.fromkeys(
        one.staff_id
        for one in paged(transaction.tx, row.escalation.id)
        if one.how is How.TEXT and one.provider_sid is not None
        if one.ended_at is None and one.staff_id not in told
    )
    if not asked or not _is_settled(transaction, row):
        return
    for person in asked:
        if row.escalation.accepted_by is not None:
            _tell_taken(transaction, row, person, row.escalation.accepted_by)
        else:
            _tell_settled(transaction, row, person, "page_over")
    call_off(transaction, row, *asked)


def _is_settled(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether it is somebody's, or waits for nobody any more: phones ring anew later for what is owed still."""
    if row.escalation.subject is Subject.TEST:
        return False
    owed = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    return row.escalation.accepted_by is not None or owed is None or not owed.callback.is_open


def _call_everybody_off(transaction: Transaction, row: EscalationRow) -> None:
    """Nobody's phone rings for what is over, not even theirs who accepted it in another way."""
    open_pages = pages.waiting_of(transaction.tx, row.escalation.id)
    call_off(transaction, row, *dict.fromkeys(one.staff_id for one in open_pages))


def _carry_out(
    transaction: Transaction, row: EscalationRow, requests: Sequence[PagingRequest], ring_after: timedelta
) -> None:
    """Whoever isn't to be rung any more first, then whoever is."""
    pages_wanted = [one for one in requests if isinstance(one, Page)]
    wanted = {(one.staff, way): one for one in pages_wanted for way in one.how}
    over = [request.staff for request in requests if isinstance(request, CancelPage)]
    if over:
        still = _still_waits(transaction, row, wanted)
        kept = {(one.staff_id, one.how) for one in still}
        call_off(transaction, row, *over, but=kept)
        # A text that said so and so many wait has been read: the next one counts this among them again.
        told = [one for one in still if one.how is How.TEXT and one.sent_at is not None]
        pages.save_all(transaction.tx, [replace(one, sent_at=None) for one in told])
        wanted = {one: request for one, request in wanted.items() if one not in kept}
    for request in requests:
        match request:
            case Page() | CancelPage():
                pass
            case Ring(person):
                ring(transaction, row, person, after=ring_after)
            case TellTaken(person, by):
                _tell_taken(transaction, row, person, by)
            case TellHandedOver(person, to):
                text_about(
                    transaction, row, person, "page_handed", WHO=staff_member.first_name(transaction, to)
                )
            case TellNotTaken(person, to):
                text_about(
                    transaction, row, person, "page_kept", WHO=staff_member.first_name(transaction, to)
                )
            case AskSecond():
                _ask_second(transaction, row)
            case SecondOver():
                _second_over(transaction, row)
            case _:
                assert_never(request)
    rung = dict.fromkeys(person for person, way in wanted if way is How.CALL)
    less = {person: _less(transaction, row, person) for person in rung}
    pager.page_all(
        transaction,
        row,
        [
            ToPage(person, way, _due_at(transaction, less.get(person, ()), ring_after))
            for person, way in wanted
        ],
    )
    for person, calls in less.items():
        take_from_less(transaction, person, calls)


def _still_waits(
    transaction: Transaction, row: EscalationRow, wanted: Collection[tuple[StaffId, How]]
) -> list[PageRow]:
    """Those of these pages, wanted anew, that wait still until a phone is free or the next text leaves: they keep
    their place and their code."""
    return [
        one
        for one in pages.waiting_of(transaction.tx, row.escalation.id)
        if one.state is PageState.COVERED
        and one.purpose is Purpose.JOIN
        and (one.staff_id, one.how) in wanted
    ]


def ring(
    transaction: Transaction, row: EscalationRow, person: StaffId, *, after: timedelta = timedelta(0)
) -> one_ring.Rings:
    """Their phone rings for this now, or as soon as it is free, unless it does already; what it does.

    A ring that is about to end is begun anew: whoever asks for it needs time to take the phone up.
    """
    ends = _is_about_to_end(transaction, row, person)
    if ends:
        call_off(transaction, row, person)
    if one_ring.rings(transaction, row, person) is one_ring.Rings.NOT:
        less = _less(transaction, row, person)
        free_at = _free_at(transaction, less) or transaction.now + (
            _FREE_AFTER[Stage.RINGS] if ends else timedelta(0)
        )
        due_at = max(free_at, transaction.now + after)
        pager.page(transaction, row, person, due_at=due_at, waits=not less and not ends)
        take_from_less(transaction, person, less)
    return one_ring.rings(transaction, row, person)


def _is_about_to_end(transaction: Transaction, row: EscalationRow, person: StaffId) -> bool:
    """Whether their phone rings for this and nothing else, and stops in a moment."""
    rung = [
        one
        for one in pages.waiting_of(transaction.tx, row.escalation.id)
        if one.staff_id == person
        and one.how is How.CALL
        and one.state in (PageState.PLACED, PageState.RINGING)
    ]
    ends = transaction.now + _TIME_TO_TAKE_UP - transaction.settings.centre.waits.staff_ring
    return any(
        one.sent_at is not None and one.sent_at < ends and not one_ring.covered_by(transaction, one)
        for one in rung
    )


def text_about(
    transaction: Transaction, row: EscalationRow, person: StaffId, prompt: str, **values: str
) -> None:
    """Tell a member of staff something about an escalation, by the code that they know it by."""
    words = transaction.text(prompt, Language.EN, REF=page_codes.known_to(transaction, row, person), **values)
    staff_member.text(transaction, person, words)


def _less(transaction: Transaction, row: EscalationRow, person: StaffId) -> tuple[StaffCall, ...]:
    """What their phone rings for now, and not any more when it is to ring for this."""
    wants = wanted_now(transaction, row)
    return called_off(duty.calls(transaction), person, wants, row.escalation.id)


def _free_at(transaction: Transaction, calls: Sequence[StaffCall]) -> datetime | None:
    """When their phone is free, once these are called off (UTC); None if it is now."""
    free_after = max((_FREE_AFTER[call.stage] for call in calls), default=None)
    return None if free_after is None else transaction.now + free_after


def _due_at(transaction: Transaction, calls: Sequence[StaffCall], after: timedelta) -> datetime | None:
    """When their phone is to ring (UTC); None: now."""
    free_at = _free_at(transaction, calls)
    if not after:
        return free_at
    return max(free_at or transaction.now, transaction.now + after)


def take_from_less(transaction: Transaction, person: StaffId, calls: Sequence[StaffCall]) -> None:
    """Their phone stops ringing for these, and somebody else is looked for.

    Called when what is more pressing has been paged: whoever it rings is not looked for, nor are they again. Who has
    pressed 1 since it was looked whose phones ring has it, and keeps it.
    """
    for call in calls:
        less = escalations.get(transaction.tx, call.about)
        if less is not None and less.escalation.accepted_by != person:
            call_off(transaction, less, person)
            tell(transaction, less, Unreached(person))


def call_off(
    transaction: Transaction, row: EscalationRow, *people: StaffId, but: Collection[tuple[StaffId, How]] = ()
) -> None:
    """Their phones stop ringing; whoever has picked up already is told and let go. `but`: these pages stay."""
    paged = [
        one
        for one in pages.waiting_of(transaction.tx, row.escalation.id)
        if one.staff_id in people and one.state in UNANSWERED and (one.staff_id, one.how) not in but
    ]
    on_the_line = {one.staff_id for one in paged if one.how is How.CALL and one.provider_sid}
    waiting = one_ring.covered(transaction, on_the_line, How.CALL) if on_the_line else {}
    for one in paged:
        rings_on = one.staff_id in on_the_line and one_ring.rings_on(row, one, waiting[one.staff_id])
        ended_at = None if one.how is How.CALL and one.provider_sid else transaction.now
        pages.save(transaction.tx, replace(one, state=PageState.CALLED_OFF, ended_at=ended_at))
        if ended_at is None and one.provider_sid is not None:
            about = Origin(OriginKind.PAGE, one.id)
            if one.state is PageState.ANSWERED:
                transaction.send(RedirectCall(one.provider_sid, paths.page_over(one.id)), about=about)
            elif not rings_on:
                transaction.send(HangUp(one.provider_sid), about=about)


def end_texts(transaction: Transaction, row: EscalationRow, person: StaffId, state: PageState) -> None:
    """The texts on their screen have been answered, one way or another."""
    for one in pages.waiting_of(transaction.tx, row.escalation.id):
        if one.staff_id == person and one.how is How.TEXT and one.state in UNANSWERED:
            pages.save(transaction.tx, replace(one, state=state, ended_at=transaction.now))


def _tell_taken(transaction: Transaction, row: EscalationRow, person: StaffId, by: StaffId) -> None:
    """Only those who have our text about it on their screen: a phone that stopped ringing has said enough."""
    texted = [
        one
        for one in pages.of_escalation(transaction.tx, row.escalation.id)
        if one.staff_id == person and one.how is How.TEXT and one.provider_sid is not None
    ]
    if texted:
        _tell_settled(transaction, row, person, "page_gone", WHO=staff_member.first_name(transaction, by))


def _tell_settled(
    transaction: Transaction, row: EscalationRow, person: StaffId, prompt: str, **values: str
) -> None:
    """Our text on their screen asks for nothing any more; that they were told stands on the timeline."""
    text_about(transaction, row, person, prompt, **values)
    transaction.note(
        TimelineWord.TOLD_SETTLED, contact=row.contact_id, escalation=row.escalation.id, by=person
    )


def is_open(escalation: Escalation) -> bool:
    """Whether it still owns anything."""
    return escalation.status is not EscalationStatus.CLOSED
