"""How late the clock was: from when something was due until it was done, counted in buckets since the beginning.

Kept among the tallies, so that every process tells the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from hotline.store.database import Tx
from hotline.store.upkeep import tallies

BOUNDS: Final = tuple(timedelta(seconds=seconds) for seconds in (0.5, 1, 1.5, 2, 5, 15, 60))
PREFIX: Final = "lateness "
"""How the names of these tallies begin."""
_MORE, _TOTAL = "more", "ms"


def add(tx: Tx, late: Iterable[timedelta]) -> None:
    """Count what was done so late."""
    counted: Counter[str] = Counter()
    total = 0
    for one in late:
        counted[next((str(bound.total_seconds()) for bound in BOUNDS if one <= bound), _MORE)] += 1
        total += max(0, round(one.total_seconds() * 1000))
    if not counted:
        return
    for name, times in sorted(counted.items()):
        tallies.count(tx, f"{PREFIX}{name}", times)
    tallies.count(tx, f"{PREFIX}{_TOTAL}", total)


def buckets(every: dict[str, int]) -> tuple[list[tuple[str, int]], float]:
    """Of all tallies: how many were done within each bound (cumulative, the last one is `+Inf`), and the seconds of
    all together."""
    found: list[tuple[str, int]] = []
    within = 0
    for bound in BOUNDS:
        name = str(bound.total_seconds())
        within += every.get(f"{PREFIX}{name}", 0)
        found.append((name, within))
    found.append(("+Inf", within + every.get(f"{PREFIX}{_MORE}", 0)))
    return found, every.get(f"{PREFIX}{_TOTAL}", 0) / 1000
