"""Public holidays of a country or a state, by the `holidays` library's names: "US-MA", "US", "BR-SP"."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays


@lru_cache(maxsize=64)
def check_place(place: str) -> None:
    """Raises ValueError, in an operator's words, for a place whose holidays nobody knows."""
    country, _, state = place.partition("-")
    known = holidays.list_supported_countries()
    if country not in known:
        raise ValueError(
            f'holidays: {place!r} is not known; write a country such as "US", or a state such as "US-MA"'
        )
    if state and state not in known[country]:
        raise ValueError(f"holidays: {country} has no {state!r}; use one of {', '.join(known[country])}")


@lru_cache(maxsize=512)
def of_year(place: str, year: int) -> frozenset[date]:
    """The holidays of this place in this year."""
    country, _, state = place.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=state or None, years=year))
