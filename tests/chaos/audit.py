"""The audit: nobody lost, nobody rung twice for one thing, nothing that never ends, no word that isn't so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import or_, select

from hotline.callbacks.callback import CallbackStatus
from hotline.model import Channel, Line, Outcome, PhoneNumber
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.staff import dialled_in, gone
from hotline.operations.transaction import Transaction
from hotline.simulator import Call
from hotline.store.cases import callbacks, contacts, escalations, timeline
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.database import rows
from hotline.store.database.tables import callbacks as callbacks_table
from hotline.store.database.tables import contacts as contacts_table
from hotline.store.database.tables import escalations as escalations_table
from hotline.store.database.tables import messages as messages_table
from hotline.store.overviews import staff_calls
from tests.chaos.centre import CLINICIANS, COORDINATORS, SUPERVISORS
from tests.chaos.day import Day
from tests.chaos.people import Person
from tests.observed import waiting_to_leave
from tests.stories import auditor

STAFF = frozenset((*COORDINATORS, *CLINICIANS, *SUPERVISORS))
SLACK = timedelta(seconds=3)
"""Between a word, or a ring, and the commit that it needs."""
SOON = timedelta(minutes=2)
"""What is due later than this may wait: it is a promise that the clock keeps."""


@dataclass(frozen=True)
class Complaint:
    """`kind`: lost, doubled, stuck or false words."""

    kind: str
    what: str
    person: Person | None = None


@dataclass
class Known:
    """What the database knows of one number."""

    contacts: list[ContactRow]
    callbacks: list[CallbackRow]
    escalations: list[EscalationRow]


def complaints(day: Day) -> list[Complaint]:
    """Whatever isn't in order. What is still to be taken up from the carrier's lists is stuck, not yet lost."""

    def look(transaction: Transaction) -> list[Complaint]:
        found = [Complaint("stuck", what) for what in _left(transaction)]
        found += [Complaint("stuck", what, _whose(day, what)) for what in _not_taken_up(day, transaction)]
        found += [
            Complaint("lost", what, _whose(day, what))
            for what in auditor.audited(day.sim, transaction)
            if not what.endswith(": unknown")
        ]
        for one in day.callers:
            found += _about(day, one, known_of(transaction, one))
        return found

    return day.board.application.look(look)


def left(day: Day) -> list[str]:
    """What is still to be done."""
    return day.board.application.look(
        lambda transaction: [*_left(transaction), *_not_taken_up(day, transaction)]
    )


def counted(day: Day) -> list[str]:
    """What became of everybody, in numbers."""

    def look(transaction: Transaction) -> list[str]:
        every = [_row for one in day.callers for _row in known_of(transaction, one).contacts]
        ended = Counter(str(one.outcome) for one in every if not one.outbound)
        owed = [row for one in day.callers for row in known_of(transaction, one).callbacks]
        closed = Counter(str(row.callback.outcome or row.callback.status) for row in owed)
        return [f"contacts ended as {dict(ended)}", f"callbacks: {dict(closed)}"]

    talked = sum(bool(one.talks) for one in day.callers)
    rung = Counter(_rings(day, one) for one in day.callers)
    return [
        *day.board.application.look(look),
        f"calls and texts of which no word reached us, taken up from the lists: {len(_never_heard_of(day))}",
        f"{talked} of {len(day.callers)} talked with somebody; calls to a caller: {dict(sorted(rung.items()))}",
    ]


def story(day: Day, complaint: Complaint) -> str:
    """Everything that happened to whom it is about."""
    one = complaint.person
    if one is None:
        return ""
    lines = [(at, f"  {what}") for at, what in one.did]
    lines += [(heard.at, f"    hears: {heard.text}") for heard in one.phone.heard if not heard.by]
    lines += [(read.at, f"    reads: {read.body}") for read in one.phone.inbox]
    lines += [
        (call.created_at, f"    call {call.sid[-6:]} {call.direction}, {call.status}")
        for call in one.phone.call_log
    ]

    def look(transaction: Transaction) -> list[tuple[datetime, str]]:
        known, found = known_of(transaction, one), list[tuple[datetime, str]]()
        for contact in known.contacts:
            found += [
                (line.at, f"        {_told(line)}")
                for line in timeline.of(transaction.tx, contact_id=contact.id)
            ]
        return found

    lines += day.board.application.look(look)
    if lines:
        first, last = min(lines)[0], max(lines)[0] + SLACK
        lines += [(at, f"  -- {what}") for at, what in day.happened if first <= at <= last]
    return "\n".join(
        [f"{one.number}, {one.kind}", *(f"{at:%H:%M:%S.%f} {what}"[:180] for at, what in sorted(lines))]
    )


def _told(line: timeline.TimelineRow) -> str:
    about = (line.contact_id, line.callback_id, line.escalation_id)
    return f"{line.what} {line.detail or ''} {' '.join(one[:5] if one else '-' for one in about)}"


# --- stuck -----------------------------------------------------------------------------------------------------


def _left(transaction: Transaction) -> Iterator[str]:
    for row in callbacks.all_open(transaction.tx):
        rule = row.callback
        before_supervisor = rule.due_at is None and row.told_supervisor
        later = before_supervisor or (rule.due_at is not None and rule.due_at > transaction.now + SOON)
        if not (rule.status is CallbackStatus.WAITING and later):
            yield f"callback {rule.id}: {rule.line} {rule.status}, due {rule.due_at}, lease {rule.lease_until}"
    for escalation in escalations.all_open(transaction.tx):
        if escalation.escalation.status is EscalationStatus.REACHING and not _rests(transaction, escalation):
            yield f"escalation {escalation.escalation.id}: {escalation.escalation.subject} still reaching"
    for contact in contacts.ongoing(transaction.tx):
        if contact.channel is Channel.VOICE:
            yield f"contact {contact.id}: taken for {contact.state}"
    for call in staff_calls.all_open(transaction.tx):
        yield f"page {call.page.id}: {call.page.state}"
    for waiting in waiting_to_leave(transaction.tx, transaction.now - SLACK)[:20]:
        yield f"outbox {waiting.id}: {type(waiting.effect).__name__} waits since {waiting.due_at}, {waiting.error}"


def _rests(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether nobody can be called, supervisors were told so, and it stands on the board until a human closes it."""
    again = row.escalation.next_at
    return again is not None and again > transaction.now + SOON and gone.is_gone(transaction, row)


