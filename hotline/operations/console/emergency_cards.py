"""The card of an emergency: what is known of it now, and who has it or is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from hotline.model import (
    Channel,
    ContactId,
    EscalationId,
    Language,
    Line,
    PhoneNumber,
    StaffId,
    Subject,
)
from hotline.operations import flow_state
from hotline.operations.console import reopened_lately, second_known
from hotline.operations.console.second_known import SecondShown
from hotline.operations.console.who_is_asked import asked_now, by_name, kept_from
from hotline.operations.conversation import blocking
from hotline.operations.paging import duty, one_ring
from hotline.operations.paging.way_back import is_call_only
from hotline.operations.staff import connect, right_person, self_dialled
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, escalations
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.overviews import conference, crew
from hotline.store.traffic import messages
from hotline.store.traffic.messages import Direction
from hotline.triage.contact import ContactState


@dataclass(frozen=True, slots=True)
class AlsoOpen:
    """Something else from the same number that no human has closed: perhaps the same person, perhaps not."""

    escalation: EscalationId
    since: datetime
    """UTC."""
    channel: Channel
    owner: str | None
    """Who has it, if anybody."""
    mine: bool
    subject: Subject = Subject.EMERGENCY
    """Or a text that waits for a person."""


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
    writes: bool
    """There is a thread with them in it: they can be written to, as far as texts reach them."""
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
    kept_from: str | None = None
    """Who was asked to take it over, and has not: it stays whose it is."""
    with_whom: tuple[str, ...] = ()
    """Who of the staff is on the line with the caller, or waits there while their phone rings."""
    with_me: bool = False
    """The viewer is among them."""
    together: bool = False
    """The caller is in the room; else whoever is there waits for them."""
    failsafe_since: datetime | None = None
    """Since when the failsafe phone is on the line with them, if it is."""
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
    by_others: bool = False
    """What somebody else does is the danger: a call may harm them."""
    may_be_minor: bool = False
    """They have said that they are under 18."""
    typed: bool = False
    """They withheld their number: this is the one that they typed."""
    unconfirmed: bool = False
    """They did not confirm it: it may be a stranger's."""
    reopened_at: datetime | None = None
    """When it was opened again last; None: it has never been closed."""
    unsaid: bool = False
    """A call of ours to them was answered, and nobody has said by whom."""
    known_for: str = ""
    """What the number that they used is known for; empty: for everything."""
    also_open: tuple[AlsoOpen, ...] = ()
    """What else is open of their number."""


def emergency(transaction: Transaction, escalation_id: EscalationId, viewer: StaffId) -> Emergency | None:
    """One emergency that no human has closed, as this member of staff sees it now."""
    row = escalations.get(transaction.tx, escalation_id)
    if row is None or row.escalation.subject is not Subject.EMERGENCY or not row.escalation.is_open:
        return None
    names = crew.names(transaction.tx)
    began = reopened_lately.began(transaction, [row])
    card = emergency_card(
        transaction, row, contacts.ongoing_in(transaction.tx, row.room), viewer, names, began
    )
    others = [one for one in escalations.all_open(transaction.tx) if one.escalation.id != escalation_id]
    theirs = [
        AlsoOpen(
            one.escalation.id,
            one.escalation.opened_at,
            origin.channel,
            names.get(one.escalation.accepted_by or StaffId("")),
            one.escalation.accepted_by == viewer,
            one.escalation.subject,
        )
        for one in others
        if _is_told_beside(one, card)
        and (origin := contacts.get(transaction.tx, one.contact_id) if one.contact_id else None) is not None
        and card.caller is not None
        and flow_state.reachable_at(origin) == card.caller
    ]
    return replace(card, also_open=tuple(theirs))


def _is_told_beside(other: EscalationRow, card: Emergency) -> bool:
    """Another emergency, or a text in a thread of its own."""
    subject = other.escalation.subject
    return subject is Subject.EMERGENCY or (subject is Subject.THREAD and other.contact_id != card.thread)


