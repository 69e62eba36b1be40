"""What staff do when they are paged: pick up, press a key, talk, and leave. What they say then is in `outcomes`.

Accepting is one function, whether by key, by text or on the board: the first wins, the others are told who did.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from hotline import paths
from hotline.callbacks import callback
from hotline.callbacks.callback import PutBack
from hotline.model import AuditAction, AuditKind, How, Line, PageId, StaffId, Subject, TimelineWord
from hotline.oncall import escalation as reach
from hotline.oncall.escalation import EscalationStatus
from hotline.operations import staff_member
from hotline.operations.answers import Question, StaffAnswer, Then
from hotline.operations.callbacks import ringing_back
from hotline.operations.conversation import company, errands, handing_off
from hotline.operations.paging import (
    calling_off,
    helping,
    one_ring,
    pager,
    reaching,
    telling_staff,
    trial_pages,
    whom_to_ask,
)
from hotline.operations.staff import connect, listening, second_person, whisper
from hotline.operations.transaction import Transaction, new_id
from hotline.store.cases import contacts, escalations, pages
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageRow, PageState
from hotline.store.overviews import conference
from hotline.store.people.phone_tests import Result
from hotline.triage.contact import ContactState
from hotline.triage.turn import Spoken

ACCEPT_KEY, DECLINE_KEY, WRITE_KEY, REPEAT_KEY = "1", "2", "3", "9"
TRIES = 3
"""How often a leg that says nothing is asked: half a minute and more, longer than most voicemail greetings."""
_ENDED = (PageState.DECLINED, PageState.UNREACHED, PageState.CALLED_OFF)

_ACCEPTED: Final = (TimelineWord.ACCEPTED, AuditAction.ACCEPTED_CONFIRMED)
_HANDED_OVER: Final = (TimelineWord.HANDED_OVER, AuditAction.HANDED_OVER_CONFIRMED)


class UnknownPage(LookupError):
    """A webhook for a page that isn't ours. The edge says goodbye to it."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """It is theirs."""


@dataclass(frozen=True, slots=True)
class TakenByOther:
    """Somebody else has it."""

    by: StaffId


@dataclass(frozen=True, slots=True)
class Over:
    """It is not waiting any more."""


Acceptance = Assigned | TakenByOther | Over


# --- accepting -------------------------------------------------------------------------------------------------


def accept(transaction: Transaction, row: EscalationRow, by: StaffId) -> tuple[EscalationRow, Acceptance]:
    """The first human who says so has it; saying so again changes nothing.

    Only for what proves who it is: a key on a call to their verified phone, or the console.
    """
    emergency = helping.with_emergency(transaction, row)
    if emergency is not None:
        owner = emergency.escalation.accepted_by
        return row, TakenByOther(owner) if owner not in (None, by) else Over()
    if row.escalation.status is EscalationStatus.REACHING or row.escalation.offered_to == by:
        was, action = _ACCEPTED if row.escalation.status is EscalationStatus.REACHING else _HANDED_OVER
        helps = row.escalation.subject is Subject.HELP
        row = reaching.tell(transaction, row, reach.Accepted(by))
        calling_off.end_texts(transaction, row, by, PageState.ACCEPTED)
        transaction.audit(action, AuditKind.ESCALATION, row.escalation.id, by=by)
        transaction.note(
            TimelineWord.HELP_COMES if helps else was,
            contact=row.contact_id,
            callback=row.callback_id,
            escalation=row.escalation.id,
            by=by,
        )
        if helps:
            second_person.comes(transaction, row, by)
    if not row.escalation.is_open:
        return row, Over()
    owner = row.escalation.accepted_by
    if owner is not None and owner != by:
        return row, TakenByOther(owner)
    return row, Assigned()


# --- the leg of somebody paged ---------------------------------------------------------------------------------


def picked_up(transaction: Transaction, page_id: PageId, call_sid: str | None) -> StaffAnswer:
    """Somebody, or something, has picked up: say what waits, and ask for a key. Raises UnknownPage."""
    page, row = _on(transaction, page_id, call_sid)
    if page.state is PageState.ACCEPTED:
        return _joined(transaction, page, row)
    page, row = one_ring.serving(transaction, page, row)
    gone = None if whisper.is_only_to_know(row, page.staff_id) else _gone(transaction, page, row)
    if gone is not None:
        return gone
    if page.state in (PageState.PLACED, PageState.RINGING):
        pages.save(transaction.tx, replace(page, state=PageState.ANSWERED, answered_at=transaction.now))
    return _ask(transaction, page, row, tries=0)


