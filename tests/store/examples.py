"""Rows to begin with; a test says what differs."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from hotline.callbacks.callback import Callback, CallbackStatus
from hotline.callbacks.follow_through import NotAdmittedReason
from hotline.carrier_words import TextStatus
from hotline.effects import HangUp, Origin, OriginKind, Urgency
from hotline.model import (
    CallbackId,
    Channel,
    ContactId,
    EscalationId,
    How,
    Language,
    Line,
    OutboxId,
    Outcome,
    PageId,
    PhoneNumber,
    Role,
    RoomName,
    StaffId,
    Subject,
)
from hotline.oncall.escalation import open_escalation
from hotline.oncall.policy import default_policy
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.hand_offs import HandOffRow
from hotline.store.cases.intakes import IntakeRow, ReferralRow
from hotline.store.cases.pages import PageRow
from hotline.store.database import Tx
from hotline.store.overviews import due
from hotline.store.overviews.due import Due, Times
from hotline.store.people.staff import StaffRow
from hotline.store.traffic.messages import Direction, MessageRow
from hotline.store.traffic.outbox import OutboxRow
from hotline.triage.contact import ContactState

NOW = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
CALLER = PhoneNumber("+16175550199")
OTHER = PhoneNumber("+16175550142")


def contact(contact_id: str = "c1", **different: Any) -> ContactRow:
    """A call that has just come in."""
    row = ContactRow(
        id=ContactId(contact_id),
        channel=Channel.VOICE,
        outbound=False,
        provider_sid=f"CA-{contact_id}",
        caller=CALLER,
        our_number="+16175550100",
        room=RoomName(f"room-{contact_id}"),
        state="menu",
        line=None,
        language=Language.EN,
        turn=1,
        data="{}",
        stir=None,
        opened_at=NOW,
        last_turn_at=NOW,
    )
    return replace(row, **different)


def thread(contact_id: str, **different: Any) -> ContactRow:
    """A text thread."""
    return contact(contact_id, **{"channel": Channel.TEXT, "provider_sid": None, **different})


def rule(callback_id: str = "b1", **different: Any) -> Callback:
    """A callback that waits and is due."""
    callback = Callback(
        id=CallbackId(callback_id),
        line=Line.ADMISSIONS,
        language=Language.EN,
        status=CallbackStatus.WAITING,
        opened_at=NOW,
        due_at=NOW,
        promised_at=NOW + 15 * MINUTE,
        attempts=0,
        owner=None,
        lease_until=None,
        outcome=None,
        repeats=0,
        message_safe=False,
        text_safe=False,
        wanted_now=False,
        asked_later=False,
    )
    return replace(callback, **different)


def callback(callback_id: str = "b1", number: PhoneNumber | None = CALLER, **different: Any) -> CallbackRow:
    """A callback's row; what differs is the rule's."""
    return CallbackRow(
        callback=rule(callback_id, **different),
        contact_id=ContactId("c1"),
        room=RoomName("room-c1"),
        number=number,
        our_number="+16175550100",
    )


def escalation(escalation_id: str = "e1", subject: Subject = Subject.EMERGENCY) -> EscalationRow:
    """An escalation about to begin, for contact c1."""
    return EscalationRow(
        escalation=open_escalation(EscalationId(escalation_id), default_policy(subject), NOW),
        room=RoomName("room-c1"),
        language=Language.EN,
        contact_id=ContactId("c1"),
    )


def member(staff_id: str = "s1", **different: Any) -> StaffRow:
    """A coordinator; her name and phone are her id's."""
    row = StaffRow(
        id=StaffId(staff_id),
        name=f"Name {staff_id}",
        phone=PhoneNumber(f"+1617{crc32(staff_id.encode()) % 10**7:07d}"),
        verified=True,
        roles=frozenset({Role.COORDINATOR}),
        languages=(Language.EN, Language.PT),
    )
    return replace(row, **different)


def page(page_id: str, **different: Any) -> PageRow:
    """A call to s1 for e1 that was placed and hasn't left."""
    row = PageRow(
        id=PageId(page_id),
        escalation_id=EscalationId("e1"),
        staff_id=StaffId("s1"),
        how=How.CALL,
        reference=page_id.upper(),
        placed_at=NOW,
        pressing=True,
    )
    return replace(row, **different)


def effect(outbox_id: str = "o1", **different: Any) -> OutboxRow:
    """An ordinary effect that is due."""
    row = OutboxRow(
        id=OutboxId(outbox_id),
        effect=HangUp(call_sid="CA-x"),
        urgency=Urgency.ORDINARY,
        origin=Origin(OriginKind.CONTACT, "c1"),
        to_caller=False,
        due_at=NOW,
        created_at=NOW,
    )
    return replace(row, **different)


def message(message_id: str = "m1", **different: Any) -> MessageRow:
    """A text that came in."""
    row = MessageRow(
        id=message_id,
        contact_id=ContactId("c1"),
        direction=Direction.IN,
        number=CALLER,
        body="hello",
        status=TextStatus.RECEIVED,
        status_rank=9,
        at=NOW,
        provider_sid=f"SM-{message_id}",
    )
    return replace(row, **different)


def intake(**different: Any) -> IntakeRow:
    """An intake that was booked in a live talk."""
    row = IntakeRow("i1", ContactId("c1"), None, NOW, NOW, StaffId("s1"))
    return replace(row, **different)


def referral(**different: Any) -> ReferralRow:
    """Somebody wasn't admitted."""
    row = ReferralRow("r1", ContactId("c1"), None, Outcome.NOT_ADMITTED, "Bay Detox", NOW, StaffId("s1"))
    return replace(row, **{"reason": NotAdmittedReason.NO_BED, **different})


def hand_off(**different: Any) -> HandOffRow:
    """Ben hands a caller over."""
    row = HandOffRow(
        id="h1",
        contact_id=ContactId("c1"),
        room=RoomName("room-c1"),
        page_id=PageId("p1"),
        entry="a",
        to_whom="SafeSpot",
        asked_by=StaffId("ben"),
        asked_at=NOW,
    )
    return replace(row, **different)


def times_by(now: datetime) -> Times:
    """All that was before now is due."""
    return Times(
        clock="clock", **dict.fromkeys((one.name for one in fields(Times) if one.name != "clock"), now)
    )


def due_by(tx: Tx, now: datetime) -> Due:
    """What is due if all that was before now is."""
    return due.look(tx, times_by(now), asked=[ContactState.TEXT_SAFE], idle=[ContactState.TEXT_MENU])
