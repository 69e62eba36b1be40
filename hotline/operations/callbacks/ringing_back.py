"""Ringing back: what a callback's moves mean for telephones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hotline import paths
from hotline.callbacks import daytime
from hotline.callbacks.callback import (
    AskedAgain,
    AttemptEnded,
    CallbackKind,
    CallbackStatus,
    CallerDialled,
    ConnectedLive,
    DetailsGiven,
    DialogueOver,
    Event,
    OutcomeSet,
    PutBack,
    StaffRung,
    Taken,
    TimeChosen,
    Undone,
)
from hotline.callbacks.callback_moves import open_callback, step
from hotline.callbacks.promise import CallbackPlan, owed_within, owes_apology, promised_at
from hotline.effects import CallOff, HangUp, Origin, OriginKind, PlaceCall, RedirectCall, Urgency
from hotline.model import (
    ByWord,
    CallbackId,
    Channel,
    ContactId,
    Danger,
    Language,
    Line,
    Outcome,
    PhoneNumber,
    RoomName,
    StaffId,
    Subject,
    TimelineWord,
    When,
)
from hotline.oncall import escalation as reach
from hotline.oncall.policy import Policy
from hotline.operations import answers, flow_state
from hotline.operations.callbacks import consent, promise_ledger, spending
from hotline.operations.paging import reaching
from hotline.operations.transaction import Transaction, new_id
from hotline.settings.centre import Opening
from hotline.store.cases import callbacks, contacts, escalations
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.pages import PageRow
from hotline.store.overviews import conference
from hotline.store.traffic import outbox
from hotline.triage.contact import Contact, ContactState
from hotline.triage.turn import PromiseCallback

"""The flow's own state of a contact, as JSON and back."""

_DIALOGUE_TIME = timedelta(minutes=2)
"""How long a callback that is still being asked about isn't due, in case the call is lost from sight."""
LOOKED_AT = timedelta(minutes=2)
"""How often the clock looks whether phones still ring for a callback, or those who talk still do."""
ASKED_AFTER = timedelta(minutes=2)
"""How long a coordinator has to say who it was, before they are asked by text."""
_SETTING_UP = timedelta(seconds=2)
"""At least so long a telephone takes to ring, and nobody picks up in its first second."""
WHISPERS: Final[Mapping[CallbackKind, tuple[str, ...]]] = ByWord(
    {
        CallbackKind.ASKED: ("whisper_callback", "opening_script", "calling_now"),
        CallbackKind.MISSED_INTAKE: ("whisper_missed_intake", "opening_script", "calling_now"),
        CallbackKind.FOLLOW_UP: ("whisper_follow_up", "opening_script", "follow_up_script", "calling_now"),
        CallbackKind.UNHEARD: ("whisper_unheard", "opening_script", "unheard_script", "calling_now"),
    },
    ("whisper_callback", "opening_script", "calling_now"),
)
"""What whoever is to open the talk hears first."""
APOLOGY: Final = "late_script"
"""What they hear, too, if the caller has waited for far longer than was promised."""
UNPROVEN: Final = "website_script"
"""What they hear, too, if nothing but a form tells whose number it is."""
_CALL_TIME = timedelta(minutes=2)
"""How long the caller's phone may ring, and they may take to press 1, before the lease ends."""


def change(transaction: Transaction, row: CallbackRow, event: Event) -> CallbackRow:
    """Let something happen to a callback."""
    after = step(row.callback, event, transaction.now, _plan(transaction, row))
    if after == row.callback:
        return row
    closed_at = None if after.is_open else row.closed_at or transaction.now
    told = row.told_supervisor and after.promised_at <= row.callback.promised_at
    saved = callbacks.save(
        transaction.tx, replace(row, callback=after, closed_at=closed_at, told_supervisor=told)
    )
    promise_ledger.note(transaction, row, saved)
    if isinstance(event, OutcomeSet):
        if row.callback.is_unsaid or row.callback.status is CallbackStatus.ANSWERED:
            _name_call(transaction, row, event)
        elif not _was_them(event):
            _unname_call(transaction, row, instead=event.outcome)
    if isinstance(event, Undone):
        _unname_call(transaction, row)
    if after.status is not row.callback.status:
        transaction.note(
            TimelineWord(f"callback_{after.status}"),
            contact=row.contact_id,
            callback=after.id,
            detail=after.outcome,
        )
    if after.status is CallbackStatus.CLOSED:
        settle_escalation(transaction, saved, by=None)
    return saved