def of_one_number(
    cards: Iterable[Emergency], texts: Sequence[tuple[PhoneNumber, AlsoOpen]]
) -> tuple[Emergency, ...]:
    """The same cards; each says what else is open of its number, and which of these texts, with their numbers."""
    several = tuple(cards)
    return tuple(
        replace(
            one,
            also_open=(
                *(
                    AlsoOpen(other.escalation, other.since, other.channel, other.accepted_by, other.mine)
                    for other in several
                    if other is not one and one.caller is not None and other.caller == one.caller
                ),
                *(text for number, text in texts if number == one.caller),
            ),
        )
        for one in several
    )


def most_pressing(one: Emergency) -> tuple[bool, bool, bool, bool, datetime]:
    """What nobody has comes first, and of that whoever is on the line, and last whom nobody can call; then one's own,
    and then what others have."""
    return one.accepted_by is not None, not one.on_line, not one.mine, one.gone, one.since


def emergency_card(
    transaction: Transaction,
    row: EscalationRow,
    ongoing: Iterable[ContactRow],
    viewer: StaffId,
    names: dict[StaffId, str],
    began: Mapping[EscalationId, datetime],
) -> Emergency:
    """The card of this emergency; `ongoing`: who is in contact now. `began`: when those opened again began (UTC)."""
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
    failsafe = [self_dialled.failsafe_since(transaction, one) for one in calls]
    with_them = conference.staff_in(transaction.tx, row.room)
    busy = one_ring.on_calls(transaction, row) if rule.ringing else frozenset[StaffId]()
    asked = asked_now(transaction, row)
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
        by_others=origin is not None and flow_state.read(origin).by_others,
        may_be_minor=origin is not None and flow_state.read(origin).may_be_minor,
        typed=origin is not None and flow_state.is_typed(origin),
        unconfirmed=origin is not None and flow_state.is_unconfirmed(origin),
        known_for=transaction.known_for(origin.our_number) if origin else "",
        on_line=on_line,
        accepted_by=names.get(rule.accepted_by) if rule.accepted_by else None,
        mine=rule.accepted_by == viewer,
        phones_ring=by_name(asked.rung & rule.ringing, names),
        texted=by_name(asked.texted & rule.ringing, names),
        on_calls=tuple(names[one] for one in sorted(rule.ringing & busy) if one in names),
        nobody_on=rule.nobody,
        ring_back_at=open_one.due_at if open_one else None,
        opening_words=opening[0].body if opening and opening[0] is not said[-1] else None,
        writes=any(one.channel is Channel.TEXT for one in there),
        last_words=said[-1].body if said else None,
        thread=origin.id if origin else None,
        call_only=is_call_only(transaction, row),
        coming=tuple(names[person] for person in sorted(rule.coming) if person in names),
        offered_to=names.get(rule.offered_to) if rule.offered_to else None,
        offered=rule.offered_to == viewer,
        kept_from=kept_from(transaction, row, names),
        with_whom=tuple(names.get(page.staff_id, "") for page in with_them),
        with_me=any(page.staff_id == viewer for page in with_them),
        together=any(one.state in (ContactState.IN_ROOM, ContactState.ON_HOLD) for one in calls),
        failsafe_since=next((at for at in failsafe if at is not None), None),
        rung=rung and not on_line,
        gone=not on_line and not rung and not connect.can_be_met(transaction, row),
        languages=duty.languages_of(transaction, row),
        blocked=blocking.is_blocked(transaction, origin.caller if origin else None),
        may_be_closed_again=reopened_lately.may_be_closed_again(transaction, row, viewer),
        second=second_known.look(transaction, row, viewer, names),
        beside=by_name(in_it.keys() - {rule.accepted_by}, names),
        called_beside=by_name(wanted.escalation.ringing, names) if wanted is not None else (),
        help_wanted=wanted.escalation.id if wanted is not None and outside else None,
        my_help=in_it.get(viewer),
        unsaid=right_person.met_somebody(transaction, row),
    )
