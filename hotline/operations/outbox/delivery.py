"""What leaves the building: claimed, carried out by the carrier outside of any transaction, and settled.

A claim is a lease. Whoever dies with one is found by the clock: what goes to staff is sent again (twice beats
never); what goes to a caller may have happened, and is looked up at the provider before it is repeated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from hotline import paths
from hotline.carrier_words import NOT_RUNNING, NOTHING_MORE, TextStatus
from hotline.effects import CallOff, HangUp, Origin, OriginKind, PlaceCall, RedirectCall, SendText
from hotline.model import ContactId, OutboxId, Outcome, PageId
from hotline.oncall import escalation as reach
from hotline.operations.callbacks import consent, ringing_back
from hotline.operations.conversation import (
    caller,
    company,
    errands,
    handing_off,
    interpreter,
    live_talk,
    their_leg,
)
from hotline.operations.outbox import lanes
from hotline.operations.paging import one_ring, reaching
from hotline.operations.staff import confirming, connect, listening
from hotline.operations.texts import redaction, relay
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts, escalations, pages
from hotline.store.cases.pages import PageState
from hotline.store.traffic import calls_seen, messages, outbox
from hotline.store.traffic.outbox import EffectStatus, OutboxRow, WakeUp
from hotline.triage.contact import ContactState

_LOOK_UP_AFTER = timedelta(seconds=2)
"""How long after an ambiguous answer the provider is asked whether it happened."""
_GONE = "whoever sent it is gone"
_LOOK_UPS = 10
"""Claims after which an effect that can't be cleared up is given up; by then the next rung has been reached."""


@dataclass(frozen=True, slots=True)
class Sent:
    """It left; the provider calls it `sid`."""

    sid: str


@dataclass(frozen=True, slots=True)
class TryAgain:
    """It certainly did not leave, and may a little later."""

    error: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may have left: the answer was lost, or came too late."""

    error: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It can't be done, now or later."""

    error: str
    outcome: Outcome = Outcome.NOT_IN_SERVICE
    """What that says about a caller's number."""


@dataclass(frozen=True, slots=True)
class NeverHappened:
    """Looked up at the provider, and not found."""


