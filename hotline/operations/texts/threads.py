"""Text threads with a person: one coordinator has each, writes to and fro, hands it over, and closes it.

While somebody has a thread, the menu is quiet (`triage.texts.text`), and emergency words page as ever. Accepting and
closing are the same as for everything else that a human must be reached for: `coordinator.accept` and
`coordinator.close`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hotline.callbacks.callback import DetailsGiven
from hotline.model import (
    AuditAction,
    AuditKind,
    CallbackId,
    Channel,
    ContactId,
    EscalationId,
    Language,
    Line,
    PhoneNumber,
    Role,
    StaffId,
    Subject,
    TimelineWord,
)
from hotline.oncall import escalation as reach
from hotline.oncall.escalation import EscalationStatus
from hotline.oncall.schedule import who_is_on
from hotline.operations import flow_state
from hotline.operations.callbacks import consent
from hotline.operations.callbacks.ringing_back import change
from hotline.operations.conversation import blocking, own_callback
from hotline.operations.due_work import Work, each
from hotline.operations.paging import duty, helping, one_ring, reaching
from hotline.operations.paging.one_ring import BeingAsked
from hotline.operations.texts import case_story, closed_lately, merged_cases, suggestions, writing
from hotline.operations.texts.merged_cases import Merged
from hotline.operations.texts.suggestions import Suggestion
from hotline.operations.texts.writing import FREELY, LONGEST, NEVER, Safe
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, escalations, timeline, website_asks
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.timeline import TimelineRow
from hotline.store.overviews import conference, crew, due
from hotline.store.overviews.due import Due
from hotline.store.people import audit
from hotline.store.traffic import messages, readings
from hotline.store.traffic.messages import MessageRow
from hotline.store.traffic.readings import KeptReading
from hotline.triage.contact import ContactState

_LOOK_COUNTS_FOR: Final = timedelta(hours=1)
_TOUCH_AGAIN_AFTER: Final = timedelta(seconds=10)
_OWNED: Final = (Subject.EMERGENCY, Subject.THREAD)
_WORKS: Final = frozenset({Role.COORDINATOR, Role.CLINICIAN, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Open:
    """What a human has, or must take, about a thread."""

    escalation: EscalationId
    subject: Subject
    since: datetime
    owner: str | None
    mine: bool
    offered_to: str | None = None
    """Whom the one who has it asks to take it over."""
    offered: bool = False
    """That is the viewer."""
    phones_ring: tuple[str, ...] = ()
    """Whose phones ring for it now."""
    texted: tuple[str, ...] = ()
    """Who was only texted about it."""
    helping: bool = False
    """The viewer helps whoever has it."""


@dataclass(frozen=True, slots=True)
class ClosedMatter:
    """What about a thread was closed less than a day ago."""

    escalation: EscalationId
    subject: Subject
    mine: bool
    """The viewer had it."""


@dataclass(frozen=True, slots=True)
class LiveCall:
    """Whoever a page is about is on the telephone with us now, or their phone rings."""

    rung: bool
    """It only rings: we call them."""
    ours: bool
    """We have called them."""
    with_whom: tuple[str, ...]
    """Who of the staff is in the room."""
    with_me: bool
    """The viewer is among them."""
    together: bool = True
    """They are in that room; else whoever is there waits for them."""


@dataclass(frozen=True, slots=True)
class Thread:
    """One thread, as one member of staff sees it. All times are UTC."""

    now: datetime
    contact: ContactId
    number: PhoneNumber | None
    line: Line | None
    languages: tuple[Language, ...]
    """What they speak and write; the one in which they asked for help first."""
    safe: Safe
    open: tuple[Open, ...]
    """The most pressing one first; none if nobody is needed (any more)."""
    ended: bool
    colleagues: tuple[tuple[StaffId, str], ...]
    """To whom of those on shift it could be handed over."""
    elsewhere: tuple[tuple[EscalationId, datetime], ...]
    """Other emergencies that nobody has accepted yet, and since when they wait."""
    offered: tuple[tuple[EscalationId, str], ...]
    """What else the viewer is asked to take over, and by whom."""
    neutral: tuple[Suggestion, ...]
    """What may be sent to anybody's phone."""
    suggested: tuple[Suggestion, ...]
    """What fits their line."""
    said: tuple[tuple[MessageRow, str | None], ...] = field(repr=False)
    """Each message, the oldest first, and who of the staff wrote it."""
    happened: tuple[tuple[TimelineRow, str | None], ...] = field(repr=False)
    """What has happened, notes among it, the oldest first; and by whom of the staff."""
    channel: Channel = Channel.TEXT
    read: Mapping[str, tuple[KeptReading, str | None]] = field(default_factory=dict, repr=False)
    """By message: how it was read, and who of the staff said what it was."""
    closed: ClosedMatter | None = None
    """What may be opened again; None while anything is open."""
    blocked: bool = False
    """Their number is."""
    newer: ContactId | None = None
    """They have written again since: there."""
    owed: CallbackId | None = None
    """They are to be called back: by this callback."""
    message_safe: bool = False
    """They have said that a message may be left."""
    theirs: bool = False
    """The viewer has their callback, is on the line with them, or has opened an emergency for what they said."""
    typed: bool = False
    """They withheld their number: this is the one that they typed."""
    unconfirmed: bool = False
    """They did not confirm it: it may be a stranger's."""
    no_calls_since: datetime | None = None
    """When they asked for no calls."""
    by_others: bool = False
    """What somebody else does to them is the danger: a call may harm them."""
    may_be_minor: bool = False
    """They have said that they are under 18."""
    ask_for: str | None = field(default=None, repr=False)
    """Whom to ask for, as they wrote on the website."""
    live: LiveCall | None = None
    """None: nobody of this page is on the line."""
    known_for: str = ""
    """What the number that they used last is known for; empty: for everything."""
    merged: Merged | None = field(default=None, repr=False)
    """What staff have merged with it."""

    @property
    def mine(self) -> Open | None:
        """What the viewer has."""
        return next((one for one in self.open if one.mine), None)

    @property
    def writes(self) -> Open | None:
        """What the viewer may write about: theirs, or what they help with."""
        return self.mine or next((one for one in self.open if one.helping), None)

    @property
    def waiting(self) -> Open | None:
        """What nobody has yet. A text is with whoever has the emergency in its thread."""
        foremost = self.open[0].subject if self.open else None
        return next((one for one in self.open if one.owner is None and one.subject is foremost), None)