_TOLD_BY_THEM: Final = frozenset(
    {
        Outcome.REACHED,
        Outcome.BOOKED_INTAKE,
        Outcome.NOT_ADMITTED,
        Outcome.REFERRED,
        Outcome.DECLINED,
        Outcome.CALL_LATER,
        Outcome.ASKED_TO_STOP,
    }
)
"""Whoever says that a call ended so says, too, that the right person was on it."""


def _was_them(said: OutcomeSet) -> bool:
    return said.by is not None and said.outcome in _TOLD_BY_THEM


def _name_call(transaction: Transaction, row: CallbackRow, said: OutcomeSet) -> None:
    """Somebody answered the last call, and who it was is known only now."""
    call = contacts.get(transaction.tx, row.call_contact_id) if row.call_contact_id else None
    if call is not None and call.outbound and call.ended_at is not None:
        contacts.save(transaction.tx, _named(transaction, row, call, said))


def _named(transaction: Transaction, row: CallbackRow, call: ContactRow, said: OutcomeSet) -> ContactRow:
    """How a call ended tells who it was, too, if a member of staff says so, by whatever way. What is said of an
    emergency tells nothing of who answered."""
    named = replace(call, outcome=said.outcome)
    met = call.joined_at is not None and call.reached_at is None
    if met and _was_them(said) and row.callback.line is not Line.EMERGENCY:
        named = replace(named, reached_at=answers.first_together(transaction, call))
    return named


def as_said(transaction: Transaction, call: ContactRow) -> ContactRow:
    """A call of ours that has just ended, with what was said of it on the board while it went on."""
    row = callbacks.get(transaction.tx, call.callback_id) if call.callback_id else None
    if row is None or row.call_contact_id != call.id or row.callback.is_open or row.callback.outcome is None:
        return call
    said = OutcomeSet(row.callback.outcome, row.callback.owner)
    unsaid = call.outcome is Outcome.CALLBACK and _was_them(said)
    return _named(transaction, row, call, said) if unsaid else call


def _unname_call(transaction: Transaction, row: CallbackRow, instead: Outcome = Outcome.CALLBACK) -> None:
    """What was said of whoever answered the last call is taken back, or corrected; what a key of theirs has proven
    stays, and so does what was said of it in another way than by what is undone: a block, say, says nothing of any
    call."""
    call = contacts.get(transaction.tx, row.call_contact_id) if row.call_contact_id else None
    # What waits since they asked to be called later has no outcome of its own.
    said = row.callback.outcome or Outcome.CALL_LATER
    if call is None or call.ended_at is None or call.outcome is not said:
        return
    if flow_state.read(call).unproven:
        contacts.save(transaction.tx, replace(call, outcome=instead, reached_at=None))


def _plan(transaction: Transaction, row: CallbackRow) -> CallbackPlan:
    return (
        replace(transaction.plan, zones=zones_of(transaction, row.number)) if row.number else transaction.plan
    )


def zones_of(transaction: Transaction, number: PhoneNumber) -> daytime.Zones:
    """Where somebody with this number lives, as far as its area code tells; else where the centre is."""
    return daytime.zones_of(number, ZoneInfo(transaction.settings.centre.line.timezone))


def promise(transaction: Transaction, contact: ContactRow, request: PromiseCallback) -> CallbackRow:
    """Open the contact's callback, or bring the open one to this number up to date."""
    row = existing(transaction, contact, request)
    if row is None:
        row = opened(transaction, contact, request)
    elif contact.callback_id is None:
        row = asked_again(transaction, row)
    row = used(transaction, row, contact.our_number)
    row = change(transaction, row, DetailsGiven(request.message_safe, request.text_safe))
    if row.callback.language is not contact.language:
        spoken = replace(row.callback, language=contact.language)
        row = callbacks.save(transaction.tx, replace(row, callback=spoken))
    if request.at is not None:
        row = change(transaction, row, TimeChosen(request.at))
    elif request.when is not None:
        row = change(transaction, row, TimeChosen(_time(transaction, request.number, request.when)))
    if row.number != request.number or row.callback.line is not request.line:
        row = _corrected(transaction, row, request)
    if request.ready:
        dropped = row.callback.is_with_caller
        row = change(transaction, row, PutBack("the line dropped") if dropped else DialogueOver())
    return row