Result = Sent | TryAgain | Unsure | GiveUp | NeverHappened


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed row."""

    row: OutboxRow
    look_up: bool
    """It may have happened already: ask the provider first."""


# --- claiming --------------------------------------------------------------------------------------------------


def claim(transaction: Transaction, outbox_id: OutboxId) -> Job | None:
    """The effect, if it is ours to carry out now and still wanted. Raises lanes.Paced: a call that must wait."""
    lease = transaction.settings.centre.deliveries.lease
    row = outbox.claim(transaction.tx, outbox_id, transaction.now, lease)
    if row is not None:
        if _wanted(transaction, row):
            lanes.may_leave(transaction, row)
            return Job(row, look_up=False)
        outbox.dropped(transaction.tx, row, transaction.now, "not wanted any more")
        _never_dialled(transaction, row)
        if row.origin.kind is OriginKind.MESSAGE:
            messages.advance_own(transaction.tx, row.origin.id, TextStatus.CANCELED, NOTHING_MORE)
        return None
    row = outbox.claim_unsure(transaction.tx, outbox_id, transaction.now, lease)
    return Job(row, look_up=True) if row else None


def _wanted(transaction: Transaction, row: OutboxRow) -> bool:
    match row.origin.kind, row.effect:
        case OriginKind.PAGE, PlaceCall() | SendText():
            # Called off from now on, it is ended when the carrier's answer is settled.
            page = pages.glance(transaction.tx, PageId(row.origin.id))
            return page is not None and page.state is PageState.PLACED
        case OriginKind.CONTACT, PlaceCall():
            contact = contacts.get(transaction.tx, ContactId(row.origin.id))
            return (
                contact is not None
                and contact.provider_sid is None
                and consent.still_owed(transaction, contact)
                and not ringing_back.is_for_nobody(transaction, contact)
            )
        case OriginKind.CONTACT, CallOff():
            contact = contacts.get(transaction.tx, ContactId(row.origin.id))
            return contact is not None and ringing_back.is_for_nobody(transaction, contact)
        case OriginKind.PAGE, RedirectCall(_, path):
            return _page_redirect_wanted(transaction, PageId(row.origin.id), path)
        case OriginKind.CONTACT, RedirectCall(_, path):
            return _redirect_wanted(transaction, ContactId(row.origin.id), path)
        case kind, PlaceCall() | SendText():
            return _still_wanted(transaction, kind, row.origin.id)
        case _:
            return True


def _still_wanted(transaction: Transaction, kind: OriginKind, about: str) -> bool:
    match kind:
        case OriginKind.HAND_OFF:
            return handing_off.is_wanted(transaction, about)
        case OriginKind.TALK:
            return live_talk.is_to_be_asked(transaction, ContactId(about))
        case OriginKind.MESSAGE:
            return consent.still_allowed(transaction, about)
        case _:
            return True


def _never_dialled(transaction: Transaction, row: OutboxRow) -> None:
    """What was to be said on a call back that is not wanted any more: whoever waits in its room is let go."""
    call = row.origin.kind is OriginKind.CONTACT and isinstance(row.effect, PlaceCall)
    contact = contacts.get(transaction.tx, ContactId(row.origin.id)) if call else None
    if contact is not None and contact.provider_sid is None:
        caller.hung_up(transaction, contact, Outcome.CALLED_OFF)


def _page_redirect_wanted(transaction: Transaction, page_id: PageId, path: str) -> bool:
    """Nobody is taken out of a room in which somebody is with them now."""
    page = pages.get(transaction.tx, page_id)
    if path == paths.page_over(page_id):
        return _is_called_off(page)
    aside = paths.aside_for(path)
    if aside is not None:
        return handing_off.is_to_come_aside(transaction, aside)
    if path == paths.page_after(page_id, paths.CALLER_LEFT):
        if page is None or page.ended_at is not None:
            return False
    elif path != paths.page_unanswered(page_id):
        return True
    about = escalations.get(transaction.tx, page.escalation_id) if page is not None else None
    return about is None or not (connect.on_the_line(transaction, about) or _are_called(transaction, about))


def _are_called(transaction: Transaction, about: escalations.EscalationRow) -> bool:
    """Whether a call of ours to the caller is under way, by which they come into the room again."""
    found = connect.callback_of(transaction, about)
    return found is not None and found.callback.is_with_caller


def _is_called_off(page: pages.PageRow | None) -> bool:
    return page is not None and page.state is PageState.CALLED_OFF and page.ended_at is None


def _redirect_wanted(transaction: Transaction, contact_id: ContactId, path: str) -> bool:
    """Their own loop may have been quicker."""
    contact = contacts.get(transaction.tx, contact_id)
    if contact is None or contact.ended_at is not None:
        return False
    if path == paths.voicemail(contact_id):
        return consent.is_asked(contact)
    if path == paths.turn(contact_id, 0):
        return contact.state == ContactState.ASKED_FOR_CALL
    if errands.goes_to_room(path):
        if contact.state == ContactState.IN_ROOM:
            return False
        # Whichever of this and their own turn is second sees what the first has done: both write this row.
        contacts.save(transaction.tx, contact, seen=False)
        return True
    if path.startswith(paths.ON_HOLD.start):
        return contact.state == ContactState.IN_ROOM and company.is_told_aside(transaction, contact)
    was_with_somebody = contact.state in (ContactState.IN_ROOM, ContactState.ON_HOLD)
    return was_with_somebody and not company.is_anybody(transaction, contact)


# --- settling --------------------------------------------------------------------------------------------------


def settle(transaction: Transaction, job: Job, result: Result) -> None:
    """Record what became of it, and let whatever depends on it go on."""
    row, now = job.row, transaction.now
    match result:
        case Sent(sid):
            _sent(transaction, row, sid)
        case NeverHappened():
            outbox.again(transaction.tx, row, now, "looked up: it never happened")
            transaction.rung.append(WakeUp(row.id, row.urgency))
        case Unsure(error) if row.claims < _LOOK_UPS:
            outbox.unsure(transaction.tx, row, now + _LOOK_UP_AFTER, error)
        case TryAgain(error) if redaction.is_one(row.effect) and row.claims <= redaction.TRIES:
            outbox.again(transaction.tx, row, now + redaction.pause(row.claims), error)
        case TryAgain(error) if row.claims <= len(transaction.settings.centre.deliveries.retry):
            delay = transaction.settings.centre.deliveries.retry[row.claims - 1]
            keep = outbox.unsure if job.look_up else outbox.again
            keep(transaction.tx, row, now + delay, error)
        case TryAgain(error) | Unsure(error):
            if outbox.failed(transaction.tx, row, now, error):
                _given_up(transaction, row, error, Outcome.NO_ANSWER)
        case GiveUp(error, outcome):
            if outbox.failed(transaction.tx, row, now, error):
                _given_up(transaction, row, error, outcome)
        case _:
            assert_never(result)


def _sent(transaction: Transaction, row: OutboxRow, sid: str) -> None:
    counted = outbox.sent(transaction.tx, row, transaction.now, sid)
    if isinstance(row.effect, SendText):
        redaction.left(transaction, row, sid)
    match row.origin.kind, row.effect:
        case OriginKind.PAGE, PlaceCall():
            _page_left(transaction, PageId(row.origin.id), sid)
        case OriginKind.PAGE, SendText():
            text = pages.glance(transaction.tx, PageId(row.origin.id))
            if text is not None and text.provider_sid is None:
                pages.save(transaction.tx, replace(text, provider_sid=sid, sent_at=transaction.now))
        case OriginKind.CONTACT, PlaceCall():
            _call_left(transaction, ContactId(row.origin.id), sid, counted=counted)
        case OriginKind.HAND_OFF, PlaceCall():
            their_leg.placed(transaction, row.origin.id, sid)
        case OriginKind.MESSAGE, SendText():
            messages.sent(transaction.tx, row.origin.id, sid, TextStatus.QUEUED, TextStatus.QUEUED.rank)
        case OriginKind.CONTACT, CallOff():
            # Of a call that it ends before it rings, the carrier tells nothing by itself.
            calls_seen.doubt(transaction.tx, sid)
        case _:
            pass


def _page_left(transaction: Transaction, page_id: PageId, sid: str) -> None:
    page = pages.get(transaction.tx, page_id)
    if page is None or _rings_for_another(transaction, page, sid):
        return
    if page.provider_sid is None:
        page = pages.save(transaction.tx, replace(page, provider_sid=sid, sent_at=transaction.now))
    void = page.state is PageState.CALLED_OFF and not one_ring.covered_by(transaction, page)
    if void or page.provider_sid != sid:
        transaction.send(HangUp(sid), about=Origin(OriginKind.PAGE, page_id))


def _rings_for_another(transaction: Transaction, page: pages.PageRow, sid: str) -> bool:
    """Whoever picked up was quicker than the carrier's answer, and is asked about something more pressing."""
    rung = pages.by_sid(transaction.tx, sid)
    return rung is not None and rung.id != page.id