def look(transaction: Transaction, contact_id: ContactId, viewer: StaffId) -> Thread | None:
    """The thread as it is now; None if there is no such contact."""
    row = contacts.get(transaction.tx, contact_id)
    if row is None:
        return None
    names = crew.names(transaction.tx)
    said = messages.of_contact(transaction.tx, row.id)
    about = _about(transaction, row)
    subject = about[0].escalation.subject if about else Subject.THREAD
    closed = closed_lately.found(transaction, row)
    newer = closed_lately.goes_on_in(transaction, row) if row.ended_at is not None else row
    happened = case_story.of(transaction, row)
    number = flow_state.reachable_at(row)
    owed = own_callback.of_caller(transaction, number, row.callback_id) or _own(transaction, row)
    return Thread(
        now=transaction.now,
        contact=row.id,
        number=number,
        typed=flow_state.is_typed(row),
        unconfirmed=flow_state.is_unconfirmed(row),
        line=row.line,
        languages=duty.languages_of(transaction, about[0]) if about else (row.language,),
        safe=writing.safe_to_text(transaction, row, said),
        open=tuple(_open(transaction, one, viewer, names) for one in about),
        ended=row.ended_at is not None,
        colleagues=by_name(transaction, subject, viewer),
        elsewhere=_elsewhere(transaction, row),
        offered=_offered(transaction, row, viewer, names),
        neutral=suggestions.neutral(transaction, row),
        suggested=suggestions.fitting(transaction, row),
        said=tuple((one, names.get(one.by_staff) if one.by_staff else None) for one in said),
        happened=tuple((one, names.get(one.by_staff) if one.by_staff else None) for one in happened),
        channel=row.channel,
        read={
            one.message_id: (one, names.get(one.judged.by) if one.judged else None)
            for one in readings.of_contact(transaction.tx, row.id)
        },
        closed=_closed(closed, viewer) if closed else None,
        blocked=blocking.is_blocked(transaction, row.caller),
        newer=newer.id if newer.id != row.id else None,
        no_calls_since=consent.no_calls_since(transaction, number),
        owed=owed.callback.id if owed is not None else None,
        message_safe=_message_is_safe(transaction, row),
        theirs=_is_theirs(transaction, row, viewer) or _raised_by(viewer, happened),
        by_others=flow_state.read(row).by_others,
        may_be_minor=flow_state.read(row).may_be_minor,
        ask_for=_ask_for(transaction, row),
        live=_live(transaction, row, viewer, names),
        known_for=transaction.known_for(row.our_number),
        merged=merged_cases.of(transaction, row, names),
    )