def _not_taken_up(day: Day, transaction: Transaction) -> Iterator[str]:
    """What the carrier's own lists tell of, and nobody here has read there yet."""
    known: set[str] = set()
    for table in (contacts_table, messages_table):
        sids = select(table.c.provider_sid).where(table.c.provider_sid.is_not(None))
        known.update(transaction.tx.execute(sids).scalars())
    for sid in sorted(_inbound(day) - known):
        if not dialled_in.is_known(transaction, sid):
            yield f"{sid}: unknown, and not taken up from the lists"


# --- about one person ------------------------------------------------------------------------------------------


def known_of(transaction: Transaction, one: Person) -> Known:
    """Everything of theirs."""
    phone = PhoneNumber(one.number)
    calls = contacts_table.c.provider_sid.in_([call.sid for call in one.phone.call_log])
    by_number = rows.has_number(transaction.tx, contacts_table.c.caller_lookup, phone)
    theirs = select(contacts_table.c.id).where(or_(by_number, calls))  # they may withhold it
    ids = [found.id for found in rows.many(transaction.tx, theirs)]
    owed = select(callbacks_table.c.id).where(
        rows.has_number(transaction.tx, callbacks_table.c.number_lookup, phone)
    )
    raised = select(escalations_table.c.id).where(escalations_table.c.contact_id.in_(ids))
    return Known(
        [row for one in ids if (row := contacts.get(transaction.tx, one))],
        [
            owing
            for one in rows.many(transaction.tx, owed)
            if (owing := callbacks.get(transaction.tx, one.id))
        ],
        [
            about
            for one in rows.many(transaction.tx, raised)
            if (about := escalations.get(transaction.tx, one.id))
        ],
    )


