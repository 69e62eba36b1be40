"""How long something may take, as a person writes it in a file or on a command line: "60s", "2.5m", "1h", "1d"."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Final

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_WRITTEN: Final = re.compile(r"(\d{1,14}(?:\.\d{1,6})?)([smhd])", re.ASCII)
_MICROSECOND: Final = timedelta(microseconds=1)


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


def written_duration(duration: timedelta) -> str:
    """The same the other way round, in seconds."""
    return f"{Decimal(duration // _MICROSECOND) / 1_000_000:f}s"