def _ask_for(transaction: Transaction, row: ContactRow) -> str | None:
    sent = website_asks.of_contact(transaction.tx, row.id) if row.channel is Channel.WEBSITE else None
    return sent.name if sent is not None else None


def _live(
    transaction: Transaction, row: ContactRow, viewer: StaffId, names: Mapping[StaffId, str]
) -> LiveCall | None:
    ongoing = contacts.ongoing_in(transaction.tx, row.room)
    calls = [one for one in ongoing if one.channel is Channel.VOICE]
    if not calls:
        return None
    there = [page.staff_id for page in conference.staff_in(transaction.tx, row.room)]
    return LiveCall(
        rung=all(one.state == ContactState.ASKED_FOR_CALL for one in calls),
        ours=any(one.outbound for one in calls),
        with_whom=_named(there, names),
        with_me=viewer in there,
        together=any(one.state in (ContactState.IN_ROOM, ContactState.ON_HOLD) for one in calls),
    )


def _own(transaction: Transaction, row: ContactRow) -> CallbackRow | None:
    """What this contact waits for at another number of the same person's."""
    own = callbacks.get(transaction.tx, row.callback_id) if row.callback_id and not row.outbound else None
    return (
        own if own is not None and own.callback.is_open and own.callback.line is not Line.EMERGENCY else None
    )


def _is_theirs(transaction: Transaction, row: ContactRow, viewer: StaffId) -> bool:
    """Whether they have the callback that this contact asked for or was made for, or talk in its room."""
    if any(page.staff_id == viewer for page in conference.staff_in(transaction.tx, row.room)):
        return True
    owed = callbacks.open_for(transaction.tx, row.caller) if row.caller else []
    about = (one for one in owed if row.id == one.contact_id or one.callback.id == row.callback_id)
    return any(one.callback.owner == viewer for one in about)


def _message_is_safe(transaction: Transaction, row: ContactRow) -> bool:
    """As they said last: for the call that they are owed, or when they asked for it."""
    owed = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    if owed is not None:
        return owed.callback.message_safe
    return flow_state.read(row).message_safe is True


def _raised_by(viewer: StaffId, happened: Iterable[TimelineRow]) -> bool:
    """They heard of the danger, and opened the emergency: what they were writing down stays before them."""
    return any(one.what == TimelineWord.EMERGENCY_RAISED and one.by_staff == viewer for one in happened)


def _closed(row: EscalationRow, viewer: StaffId) -> ClosedMatter:
    return ClosedMatter(row.escalation.id, row.escalation.subject, mine=row.escalation.accepted_by == viewer)


