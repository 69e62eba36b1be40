"""What the board shows: read once, as data; the pages only draw it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from hotline.callbacks.admissions import RaiseReason, raise_reasons
from hotline.callbacks.callback import Callback, CallbackKind, CallbackStatus
from hotline.callbacks.promise import Priority, is_late, planned_for, priority
from hotline.model import (
    HELD,
    CallbackId,
    Channel,
    ContactId,
    EscalationId,
    Language,
    Line,
    Outcome,
    PhoneNumber,
    StaffId,
    Subject,
    TimelineWord,
)
from hotline.oncall.escalation import EscalationStatus
from hotline.operations import flow_state
from hotline.operations.callbacks import consent, emergency_callbacks, ringing_back
from hotline.operations.console import coordinator, live_talks, reopened_lately, second_known, what_follows
from hotline.operations.console.live_talks import Talk
from hotline.operations.console.second_known import SecondShown
from hotline.operations.console.what_follows import BookedIntake, OfferedFollowUp
from hotline.operations.conversation import blocking
from hotline.operations.paging import duty, one_ring
from hotline.operations.paging.one_ring import BeingAsked
from hotline.operations.paging.way_back import is_call_only, is_out
from hotline.operations.staff import connect, right_person
from hotline.operations.texts import closed_lately, threads
from hotline.operations.transaction import Transaction
from hotline.store.cases import admissions_records, callbacks, contacts, escalations, timeline
from hotline.store.cases.admissions_records import AdmissionsRecord
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.overviews import conference, crew, on_the_board
from hotline.store.overviews.on_the_board import CallOfOurs
from hotline.store.traffic import messages
from hotline.store.traffic.messages import Direction
from hotline.triage.contact import ContactState
from hotline.triage.texts.keywords import key_of, kind_of

_LAST = 10
"""How many that were closed lately are shown."""


@dataclass(frozen=True, slots=True)
class Emergency:
    """An emergency that no human has closed yet."""

    escalation: EscalationId
    since: datetime
    """When it began, also if it has been closed and opened again since."""
    channel: Channel
    caller: PhoneNumber | None
    on_line: bool
    """The caller is on the telephone with us now."""
    accepted_by: str | None
    mine: bool
    phones_ring: tuple[str, ...]
    """Whose phones ring for it now."""
    texted: tuple[str, ...]
    """Who was only texted about it."""
    nobody_on: bool
    ring_back_at: datetime | None
    """When the caller, who hung up, is rung back."""
    last_words: str | None = field(repr=False)
    opening_words: str | None = field(default=None, repr=False)
    """What they wrote when it was opened, if they have written more since."""
    thread: ContactId | None = None
    """Whose page it has."""
    call_only: bool = False
    """They wrote, and no text of ours reaches them."""
    coming: tuple[str, ...] = ()
    """Who has said by text that they take it; no key has proven it yet."""
    offered_to: str | None = None
    """Whom the one who has it asks to take it over."""
    offered: bool = False
    """That is the viewer."""
    with_whom: tuple[str, ...] = ()
    """Who of the staff is on the line with the caller, or waits there while their phone rings."""
    with_me: bool = False
    """The viewer is among them."""
    on_calls: tuple[str, ...] = ()
    """Who is to be paged, and talks on the telephone: it rings for this when that is over."""
    rung: bool = False
    """We are calling them now."""
    gone: bool = False
    """They have hung up, and there is no number at which they could be called."""
    languages: tuple[Language, ...] = ()
    """What they speak and write; the one in which they asked for help first."""
    blocked: bool = False
    """Their number is blocked; an emergency is put through all the same."""
    may_be_closed_again: bool = False
    """The viewer has reopened it a moment ago, and may take that back."""
    second: SecondShown | None = None
    """Whether a second person knows of it; None: one is enough."""
    beside: tuple[str, ...] = ()
    """Who helps whoever has it."""
    called_beside: tuple[str, ...] = ()
    """Who is called to help."""
    help_wanted: EscalationId | None = None
    """What whoever isn't in it may accept to help."""
    my_help: EscalationId | None = None
    """By what the viewer helps."""
    typed: bool = False
    """They withheld their number: this is the one that they typed."""
    reopened_at: datetime | None = None
    """When it was opened again last; None: it has never been closed."""
    unsaid: bool = False
    """A call of ours to them was answered, and nobody has said by whom."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A caller who is on the line now, and not in an emergency."""

    contact: ContactId
    escalation: EscalationId | None
    since: datetime
    line: Line | None
    language: Language
    caller: PhoneNumber | None
    what: str
    """One of choosing, holding, leaving_number, talking, being_called."""
    with_whom: tuple[str, ...]
    stir: str | None
    blocked: bool = False
    phones_ring: tuple[str, ...] = ()
    """Whose phones ring for them now."""
    with_me: bool = False
    """The viewer is on the line with them."""
    page: ContactId | None = None
    """Whose page has what is written down of them, if the viewer may open it."""


