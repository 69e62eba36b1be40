"""What the board shows: read once, as data; the pages only draw it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from hotline.callbacks.callback import UNDONE_WITHIN, CallbackKind, CallbackStatus
from hotline.model import (
    HELD,
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
from hotline.operations.callbacks import undoing
from hotline.operations.console import coordinator, live_talks, reopened_lately, what_follows
from hotline.operations.console.callback_cards import (
    ClosedCallback,
    WaitingCallback,
    call_attempts,
    callback_card,
    rung_in_order,
    who_blocked,
    with_reasons,
)
from hotline.operations.console.emergency_cards import (
    AlsoOpen,
    Emergency,
    emergency_card,
    most_pressing,
    of_one_number,
)
from hotline.operations.console.live_talks import Talk
from hotline.operations.console.thread_cards import Reopenable, UnreadThread, reopenable, thread_card
from hotline.operations.console.what_follows import BookedIntake, OfferedFollowUp, UnnamedReferral
from hotline.operations.console.who_is_asked import asked_now, by_name
from hotline.operations.conversation import blocking, live_talk
from hotline.operations.paging import duty
from hotline.operations.policies import met_first
from hotline.operations.policies.met_first import RungNow
from hotline.operations.texts import closed_lately, threads
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, hand_offs, timeline
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.overviews import conference, crew, on_the_board
from hotline.store.overviews.on_the_board import ANY, BoardPart, Chosen, OnTheBoard
from hotline.triage.contact import ContactState

R = TypeVar("R")
_LAST = 10
"""How many that were closed lately are shown."""


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
    may_be_minor: bool = False
    """They have said that they are under 18."""
    page: ContactId | None = None
    """Whose page has what is written down of them, if the viewer may open it."""
    known_for: str = ""
    """What the number that they used is known for; empty: for everything."""


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
    meets: tuple[RungNow, ...] = ()
    """Whom an emergency would meet that begins now."""
    colleagues: tuple[tuple[StaffId, str], ...] = ()
    """To whom the viewer could hand over an emergency."""
    coworkers: tuple[tuple[StaffId, str], ...] = ()
    """To whom the viewer could hand over a callback."""
    block_ends: Mapping[PhoneNumber, coordinator.BlockEnds] = field(default_factory=dict)
    """By the number that would be blocked; those of whom nothing is open are left out."""
    talks: tuple[Talk, ...] = ()
    """Talks that came about live and are over, the latest first."""
    closed: tuple[Reopenable, ...] = ()
    """Texts and emergencies that may be opened again, the one closed last first."""
    intakes: tuple[BookedIntake, ...] = ()
    """What needs somebody first."""
    marked: tuple[BookedIntake, ...] = ()
    """Of which somebody has said a moment ago whether they came: it can be taken back."""
    follow_ups: tuple[OfferedFollowUp, ...] = ()
    """Of whom nobody has said yet whether they are called after their emergency."""
    unnamed: tuple[UnnamedReferral, ...] = ()
    """Referrals of the viewer's of which it is to be said to whom."""
    handed_to: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By the id of a talk or of a callback: to whom the caller was put through in it."""
    follow_ups_due: int = 0
    """How many who agreed to be called after their emergency are to be called today, or were to be by now."""
    more_on_line: int = 0
    """How many callers beside these are on the line, in no emergency."""
    more_callbacks: int = 0
    """How many callbacks are owed beside these."""
    more_emergencies: int = 0
    more_threads: int = 0
    hidden: int = 0
    """How much of what stands in these lists is for another line, or in another language, than was chosen."""
    concerned: frozenset[StaffId] = frozenset()
    """Whose own something of it is, or was a moment ago. All others see the same, if their roles are the same."""

    @property
    def in_danger_on_line(self) -> int:
        """How many of those in an emergency are on the telephone with us now."""
        return sum(one.on_line for one in self.emergencies)

    @property
    def on_line(self) -> int:
        """How many callers are on the line now, in an emergency or not."""
        return len(self.callers) + self.more_on_line + self.in_danger_on_line


def board(
    transaction: Transaction, viewer: StaffId, at_most: int | None = None, chosen: Chosen = ANY
) -> Board:
    """The board as this member of staff sees it now. `at_most`: how many rows of each list are read, in their order and
    beside the viewer's own; None: all. `chosen`: callers, callbacks and texts for another line, or in another language,
    are counted only, unless they are the viewer's own."""
    names = crew.names(transaction.tx)
    now = on_the_board.look(
        transaction.tx,
        transaction.now,
        closed_after=transaction.now - closed_lately.WITHIN,
        promised_after=transaction.now - UNDONE_WITHIN,
        subjects=closed_lately.SUBJECTS,
        held=HELD,
        at_most=_LAST,
        part=BoardPart(chosen, at_most, _HOLDING),
    )
    open_rows, ongoing = now.open, now.ongoing
    waiting = sorted(now.owed, key=lambda row: rung_in_order(transaction, row.callback))
    every_owed = [row for row in waiting if row.callback.line is not Line.EMERGENCY]
    wanted_owed = [
        row
        for row in every_owed
        if row.callback.owner == viewer or chosen.has(row.callback.line, (row.callback.language,))
    ]
    owed = _first(wanted_owed, at_most, lambda row: row.callback.owner == viewer)
    tried = call_attempts(now.calls)
    reaching = {
        row.escalation.id: row for row in open_rows if row.escalation.status is EscalationStatus.REACHING
    }
    ringing = {row.callback_id: row for row in open_rows if row.escalation.subject is Subject.CALLBACK}
    running = {row.room for row in open_rows if row.escalation.subject is Subject.EMERGENCY}
    every_emergency = [row for row in open_rows if row.escalation.subject is Subject.EMERGENCY]

    def has_it(row: EscalationRow) -> bool:
        return viewer in (row.escalation.accepted_by, row.escalation.offered_to)

    # A text that nobody has and in whose thread an emergency is open stands in that one's card.
    threads_open = [
        row
        for row in open_rows
        if row.escalation.subject is Subject.THREAD
        and (row.room not in running or row.escalation.accepted_by is not None)
    ]
    every_thread = [
        row for row in threads_open if has_it(row) or chosen.has(None, duty.languages_of(transaction, row))
    ]
    by_need = sorted(every_emergency, key=lambda row: row.escalation.accepted_by is not None)
    emergencies, unread = _first(by_need, at_most, has_it), _first(every_thread, at_most, has_it)
    _read_timelines(transaction, (*emergencies, *unread, *now.talks), owed, now.done)
    talks = live_talks.lately(transaction, now.talks, viewer, names)
    kept = {(one.number, one.line, one.closed_at) for one in talks}
    talked = {one.talk for one in talks}
    texts = tuple(
        replace(thread_card(transaction, row, viewer, names), beside_emergency=row.room in running)
        for row in unread
    )
    began = reopened_lately.began(transaction, emergencies)
    blocked_by = who_blocked(transaction, now.done)
    calls = {row.call_contact_id: row.callback.id for row in (*owed, *now.done) if row.call_contact_id}
    handed = hand_offs.joined(transaction.tx, {*calls, *talked})
    every_caller = [
        _holding(transaction, row, viewer, names, reaching)
        for row in ongoing
        # Who talks with a coordinator while a clinician is paged for them stands above, in their emergency.
        if row.channel is Channel.VOICE and row.line is not Line.EMERGENCY and row.room not in running
    ]
    callers = [one for one in every_caller if one.with_me or chosen.has(one.line, (one.language,))]
    own_others = sum(
        not chosen.has(row.callback.line, (row.callback.language,)) for row in wanted_owed
    ) + sum(not chosen.has(one.line, (one.language,)) for one in callers)
    in_danger = sorted(
        (emergency_card(transaction, row, ongoing, viewer, names, began) for row in emergencies),
        key=most_pressing,
    )
    theirs = {one.caller for one in in_danger}
    texts = tuple(
        replace(one, number_in_emergency=one.number is not None and one.number in theirs) for one in texts
    )
    shown = tuple(
        with_reasons(one, now.records.get(one.contact))
        for one in (
            callback_card(
                transaction, row, viewer, names, ringing.get(row.callback.id), tried.get(row.callback.id, ())
            )
            for row in owed
        )
    )
    undoing.look_ahead(transaction, now.done)
    return Board(
        now=transaction.now,
        emergencies=of_one_number(in_danger, _beside(texts)),
        callers=tuple(callers),
        callbacks=shown,
        threads=texts,
        done=tuple(
            ClosedCallback(
                row.callback.id,
                row.callback.line,
                row.callback.outcome,
                row.closed_at,
                names.get(blocked_by.get(row.callback.id) or row.callback.owner or StaffId("")),
                row.number,
                may_be_undone=undoing.may_be_undone(transaction, row),
                kind=row.callback.kind,
                page=row.contact_id,
            )
            for row in now.done
            if row.closed_at is not None
            # The talk by which it was kept says how it ended; and so does one that was to go on in it, and doesn't.
            if (row.number, row.callback.line, row.closed_at) not in kept
            and not (row.callback.kind is CallbackKind.ASKED and row.contact_id in talked)
        ),
        talks=talks,
        on_shift=duty.on_shift(transaction),
        meets=met_first.look(transaction),
        colleagues=threads.by_name(transaction, Subject.EMERGENCY, viewer),
        coworkers=threads.by_name(transaction, Subject.CALLBACK, viewer),
        closed=reopenable(transaction, now.closed, viewer, names),
        block_ends=_block_ends(owed, texts),
        intakes=what_follows.booked(transaction, now.intakes, names),
        marked=what_follows.marked(transaction, now.marked, names),
        follow_ups=what_follows.offered(transaction, now.follow_ups, viewer, names),
        unnamed=what_follows.unnamed(transaction, now.unnamed, viewer),
        handed_to={calls.get(contact, contact): to_whom for contact, to_whom in handed.items()},
        follow_ups_due=sum(what_follows.is_due_today(transaction, row.callback) for row in every_owed),
        more_on_line=now.more_on_line,
        more_callbacks=len(wanted_owed) - len(owed),
        more_emergencies=len(every_emergency) - len(emergencies),
        more_threads=len(every_thread) - len(unread),
        hidden=now.other_calls + now.other_callbacks - own_others + len(threads_open) - len(every_thread),
        concerned=_concerned(transaction, now, every_owed),
    )