def _about(transaction: Transaction, row: ContactRow) -> list[EscalationRow]:
    found = [
        one
        for one in conference.open_escalations(transaction.tx, row.room)
        if one.escalation.subject in _OWNED
    ]
    return sorted(found, key=lambda one: _OWNED.index(one.escalation.subject))


def _open(transaction: Transaction, row: EscalationRow, viewer: StaffId, names: dict[StaffId, str]) -> Open:
    owner = row.escalation.accepted_by
    reaching_now = row.escalation.status is EscalationStatus.REACHING
    asked = one_ring.asked(transaction, row) if reaching_now else BeingAsked()
    return Open(
        row.escalation.id,
        row.escalation.subject,
        row.escalation.opened_at,
        names.get(owner, "Somebody") if owner else None,
        mine=owner == viewer,
        offered_to=names.get(row.escalation.offered_to) if row.escalation.offered_to else None,
        offered=row.escalation.offered_to == viewer,
        phones_ring=_named(asked.rung, names),
        texted=_named(asked.texted, names),
        helping=_is_emergency(row) and owner != viewer and viewer in helping.in_it(transaction, row),
    )


def _named(people: Iterable[StaffId], names: Mapping[StaffId, str]) -> tuple[str, ...]:
    return tuple(sorted(names[one] for one in people if one in names))


def _elsewhere(transaction: Transaction, row: ContactRow) -> tuple[tuple[EscalationId, datetime], ...]:
    return tuple(
        (one.escalation.id, one.escalation.opened_at)
        for one in escalations.reaching(transaction.tx, [Subject.EMERGENCY])
        if one.room != row.room
    )


def _offered(
    transaction: Transaction, row: ContactRow, viewer: StaffId, names: Mapping[StaffId, str]
) -> tuple[tuple[EscalationId, str], ...]:
    return tuple(
        (one.escalation.id, names.get(one.escalation.accepted_by or StaffId(""), "?"))
        for one in escalations.offered_to(transaction.tx, viewer)
        if one.room != row.room
    )


def colleagues(transaction: Transaction, subject: Subject) -> list[StaffId]:
    """Everybody on shift who may have it, by name."""
    wanted = _WORKS - {Role.COORDINATOR} if subject is Subject.EMERGENCY else _WORKS
    on = {person for one in crew.crew(transaction.tx).schedules for person in who_is_on(one, transaction.now)}
    return [
        one.id
        for one in crew.crew(transaction.tx).members
        if one.id in on and one.can_be_rung and not wanted.isdisjoint(one.roles)
    ]


def by_name(transaction: Transaction, subject: Subject, viewer: StaffId) -> tuple[tuple[StaffId, str], ...]:
    """To whom the viewer could hand over what is of this kind."""
    names = {member.id: member.name for member in crew.crew(transaction.tx).members}
    return tuple((one, names[one]) for one in colleagues(transaction, subject) if one != viewer)


def looked(
    transaction: Transaction,
    contact_id: ContactId,
    by: StaffId,
    *,
    besides: Collection[ContactId] = (),
    at_work: bool = True,
) -> None:
    """They have the thread before them, and what is merged with it (`besides`): audited once an hour. `at_work`: not
    only their screen, so that a thread of theirs isn't taken for neglected."""
    for case in (contact_id, *besides):
        _audit_look(transaction, case, by)
    row = contacts.get(transaction.tx, contact_id) if at_work else None
    for one in _theirs(transaction, row, by) if row else ():
        touched = one.touched_at or one.escalation.accepted_at
        if touched is None or transaction.now - touched >= _TOUCH_AGAIN_AFTER:
            touch(transaction, one)


def _audit_look(transaction: Transaction, contact_id: ContactId, by: StaffId) -> None:
    entries = audit.about(transaction.tx, AuditKind.CONTACT, contact_id)
    lately = transaction.now - _LOOK_COUNTS_FOR
    if not any(
        one.action == AuditAction.VIEWED_THREAD and one.staff_id == by and one.at > lately for one in entries
    ):
        transaction.audit(AuditAction.VIEWED_THREAD, AuditKind.CONTACT, contact_id, by=by)