class Unable(StrEnum):
    """Why no text of ours reaches a number."""

    STOPPED = "stopped"
    """They have asked for no more texts."""
    LANDLINE = "landline"
    """The carrier says that texts can't be had there."""


@dataclass(frozen=True, slots=True)
class CallAttempt:
    """One attempt to call somebody back."""

    at: datetime
    outcome: Outcome | None
    """None: it isn't over."""


@dataclass(frozen=True, slots=True)
class WaitingCallback:
    """An open callback."""

    callback: CallbackId
    contact: ContactId
    """Who asked for it."""
    line: Line
    language: Language
    status: CallbackStatus
    number: PhoneNumber | None
    opened_at: datetime
    due_at: datetime | None
    promised_at: datetime
    late: bool
    attempts: int
    repeats: int
    owner: str | None
    mine: bool
    message_safe: bool
    text_safe: bool | None
    """None: nobody has said."""
    needs_supervisor: bool
    others_asked: bool = False
    """The same number has asked for something else, too: two people may have one telephone."""
    after_emergency: bool = False
    """They are rung back in an emergency: this waits for that."""
    phones_ring: tuple[str, ...] = ()
    """Whose phones ring for it at this moment; between two rounds none does."""
    rings_again_at: datetime | None = None
    """When phones ring for it again."""
    no_texts: Unable | None = None
    """Why no text can reach them, whatever they said."""
    blocked: bool = False
    tries: tuple[CallAttempt, ...] = ()
    """What happened at each call of ours to them, the latest first."""
    wrote: ContactId | None = None
    """Whose page has what they wrote, if they asked for it by text."""
    asked_words: str | None = field(default=None, repr=False)
    """What they wrote, if they asked for it by text: their last words before it that are more than a key."""
    page: ContactId | None = None
    """Whose page has the admissions record, if the viewer may open it."""
    kind: CallbackKind = CallbackKind.ASKED
    """Why they are called."""
    no_calls_since: datetime | None = None
    """When they asked for no calls; they have agreed to this one since, but to no other."""
    raised: bool = False
    """They come before others of their line..."""
    raised_for: tuple[RaiseReason, ...] = ()
    """...for these reasons."""


@dataclass(frozen=True, slots=True)
class UnreadThread:
    """A text that a person must read."""

    escalation: EscalationId
    since: datetime
    number: PhoneNumber | None
    accepted_by: str | None
    mine: bool
    words: tuple[tuple[str, datetime, str], ...] = field(repr=False)
    """(in or out, when, words), the oldest first."""
    contact: ContactId | None = None
    offered_to: str | None = None
    """Whom the one who has it asks to take it over."""
    offered: bool = False
    """That is the viewer."""
    languages: tuple[Language, ...] = ()
    """What they speak and write; the one in which they asked for help first."""
    blocked: bool = False
    phones_ring: tuple[str, ...] = ()
    """Whose phones ring for it now."""
    texted: tuple[str, ...] = ()
    """Who was only texted about it."""
    beside_emergency: bool = False
    """An emergency is open in the same thread: it is closed by itself."""
    second: SecondShown | None = None
    """Whether a second person knows of it; None: one is enough."""