def _call_left(transaction: Transaction, contact_id: ContactId, sid: str, *, counted: bool) -> None:
    contact = contacts.get(transaction.tx, contact_id)
    if contact is None:
        return
    if contact.provider_sid is None and contact.ended_at is None:
        contact = contacts.save(transaction.tx, replace(contact, provider_sid=sid))
    if contact.ended_at is not None or (contact.provider_sid != sid and not counted):
        transaction.send(HangUp(sid), about=Origin(OriginKind.CONTACT, contact_id))
    elif ringing_back.is_for_nobody(transaction, contact):
        transaction.send(CallOff(sid), about=Origin(OriginKind.CONTACT, contact_id))


def _given_up(transaction: Transaction, row: OutboxRow, error: str, outcome: Outcome) -> None:
    match row.origin.kind, row.effect:
        case OriginKind.PAGE, PlaceCall():
            confirming.leg_over(transaction, PageId(row.origin.id))
        case OriginKind.PAGE, SendText():
            _text_never_left(transaction, PageId(row.origin.id))
        case OriginKind.CONTACT, PlaceCall():
            contact = contacts.get(transaction.tx, ContactId(row.origin.id))
            if contact is not None:
                caller.hung_up(transaction, contact, outcome)
        case OriginKind.CONTACT | OriginKind.PAGE, RedirectCall(call_sid) if error == NOT_RUNNING:
            calls_seen.doubt(transaction.tx, call_sid)
        case OriginKind.INTERPRETER, PlaceCall():
            interpreter.unreached(transaction, ContactId(row.origin.id))
        case OriginKind.LISTENER, PlaceCall():
            listening.unreached(transaction, row.origin.id)
        case OriginKind.HAND_OFF, PlaceCall():
            their_leg.leg_over(transaction, row.origin.id)
        case OriginKind.MESSAGE, SendText(from_=ours):
            messages.advance_own(transaction.tx, row.origin.id, TextStatus.FAILED, NOTHING_MORE, error)
            consent.text_failed(
                transaction,
                messages.get(transaction.tx, row.origin.id),
                error,
                ours.e164 if ours is not None else "",
            )
            relay.failed(transaction, messages.get(transaction.tx, row.origin.id))
        case _:
            pass


