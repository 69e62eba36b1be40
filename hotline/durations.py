"""How long something takes: as a person writes it in a file or on a command line ("60s", "2.5m", "1h", "1d"), and as it
is told to people, the same on a page and on a telephone ("4 minutes")."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Final

from hotline.worded import joined, worded, worded_many

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_WRITTEN: Final = re.compile(r"(\d{1,14}(?:\.\d{1,6})?)([smhd])", re.ASCII)
_MICROSECOND: Final = timedelta(microseconds=1)
_MINUTE: Final = timedelta(minutes=1)


def parse_duration(written: object) -> timedelta:
    """What was written, to the microsecond. Raises ValueError, which says the right form."""
    if isinstance(written, timedelta):
        return written
    found = _WRITTEN.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        raise ValueError('must be a number and a unit in quotes, such as "60s", "15m", "1h" or "1d"')
    try:
        return timedelta(microseconds=int(Decimal(found[1]) * _SECONDS[found[2]] * 1_000_000))
    except OverflowError:
        raise ValueError("is too long") from None


def short_duration(duration: timedelta) -> str:
    """The same in the largest unit that it is a whole number of."""
    for unit, seconds in reversed(_SECONDS.items()):
        whole, rest = divmod(duration, timedelta(seconds=seconds))
        if whole and not rest:
            return f"{whole}{unit}"
    return written_duration(duration)


def written_duration(duration: timedelta) -> str:
    """The same the other way round, in seconds."""
    return f"{Decimal(duration // _MICROSECOND) / 1_000_000:f}s"


def told_duration(duration: timedelta, *, ahead: bool = False) -> str:
    """How long that is, as one says it: "4 minutes". Whole minutes that are over; of what is `ahead`, those begun."""
    minutes = -(-duration // _MINUTE) if ahead else duration // _MINUTE
    if minutes < 1:
        return worded("less than a minute")
    if minutes < 60:
        return _minutes(minutes)
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return joined((worded_many("%(num)s hour", "%(num)s hours", hours), _minutes(rest) if rest else ""))
    return worded_many("%(num)s day", "%(num)s days", hours // 24)


def _minutes(number: int) -> str:
    return worded_many("%(num)s minute", "%(num)s minutes", number)
