"""A centre's settings, and a pretended account at the carrier beside them: as it should be, for tests to spoil."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from requests import Session

from hotline.operations.checkup.account_seen import AccountSeen
from hotline.operations.checkup.finding import Finding, Severity
from hotline.operations.checkup.number_wanted import WantedPointing
from hotline.prompts import Prompts
from hotline.runtime.wiring import open_application
from hotline.settings.load import Settings, load_settings
from hotline.simulator import HandClock, Simulator, WsgiAdapter, WsgiWeb, rest_app
from hotline.simulator.papers import SHAKEN, Campaign, Service, TrustProduct
from hotline.telephony.rest.account_reading import AccountReader
from hotline.telephony.rest.pointing import wanted
from hotline.telephony.twiml.twiml_bin import Whose, twiml_bin
from tests.settings.examples import good_environment

LINE = "+16174960100"
PAGING = "+16174960111"
BINS = {which: f"https://handler.twilio.com/twiml/EH{number:032x}" for number, which in enumerate(Whose)}
CENTRE = f"""
[line]
name = "Care Line"
numbers = ["{LINE}"]
paging_number = "{PAGING}"
failsafe_number = "+16174960199"
[carrier]
calls_fallback = "{BINS[Whose.CALLS]}"
called_fallback = "{BINS[Whose.CALLED]}"
staff_fallback = "{BINS[Whose.STAFF]}"
"""


@dataclass
class Account:
    """The settings, and what the carrier has."""

    settings: Settings
    prompts: Prompts
    clock: HandClock
    sim: Simulator
    session: Session

    @property
    def wanted(self) -> WantedPointing:
        """How numbers are to be pointed."""
        return wanted(self.settings, self.prompts)

    def read(self) -> AccountSeen:
        """What the carrier says of it."""
        bins = tuple(one.address for one in self.wanted.bins)
        return AccountReader(self.settings, self.session).read(self.clock, bins)


def open_account(home: Path, centre: str = CENTRE, **changes: str) -> Account:
    """Everything as it should be, whatever the numbers in `centre`."""
    home.mkdir(exist_ok=True)
    config = home / "hotline.toml"
    config.write_text(centre, encoding="utf-8")
    settings = load_settings(good_environment(home, HOTLINE_CONFIG=str(config), **changes))
    opened = open_application(settings, resident=False)
    opened.application.database.dispose()
    clock = HandClock(datetime(2026, 3, 2, 18, 0, 0, 400_000, tzinfo=UTC))
    token = settings.twilio_auth_token.get_secret_value()
    sim = Simulator(settings.twilio_account_sid, token, clock, WsgiWeb(_nobody))
    session = Session()
    session.mount("https://", WsgiAdapter(rest_app(sim)))
    account = Account(settings, opened.application.prompts, clock, sim, session)
    _in_order(account)
    return account


def _nobody(environ: object, start_response: object) -> Sequence[bytes]:
    raise AssertionError("nothing is asked of us here")


def _in_order(account: Account) -> None:
    fields = account.wanted.pointed
    numbers = [one.e164 for one in account.settings.centre.line.own]
    for number in numbers:
        owned = account.sim.number(number)
        for name, value in fields.items():
            setattr(owned, name, value)
    papers = account.sim.kernel.papers
    papers.services = [Service("Line", numbers, campaign=Campaign())]
    papers.trust_products = [TrustProduct(SHAKEN, "Signed calls", list(numbers))]
    for whose, address in BINS.items():
        account.sim.bin(address, twiml_bin(account.prompts, account.settings.centre, whose))


def bad(found: Sequence[Finding]) -> set[str]:
    """The keys of what is not good."""
    return {one.key for one in found if one.severity is not Severity.GOOD}
