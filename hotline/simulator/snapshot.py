"""The whole state as plain data, for the page and for tests that run outside of this process."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from hotline.simulator.calls.call import Call
from hotline.simulator.conference.conferences import Room
from hotline.simulator.history import DifferingAnswer, PostedWebhook, RestRequest, Violation
from hotline.simulator.kernel import Kernel
from hotline.simulator.phones.phone import Phone, PhoneBook
from hotline.simulator.texts.message import Message
from hotline.simulator.texts.post_office import PostOffice

T = TypeVar("T")
RECENT = 200
"""How many of the newest entries of each list are shown."""


class Happened(Protocol):
    """A simulator, as far as it is shown."""

    kernel: Kernel
    phones: PhoneBook
    post_office: PostOffice

    @property
    def calls(self) -> list[Call]:
        """Every call."""

    @property
    def messages(self) -> list[Message]:
        """Every text."""

    @property
    def conferences(self) -> list[Room]:
        """Every room."""

    @property
    def webhooks(self) -> list[PostedWebhook]:
        """Every request to the application."""

    @property
    def rest_requests(self) -> list[RestRequest]:
        """Every request of the application's."""

    @property
    def violations(self) -> list[Violation]:
        """Rules of Twilio's that the application broke."""

    @property
    def differing_answers(self) -> list[DifferingAnswer]:
        """Webhooks that were answered differently when they came again."""

    def next_due(self) -> datetime | None:
        """When the next event is due."""


def snapshot(simulator: Happened) -> dict[str, object]:
    """JSON-able; times are ISO 8601 with their offset. The kernel's lock is held."""
    kernel = simulator.kernel
    due = simulator.next_due()
    return {
        "now": kernel.now().isoformat(),
        "next_due": _time(due),
        "account_sid": kernel.account_sid,
        "numbers": [vars(number) for number in kernel.numbers.values()],
        "phones": [_phone(phone) for phone in simulator.phones],
        "calls": [_call(call) for call in _recent(simulator.calls)],
        "conferences": [_room(room) for room in _recent(simulator.conferences)],
        "messages": [_message(message) for message in _recent(simulator.messages)],
        "webhooks": [_webhook(webhook) for webhook in _recent(simulator.webhooks)],
        "blocked": [list(pair) for pair in sorted(simulator.post_office.blocked)],
        "violations": [{**vars(one), "at": _time(one.at)} for one in simulator.violations],
        "differing_answers": [vars(one) for one in simulator.differing_answers],
        "counts": {
            "calls": len(simulator.calls),
            "messages": len(simulator.messages),
            "webhooks": len(simulator.webhooks),
        },
        "faults": {
            "every_webhook_twice": kernel.faults.every_webhook_twice,
            "rest": [vars(rule) for rule in kernel.faults.rest if rule.times],
            "web": [vars(rule) for rule in kernel.faults.web if rule.times],
        },
    }


def everything(simulator: Happened) -> dict[str, object]:
    """The whole ledger, however long, in the same shapes. The kernel's lock is held."""
    return {
        "calls": [_call(call) for call in simulator.calls],
        "conferences": [_room(room) for room in simulator.conferences],
        "messages": [_message(message) for message in simulator.messages],
        "webhooks": [_webhook(webhook) for webhook in simulator.webhooks],
        "rest_requests": [{**vars(one), "at": _time(one.at)} for one in simulator.rest_requests],
        "violations": [{**vars(one), "at": _time(one.at)} for one in simulator.violations],
        "differing_answers": [vars(one) for one in simulator.differing_answers],
    }


def _recent(entries: Sequence[T]) -> Sequence[T]:
    return entries[-RECENT:]


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _phone(phone: Phone) -> dict[str, object]:
    return {
        "number": phone.number,
        "label": phone.label,
        "behaviour": phone.behaviour.value,
        "sms": phone.sms,
        "ringing": phone.ringing,
        "in_call": phone.in_call,
        "shows": phone.shows,
        "call_sid": phone.call.sid if phone.call else None,
        "call_status": phone.call.status.value if phone.call else None,
        "since": _time(phone.call.answered_at or phone.call.started_at) if phone.call else None,
        "hears_now": phone.hears_now,
        "talking_with": sorted(phone.talking_with),
        "heard": [
            {"at": _time(one.at), "text": one.text, "by": one.by, "language": one.language}
            for one in _recent(phone.heard)
        ],
        "inbox": [{**vars(one), "at": _time(one.at)} for one in _recent(phone.inbox)],
        "recorded": list(_recent(phone.recorded)),
        "call_log": [call.sid for call in _recent(phone.call_log)],
    }


def _call(call: Call) -> dict[str, object]:
    return {
        "sid": call.sid,
        "parent_sid": call.parent.sid if call.parent else None,
        "direction": call.direction,
        "created_by": call.created_by,
        "from": call.from_,
        "handset": call.handset.number,
        "to": call.to,
        "status": call.status.value,
        "created_at": _time(call.created_at),
        "started_at": _time(call.started_at),
        "answered_at": _time(call.answered_at),
        "ended_at": _time(call.ended_at),
    }


def _room(room: Room) -> dict[str, object]:
    return {
        "sid": room.sid,
        "name": room.name,
        "status": room.status,
        "participants": [
            {"call_sid": sid, "number": one.call.handset.number, "muted": one.muted, "hold": one.hold}
            for sid, one in room.participants.items()
        ],
    }


def _message(message: Message) -> dict[str, object]:
    return {
        "sid": message.sid,
        "direction": message.direction,
        "created_by": message.created_by,
        "from": message.from_,
        "to": message.to,
        "body": message.body,
        "media": list(message.media),
        "status": message.status,
        "error_code": message.error_code,
        "created_at": _time(message.created_at),
    }


def _webhook(webhook: PostedWebhook) -> dict[str, object]:
    return {**vars(webhook), "at": _time(webhook.at), "params": dict(webhook.params)}
