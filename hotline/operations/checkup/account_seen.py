"""What the carrier says of our account, as far as it answered: data that the carrier's edge fills in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class NotSeen:
    """It could not be read."""

    why: str
    """An HTTP status, or the name of what broke."""


@dataclass(frozen=True, slots=True)
class NumberSeen:
    """One number of the account's."""

    sid: str
    number: str
    """E.164."""
    pointed: Mapping[str, str]
    """Where its calls and texts go, by the carrier's own names of the fields; "" for none."""
    speaks: bool = True
    texts: bool = True
    names_callers: bool = False
    """Each caller's name is looked up elsewhere."""


@dataclass(frozen=True, slots=True)
class ServiceSeen:
    """A messaging service: a group of senders, perhaps with a registered campaign."""

    sid: str
    name: str
    numbers: frozenset[str]
    """E.164."""
    asks_number: bool
    """Texts go where the number points; else where the service does."""
    address: str
    campaigns: tuple[CampaignSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class CampaignSeen:
    """What was registered for texts from local numbers in the United States."""

    status: str
    """As the carrier spells it: "VERIFIED"."""
    why: str = ""
    """Why it failed, if it did."""


@dataclass(frozen=True, slots=True)
class TollFreeSeen:
    """How far the verification of a toll-free number is."""

    status: str
    why: str = ""
    privacy: bool = False
    terms: bool = False
    """Pages of ours that the carrier was told of."""


@dataclass(frozen=True, slots=True)
class TrustSeen:
    """Something by which networks trust our calls, or show a name with them."""

    policy: str
    status: str
    numbers: frozenset[str]
    """SIDs of numbers."""


@dataclass(frozen=True, slots=True)
class DiallingSeen:
    """Which numbers of a country may be called."""

    low_risk: bool
    high_risk: bool


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """All of it; a part that did not answer says why."""

    status: str | NotSeen
    kind: str = "Full"
    ahead: timedelta | None = None
    """How far the carrier's clock is before ours, to the second."""
    numbers: tuple[NumberSeen, ...] | NotSeen = ()
    services: tuple[ServiceSeen, ...] | NotSeen = ()
    toll_free: Mapping[str, TollFreeSeen] | NotSeen = field(default_factory=dict)
    """By number; those of ours that are toll-free and were submitted."""
    trust: tuple[TrustSeen, ...] | NotSeen = ()
    rcs: int | NotSeen = 0
    """Senders of richer messages, which show a name."""
    calls_to: Mapping[str, DiallingSeen] | NotSeen = field(default_factory=dict)
    """By country; those that may be called at all."""
    texts_to: frozenset[str] | NotSeen = frozenset()
    longest_wait: timedelta | NotSeen | None = None
    """How long the one of the last calls waited for its turn that waited longest; None without any."""
    bins: Mapping[str, str | NotSeen] = field(default_factory=dict)
    """What the TwiML Bins say that we were told of, by address."""

    @property
    def answered(self) -> bool:
        """Whether the carrier spoke to us at all."""
        return not isinstance(self.status, NotSeen)
