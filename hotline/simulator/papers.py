"""What the account has on paper: services and campaigns, verifications, trust, permissions. It decides what leaves, and
how it is shown; nothing here rings.

All of it is as somebody has set it up in Twilio's console beforehand: the REST API reads it, and changes the little
that Hotline changes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

SHAKEN = "RN7a97559effdf62d00f4298208492a5ea"
CNAM = "RNf3db3cd1fe25fcfd3c3ded065c8fea53"
"""Twilio's own names for the policies of trust products; every account has the same."""


def _sid(prefix: str) -> str:
    return prefix + secrets.token_hex(16)


@dataclass
class Campaign:
    """An A2P 10DLC campaign of a messaging service."""

    campaign_status: str = "VERIFIED"
    brand_registration_sid: str = field(default_factory=lambda: _sid("BN"))
    us_app_to_person_usecase: str = "MIXED"
    errors: list[dict[str, object]] = field(default_factory=list)
    sid: str = field(default_factory=lambda: _sid("QE"))


@dataclass
class Service:
    """A messaging service: senders with one way in, and perhaps a campaign."""

    friendly_name: str
    numbers: list[str] = field(default_factory=list)
    use_inbound_webhook_on_number: bool = True
    inbound_request_url: str = ""
    campaign: Campaign | None = None
    sid: str = field(default_factory=lambda: _sid("MG"))


@dataclass
class TollFree:
    """How far the verification of a toll-free number is."""

    number: str
    status: str = "TWILIO_APPROVED"
    privacy_policy_url: str = ""
    terms_and_conditions_url: str = ""
    error_code: int | None = None
    rejection_reason: str | None = None
    sid: str = field(default_factory=lambda: _sid("HH"))


@dataclass
class TrustProduct:
    """Something by which other networks trust calls of some numbers, or show a name with them."""

    policy_sid: str
    friendly_name: str
    numbers: list[str] = field(default_factory=list)
    status: str = "twilio-approved"
    sid: str = field(default_factory=lambda: _sid("BU"))


@dataclass
class Dialling:
    """Which numbers of a country may be called."""

    low_risk: bool = True
    special: bool = False
    toll_fraud: bool = False


@dataclass
class Papers:
    """Everything of one account."""

    status: str = "active"
    kind: str = "Full"
    services: list[Service] = field(default_factory=list)
    toll_free: list[TollFree] = field(default_factory=list)
    trust_products: list[TrustProduct] = field(default_factory=list)
    rcs_senders: list[str] = field(default_factory=list)
    calls_to: dict[str, Dialling] = field(default_factory=lambda: {"US": Dialling()})
    texts_to: set[str] = field(default_factory=lambda: {"US"})
    unreadable: dict[str, int] = field(default_factory=dict)
    """The HTTP status with which whatever begins with this path is refused."""
    unchangeable: dict[str, int] = field(default_factory=dict)
    """The same of changes alone: it can still be read."""

    def service_of(self, number: str) -> Service | None:
        """The messaging service to which a number belongs; it can be in one only."""
        return next((one for one in self.services if number in one.numbers), None)

    def text_address(self, number: str, own: str) -> str:
        """Where a text to `number` is posted, whose own address is `own`."""
        service = self.service_of(number)
        if service is None or service.use_inbound_webhook_on_number:
            return own
        return service.inbound_request_url
