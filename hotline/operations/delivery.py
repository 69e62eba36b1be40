"""What leaves the building: claimed, carried out by the carrier outside of any transaction, and settled.

A claim is a lease. Whoever dies with one is found by the clock: what goes to staff is sent again (twice beats
never); what goes to a caller may have happened, and is looked up at the provider before it is repeated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from hotline import paths
from hotline.effects import HangUp, PlaceCall, RedirectCall, SendText
from hotline.model import ContactId, OutboxId, Outcome, PageId
from hotline.oncall import events as reach
from hotline.oncall.policy import How
from hotline.operations import (
    caller,
    confirming,
    consent,
    errands,
    interpreter,
    lanes,
    meeting,
    one_ring,
    reaching,
    redaction,
    relay,
)
from hotline.operations.house import Desk
from hotline.store import calls_seen, contacts, escalations, messages, outbox, pages, rooms
from hotline.store.outbox import Bell, OutboxRow, Status
from hotline.store.pages import State as PageState
from hotline.triage.contact import State

_LOOK_UP_AFTER = timedelta(seconds=2)
"""How long after an ambiguous answer the provider is asked whether it happened."""
_GONE = "whoever sent it is gone"
_NOT_RUNNING = "21220"
"""The carrier's code for a call that was to be redirected, and is over."""
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


def claim(desk: Desk, outbox_id: OutboxId) -> Job | None:
    """The effect, if it is ours to carry out now and still wanted. Raises lanes.Paced: a call that must wait."""
    lease = desk.settings.centre.deliveries.lease
    row = outbox.claim(desk.tx, outbox_id, desk.now, lease)
    if row is not None:
        if _wanted(desk, row):
            lanes.may_leave(desk, row)
            return Job(row, look_up=False)
        outbox.dropped(desk.tx, row, desk.now, "not wanted any more")
        _never_dialled(desk, row)
        if row.origin.kind == "message":
            messages.advance_own(desk.tx, row.origin.id, "canceled", 9)
        return None
    row = outbox.claim_unsure(desk.tx, outbox_id, desk.now, lease)
    return Job(row, look_up=True) if row else None


def _wanted(desk: Desk, row: OutboxRow) -> bool:
    match row.origin.kind, row.effect:
        case "page", PlaceCall() | SendText():
            page = pages.get(desk.tx, PageId(row.origin.id))
            return page is not None and page.state is PageState.PLACED
        case "contact", PlaceCall():
            contact = contacts.get(desk.tx, ContactId(row.origin.id))
            return contact is not None and contact.provider_sid is None and consent.still_owed(desk, contact)
        case "page", RedirectCall(_, path):
            return _page_redirect_wanted(desk, PageId(row.origin.id), path)
        case "contact", RedirectCall(_, path):
            return _redirect_wanted(desk, ContactId(row.origin.id), path)
        case "message", SendText():
            return consent.still_allowed(desk, row.origin.id)
        case _:
            return True


def _never_dialled(desk: Desk, row: OutboxRow) -> None:
    """What was to be said on a call back that is not wanted any more: whoever waits in its room is let go."""
    call = row.origin.kind == "contact" and isinstance(row.effect, PlaceCall)
    contact = contacts.get(desk.tx, ContactId(row.origin.id)) if call else None
    if contact is not None and contact.provider_sid is None:
        caller.hung_up(desk, contact, Outcome.NO_ANSWER)


def _page_redirect_wanted(desk: Desk, page_id: PageId, path: str) -> bool:
    """Nobody is taken out of a room in which somebody is with them now."""
    page = pages.get(desk.tx, page_id)
    if path == paths.page_over(page_id):
        return _is_called_off(page)
    if path != paths.page_unanswered(page_id):
        return True
    about = escalations.get(desk.tx, page.escalation_id) if page is not None else None
    return about is None or not meeting.on_the_line(desk, about)


def _is_called_off(page: pages.PageRow | None) -> bool:
    return page is not None and page.state is PageState.CALLED_OFF and page.ended_at is None


def _redirect_wanted(desk: Desk, contact_id: ContactId, path: str) -> bool:
    """Their own loop may have been quicker."""
    contact = contacts.get(desk.tx, contact_id)
    if contact is None or contact.ended_at is not None:
        return False
    if path == paths.voicemail(contact_id):
        return consent.message_allowed(desk, contact)
    if path == paths.turn(contact_id, 0):
        return contact.state == State.ASKED_FOR_CALL
    if errands.goes_to_room(path):
        if contact.state == State.IN_ROOM:
            return False
        # Whichever of this and their own turn is second sees what the first has done: both write this row.
        contacts.save(desk.tx, contact, seen=False)
        return True
    return contact.state == State.IN_ROOM and not rooms.staff_in(desk.tx, contact.room)


# --- settling --------------------------------------------------------------------------------------------------


def settle(desk: Desk, job: Job, result: Result) -> None:
    """Record what became of it, and let whatever depends on it go on."""
    row, now = job.row, desk.now
    match result:
        case Sent(sid):
            _sent(desk, row, sid)
        case NeverHappened():
            outbox.again(desk.tx, row, now, "looked up: it never happened")
            desk.rung.append(Bell(row.id, row.urgency))
        case Unsure(error) if row.claims < _LOOK_UPS:
            outbox.unsure(desk.tx, row, now + _LOOK_UP_AFTER, error)
        case TryAgain(error) if redaction.is_one(row.effect) and row.claims <= redaction.TRIES:
            outbox.again(desk.tx, row, now + redaction.pause(row.claims), error)
        case TryAgain(error) if row.claims <= len(desk.settings.centre.deliveries.retry):
            delay = desk.settings.centre.deliveries.retry[row.claims - 1]
            keep = outbox.unsure if job.look_up else outbox.again
            keep(desk.tx, row, now + delay, error)
        case TryAgain(error) | Unsure(error):
            if outbox.failed(desk.tx, row, now, error):
                _given_up(desk, row, error, Outcome.NO_ANSWER)
        case GiveUp(error, outcome):
            if outbox.failed(desk.tx, row, now, error):
                _given_up(desk, row, error, outcome)
        case _:
            assert_never(result)


