"""How long something may take, as a person writes it in a settings file: ``"60s"``, ``"15m"``, ``"1h"``."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_WRITTEN = re.compile(r"(?P<amount>\d{1,6}(?:\.\d{1,3})?)(?P<unit>[smhd])")
_EXPECTED = 'must be a number and a unit in quotes, such as "60s", "15m", "1h" or "1d"'


def parse_duration(written: object) -> timedelta:
    """Read ``"60s"``, ``"2.5m"``, ``"1h"`` or ``"1d"``; ValueError says the right form."""
    if isinstance(written, timedelta):
        return written
    found = _WRITTEN.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        raise ValueError(_EXPECTED)
    return timedelta(**{_UNITS[found["unit"]]: float(found["amount"])})


def _is_positive(duration: timedelta) -> timedelta:
    if duration <= timedelta(0):
        raise ValueError("must be longer than nothing")
    return duration


Pause = Annotated[timedelta, BeforeValidator(parse_duration)]
"""A duration that may be ``"0s"``, which switches the waiting off."""

Duration = Annotated[timedelta, BeforeValidator(parse_duration), AfterValidator(_is_positive)]
"""A duration longer than nothing."""