def _text_never_left(transaction: Transaction, page_id: PageId) -> None:
    """If the text was the only way to this person, the next one is tried."""
    page = pages.get(transaction.tx, page_id)
    row = escalations.get(transaction.tx, page.escalation_id) if page else None
    if page is None or row is None or page.state is not PageState.PLACED:
        return
    pages.save(transaction.tx, replace(page, state=PageState.UNREACHED, ended_at=transaction.now))
    if one_ring.rings(transaction, row, page.staff_id) is one_ring.Rings.NOT:
        reaching.tell(transaction, row, reach.Unreached(page.staff_id))


# --- what the clock finds --------------------------------------------------------------------------------------


def expired(transaction: Transaction, claim: tuple[str, int]) -> None:
    """Whoever claimed it is gone: again, if it goes to staff; else it must be looked up first.

    `claim`: the effect, and the number of the claim that is over.
    """
    fresh = outbox.get(transaction.tx, OutboxId(claim[0]))
    if fresh is None or fresh.status is not EffectStatus.CLAIMED or fresh.claims != claim[1]:
        return
    if fresh.to_caller:
        outbox.unsure(transaction.tx, fresh, transaction.now, _GONE)
    else:
        outbox.again(transaction.tx, fresh, transaction.now, _GONE)
    transaction.rung.append(WakeUp(fresh.id, fresh.urgency))


def was_left_behind(error: str | None) -> bool:
    """Whether an effect's last claimer died with it: it has waited a whole lease already, and waits for nobody."""
    return error == _GONE


def unknown(transaction: Transaction, sids: tuple[str, ...]) -> tuple[str, ...]:
    """Those calls and messages of ours at the provider that belong to nothing here yet."""
    return tuple(
        sid
        for sid in sids
        if pages.by_sid(transaction.tx, sid) is None
        and contacts.by_call(transaction.tx, sid) is None
        and messages.by_sid(transaction.tx, sid) is None
        and not outbox.is_known(transaction.tx, sid)
    )