def asked_again(transaction: Transaction, row: CallbackRow) -> CallbackRow:
    """They ask once more for a call that is open. If only we would have called them, it is promised to them now."""
    if row.callback.kind in (CallbackKind.MISSED_INTAKE, CallbackKind.UNHEARD):
        asked = replace(row.callback, kind=CallbackKind.ASKED)
        row = callbacks.save(transaction.tx, replace(row, callback=asked))
    return change(transaction, row, AskedAgain())


def _time(transaction: Transaction, number: PhoneNumber, when: When) -> datetime | None:
    if when is When.NOW:
        return None
    return daytime.start_of(when, transaction.now, zones_of(transaction, number)) or transaction.now


def existing(transaction: Transaction, contact: ContactRow, request: PromiseCallback) -> CallbackRow | None:
    """The contact's own callback, if it is open, or else what this number has asked for already.

    A number is not a person: only who asks for the same line, in no other language, is taken for the same one.
    """
    own = callbacks.get(transaction.tx, contact.callback_id) if contact.callback_id else None
    if own is not None and own.callback.is_open and own.callback.line is not Line.EMERGENCY:
        return own
    return same_wish(transaction, request.number, request.line, request.language)


def same_wish(
    transaction: Transaction, number: PhoneNumber, line: Line, language: Language | None
) -> CallbackRow | None:
    """The open callback to this number for this line, in this language (None: none was chosen); or None.

    A call that they agreed to after an emergency is another matter than whatever they ask for now.
    """
    theirs = [
        row
        for row in callbacks.open_for(transaction.tx, number)
        if row.callback.line is line and row.callback.kind is not CallbackKind.FOLLOW_UP
    ]
    return next(
        (row for row in theirs if language in (None, row.callback.language) or not _chose(transaction, row)),
        None,
    )


def _chose(transaction: Transaction, row: CallbackRow) -> bool:
    """Whether whoever asked for it chose its language, or only met the line's first, or the number's last."""
    origin = contacts.get(transaction.tx, row.contact_id)
    return origin is not None and flow_state.read(origin).language_chosen


def others_asked(transaction: Transaction, row: CallbackRow) -> bool:
    """Whether this number has asked for something else, too: there may be two people behind it. An emergency of theirs
    is nothing that was asked for, nor is the call after one."""
    theirs = callbacks.open_for(transaction.tx, row.number) if row.number and _was_asked(row) else []
    return any(one.callback.id != row.callback.id and _was_asked(one) for one in theirs)


def _was_asked(row: CallbackRow) -> bool:
    return row.callback.line is not Line.EMERGENCY and row.callback.kind is not CallbackKind.FOLLOW_UP


def used(transaction: Transaction, row: CallbackRow, ours: str) -> CallbackRow:
    """The caller has reached us by this number of ours: from now on they are rung back from it."""
    return row if row.our_number == ours else callbacks.save(transaction.tx, replace(row, our_number=ours))


def opened(transaction: Transaction, contact: ContactRow, request: PromiseCallback) -> CallbackRow:
    """A new callback, as this contact asks for it."""
    since = contact.opened_at if request.kept_place else transaction.now
    rule = open_callback(
        CallbackId(new_id()),
        request.line,
        contact.language,
        since,
        transaction.plan,
        due_at=transaction.now if request.ready else transaction.now + _DIALOGUE_TIME,
    )
    if contact.channel is Channel.VOICE and flow_state.read(contact).unheard_since is not None:
        rule = replace(rule, kind=CallbackKind.UNHEARD)
    row = CallbackRow(rule, contact.id, contact.room, request.number, contact.our_number)
    transaction.note(TimelineWord.CALLBACK_OPENED, contact=contact.id, callback=rule.id)
    added = callbacks.add(transaction.tx, row)
    promise_ledger.note(transaction, None, added)
    return added


