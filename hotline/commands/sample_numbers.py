"""Numbers that were set aside for films and examples, and what to say when a hotline is about to run with them.

Nobody can call them and they ring nowhere; yet everything looks well with them, until somebody calls in earnest.
"""

import re
from collections.abc import Iterator
from typing import Final

from hotline.model import PhoneNumber
from hotline.settings.load import Settings
from hotline.store.database import Database
from hotline.store.people import staff

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
TWILIO: Final = "https://api.twilio.com"


def is_sample(number: PhoneNumber) -> bool:
    """Whether this is a number of films and examples, which belongs to nobody."""
    return _SAMPLE.fullmatch(number.e164) is not None


def warnings(settings: Settings, database: Database) -> tuple[str, ...]:
    """What to tell whoever starts a hotline on a real account; nothing where the carrier is a pretended one.

    No number of staff is shown. Raises StoreError.
    """
    return tuple(_found(settings, database)) if settings.twilio_api_base_url == TWILIO else ()


def _found(settings: Settings, database: Database) -> Iterator[str]:
    line = settings.centre.line
    if any(is_sample(number) for number in line.numbers):
        yield (
            "[line] numbers: a number of films and examples is among them, which nobody can call: "
            "write the numbers of your account."
        )
    if is_sample(line.failsafe_number):
        yield (
            "[line] failsafe_number is one of films and examples, which rings nowhere: write a phone "
            "that somebody answers at any hour."
        )
    with database.read() as tx:
        unreal = [member.name for member in staff.active(tx) if is_sample(member.phone)]
    if unreal:
        yield (
            f"staff: {len(unreal)} of the phones are numbers of films and examples, which ring nowhere: "
            "`hotline staff list` shows them, `hotline staff phone` changes one."
        )
