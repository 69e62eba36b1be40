"""What every part of the engine shares: one lock, one clock, one agenda, one ledger."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hotline.simulator.agenda import Act, Agenda, Appointment
from hotline.simulator.asking.web import Web
from hotline.simulator.carrier_faults import Faults
from hotline.simulator.history import Ledger, Violation
from hotline.simulator.papers import Papers

API_VERSION = "2010-04-01"


@dataclass
class AccountNumber:
    """A number that the account owns, and where its calls and texts go."""

    number: str
    voice_url: str = ""
    voice_fallback_url: str = ""
    status_callback: str = ""
    sms_url: str = ""
    sms_fallback_url: str = ""
    voice_method: str = "POST"
    voice_fallback_method: str = "POST"
    status_callback_method: str = "POST"
    sms_method: str = "POST"
    sms_fallback_method: str = "POST"
    voice_application_sid: str = ""
    sms_application_sid: str = ""
    trunk_sid: str = ""
    voice_caller_id_lookup: bool = False
    speaks: bool = True
    texts: bool = True
    sid: str = field(default_factory=lambda: new_sid("PN"))


@dataclass(frozen=True)
class Recording:
    """What a recorded prompt says, and for how many seconds."""

    words: str
    seconds: float


def new_sid(prefix: str) -> str:
    """A name that was never used before: Twilio's two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


class Kernel:
    """State is read and changed with `lock` held; no webhook is ever posted while it is held."""

    def __init__(self, account_sid: str, auth_token: str, clock: Callable[[], datetime], web: Web) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.web = web
        self.lock = threading.RLock()
        self.agenda = Agenda()
        self.faults = Faults()
        self.ledger = Ledger()
        self.numbers: dict[str, AccountNumber] = {}
        self.papers = Papers()
        self.bins: dict[str, str] = {}
        self.recordings: dict[str, Recording] = {}
        self.extra_parameters: Mapping[str, str] = {}
        self._clock = clock
        self._moment: datetime | None = None

    def now(self) -> datetime:
        """The time of the event that is running, else the clock's; always aware."""
        return self._moment or self._clock()

    @contextmanager
    def moment(self, at: datetime | None) -> Iterator[None]:
        """Within it, `now()` is `at`: an event run late still happens at its own time."""
        before, self._moment = self._moment, at
        try:
            yield
        finally:
            self._moment = before

    def after(self, seconds: float, act: Act) -> Appointment:
        """Run `act` so many seconds from now."""
        return self.agenda.at(self.now() + timedelta(seconds=seconds), act)

    def violation(self, sid: str, where: str, what: str) -> None:
        """Write down that the application broke a rule."""
        self.ledger.violations.append(Violation(self.now(), sid, where, what))