def owe(
    transaction: Transaction,
    contact: ContactRow,
    number: PhoneNumber,
    line: Line,
    kind: CallbackKind,
    at: datetime,
) -> CallbackRow:
    """A callback that nobody has asked for: they agreed to it, or we want to know how they are. It is due at `at`, or
    when it is day where they live. What is safe there is what was said to this contact."""
    due_at = daytime.in_daytime(max(at, transaction.now), zones_of(transaction, number))
    rule = open_callback(
        CallbackId(new_id()), line, contact.language, transaction.now, transaction.plan, due_at=due_at
    )
    said = flow_state.read(contact)
    rule = replace(rule, kind=kind, message_safe=said.message_safe is True, text_safe=said.text_safe is True)
    rule = replace(rule, promised_at=due_at + owed_within(rule, transaction.plan))
    transaction.note(TimelineWord.CALLBACK_OPENED, contact=contact.id, callback=rule.id)
    return callbacks.add(
        transaction.tx, CallbackRow(rule, contact.id, contact.room, number, contact.our_number)
    )


def _corrected(transaction: Transaction, row: CallbackRow, request: PromiseCallback) -> CallbackRow:
    """The caller gave another number, or chose another line meanwhile."""
    rule = row.callback
    if request.line is not rule.line and request.line is not Line.EMERGENCY and row.callback.repeats == 0:
        promised = promised_at(request.line, rule.opened_at, transaction.plan)
        rule = replace(rule, line=request.line, promised_at=promised)
    corrected = callbacks.save(transaction.tx, replace(row, callback=rule, number=request.number))
    promise_ledger.note(transaction, row, corrected)
    return corrected


def kept_live(transaction: Transaction, contact: ContactRow, *, asked_by: datetime | None = None) -> None:
    """The caller has talked with a person: the callback that they had open for this line is kept, if asked by then. A
    call that was agreed for a later time is made all the same: they were told of it, and nobody has told them else."""
    line, spoken = contact.line or Line.PERSON, flow_state.read(contact)
    language = spoken.language if spoken.language_chosen else None
    found = same_wish(transaction, contact.caller, line, language) if contact.caller else None
    if found is None or line is Line.EMERGENCY:
        return
    if found.callback.has_a_time_ahead(transaction.now):
        return
    if asked_by is None or found.callback.opened_at <= asked_by:
        change(transaction, found, ConnectedLive())


def take(transaction: Transaction, row: CallbackRow, by: StaffId) -> CallbackRow:
    """One member of staff has it now; whoever already had it keeps it."""
    lease = transaction.now + transaction.settings.centre.waits.claim_lease
    return change(transaction, row, Taken(by, lease))


def own_call(
    transaction: Transaction, number: PhoneNumber, besides: ContactId | None = None
) -> ContactRow | None:
    """The call on which somebody with this number, who called us, is now; not `besides`, which is about to end."""
    calls = [one for one in contacts.ongoing_with(transaction.tx, number) if one.channel is Channel.VOICE]
    return next((one for one in calls if not one.outbound and one.id != besides), None)


def is_called_for_another(transaction: Transaction, row: CallbackRow) -> bool:
    """Whether a call of ours to this number is under way for something else that it has asked for: there may be two
    people behind it, but there is one telephone."""
    calls = contacts.ongoing_with(transaction.tx, row.number) if row.number is not None else []
    ours = (one for one in calls if one.outbound and one.channel is Channel.VOICE)
    return any(one.callback_id not in (None, row.callback.id) for one in ours)


