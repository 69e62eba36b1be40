"""The cards of texts that a person must read, and of what was closed lately and may be opened again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hotline.model import (
    Channel,
    ContactId,
    EscalationId,
    Language,
    PhoneNumber,
    StaffId,
    Subject,
)
from hotline.operations import flow_state
from hotline.operations.console import second_known
from hotline.operations.console.second_known import SecondShown
from hotline.operations.console.who_is_asked import asked_now, by_name, kept_from
from hotline.operations.conversation import blocking, text_readings
from hotline.operations.conversation.text_readings import Doubt
from hotline.operations.paging import duty
from hotline.operations.texts import closed_lately
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts
from hotline.store.cases.escalations import EscalationRow
from hotline.store.traffic import messages
from hotline.store.traffic.messages import MessageRow


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
    short: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The first lines of those of these words that are long, and hold no danger."""
    contact: ContactId | None = None
    offered_to: str | None = None
    """Whom the one who has it asks to take it over."""
    offered: bool = False
    """That is the viewer."""
    kept_from: str | None = None
    """Who was asked to take it over, and has not: it stays whose it is."""
    languages: tuple[Language, ...] = ()
    """What they speak and write; the one in which they asked for help first."""
    blocked: bool = False
    phones_ring: tuple[str, ...] = ()
    """Whose phones ring for it now."""
    texted: tuple[str, ...] = ()
    """Who was only texted about it."""
    number_in_emergency: bool = False
    """An emergency of their number is open, in this thread or not."""
    beside_emergency: bool = False
    """An emergency is open in the same thread: it is closed by itself."""
    not_arrived: MessageRow | None = field(default=None, repr=False)
    """The last text of ours, if it did not arrive, or was not sent."""
    may_be_minor: bool = False
    """They have said that they are under 18."""
    second: SecondShown | None = None
    """Whether a second person knows of it; None: one is enough."""
    known_for: str = ""
    """What the number that they used is known for; empty: for everything."""
    doubt: Doubt | None = None
    """What they wrote may be danger, and paged nobody: a person is to read it."""


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


def reopenable(
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


def thread_card(
    transaction: Transaction, row: EscalationRow, viewer: StaffId, names: dict[StaffId, str]
) -> UnreadThread:
    """The card of this text."""
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    rule = row.escalation
    asked = asked_now(transaction, row)
    kept = messages.of_contact(transaction.tx, origin.id) if origin else []
    return UnreadThread(
        escalation=rule.id,
        since=rule.opened_at,
        number=origin.caller if origin else None,
        accepted_by=names.get(rule.accepted_by) if rule.accepted_by else None,
        mine=rule.accepted_by == viewer,
        words=tuple((str(one.direction), one.at, one.body) for one in kept),
        short=text_readings.shortened(transaction, [one.body for one in kept], origin.language)
        if origin
        else {},
        contact=origin.id if origin else None,
        offered_to=names.get(rule.offered_to) if rule.offered_to else None,
        offered=rule.offered_to == viewer,
        kept_from=kept_from(transaction, row, names),
        languages=duty.languages_of(transaction, row),
        blocked=blocking.is_blocked(transaction, origin.caller if origin else None),
        phones_ring=by_name(asked.rung, names),
        texted=by_name(asked.texted, names),
        not_arrived=messages.last_not_arrived(kept),
        may_be_minor=origin is not None and flow_state.read(origin).may_be_minor,
        second=second_known.look(transaction, row, viewer, names),
        known_for=transaction.known_for(origin.our_number) if origin else "",
        doubt=text_readings.doubt_in(transaction, origin.id) if origin else None,
    )