def again(transaction: Transaction, call_sid: str) -> StaffAnswer:
    """The line came round to us outside its steps (the fallback address): they are asked anew. Raises UnknownPage."""
    page = pages.by_sid(transaction.tx, call_sid)
    if page is None:
        raise UnknownPage
    return picked_up(transaction, page.id, call_sid)


def pressed(
    transaction: Transaction, page_id: PageId, tries: int, key: str | None, call_sid: str | None
) -> StaffAnswer:
    """A key, or silence (None), on a paged leg. Only key 1 proves a human. Raises UnknownPage."""
    page, row = _on(transaction, page_id, call_sid)
    meanwhile = _meanwhile(transaction, page_id, page, row)
    if meanwhile is not None:
        return meanwhile
    if key == ACCEPT_KEY and (
        _is_on_the_line(transaction, page, row) or _caller_has_just_left(transaction, page, row)
    ):
        return _join_at_once(transaction, page, row)
    if not one_ring.concerns(row, page.staff_id):
        following_page, following_row = one_ring.serving(transaction, page, row)
        if following_page.id != page.id:
            # Somebody else was quicker. This ring stands for others too: the next one is offered.
            return _ask(transaction, following_page, following_row, tries=0)
    gone = _to_know(transaction, page, row, key, tries) or _gone(transaction, page, row)
    if gone is not None:
        return gone
    if key == ACCEPT_KEY or (key == WRITE_KEY and whisper.can_be_written_to(transaction, row)):
        return _accept_by_key(transaction, page, row, to_write=key == WRITE_KEY)
    if key == DECLINE_KEY:
        return _decline_by_key(transaction, page, row)
    following = asked_again(tries, key)
    if following is None:
        _rang_in_vain(transaction, page, row)
        return StaffAnswer(page.id, (), Then.END)
    return _ask(transaction, page, row, following)


def _meanwhile(
    transaction: Transaction, page_id: PageId, page: PageRow, row: EscalationRow
) -> StaffAnswer | None:
    """What a key means no more that was pressed while something else happened; None if it means what it says."""
    if page.state is PageState.ACCEPTED:
        return _joined(transaction, page, row)
    # Pressed as the one before was taken away: they have yet to hear what it would be for now.
    return _ask(transaction, page, row, tries=0) if page.id != page_id else None


def _decline_by_key(transaction: Transaction, page: PageRow, row: EscalationRow) -> StaffAnswer:
    if row.escalation.subject is Subject.TEST:
        return _tested(transaction, page, row, can=False)
    told = {row.escalation.id}
    for one, about in one_ring.covered_by(transaction, page):
        if about.escalation.id in told:
            # Two pages may be about the same: it is told once.
            pages.save(transaction.tx, replace(one, state=PageState.DECLINED, ended_at=transaction.now))
            continue
        told.add(about.escalation.id)
        _pass_on(transaction, one, about)
    return StaffAnswer(page.id, (_declined(_pass_on(transaction, page, row)),), Then.END)


def _tested(transaction: Transaction, page: PageRow, row: EscalationRow, *, can: bool) -> StaffAnswer:
    state = PageState.ACCEPTED if can else PageState.DECLINED
    pages.save(transaction.tx, replace(page, state=state, ended_at=transaction.now))
    trial_pages.end(transaction, row, Result.KEY if can else Result.CANNOT)
    return StaffAnswer(page.id, (Spoken("tested" if can else "tested_cannot"),), Then.END)


def _pass_on(transaction: Transaction, page: PageRow, row: EscalationRow) -> EscalationRow:
    pages.save(transaction.tx, replace(page, state=PageState.DECLINED, ended_at=transaction.now))
    transaction.note(
        TimelineWord.DECLINED, contact=row.contact_id, escalation=row.escalation.id, by=page.staff_id
    )
    calling_off.end_texts(transaction, row, page.staff_id, PageState.DECLINED)
    if row.escalation.accepted_by == page.staff_id:
        _not_by_this_call(transaction, page, row)
        return escalations.get(transaction.tx, row.escalation.id) or row
    return reaching.tell(transaction, row, reach.Declined(page.staff_id))