def dial_caller(
    transaction: Transaction, row: CallbackRow, ended: ContactId | None = None, *, whispered: bool = False
) -> CallbackRow:
    """Place the call to the caller. If a human of ours waits in the room, whoever answers is with them at once, and no
    machine speaks; else, or if the centre has chosen so, whoever presses 1 there is put into the room.

    Nobody is dialled who is on the line with us, or whom we call for something else: they would be busy.
    `ended`: their call that is over with this.
    `whispered`: to that human something is still being said, for so long as they needn't hear anything else.
    """
    if (
        row.number is None
        or row.callback.is_with_caller
        or own_call(transaction, row.number, ended) is not None
    ):
        return row
    if consent.refuses_calls(transaction, row):
        return _asked_to_stop(transaction, row)
    if row.callback.line is not Line.EMERGENCY and is_called_for_another(transaction, row):
        return row
    dialled = change(transaction, row, CallerDialled(transaction.now + _CALL_TIME))
    if not dialled.callback.is_with_caller:
        return dialled
    person = transaction.settings.centre.callbacks.opening is Opening.PERSON
    into_room = person and conference.staff_in(transaction.tx, row.room) != []
    contact = _outgoing(transaction, dialled, row.number, into_room=into_room)
    seconds = int(transaction.settings.centre.waits.caller_ring.total_seconds())
    machine = None if into_room else paths.machine(contact.id)
    status = paths.contact_status(contact.id)
    ours = transaction.our_number(contact.our_number)
    call = PlaceCall(row.number, paths.turn(contact.id, 0), status, seconds, machine, ours)
    lane = Urgency.EMERGENCY if row.callback.line is Line.EMERGENCY else Urgency.URGENT
    due_at = None
    if into_room:
        call = replace(call, room=row.room)
        # In an emergency nothing is waited for: what is said then is shorter than a telephone takes to be answered.
        waits = whispered and row.callback.line is not Line.EMERGENCY
        due_at = transaction.now + (whisper_time(transaction, row) if waits else timedelta(0))
    transaction.send(
        call, about=Origin(OriginKind.CONTACT, contact.id), urgency=lane, to_caller=True, due_at=due_at
    )
    spending.call_placed(transaction)
    return callbacks.save(transaction.tx, replace(dialled, call_contact_id=contact.id))


def _asked_to_stop(transaction: Transaction, row: CallbackRow) -> CallbackRow:
    """It was opened again after they had asked for no calls: nobody is rung for it, least of all they."""
    return change(transaction, row, OutcomeSet(Outcome.ASKED_TO_STOP, row.callback.owner))


def is_of_website(transaction: Transaction, row: CallbackRow) -> bool:
    """Whether nothing but a form tells whose number it is: whoever has it may know nothing of the call."""
    asked = contacts.get(transaction.tx, row.contact_id)
    return asked is not None and asked.channel is Channel.WEBSITE


def whisper_time(transaction: Transaction, row: CallbackRow) -> timedelta:
    """After which the caller may be dialled, so that whoever has pressed 1 is in the room when somebody answers."""
    heard = WHISPERS[row.callback.kind]
    if owes_apology(row.callback, transaction.now):
        heard += (APOLOGY,)
    if is_of_website(transaction, row):
        heard += (UNPROVEN,)
    words = sum(transaction.application.prompts.seconds(one) for one in heard)
    return max(timedelta(0), timedelta(seconds=words) - _SETTING_UP)


def _outgoing(
    transaction: Transaction, row: CallbackRow, number: PhoneNumber, *, into_room: bool
) -> ContactRow:
    rule = row.callback
    asked = contacts.get(transaction.tx, row.contact_id)
    before = flow_state.read(asked) if asked is not None else None
    state = Contact(
        Channel.VOICE,
        ContactState.ASKED_FOR_CALL,
        line=rule.line,
        language=rule.language,
        caller=number,
        outbound=True,
        into_room=into_room,
        message_safe=rule.message_safe,
        text_safe=rule.text_safe,
        may_be_minor=before is not None and before.may_be_minor,
        danger=before.danger if before is not None else Danger.UNSAID,
        heard_911=before is not None and before.heard_911,
        unheard_since=row.callback.opened_at if rule.kind is CallbackKind.UNHEARD else None,
    )
    ours = transaction.our_number(row.our_number).e164
    contact = flow_state.begun(state, ours, ContactId(new_id()), row.room, transaction.now)
    contact = replace(contact, callback_id=rule.id, escalation_id=row.escalation_id)
    return contacts.add(transaction.tx, contact)