def _theirs(transaction: Transaction, row: ContactRow, by: StaffId) -> list[EscalationRow]:
    """What they have of it, or help with."""
    return [
        one
        for one in _about(transaction, row)
        if one.escalation.accepted_by == by or (_is_emergency(one) and by in helping.in_it(transaction, one))
    ]


def _is_emergency(row: EscalationRow) -> bool:
    return row.escalation.subject is Subject.EMERGENCY


def touch(transaction: Transaction, row: EscalationRow) -> None:
    """Whoever has it has just done something about it."""
    escalations.save(transaction.tx, replace(row, touched_at=transaction.now))


# --- writing ---------------------------------------------------------------------------------------------------


class Held(StrEnum):
    """Why words were not sent."""

    UNSURE = "unsure"
    """They haven't said that texting there is safe, or have said that it isn't: somebody must say that it must be."""
    IMPOSSIBLE = "impossible"
    """They have opted out, or there is no number."""
    NOT_YOURS = "not_yours"
    """Somebody else has the thread, or nobody."""
    OVER = "over"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    CHANGED = "changed"
    """They have changed it themselves meanwhile, on another screen."""


@dataclass(frozen=True, slots=True)
class Wrote:
    """The words are promised to leave; `again`: they had been promised before, and are not sent twice."""

    again: bool = False


def write(
    transaction: Transaction, contact_id: ContactId, words: str, by: StaffId, key: str, *, sure: bool = False
) -> Wrote | Held:
    """Text the caller of a thread of one's own. `key`: of this one text, however often it is asked for.

    `sure`: they were told why it may not be safe, and want it sent all the same.
    """
    words = words.strip()
    message_id = f"staff-{key}"
    if messages.get(transaction.tx, message_id) is not None:
        return Wrote(again=True)
    if not words or len(words) > LONGEST:
        return Held.TOO_LONG if words else Held.EMPTY
    row = contacts.get(transaction.tx, contact_id)
    about = _about(transaction, row) if row else []
    if row is None or not about:
        return Held.OVER
    theirs = _theirs(transaction, row, by)
    if not theirs:
        return Held.NOT_YOURS
    safe = writing.safe_to_text(transaction, row)
    if safe in NEVER:
        return Held.IMPOSSIBLE
    harmless = safe in FREELY or words in {one.words for one in suggestions.neutral(transaction, row)}
    if not harmless and not sure:
        return Held.UNSURE
    urgent = theirs[0].escalation.subject is Subject.EMERGENCY
    writing.send(transaction, row, words, by, message_id, urgent=urgent)
    for one in theirs:
        touch(transaction, one)
    transaction.note(TimelineWord.TEXT_WRITTEN, contact=row.id, escalation=theirs[0].escalation.id, by=by)
    action = AuditAction.TEXT if harmless else AuditAction.TEXT_WITHOUT_CONSENT
    transaction.audit(action, AuditKind.CONTACT, row.id, by=by)
    return Wrote()


def set_safe(transaction: Transaction, contact_id: ContactId, by: StaffId, *, safe: bool) -> bool:
    """What they wrote in their own words about texting there; whether the thread was this person's to say."""
    row = contacts.get(transaction.tx, contact_id)
    if row is None or row.ended_at is not None or not _theirs(transaction, row, by):
        return False
    _say_safe(transaction, row, safe=safe)
    # It is said of the telephone: the calls that are owed there heed it, whatever was said when they were asked for.
    for owed in callbacks.open_for(transaction.tx, row.caller) if row.caller else ():
        change(transaction, owed, DetailsGiven(owed.callback.message_safe, safe))
        asked = contacts.get(transaction.tx, owed.contact_id)
        if asked is not None and asked.id != row.id:
            _say_safe(transaction, asked, safe=safe)
    transaction.note(
        TimelineWord.SAID_TEXT_SAFE if safe else TimelineWord.SAID_TEXT_NOT_SAFE, contact=row.id, by=by
    )
    transaction.audit(
        AuditAction.TEXT_SAFE if safe else AuditAction.TEXT_NOT_SAFE, AuditKind.CONTACT, row.id, by=by
    )
    return True


