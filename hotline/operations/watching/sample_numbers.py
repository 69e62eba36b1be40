"""What only examples have, numbers above all, and what to say when a hotline is about to run with it.

Nobody can call them and they ring nowhere; yet everything looks well with them, until somebody calls in earnest.
"""

import re
from collections.abc import Iterator
from typing import Final

from hotline.model import PhoneNumber
from hotline.settings.load import Settings
from hotline.store.database import Tx
from hotline.store.people import staff
from hotline.worded import worded

_SAMPLE: Final = re.compile(
    r"""
    \+1 (?: 8(?:00|33|44|55|66|77|88) 55501   # toll-free: the exchange is in use, but for 01xx
          | (?!8(?:00|33|44|55|66|77|88)) [2-9]\d\d 555 ) .*  # 555 is given to no subscriber
    | \+44 (?: 7700900 | 20 79460 | 808 1570 ) .*  # the United Kingdom's own
    """,
    re.VERBOSE,
)
"""North America: NANPA's 555 line numbers, given up in 2016 but for directory assistance. United Kingdom: Ofcom's
numbers for drama use."""
ACCOUNT: Final = "AC" + "0" * 32
TOKEN: Final = "put-the-token-of-your-account-here"  # noqa: S105 - it is nobody's
ADDRESS: Final = re.compile(r"https?://(?:[^/]+\.)?example\.(?:com|org|net)(?:[:/].*)?")
"""Addresses that are set aside for examples."""
TWILIO: Final = "https://api.twilio.com"


def is_sample(number: PhoneNumber) -> bool:
    """Whether this is a number of films and examples, which belongs to nobody."""
    return _SAMPLE.fullmatch(number.e164) is not None


def warnings(settings: Settings, tx: Tx) -> tuple[str, ...]:
    """What to tell whoever has a hotline on a real account; nothing where the carrier is a pretended one.

    No number of staff is shown. Raises StoreError.
    """
    return tuple(_found(settings, tx)) if settings.twilio_api_base_url == TWILIO else ()


def _found(settings: Settings, tx: Tx) -> Iterator[str]:
    yield from in_settings(settings)
    unreal = sum(is_sample(member.phone) for member in staff.active(tx))
    if unreal:
        yield (
            f"staff: {unreal} of the phones are numbers of films and examples, which ring nowhere: "
            "`hotline staff list` shows them, `hotline staff phone` changes one."
        )


def in_settings(settings: Settings) -> Iterator[str]:
    """The same of settings alone; nothing where the carrier is a pretended one."""
    if settings.twilio_api_base_url != TWILIO:
        return
    yield from _environment(settings)
    line = settings.centre.line
    if any(is_sample(number) for number in line.numbers):
        yield worded(
            "[line] numbers: a number of films and examples is among them, which nobody can call: "
            "write the numbers of your account."
        )
    if is_sample(line.failsafe_number):
        yield worded(
            "[line] failsafe_number is one of films and examples, which rings nowhere: write a phone "
            "that somebody answers at any hour."
        )


def _environment(settings: Settings) -> Iterator[str]:
    if settings.twilio_account_sid == ACCOUNT:
        yield worded("TWILIO_ACCOUNT_SID is the example's, which is nobody's account: write yours.")
    if settings.twilio_auth_token.get_secret_value() == TOKEN:
        yield worded(
            "TWILIO_AUTH_TOKEN is the example's, so that no request of Twilio's counts: write your account's."
        )
    if ADDRESS.fullmatch(settings.public_base_url):
        yield worded(
            "PUBLIC_BASE_URL is an example's: write the address at which Twilio reaches this machine."
        )