def attempt_failed(
    transaction: Transaction, contact: ContactRow, outcome: Outcome, *, somebody_else: bool = False
) -> None:
    """Nobody at the other end took our call: back in line, and whoever waited in the room is told and let go.

    `somebody_else` has their telephone in the hand now: nothing is written there at this moment.
    """
    row = callbacks.get(transaction.tx, contact.callback_id) if contact.callback_id else None
    if row is None or row.call_contact_id != contact.id:
        return
    if row.callback.is_unsaid:
        return
    if row.callback.status in (CallbackStatus.CALLING, CallbackStatus.ANSWERED):
        by = row.callback.owner
        row = change(transaction, row, AttemptEnded(outcome))
        if not somebody_else:
            consent.not_reached(transaction, row, contact, outcome, by)
    for page in conference.staff_in(transaction.tx, contact.room):
        _tell_unanswered(transaction, page)
    if row.callback.line is not Line.EMERGENCY:
        settle_escalation(transaction, row, by=None)


def _tell_unanswered(transaction: Transaction, page: PageRow) -> None:
    """Once: the end of one call is told by several."""
    if page.provider_sid is None:
        return
    told = RedirectCall(page.provider_sid, paths.page_unanswered(page.id))
    about = Origin(OriginKind.PAGE, page.id)
    if all(row.effect != told for row in outbox.about(transaction.tx, about)):
        transaction.send(told, about=about)


def nobody_comes(transaction: Transaction, room: RoomName) -> None:
    """Who waits in this room for somebody who was still to be rung is told and let go; a call of ours that rings does
    so by its end, and whoever is on the line goes on."""
    if all(one.channel is not Channel.VOICE for one in contacts.ongoing_in(transaction.tx, room)):
        for page in conference.staff_in(transaction.tx, room):
            _tell_unanswered(transaction, page)


def stop_calling(transaction: Transaction, row: CallbackRow) -> None:
    """The caller's phone doesn't go on ringing for what has an outcome."""
    outgoing = contacts.get(transaction.tx, row.call_contact_id) if row.call_contact_id else None
    if (
        outgoing is not None
        and outgoing.state == ContactState.ASKED_FOR_CALL
        and outgoing.provider_sid is not None
    ):
        transaction.send(HangUp(outgoing.provider_sid), about=Origin(OriginKind.CONTACT, outgoing.id))


def is_for_nobody(transaction: Transaction, call: ContactRow) -> bool:
    """Whether this call of ours still waits to be answered, and nobody is there any more who would talk.

    In an emergency it goes on ringing: whoever answers is asked, held, and a clinician is rung for them.
    """
    unanswered = call.outbound and call.state == ContactState.ASKED_FOR_CALL and call.turn == 0
    if not unanswered or call.ended_at is not None or call.line is Line.EMERGENCY:
        return False
    return not conference.staff_in(transaction.tx, call.room)


def call_off(transaction: Transaction, call: ContactRow, by: StaffId | None) -> None:
    """Whoever was to talk is gone: the caller's phone stops ringing. What that means for the callback comes with the
    news that it has; who has answered in the same moment is held, and staff are rung for them."""
    transaction.note(TimelineWord.CALLED_OFF, contact=call.id, callback=call.callback_id, by=by)
    if call.provider_sid is not None:
        transaction.send(CallOff(call.provider_sid), about=Origin(OriginKind.CONTACT, call.id))


def settle_escalation(transaction: Transaction, row: CallbackRow, by: StaffId | None) -> None:
    """What rang staff for this callback is over. An emergency's stays: only a human closes that."""
    if row.escalation_id is None:
        return
    escalation = escalations.get(transaction.tx, row.escalation_id)
    if escalation is not None and escalation.escalation.subject is Subject.CALLBACK:
        reaching.tell(transaction, escalation, reach.Closed(by))


def about(row: CallbackRow) -> reaching.About:
    """What staff are paged for when this callback is due."""
    rule = row.callback
    return reaching.About(row.room, rule.line, rule.language, row.contact_id, rule.id)


def ring_staff(transaction: Transaction, row: CallbackRow, policy: Policy) -> CallbackRow:
    """A callback is due: staff phones ring for it, unless they have asked for no calls since."""
    if consent.refuses_calls(transaction, row):
        return _asked_to_stop(transaction, row)
    opened = reaching.open_for(transaction, Subject.CALLBACK, about(row), policy)
    return change(
        transaction,
        replace(row, escalation_id=opened.escalation.id),
        StaffRung(transaction.now + LOOKED_AT),
    )