def _first(several: Sequence[R], at_most: int | None, own: Callable[[R], bool]) -> list[R]:
    """The first of these, and what is one's own of the others."""
    if at_most is None:
        return list(several)
    return [*several[:at_most], *filter(own, several[at_most:])]


def _beside(texts: Iterable[UnreadThread]) -> list[tuple[PhoneNumber, AlsoOpen]]:
    """Texts in threads without an emergency, for the cards of emergencies of their numbers."""
    return [
        (
            one.number,
            AlsoOpen(one.escalation, one.since, Channel.TEXT, one.accepted_by, one.mine, Subject.THREAD),
        )
        for one in texts
        if one.number is not None and not one.beside_emergency
    ]


def _concerned(transaction: Transaction, now: OnTheBoard, owed: Iterable[CallbackRow]) -> frozenset[StaffId]:
    """Who has any of it, is asked to take it over, is on the line in it, had it, closed it, or has said of it how it
    went."""
    tx = transaction.tx
    over = (*now.closed, *now.talks)
    who = {one.escalation.accepted_by for one in (*now.open, *over)}
    who |= {one.escalation.offered_to for one in now.open}
    rooms = {row.room for row in now.open} | {row.room for row in now.ongoing}
    who |= {page.staff_id for room in rooms for page in conference.staff_in(tx, room)}
    talks = [contacts.get(tx, one.contact_id) for one in now.talks if one.contact_id is not None]
    who |= {live_talk.who_had_it(transaction, row) for row in talks if row is not None}
    who |= {row.callback.owner for row in owed}
    waiting = {row.contact_id for row in owed if row.callback.status is CallbackStatus.WAITING}
    who |= (
        {line.by_staff for line in timeline.of_kinds(tx, waiting, [TimelineWord.OUTCOME])}
        if waiting
        else set()
    )
    who |= {row.closed_by for row in now.follow_ups} | {row.asked_of for row in now.unnamed}
    return frozenset(one for one in who if one is not None)