def _asked_at(row: CallbackRow, known: Known) -> datetime:
    """When the call began of which it came: "call again" may have been said of a talk by mistake, and put right."""
    return next((one.opened_at for one in known.contacts if one.id == row.contact_id), row.callback.opened_at)


def _about(day: Day, one: Person, known: Known) -> Iterator[Complaint]:
    for what in _doubled(day, one, known):
        yield Complaint("doubled", what, one)
    for what in _false_words(one, known, SLACK):
        yield Complaint("false words", what, one)
    for row in known.callbacks:
        said_by_board = row.callback.id in day.board.said
        reached = row.callback.outcome is Outcome.REACHED and row.callback.line is not Line.EMERGENCY
        if (
            reached
            and not said_by_board
            and not any(talk.ended >= _asked_at(row, known) for talk in one.talks)
        ):
            yield Complaint(
                "lost", f"callback {row.callback.id} closed as reached: nobody spoke with them", one
            )


def _doubled(day: Day, one: Person, known: Known) -> Iterator[str]:
    for talk in one.talks:
        if len(talk.others & STAFF) > 1 and talk.lasted > timedelta(seconds=1.5):
            yield f"talks with {len(talk.others)} of the staff at once: {sorted(talk.others)}"
    ours = [call for call in one.phone.call_log if call.direction == "outbound-api"]
    answered = [call for call in ours if call.answered_at]
    for first, second in pairwise(answered):
        if first.ended_at is None or (second.answered_at and second.answered_at < first.ended_at):
            yield "connected twice at once"
    for call in ours:
        if not _is_owed(call, known):
            yield f"rung at {call.created_at:%H:%M:%S}, and nothing was owed to them"


def _is_owed(call: Call, known: Known) -> bool:
    """Whether a callback, or an emergency of theirs, was open a moment before."""
    spans: Iterable[tuple[datetime, datetime | None]] = [
        *((row.callback.opened_at, row.closed_at) for row in known.callbacks),
        *((row.escalation.opened_at, row.closed_at) for row in known.escalations),
    ]
    # A call that was ordered in time may leave late: the carrier was asked again.
    late = timedelta(seconds=15)
    return any(
        began <= call.created_at and (ended is None or call.created_at <= ended + late)
        for began, ended in spans
    )


def _false_words(one: Person, known: Known, slack: timedelta) -> Iterator[str]:
    said = [(heard.at, heard.text) for heard in one.phone.heard if not heard.by]
    said += [(read.at, read.body) for read in one.phone.inbox]
    promised = [row.callback.opened_at for row in known.callbacks]
    raised = [row.escalation.opened_at for row in known.escalations]
    for at, words in said:
        if "You are in line" in words and not any(opened <= at + slack for opened in promised):
            yield f"told {words!r} at {at:%H:%M:%S}: there is no callback"
        if "We will call you back at this number" in words and not any(
            opened <= at + slack for opened in raised
        ):
            yield f"told {words!r} at {at:%H:%M:%S}: there is no emergency"
        if words.startswith("I am getting a person for you") and not any(
            opened <= at + slack for opened in raised
        ):
            yield f"told {words!r} at {at:%H:%M:%S}: nobody is asked"


def _never_heard_of(day: Day) -> set[str]:
    """Who called or wrote, and no word of it has reached us by webhook: the carrier's lists tell of them.

    What its own bin answers has a status, too, and is no word to us.
    """
    told = {
        one.sid
        for one in day.sim.webhooks
        if one.status is not None
        and one.kind in ("voice", "sms", "status")
        and one.url.startswith(day.application.base)
    }
    return _inbound(day) - told


def _inbound(day: Day) -> set[str]:
    calls = {one.sid for one in day.sim.calls if one.direction == "inbound"}
    return calls | {one.sid for one in day.sim.messages if one.direction == "inbound"}


def _rings(day: Day, one: Person) -> int:
    return sum(call.direction == "outbound-api" for call in one.phone.call_log)


def _whose(day: Day, what: str) -> Person | None:
    for call in day.sim.calls:
        if call.sid in what:
            return day.people.get(call.handset.number)
    return None