def _sent(desk: Desk, row: OutboxRow, sid: str) -> None:
    counted = outbox.sent(desk.tx, row, desk.now, sid)
    if isinstance(row.effect, SendText):
        redaction.left(desk, row, sid)
    match row.origin.kind, row.effect:
        case "page", PlaceCall() | SendText():
            _page_left(desk, PageId(row.origin.id), sid)
        case "contact", PlaceCall():
            _call_left(desk, ContactId(row.origin.id), sid, counted=counted)
        case "message", SendText():
            messages.sent(desk.tx, row.origin.id, sid, "queued", 1)
        case _:
            pass


def _page_left(desk: Desk, page_id: PageId, sid: str) -> None:
    page = pages.get(desk.tx, page_id)
    if page is None:
        return
    if page.how is How.CALL and _rings_for_another(desk, page, sid):
        return
    if page.provider_sid is None:
        page = pages.save(desk.tx, replace(page, provider_sid=sid, sent_at=desk.now))
    void = page.state is PageState.CALLED_OFF and page.how is How.CALL and not one_ring.covered_by(desk, page)
    if void or (page.how is How.CALL and page.provider_sid != sid):
        desk.send(HangUp(sid), about=outbox.Origin("page", page_id))


def _rings_for_another(desk: Desk, page: pages.PageRow, sid: str) -> bool:
    """Whoever picked up was quicker than the carrier's answer, and is asked about something more pressing."""
    rung = pages.by_sid(desk.tx, sid)
    return rung is not None and rung.id != page.id


def _call_left(desk: Desk, contact_id: ContactId, sid: str, *, counted: bool) -> None:
    contact = contacts.get(desk.tx, contact_id)
    if contact is None:
        return
    if contact.provider_sid is None and contact.ended_at is None:
        contact = contacts.save(desk.tx, replace(contact, provider_sid=sid))
    if contact.ended_at is not None or (contact.provider_sid != sid and not counted):
        desk.send(HangUp(sid), about=outbox.Origin("contact", contact_id))


def _given_up(desk: Desk, row: OutboxRow, error: str, outcome: Outcome) -> None:
    match row.origin.kind, row.effect:
        case "page", PlaceCall():
            confirming.leg_over(desk, PageId(row.origin.id))
        case "page", SendText():
            _text_never_left(desk, PageId(row.origin.id))
        case "contact", PlaceCall():
            contact = contacts.get(desk.tx, ContactId(row.origin.id))
            if contact is not None:
                caller.hung_up(desk, contact, outcome)
        case "contact" | "page", RedirectCall(call_sid) if error == _NOT_RUNNING:
            calls_seen.doubt(desk.tx, call_sid)
        case "interpreter", PlaceCall():
            interpreter.unreached(desk, ContactId(row.origin.id))
        case "message", SendText(from_=ours):
            messages.advance_own(desk.tx, row.origin.id, "failed", 9, error)
            consent.text_failed(
                desk, messages.get(desk.tx, row.origin.id), error, ours.e164 if ours is not None else ""
            )
            relay.failed(desk, messages.get(desk.tx, row.origin.id))
        case _:
            pass


def _text_never_left(desk: Desk, page_id: PageId) -> None:
    """If the text was the only way to this person, the next one is tried."""
    page = pages.get(desk.tx, page_id)
    row = escalations.get(desk.tx, page.escalation_id) if page else None
    if page is None or row is None or page.state is not PageState.PLACED:
        return
    pages.save(desk.tx, replace(page, state=PageState.UNREACHED, ended_at=desk.now))
    if one_ring.rings(desk, row, page.staff_id) is one_ring.Rings.NOT:
        reaching.tell(desk, row, reach.Unreached(page.staff_id))


# --- what the clock finds --------------------------------------------------------------------------------------


def expired(desk: Desk, row: OutboxRow) -> None:
    """Whoever claimed it is gone: again, if it goes to staff; else it must be looked up first."""
    fresh = outbox.get(desk.tx, row.id)
    if fresh is None or fresh.status is not Status.CLAIMED or fresh.claims != row.claims:
        return
    if fresh.to_caller:
        outbox.unsure(desk.tx, fresh, desk.now, _GONE)
    else:
        outbox.again(desk.tx, fresh, desk.now, _GONE)
    desk.rung.append(Bell(fresh.id, fresh.urgency))


def was_left_behind(row: OutboxRow) -> bool:
    """Whether its last claimer died with it: it has waited a whole lease already, and waits for no other worker."""
    return row.error == _GONE


def unknown(desk: Desk, sids: tuple[str, ...]) -> tuple[str, ...]:
    """Those calls and messages of ours at the provider that belong to nothing here yet."""
    return tuple(
        sid
        for sid in sids
        if pages.by_sid(desk.tx, sid) is None
        and contacts.by_call(desk.tx, sid) is None
        and messages.by_sid(desk.tx, sid) is None
        and not outbox.is_known(desk.tx, sid)
    )