def _read_timelines(
    transaction: Transaction,
    about: Iterable[EscalationRow],
    owed: Iterable[CallbackRow],
    done: Iterable[CallbackRow],
) -> None:
    """How talks and tries ended, which emergencies were opened again, what was not taken over, and who has blocked
    somebody: asked for together."""
    whose = {row.contact_id for row in about if row.contact_id is not None}
    whose |= {row.contact_id for row in owed if row.callback.status is CallbackStatus.WAITING}
    whose |= {row.contact_id for row in done if row.callback.outcome is Outcome.BLOCKED}
    kinds = {
        *live_talk.SAID,
        TimelineWord.EMERGENCY_REOPENED,
        TimelineWord.OFFER_REFUSED,
        TimelineWord.BLOCKED,
    }
    timeline.read_ahead(transaction.tx, whose, kinds)


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


_WHAT = {
    ContactState.MENU: "choosing",
    ContactState.HOLDING: "holding",
    ContactState.IN_ROOM: "talking",
    ContactState.ON_HOLD: "talking",
    ContactState.AFTER_TALK: "holding",
    ContactState.ASKED_FOR_CALL: "being_called",
}
_HOLDING = frozenset(state.value for state, what in _WHAT.items() if what == "holding")


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
        phones_ring=by_name(asked_now(transaction, open_row).rung, names),
        with_me=viewer in there,
        may_be_minor=flow_state.read(row).may_be_minor,
        page=_asked_by(transaction, row),
        known_for=transaction.known_for(row.our_number),
    )


def _asked_by(transaction: Transaction, row: ContactRow) -> ContactId:
    """With whom it began: for a call of ours, whoever asked for it."""
    owed = callbacks.get(transaction.tx, row.callback_id) if row.outbound and row.callback_id else None
    return owed.contact_id if owed is not None else row.id
