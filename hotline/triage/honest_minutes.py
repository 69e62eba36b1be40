"""What may honestly be said of the wait: how long those waited who were answered lately, and rather more than less."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

FEWEST: Final = 5
"""Of fewer answers nothing can be said; ours."""
LONGEST: Final = 60
"""Minutes; past an hour nobody is helped by a number."""
_MINUTE: Final = timedelta(minutes=1)


def honest_minutes(waits: Sequence[timedelta]) -> int | None:
    """Within how many whole minutes four in five of these were answered: 1 to 60; None if there are too few.

    The 80th percentile by nearest rank, rounded up: at most one caller in five has waited longer than is said.
    """
    if len(waits) < FEWEST:
        return None
    rank = -(-len(waits) * 4 // 5)
    pessimistic = sorted(waits)[rank - 1]
    return min(LONGEST, max(1, -(-pessimistic // _MINUTE)))