@dataclass(frozen=True, slots=True)
class ClosedCallback:
    """A callback that was closed a short while ago: its outcome may still be corrected."""

    callback: CallbackId
    line: Line
    outcome: Outcome | None
    closed_at: datetime
    owner: str | None
    number: PhoneNumber | None = None
    may_be_undone: bool = False
    """It was closed so lately that it can be opened again as it was."""


@dataclass(frozen=True, slots=True)
class Reopenable:
    """A text thread or an emergency that was closed less than a day ago: it may be opened again."""

    escalation: EscalationId
    subject: Subject
    channel: Channel
    closed_at: datetime
    owner: str | None
    mine: bool
    """The viewer had it."""
    number: PhoneNumber | None
    contact: ContactId | None
    """Whose page it has."""


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on one page. All times are UTC."""

    now: datetime
    emergencies: tuple[Emergency, ...]
    callers: tuple[Holding, ...]
    callbacks: tuple[WaitingCallback, ...]
    threads: tuple[UnreadThread, ...]
    done: tuple[ClosedCallback, ...]
    on_shift: dict[str, tuple[str, ...]]
    """Schedule name to the names of those on now."""
    colleagues: tuple[tuple[StaffId, str], ...] = ()
    """To whom the viewer could hand over an emergency."""
    block_ends: Mapping[PhoneNumber, coordinator.BlockEnds] = field(default_factory=dict)
    """By the number that would be blocked; those of whom nothing is open are left out."""
    talks: tuple[Talk, ...] = ()
    """Talks that came about live and are over, the latest first."""
    closed: tuple[Reopenable, ...] = ()
    """Texts and emergencies that may be opened again, the one closed last first."""
    intakes: tuple[BookedIntake, ...] = ()
    """What needs somebody first."""
    follow_ups: tuple[OfferedFollowUp, ...] = ()
    """Of whom nobody has said yet whether they are called after their emergency."""
    follow_ups_due: int = 0
    """How many who agreed to be called after their emergency are to be called today, or were to be by now."""

    @property
    def in_danger_on_line(self) -> int:
        """How many of those in an emergency are on the telephone with us now."""
        return sum(one.on_line for one in self.emergencies)

    @property
    def on_line(self) -> int:
        """How many callers are on the line now, in an emergency or not."""
        return len(self.callers) + self.in_danger_on_line


def board(transaction: Transaction, viewer: StaffId) -> Board:
    """The board as this member of staff sees it now."""
    names = crew.names(transaction.tx)
    now = on_the_board.look(
        transaction.tx,
        transaction.now,
        closed_after=transaction.now - closed_lately.WITHIN,
        promised_after=transaction.now - coordinator.UNDONE_WITHIN,
        subjects=closed_lately.SUBJECTS,
        held=HELD,
        at_most=_LAST,
    )
    open_rows, ongoing = now.open, now.ongoing
    waiting = sorted(now.owed, key=lambda row: _rung_in_order(transaction, row.callback))
    owed = [row for row in waiting if row.callback.line is not Line.EMERGENCY]
    tried = _tries(now.calls)
    records = admissions_records.of(transaction.tx, [row.contact_id for row in owed if row.callback.raised])
    reaching = {
        row.escalation.id: row for row in open_rows if row.escalation.status is EscalationStatus.REACHING
    }
    ringing = {row.callback_id: row for row in open_rows if row.escalation.subject is Subject.CALLBACK}
    running = {row.room for row in open_rows if row.escalation.subject is Subject.EMERGENCY}
    talks = live_talks.lately(transaction, now.talks, viewer, names)
    kept = {(one.number, one.line, one.closed_at) for one in talks}
    talked = {one.talk for one in talks}
    texts = tuple(
        replace(_thread(transaction, row, viewer, names), beside_emergency=row.room in running)
        for row in open_rows
        if row.escalation.subject is Subject.THREAD
    )
    emergencies = [row for row in open_rows if row.escalation.subject is Subject.EMERGENCY]
    began = reopened_lately.began(transaction, emergencies)
    blocked_by = _blocked_by(transaction, now.done)
    return Board(
        now=transaction.now,
        emergencies=tuple(
            sorted(
                (_emergency(transaction, row, ongoing, viewer, names, began) for row in emergencies),
                key=_most_pressing,
            )
        ),
        callers=tuple(
            _holding(transaction, row, viewer, names, reaching)
            for row in ongoing
            if row.channel is Channel.VOICE and row.line is not Line.EMERGENCY
        ),
        callbacks=tuple(
            _raised(one, records.get(one.contact))
            for one in (
                _waiting(
                    transaction,
                    row,
                    viewer,
                    names,
                    ringing.get(row.callback.id),
                    tried.get(row.callback.id, ()),
                )
                for row in owed
            )
        ),
        threads=texts,
        done=tuple(
            ClosedCallback(
                row.callback.id,
                row.callback.line,
                row.callback.outcome,
                row.closed_at,
                names.get(blocked_by.get(row.callback.id) or row.callback.owner or StaffId("")),
                row.number,
                may_be_undone=coordinator.may_be_undone(transaction, row),
            )
            for row in now.done
            if row.closed_at is not None
            # The talk by which it was kept says how it ended; and so does one that was to go on in it, and doesn't.
            if (row.number, row.callback.line, row.closed_at) not in kept and row.contact_id not in talked
        ),
        talks=talks,
        on_shift=duty.on_shift(transaction, names),
        colleagues=threads.by_name(transaction, Subject.EMERGENCY, viewer),
        closed=_closed(transaction, now.closed, viewer, names),
        block_ends=_block_ends(owed, texts),
        intakes=what_follows.booked(transaction, now.intakes, names),
        follow_ups=what_follows.offered(transaction, now.follow_ups, viewer, names),
        follow_ups_due=sum(what_follows.is_due_today(transaction, row.callback) for row in owed),
    )


def _blocked_by(transaction: Transaction, done: Iterable[CallbackRow]) -> dict[CallbackId, StaffId]:
    """Who blocked the number, of callbacks that a block has closed: they need not have had them."""
    closed = {row.contact_id for row in done if row.callback.outcome is Outcome.BLOCKED}
    told = timeline.of_kinds(transaction.tx, sorted(closed), [TimelineWord.BLOCKED]) if closed else []
    return {one.callback_id: one.by_staff for one in told if one.callback_id and one.by_staff}


def _block_ends(
    owed: Iterable[CallbackRow], texts: Iterable[UnreadThread]
) -> dict[PhoneNumber, coordinator.BlockEnds]:
    lines: dict[PhoneNumber, tuple[Line, ...]] = {}
    for row in owed:
        if row.number is not None:
            lines[row.number] = (*lines.get(row.number, ()), row.callback.line)
    wrote = {one.number for one in texts if one.number is not None}
    numbers = {*lines, *wrote}
    return {one: coordinator.BlockEnds(lines.get(one, ()), texted=one in wrote) for one in numbers}


def emergency(transaction: Transaction, escalation_id: EscalationId, viewer: StaffId) -> Emergency | None:
    """One emergency that no human has closed, as this member of staff sees it now."""
    row = escalations.get(transaction.tx, escalation_id)
    if (
        row is None
        or row.escalation.subject is not Subject.EMERGENCY
        or row.escalation.status is EscalationStatus.CLOSED
    ):
        return None
    names = crew.names(transaction.tx)
    began = reopened_lately.began(transaction, [row])
    return _emergency(transaction, row, contacts.ongoing_in(transaction.tx, row.room), viewer, names, began)


def _most_pressing(one: Emergency) -> tuple[bool, bool, bool, bool, datetime]:
    """What nobody has comes first, and of that whoever is on the line, and last whom nobody can call; then one's own,
    and then what others have."""
    return one.accepted_by is not None, not one.on_line, not one.mine, one.gone, one.since


def _emergency(
    transaction: Transaction,
    row: EscalationRow,
    ongoing: Iterable[ContactRow],
    viewer: StaffId,
    names: dict[StaffId, str],
    began: Mapping[EscalationId, datetime],
) -> Emergency:
    rule = row.escalation
    there = [one for one in ongoing if one.room == row.room]
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    promised = callbacks.get(transaction.tx, origin.callback_id) if origin and origin.callback_id else None
    urgent = promised is not None and promised.callback.is_open and promised.callback.line is Line.EMERGENCY
    open_one = promised.callback if promised and urgent else None
    thread = (
        messages.of_contact(transaction.tx, origin.id) if origin and origin.channel is Channel.TEXT else []
    )
    said = [one for one in thread if one.direction is Direction.IN]
    opening = [one for one in said if one.at <= rule.opened_at][-1:]
    calls = [one for one in there if one.channel is Channel.VOICE]
    rung = any(one.state == ContactState.ASKED_FOR_CALL for one in calls)
    on_line = any(one.state != ContactState.ASKED_FOR_CALL for one in calls)
    with_them = conference.staff_in(transaction.tx, row.room)
    busy = one_ring.on_calls(transaction, row) if rule.ringing else frozenset[StaffId]()
    asked = _asked(transaction, row)
    helped = [
        one
        for one in conference.open_escalations(transaction.tx, row.room)
        if one.escalation.subject is Subject.HELP
    ]
    in_it = {one.escalation.accepted_by: one.escalation.id for one in helped if one.escalation.accepted_by}
    wanted = next((one for one in helped if one.escalation.accepted_by is None), None)
    outside = rule.accepted_by != viewer and viewer not in in_it
    return Emergency(
        escalation=rule.id,
        since=began.get(rule.id, rule.opened_at),
        reopened_at=rule.opened_at if rule.id in began else None,
        channel=origin.channel if origin else Channel.VOICE,
        caller=flow_state.reachable_at(origin) if origin else None,
        typed=origin is not None and flow_state.is_typed(origin),
        on_line=on_line,
        accepted_by=names.get(rule.accepted_by) if rule.accepted_by else None,
        mine=rule.accepted_by == viewer,
        phones_ring=_named(asked.rung & rule.ringing, names),
        texted=_named(asked.texted & rule.ringing, names),
        on_calls=tuple(names[one] for one in sorted(rule.ringing & busy) if one in names),
        nobody_on=rule.nobody,
        ring_back_at=open_one.due_at if open_one else None,
        opening_words=opening[0].body if opening and opening[0] is not said[-1] else None,
        last_words=said[-1].body if said else None,
        thread=origin.id if origin else None,
        call_only=is_call_only(transaction, row),
        coming=tuple(names[person] for person in sorted(rule.coming) if person in names),
        offered_to=names.get(rule.offered_to) if rule.offered_to else None,
        offered=rule.offered_to == viewer,
        with_whom=tuple(names.get(page.staff_id, "") for page in with_them),
        with_me=any(page.staff_id == viewer for page in with_them),
        rung=rung and not on_line,
        gone=not on_line and not rung and not connect.can_be_met(transaction, row),
        languages=duty.languages_of(transaction, row),
        blocked=blocking.is_blocked(transaction, origin.caller if origin else None),
        may_be_closed_again=reopened_lately.may_be_closed_again(transaction, row, viewer),
        second=second_known.look(transaction, row, viewer, names),
        beside=_named(in_it, names),
        called_beside=_named(wanted.escalation.ringing, names) if wanted is not None else (),
        help_wanted=wanted.escalation.id if wanted is not None and outside else None,
        my_help=in_it.get(viewer),
        unsaid=right_person.met_somebody(transaction, row),
    )


def _asked(transaction: Transaction, row: EscalationRow | None) -> BeingAsked:
    """Who is asked to take it; nobody, if somebody has it or it is over."""
    reaching = row is not None and row.escalation.status is EscalationStatus.REACHING
    return one_ring.asked(transaction, row) if row is not None and reaching else BeingAsked()


def _named(people: Iterable[StaffId], names: Mapping[StaffId, str]) -> tuple[str, ...]:
    return tuple(sorted(names[one] for one in people if one in names))


def _closed(
    transaction: Transaction, lately: Iterable[EscalationRow], viewer: StaffId, names: dict[StaffId, str]
) -> tuple[Reopenable, ...]:
    """The last ten, of each contact its last thread and its last emergency: what is open again is no more closed."""
    seen: set[tuple[ContactId, Subject]] = set()
    found: list[Reopenable] = []
    for row in lately:
        origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
        rule = row.escalation
        if origin is None or row.closed_at is None or (origin.id, rule.subject) in seen:
            continue
        seen.add((origin.id, rule.subject))
        if closed_lately.in_its_place(transaction, origin, row):
            continue
        found.append(
            Reopenable(
                rule.id,
                rule.subject,
                origin.channel,
                row.closed_at,
                names.get(rule.accepted_by) if rule.accepted_by else None,
                mine=rule.accepted_by == viewer,
                number=flow_state.reachable_at(origin),
                contact=origin.id,
            )
        )
    return tuple(found)


_WHAT = {
    ContactState.MENU: "choosing",
    ContactState.HOLDING: "holding",
    ContactState.IN_ROOM: "talking",
    ContactState.AFTER_TALK: "holding",
    ContactState.ASKED_FOR_CALL: "being_called",
}


def _holding(
    transaction: Transaction,
    row: ContactRow,
    viewer: StaffId,
    names: dict[StaffId, str],
    reaching: Mapping[EscalationId, EscalationRow],
) -> Holding:
    open_row = reaching.get(row.escalation_id) if row.escalation_id else None
    there = [page.staff_id for page in conference.staff_in(transaction.tx, row.room)]
    return Holding(
        contact=row.id,
        escalation=open_row.escalation.id if open_row is not None else None,
        since=row.opened_at,
        line=row.line,
        language=row.language,
        caller=row.caller,
        what=_WHAT.get(ContactState(row.state), "leaving_number"),
        with_whom=tuple(names.get(one, "") for one in there),
        stir=row.stir,
        blocked=blocking.is_blocked(transaction, row.caller),
        phones_ring=_named(_asked(transaction, open_row).rung, names),
        with_me=viewer in there,
        page=_asked_by(transaction, row),
    )


def _asked_by(transaction: Transaction, row: ContactRow) -> ContactId:
    """With whom it began: for a call of ours, whoever asked for it."""
    owed = callbacks.get(transaction.tx, row.callback_id) if row.outbound and row.callback_id else None
    return owed.contact_id if owed is not None else row.id


def _tries(calls: Iterable[CallOfOurs]) -> dict[CallbackId, tuple[CallAttempt, ...]]:
    tries: dict[CallbackId, tuple[CallAttempt, ...]] = {}
    for one in calls:
        outcome = one.outcome if one.ended_at else None
        tries[one.callback] = (CallAttempt(one.at, outcome), *tries.get(one.callback, ()))
    return tries


def _rung_in_order(transaction: Transaction, rule: Callback) -> tuple[bool, datetime, Priority]:
    """What is due comes first, in the order in which phones ring for it; then what is for later, by its time."""
    at = rule.due_at or _planned(transaction, rule)
    later = at is not None and at > transaction.now
    return later, at if at is not None and later else transaction.now, priority(rule, transaction.now)


def _planned(transaction: Transaction, rule: Callback) -> datetime | None:
    """For when the call is planned that somebody has taken before its time."""
    at = planned_for(rule, transaction.plan)
    return at if rule.status is CallbackStatus.TAKEN and at > transaction.now else None


def _no_texts(transaction: Transaction, row: CallbackRow) -> Unable | None:
    if row.number is None:
        return None
    if is_out(transaction, row.number, row.our_number):
        return Unable.STOPPED
    return Unable.LANDLINE if messages.is_landline(transaction.tx, row.number) else None


def _waiting(
    transaction: Transaction,
    row: CallbackRow,
    viewer: StaffId,
    names: dict[StaffId, str],
    rung: EscalationRow | None,
    tries: tuple[CallAttempt, ...],
) -> WaitingCallback:
    rule = row.callback
    return WaitingCallback(
        callback=rule.id,
        contact=row.contact_id,
        line=rule.line,
        language=rule.language,
        status=rule.status,
        number=row.number,
        opened_at=rule.opened_at,
        due_at=rule.due_at or _planned(transaction, rule),
        promised_at=rule.promised_at,
        late=is_late(rule, transaction.now),
        attempts=rule.attempts,
        repeats=rule.repeats,
        owner=names.get(rule.owner) if rule.owner else None,
        mine=rule.owner == viewer,
        message_safe=rule.message_safe,
        text_safe=consent.texts_are_safe(transaction, row.number) if row.number is not None else False,
        needs_supervisor=rule.needs_supervisor,
        others_asked=ringing_back.others_asked(transaction, row),
        after_emergency=emergency_callbacks.holds_up(transaction, row),
        phones_ring=_named(_asked(transaction, rung).rung, names),
        rings_again_at=rung.escalation.next_at if rung is not None else None,
        no_texts=_no_texts(transaction, row),
        blocked=blocking.is_blocked(transaction, row.number),
        tries=tries,
        wrote=row.contact_id if contacts.is_text(transaction.tx, row.contact_id) else None,
        asked_words=_asked_words(transaction, row),
        page=row.contact_id,
        raised=rule.raised,
        kind=rule.kind,
        no_calls_since=consent.no_calls_since(transaction, row.number),
    )


def _asked_words(transaction: Transaction, row: CallbackRow) -> str | None:
    """A question that a call is to answer is before whoever makes it, and not behind a link."""
    if row.callback.kind is not CallbackKind.ASKED or not contacts.is_text(transaction.tx, row.contact_id):
        return None
    spoken = row.callback.language
    said = [
        one.body
        for one in messages.of_contact(transaction.tx, row.contact_id)
        if one.direction is Direction.IN and one.at <= row.callback.opened_at
    ]
    full = (body for body in reversed(said) if kind_of(body, spoken) is None and key_of(body, spoken) is None)
    return next(full, None)


def _raised(one: WaitingCallback, record: AdmissionsRecord | None) -> WaitingCallback:
    return replace(one, raised_for=raise_reasons(record.answers)) if record is not None else one


def _thread(
    transaction: Transaction, row: EscalationRow, viewer: StaffId, names: dict[StaffId, str]
) -> UnreadThread:
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    rule = row.escalation
    asked = _asked(transaction, row)
    kept = messages.of_contact(transaction.tx, origin.id) if origin else []
    return UnreadThread(
        escalation=rule.id,
        since=rule.opened_at,
        number=origin.caller if origin else None,
        accepted_by=names.get(rule.accepted_by) if rule.accepted_by else None,
        mine=rule.accepted_by == viewer,
        words=tuple((str(one.direction), one.at, one.body) for one in kept),
        contact=origin.id if origin else None,
        offered_to=names.get(rule.offered_to) if rule.offered_to else None,
        offered=rule.offered_to == viewer,
        languages=duty.languages_of(transaction, row),
        blocked=blocking.is_blocked(transaction, origin.caller if origin else None),
        phones_ring=_named(asked.rung, names),
        texted=_named(asked.texted, names),
        second=second_known.look(transaction, row, viewer, names),
    )
