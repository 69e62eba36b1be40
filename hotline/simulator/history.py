"""Everything that ever happened here, kept for whoever wants to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["voice", "wait", "status", "machine", "conference", "sms", "sms-status", "partial"]


@dataclass(frozen=True)
class Violation:
    """The application broke one of Twilio's rules: `sid` says in which call or message."""

    at: datetime
    sid: str
    where: str
    what: str


@dataclass(frozen=True)
class PostedWebhook:
    """One request to the application. `status` is None when no answer came, and `error` then says why.

    `latency` is in real seconds. `copy` marks a duplicate that the faults asked for.
    """

    at: datetime
    kind: Kind
    url: str
    params: Mapping[str, str]
    sid: str
    token: str
    attempt: int
    status: int | None
    body: str
    error: str | None
    latency: float
    copy: bool = False


@dataclass(frozen=True)
class DifferingAnswer:
    """The same webhook, posted again, was answered differently."""

    url: str
    sid: str
    first: tuple[int, str]
    again: tuple[int, str]


@dataclass(frozen=True)
class RestRequest:
    """One request of the application to the REST API, and how it was answered (or which fault hid that)."""

    at: datetime
    method: str
    path: str
    params: Mapping[str, list[str]]
    outcome: str


@dataclass
class Ledger:
    """Webhooks, requests and broken rules, each in the order of happening."""

    webhooks: list[PostedWebhook] = field(default_factory=list)
    rest_requests: list[RestRequest] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    differing_answers: list[DifferingAnswer] = field(default_factory=list)