def asked_again(tries: int, key: str | None) -> int | None:
    """The number of the next time they are asked; None if that was the last. 9 is a human, who is asked anew."""
    if key == REPEAT_KEY:
        return (tries // TRIES + 1) * TRIES
    return tries + 1 if (tries + 1) % TRIES else None


def _accept_by_key(
    transaction: Transaction, page: PageRow, row: EscalationRow, *, to_write: bool = False
) -> StaffAnswer:
    if row.escalation.subject is Subject.TEST:
        return _tested(transaction, page, row, can=True)
    if row.escalation.subject is Subject.SECOND:
        return _known(transaction, page, whom_to_ask.case_of(transaction, row))
    handed_over = row.escalation.offered_to == page.staff_id
    row, result = accept(transaction, row, page.staff_id)
    if not isinstance(result, Assigned):
        return _told(transaction, page, result)
    page = pages.save(
        transaction.tx,
        replace(page, state=PageState.ACCEPTED, answered_at=page.answered_at or transaction.now),
    )
    if row.escalation.subject is Subject.SUPERVISOR:
        pages.save(transaction.tx, replace(page, ended_at=transaction.now))
        reaching.tell(transaction, row, reach.Closed(page.staff_id))
        return StaffAnswer(page.id, (Spoken("supervising"),), Then.END)
    if row.escalation.subject is Subject.THREAD:
        pages.save(transaction.tx, replace(page, ended_at=transaction.now))
        return StaffAnswer(page.id, (Spoken("thread_taken"),), Then.END)
    if row.escalation.subject is Subject.HELP and not connect.on_the_line(transaction, row):
        pages.save(transaction.tx, replace(page, ended_at=transaction.now))
        return StaffAnswer(page.id, (_to_help(transaction, page, row),), Then.END)
    if to_write or (handed_over and not connect.on_the_line(transaction, row)):
        pages.save(transaction.tx, replace(page, ended_at=transaction.now))
        return StaffAnswer(page.id, (Spoken("taken_over"),), Then.END)
    connect.bring_together(transaction, row, page.staff_id)
    return _joined(transaction, page, row)


def _to_know(
    transaction: Transaction, page: PageRow, row: EscalationRow, key: str | None, tries: int
) -> StaffAnswer | None:
    """Somebody else was quicker, and a second is to know of it: whoever is on the line already is asked. None, if that
    isn't so, or they can't."""
    if not whisper.is_only_to_know(row, page.staff_id) or key == DECLINE_KEY:
        return None
    if key == ACCEPT_KEY:
        return _known(transaction, page, row)
    following = asked_again(tries, key)
    return None if following is None else _ask(transaction, page, row, following)


def _known(transaction: Transaction, page: PageRow, case: EscalationRow) -> StaffAnswer:
    """They know of it; it stays whose it is, and they are connected with nobody."""
    pages.save(transaction.tx, replace(page, state=PageState.ACCEPTED, ended_at=transaction.now))
    calling_off.end_texts(transaction, case, page.staff_id, PageState.ACCEPTED)
    reaching.acknowledge(transaction, case, page.staff_id)
    return StaffAnswer(page.id, (whisper.known(transaction, case),), Then.END)


def _only_knows(page: PageRow, row: EscalationRow) -> bool:
    """Whether this call was only for them to know of it, and is over."""
    rule = row.escalation
    knows = page.ended_at is not None and page.staff_id in rule.knows and page.staff_id != rule.accepted_by
    return rule.subject is Subject.SECOND or knows


def _to_help(transaction: Transaction, page: PageRow, row: EscalationRow) -> Spoken:
    """Nobody is on the line: they read and write beside the one who has it, or have it, if nobody does any more."""
    emergency = helping.emergency_of(transaction, row)
    if emergency is None:
        return Spoken("over")
    if emergency.escalation.status is EscalationStatus.REACHING:
        accept(transaction, emergency, page.staff_id)
        reaching.tell(transaction, row, reach.Closed(page.staff_id))
        return Spoken("taken_over")
    return Spoken("help_coming", (("WHO", helping.who_asks(transaction, row)),))


def _hears_of_a_caller(page: PageRow, row: EscalationRow) -> bool:
    """Whether they have picked up for a caller who held, and nobody has taken."""
    held = row.escalation.is_live and row.escalation.subject is not Subject.CLINICIAN
    untaken = not row.escalation.is_open and row.escalation.accepted_by is None
    return held and untaken and page.ended_at is None and page.answered_at is not None


def _is_on_the_line(transaction: Transaction, page: PageRow, row: EscalationRow) -> bool:
    """Whether they press 1 for a caller who holds no more, and is being asked where to ring back."""
    waiting = connect.waiting_caller(transaction, row) if _hears_of_a_caller(page, row) else None
    return waiting is not None and waiting.line is not Line.EMERGENCY


def _caller_has_just_left(transaction: Transaction, page: PageRow, row: EscalationRow) -> bool:
    """Whether they press 1 for a caller who hung up a moment ago, and whose callback nobody has yet."""
    if not _hears_of_a_caller(page, row) or connect.on_the_line(transaction, row):
        return False
    found = connect.callback_of(transaction, row)
    return (
        found is not None
        and found.callback.status is callback.CallbackStatus.WAITING
        and found.callback.line is not Line.EMERGENCY
    )


def _join_at_once(transaction: Transaction, page: PageRow, row: EscalationRow) -> StaffAnswer:
    """A human is on the line and willing: the caller is fetched, or rung if they are gone; by the first who is."""
    others = [one.staff_id for one in conference.staff_in(transaction.tx, row.room)]
    if others:
        return _told(transaction, page, TakenByOther(others[0]))
    page = pages.save(transaction.tx, replace(page, state=PageState.ACCEPTED))
    connect.bring_together(transaction, row, page.staff_id)
    return _joined(transaction, page, row)


def _joined(transaction: Transaction, page: PageRow, row: EscalationRow) -> StaffAnswer:
    if _only_knows(page, row):
        return StaffAnswer(
            page.id, (whisper.known(transaction, whom_to_ask.case_of(transaction, row)),), Then.END
        )
    words = whisper.joining(transaction, row, page.staff_id)
    if words[0].prompt in whisper.NOBODY_COMES:
        pages.save(transaction.tx, replace(page, ended_at=transaction.now))
        _put_back(transaction, row, page.staff_id)
        if words[0].prompt == "whisper_gone" and row.escalation.subject is Subject.EMERGENCY:
            # All that is left to be done for them is to close it: that is asked at once.
            asked = (*words, Spoken("outcome_emergency"))
            return StaffAnswer(page.id, asked, Then.LISTEN, question=Question.OUTCOME, tries=0)
        return StaffAnswer(page.id, words, Then.END)
    return into_room(page, row, *words)


def _put_back(transaction: Transaction, row: EscalationRow, by: StaffId) -> None:
    """A callback that they took, and whose caller can't be rung now, waits in line again."""
    found = connect.callback_of(transaction, row)
    if (
        found is not None
        and found.callback.status is callback.CallbackStatus.TAKEN
        and found.callback.owner == by
    ):
        ringing_back.settle_escalation(transaction, found, by)
        ringing_back.change(transaction, found, PutBack("the caller is on the line"))


def into_room(page: PageRow, row: EscalationRow, *words: Spoken) -> StaffAnswer:
    """These words, and into the room: for the first time, or back into it."""
    return StaffAnswer(page.id, words, Then.JOIN, room=row.room, stay=paths.by_room(row.room, new_id()))


def _ask(transaction: Transaction, page: PageRow, row: EscalationRow, tries: int) -> StaffAnswer:
    return StaffAnswer(page.id, (whisper.asked(transaction, row, page.staff_id),), Then.LISTEN, tries=tries)


def _gone(transaction: Transaction, page: PageRow, row: EscalationRow) -> StaffAnswer | None:
    """What somebody hears who picks up for something that is taken or over; None if it still waits for them."""
    if row.escalation.subject is Subject.CLINICIAN and not connect.on_the_line(transaction, row):
        # Their own page is over first: what closes calls off every other one.
        told = _told(transaction, page, Over())
        reaching.tell(transaction, row, reach.Closed(None))
        return told
    if not row.escalation.is_open:
        told = _told(transaction, page, Over())
        case = whom_to_ask.case_of(transaction, row)
        waits = case is not row and case.escalation.status is EscalationStatus.REACHING
        # What they were only to know of has nobody any more: they are paged for it in earnest.
        return replace(told, say=(Spoken("rings_again"),)) if waits else told
    emergency = helping.rests_beside(transaction, row)
    owner = (emergency or row).escalation.accepted_by
    if emergency is not None and owner in (None, page.staff_id):
        return _told(transaction, page, Over())
    if owner is not None and page.staff_id not in (owner, row.escalation.offered_to):
        return _told(transaction, page, TakenByOther(owner))
    if page.state is PageState.CALLED_OFF and _rings_anew(transaction, page):
        return StaffAnswer(page.id, (Spoken("rings_again"),), Then.END)
    return StaffAnswer(page.id, (_declined(row),), Then.END) if page.state in _ENDED else None


def _declined(row: EscalationRow) -> Spoken:
    """To somebody who can't: the next one is called only if somebody's phone rings, and it waits only if it does."""
    if row.escalation.ringing:
        return Spoken("declined")
    return Spoken("declined_last" if row.escalation.is_open else "thank_you")


def _rings_anew(transaction: Transaction, page: PageRow) -> bool:
    """Whether their phone is about to ring for something else, and this call is in its way."""
    others = [one for one in pages.open_of_staff(transaction.tx, page.staff_id) if one.how is How.CALL]
    return any(one.escalation_id != page.escalation_id for one in others)


def _told(transaction: Transaction, page: PageRow, result: Acceptance) -> StaffAnswer:
    if page.ended_at is None:
        pages.save(transaction.tx, replace(page, state=PageState.CALLED_OFF, ended_at=transaction.now))
    if isinstance(result, TakenByOther):
        who = staff_member.first_name(transaction, result.by)
        return StaffAnswer(page.id, (Spoken("taken_by", (("WHO", who),)),), Then.END)
    return StaffAnswer(page.id, (Spoken("over"),), Then.END)


def find(transaction: Transaction, page_id: PageId) -> tuple[PageRow, EscalationRow]:
    """The page and what it is about. Raises UnknownPage."""
    page = pages.get(transaction.tx, page_id)
    row = escalations.get(transaction.tx, page.escalation_id) if page else None
    if page is None or row is None:
        raise UnknownPage
    return page, row


def _on(transaction: Transaction, page_id: PageId, call_sid: str | None) -> tuple[PageRow, EscalationRow]:
    """What this call is about now. A ring may stand for another page than it was placed for, and a step of the one
    before can still be on its way: a key, or the carrier's answer to our taking it away. Raises UnknownPage."""
    page, row = find(transaction, page_id)
    if call_sid is not None and page.provider_sid is None:
        other = pages.by_sid(transaction.tx, call_sid)
        if other is not None and other.staff_id == page.staff_id and other.ended_at is None:
            return find(transaction, other.id)
    return seen(transaction, page, call_sid), row


def seen(transaction: Transaction, page: PageRow, call_sid: str | None) -> PageRow:
    """The webhook may know the call before our own REST answer did."""
    if (
        call_sid is None
        or page.provider_sid is not None
        or pages.by_sid(transaction.tx, call_sid) is not None
    ):
        return page
    return pages.save(
        transaction.tx, replace(page, provider_sid=call_sid, sent_at=page.sent_at or transaction.now)
    )


# --- the end of the leg ----------------------------------------------------------------------------------------


def leg_over(transaction: Transaction, page_id: PageId, call_sid: str | None = None) -> None:
    """The carrier says that the call to them is over, however it ended. Raises UnknownPage.

    `call_sid`: which call; a page that was rung twice by mistake is over with the call that counts.
    """
    page, row = find(transaction, page_id)
    rung = pages.by_sid(transaction.tx, call_sid) if call_sid is not None else None
    if rung is not None and rung.id != page.id:
        # The ring was for this page at first, and for another one when it was picked up.
        page, row = find(transaction, rung.id)
    if call_sid is not None and page.provider_sid not in (None, call_sid):
        return
    if page.state is PageState.ACCEPTED:
        leave(transaction, page, row)
    elif page.ended_at is None and page.state is not PageState.COVERED:
        _rang_in_vain(transaction, page, row)
    pager.next_for(transaction, page.staff_id)


def _rang_in_vain(transaction: Transaction, page: PageRow, row: EscalationRow) -> None:
    """For what the ring was about, and for all that it stood for."""
    # What waits for the same as it was about is rung for next, and so is what a colleague asks them to take over:
    # somebody has asked for that.
    stood_for = {
        one.id
        for one, about in one_ring.covered_by(transaction, page)
        if about.escalation.id != row.escalation.id and about.escalation.offered_to != page.staff_id
    }
    if page.state in calling_off.UNANSWERED:
        _unreached(transaction, page, row)
    else:
        pages.save(transaction.tx, replace(page, ended_at=transaction.now))
    if stood_for:
        _covered_in_vain(transaction, page, stood_for)


def _covered_in_vain(transaction: Transaction, page: PageRow, stood_for: Collection[PageId]) -> None:
    waiting = [(one, about) for one, about in one_ring.covered_by(transaction, page) if one.id in stood_for]
    theirs = [(one, about) for one, about in waiting if _is_at_work(transaction, one, about)]
    for one, _ in theirs:
        pages.save(transaction.tx, replace(one, state=PageState.UNREACHED, ended_at=transaction.now))
    reaching.unreached(transaction, page.staff_id, [one for one in waiting if one not in theirs])


def ringing(transaction: Transaction, page_id: PageId, call_sid: str) -> None:
    """The carrier says that their phone rings. Raises UnknownPage.

    Of each page there is such a report, and dozens at once of an emergency: a call that is known holds no room for it.
    """
    page = pages.glance(transaction.tx, page_id)
    if page is None or page.provider_sid is None:
        page, _ = find(transaction, page_id)
        page = seen(transaction, page, call_sid)
    if page.state is PageState.PLACED:
        pages.save(transaction.tx, replace(page, state=PageState.RINGING))


def _unreached(transaction: Transaction, page: PageRow, row: EscalationRow) -> None:
    pages.save(transaction.tx, replace(page, state=PageState.UNREACHED, ended_at=transaction.now))
    row = escalations.get(transaction.tx, row.escalation.id) or row
    if row.escalation.accepted_by == page.staff_id:
        # It is theirs already: they just didn't take the call that was to connect them.
        what = TimelineWord.OWN_PHONE
    elif row.escalation.status is EscalationStatus.REACHING:
        what = TimelineWord.UNREACHED
    else:
        what = TimelineWord.RANG_NO_MORE
    transaction.note(what, contact=row.contact_id, escalation=row.escalation.id, by=page.staff_id)
    _not_by_this_call(transaction, page, row)


def _not_by_this_call(transaction: Transaction, page: PageRow, row: EscalationRow) -> None:
    """They didn't take it. Of an emergency that they have, and whose caller isn't on the line, they are told that it is
    theirs: they may write, or ring otherwise. If they have done nothing about it in a minute, others are paged."""
    if _is_at_work(transaction, page, row):
        return
    rule = row.escalation
    theirs = rule.subject is Subject.EMERGENCY and rule.accepted_by == page.staff_id
    if not theirs or connect.on_the_line(transaction, row):
        reaching.tell(transaction, row, reach.Unreached(page.staff_id))
        return
    escalations.save(transaction.tx, replace(row, not_taken_at=transaction.now))
    telling_staff.text_about(transaction, row, page.staff_id, "page_own_phone")


def _is_at_work(transaction: Transaction, page: PageRow, row: EscalationRow) -> bool:
    """Whether it is theirs, and they are with the caller or have done something about it: another way than by this
    call, so nobody else is looked for; nor if the caller is gone, with whom nobody could be connected."""
    rule = row.escalation
    if rule.accepted_by != page.staff_id or rule.accepted_at is None:
        return False
    touched = row.touched_at is not None and row.touched_at > rule.accepted_at
    # Whoever has pressed 1 for it need not do so again: a text with their number may have rung them this time.
    came = any(
        one.staff_id == page.staff_id and one.state is PageState.ACCEPTED and one.how is How.CALL
        for one in pages.of_escalation(transaction.tx, rule.id)
    )
    there = any(one.staff_id == page.staff_id for one in conference.staff_in(transaction.tx, row.room))
    in_vain = row.escalation.subject is Subject.EMERGENCY and not connect.can_be_met(transaction, row)
    return touched or came or there or in_vain or connect.talks(transaction, row)


def leave(transaction: Transaction, page: PageRow, row: EscalationRow) -> None:
    """Out of the room. If the caller is left in it alone, their leg is fetched back to us."""
    if page.ended_at is not None:
        return
    pages.save(transaction.tx, replace(page, ended_at=transaction.now))
    if row.escalation.subject is Subject.CLINICIAN:
        reaching.tell(transaction, row, reach.Closed(page.staff_id))
    second_person.leave(transaction, row, page.staff_id)
    handing_off.hander_left(transaction, page, row.room)
    if conference.staff_in(transaction.tx, row.room):
        return
    listening.put_out(transaction, row.room)
    for contact in contacts.ongoing_in(transaction.tx, row.room):
        if contact.state == ContactState.IN_ROOM:
            if not company.was_handed_over(transaction, contact):
                errands.out_of_room(transaction, contact)
        elif ringing_back.is_for_nobody(transaction, contact):
            ringing_back.call_off(transaction, contact, page.staff_id)