def _say_safe(transaction: Transaction, row: ContactRow, *, safe: bool) -> None:
    contact = replace(flow_state.read(row), text_safe=safe)
    contacts.save(transaction.tx, replace(row, data=flow_state.written(contact)))


# --- notes ---------------------------------------------------------------------------------------------------------

"""On the timeline: what somebody of the staff wrote down."""
LONGEST_NOTE: Final = 2000
_SAME_NOTE_WITHIN: Final = timedelta(minutes=1)


def write_note(transaction: Transaction, contact_id: ContactId, words: str, by: StaffId) -> Held | None:
    """Write something down for colleagues, sealed; None if it stands there now. Pressed twice, it stands there once."""
    words = words.strip()
    if not words or len(words) > LONGEST_NOTE:
        return Held.TOO_LONG if words else Held.EMPTY
    row = contacts.get(transaction.tx, contact_id)
    if row is None:
        return Held.OVER
    since = transaction.now - _SAME_NOTE_WITHIN
    for one in timeline.of(transaction.tx, contact_id=contact_id):
        if (one.what, one.detail, one.by_staff) == (TimelineWord.NOTE, words, by) and one.at > since:
            return None
    transaction.note(TimelineWord.NOTE, contact=contact_id, detail=words, by=by)
    for own in _theirs(transaction, row, by):
        touch(transaction, own)
    transaction.audit(AuditAction.NOTE, AuditKind.CONTACT, contact_id, by=by)
    return None


# --- handing over ----------------------------------------------------------------------------------------------


class NotHanded(StrEnum):
    """Why it stays where it is."""

    NOT_YOURS = "not_yours"
    NOT_ON = "not_on"
    """That colleague isn't on shift, or may not have it."""


def hand_over(
    transaction: Transaction, escalation_id: EscalationId, to: StaffId, by: StaffId
) -> NotHanded | None:
    """Ask a colleague on shift to take over what is one's own; None if they are asked now. Until they accept, by key
    on a call or on the console, it stays where it is."""
    row = escalations.get(transaction.tx, escalation_id)
    if row is None or row.escalation.subject not in _OWNED or row.escalation.accepted_by != by:
        return NotHanded.NOT_YOURS
    if to == by or to not in colleagues(transaction, row.escalation.subject):
        return NotHanded.NOT_ON
    touch(transaction, reaching.tell(transaction, row, reach.Offered(to)))
    transaction.note(TimelineWord.OFFERED, contact=row.contact_id, escalation=escalation_id, detail=to, by=by)
    transaction.audit(AuditAction.OFFER, AuditKind.ESCALATION, escalation_id, by=by)
    return None


# --- what the clock finds --------------------------------------------------------------------------------------


def found(what: Due) -> Sequence[Work]:
    """Threads whose caller waits for an answer from somebody who has done nothing about it for a while."""
    return each(_put_back, [EscalationId(one) for one in what.ids(due.RESTING)])


def _put_back(transaction: Transaction, escalation_id: EscalationId) -> None:
    """Their console is closed, their phone off: everybody on shift is asked anew, they among them."""
    row = escalations.get(transaction.tx, escalation_id)
    if row is None or row.escalation.status is not EscalationStatus.ACCEPTED or row.contact_id is None:
        return
    if writing.awaits_answer(messages.of_contact(transaction.tx, row.contact_id), transaction):
        owner = row.escalation.accepted_by
        reaching.tell(transaction, row, reach.Untouched())
        transaction.note(
            TimelineWord.THREAD_PUT_BACK, contact=row.contact_id, escalation=escalation_id, by=owner
        )
